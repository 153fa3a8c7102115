//! A follower's judgement on a block.

use super::{Block, MAX_DIFFICULTY, MAX_TRANSACTIONS};
use crate::bank::{Inadmissible, Ledger};
use crate::base::{Hash, Index, Term};
use std::fmt;

/// Why a block may not stand after its parent. Where several hold, the first in this order is
/// given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockError {
    /// It is not one higher than its parent.
    Height {
        /// The height that it should have.
        expected: Index,
        /// The height that it has.
        found: Index,
    },
    /// It names another block as its parent.
    Parent {
        /// The parent's hash.
        expected: Hash,
        /// The hash that it names.
        found: Hash,
    },
    /// Its term is below its parent's, or below 1.
    Term {
        /// The least that it may have.
        least: Term,
        /// What it has.
        found: Term,
    },
    /// It asks for more work than [`MAX_DIFFICULTY`].
    Difficulty {
        /// What it asks for, in leading zero bits.
        found: u8,
    },
    /// Its hash has fewer leading zero bits than it asks for.
    Work {
        /// What it asks for.
        difficulty: u8,
        /// What its hash has.
        found: u32,
    },
    /// Its body is not the one that its header names.
    BodyRoot {
        /// The root that the header names.
        expected: Hash,
        /// The body's root.
        found: Hash,
    },
    /// It holds more than [`MAX_TRANSACTIONS`].
    TooManyTransactions {
        /// How many.
        found: usize,
    },
    /// Not every transaction has one outcome.
    OutcomeCount {
        /// How many transactions it has.
        transactions: usize,
        /// How many outcomes.
        outcomes: usize,
    },
    /// A transaction cannot stand there.
    Inadmissible {
        /// Its position, from 0 on.
        position: usize,
        /// Why.
        reason: Inadmissible,
    },
    /// A transaction came out otherwise than the block says.
    Outcome {
        /// Its position, from 0 on.
        position: usize,
    },
    /// The ledger after it is not the one that it names.
    StateRoot {
        /// The root that it names.
        expected: Hash,
        /// The root that execution led to.
        found: Hash,
    },
}

/// Judges a block against its parent and the ledger after the parent, and returns the ledger
/// after the block.
///
/// Cheap checks come first, so that a block without work costs no execution.
///
/// # Panics
/// If the ledger is not the one after the parent.
pub fn verify(parent: &Block, block: &Block, ledger: &Ledger) -> Result<Ledger, BlockError> {
    let state_before = ledger.state_root();
    assert_eq!(state_before, parent.body().state_root, "the ledger is the parent's");
    verify_link(parent, block)?;
    verify_work(block)?;
    verify_body(block)?;
    execute(block, ledger)
}

/// The checks that need the headers alone: height, parent and term.
fn verify_link(parent: &Block, block: &Block) -> Result<(), BlockError> {
    let (expected, found) = (parent.height().next(), block.height());
    if found != expected {
        return Err(BlockError::Height { expected, found });
    }
    let (expected, found) = (parent.hash(), block.header().parent);
    if found != expected {
        return Err(BlockError::Parent { expected, found });
    }
    let (least, found) = (parent.term().max(Term(1)), block.term());
    if found < least {
        return Err(BlockError::Term { least, found });
    }
    Ok(())
}

fn verify_work(block: &Block) -> Result<(), BlockError> {
    let difficulty = block.header().difficulty;
    if difficulty > MAX_DIFFICULTY {
        return Err(BlockError::Difficulty { found: difficulty });
    }
    if !block.has_work() {
        return Err(BlockError::Work { difficulty, found: block.work_bits() });
    }
    Ok(())
}

fn verify_body(block: &Block) -> Result<(), BlockError> {
    let (expected, found) = (block.header().body_root, block.body().root());
    if found != expected {
        return Err(BlockError::BodyRoot { expected, found });
    }
    let transactions = block.body().transactions.len();
    let outcomes = block.body().outcomes.len();
    if transactions > MAX_TRANSACTIONS {
        return Err(BlockError::TooManyTransactions { found: transactions });
    }
    if transactions != outcomes {
        return Err(BlockError::OutcomeCount { transactions, outcomes });
    }
    Ok(())
}

fn execute(block: &Block, ledger: &Ledger) -> Result<Ledger, BlockError> {
    let mut ledger = ledger.clone();
    for (position, (transaction, expected)) in block.receipts().enumerate() {
        let outcome = ledger
            .execute(transaction, block.height())
            .map_err(|reason| BlockError::Inadmissible { position, reason })?;
        if outcome != expected {
            return Err(BlockError::Outcome { position });
        }
    }
    let (expected, found) = (block.body().state_root, ledger.state_root());
    if found != expected {
        return Err(BlockError::StateRoot { expected, found });
    }
    Ok(ledger)
}

impl fmt::Display for BlockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Height { expected, found } => {
                write!(f, "its height is {found}, but height {expected} comes next")
            }
            Self::Parent { expected, found } => {
                let (expected, found) = (expected.short(), found.short());
                write!(f, "it links to {found}, but the block before it is {expected}")
            }
            Self::Term { least, found } => {
                write!(f, "its term is {found}, but after the block before it {least} is the least")
            }
            Self::Difficulty { found } => {
                write!(f, "it asks for {found} zero bits, but the most allowed is {MAX_DIFFICULTY}")
            }
            Self::Work { difficulty, found } => {
                write!(f, "its hash begins with {found} zero bits where it needs {difficulty}")
            }
            Self::BodyRoot { expected, found } => {
                let (expected, found) = (expected.short(), found.short());
                write!(f, "its content hashes to {found}, but its header says {expected}")
            }
            Self::TooManyTransactions { found } => {
                write!(f, "it has {found} transactions, but the most allowed is {MAX_TRANSACTIONS}")
            }
            Self::OutcomeCount { transactions, outcomes } => {
                write!(f, "it has {transactions} transactions, but {outcomes} outcomes")
            }
            Self::Inadmissible { position, reason } => {
                write!(f, "transaction {} of it cannot stand there: {reason}", position + 1)
            }
            Self::Outcome { position } => {
                write!(f, "transaction {} of it comes out otherwise than it says", position + 1)
            }
            Self::StateRoot { expected, found } => {
                let (expected, found) = (expected.short(), found.short());
                write!(f, "it leads to the state {found}, but says that it leads to {expected}")
            }
        }
    }
}

#[cfg(test)]
#[path = "verify_tests.rs"]
mod tests;
