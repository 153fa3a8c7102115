//! How often something took how long, on a fixed scale that grows with the times.

use crate::base::Span;

/// Steps of the scale from one power of two to the next, as a power of two.
const FINE_BITS: u32 = 3;

/// What takes less than this many microseconds, as a power of two, is counted as that.
const LEAST_BITS: u32 = 8;

/// What takes longer than this many microseconds, as a power of two, is counted as that: 19 hours.
const MOST_BITS: u32 = 36;

/// How many times were counted at each step of the scale.
///
/// A step is at most an eighth of a time wide, from a quarter of a millisecond on. Only steps at
/// which something was counted are kept, in their order: there are at most some two hundred.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Histogram {
    counted: Vec<(u8, u32)>,
}

impl Histogram {
    /// Counts a time.
    pub fn add(&mut self, span: Span) {
        self.count(step(span), 1);
    }

    /// Counts all that the other has counted.
    pub fn add_all(&mut self, other: &Self) {
        other.counted.iter().for_each(|(step, count)| self.count(*step, *count));
    }

    fn count(&mut self, step: u8, more: u32) {
        let place = self.counted.partition_point(|(at, _)| *at < step);
        match self.counted.get_mut(place) {
            Some((at, count)) if *at == step => *count = count.saturating_add(more),
            _ => self.counted.insert(place, (step, more)),
        }
    }

    /// How many times were counted.
    pub fn total(&self) -> u64 {
        self.counted.iter().map(|(_, count)| u64::from(*count)).sum()
    }

    /// The time that so many of a hundred did not exceed; nothing if none was counted. Within a
    /// step times are taken to be spread evenly.
    pub fn percentile(&self, percent: u64) -> Option<Span> {
        // The rank of what is looked for, from 1 on.
        let rank = (self.total() * percent).div_ceil(100).max(1);
        let mut below = 0;
        for (step, count) in &self.counted {
            let count = u64::from(*count);
            if below + count >= rank {
                let (low, high) = (least_of(*step), least_of(step + 1));
                // The middle of its share of the step.
                let part = 2 * (rank - below) - 1;
                return Some(Span::us(low + (high - low) * part / (2 * count)));
            }
            below += count;
        }
        None
    }
}

/// The step at which a time is counted.
fn step(span: Span) -> u8 {
    let us = span.0.clamp(1 << LEAST_BITS, (1 << MOST_BITS) - 1);
    let bits = us.ilog2();
    let fine = (us >> (bits - FINE_BITS)) & ((1 << FINE_BITS) - 1);
    let step = u64::from((bits - LEAST_BITS) << FINE_BITS) + fine;
    u8::try_from(step).expect("there are fewer steps than that")
}

/// The shortest time of a step, in microseconds.
fn least_of(step: u8) -> u64 {
    let (bits, fine) = (u32::from(step) >> FINE_BITS, u64::from(step) & ((1 << FINE_BITS) - 1));
    ((1 << FINE_BITS) + fine) << (bits + LEAST_BITS - FINE_BITS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn each_step_begins_where_the_one_before_ends() {
        let last = step(Span(u64::MAX));
        assert_eq!(step(Span::ZERO), 0);
        for at in 0..=last {
            assert_eq!(step(Span::us(least_of(at))), at);
            assert_eq!(step(Span::us(least_of(at + 1) - 1)), at);
        }
    }

    proptest! {
        /// A percentile is off by less than a step, however the times are divided among histograms.
        #[test]
        fn percentiles_are_nearly_exact(
            times in prop::collection::vec(256..1_000_000_000_u64, 1..300),
            cut in any::<prop::sample::Index>(),
        ) {
            let (first, second) = times.split_at(cut.index(times.len()));
            let count = |times: &[u64]| {
                let mut counted = Histogram::default();
                times.iter().for_each(|us| counted.add(Span::us(*us)));
                counted
            };
            let mut both = count(first);
            both.add_all(&count(second));
            prop_assert_eq!(&both, &count(&times));
            prop_assert_eq!(both.total(), times.len() as u64);
            let mut sorted = times.clone();
            sorted.sort_unstable();
            for percent in [1, 50, 95, 99, 100] {
                let exact = sorted[(times.len() * percent).div_ceil(100) - 1] as f64;
                let told = both.percentile(percent as u64).expect("some were counted").0 as f64;
                prop_assert!((told / exact - 1.0).abs() <= 0.125, "{}%: {} for {}", percent, told, exact);
            }
        }
    }
}
