//! A run as a value, to save, send and replay.
//!
//! A [`Run`] is everything from which what happened follows: settings (with the rules that are
//! off), seed, what the disks held, and the stamped actions; how far it had come; and, for those
//! who get it, a name and a [`Look`]. It is written as JSON, into a file as it is or compressed
//! into a [`link`]. A [`Replay`] lets it happen again.
//!
//! # What vouches for it
//!
//! A run may carry a [`Seal`], the digest of every event that it had. Nothing computes that while
//! a run is under way: making each event's line costs about as much as the events themselves.
//! It comes from one more replay, when somebody shares or exports the run, and a replay that is
//! opened computes it again on the way. If the two differ, the run was altered, or made by an
//! engine of another version: [`Finding`] says which numbers differ, and the replay goes on as
//! well as it can, by the times of the actions alone.
//!
//! # Versions
//!
//! The form has a version. This engine writes version 2, and reads 1, which had neither name nor
//! look nor seal. A newer version is refused: what it means cannot be known here.
//!
//! # Caveats
//!
//! - A seal shows that two engines agree. It proves nothing against somebody who alters a run and
//!   seals it anew: that is then simply another run.
//! - A run is hostile input, since anybody may send one. Its size, its steps and its texts are
//!   bounded, its stamps are checked before and while it is replayed, and its settings by the
//!   world that begins with them.

mod course;
pub mod link;
mod look;
mod replay;
mod seal;
#[cfg(test)]
mod tests;

pub use look::{Look, MAX_CAPTION, Stamp};
pub use replay::Replay;
pub use seal::{Finding, Seal, Sealer};

pub(super) use course::{Course, Turned};

use super::{ActError, Config, Disks, Simulation, Stamped, WorldError};
use crate::base::{Fields, Time};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The version of the form in which runs are written.
pub const VERSION: u32 = 2;

/// The oldest version that is read.
const VERSION_OLDEST: u32 = 1;

/// The largest text that is read as a run, in bytes.
pub const MAX_TEXT: usize = 16 << 20;

/// The most steps that are replayed: days of a busy page.
pub const MAX_STEPS: u64 = 200_000_000;

/// The longest name, in letters.
pub const MAX_NAME: usize = 120;

/// Stands for an end that nobody knows: the run ends with its steps, whenever that is.
pub const OPEN_END: Time = Time(u64::MAX);

/// The latest time that a run may come to: 285 years. Beyond lies the end of all numbers, where
/// nothing can take time any more.
pub const LATEST: Time = Time(1 << 53);

/// Everything from which a run follows, and how far it had come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Fields<'de>")]
pub struct Run {
    /// The version of this form.
    pub version: u32,
    /// What it is called, if it has a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The settings, with the rules that are off.
    pub config: Config,
    /// The number from which all chance follows.
    pub seed: u64,
    /// What the disks held at the beginning.
    #[serde(skip_serializing_if = "Disks::is_empty")]
    pub disks: Disks,
    /// What was done, in order.
    pub actions: Vec<Stamped>,
    /// The time to which it was run.
    pub until: Time,
    /// How many steps it had made by then.
    pub steps: u64,
    /// What to look at.
    #[serde(skip_serializing_if = "Look::is_plain")]
    pub look: Look,
    /// The digest of its events.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seal: Option<Seal>,
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
    /// It has more steps than anybody waits for.
    TooManySteps(u64),
    /// A text in it, named here, is longer than it may be.
    Text(&'static str, usize),
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
            Self::Version(version) if *version > VERSION => write!(
                f,
                "it is written in version {version}, and this Raftbank reads versions up to \
                 {VERSION}. Open it with a newer one: loading this page again may bring it"
            ),
            Self::Version(version) => write!(f, "there is no version {version} of its form"),
            Self::TooManySteps(steps) => {
                write!(f, "it says that it has {steps} steps; at most {MAX_STEPS} are replayed")
            }
            Self::Text(what, most) => write!(f, "its {what} is longer than {most} letters"),
            Self::World(error) => error.fmt(f),
            Self::Stamps => f.write_str(
                "the times of its actions contradict what happens: it was altered, or exported by \
                 another version of Raftbank",
            ),
            Self::Action(action, error) => write!(
                f,
                "its action '{action}' is not possible ({error}): it was altered, or exported by \
                 another version of Raftbank"
            ),
        }
    }
}

