//! Moments of a run that are kept whole, few and far between.

use super::Moment;
use crate::base::{Span, Time};
use crate::check::Judges;
use crate::sim::metrics::Metrics;
use crate::sim::{Simulation, TRACE_CAPACITY, World};
use crate::trace::{EventId, Trace};
use std::sync::Arc;

/// A checkpoint is taken after so many turns, or more where a run makes many turns an hour.
pub const TURNS_BETWEEN: u64 = 4_096;

/// The most checkpoints that are kept of a run.
pub const CHECKPOINTS_MAX: usize = 128;

/// The stretch before the end in which a seek is quick. Further back checkpoints become sparser.
pub const RECENT: Span = Span::secs(3600);

/// How many events a trace has, about, before the moment that somebody looks at, where there were
/// any.
pub const LEAD_IN: u64 = 2_500;

/// How far apart checkpoints stand at the least, and how much of what led to a moment is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// In turns.
    pub between: u64,
    /// In events.
    pub lead_in: u64,
}

impl Pace {
    /// What suits a page.
    pub const USUAL: Self = Self { between: TURNS_BETWEEN, lead_in: LEAD_IN };
}

/// A moment of a run: its world, its judges and its figures, without what can be had otherwise. The actions are
/// those of the run that it belongs to, of which only the number is kept, and the trace is made
/// again by going on from an earlier one.
#[derive(Clone, Debug)]
pub struct Checkpoint {
    /// Without its actions.
    world: World,
    judges: Judges,
    metrics: Metrics,
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
            metrics: simulation.metrics().clone(),
            actions: simulation.world().actions().len(),
            event_turn: simulation.event_turn(),
        }
    }

    /// The run from here on. `tip` stands later in the same run.
    pub fn resume(&self, tip: &Simulation) -> Simulation {
        let mut world = self.world.clone();
        world.actions = tip.world().actions()[..self.actions].to_vec();
        let (judges, metrics) = (self.judges.clone(), self.metrics.clone());
        tip.resume(world, judges, metrics, self.trace.clone(), self.event_turn)
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
pub struct Checkpoints {
    kept: Vec<Arc<Checkpoint>>,
    pace: Pace,
}

impl Checkpoints {
    /// Those of a run that begins.
    pub fn new(simulation: &Simulation, pace: Pace) -> Self {
        assert_eq!(simulation.world().turn(), 0, "a history begins where its run does");
        Self { kept: vec![Arc::new(Checkpoint::of(simulation))], pace }
    }

    /// Takes a checkpoint if it is time for one. The run has just made a turn.
    pub fn offer(&mut self, simulation: &Simulation) {
        let (turn, now) = (simulation.world().turn(), simulation.world().now());
        let last = self.kept[self.kept.len() - 1].turn();
        if turn < last + self.pace.between {
            return;
        }
        let recent = self.kept.partition_point(|it| now.since(it.at()) > RECENT);
        if !is_due(
            self.pace.between,
            turn,
            last,
            self.kept.get(recent).map_or(last, |it| it.turn()),
        ) {
            return;
        }
        self.kept.push(Arc::new(Checkpoint::of(simulation)));
        if self.kept.len() > CHECKPOINTS_MAX {
            let places: Vec<Place> = self.kept.iter().map(|it| (it.turn(), it.at())).collect();
            self.kept.remove(superfluous(&places));
        }
    }

    /// Where to begin in order to see a moment with what led to it: the last checkpoint that has
    /// enough events between. `tip` is where the run has come to.
    pub fn before(&self, moment: Moment, tip: &Simulation) -> &Checkpoint {
        let enough = self.event_near(moment, tip).saturating_sub(self.pace.lead_in);
        let leads = |it: &Arc<Checkpoint>| it.leads_to(moment) && it.last_event().0 <= enough;
        let early = self.kept.partition_point(leads);
        &self.kept[early.saturating_sub(1)]
    }

    /// The number of the last event before a moment: guessed, as if events came evenly between
    /// checkpoints.
    fn event_near(&self, moment: Moment, tip: &Simulation) -> u64 {
        let next = self.kept.partition_point(|it| it.leads_to(moment)).max(1);
        let before = &self.kept[next - 1];
        let end = (tip.world().turn(), tip.world().now(), tip.trace().last_id());
        let after = self.kept.get(next).map_or(end, |it| (it.turn(), it.at(), it.last_event()));
        let (way, gone) = match moment {
            Moment::Event(event) => return event.0,
            Moment::Turn(turn) => (after.0 - before.turn(), turn.saturating_sub(before.turn())),
            Moment::Time(time) => (after.1.since(before.at()).0, time.since(before.at()).0),
        };
        let events = after.2.0 - before.last_event().0;
        let part = gone.min(way) as f64 / way.max(1) as f64;
        before.last_event().0 + (events as f64 * part) as u64
    }

    /// Those up to a turn, shared.
    pub fn up_to(&self, turn: u64) -> Self {
        let kept = self.kept.partition_point(|it| it.turn() <= turn);
        Self { kept: self.kept[..kept].to_vec(), pace: self.pace }
    }

    /// All of them.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Arc<Checkpoint>> {
        self.kept.iter()
    }
}

