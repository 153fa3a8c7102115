//! The servers as the trace shows them: each with its role, its term and its log.

use crate::base::{Hash, Index, Membership, ServerId, Set, Term};
use crate::chain::Block;
use sha2::{Digest, Sha256};
use std::collections::VecDeque;

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
    /// The last vote that it told anybody of, in whatever life.
    pub vote_told: Option<(Term, ServerId)>,
}

impl Replica {
    pub fn new(id: ServerId, genesis: &Block, membership: &Membership) -> Self {
        let log = Log::after(genesis.clone(), Prefix::of(genesis), membership.clone());
        let (committed, applied, vote_told) = (Index::ZERO, Index::ZERO, None);
        Self { id, role: Role::Down, term: Term(0), log, committed, applied, vote_told }
    }

    /// Begins a new life. Nothing is known to be committed but what its snapshot stands for, and
    /// all after that is applied again.
    pub fn begin_life(&mut self, term: Term) {
        self.role = Role::Follower;
        self.term = term;
        self.committed = self.log.base();
        self.applied = self.log.base();
    }

    pub fn leads(&self) -> bool {
        self.role == Role::Leader
    }
}

/// A server's blocks, from the one after genesis or after its snapshot's on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Log {
    /// What its first block stands after.
    before: Entry,
    entries: VecDeque<Entry>,
    /// Who belongs to the cluster after the block that it begins after.
    founders: Membership,
    /// The blocks in it that change that, by height, upwards.
    changes: VecDeque<(Index, Membership)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub block: Block,
    /// Of the log up to this block.
    pub prefix: Prefix,
}

impl Log {
    /// An empty log after this block.
    pub fn after(block: Block, prefix: Prefix, founders: Membership) -> Self {
        let before = Entry { block, prefix };
        Self { before, entries: VecDeque::new(), founders, changes: VecDeque::new() }
    }

    /// The membership in force: the last one in it, committed or not (dissertation §4.1).
    pub fn membership(&self) -> &Membership {
        self.changes.back().map_or(&self.founders, |(_, membership)| membership)
    }

    /// The height of the block that it begins after.
    pub fn base(&self) -> Index {
        self.before.block.height()
    }

    pub fn last(&self) -> Index {
        Index(self.base().0.saturating_add(self.entries.len() as u64))
    }

    /// The last block, or the one that an empty log begins after.
    pub fn tip(&self) -> &Entry {
        self.entries.back().unwrap_or(&self.before)
    }

    pub fn get(&self, height: Index) -> Option<&Entry> {
        let above = height.0.checked_sub(self.base().0)?;
        self.entries.get(usize::try_from(above.checked_sub(1)?).ok()?)
    }

    /// The block at a height, which may be the one that it begins after.
    pub fn at(&self, height: Index) -> Option<&Entry> {
        if height == self.base() { Some(&self.before) } else { self.get(height) }
    }

    /// True if the log is this one up to a height. What lies before its beginning was compared
    /// when it began there.
    pub fn holds(&self, height: Index, prefix: Option<Prefix>) -> bool {
        height < self.base() || self.at(height).map(|entry| entry.prefix) == prefix
    }

    /// Adds a block at the end. `anchor` is its prefix where that is known otherwise.
    pub fn push(&mut self, block: Block, anchor: Option<Prefix>) -> &Entry {
        let prefix = anchor.unwrap_or_else(|| self.tip().prefix.then(block.hash()));
        if let Some(membership) = &block.body().membership {
            self.changes.push_back((self.last().next(), membership.clone()));
        }
        self.entries.push_back(Entry { block, prefix });
        self.tip()
    }

    /// Takes off the last block.
    pub fn pop(&mut self) -> Option<Entry> {
        let height = self.last();
        self.changes.pop_back_if(|(at, _)| *at == height);
        self.entries.pop_back()
    }

    /// Takes off the first block; the log begins after it then.
    pub fn pop_first(&mut self) -> Option<Entry> {
        let first = self.entries.pop_front()?;
        let height = self.base().next();
        if let Some((_, founders)) = self.changes.pop_front_if(|(at, _)| *at == height) {
            self.founders = founders;
        }
        self.before = first.clone();
        Some(first)
    }

    /// The height up to which these blocks, which begin where it does, are those of this log.
    pub fn shared_with(&self, blocks: &[Block]) -> Index {
        let pairs = self.entries.iter().zip(blocks);
        let same = pairs.take_while(|(entry, block)| entry.block.hash() == block.hash());
        Index(self.base().0.saturating_add(same.count() as u64))
    }
}

/// True if these servers can decide: a majority of the voters, and while the voters change, of
/// those before as well (paper §6).
pub(super) fn is_quorum(membership: &Membership, is_in: impl Fn(ServerId) -> bool) -> bool {
    let is_majority = |set: &Set<ServerId>| {
        let count = set.iter().filter(|server| is_in(**server)).count();
        count > set.len() - count
    };
    is_majority(membership.voters())
        && (membership.outgoing().is_empty() || is_majority(membership.outgoing()))
}
