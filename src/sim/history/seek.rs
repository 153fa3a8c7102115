//! On the way to a moment of a run, in portions.

use crate::base::Time;
use crate::sim::Simulation;
use crate::sim::run::{Course, Turned};
use crate::trace::EventId;

/// A moment of a run. Where a run has no such moment yet, its end is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// After so many turns.
    Turn(u64),
    /// At this time, after everything that happened up to then.
    Time(Time),
    /// After the turn in which this event happened.
    Event(EventId),
}

/// A run that is being executed again, up to a moment of its past.
#[derive(Clone, Debug)]
pub struct Seek {
    simulation: Simulation,
    to: Moment,
}

impl Seek {
    pub(super) fn new(simulation: Simulation, to: Moment) -> Self {
        Self { simulation, to }
    }

    /// Goes on by at most so many turns; true once it is there. `tip` stands later in the run.
    ///
    /// # Panics
    /// If the run does not repeat itself.
    pub fn advance(&mut self, tip: &Simulation, turns: u64) -> bool {
        let limit = match self.to {
            Moment::Time(time) => time.min(tip.world().now()),
            Moment::Turn(_) | Moment::Event(_) => Time(u64::MAX),
        };
        for _ in 0..turns {
            if self.is_there() {
                return true;
            }
            match repeat(&mut self.simulation, tip, limit) {
                Turned::Made => {}
                Turned::Later => {
                    self.simulation.set_clock(limit);
                    return true;
                }
                Turned::End => return true,
            }
        }
        false
    }

    fn is_there(&self) -> bool {
        let world = self.simulation.world();
        match self.to {
            Moment::Turn(turn) => world.turn() >= turn,
            Moment::Event(event) => world.last_event >= event,
            Moment::Time(_) => false,
        }
    }

    /// Where it goes.
    pub fn to(&self) -> Moment {
        self.to
    }

    /// The run at that moment, once it is there.
    pub fn into_simulation(self) -> Simulation {
        self.simulation
    }
}

/// Lets a world that stands earlier in the run of `tip` make the turn that it made then, if that is
/// due at or before `limit`.
pub(super) fn repeat(simulation: &mut Simulation, tip: &Simulation, limit: Time) -> Turned {
    let turned = Course::of(tip).turn(simulation, limit);
    turned.unwrap_or_else(|error| panic!("a run repeats itself, but {error}"))
}
