//! Linearizability: to its clients the whole cluster looks like one bank that does one thing at a
//! time (Herlihy and Wing, 1990).
//!
//! A [`History`] is what clients saw: what each asked and when, what it was answered and when. It
//! is *linearizable* if its operations can be put into one order so that
//!
//! 1. **it respects real time**: what was answered before something else was asked comes first,
//! 2. **it is legal**: a bank that carries the operations out in that order, one after the other,
//!    gives every answer that was given.
//!
//! A request without an answer may have been carried out or not, whichever suits.
//!
//! # The commit order as witness
//!
//! To look for such an order is hard (the problem is NP-complete), but nobody has to: the chain
//! *is* one for the transfers. So the history comes with its [`Write`]s in commit order, and what
//! is left to find out is whether that order respects real time, and where the balance checks fit
//! in. [`History::check`] does that in O(n log n):
//!
//! - Replay the writes from the opening. Each must be one transfer that was asked for, as it was
//!   asked for, once; if it was answered, then with the outcome that the replay has. A refused
//!   transfer is a write that changes nothing. Each transfer that was answered must be among them.
//! - Sweep over the operations by invocation. Let the *floor* of an operation be the largest
//!   position of all operations that had returned before it was invoked. A write at position `k`
//!   needs `k > floor`. A balance check takes the smallest position `p ≥ floor` at which its
//!   account held the balance that it was answered.
//!
//! # Why that is sound
//!
//! Say that all these checks pass. Order the operations by position; at the same position the
//! write comes first, then the balance checks by invocation. Leave out what has no position:
//! transfers that were neither answered nor committed, and balance checks without an answer.
//!
//! *The order is legal.* The writes stand in it as they were replayed, and each answer is the
//! replay's. Balance checks change nothing, and each stands where its account held its balance.
//!
//! *It respects real time.* Let `a` have returned before `b` was invoked. Then the floor of `b` is
//! at least the position of `a`. If `b` is a write, its position is larger than its floor, so `a`
//! comes first. If `b` is a balance check, its position is at least that of `a`. Where they are
//! equal, either `a` is the write there, or it is a balance check that was invoked earlier: it
//! returned before `b` was invoked. In both cases `a` comes first. ∎
//!
//! So what is accepted is linearizable, whatever the servers did. What is rejected breaks what
//! *this* system promises, which is more: that the commit order itself is the order. (Two
//! concurrent transfers that do not touch might be swapped, and the history might be saved.)
//!
//! Among the orders that keep the writes as they are, nothing is missed: each balance check takes
//! the smallest position that it can, which makes every later floor as low as can be. The upper
//! end of its room, the first write that is invoked after it has returned, needs no search either:
//! that write's own floor rejects it if there was no room.

mod live;
mod witness;

pub(super) use live::Live;
pub use witness::{Objection, Order};

use crate::bank::{self, Outcome, RequestId};
use crate::base::{AccountId, Map};
use crate::trace::EventId;

/// What clients asked and were answered, and the order in which their transfers were committed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// What every account held at the beginning.
    pub opening: Map<AccountId, u64>,
    /// What was asked, in any order. No two have the same name.
    pub operations: Vec<Operation>,
    /// The committed transfers, in commit order: the first is at position 1.
    pub writes: Vec<Write>,
}

/// One request, from its client's view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation {
    /// Its name.
    pub id: RequestId,
    /// What was asked.
    pub asked: bank::Operation,
    /// When: the event at which the client sent it for the first time.
    pub invoked: EventId,
    /// The answer, if there was one.
    pub returned: Option<Returned>,
}

/// An answer, and when its client had it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Returned {
    /// The event at which it arrived, after the invocation.
    pub at: EventId,
    /// What it said.
    pub answer: Answer,
}

/// The part of an answer that the order decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// What came of a transfer.
    Transfer(Outcome),
    /// What an account held.
    Balance(u64),
}

/// A transfer in the chain, carried out or refused: a replay tells which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Write {
    /// The request that it came from; its client is the payer.
    pub id: RequestId,
    /// Who is to get the money.
    pub to: AccountId,
    /// How much.
    pub amount: u64,
}
