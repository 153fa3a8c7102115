//! The figures of one stretch of time.

use super::Histogram;
use crate::base::{MAX_SERVERS, ServerId, Span, Term};
use crate::server::PacketKind;

/// A stretch of time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bucket {
    /// How long transfers took that got a place in the chain, from the client's asking to its
    /// answer.
    pub latency: Histogram,
    /// New requests.
    pub asked: u32,
    /// Transfers that were committed, as their clients heard.
    pub committed: u32,
    /// Transfers that were refused.
    pub refused: u32,
    /// Balances that were told.
    pub read: u32,
    /// The most requests that waited for an answer at a time.
    pub waiting: u32,
    /// The latest term that any server was in.
    pub term: Term,
    /// Who led at the end.
    pub leader: Option<ServerId>,
    /// True if for a while nobody led.
    pub leaderless: bool,
    /// Elections that were won.
    pub elections: u32,
    /// Messages sent, by [`Sort`].
    pub sent: [u32; Sort::ALL.len()],
    /// Messages that did not arrive.
    pub dropped: u32,
    /// Blocks that were mined.
    pub mined: u32,
    /// How long that took, all together.
    pub mining: Span,
    /// How many nonces were tried for them.
    pub attempts: u64,
    /// What each server's disk held at the end, in UTF-16 units.
    pub disk: [u32; MAX_SERVERS as usize],
    /// What was amiss at any time.
    pub trouble: Trouble,
    /// What was amiss at the end.
    pub(super) lasting: Trouble,
}

/// What may be amiss; several things may be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trouble(pub u8);

impl Trouble {
    /// A server is down.
    pub const DOWN: Self = Self(1);
    /// A server stands still.
    pub const PAUSED: Self = Self(2);
    /// The network is divided, or a link is cut.
    pub const CUT: Self = Self(4);
    /// The network or a link is slower or loses more than it was set up to.
    pub const SLOW: Self = Self(8);

    /// True if this is among what is amiss.
    pub fn has(self, what: Self) -> bool {
        self.0 & what.0 != 0
    }
}

/// The sorts of messages that are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// Clients' requests, passed on or not, and their answers.
    Client,
    /// Blocks on their way to followers.
    Block,
    /// Heartbeats.
    Heartbeat,
    /// Followers' answers to both.
    Reply,
    /// Votes and what leads to them.
    Vote,
    /// Snapshots and questions of reads.
    Other,
}

impl Sort {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Client, Self::Block, Self::Heartbeat, Self::Reply, Self::Vote, Self::Other];

    /// Of a kind of message.
    pub fn of(kind: PacketKind) -> Self {
        match kind {
            PacketKind::Request | PacketKind::Relay | PacketKind::Reply => Self::Client,
            PacketKind::Append => Self::Block,
            PacketKind::Heartbeat => Self::Heartbeat,
            PacketKind::AppendReply => Self::Reply,
            PacketKind::VoteRequest
            | PacketKind::VoteReply
            | PacketKind::PreVoteRequest
            | PacketKind::PreVoteReply
            | PacketKind::TimeoutNow => Self::Vote,
            PacketKind::Snapshot
            | PacketKind::SnapshotReply
            | PacketKind::ReadIndex
            | PacketKind::ReadIndexReply => Self::Other,
        }
    }
}

impl Bucket {
    pub(super) fn send(&mut self, kind: PacketKind) {
        self.sent[Sort::of(kind) as usize] += 1;
    }

    /// The one after it, if nothing happens in it.
    pub fn following(&self) -> Self {
        self.next(self.waiting)
    }

    /// The one after it, which begins as this one ends.
    pub(super) fn next(&self, waiting: u32) -> Self {
        Self {
            waiting,
            term: self.term,
            leader: self.leader,
            leaderless: self.leader.is_none(),
            disk: self.disk,
            trouble: self.lasting,
            lasting: self.lasting,
            ..Self::default()
        }
    }

    /// Two that follow each other, as one.
    pub fn both(earlier: &Self, later: &Self) -> Self {
        let mut both = earlier.clone();
        both.add(later);
        both
    }

    /// Takes in the one after it.
    pub fn add(&mut self, later: &Self) {
        self.latency.add_all(&later.latency);
        for (sum, more) in [
            (&mut self.asked, later.asked),
            (&mut self.committed, later.committed),
            (&mut self.refused, later.refused),
            (&mut self.read, later.read),
            (&mut self.elections, later.elections),
            (&mut self.dropped, later.dropped),
            (&mut self.mined, later.mined),
        ] {
            *sum = sum.saturating_add(more);
        }
        self.sent
            .iter_mut()
            .zip(later.sent)
            .for_each(|(sum, more)| *sum = sum.saturating_add(more));
        self.attempts += later.attempts;
        self.mining = self.mining + later.mining;
        self.waiting = self.waiting.max(later.waiting);
        self.term = self.term.max(later.term);
        self.leaderless |= later.leaderless;
        self.trouble.0 |= later.trouble.0;
        (self.leader, self.disk, self.lasting) = (later.leader, later.disk, later.lasting);
    }
}
