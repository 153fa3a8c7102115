//! The same attempts made in two ways: what both mining benchmarks measure.

use raftbank::bank::Ledger;
use raftbank::base::{AccountId, Hash, Term};
use raftbank::chain::{Candidate, Header, MAX_DIFFICULTY, Miner, genesis};
use std::hint::black_box;

/// Attempts in one round: about what a difficulty of 14 bits takes.
pub const ATTEMPTS: u64 = 1 << 14;

/// A miner so hard to satisfy that a round finds nothing.
pub fn miner() -> Miner {
    let balances = AccountId::first(3).map(|account| (account, 100));
    let ledger = Ledger::open(&balances.collect()).expect("a bank");
    Miner::new(Candidate::build(&genesis(&ledger), Term(1), MAX_DIFFICULTY, &ledger, []))
}

/// A round as the engine makes it.
pub fn mine(miner: &Miner) {
    let mut miner = black_box(miner).clone();
    assert_eq!(black_box(miner.attempt(ATTEMPTS)), None, "a round is not cut short");
    assert_eq!(miner.attempts_made(), ATTEMPTS);
}

/// A round as anybody would write it: one digest of the header after the other.
pub fn digest(miner: &Miner) {
    let header = black_box(miner).candidate().header();
    let bits = u32::from(header.difficulty);
    let enough = |nonce: &u64| {
        let header = Header { nonce: *nonce, ..*header };
        Hash::of(&header.encode()).leading_zero_bits() >= bits
    };
    assert_eq!(black_box((0..ATTEMPTS).find(enough)), None, "a round is not cut short");
}
