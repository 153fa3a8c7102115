//! Accounts, requests, and the promise that no transfer is paid twice.
//!
//! A client asks by sending a [`Request`]. A balance check is only read; a transfer becomes a
//! [`Transaction`], takes a place in the chain, and there the [`Ledger`] decides it. The ledger
//! is a deterministic state machine: whoever executes the same transactions in the same order
//! holds the same balances, has recorded the same outcomes, and computes the same
//! [`Ledger::state_root`]. That is all that replication needs from it.
//!
//! # Two judgements
//!
//! What can *never* be valid (no such account, nothing to move, to oneself) is told from the
//! request and the opening of the bank alone, so [`Ledger::vet`] gives the same answer on every
//! server at every time, and a server may say so at once. Whether the money is there depends on
//! the place in the chain, so only [`Ledger::execute`] decides it, and a refusal takes its place
//! there like a payment: were it answered from one server's guess, a resend of the same request
//! could still succeed later, elsewhere.
//!
//! # Exactly once
//!
//! Networks lose answers, so clients resend, and a transfer may reach the chain's door twice, by
//! two servers, in any order. Each client therefore has a [`Session`] (Raft dissertation §6.3):
//! the outcome of every number that was executed, under its number, until the client says, by a
//! later transaction's `lowest_unanswered`, that it has the answer. A number that is recorded, or
//! that lies below what the client has acknowledged, never executes again. A session stays small
//! because a client's numbers may not run more than [`MAX_OUTSTANDING`] ahead of its lowest
//! unanswered one.
//!
//! # Money
//!
//! An amount is a whole number of coins in a `u64`. The sum of all balances is fixed when the
//! bank opens and fits a `u64`; a transfer only moves money. So no addition can overflow, and
//! the code checks each of them anyway.
//!
//! # Caveats
//!
//! - Whoever can send can claim to be any client: requests are not signed.
//! - Accounts are those of the opening; none is opened or closed later.
//! - A balance check shares its client's numbers, yet is never recorded: to answer it twice does
//!   no harm, and each answer is true when it is given.

mod amount;
pub mod history;
mod ledger;
mod request;
mod session;
mod transaction;

pub use amount::{AmountError, parse_amount};
pub use ledger::{Inadmissible, Ledger, OpenError};
pub use request::{
    Invalid, MAX_OUTSTANDING, Operation, Refusal, Reply, Request, RequestId, Verdict, in_window,
};
pub use session::{Recorded, Seen, Session};
pub use transaction::{Outcome, Transaction};
