//! Moments of a run that are kept whole, few and far between.

use super::Moment;
use crate::base::{Span, Time};
use crate::check::Judges;
use crate::sim::{Simulation, TRACE_CAPACITY, World};
use crate::trace::{EventId, Trace};
use std::sync::Arc;

/// A checkpoint is taken after so many turns.
pub const TURNS_BETWEEN: u64 = 2_048;

/// The most checkpoints that are kept of a run.
pub const CHECKPOINTS_MAX: usize = 192;

/// The stretch before the end in which a seek is quick. Further back checkpoints become sparser.
pub const RECENT: Span = Span::secs(3600);

/// How many events a trace has before the moment that somebody looks at, where there were any.
pub const LEAD_IN: u64 = 4_000;

/// A moment of a run: its world and its judges, without what can be had otherwise. The actions are
/// those of the run that it belongs to, of which only the number is kept, and the trace is made
/// again by going on from an earlier one.
#[derive(Clone, Debug)]
pub struct Checkpoint {
    /// Without its actions.
    world: World,
    judges: Judges,
    /// Begins here, but for what happened before the first turn, which nothing makes again.
    trace: Trace,
    actions: usize,
    event_turn: u64,
}

impl Checkpoint {
    fn of(simulation: &Simulation) -> Self {
        let begins = simulation.world().turn() == 0;
        let last = simulation.trace().last_id();
        Self {
            trace: match begins {
                true => simulation.trace().clone(),
                false => Trace::going_on(TRACE_CAPACITY, last),
            },
            world: simulation.world().without_actions(),
            judges: simulation.judges().clone(),
            actions: simulation.world().actions().len(),
            event_turn: simulation.event_turn(),
        }
    }

    /// The run from here on. `tip` stands later in the same run.
    pub fn resume(&self, tip: &Simulation) -> Simulation {
        let mut world = self.world.clone();
        world.actions = tip.world().actions()[..self.actions].to_vec();
        tip.resume(world, self.judges.clone(), self.trace.clone(), self.event_turn)
    }

    /// How many turns the run had made.
    pub fn turn(&self) -> u64 {
        self.world.steps + self.actions as u64
    }

    /// When it is.
    pub fn at(&self) -> Time {
        self.world.now
    }

    fn last_event(&self) -> EventId {
        self.world.last_event
    }

    /// True if the run comes through here on its way to a moment.
    fn leads_to(&self, moment: Moment) -> bool {
        match moment {
            Moment::Turn(turn) => self.turn() <= turn,
            Moment::Time(time) => self.at() <= time,
            Moment::Event(event) => self.last_event() < event,
        }
    }
}

/// The checkpoints of one run, in its order. The first is its beginning.
///
/// Branches of a run share those from before they parted.
#[derive(Clone, Debug)]
pub struct Checkpoints(Vec<Arc<Checkpoint>>);

impl Checkpoints {
    /// Those of a run that begins.
    pub fn new(simulation: &Simulation) -> Self {
        assert_eq!(simulation.world().turn(), 0, "a history begins where its run does");
        Self(vec![Arc::new(Checkpoint::of(simulation))])
    }

    /// Takes a checkpoint if it is time for one. The run has just made a turn.
    pub fn offer(&mut self, simulation: &Simulation) {
        let last = self.0.last().expect("the beginning is kept");
        if simulation.world().turn() < last.turn() + TURNS_BETWEEN {
            return;
        }
        self.0.push(Arc::new(Checkpoint::of(simulation)));
        if self.0.len() > CHECKPOINTS_MAX {
            let places: Vec<Place> = self.0.iter().map(|it| (it.turn(), it.at())).collect();
            self.0.remove(superfluous(&places));
        }
    }

    /// Where to begin in order to see a moment with what led to it: the last checkpoint before it
    /// that has enough events between.
    pub fn before(&self, moment: Moment) -> &Checkpoint {
        let leading = self.0.partition_point(|it| it.leads_to(moment));
        let nearest = &self.0[leading.saturating_sub(1)];
        let enough = nearest.last_event().0.saturating_sub(LEAD_IN);
        let early = self.0.partition_point(|it| it.last_event().0 <= enough);
        &self.0[early.saturating_sub(1)]
    }

