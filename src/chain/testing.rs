//! What the tests of this module share.

use super::{Block, Candidate, Miner, genesis};
use crate::bank::{Ledger, RequestId, Transaction};
use crate::base::{AccountId, ClientId, Term};

/// A bank of Alice, Bob and Carol with 100 each.
pub(super) fn bank() -> Ledger {
    Ledger::open(&AccountId::first(3).map(|account| (account, 100)).collect()).expect("a bank")
}

/// A transfer that acknowledges nothing.
pub(super) fn transfer(from: u8, seq: u64, to: u8, amount: u64) -> Transaction {
    let client = ClientId::new(from).expect("a client's number");
    let to = AccountId::new(to).expect("an account's number");
    Transaction { id: RequestId { client, seq }, lowest_unanswered: 1, to, amount }
}

/// Mines a candidate to its end.
pub(super) fn mine(candidate: Candidate) -> Block {
    let mut miner = Miner::new(candidate);
    let found = miner.attempt(1 << 20).expect("an easy block");
    miner.into_block(found.nonce)
}

/// Genesis, a block of term 2 with three transfers after it (one of them refused), and the
/// ledgers after each.
pub(super) fn chain_of_two() -> (Block, Ledger, Block, Ledger) {
    let (opening, parent) = (bank(), genesis(&bank()));
    let transfers = [transfer(1, 1, 2, 30), transfer(2, 1, 3, 131), transfer(2, 2, 3, 130)];
    let candidate = Candidate::build(&parent, Term(2), 8, &opening, transfers);
    let after = candidate.ledger_after().clone();
    (parent, opening, mine(candidate), after)
}
