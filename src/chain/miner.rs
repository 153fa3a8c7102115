//! The search for a nonce.

use super::compress::SecondBlock;
use super::lanes::LANES;
use super::{Block, Candidate, Header};

/// Searches a candidate's nonce, from 0 upwards, in slices of any size.
///
/// The nonce that it finds is the lowest that fits, and how the search is sliced changes neither
/// it nor the count of attempts: virtual time, which is charged by attempts, runs the same on
/// every machine.
#[derive(Clone, Debug)]
pub struct Miner {
    candidate: Candidate,
    /// All that is hashed but the nonce, prepared.
    second_block: SecondBlock,
    /// The bits of the hash's first word that must be zero.
    mask: u32,
    /// The next nonce to try, which is how many were tried.
    cursor: u64,
    found: Option<Found>,
}

/// A nonce that gives the block's hash its leading zero bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// The nonce.
    pub nonce: u64,
}

impl Miner {
    /// A miner that has not tried anything yet.
    pub fn new(candidate: Candidate) -> Self {
        let second_block = SecondBlock::new(candidate.header());
        let mask = leading_bits(candidate.header());
        Self { candidate, second_block, mask, cursor: 0, found: None }
    }

    /// Makes up to so many attempts more, and stops at the first that fits. Once a nonce is
    /// found, it is told again and nothing more is tried.
    pub fn attempt(&mut self, attempts: u64) -> Option<Found> {
        if self.found.is_some() {
            return self.found;
        }
        let end = self.cursor.checked_add(attempts).expect("nobody makes 2^64 attempts");
        let mut nonce = self.cursor;
        while nonce < end {
            let words = self.second_block.first_words(nonce);
            if let Some(lane) = words.iter().position(|word| word & self.mask == 0) {
                let hit = nonce.saturating_add(lane as u64);
                // The last vector may reach beyond the slice; what is beyond was not tried.
                if hit < end {
                    return self.find(hit);
                }
            }
            nonce = nonce.saturating_add(LANES as u64);
        }
        self.cursor = end;
        None
    }

    /// How many nonces were tried, the one that fits included.
    pub fn attempts_made(&self) -> u64 {
        self.cursor
    }

    /// What is mined.
    pub fn candidate(&self) -> &Candidate {
        &self.candidate
    }

    /// The mined block.
    ///
    /// # Panics
    /// If the nonce does not give the block its work.
    pub fn into_block(self, nonce: u64) -> Block {
        let block = self.candidate.into_block(nonce);
        assert!(block.has_work(), "a found nonce gives the block its work");
        block
    }

    fn find(&mut self, nonce: u64) -> Option<Found> {
        self.cursor = nonce + 1;
        self.found = Some(Found { nonce });
        self.found
    }
}

/// The first bits of a word, as many as the difficulty. A difficulty fits one word.
fn leading_bits(header: &Header) -> u32 {
    !(u32::MAX.checked_shr(u32::from(header.difficulty)).unwrap_or(0))
}

#[cfg(test)]
#[path = "miner_tests.rs"]
mod tests;
