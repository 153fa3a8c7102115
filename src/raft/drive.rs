//! The way out of the core: Readys are taken, and what was held back leaves.

use super::read::ReadId;
use super::ready::{Held, Outbox, Ready};
use super::snapshot::Snapshot;
use super::{Entry, Raft};
use crate::base::{Index, Time};
use std::mem;

impl<E: Entry> Raft<E> {
    /// What is to be done since the last Ready, if anything.
    #[must_use = "what is taken must be done"]
    pub fn take_ready(&mut self) -> Option<Ready<E>> {
        self.lead();
        let is_unwritten = self.durability.has_unwritten(self.hard_state, self.last_index());
        let must_release = self.has_something_to_release() && !self.durability.is_waiting();
        if !is_unwritten && self.messages.is_empty() && !must_release {
            return None;
        }
        let snapshot = self.snapshot.as_ref();
        let writes = self.durability.unwritten(self.hard_state, snapshot, &self.log);
        let number = self.durability.give(self.hard_state, self.last_index());
        let messages = mem::take(&mut self.messages);
        Some(Ready { writes, held: Held { number, messages } })
    }

    /// The writes that `held` came with are durable, and those of all Readys before it. Gives
    /// out what waited for that. A Ready may follow from it: ask again.
    ///
    /// # Panics
    /// If Readys are reported out of order, or twice.
    pub fn persisted(&mut self, held: Held<E>, now: Time) -> Outbox<E> {
        self.durability.persisted(held.number);
        self.count_own_vote(now);
        self.advance_commit(now);
        let outbox = Outbox {
            messages: held.messages,
            snapshot: self.release_snapshot(),
            committed: self.release_committed(),
            reads: self.release_reads(),
            aborted_reads: mem::take(&mut self.aborted_reads),
        };
        self.assert_consistent();
        outbox
    }

    /// A leader's snapshot may be restored once it is durable here.
    fn release_snapshot(&mut self) -> Option<Snapshot> {
        let base = self.log.base().index;
        if base <= self.applied || self.durable() < base {
            return None;
        }
        self.applied = base;
        self.snapshot.clone()
    }

    /// Committed entries may be applied once they are durable here too.
    fn release_committed(&mut self) -> Vec<(Index, E)> {
        let first = self.applied.0 + 1;
        let entries = self.log.between(self.applied, self.releasable());
        let committed = entries.iter().cloned().zip(first..);
        let committed: Vec<_> = committed.map(|(entry, index)| (Index(index), entry)).collect();
        self.applied = self.applied.max(self.releasable());
        committed
    }

    /// A confirmed read may be answered once everything that it must see is applied.
    fn release_reads(&mut self) -> Vec<(ReadId, Index)> {
        if self.confirmed_reads.is_empty() {
            return Vec::new();
        }
        let applied = self.applied;
        let ripe = |read: &(ReadId, Index)| read.1 <= applied;
        let (reads, early) = mem::take(&mut self.confirmed_reads).into_iter().partition(ripe);
        self.confirmed_reads = early;
        reads
    }

    /// How far entries may be applied.
    fn releasable(&self) -> Index {
        self.commit.min(self.durable())
    }

    fn has_something_to_release(&self) -> bool {
        self.releasable() > self.applied
            || self.confirmed_reads.iter().any(|(_, index)| *index <= self.applied)
            || !self.aborted_reads.is_empty()
    }
}
