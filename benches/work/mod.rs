//! The same attempts made in two ways: what both mining benchmarks measure.

use raftbank::bank::Ledger;
use raftbank::base::{AccountId, Hash, Term};
use raftbank::chain::{Candidate, DEFAULT_DIFFICULTY, Header, MAX_DIFFICULTY, Miner, genesis};
use std::hint::black_box;

/// Attempts in one round. Browsers tell the time in steps of 0.1 ms, so that a round must take
/// some milliseconds, and one that takes more is interrupted on a busy machine.
pub const ATTEMPTS: u64 = 1 << 16;

/// A miner so hard to satisfy that a round finds nothing.
///
/// # Panics
/// If both ways do not find the same nonce where there is one: a wrong hash is no fast hash.
pub fn miner() -> Miner {
    let easy = miner_of(DEFAULT_DIFFICULTY);
    assert!(digest(&easy).is_some(), "some nonce fits");
    assert_eq!(mine(&easy), digest(&easy), "both ways find the same nonce");

    let hard = miner_of(MAX_DIFFICULTY);
    assert_eq!(mine(&hard), None, "a round is not cut short");
    hard
}

fn miner_of(difficulty: u8) -> Miner {
    let balances = AccountId::first(3).map(|account| (account, 100));
    let ledger = Ledger::open(&balances.collect()).expect("a bank");
    Miner::new(Candidate::build(&genesis(&ledger), Term(1), difficulty, &ledger, []))
}

/// A round as the engine makes it.
pub fn mine(miner: &Miner) -> Option<u64> {
    let mut miner = black_box(miner).clone();
    black_box(miner.attempt(ATTEMPTS)).map(|found| found.nonce)
}

/// A round as anybody would write it: one digest of the header after the other.
pub fn digest(miner: &Miner) -> Option<u64> {
    let header = black_box(miner).candidate().header();
    let bits = u32::from(header.difficulty);
    let enough = |nonce: &u64| {
        let header = Header { nonce: *nonce, ..*header };
        Hash::of(&header.encode()).leading_zero_bits() >= bits
    };
    black_box((0..ATTEMPTS).find(enough))
}
