//! A client's card: its money and its requests.

use crate::base::{AccountId, ClientId};

/// How many requests a card lists.
pub const SHOWN: usize = 4;

/// A client's card.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// Which client.
    pub id: ClientId,
    /// The account's balance in committed blocks, as far as any server that is up knows.
    pub committed: Option<u64>,
    /// The balance with the leader's blocks that are not committed yet.
    pub pending: Option<u64>,
    /// Whom it can pay.
    pub others: Vec<AccountId>,
    /// Its requests, the newest first.
    pub requests: Vec<Item>,
    /// How many older ones are not listed.
    pub older: u64,
}

/// A request in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The client's running number.
    pub seq: u64,
    /// What is asked: `12 to Bob`, `balance`.
    pub what: String,
    /// How it stands.
    pub status: Status,
    /// How often it was sent again.
    pub retries: u32,
}

/// How a request stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// No answer yet.
    Pending,
    /// The transfer stands in the committed block at this height.
    Committed(u64),
    /// A balance, read at this height.
    Balance {
        /// In committed blocks.
        committed: u64,
        /// With those that are not committed yet.
        pending: u64,
        /// The height at which it was read.
        height: u64,
    },
    /// Refused, and why.
    Refused(String),
}

impl Status {
    /// The name of its style.
    pub fn class(&self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Committed(_) => "committed",
            Self::Balance { .. } => "read",
            Self::Refused(_) => "refused",
        }
    }

    /// A sign that stands before it.
    pub fn sign(&self) -> &'static str {
        match self {
            Self::Pending => "…",
            Self::Committed(_) => "✓",
            Self::Balance { .. } => "=",
            Self::Refused(_) => "–",
        }
    }

    /// What the list says.
    pub fn words(&self) -> String {
        match self {
            Self::Pending => "pending".to_owned(),
            Self::Committed(height) => format!("committed at height {height}"),
            Self::Balance { committed, pending, height } if committed == pending => {
                format!("{committed} at height {height}")
            }
            Self::Balance { committed, pending, height } => {
                format!("{committed} at height {height}, {pending} with what is pending")
            }
            Self::Refused(why) => format!("refused: {why}"),
        }
    }
}
