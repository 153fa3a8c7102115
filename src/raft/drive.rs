//! The way out of the core: Readys are taken, and what was held back leaves.

use super::ready::{Held, Outbox, Ready};
use super::{Entry, Raft};
use crate::base::{Index, Time};
use std::mem;

impl<E: Entry> Raft<E> {
    /// What is to be done since the last Ready, if anything.
    #[must_use = "what is taken must be done"]
    pub fn take_ready(&mut self) -> Option<Ready<E>> {
        self.lead();
        let writes = self.durability.unwritten(self.hard_state, &self.log);
        let must_release = self.has_something_to_release() && !self.durability.is_waiting();
        if writes.is_empty() && self.messages.is_empty() && !must_release {
            return None;
        }
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
        self.advance_commit();
        let outbox = Outbox {
            messages: held.messages,
            committed: self.release_committed(),
            reads: mem::take(&mut self.confirmed_reads),
            aborted_reads: mem::take(&mut self.aborted_reads),
        };
        let all_seen = outbox.reads.iter().all(|(_, index)| *index <= self.applied);
        assert!(all_seen, "a read's index is durable and committed on the leader that took it");
        self.assert_consistent();
        outbox
    }

    /// Committed entries may be applied once they are durable here too.
    fn release_committed(&mut self) -> Vec<(Index, E)> {
        let first = self.applied.0 + 1;
        let entries = self.log.between(self.applied, self.releasable());
        let committed = entries.iter().cloned().zip(first..);
        let committed: Vec<_> = committed.map(|(entry, index)| (Index(index), entry)).collect();
        self.applied = self.releasable();
        committed
    }

    /// How far entries may be applied.
    fn releasable(&self) -> Index {
        self.commit.min(self.durable())
    }

    fn has_something_to_release(&self) -> bool {
        self.releasable() > self.applied
            || !self.confirmed_reads.is_empty()
            || !self.aborted_reads.is_empty()
    }
}
