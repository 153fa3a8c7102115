//! The bank's state at the end of the chain, ahead of what is committed.
//!
//! A follower must execute a block to verify it, and a leader to build it, long before it is
//! committed. Each such ledger is kept beside the hash of its block until the block is applied
//! or truncated. Only the newest [`KEPT`] are kept: an older one is executed again from the
//! committed ledger, which happens only just after recovery, when a long log is there and
//! nothing of it is known to be committed.

use crate::bank::Ledger;
use crate::base::{Hash, Index, Map};
use crate::chain::Block;

/// How many ledgers above the committed one are kept.
const KEPT: usize = 32;

/// The committed ledger, and those after the blocks above it.
#[derive(Clone, Debug)]
pub struct Ledgers {
    /// The blocks were verified before they came here. Else one may say what is not so; then the
    /// ledger goes by what it executes, and not by what the block says.
    verified: bool,
    applied: Index,
    committed: Ledger,
    above: Map<Index, (Hash, Ledger)>,
}

impl Ledgers {
    /// The accounts after the block at `applied`, and nothing known above it. `verified` says
    /// that all blocks to come are verified.
    pub fn new(applied: Index, committed: Ledger, verified: bool) -> Self {
        Self { verified, applied, committed, above: Map::new() }
    }

    /// The accounts after all applied blocks.
    pub fn committed(&self) -> &Ledger {
        &self.committed
    }

    /// The height of the last applied block.
    pub fn applied(&self) -> Index {
        self.applied
    }

    /// The ledger after the block at `height`; `block_at` gives the log's blocks.
    ///
    /// # Panics
    /// If `height` lies below what is applied, or the log has no block there: the server asks
    /// only about its own log from its applied height on.
    pub fn at<'a>(&self, height: Index, block_at: impl Fn(Index) -> &'a Block) -> Ledger {
        assert!(height >= self.applied, "ledgers below the applied height are gone");
        let (mut at, mut ledger) = match self.above.range(..=height).next_back() {
            Some((at, (hash, ledger))) => {
                assert_eq!(*hash, block_at(*at).hash(), "a kept ledger belongs to the log's block");
                (*at, ledger.clone())
            }
            None => (self.applied, self.committed.clone()),
        };
        while at < height {
            at = at.next();
            self.replay(block_at(at), &mut ledger);
        }
        ledger
    }

    /// Keeps the ledger after a block that was appended.
    pub fn push(&mut self, height: Index, hash: Hash, ledger: Ledger) {
        assert!(height > self.applied, "an appended block lies above the applied ones");
        self.above.insert(height, (hash, ledger));
        while self.above.len() > KEPT {
            self.above.pop_first();
        }
    }

    /// Forgets the ledgers from `height` on: their blocks were truncated.
    pub fn truncate(&mut self, height: Index) {
        assert!(height > self.applied, "an applied block is never truncated");
        self.above.split_off(&height);
    }

    /// Begins again with the accounts of a snapshot, which lies above all that is applied.
    pub fn restore(&mut self, applied: Index, committed: Ledger) {
        assert!(applied > self.applied, "what is applied is not taken back");
        *self = Self::new(applied, committed, self.verified);
    }

    /// Moves the committed ledger one block on.
    pub fn apply(&mut self, block: &Block) {
        assert_eq!(block.height(), self.applied.next(), "blocks are applied in order");
        match self.above.remove(&block.height()) {
            Some((hash, ledger)) => {
                assert_eq!(hash, block.hash(), "a kept ledger belongs to the block applied");
                self.committed = ledger;
            }
            None => {
                let mut ledger = self.committed.clone();
                self.replay(block, &mut ledger);
                self.committed = ledger;
            }
        }
        self.applied = block.height();
    }

    /// Executes a block of the log.
    fn replay(&self, block: &Block, ledger: &mut Ledger) {
        for (transaction, outcome) in block.receipts() {
            let again = ledger.execute(transaction, block.height());
            assert!(again == Ok(outcome) || !self.verified, "a verified block executes as it says");
        }
    }
}
