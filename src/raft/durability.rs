//! Keeps account of what the disk has, and of what it has been given.

use super::Entry;
use super::log::{Log, Position};
use super::ready::{HardState, Writes};
use super::snapshot::Snapshot;
use crate::base::Index;
use std::collections::VecDeque;

/// What the disk has, and what it has been given.
#[derive(Clone, Debug)]
pub(super) struct Durability {
    /// What is durable.
    hard_state: HardState,
    last_index: Index,
    /// What is durable once all outstanding Readys are.
    given_hard_state: HardState,
    given_last_index: Index,
    /// The lowest index truncated since the last Ready, if the disk was given an entry there.
    truncate_from: Option<Index>,
    /// The snapshot has changed since the last Ready.
    snapshot_is_new: bool,
    /// Readys taken and not persisted yet, the oldest first.
    outstanding: VecDeque<Outstanding>,
    next_number: u64,
}

/// A Ready that was taken and is not persisted yet.
#[derive(Clone, Copy, Debug)]
struct Outstanding {
    number: u64,
    hard_state: HardState,
    /// How far the log in memory is durable once this Ready is. A later truncation lowers it:
    /// entries written behind it are not those that the log has there now.
    last_index: Index,
}

impl Durability {
    /// All of `hard_state` and the log up to `last_index` is on the disk.
    pub fn new(hard_state: HardState, last_index: Index) -> Self {
        Self {
            hard_state,
            last_index,
            given_hard_state: hard_state,
            given_last_index: last_index,
            truncate_from: None,
            snapshot_is_new: false,
            outstanding: VecDeque::new(),
            next_number: 0,
        }
    }

    /// The durable term and vote.
    pub fn hard_state(&self) -> HardState {
        self.hard_state
    }

    /// The last entry of the log in memory that is durable with all before it.
    pub fn last_index(&self) -> Index {
        self.last_index
    }

    /// True if some Ready is not persisted yet.
    pub fn is_waiting(&self) -> bool {
        !self.outstanding.is_empty()
    }

    /// The log in memory lost the entry at `from` and all after it.
    pub fn truncated(&mut self, from: Index) {
        let kept = from.previous().expect("there is no entry at index 0");
        self.last_index = self.last_index.min(kept);
        for ready in &mut self.outstanding {
            ready.last_index = ready.last_index.min(kept);
        }
        if from <= self.given_last_index {
            self.given_last_index = kept;
            let earlier = self.truncate_from.unwrap_or(from);
            self.truncate_from = Some(earlier.min(from));
        }
    }

    /// The log was compacted to a snapshot of what is durable here anyway.
    pub fn compacted(&mut self) {
        self.snapshot_is_new = true;
    }

    /// The whole log made way for a leader's snapshot that ends at `last`. What the disk has above
    /// what is `applied` says nothing any more, until the snapshot is durable too.
    pub fn restarted_after(&mut self, last: Position, applied: Index) {
        self.last_index = self.last_index.min(applied);
        for ready in &mut self.outstanding {
            ready.last_index = ready.last_index.min(applied);
        }
        self.given_last_index = last.index;
        self.snapshot_is_new = true;
    }

    /// True if there is something that the disk has not been given yet.
    pub fn has_unwritten(&self, hard_state: HardState, last_index: Index) -> bool {
        hard_state != self.given_hard_state
            || last_index != self.given_last_index
            || self.truncate_from.is_some()
            || self.snapshot_is_new
    }

    /// What the disk has not been given yet.
    pub fn unwritten<E: Entry>(
        &self,
        hard_state: HardState,
        snapshot: Option<&Snapshot>,
        log: &Log<E>,
    ) -> Writes<E> {
        let entries = log.between(self.given_last_index, log.last_index());
        let first = self.given_last_index.0 + 1;
        let indexed = entries.iter().cloned().zip(first..).map(|(entry, at)| (Index(at), entry));
        Writes {
            hard_state: (hard_state != self.given_hard_state).then_some(hard_state),
            truncate_from: self.truncate_from,
            snapshot: snapshot.filter(|_| self.snapshot_is_new).cloned(),
            append: indexed.collect(),
        }
    }

    /// Gives the disk everything up to now, as a Ready with the number that is returned.
    pub fn give(&mut self, hard_state: HardState, last_index: Index) -> u64 {
        let number = self.next_number;
        self.next_number += 1;
        self.given_hard_state = hard_state;
        self.given_last_index = last_index;
        self.truncate_from = None;
        self.snapshot_is_new = false;
        self.outstanding.push_back(Outstanding { number, hard_state, last_index });
        number
    }

