//! The turns of a run, in their order.

use super::{OPEN_END, Run, RunError};
use crate::base::Time;
use crate::sim::{Simulation, Stamped};

/// How a run went, so that it can go so again.
///
/// A run is a sequence of *turns*: each is a step of the world or an action, and which of the two
/// comes next follows from the actions' stamps.
#[derive(Clone, Copy, Debug)]
pub(in crate::sim) struct Course<'a> {
    /// All that was done, in order.
    pub actions: &'a [Stamped],
    /// The time to which it went.
    pub until: Time,
    /// How many steps it had made by then.
    pub steps: u64,
}

/// What came of the attempt to repeat a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sim) enum Turned {
    /// It was made.
    Made,
    /// It is due later than asked for.
    Later,
    /// There is none left: the world stands where the run ends.
    End,
}

impl<'a> Course<'a> {
    /// How a run that was written down went.
    pub fn of_run(run: &'a Run) -> Self {
        Self { actions: &run.actions, until: run.until, steps: run.steps }
    }

    /// How this run went so far.
    pub fn of(simulation: &'a Simulation) -> Self {
        let world = simulation.world();
        Self { actions: world.actions(), until: world.now(), steps: world.steps() }
    }

    /// Lets a world that stands somewhere in this run make its next turn, if that is due at or
    /// before `limit`.
    pub fn turn(&self, simulation: &mut Simulation, limit: Time) -> Result<Turned, RunError> {
        let world = simulation.world();
        let next = self.actions.get(world.actions().len());
        let (at, after_steps) =
            next.map_or((self.until, self.steps), |next| (next.at, next.after_steps));
        if world.steps() < after_steps {
            return match simulation.step_by(at.min(limit)) {
                true => Ok(Turned::Made),
                false if limit < at => Ok(Turned::Later),
                false => Err(RunError::Stamps),
            };
        }
        let due = simulation.world_mut().next_due();
        let Some(next) = next else {
            // Where a run ends in a bug, nobody knows how far its clock came.
            let known = if at == OPEN_END { simulation.world().now() } else { at };
            let clock = due.map_or(known, |due| due.min(at)).min(limit);
            simulation.set_clock(clock);
            return Ok(if clock < at && limit < at { Turned::Later } else { Turned::End });
        };
        if at > limit {
            return Ok(Turned::Later);
        }
        if due.is_some_and(|due| due < at) {
            return Err(RunError::Stamps);
        }
        simulation.set_clock(at);
        let repeated = simulation.act(next.action.clone());
        repeated.map_err(|error| RunError::Action(next.action.to_string(), error))?;
        Ok(Turned::Made)
    }
}
