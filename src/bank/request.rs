//! What clients ask and what they are answered.

use crate::base::{AccountId, ClientId, Fields, Index};
use serde::{Deserialize, Serialize};
use std::fmt;

/// How far a client's numbers may run ahead: a request's number lies less than this above the
/// lowest one that its client still waits for. It bounds what a session stores.
pub const MAX_OUTSTANDING: u64 = 64;

/// True if a client whose lowest unanswered number is `lowest_unanswered` may use `seq`.
///
/// Numbers run from 1 on, and [`MAX_OUTSTANDING`] of them are open at a time: one old request
/// without an answer holds new ones up, even if all between them are answered.
pub fn in_window(seq: u64, lowest_unanswered: u64) -> bool {
    let ahead = seq.checked_sub(lowest_unanswered);
    lowest_unanswered >= 1 && ahead.is_some_and(|ahead| ahead < MAX_OUTSTANDING)
}

/// A request's name: its client and the client's running number, from 1 on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "Fields<'de>")]
pub struct RequestId {
    /// Who asks.
    pub client: ClientId,
    /// The client's running number. It is never used for another request.
    pub seq: u64,
}

impl TryFrom<Fields<'_>> for RequestId {
    type Error = String;

    fn try_from(mut fields: Fields<'_>) -> Result<Self, String> {
        let read = Self { client: fields.take("client")?, seq: fields.take("seq")? };
        fields.end(read)
    }
}

/// What a client wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// Moves money from the client's own account.
    Transfer {
        /// Who gets it.
        to: AccountId,
        /// How much, at least 1.
        amount: u64,
    },
    /// Asks for the balance of the client's own account.
    Balance,
}

/// A request as it travels. A resend is the same request again, with the same id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Fields<'de>")]
pub struct Request {
    /// Its name.
    pub id: RequestId,
    /// The lowest number that the client still waits for. Outcomes below it may be forgotten
    /// (Raft dissertation §6.3).
    pub lowest_unanswered: u64,
    /// What is asked.
    pub operation: Operation,
}

impl TryFrom<Fields<'_>> for Request {
    type Error = String;

    fn try_from(mut fields: Fields<'_>) -> Result<Self, String> {
        let read = Self {
            id: fields.take("id")?,
            lowest_unanswered: fields.take("lowest_unanswered")?,
            operation: fields.take("operation")?,
        };
        fields.end(read)
    }
}

/// Why the ledger refused a transfer at its place in the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// The account held less than the amount.
    InsufficientFunds {
        /// What it held at that place.
        balance: u64,
    },
}

/// Why a request can never be valid. Any server says so at once; it takes no place in the chain.
///
/// Where several hold, the first in this order is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Invalid {
    /// The bank has no account of the client.
    UnknownSender,
    /// The bank has no such account to pay to.
    UnknownReceiver,
    /// Sender and receiver are one.
    ToOneself,
    /// Nothing to move.
    ZeroAmount,
    /// More than all the money that exists.
    AboveSupply,
    /// The number lies [`MAX_OUTSTANDING`] or more above the lowest unanswered one, or below it;
    /// or it is 0. [`in_window`] tells it beforehand.
    OutsideWindow,
}

/// The answer to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// The request that it answers.
    pub id: RequestId,
    /// The answer.
    pub verdict: Verdict,
}

/// What a reply says. All but [`Verdict::Busy`] end the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The transfer was applied in the committed block at this height.
    Committed {
        /// The block's height.
        height: Index,
    },
    /// The ledger refused the transfer, in the committed block at this height.
    Refused {
        /// The block's height.
        height: Index,
        /// Why.
        refusal: Refusal,
    },
    /// The balance, linearizable as of the height that had been applied when it was read.
    Balance {
        /// In committed blocks.
        committed: u64,
        /// With the leader's blocks that are not committed yet.
        pending: u64,
        /// The height at which `committed` was read.
        height: Index,
    },
    /// The request can never be valid.
    Invalid {
        /// Why.
        reason: Invalid,
    },
    /// The session has already seen this number, answered and forgotten, or for another request:
    /// the client's own record is older than the bank's.
    Stale {
        /// The lowest number above all that the session has seen.
        lowest_accepted: u64,
    },
    /// The leader's queue is full. Nothing was done; ask again later.
    Busy,
}

impl Verdict {
    /// True if the request is over once the client has this.
    pub fn is_final(&self) -> bool {
        !matches!(self, Self::Busy)
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} #{}", self.client, self.seq)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InsufficientFunds { balance } => {
                write!(f, "insufficient funds (the balance was {balance})")
            }
        }
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownSender => "the bank has no account of this client",
            Self::UnknownReceiver => "the bank has no such account to pay to",
            Self::ToOneself => "sender and receiver are the same",
            Self::ZeroAmount => "the amount must be at least 1",
            Self::AboveSupply => "the amount is more than all the money there is",
            Self::OutsideWindow => "its number is too far from the lowest unanswered one",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_opens_at_the_lowest_unanswered_number() {
        let last = u64::MAX;
        for (seq, lowest, inside) in [
            (1, 1, true),
            (64, 1, true),
            (65, 1, false),
            (4, 5, false),
            (0, 0, false),
            (1, 0, false),
            (last, last, true),
            (last, last - 63, true),
            (last, last - 64, false),
        ] {
            assert_eq!(in_window(seq, lowest), inside, "number {seq}, lowest {lowest}");
        }
    }

    #[test]
    fn every_answer_but_busy_ends_the_request() {
        let height = Index(7);
        for verdict in [
            Verdict::Committed { height },
            Verdict::Refused { height, refusal: Refusal::InsufficientFunds { balance: 1 } },
            Verdict::Balance { committed: 1, pending: 2, height },
            Verdict::Invalid { reason: Invalid::ToOneself },
            Verdict::Stale { lowest_accepted: 4 },
        ] {
            assert!(verdict.is_final(), "{verdict:?}");
        }
        assert!(!Verdict::Busy.is_final());
    }

    #[test]
    fn people_read_who_asked_and_why_not() {
        let id = RequestId { client: ClientId::new(1).expect("Alice"), seq: 3 };
        assert_eq!(id.to_string(), "Alice #3");
        let refusal = Refusal::InsufficientFunds { balance: 5 };
        assert_eq!(refusal.to_string(), "insufficient funds (the balance was 5)");
        assert_eq!(Invalid::ZeroAmount.to_string(), "the amount must be at least 1");
    }
}
