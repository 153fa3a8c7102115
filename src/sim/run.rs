//! A run as a value, to save, send and replay.

use super::{ActError, Action, Config, Disks, Simulation, Stamped, WorldError};
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

    /// Begins the replay.
    pub fn replay(self) -> Result<Replay, RunError> {
        let Self { config, seed, disks, actions, until, steps, .. } = self;
        let simulation = Simulation::new(config, seed, disks).map_err(RunError::World)?;
        let actions: Vec<_> = actions.into_iter().rev().collect();
        Ok(Replay { simulation, actions, until, steps })
    }
}

/// A run that is being replayed, in portions, so that a page stays alive meanwhile.
#[derive(Clone, Debug)]
pub struct Replay {
    simulation: Simulation,
    /// The actions still to come, the next one last.
    actions: Vec<Stamped>,
    until: Time,
    steps: u64,
}

impl Replay {
    /// Goes on by at most so many steps; true once the end is reached.
    pub fn advance(&mut self, steps: u64) -> Result<bool, RunError> {
        let limit = self.simulation.world().steps().saturating_add(steps);
        loop {
            let steps = self.simulation.world().steps();
            if steps >= limit && steps < self.next_stamp().1 {
                return Ok(false);
            }
            if self.advance_once()? {
                return Ok(true);
            }
        }
    }

    /// Makes one step, or takes one action; true once the end is reached.
    pub fn advance_once(&mut self) -> Result<bool, RunError> {
        let (at, after_steps) = self.next_stamp();
        if self.simulation.world().steps() < after_steps {
            return if self.simulation.step_by(at) { Ok(false) } else { Err(RunError::Stamps) };
        }
        self.simulation.set_clock(at);
        let Some(Stamped { action, .. }) = self.actions.pop() else { return Ok(true) };
        self.repeat(action).map(|()| false)
    }

    /// When the next action comes, or the end.
    fn next_stamp(&self) -> (Time, u64) {
        let next = self.actions.last();
        next.map_or((self.until, self.steps), |next| (next.at, next.after_steps))
    }

    /// The world as far as it has been replayed, to look at.
    pub fn simulation(&self) -> &Simulation {
        &self.simulation
    }

    /// How much of the run has been replayed, from 0 to 1.
    pub fn progress(&self) -> f64 {
        self.simulation.world().steps() as f64 / self.steps.max(1) as f64
    }

    /// The world as far as it has been replayed.
    pub fn into_simulation(self) -> Simulation {
        self.simulation
    }

    fn repeat(&mut self, action: Action) -> Result<(), RunError> {
        let text = action.to_string();
        self.simulation.act(action).map_err(|error| RunError::Action(text, error))
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
