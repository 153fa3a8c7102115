//! The chain that the servers have agreed on, and the money as it stands after each block.

use super::docket::Docket;
use super::money::Replay;
use super::replica::Prefix;
use crate::bank::Ledger;
use crate::base::{AccountId, Index, Map, Membership, Term};
use crate::chain::Block;
use crate::server::Checkpoint;
use std::collections::VecDeque;
use std::sync::Arc;

/// How many blocks of the committed chain are kept. A server that is further behind is judged by
/// its log again as soon as it reaches them, since a prefix stands for all before it.
pub const BLOCKS_KEPT: usize = 1024;

/// All accounts with what they hold.
pub type Balances = Arc<[(AccountId, u64)]>;

/// The committed chain: at each height the block that some server first knew as committed, for the
/// last [`BLOCKS_KEPT`] heights. It begins with genesis, or with a snapshot that an earlier run left
/// behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Committed {
    first: Agreed,
    blocks: VecDeque<Agreed>,
    replay: Replay,
    /// Who belongs to the cluster from each of these heights on.
    memberships: Map<Index, Membership>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Agreed {
    block: Block,
    /// Of the chain up to it.
    prefix: Prefix,
    /// The latest term in which a block up to this one was committed.
    term: Term,
    /// After it.
    balances: Balances,
}

impl Committed {
    pub(super) fn new(opening: &Ledger, genesis: &Block, founders: &Membership) -> Self {
        let replay = Replay::new(opening);
        let balances = replay.balances();
        let (block, prefix) = (genesis.clone(), Prefix::of(genesis));
        let first = Agreed { block, prefix, term: Term(0), balances };
        let memberships = [(Index::ZERO, founders.clone())].into();
        Self { first, blocks: VecDeque::new(), replay, memberships }
    }

    /// The chain goes on from a snapshot that an earlier run left behind. What came before is not
    /// to be had.
    pub(super) fn adopt(&mut self, checkpoint: &Checkpoint, prefix: Prefix) {
        self.replay.adopt(&checkpoint.ledger);
        let (block, term) = (checkpoint.block.clone(), checkpoint.block.term());
        self.first = Agreed { block, prefix, term, balances: self.replay.balances() };
        self.blocks.clear();
        self.memberships = [(checkpoint.height(), checkpoint.membership.clone())].into();
    }

    /// The lowest height that is kept: 0 until the chain outgrows what is kept, unless it was taken
    /// over from an earlier run.
    pub fn base(&self) -> Index {
        self.first.block.height()
    }

    /// The height of the last committed block.
    pub fn height(&self) -> Index {
        Index(self.base().0.saturating_add(self.blocks.len() as u64))
    }

    /// The committed block at a height, genesis at 0; nothing below what is kept.
    pub fn block(&self, height: Index) -> Option<&Block> {
        self.agreed(height).map(|agreed| &agreed.block)
    }

    /// All balances after the last committed block.
    pub fn balances(&self) -> &Balances {
        &self.blocks.back().unwrap_or(&self.first).balances
    }

    /// All balances after the block at a height.
    pub fn balances_at(&self, height: Index) -> Option<&Balances> {
        self.agreed(height).map(|agreed| &agreed.balances)
    }

    /// What one account held after the block at a height.
    pub fn balance_at(&self, account: AccountId, height: Index) -> Option<u64> {
        let balances = self.balances_at(height)?;
        balances.iter().find(|(id, _)| *id == account).map(|(_, balance)| *balance)
    }

    /// Who belongs to the cluster after the block at a height.
    pub fn membership_at(&self, height: Index) -> Option<&Membership> {
        self.memberships.range(..=height).next_back().map(|(_, membership)| membership)
    }

    /// What is replayed so far.
    pub(super) fn replay(&self) -> &Replay {
        &self.replay
    }

    /// The chain up to a height.
    pub(super) fn prefix(&self, height: Index) -> Option<Prefix> {
        self.agreed(height).map(|agreed| agreed.prefix)
    }

    /// How far the chain was committed in terms before this one.
    pub(super) fn height_before(&self, term: Term) -> Index {
        // What is not kept any more was compared when it was.
        if self.first.term >= term {
            return Index::ZERO;
        }
        let before = self.blocks.partition_point(|agreed| agreed.term < term);
        Index(self.base().0.saturating_add(before as u64))
    }

    /// The term in which the chain up to a height was committed.
    pub(super) fn term_of(&self, height: Index) -> Term {
        self.agreed(height).map_or(Term(0), |agreed| agreed.term)
    }

    /// The next block is committed, in this term.
    pub(super) fn push(&mut self, docket: &mut Docket, block: &Block, term: Term) {
        let before = self.prefix(self.height()).expect("the chain has its last block");
        let prefix = before.then(block.hash());
        let term = term.max(self.term_of(self.height()));
        self.replay.execute(docket, self.height().next(), block);
        let balances = match block.body().transactions.is_empty() {
            true => self.balances().clone(),
            false => self.replay.balances(),
        };
        if let Some(membership) = &block.body().membership {
            self.memberships.insert(self.height().next(), membership.clone());
        }
        self.blocks.push_back(Agreed { block: block.clone(), prefix, term, balances });
        if self.blocks.len() > BLOCKS_KEPT {
            self.forget_first();
        }
    }

    /// Lets the chain begin with the next block.
    fn forget_first(&mut self) {
        let Some(first) = self.blocks.pop_front() else { return };
        self.first = first;
        let base = self.base();
        self.replay.forget(&self.first.block);
        if let Some(founders) = self.membership_at(base).cloned() {
            self.memberships.forget_below(&base);
            self.memberships.insert(base, founders);
        }
    }

    fn agreed(&self, height: Index) -> Option<&Agreed> {
        match height.0.checked_sub(self.base().0)? {
            0 => Some(&self.first),
            above => self.blocks.get(usize::try_from(above - 1).ok()?),
        }
    }
}
