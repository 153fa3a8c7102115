//! A world with its trace, its judges and its figures.

use super::metrics::Metrics;
use super::{ActError, Action, Config, Disks, World, WorldError};
use crate::base::Time;
use crate::check::Judges;
use crate::server::Setup;
use crate::trace::Trace;
use std::sync::Arc;

/// How many events a simulation keeps to look back at.
pub const TRACE_CAPACITY: usize = 50_000;

/// What the page, the swarm and the scenarios drive: every event is traced and judged.
#[derive(Clone, Debug)]
pub struct Simulation {
    world: World,
    trace: Trace,
    judges: Judges,
    metrics: Metrics,
    /// The turn in which the newest event happened.
    event_turn: u64,
    initial_disks: Arc<Disks>,
}

impl Simulation {
    /// A world at time 0, with nothing to complain about yet.
    pub fn new(config: Config, seed: u64, disks: Disks) -> Result<Self, WorldError> {
        let world = World::new(config, seed, disks.clone())?;
        let Setup { opening, genesis, membership, work, .. } = &*world.setup;
        let judges = Judges::new(opening, genesis, membership, work.difficulty);
        let trace = Trace::new(TRACE_CAPACITY);
        let initial_disks = Arc::new(disks);
        let metrics = Metrics::default();
        let mut simulation = Self { world, trace, judges, metrics, event_turn: 0, initial_disks };
        simulation.judge();
        Ok(simulation)
    }

    /// A simulation that goes on from an earlier moment of this one.
    pub(super) fn resume(
        &self,
        world: World,
        judges: Judges,
        metrics: Metrics,
        trace: Trace,
        event_turn: u64,
    ) -> Self {
        assert_eq!(trace.last_id(), world.last_event, "the trace ends where the world stands");
        let initial_disks = self.initial_disks.clone();
        Self { world, trace, judges, metrics, event_turn, initial_disks }
    }

    /// Carries out an action.
    pub fn act(&mut self, action: Action) -> Result<(), ActError> {
        let result = self.world.act(action);
        self.judge();
        result
    }

    /// Lets the next thing happen. False if nothing is due, ever.
    pub fn step(&mut self) -> bool {
        self.step_by(Time(u64::MAX))
    }

    /// Lets the next thing happen if it is due at or before `limit`.
    pub fn step_by(&mut self, limit: Time) -> bool {
        let stepped = self.world.step_by(limit);
        self.judge();
        stepped
    }

    /// Lets everything happen that is due up to `time`, and sets the clock to it.
    pub fn run_until(&mut self, time: Time) {
        while self.step_by(time) {}
        self.set_clock(time);
    }

    /// Lets the clock go on to a time before which nothing is due.
    pub fn set_clock(&mut self, time: Time) {
        self.world.set_clock(time);
    }

    /// When the next thing is due.
    pub fn next_due(&mut self) -> Option<Time> {
        self.world.next_due()
    }

    /// What the disks held at the beginning.
    pub fn initial_disks(&self) -> &Disks {
        &self.initial_disks
    }

    /// The world, to look at.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// What happened.
    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    /// What the judges say.
    pub fn judges(&self) -> &Judges {
        &self.judges
    }

    /// Its figures over time.
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// The turn in which the newest event happened: before it, that event was still to come. Turns
    /// without an event may have followed.
    pub fn event_turn(&self) -> u64 {
        self.event_turn
    }

    pub(super) fn world_mut(&mut self) -> &mut World {
        &mut self.world
    }

    fn judge(&mut self) {
        for event in self.world.drain_events() {
            self.event_turn = self.world.turn();
            self.judges.observe(&event);
            self.metrics.hear(&event, &self.world);
            self.trace.push(event);
        }
    }
}
