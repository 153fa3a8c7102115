//! The digest that vouches for a run.

use crate::base::{Fields, Hash};
use crate::sim::Simulation;
use crate::trace::{EventId, RunDigest};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The digest of all events of a run: what two engines that agree both come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Fields<'de>")]
pub struct Seal {
    /// How many events there were.
    pub events: u64,
    /// The hash of their lines.
    pub hash: Hash,
}

impl TryFrom<Fields<'_>> for Seal {
    type Error = String;

    fn try_from(mut fields: Fields<'_>) -> Result<Self, String> {
        let read = Self { events: fields.take("events")?, hash: fields.take("hash")? };
        fields.end(read)
    }
}

/// `812 events, digest 1f3a5c7e`
impl fmt::Display for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { events, hash } = self;
        write!(f, "{events} events, digest {}", hash.short())
    }
}

/// What a replay found out about the run's seal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// The run carries no seal.
    Unsealed,
    /// Every event is as it was.
    Same(Seal),
    /// The events are others.
    Differs {
        /// What the run says.
        said: Option<Seal>,
        /// What came of it here.
        seen: Seal,
        /// How many of its actions were not possible here.
        skipped: u64,
    },
}

impl Finding {
    /// What follows from the run's own seal and what came of it here. `skipped` counts actions
    /// that were not possible, if only the times were followed.
    pub fn of(said: Option<Seal>, seen: Seal, skipped: Option<u64>) -> Self {
        match (said, skipped) {
            (None, None) => Self::Unsealed,
            (Some(said), None) if said == seen => Self::Same(seen),
            (said, skipped) => Self::Differs { said, seen, skipped: skipped.unwrap_or(0) },
        }
    }
}

/// A seal in the making. It must see every event before the trace forgets it.
#[derive(Clone, Debug, Default)]
pub struct Sealer {
    digest: RunDigest,
    seen: EventId,
}

impl Sealer {
    /// Adds the events since it last looked.
    pub fn look(&mut self, simulation: &Simulation) {
        let trace = simulation.trace();
        trace.after(self.seen).for_each(|event| self.digest.add(event));
        self.seen = trace.last_id();
    }

    /// The digest of the events so far.
    pub fn seal(&self) -> Seal {
        Seal { events: self.seen.0, hash: self.digest.finish() }
    }
}
