//! Proof of work in virtual time.
//!
//! The attempts are real SHA-256; what they cost is charged to virtual time at the set rate.
//! They are made in slices, so that no single call holds the browser up, and a found block is
//! shown only when the time for its attempts has passed. Work that was begun on a tip which is
//! no longer the tip is thrown away.

use crate::base::{Index, Span, Time};
use crate::chain::{Block, Candidate, Found, Miner};

/// Attempts in one slice. At 6 million a second in a browser they take well below a millisecond,
/// and slices of 256 or more run at full speed.
const SLICE: u64 = 2048;

/// A block in the making.
#[derive(Clone, Debug)]
pub struct Mining {
    miner: Miner,
    began: Time,
    attempts_per_second: u64,
    found: Option<Found>,
}

impl Mining {
    /// Begins, and makes the first slice of attempts.
    pub fn begin(candidate: Candidate, attempts_per_second: u64, now: Time) -> Self {
        let miner = Miner::new(candidate);
        let mut mining = Self { miner, began: now, attempts_per_second, found: None };
        mining.attempt();
        mining
    }

    /// When the attempts made so far will have passed in virtual time.
    pub fn next_wake(&self) -> Time {
        self.began + self.cost(self.miner.attempts_made())
    }

    /// Goes on once the time has come: the block if its nonce was found, else the next slice.
    pub fn wake(&mut self, now: Time) -> Option<Block> {
        if now < self.next_wake() {
            return None;
        }
        if let Some(found) = self.found {
            return Some(self.miner.clone().into_block(found.nonce));
        }
        self.attempt();
        None
    }

    /// The candidate that is being mined.
    pub fn candidate(&self) -> &Candidate {
        self.miner.candidate()
    }

    /// Height of the block in the making.
    pub fn height(&self) -> Index {
        self.candidate().header().height
    }

    /// How many attempts had been made by `now`, as virtual time counts them.
    pub fn attempts_by(&self, now: Time) -> u64 {
        let passed = u128::from(now.since(self.began).0);
        let attempts = passed * u128::from(self.attempts_per_second) / 1_000_000;
        self.miner.attempts_made().min(u64::try_from(attempts).unwrap_or(u64::MAX))
    }

    fn attempt(&mut self) {
        assert!(self.found.is_none(), "a found nonce ends the search");
        self.found = self.miner.attempt(SLICE);
    }

    /// The virtual time that so many attempts take.
    fn cost(&self, attempts: u64) -> Span {
        let us = u128::from(attempts) * 1_000_000 / u128::from(self.attempts_per_second);
        Span(u64::try_from(us).unwrap_or(u64::MAX))
    }
}