    /// The Ready with this number is durable.
    ///
    /// # Panics
    /// If an earlier one is not, or this one was reported before.
    pub fn persisted(&mut self, number: u64) {
        let ready = self.outstanding.pop_front().expect("no Ready is outstanding");
        assert!(ready.number == number, "Readys must be persisted in order, each once");
        self.hard_state = ready.hard_state;
        self.last_index = self.last_index.max(ready.last_index);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Term;
    use crate::raft::log::tests::TermOnly;

    /// A log of three entries of term 1, all durable, and a busy disk.
    struct Follower {
        log: Log<TermOnly>,
        durability: Durability,
        hard_state: HardState,
    }

    impl Follower {
        fn new() -> Self {
            let hard_state = HardState { term: Term(1), vote: None };
            let log = Log::new(Position::default(), vec![TermOnly(Term(1)); 3]);
            Self { durability: Durability::new(hard_state, Index(3)), log, hard_state }
        }

        /// Everything from `from` on makes way for entries of `term`.
        fn replace(&mut self, from: u64, term: u64, count: usize) {
            if Index(from) <= self.log.last_index() {
                self.log.truncate(Index(from));
                self.durability.truncated(Index(from));
            }
            for _ in 0..count {
                self.log.push(TermOnly(Term(term)));
            }
        }

        /// What the disk would be told now: from where to truncate, and what to append.
        fn unwritten(&self) -> (Option<u64>, Vec<(u64, u64)>) {
            let writes = self.durability.unwritten(self.hard_state, None, &self.log);
            let append = writes.append.iter().map(|(index, entry)| (index.0, entry.0.0));
            (writes.truncate_from.map(|from| from.0), append.collect())
        }

        fn give(&mut self) -> u64 {
            self.durability.give(self.hard_state, self.log.last_index())
        }
    }

    #[test]
    fn what_was_never_given_needs_no_truncation() {
        let mut follower = Follower::new();
        follower.replace(4, 2, 2);
        follower.replace(5, 3, 1);
        assert_eq!(follower.unwritten(), (None, vec![(4, 2), (5, 3)]));
    }

    #[test]
    fn the_lowest_truncation_since_the_last_ready_counts() {
        let mut follower = Follower::new();
        follower.replace(3, 2, 2);
        follower.replace(2, 3, 3);
        assert_eq!(follower.unwritten(), (Some(2), vec![(2, 3), (3, 3), (4, 3)]));
        follower.replace(4, 4, 1);
        assert_eq!(follower.unwritten(), (Some(2), vec![(2, 3), (3, 3), (4, 4)]));
        follower.give();
        assert_eq!(follower.unwritten(), (None, vec![]));
        follower.replace(4, 5, 1);
        assert_eq!(follower.unwritten(), (Some(4), vec![(4, 5)]));
    }

    #[test]
    fn a_write_counts_for_what_the_log_still_has() {
        let mut follower = Follower::new();
        follower.replace(4, 2, 2);
        let first = follower.give();
        follower.replace(5, 3, 1);
        let second = follower.give();
        assert_eq!(follower.durability.last_index(), Index(3));
        follower.durability.persisted(first);
        assert_eq!(follower.durability.last_index(), Index(4), "5 was replaced meanwhile");
        follower.durability.persisted(second);
        assert_eq!(follower.durability.last_index(), Index(5));
    }

    #[test]
    fn what_is_replaced_is_durable_no_more() {
        let mut follower = Follower::new();
        follower.replace(2, 2, 1);
        assert_eq!(follower.durability.last_index(), Index(1));
    }

    #[test]
    #[should_panic(expected = "in order")]
    fn readys_are_persisted_in_order() {
        let mut follower = Follower::new();
        let _first = follower.give();
        let second = follower.give();
        follower.durability.persisted(second);
    }

    #[test]
    fn nothing_above_what_is_applied_is_durable_until_a_snapshot_is() {
        let mut follower = Follower::new();
        follower.replace(4, 1, 1);
        let first = follower.give();
        let last = Position { term: Term(2), index: Index(9) };
        follower.log.restart_after(last);
        follower.durability.restarted_after(last, Index(1));
        assert_eq!(follower.durability.last_index(), Index(1));
        follower.durability.persisted(first);
        assert_eq!(follower.durability.last_index(), Index(1), "4 was replaced meanwhile");
        let second = follower.give();
        follower.durability.persisted(second);
        assert_eq!(follower.durability.last_index(), Index(9));
    }
}
