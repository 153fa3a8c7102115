//! Servers and clients as lanes, messages as slanted lines, on a true scale of time.
//!
//! The [`Diagram`] is a compact model: flat lists of what happened on which lane and when, for the
//! stretch of time that is looked at. What it looks like is said once, by a
//! [`Drawing`](super::drawing::Drawing), from which both the page's canvas and the exported SVG are
//! made.

use super::faults::Fault;
use super::lanes::{Buttons, Horizon, Window};
use super::motion::MarkKind;
use crate::base::Time;

/// The most events of a stretch whose messages are drawn. Beyond, only what servers and clients
/// did is.
pub const EVENTS_MAX: usize = 16_000;

/// How many heartbeats a stretch has at most before they are left out, unless somebody asks.
pub const HEARTBEATS_MAX: usize = 160;

/// What somebody looks at in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Watch {
    /// Kinds of messages that are to be shown, or not; the others as it suits.
    pub wished: [Option<bool>; KINDS.len()],
    /// The event whose words are read.
    pub pointed: Option<u64>,
}

/// The kinds of messages that can be left out.
pub const KINDS: [MarkKind; 4] =
    [MarkKind::Client, MarkKind::Append, MarkKind::Heartbeat, MarkKind::Vote];

/// The place of a kind among [`KINDS`].
pub fn place_of(kind: MarkKind) -> usize {
    KINDS.iter().position(|one| *one == kind).unwrap_or(0)
}

/// What is asked of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// To show the messages of a kind, or not.
    Show(MarkKind, bool),
    /// To read what an event says, or nothing.
    Point(Option<u64>),
    /// The same, and to stay where it is seen.
    Read(u64),
}

/// What it shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Diagram {
    /// What there is to look at.
    pub horizon: Horizon,
    /// The stretch that is looked at.
    pub window: Window,
    /// What the buttons beside it can do.
    pub buttons: Buttons,
    /// Who has a lane, from above: servers, then clients.
    pub lanes: Vec<Lane>,
    /// What each server was, stretch by stretch.
    pub bands: Vec<Band>,
    /// When servers were mining.
    pub works: Vec<Work>,
    /// Messages, those that were sent in the window in the order of sending, then those before it.
    pub lines: Vec<Line>,
    /// What servers and clients did, in its order.
    pub marks: Vec<Mark>,
    /// What befell the whole: partitions, losses, elections.
    pub faults: Vec<Fault>,
    /// The kinds of messages that are shown.
    pub shown: [bool; KINDS.len()],
    /// How many messages of each kind there are in the window, shown or not.
    pub counts: [usize; KINDS.len()],
    /// How many events lie in the window.
    pub events: usize,
    /// How many events are no longer in memory.
    pub forgotten: u64,
    /// The event that somebody jumped to.
    pub jumped: Option<u64>,
    /// The event whose words are read.
    pub readout: Option<Readout>,
}

impl Diagram {
    /// True if there are so many events that no messages are drawn.
    pub fn is_crowded(&self) -> bool {
        self.events > EVENTS_MAX
    }

    /// What is not drawn, and why; nothing if all is.
    pub fn left_out(&self) -> Option<String> {
        if self.is_crowded() {
            return Some(format!(
                "{} events, {}: messages are left out. Zoom in to see them.",
                self.events,
                self.window.words()
            ));
        }
        let heartbeats = place_of(MarkKind::Heartbeat);
        let hidden = self.counts[heartbeats];
        (!self.shown[heartbeats] && hidden > 0)
            .then(|| format!("{hidden} heartbeats and answers to them are left out."))
    }

    /// How much there is to see, what is left out, and what is forgotten.
    pub fn summary(&self) -> String {
        let mut says = match self.left_out() {
            None => format!("{} events, {}.", self.events, self.window.words()),
            Some(why) if self.is_crowded() => why,
            Some(why) => format!("{} events, {}. {why}", self.events, self.window.words()),
        };
        if self.forgotten > 0 && self.window.holds(self.horizon.begin) {
            says += &format!(" {} before are no longer in memory.", self.forgotten);
        }
        says + " Point at one to read it."
    }