/// Where a checkpoint stands in its run: after how many turns, and when.
type Place = (u64, Time);

/// True if it is time for another checkpoint. Where the recent turns are so many that the
/// checkpoints there must stand further apart than usual, fewer are taken: they would only be
/// spared again.
fn is_due(between: u64, turn: u64, last: u64, first_recent: u64) -> bool {
    let usual = (turn - first_recent) / CHECKPOINTS_MAX as u64;
    turn - last >= usual.max(between)
}

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
    /// so many seconds each; and the most turns that it made in an hour.
    fn kept(stretches: &[(u64, u64)]) -> (Vec<Place>, u64) {
        let mut places = vec![(0, Time::ZERO)];
        let (mut turn, mut at, mut most) = (0, Time::ZERO, 0);
        let portion = TURNS_BETWEEN / 4;
        for (rate, secs) in stretches {
            for _ in 0..rate * secs / portion {
                turn += portion;
                at += Span::us(portion * 1_000_000 / rate);
                let last = places[places.len() - 1].0;
                let recent = places.iter().find(|place| at.since(place.1) <= RECENT);
                let first_recent = recent.map_or(last, |place| place.0);
                most = most.max(turn - first_recent);
                if !is_due(TURNS_BETWEEN, turn, last, first_recent) {
                    continue;
                }
                places.push((turn, at));
                if places.len() > CHECKPOINTS_MAX {
                    places.remove(superfluous(&places));
                }
            }
        }
        (places, most)
    }

    /// The most turns between two checkpoints of the last hour.
    fn widest(places: &[Place]) -> u64 {
        let (_, now) = places[places.len() - 1];
        let pairs = places.windows(2).filter(|pair| now.since(pair[1].1) <= RECENT);
        pairs.map(|pair| pair[1].0 - pair[0].0).max().unwrap_or(0)
    }

    #[test]
    fn a_short_run_keeps_every_one() {
        let (places, _) = kept(&[(TURNS_BETWEEN, CHECKPOINTS_MAX as u64 - 1)]);
        assert_eq!(places.len(), CHECKPOINTS_MAX);
        assert!(places.windows(2).all(|pair| pair[1].0 - pair[0].0 == TURNS_BETWEEN));
    }

    #[test]
    fn what_is_older_is_sparser() {
        let (places, _) = kept(&[(1_000, 24 * 3600)]);
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
        /// gap in the last hour is much larger than if half of them were spread evenly over the
        /// hour in which the run made the most turns.
        #[test]
        fn few_are_kept_and_the_last_hour_is_covered(
            stretches in prop::collection::vec((100..4_000_u64, 60..5_000_u64), 1..8),
        ) {
            let (places, most) = kept(&stretches);
            prop_assert!(places.len() <= CHECKPOINTS_MAX);
            prop_assert_eq!(places[0], (0, Time::ZERO));
            let even = most / (CHECKPOINTS_MAX as u64 / 2);
            let gap = widest(&places);
            prop_assert!(gap <= (2 * even).max(2 * TURNS_BETWEEN), "{} of {} turns", gap, most);
        }
    }
}