    /// Those up to a turn, shared.
    pub fn up_to(&self, turn: u64) -> Self {
        let kept = self.0.partition_point(|it| it.turn() <= turn);
        Self(self.0[..kept].to_vec())
    }

    /// All of them.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Arc<Checkpoint>> {
        self.0.iter()
    }
}

/// Where a checkpoint stands in its run: after how many turns, and when.
type Place = (u64, Time);

/// Which of these checkpoints, in their order, can best be spared: never the first or the last.
///
/// To spare one costs the turns between its neighbours, which somebody who looks at the end of that
/// stretch has to wait for. What is older than [`RECENT`] costs less by the square of its age, so
/// all of the older past together has about as many checkpoints as the recent part alone.
fn superfluous(places: &[Place]) -> usize {
    let (_, now) = places[places.len() - 1];
    let cost = |place: usize| {
        let (turns, at) = (places[place + 1].0 - places[place - 1].0, places[place].1);
        let age = now.since(at).0.max(RECENT.0) as f64 / RECENT.0 as f64;
        turns as f64 / (age * age)
    };
    let spared = (1..places.len() - 1).min_by(|a, b| cost(*a).total_cmp(&cost(*b)));
    spared.expect("there are more than the first and the last")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The places of what is kept of a run that makes turns at these rates, in turns a second, for
    /// so many seconds each.
    fn kept(stretches: &[(u64, u64)]) -> Vec<Place> {
        let mut places = vec![(0, Time::ZERO)];
        let (mut turn, mut at) = (0, Time::ZERO);
        for (rate, secs) in stretches {
            for _ in 0..rate * secs / TURNS_BETWEEN {
                turn += TURNS_BETWEEN;
                at += Span::us(TURNS_BETWEEN * 1_000_000 / rate);
                places.push((turn, at));
                if places.len() > CHECKPOINTS_MAX {
                    places.remove(superfluous(&places));
                }
            }
        }
        places
    }

    /// The most turns between two checkpoints of the last hour, and how many that hour has.
    fn recent(places: &[Place]) -> (u64, u64) {
        let (last, now) = places[places.len() - 1];
        let pairs = places.windows(2).filter(|pair| now.since(pair[1].1) <= RECENT);
        let gaps: Vec<u64> = pairs.map(|pair| pair[1].0 - pair[0].0).collect();
        let first = places.iter().find(|(_, at)| now.since(*at) <= RECENT).expect("the last one");
        (gaps.into_iter().max().unwrap_or(0), last - first.0)
    }

    #[test]
    fn a_short_run_keeps_every_one() {
        let places = kept(&[(TURNS_BETWEEN, CHECKPOINTS_MAX as u64 - 1)]);
        assert_eq!(places.len(), CHECKPOINTS_MAX);
        assert!(places.windows(2).all(|pair| pair[1].0 - pair[0].0 == TURNS_BETWEEN));
    }

    #[test]
    fn what_is_older_is_sparser() {
        let places = kept(&[(1_000, 24 * 3600)]);
        let (_, now) = places[places.len() - 1];
        let within = |hours: u64| {
            places.iter().filter(|(_, at)| now.since(*at) <= RECENT.times(hours)).count()
        };
        let (hour, four, day) = (within(1), within(4), within(24));
        assert!(hour > CHECKPOINTS_MAX / 3, "{hour} of {day} in the last hour");
        assert!(four - hour > day - four, "{hour}, {four}, {day}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        /// However a run goes, no more than the bound are kept, its beginning among them, and no
        /// gap in the last hour is much larger than it would be if half of them were spread evenly.
        #[test]
        fn few_are_kept_and_the_last_hour_is_covered(
            stretches in prop::collection::vec((100..4_000_u64, 60..5_000_u64), 1..8),
        ) {
            let places = kept(&stretches);
            prop_assert!(places.len() <= CHECKPOINTS_MAX);
            prop_assert_eq!(places[0], (0, Time::ZERO));
            let (gap, turns) = recent(&places);
            let even = turns / (CHECKPOINTS_MAX as u64 / 2);
            prop_assert!(gap <= (4 * even).max(2 * TURNS_BETWEEN), "{} of {} turns", gap, turns);
        }
    }
}
