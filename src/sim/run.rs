//! A run as a value, to save, send and replay.

use super::{ActError, Config, Disks, Simulation, Stamped, WorldError};
use crate::base::Time;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The version of the form in which runs are written.
const VERSION: u32 = 1;

/// The largest text that is read as a run, in bytes.
const MAX_TEXT: usize = 16 << 20;

/// Everything from which a run follows, and how far it had come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// The version of this form.
    pub version: u32,
    /// The settings.
    pub config: Config,
    /// The number from which all chance follows.
    pub seed: u64,
    /// What the disks held at the beginning.
    #[serde(default, skip_serializing_if = "Disks::is_empty")]
    pub disks: Disks,
    /// What was done, in order.
    pub actions: Vec<Stamped>,
    /// The time to which it was run.
    pub until: Time,
    /// How many steps it had made by then.
    pub steps: u64,
}

/// Why a text is no run, or a run cannot be replayed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunError {
    /// It is too long.
    TooLong,
    /// It is not in the form of a run: what the parser said.
    Malformed(String),
    /// It was written in another version of the form.
    Version(u32),
    /// Its world cannot begin.
    World(WorldError),
    /// The stamps of its actions contradict each other or the run's end.
    Stamps,
    /// An action was not possible: it was made by another version of the engine, or altered.
    Action(String, ActError),
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => write!(f, "it is longer than {} MB", MAX_TEXT >> 20),
            Self::Malformed(why) => write!(f, "it is not a Raftbank run: {why}"),
            Self::Version(version) => write!(
                f,
                "it is written in version {version}; this page reads version {VERSION}. Open it \
                 with the Raftbank that exported it"
            ),
            Self::World(error) => error.fmt(f),
            Self::Stamps => f.write_str("the times of its actions are not in order"),
            Self::Action(action, error) => write!(
                f,
                "its action '{action}' is not possible ({error}): it was altered, or exported by \
                 another version of Raftbank"
            ),
        }
    }
}

impl std::error::Error for RunError {}

impl Run {
    /// Reads a run from JSON.
    pub fn from_json(text: &str) -> Result<Self, RunError> {
        #[derive(Deserialize)]
        struct Versioned {
            version: u32,
        }
        if text.len() > MAX_TEXT {
            return Err(RunError::TooLong);
        }
        let malformed = |error: serde_json::Error| RunError::Malformed(error.to_string());
        let Versioned { version } = serde_json::from_str(text).map_err(malformed)?;
        if version != VERSION {
            return Err(RunError::Version(version));
        }
        let run: Self = serde_json::from_str(text).map_err(malformed)?;
        let ordered = run
            .actions
            .windows(2)
            .all(|pair| pair[0].at <= pair[1].at && pair[0].after_steps <= pair[1].after_steps);
        let within = run
            .actions
            .last()
            .is_none_or(|last| last.at <= run.until && last.after_steps <= run.steps);
        if !ordered || !within {
            return Err(RunError::Stamps);
        }
        Ok(run)
    }

    /// As JSON, for a file.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a run can be written as JSON")
    }

    /// Its world as it began.
    pub(super) fn begin(&self) -> Result<Simulation, RunError> {
        let Self { config, seed, disks, .. } = self;
        Simulation::new(config.clone(), *seed, disks.clone()).map_err(RunError::World)
    }

    /// Begins the replay.
    pub fn replay(self) -> Result<Replay, RunError> {
        Ok(Replay { simulation: self.begin()?, run: self })
    }
}

/// A run that is being replayed, in portions, so that a page stays alive meanwhile.
#[derive(Clone, Debug)]
pub struct Replay {
    simulation: Simulation,
    run: Run,
}

impl Replay {
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
        let turned = Course::of_run(&self.run).turn(&mut self.simulation, Time(u64::MAX))?;
        Ok(turned == Turned::End)
    }

    /// The world as far as it has been replayed, to look at.
    pub fn simulation(&self) -> &Simulation {
        &self.simulation
    }

    /// How much of the run has been replayed, from 0 to 1.
    pub fn progress(&self) -> f64 {
        self.simulation.world().steps() as f64 / self.run.steps.max(1) as f64
    }

    /// The world as far as it has been replayed.
    pub fn into_simulation(self) -> Simulation {
        self.simulation
    }
}

/// How a run went, so that it can go so again.
///
/// A run is a sequence of *turns*: each is a step of the world or an action, and which of the two
/// comes next follows from the actions' stamps.
#[derive(Clone, Copy, Debug)]
pub(super) struct Course<'a> {
    /// All that was done, in order.
    pub actions: &'a [Stamped],
    /// The time to which it went.
    pub until: Time,
    /// How many steps it had made by then.
    pub steps: u64,
}

/// What came of the attempt to repeat a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turned {
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
            let clock = due.map_or(at, |due| due.min(at)).min(limit);
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

impl Simulation {
    /// The run so far, as a value.
    pub fn to_run(&self) -> Run {
        let world = self.world();
        Run {
            version: VERSION,
            config: world.config().clone(),
            seed: world.seed(),
            disks: self.initial_disks().clone(),
            actions: world.actions().to_vec(),
            until: world.now(),
            steps: world.steps(),
        }
    }
}
