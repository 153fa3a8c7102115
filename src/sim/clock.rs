//! The clock of one machine, which may run fast or slow.
//!
//! A server never sees the world's time. It is told the time of its own machine's clock, and the
//! moments at which it wants to be woken are moments of that clock.
//!
//! # Rounding
//!
//! Both times are whole microseconds. [`Clock::local`] rounds down and [`Clock::world`] rounds up,
//! so that `world(t)` is the *first* moment of the world at which the clock shows `t` or later.
//! Hence a server that is woken at `world(t)` is told a time of at least `t`: it is never woken
//! before its time, and never again and again for one moment that its clock has not reached.
//! Setting another rate begins a new stretch at what the clock shows just then, so that it never
//! goes back.

use crate::base::random::{CERTAIN, Ppm};
use crate::base::{Span, Time};

/// The rate of a clock that is true, in parts per million.
pub const TRUE_RATE: Ppm = CERTAIN;

/// The slowest clock: it takes two seconds for one.
pub const RATE_SLOWEST: Ppm = CERTAIN / 2;

/// The fastest clock: it takes half a second for one.
pub const RATE_FASTEST: Ppm = CERTAIN * 2;

/// A machine's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// When the present rate was set, by the world's time.
    since: Time,
    /// What the clock showed then.
    shown: Time,
    /// How much it goes on in a million microseconds.
    rate: Ppm,
}

/// A clock that is true.
impl Default for Clock {
    fn default() -> Self {
        Self { since: Time::ZERO, shown: Time::ZERO, rate: TRUE_RATE }
    }
}

impl Clock {
    /// What it shows at a moment of the world.
    pub fn local(&self, world: Time) -> Time {
        let passed = u128::from(world.since(self.since).0) * u128::from(self.rate);
        self.shown + Span(clamp(passed / u128::from(TRUE_RATE)))
    }

    /// The first moment of the world at which it shows `local` or later, not before its rate was
    /// set.
    pub fn world(&self, local: Time) -> Time {
        let missing = u128::from(local.since(self.shown).0) * u128::from(TRUE_RATE);
        self.since + Span(clamp(missing.div_ceil(u128::from(self.rate))))
    }

    /// Lets it run at another rate from now on.
    ///
    /// # Panics
    /// If the rate is not between [`RATE_SLOWEST`] and [`RATE_FASTEST`].
    pub fn set_rate(&mut self, rate: Ppm, now: Time) {
        assert!(
            (RATE_SLOWEST..=RATE_FASTEST).contains(&rate),
            "rates are checked where they enter"
        );
        assert!(now >= self.since, "the world's time never goes back");
        *self = Self { since: now, shown: self.local(now), rate };
    }

    /// How much it goes on in a million microseconds.
    pub fn rate(&self) -> Ppm {
        self.rate
    }
}

fn clamp(us: u128) -> u64 {
    u64::try_from(us).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_true_clock_shows_the_worlds_time() {
        let clock = Clock::default();
        for us in [0, 1, 999_999, 1 << 40, u64::MAX] {
            assert_eq!(clock.local(Time(us)), Time(us));
            assert_eq!(clock.world(Time(us)), Time(us));
        }
    }

    #[test]
    fn a_fast_clock_reaches_a_moment_earlier() {
        let mut clock = Clock::default();
        clock.set_rate(1_250_000, Time(1000));
        assert_eq!(clock.local(Time(1000)), Time(1000));
        assert_eq!(clock.local(Time(1800)), Time(2000));
        assert_eq!(clock.world(Time(2000)), Time(1800));
        clock.set_rate(RATE_SLOWEST, Time(1800));
        assert_eq!(clock.local(Time(2001)), Time(2100));
        assert_eq!(clock.world(Time(2100)), Time(2000));
        assert_eq!(clock.world(Time(1500)), Time(1800), "that moment has passed");
    }

    proptest! {
        /// Over any changes of its rate a clock never goes back, and a wake-up is neither early
        /// nor later than the first moment that is late enough.
        #[test]
        fn it_never_goes_back_and_wakes_at_the_first_moment_that_will_do(
            changes in prop::collection::vec((0..3_000_000_u64, RATE_SLOWEST..=RATE_FASTEST), 1..20),
            ahead in 0..5_000_000_u64,
            step in 0..10_u64,
        ) {
            let (mut clock, mut now) = (Clock::default(), Time::ZERO);
            for (pause, rate) in changes {
                let before = clock.local(now);
                now = Time(now.0 + pause);
                let shown = clock.local(now);
                prop_assert!(shown >= before);
                clock.set_rate(rate, now);
                prop_assert_eq!(clock.local(now), shown);
                prop_assert!(clock.local(Time(now.0 + step)) >= shown);

                let wanted = Time(shown.0 + ahead);
                let wake = clock.world(wanted);
                prop_assert!(wake >= now);
                prop_assert!(clock.local(wake) >= wanted, "woken early");
                if wake > now {
                    prop_assert!(clock.local(Time(wake.0 - 1)) < wanted, "woken late");
                }
            }
        }
    }
}
