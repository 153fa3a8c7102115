//! Reads that see every write acknowledged before them, without a place in the log: ReadIndex
//! (dissertation §6.4).
//!
//! A leader knows what is committed, but it may have been deposed and not know *that*. So a read
//! waits for a round of heartbeats: once a majority has answered messages that were sent after
//! the read came in, no later leader existed when the round began, and the commit index of that
//! moment covers every write acknowledged before it. A new leader must first commit an entry of
//! its own term, since until then its commit index may be behind.
//!
//! Reads that come in while a round is under way wait for the next one together.

use super::message::Round;
use crate::base::Index;
use std::collections::VecDeque;

/// A read's name, chosen by the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReadId(pub u64);

/// A leader's reads that are not confirmed yet.
#[derive(Clone, Debug, Default)]
pub(super) struct Reads {
    /// Those that wait for a round, the oldest first.
    waiting: Vec<ReadId>,
    /// Those that a round under way will confirm, the oldest first.
    in_round: VecDeque<InRound>,
}

/// A read that a round of heartbeats will confirm.
#[derive(Clone, Copy, Debug)]
struct InRound {
    id: ReadId,
    round: Round,
    /// The commit index when the round began: what the read must see.
    index: Index,
}

impl Reads {
    /// A read comes in.
    pub fn push(&mut self, id: ReadId) {
        self.waiting.push(id);
    }

    /// How many are not confirmed yet.
    pub fn len(&self) -> usize {
        self.waiting.len() + self.in_round.len()
    }

    /// True if reads wait and no round is under way that delays the next.
    pub fn want_round(&self) -> bool {
        !self.waiting.is_empty() && self.in_round.is_empty()
    }

    /// A round begins at this commit index: it will confirm all that wait.
    pub fn begin_round(&mut self, round: Round, commit: Index) {
        let reads = self.waiting.drain(..).map(|id| InRound { id, round, index: commit });
        self.in_round.extend(reads);
    }

    /// A majority has answered `round` or later ones: the reads that this confirms.
    pub fn confirm(&mut self, round: Round) -> Vec<(ReadId, Index)> {
        let confirmed = self.in_round.iter().take_while(|read| read.round <= round).count();
        self.in_round.drain(..confirmed).map(|read| (read.id, read.index)).collect()
    }

    /// All that are not confirmed, the oldest first: leadership is lost.
    pub fn abort(self) -> impl Iterator<Item = ReadId> {
        self.in_round.into_iter().map(|read| read.id).chain(self.waiting)
    }
}
