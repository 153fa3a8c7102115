//! Letting a run happen again.

use super::{Course, Finding, Look, OPEN_END, Run, RunError, Seal, Sealer, Turned};
use crate::base::Time;
use crate::sim::Simulation;

/// How many more steps than its own a run may take when only its times are followed.
const STEPS_MORE: u64 = 100_000;

/// A run that is being replayed, in portions, so that a page stays alive meanwhile.
#[derive(Clone, Debug)]
pub struct Replay {
    simulation: Simulation,
    run: Run,
    sealer: Option<Sealer>,
    by_times: Option<ByTimes>,
}

/// How far a replay is that follows the times of the actions alone.
#[derive(Clone, Copy, Debug, Default)]
struct ByTimes {
    /// How many of the actions have been taken.
    taken: usize,
    /// How many of them were not possible.
    skipped: u64,
}

impl Replay {
    pub(super) fn begin(run: Run, sealing: bool) -> Result<Self, RunError> {
        run.check()?;
        let simulation = run.begin()?;
        let sealer = sealing.then(Sealer::default);
        let mut replay = Self { simulation, run, sealer, by_times: None };
        replay.look();
        Ok(replay)
    }

    /// Follows the times of the actions alone, each after everything that is due by its time, and
    /// leaves out what is not possible. For a run that this engine cannot repeat exactly.
    pub fn by_times(mut self) -> Self {
        self.by_times = Some(ByTimes::default());
        self
    }

    /// Goes on by at most so many turns; true once the end is reached.
    pub fn advance(&mut self, turns: u64) -> Result<bool, RunError> {
        for _ in 0..turns {
            if self.advance_once()? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Makes one step, or takes one action; true once the end is reached.
    pub fn advance_once(&mut self) -> Result<bool, RunError> {
        let ended = if self.by_times.is_some() {
            self.follow_times()
        } else {
            let course = Course::of_run(&self.run);
            course.turn(&mut self.simulation, Time(u64::MAX))? == Turned::End
        };
        self.look();
        Ok(ended)
    }

    /// A turn by the times alone; true once the end is reached.
    fn follow_times(&mut self) -> bool {
        let Some(by_times) = &mut self.by_times else { return true };
        if self.simulation.world().steps() > self.run.steps.saturating_add(STEPS_MORE) {
            return true;
        }
        let next = self.run.actions.get(by_times.taken);
        let at = next.map_or(self.run.until, |next| next.at);
        if self.simulation.step_by(at) {
            return false;
        }
        if at != OPEN_END {
            self.simulation.set_clock(at);
        }
        let Some(next) = next else { return true };
        by_times.taken += 1;
        if self.simulation.act(next.action.clone()).is_err() {
            by_times.skipped += 1;
        }
        false
    }

    fn look(&mut self) {
        if let Some(sealer) = &mut self.sealer {
            sealer.look(&self.simulation);
        }
    }

    /// The digest of the events so far; nothing if it was not asked for.
    pub fn seal(&self) -> Option<Seal> {
        self.sealer.as_ref().map(Sealer::seal)
    }

    /// What the run's own seal says of what happened here. To be asked at the end.
    pub fn finding(&self) -> Finding {
        let skipped = self.by_times.map(|by_times| by_times.skipped);
        self.seal().map_or(Finding::Unsealed, |seen| Finding::of(self.run.seal, seen, skipped))
    }

    /// What the run asks to look at.
    pub fn look_at(&self) -> &Look {
        &self.run.look
    }

    /// The world as far as it has been replayed, to look at.
    pub fn simulation(&self) -> &Simulation {
        &self.simulation
    }

    /// How much of the run has been replayed, from 0 to 1.
    pub fn progress(&self) -> f64 {
        self.run.part_made(&self.simulation)
    }

    /// The world as far as it has been replayed.
    pub fn into_simulation(self) -> Simulation {
        self.simulation
    }
}