impl std::error::Error for RunError {}

impl TryFrom<Fields<'_>> for Run {
    type Error = String;

    fn try_from(mut fields: Fields<'_>) -> Result<Self, String> {
        let read = Self {
            version: fields.take("version")?,
            name: fields.or("name", None)?,
            config: fields.take("config")?,
            seed: fields.take("seed")?,
            disks: fields.or("disks", Disks::default())?,
            actions: fields.take("actions")?,
            until: fields.take("until")?,
            steps: fields.take("steps")?,
            look: fields.or("look", Look::default())?,
            seal: fields.or("seal", None)?,
        };
        fields.end(read)
    }
}

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
        if !(VERSION_OLDEST..=VERSION).contains(&version) {
            return Err(RunError::Version(version));
        }
        let run: Self = serde_json::from_str(text).map_err(malformed)?;
        run.check()?;
        Ok(Self { version: VERSION, ..run })
    }

    /// Checks what can be seen without a replay.
    fn check(&self) -> Result<(), RunError> {
        let ordered = self
            .actions
            .windows(2)
            .all(|pair| pair[0].at <= pair[1].at && pair[0].after_steps <= pair[1].after_steps);
        let within = self
            .actions
            .last()
            .is_none_or(|last| last.at <= self.until && last.after_steps <= self.steps);
        let last = self.actions.last().map_or(Time::ZERO, |last| last.at);
        let ends = self.until == OPEN_END || self.until <= LATEST;
        if !ordered || !within || !ends || last > LATEST {
            return Err(RunError::Stamps);
        }
        if self.steps > MAX_STEPS {
            return Err(RunError::TooManySteps(self.steps));
        }
        if self.name.as_ref().is_some_and(|name| name.chars().count() > MAX_NAME) {
            return Err(RunError::Text("name", MAX_NAME));
        }
        self.look.check()
    }

    /// As JSON, for a file.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a run can be written as JSON")
    }

    /// The run up to a moment, and what was done later. A moment beyond its end is its end.
    pub fn split_at(mut self, from: Stamp) -> (Self, Vec<Stamped>) {
        let from = from.min(Stamp { at: self.until, after_steps: self.steps });
        let earlier =
            |stamped: &Stamped| Stamp { at: stamped.at, after_steps: stamped.after_steps } < from;
        let later = self.actions.split_off(self.actions.partition_point(earlier));
        (Self { until: from.at, steps: from.after_steps, ..self }, later)
    }

    /// How much of it a world has made, from 0 to 1.
    pub(super) fn part_made(&self, simulation: &Simulation) -> f64 {
        (simulation.world().steps() as f64 / self.steps.max(1) as f64).min(1.0)
    }

    /// Its world as it began.
    pub(super) fn begin(&self) -> Result<Simulation, RunError> {
        let Self { config, seed, disks, .. } = self;
        Simulation::new(config.clone(), *seed, disks.clone()).map_err(RunError::World)
    }

    /// Begins the replay.
    pub fn replay(self) -> Result<Replay, RunError> {
        Replay::begin(self, false)
    }

    /// Begins a replay that computes the digest of all events on the way.
    pub fn replay_sealing(self) -> Result<Replay, RunError> {
        Replay::begin(self, true)
    }
}

impl Simulation {
    /// The run so far, as a value.
    pub fn to_run(&self) -> Run {
        let world = self.world();
        Run {
            version: VERSION,
            name: None,
            config: world.config().clone(),
            seed: world.seed(),
            disks: self.initial_disks().clone(),
            actions: world.actions().to_vec(),
            until: world.now(),
            steps: world.steps(),
            look: Look::default(),
            seal: None,
        }
    }
}
