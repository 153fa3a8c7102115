//! What moves on the stage: messages, dials, disks, and how to find a message by a place.

use super::geometry::Point;
use crate::trace::MessageId;

/// What moves, at one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Motion {
    /// Messages in flight.
    pub marks: Vec<Mark>,
    /// Messages in flight that are not drawn because there are too many.
    pub undrawn: usize,
    /// Each server's dial, in the order of the stage.
    pub dials: Vec<Dial>,
    /// Each server's disk, in the order of the stage.
    pub disks: Vec<DiskState>,
}

impl Motion {
    /// The mark nearest to a place, if one is within reach.
    pub fn nearest(&self, at: Point, reach: f64) -> Option<&Mark> {
        let near = self.marks.iter().map(|mark| (mark, mark.at.distance(at)));
        let near = near.filter(|(mark, distance)| mark.is_on_its_way() && *distance <= reach);
        near.min_by(|one, other| one.1.total_cmp(&other.1)).map(|(mark, _)| mark)
    }

    /// Where a message's mark is.
    pub fn mark(&self, message: MessageId) -> Option<&Mark> {
        self.marks.iter().find(|mark| mark.message == message && mark.is_on_its_way())
    }
}

/// What a disk has yet to do.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct DiskState {
    /// Writes that a crash would lose.
    pub unsynced: usize,
    /// How far the pulse of a sync that has just ended is, from 0 to 1; at 1 it is over.
    pub pulse: f64,
}

/// What goes round a server.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Dial {
    /// Nothing.
    Still,
    /// The part of its election timeout that is left, 1 to 0.
    Timer(f64),
    /// Proof of work: attempts so far, and how the hash of the last one begins.
    Mining(u64, u32),
}

/// The most messages in flight that are drawn.
pub const MARKS_MAX: usize = 240;

/// The most crosses for lost messages that are drawn.
pub const LOST_MAX: usize = 40;

/// A message in flight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mark {
    /// Where it is.
    pub at: Point,
    /// What it carries.
    pub kind: MarkKind,
    /// How it is drawn.
    pub manner: Manner,
    /// Which message it is.
    pub message: MessageId,
}

impl Mark {
    /// False for the cross that a lost message leaves.
    fn is_on_its_way(&self) -> bool {
        self.kind != MarkKind::Lost
    }
}

/// How a mark is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Manner {
    /// Solid.
    Request,
    /// Hollow.
    Reply,
    /// Hollow with a bar: an answer that says no.
    Refusal,
}

impl Manner {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Request, Self::Reply, Self::Refusal];
}

/// The kinds of messages, each with a shape and a colour of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MarkKind {
    /// Asking for or giving a vote: a triangle.
    Vote,
    /// A heartbeat: a small disc.
    Heartbeat,
    /// Blocks to append: a square.
    Append,
    /// What clients ask and are answered: a diamond.
    Client,
    /// A message that was lost: a cross.
    Lost,
}

impl MarkKind {
    /// All of them, in the legend's order.
    pub const ALL: [Self; 5] =
        [Self::Vote, Self::Heartbeat, Self::Append, Self::Client, Self::Lost];

    /// The name of its style and of its shape's symbol.
    pub fn class(self) -> &'static str {
        match self {
            Self::Vote => "vote",
            Self::Heartbeat => "heartbeat",
            Self::Append => "append",
            Self::Client => "client",
            Self::Lost => "lost",
        }
    }

    /// What the legend says.
    pub fn legend(self) -> &'static str {
        match self {
            Self::Vote => "vote",
            Self::Heartbeat => "heartbeat",
            Self::Append => "blocks",
            Self::Client => "client",
            Self::Lost => "lost",
        }
    }
}
