//! The first block of a chain.

use super::{Block, Body, Header};
use crate::bank::Ledger;
use crate::base::{Hash, Index, Term};

/// The block at height 0, the same on every server that opens with this ledger.
///
/// The ledger comes from opening balances, or from a [history](crate::bank::history) replayed on
/// them. The block holds it as a state root; no work is asked of it.
pub fn genesis(opening: &Ledger) -> Block {
    let state_root = opening.state_root();
    let body =
        Body { transactions: Vec::new(), outcomes: Vec::new(), state_root, membership: None };
    let header = Header {
        parent: Hash::ZERO,
        body_root: body.root(),
        height: Index::ZERO,
        term: Term(0),
        difficulty: 0,
        nonce: 0,
    };
    Block::seal(header, body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bank::history;
    use crate::base::AccountId;

    fn bank_of(balances: &[u64]) -> Ledger {
        let accounts = AccountId::first(u8::MAX);
        Ledger::open(&accounts.zip(balances.iter().copied()).collect()).expect("a bank")
    }

    #[test]
    fn the_opening_names_the_chain() {
        let block = genesis(&bank_of(&[100, 100]));
        assert_eq!(block, genesis(&bank_of(&[100, 100])));
        assert_ne!(block, genesis(&bank_of(&[100, 101])));
        assert_ne!(block, genesis(&bank_of(&[100, 100, 0])));
        assert_eq!(block.height(), Index::ZERO);
        assert_eq!(block.header().parent, Hash::ZERO);
    }

    #[test]
    fn a_history_opens_the_same_chain_as_the_balances_that_it_leads_to() {
        let payments = history::parse("Alice Bob 10\n2 1 3").expect("a history");
        let ledger = history::replay(&bank_of(&[100, 100]), &payments).expect("no overdraft");
        assert_eq!(genesis(&ledger), genesis(&bank_of(&[93, 107])));
    }
}
