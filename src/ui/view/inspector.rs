//! One server from inside: its Raft state, its chain, its money, its disk.

use super::stage::Condition;
use crate::base::{Membership, ServerId};

/// How many blocks the inspector shows at once.
pub const BLOCKS: u64 = 6;

/// What the inspector shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Inspector {
    /// Which server.
    pub id: ServerId,
    /// What it does.
    pub condition: Condition,
    /// Why it stopped, if it did so by itself.
    pub stopped: Option<String>,
    /// Raft's state, as (what, value).
    pub facts: Vec<(&'static str, String)>,
    /// Who belongs to the cluster, as far as the leader, or this server, knows.
    pub members: Option<Membership>,
    /// What a leader knows of its followers.
    pub progress: Vec<Progress>,
    /// Its links to other servers.
    pub links: Vec<LinkState>,
    /// The blocks shown, the newest first.
    pub blocks: Vec<BlockCard>,
    /// The height of the newest block shown, if it is not the tip.
    pub below: Option<u64>,
    /// True if there are older blocks.
    pub older: bool,
    /// Balances: (name, committed, with the blocks not committed yet).
    pub balances: Vec<(String, u64, u64)>,
    /// Requests waiting for a block.
    pub mempool: Vec<String>,
    /// What its disk holds: (key, text), newest blocks first, bounded.
    pub persisted: Vec<(String, String)>,
    /// How many keys of the disk are not shown.
    pub keys_not_shown: usize,
}

/// What a leader knows of a follower.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The follower.
    pub id: ServerId,
    /// The highest height known to be the same.
    pub matched: u64,
    /// The next height to send.
    pub next: u64,
}

/// A link as its owner sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkState {
    /// The server at the other end.
    pub peer: ServerId,
    /// True if nothing goes out.
    pub out_cut: bool,
    /// True if nothing comes in.
    pub in_cut: bool,
}

/// A block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockCard {
    /// Its height.
    pub height: u64,
    /// Its term.
    pub term: u64,
    /// Its hash, 64 hexadecimal digits.
    pub hash: String,
    /// How many of the hash's digits are leading zeros.
    pub zeros: usize,
    /// How many leading zero bits its difficulty demands.
    pub difficulty: u8,
    /// Its parent's hash.
    pub parent: String,
    /// Its nonce.
    pub nonce: u64,
    /// True if the server knows it to be committed.
    pub committed: bool,
    /// Its transactions: (words, why it was refused if it was).
    pub transactions: Vec<(String, Option<String>)>,
    /// What an empty block is for.
    pub note: &'static str,
}
