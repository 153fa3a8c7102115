//! The servers as the trace shows them: each with its role, its term and its log.

use crate::base::{Hash, Index, ServerId, Term};
use crate::chain::Block;
use sha2::{Digest, Sha256};

/// A hash over the hashes of all blocks from genesis up to some height. Two logs with the same
/// prefix at a height are the same up to there, which so takes one comparison to find out.
///
/// It does not trust the links between the blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Prefix([u8; 32]);

impl Prefix {
    /// Below any other.
    pub const LEAST: Self = Self([0; 32]);

    /// Of genesis alone.
    pub fn of(genesis: &Block) -> Self {
        Self(genesis.hash().0)
    }

    /// With one more block.
    pub fn then(self, block: Hash) -> Self {
        let mut digest = Sha256::new();
        digest.update(self.0);
        digest.update(block.0);
        Self(digest.finalize().into())
    }
}

/// What a server is, as far as it has said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Down,
    Follower,
    Candidate,
    Leader,
}

/// One server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Replica {
    pub id: ServerId,
    pub role: Role,
    pub term: Term,
    /// Its log in memory. While it is down, the log that it had: its disk holds that or less.
    pub log: Log,
    /// How far it said, in this life, that its log is committed.
    pub committed: Index,
    /// How far it has applied in this life.
    pub applied: Index,
}

impl Replica {
    pub fn new(id: ServerId, genesis: Prefix) -> Self {
        let log = Log { genesis, entries: Vec::new() };
        let (committed, applied) = (Index::ZERO, Index::ZERO);
        Self { id, role: Role::Down, term: Term(0), log, committed, applied }
    }

    /// Begins a new life. Nothing is known to be committed, and all is applied again.
    pub fn begin_life(&mut self, term: Term) {
        self.role = Role::Follower;
        self.term = term;
        self.committed = Index::ZERO;
        self.applied = Index::ZERO;
    }

    pub fn leads(&self) -> bool {
        self.role == Role::Leader
    }
}

/// A server's blocks from height 1 on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Log {
    genesis: Prefix,
    entries: Vec<Entry>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub block: Block,
    /// Of the log up to this block.
    pub prefix: Prefix,
}

impl Log {
    pub fn last(&self) -> Index {
        Index(self.entries.len() as u64)
    }

    pub fn get(&self, height: Index) -> Option<&Entry> {
        let position = usize::try_from(height.0.checked_sub(1)?).ok()?;
        self.entries.get(position)
    }

    /// The prefix that ends at a height, which may be 0.
    pub fn prefix(&self, height: Index) -> Option<Prefix> {
        if height == Index::ZERO {
            return Some(self.genesis);
        }
        self.get(height).map(|entry| entry.prefix)
    }

    /// Adds a block at the end.
    pub fn push(&mut self, block: Block) -> &Entry {
        let before = self.entries.last().map_or(self.genesis, |entry| entry.prefix);
        let prefix = before.then(block.hash());
        self.entries.push(Entry { block, prefix });
        self.entries.last().expect("an entry was just added")
    }

    /// Takes off the last block.
    pub fn pop(&mut self) -> Option<Entry> {
        self.entries.pop()
    }

    /// The height up to which these blocks are those of this log.
    pub fn shared_with(&self, blocks: &[Block]) -> Index {
        let pairs = self.entries.iter().zip(blocks);
        let same = pairs.take_while(|(entry, block)| entry.block.hash() == block.hash());
        Index(same.count() as u64)
    }
}
