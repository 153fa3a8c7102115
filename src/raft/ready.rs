//! What Raft wants done, in the order in which it must be done: persist, then send, then apply.
//!
//! A [`Ready`] splits into [`Writes`], which are open, and [`Held`], which is closed. Only the
//! durable writes' receipt, [`Raft::persisted`](super::Raft::persisted), opens it and gives out
//! the [`Outbox`]. So a vote or an acknowledgement cannot leave before what it promises is safe.

use super::Entry;
use super::log::Log;
use super::message::Message;
use super::read::ReadId;
use crate::base::{Index, ServerId, Term};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// What a server must remember of elections, so that it never votes twice in a term (paper,
/// figure 2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HardState {
    /// The latest term that it has seen.
    pub term: Term,
    /// Whom it has voted for in that term.
    pub vote: Option<ServerId>,
}

/// Something to do. It must be done whole, and Readys in the order in which they were taken.
#[derive(Clone, Debug)]
#[must_use = "what a Ready holds back never leaves unless its writes are persisted"]
pub struct Ready<E> {
    /// What to persist first.
    pub writes: Writes<E>,
    pub(super) held: Held<E>,
}

impl<E> Ready<E> {
    /// The writes, and what waits for them.
    pub fn into_parts(self) -> (Writes<E>, Held<E>) {
        (self.writes, self.held)
    }
}

/// What to persist, in this order: the hard state, then the truncation, then the new entries.
///
/// A crash may keep any first part of them. That is safe, since nothing that depends on them has
/// left yet, and since a term is durable before entries of that term are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Writes<E> {
    /// The new term and vote, if they changed.
    pub hard_state: Option<HardState>,
    /// From here on the disk's entries are void.
    pub truncate_from: Option<Index>,
    /// New entries, one behind the other. The first follows directly on what the disk then holds.
    pub append: Vec<(Index, E)>,
}

impl<E> Writes<E> {
    /// True if there is nothing to persist; then the Ready counts as persisted as soon as all
    /// earlier ones are.
    pub fn is_empty(&self) -> bool {
        self.hard_state.is_none() && self.truncate_from.is_none() && self.append.is_empty()
    }
}

/// What must not leave before the writes that it came with are durable.
#[derive(Clone, Debug)]
#[must_use = "give it to `Raft::persisted` once its writes are durable"]
pub struct Held<E> {
    pub(super) number: u64,
    pub(super) messages: Vec<(ServerId, Message<E>)>,
}

/// What may happen now: send, then apply, then answer reads.
#[derive(Clone, Debug)]
#[must_use = "each of these is given out once"]
pub struct Outbox<E> {
    /// Messages to send, and to whom.
    pub messages: Vec<(ServerId, Message<E>)>,
    /// Entries to apply: committed, durable here, in order, each once.
    pub committed: Vec<(Index, E)>,
    /// Reads to answer from the state as of at least this index, which is applied by then.
    pub reads: Vec<(ReadId, Index)>,
    /// Reads that will not be answered, because this server is leader no more.
    pub aborted_reads: Vec<ReadId>,
}

/// Keeps account of what the disk has, and of what it has been given.
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

    /// What the disk has not been given yet.
    pub fn unwritten<E: Entry>(&self, hard_state: HardState, log: &Log<E>) -> Writes<E> {
        let entries = log.between(self.given_last_index, log.last_index());
        let first = self.given_last_index.0 + 1;
        let indexed = entries.iter().cloned().zip(first..).map(|(entry, at)| (Index(at), entry));
        Writes {
            hard_state: (hard_state != self.given_hard_state).then_some(hard_state),
            truncate_from: self.truncate_from,
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
            let log = Log::new(vec![TermOnly(Term(1)); 3]);
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
            let writes = self.durability.unwritten(self.hard_state, &self.log);
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
}
