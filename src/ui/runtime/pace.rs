//! Speed that follows interest.

use super::{Inner, WORK_MS};
use crate::base::Time;
use crate::ui::view::interest::{Interest, words};
use crate::ui::view::timeline::SPEEDS;
use std::rc::Rc;

/// How many steps a frame makes at the most while it looks out for something of interest. Idle
/// time passes no quicker than real time, so that there are some tens.
const STEPS_MAX: u32 = 1_000;

impl Inner {
    /// The speed that somebody chose, in virtual microseconds for each real millisecond.
    pub(super) fn chosen_speed(&self) -> f64 {
        SPEEDS[self.speed].1 as f64
    }

    /// How much quicker time passes after so many real milliseconds.
    pub(super) fn gather_pace(&mut self, ms: f64) -> f64 {
        let Some(pace) = self.slows else { return 1.0 };
        let interest = Interest::of(self.simulation().world());
        let pace = pace.after(ms, self.chosen_speed(), interest);
        self.slows = Some(pace);
        pace.factor()
    }

    /// Lets the world go on to a time. While time passes quicker than was chosen, it stops where
    /// something of interest begins: the next frame shows that at the chosen speed.
    pub(super) fn run_to(&mut self, target: Time) {
        let hurries = self.slows.is_some_and(|pace| pace.factor() > 1.0);
        for _ in 0..STEPS_MAX {
            if !hurries || !self.step_by(target) {
                break;
            }
            if Interest::of(self.simulation().world()).is_some() {
                return self.rest_here();
            }
        }
        self.run_until(target, WORK_MS);
    }

    /// Ends a frame before its time.
    fn rest_here(&mut self) {
        self.remainder = 0.0;
        let now = self.simulation().world().now();
        self.run_until(now, WORK_MS);
    }

    /// The speed and its reason, if it follows interest.
    pub(super) fn pace_in_words(&self) -> Option<Rc<str>> {
        let pace = self.slows?;
        let interest = Interest::of(self.simulation().world());
        Some(words(self.chosen_speed(), pace, interest).into())
    }
}
