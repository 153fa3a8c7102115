//! What somebody could do to a stored chain: change what a block says, mend what gives it away,
//! and do the work again.
//!
//! Each step passes one check more. A changed transaction alone contradicts the body root; with the
//! roots mended the hash is another, and most likely lacks work; with its work done again the block
//! stands, but the one after it links to the block that was there before; and with the work of all
//! after it done again the chain proves itself from end to end. Then nothing is wrong with it but
//! that nobody else has it.

use super::{Block, Body, Candidate, Header, Miner};
use crate::bank::{Ledger, Transaction};
use std::collections::VecDeque;

/// The block with another transaction at a position, and nothing else changed: its header names
/// the body that was there before. A position that it has not changes nothing.
pub fn edit(block: &Block, position: usize, transaction: Transaction) -> Block {
    Block::seal(*block.header(), edited(block, position, transaction))
}

/// The same with the body root and the hash mended. The work is not done again.
pub fn edit_and_mend(block: &Block, position: usize, transaction: Transaction) -> Block {
    let body = edited(block, position, transaction);
    Block::seal(Header { body_root: body.root(), ..*block.header() }, body)
}

fn edited(block: &Block, position: usize, transaction: Transaction) -> Body {
    let mut body = block.body().clone();
    if let Some(before) = body.transactions.get_mut(position) {
        *before = transaction;
    }
    body
}

/// A chain that is being forged: the work of a changed block, and of all after it, done again.
///
/// Receipts and states are those that execution leads to, so each finished block passes
/// [`verify`](super::verify()) after the one before it.
#[derive(Clone, Debug)]
pub struct Forgery {
    done: Vec<Block>,
    /// The block that is worked on.
    miner: Option<Miner>,
    /// The blocks after it, as they were.
    rest: VecDeque<Block>,
    attempts: u64,
}

impl Forgery {
    /// Begins with the block after `parent`, whose ledger this is. `blocks` are those to be forged,
    /// the changed one first. None of them, and nothing is to do.
    pub fn begin(parent: &Block, ledger: &Ledger, blocks: Vec<Block>) -> Self {
        let mut rest: VecDeque<Block> = blocks.into();
        let first = rest.pop_front();
        let miner = first.map(|block| Miner::new(candidate(parent, ledger, &block)));
        Self { done: Vec::new(), miner, rest, attempts: 0 }
    }

    /// Makes up to so many attempts more. True once all is done.
    pub fn attempt(&mut self, attempts: u64) -> bool {
        let mut left = attempts;
        while let Some(miner) = self.miner.as_mut().filter(|_| left > 0) {
            let before = miner.attempts_made();
            let found = miner.attempt(left);
            let made = miner.attempts_made() - before;
            self.attempts += made;
            left -= made.min(left);
            if let Some(found) = found {
                self.finish_block(found.nonce);
            }
        }
        self.is_done()
    }

    fn finish_block(&mut self, nonce: u64) {
        let Some(miner) = self.miner.take() else { return };
        let ledger = miner.candidate().ledger_after().clone();
        let block = miner.into_block(nonce);
        if let Some(next) = self.rest.pop_front() {
            self.miner = Some(Miner::new(candidate(&block, &ledger, &next)));
        }
        self.done.push(block);
    }

    /// True once all is done.
    pub fn is_done(&self) -> bool {
        self.miner.is_none()
    }

    /// The finished blocks.
    pub fn blocks(&self) -> &[Block] {
        &self.done
    }

    /// How many blocks there are to forge, the finished ones among them.
    pub fn total(&self) -> usize {
        self.done.len() + usize::from(self.miner.is_some()) + self.rest.len()
    }

    /// How many nonces were tried.
    pub fn attempts(&self) -> u64 {
        self.attempts
    }
}

/// What a block says, anew after another parent.
fn candidate(parent: &Block, ledger: &Ledger, block: &Block) -> Candidate {
    let transactions = block.body().transactions.iter().copied();
    let (term, difficulty) = (block.term().max(parent.term()), block.header().difficulty);
    Candidate::build(parent, term, difficulty, ledger, transactions)
        .with_membership(block.body().membership.clone())
}

#[cfg(test)]
#[path = "forge_tests.rs"]
mod tests;
