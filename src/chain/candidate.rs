//! A block in the making: everything but the nonce.

use super::{Block, Body, Header, MAX_DIFFICULTY, MAX_TRANSACTIONS};
use crate::bank::{Ledger, Transaction};
use crate::base::{Membership, Term};

/// A block that lacks nothing but work, and the ledger that it leads to.
#[derive(Clone, Debug)]
pub struct Candidate {
    header: Header,
    body: Body,
    ledger_after: Ledger,
}

impl Candidate {
    /// Executes transactions on the ledger after `parent`, in order, into the body of the next
    /// block.
    ///
    /// Those that cannot stand here are left out, because a resend may wait beside a block that
    /// holds its twin: what the session has recorded or forgotten, and what is never valid. After
    /// [`MAX_TRANSACTIONS`] the block is full and the rest is left out too.
    ///
    /// # Panics
    /// If the difficulty is above [`MAX_DIFFICULTY`], or the term below the parent's.
    pub fn build(
        parent: &Block,
        term: Term,
        difficulty: u8,
        ledger: &Ledger,
        transactions: impl IntoIterator<Item = Transaction>,
    ) -> Self {
        assert!(difficulty <= MAX_DIFFICULTY, "no block may be harder than {MAX_DIFFICULTY} bits");
        assert!(term >= parent.term(), "terms never fall along a chain");

        let height = parent.height().next();
        let mut ledger = ledger.clone();
        let executed = transactions.into_iter().filter_map(|transaction| {
            let outcome = ledger.execute(&transaction, height).ok()?;
            Some((transaction, outcome))
        });
        let (transactions, outcomes) = executed.take(MAX_TRANSACTIONS).unzip();

        let state_root = ledger.state_root();
        let body = Body { transactions, outcomes, state_root, membership: None };
        let body_root = body.root();
        let header =
            Header { parent: parent.hash(), body_root, height, term, difficulty, nonce: 0 };
        Self { header, body, ledger_after: ledger }
    }

    /// The same, and from this block on these servers are the cluster.
    pub fn with_membership(mut self, membership: Option<Membership>) -> Self {
        self.body.membership = membership;
        self.header.body_root = self.body.root();
        self
    }

    /// The header, with a nonce of 0.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The body.
    pub fn body(&self) -> &Body {
        &self.body
    }

    /// The ledger after its transactions.
    pub fn ledger_after(&self) -> &Ledger {
        &self.ledger_after
    }

    /// The block with this nonce, whatever its hash.
    pub fn into_block(self, nonce: u64) -> Block {
        Block::seal(Header { nonce, ..self.header }, self.body)
    }
}

#[cfg(test)]
#[path = "candidate_tests.rs"]
mod tests;
