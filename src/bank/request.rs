//! What clients ask and what they are answered.

use crate::base::{AccountId, ClientId, Index};
use serde::{Deserialize, Serialize};
use std::fmt;

/// How many requests a client may have unanswered at once. It bounds what a session stores.
pub const MAX_OUTSTANDING: u64 = 64;

/// A request's name: its client and the client's running number, from 1 on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RequestId {
    /// Who asks.
    pub client: ClientId,
    /// The client's running number. It is never used for another request.
    pub seq: u64,
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
pub struct Request {
    /// Its name.
    pub id: RequestId,
    /// The lowest number that the client still waits for. Outcomes below it may be forgotten
    /// (Raft dissertation §6.3).
    pub lowest_unanswered: u64,
    /// What is asked.
    pub operation: Operation,
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
    /// The number lies more than [`MAX_OUTSTANDING`] above the lowest unanswered one, or below it.
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
    /// The session has already seen this number answered and has forgotten the outcome: the
    /// client's own record is older than the bank's.
    Stale {
        /// The lowest number that the session still accepts.
        lowest_accepted: u64,
    },
    /// The server's queue is full. Nothing was done; ask again later.
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
            Self::OutsideWindow => "too many requests are unanswered",
        })
    }
}
