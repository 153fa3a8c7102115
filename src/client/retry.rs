//! How long a client waits before it asks again.

use crate::base::Span;
use crate::base::random::{Rng, span_between};
use serde::{Deserialize, Serialize};

/// The shortest timeout that can be set.
pub const TIMEOUT_SHORTEST: Span = Span::ms(1);

/// The longest timeout that can be set.
pub const TIMEOUT_LONGEST: Span = Span::secs(600);

/// How long a client waits for an answer.
///
/// After the n-th attempt the wait is drawn evenly between `first_timeout` and the lesser of
/// `first_timeout` × 2ⁿ and `max_timeout`. So no resend comes sooner than `first_timeout`, none
/// later than `max_timeout`, and the longer a cluster is in trouble, the thinner its clients'
/// requests are spread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The least wait. It should leave time for a transfer to be mined and replicated.
    pub first_timeout: Span,
    /// The most wait, however often the request was sent.
    pub max_timeout: Span,
}

impl Config {
    /// Suits the original's delays of seconds.
    pub const ORIGINAL: Self = Self { first_timeout: Span::secs(40), max_timeout: Span::secs(160) };

    /// Whether a client can work with it; if not, what to change.
    pub fn validate(&self) -> Result<(), String> {
        validate_timeout("the first timeout", self.first_timeout)?;
        validate_timeout("the longest timeout", self.max_timeout)?;
        if self.first_timeout > self.max_timeout {
            let (first, max) = (self.first_timeout, self.max_timeout);
            return Err(format!(
                "the first timeout ({first}) must not be above the longest timeout ({max})"
            ));
        }
        Ok(())
    }

    /// Draws the wait after this many attempts. None is as one: a client that has just recovered
    /// may hear `Busy` for what it sent before.
    pub(super) fn wait(&self, attempts: u32, rng: &mut Rng) -> Span {
        let doublings = attempts.clamp(1, 32);
        let ceiling = self.first_timeout.times(1 << doublings).min(self.max_timeout);
        span_between(rng, self.first_timeout, ceiling)
    }
}

/// Suits delays of tens of milliseconds.
impl Default for Config {
    fn default() -> Self {
        Self { first_timeout: Span::ms(400), max_timeout: Span::ms(3200) }
    }
}

fn validate_timeout(field: &str, timeout: Span) -> Result<(), String> {
    if (TIMEOUT_SHORTEST..=TIMEOUT_LONGEST).contains(&timeout) {
        return Ok(());
    }
    Err(format!("{field} must be {TIMEOUT_SHORTEST} to {TIMEOUT_LONGEST}; it is {timeout}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::random::stream;

    #[test]
    fn waits_grow_up_to_the_longest_and_fill_their_range() {
        let config = Config { first_timeout: Span::ms(100), max_timeout: Span::ms(500) };
        let mut rng = stream(1, "waits");
        for (attempts, longest) in
            [(0, 200), (1, 200), (2, 400), (3, 500), (4, 500), (u32::MAX, 500)]
        {
            let waits: Vec<Span> = (0..2000).map(|_| config.wait(attempts, &mut rng)).collect();
            let (least, most) = (*waits.iter().min().unwrap(), *waits.iter().max().unwrap());
            assert!(least >= Span::ms(100) && least < Span::ms(102), "{attempts}: {least}");
            assert!(most <= Span::ms(longest), "{attempts}: {most}");
            assert!(most > Span::ms(longest - 2), "{attempts}: {most}");
        }
    }

    #[test]
    fn what_is_out_of_range_is_named_with_its_bounds() {
        let config = |first_timeout, max_timeout| Config { first_timeout, max_timeout };
        for good in [
            Config::default(),
            Config::ORIGINAL,
            config(TIMEOUT_SHORTEST, TIMEOUT_LONGEST),
            config(Span::ms(5), Span::ms(5)),
        ] {
            assert_eq!(good.validate(), Ok(()));
        }
        for (bad, expected) in [
            (
                config(Span::us(999), Span::secs(1)),
                "the first timeout must be 1ms to 600s; it is 999us",
            ),
            (
                config(Span::ms(1), Span::secs(601)),
                "the longest timeout must be 1ms to 600s; it is 601s",
            ),
            (
                config(Span::ms(2), Span::ms(1)),
                "the first timeout (2ms) must not be above the longest timeout (1ms)",
            ),
        ] {
            assert_eq!(bad.validate(), Err(expected.to_owned()));
        }
    }
}
