//! Seeded randomness, one independent stream for each user of it.

use super::{Digest, Span};
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng, TryRng};
use std::convert::Infallible;

/// The engine's generator: ChaCha8, the same on every machine.
///
/// A clone goes on with the same draws as the original would. That is what a forked world needs,
/// and what the library's own type leaves out on purpose, since it would be a trap elsewhere.
#[derive(Debug, PartialEq, Eq)]
pub struct Rng(ChaCha8Rng);

impl Clone for Rng {
    fn clone(&self) -> Self {
        Self(ChaCha8Rng::deserialize_state(&self.0.serialize_state()))
    }
}

/// The draws themselves; `rand::RngExt` makes ranges of them.
impl TryRng for Rng {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.0.try_next_u32()
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.0.try_next_u64()
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.0.try_fill_bytes(bytes)
    }
}

/// A probability in parts per million, so that no floating point decides what happens.
pub type Ppm = u32;

/// A chance of one.
pub const CERTAIN: Ppm = 1_000_000;

/// A rate as people write it: `5%`, `0.25%`. Nothing is rounded.
pub fn percent(rate: Ppm) -> String {
    let one_percent = CERTAIN / 100;
    let digits = format!("{}.{:04}", rate / one_percent, rate % one_percent);
    format!("{}%", digits.trim_end_matches('0').trim_end_matches('.'))
}

/// The stream of draws that `user` takes in a run with this seed.
///
/// Streams with other names are independent of it: a server that draws once more than before
/// does not shift the delays of the channel.
pub fn stream(seed: u64, user: &str) -> Rng {
    let mut digest = Digest::new();
    digest.number(seed).bytes(user.as_bytes());
    Rng(ChaCha8Rng::from_seed(digest.finish().0))
}

/// True with a probability of `chance` parts per million. Always takes one draw, so that a
/// setting does not shift the draws after it.
pub fn happens(rng: &mut Rng, chance: Ppm) -> bool {
    rng.random_range(0..CERTAIN) < chance
}

/// A span between `min` and `max`, both included, evenly distributed.
///
/// # Panics
/// If `min` is above `max`.
pub fn span_between(rng: &mut Rng, min: Span, max: Span) -> Span {
    Span(rng.random_range(min.0..=max.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_repeats_and_differs_from_others() {
        let draw = |seed, user| stream(seed, user).random::<u64>();
        assert_eq!(draw(7, "S1"), draw(7, "S1"));
        assert_ne!(draw(7, "S1"), draw(7, "S2"));
        assert_ne!(draw(7, "S1"), draw(8, "S1"));
    }

    #[test]
    fn a_clone_goes_on_with_the_same_draws() {
        let mut original = stream(7, "S1");
        for draws in 0..600 {
            let mut clone = original.clone();
            let mut expected = stream(7, "S1");
            (0..draws).for_each(|_| _ = expected.random::<u32>());
            assert_eq!(clone.random::<u64>(), expected.random::<u64>(), "after {draws} draws");
            _ = original.random::<u32>();
        }
    }

    #[test]
    fn chances_are_kept_at_the_ends() {
        let mut rng = stream(1, "chance");
        for _ in 0..1000 {
            assert!(!happens(&mut rng, 0));
            assert!(happens(&mut rng, CERTAIN));
        }
    }
}
