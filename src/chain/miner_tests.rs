//! The lowest nonce is found, and slices change nothing.

use super::*;
use crate::base::Term;
use crate::chain::testing::{bank, transfer};
use crate::chain::{DEFAULT_DIFFICULTY, MAX_DIFFICULTY, genesis};

fn candidate(difficulty: u8, amount: u64) -> Candidate {
    let transfers = [transfer(1, 1, 2, amount)];
    Candidate::build(&genesis(&bank()), Term(1), difficulty, &bank(), transfers)
}

/// The search as anybody would write it.
fn plain_search(candidate: &Candidate) -> u64 {
    let header = candidate.header();
    let enough = |nonce: &u64| {
        let hash = Header { nonce: *nonce, ..*header }.hash();
        hash.leading_zero_bits() >= u32::from(header.difficulty)
    };
    (0..).find(enough).expect("some nonce fits")
}

#[test]
fn the_nonce_is_the_lowest_that_fits() {
    for difficulty in [0, 1, 2, 3, 5, 8, 11, DEFAULT_DIFFICULTY] {
        for amount in 1..=4 {
            let candidate = candidate(difficulty, amount);
            let nonce = plain_search(&candidate);
            let mut miner = Miner::new(candidate);
            assert_eq!(miner.attempt(1 << 20), Some(Found { nonce }), "{difficulty} bits");
            assert_eq!(miner.attempts_made(), nonce + 1);

            let block = miner.into_block(nonce);
            assert!(block.work_bits() >= u32::from(difficulty));
        }
    }
}

#[test]
fn slices_change_nothing() {
    let candidate = candidate(9, 1);
    let nonce = plain_search(&candidate);
    for slice in [1, 2, 3, 4, 5, 7, 64, nonce, nonce + 1, 1 << 20] {
        let mut miner = Miner::new(candidate.clone());
        let mut found = None;
        let mut attempts_asked = 0;
        while found.is_none() {
            assert_eq!(miner.attempts_made(), attempts_asked, "in slices of {slice}");
            attempts_asked += slice;
            found = miner.attempt(slice);
        }
        assert!(attempts_asked > nonce, "in slices of {slice}: found before it was asked for");
        assert_eq!(found, Some(Found { nonce }), "in slices of {slice}");
        assert_eq!(miner.attempts_made(), nonce + 1, "in slices of {slice}");
    }
}

#[test]
fn what_is_found_is_told_again_without_work() {
    let mut miner = Miner::new(candidate(4, 1));
    let found = miner.attempt(1 << 20);
    let attempts_made = miner.attempts_made();
    assert!(found.is_some());
    assert_eq!(miner.attempt(1 << 20), found);
    assert_eq!(miner.attempts_made(), attempts_made);
}

#[test]
fn no_attempts_find_nothing() {
    let mut miner = Miner::new(candidate(0, 1));
    assert_eq!(miner.attempt(0), None);
    assert_eq!(miner.attempts_made(), 0);
    assert_eq!(miner.attempt(1), Some(Found { nonce: 0 }));
}

#[test]
fn the_mask_has_a_bit_for_each_of_the_difficulty() {
    for difficulty in 0..=MAX_DIFFICULTY {
        let mask = leading_bits(candidate(difficulty, 1).header());
        assert_eq!(mask.leading_ones(), u32::from(difficulty));
        assert_eq!(mask.count_ones(), u32::from(difficulty));
    }
}

#[test]
#[should_panic(expected = "a found nonce gives the block its work")]
fn a_nonce_that_does_not_fit_makes_no_block() {
    let candidate = candidate(8, 1);
    let nonce = plain_search(&candidate);
    assert_ne!(nonce, 0, "the wrong nonce below must be wrong");
    Miner::new(candidate).into_block(nonce - 1);
}