    /// What the picture is called where it stands alone.
    pub fn name(&self) -> String {
        format!("Space-time diagram, {}, {} events", self.window.words(), self.events)
    }
}

/// Somebody with a line of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    /// Its name.
    pub name: String,
    /// True for a server.
    pub is_server: bool,
}

/// What a server is for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Nobody remembers.
    Unknown,
    /// It follows.
    Follower,
    /// It asks for votes.
    Candidate,
    /// It leads.
    Leader,
    /// It is down.
    Down,
}

/// A stretch in which a server was one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Band {
    /// Whose lane.
    pub lane: u8,
    /// Since when.
    pub from: Time,
    /// Until when.
    pub to: Time,
    /// What it was.
    pub role: Role,
    /// In which term.
    pub term: u64,
    /// True if its process stood still.
    pub paused: bool,
}

/// A stretch in which a server was mining.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Work {
    /// Whose lane.
    pub lane: u8,
    /// Since when.
    pub from: Time,
    /// Until when.
    pub to: Time,
}

/// A message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number.
    pub message: u64,
    /// From whose lane.
    pub from: u8,
    /// To whose lane.
    pub to: u8,
    /// When it was sent.
    pub sent: Time,
    /// When it arrived, got lost, or is going to arrive.
    pub ends: Time,
    /// What became of it.
    pub fate: Fate,
    /// What it carries.
    pub kind: MarkKind,
    /// True for an answer, which is drawn hollow.
    pub reply: bool,
    /// The event of its sending, or of its being made by the channel.
    pub event: u64,
    /// The event of its arrival or its loss; its sending's if neither has come.
    pub end_event: u64,
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It arrived.
    Arrived,
    /// It got lost so many thousandths of the way along.
    Lost(u16),
    /// It is on its way at the moment that is looked at.
    Flying,
    /// Nobody looks so far.
    Beyond,
}

/// Something that a server or a client did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// On whose lane.
    pub lane: u8,
    /// When.
    pub at: Time,
    /// What.
    pub kind: Deed,
    /// The event.
    pub event: u64,
}

/// What can be done on a lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deed {
    /// A server stands for election.
    Stood,
    /// A server gave its vote.
    Voted,
    /// A server was elected.
    Elected,
    /// A server found a nonce.
    Mined,
    /// A server appended a block.
    Appended,
    /// A server knows more blocks as committed.
    Committed,
    /// A server dropped blocks, or refused one.
    Undone,
    /// A server crashed or stopped.
    Crashed,
    /// A server came back.
    Recovered,
    /// A client asks something.
    Asked,
    /// A client asks again.
    AskedAgain,
    /// A client is answered.
    Answered,
    /// A promise is broken.
    Violated,
}

impl Deed {
    /// Those of the legend, in its order.
    pub const ALL: [Self; 13] = [
        Self::Stood,
        Self::Voted,
        Self::Elected,
        Self::Mined,
        Self::Appended,
        Self::Committed,
        Self::Undone,
        Self::Crashed,
        Self::Recovered,
        Self::Asked,
        Self::AskedAgain,
        Self::Answered,
        Self::Violated,
    ];

    /// What the legend says.
    pub fn legend(self) -> &'static str {
        match self {
            Self::Stood => "stands for election",
            Self::Elected => "elected",
            Self::Voted => "votes",
            Self::Mined => "mined",
            Self::Appended => "appended",
            Self::Committed => "committed",
            Self::Undone => "blocks dropped or refused",
            Self::Crashed => "crash",
            Self::Recovered => "recovery",
            Self::Asked => "asks",
            Self::AskedAgain => "asks again",
            Self::Answered => "answered",
            Self::Violated => "promise broken",
        }
    }
}

/// An event in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Readout {
    /// The event.
    pub event: u64,
    /// When.
    pub at: Time,
    /// The time in words.
    pub when: String,
    /// What happened.
    pub what: String,
    /// Of a message, what is known of its way: `arrived 18.2 ms later`.
    pub way: Option<String>,
}
