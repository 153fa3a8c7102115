//! What Raft wants done, in the order in which it must be done: persist, then send, then apply.
//!
//! A [`Ready`] splits into [`Writes`], which are open, and [`Held`], which is closed. Only the
//! durable writes' receipt, [`Raft::persisted`](super::Raft::persisted), opens it and gives out
//! the [`Outbox`]. So a vote or an acknowledgement cannot leave before what it promises is safe.

use super::message::Message;
use super::read::ReadId;
use super::snapshot::Snapshot;
use crate::base::{Index, ServerId, Term};
use serde::{Deserialize, Serialize};

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

/// What to persist, in the order of the fields.
///
/// A crash may keep any first part of them, down to the single removal of an entry if what is
/// truncated goes from the end downwards. That is safe, since nothing that depends on them has
/// left yet; since a term is durable before entries of that term are; and since what contradicts
/// a snapshot is gone before the snapshot is there, so that what stands above a snapshot always
/// follows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Writes<E> {
    /// The new term and vote, if they changed.
    pub hard_state: Option<HardState>,
    /// From here on the disk's entries are void.
    pub truncate_from: Option<Index>,
    /// The new snapshot. It replaces the former one, and all entries up to its last. Those above
    /// stay. They may be removed later, or after a crash: nobody needs them, and nobody is hurt.
    pub snapshot: Option<Snapshot>,
    /// New entries, one behind the other. The first follows directly on what the disk then holds.
    pub append: Vec<(Index, E)>,
}

impl<E> Writes<E> {
    /// True if there is nothing to persist; then the Ready counts as persisted as soon as all
    /// earlier ones are.
    pub fn is_empty(&self) -> bool {
        self.hard_state.is_none()
            && self.truncate_from.is_none()
            && self.snapshot.is_none()
            && self.append.is_empty()
    }
}

/// What must not leave before the writes that it came with are durable.
#[derive(Clone, Debug)]
#[must_use = "give it to `Raft::persisted` once its writes are durable"]
pub struct Held<E> {
    pub(super) number: u64,
    pub(super) messages: Vec<(ServerId, Message<E>)>,
}

/// What may happen now: send, then restore, then apply, then answer reads.
#[derive(Clone, Debug)]
#[must_use = "each of these is given out once"]
pub struct Outbox<E> {
    /// Messages to send, and to whom.
    pub messages: Vec<(ServerId, Message<E>)>,
    /// A leader's snapshot, durable here by now: the state machine begins again from it.
    pub snapshot: Option<Snapshot>,
    /// Entries to apply: committed, durable here, in order, each once.
    pub committed: Vec<(Index, E)>,
    /// Reads to answer from the state as of at least this index, which is applied by then.
    pub reads: Vec<(ReadId, Index)>,
    /// Reads that will not be answered, because leadership has changed.
    pub aborted_reads: Vec<ReadId>,
}
