//! What has happened since a run began, as far as conditions ask.

use crate::base::{Index, Map, ServerId, Set};
use crate::check::Property;
use crate::server::Fact;
use crate::sim::Simulation;
use crate::trace::{Event, EventId, What};

/// What conditions ask for that the world does not show any more.
#[derive(Clone, Debug, Default)]
pub struct Past {
    /// Which server has mined at which height.
    pub mined: Set<(ServerId, Index)>,
    /// Which server has given up a block of which height.
    pub dropped: Set<(ServerId, Index)>,
    /// Promises that were broken.
    pub broken: Set<Property>,
    /// Where each server's log ends.
    ends: Map<ServerId, Index>,
    /// The last event that it knows of.
    heard: EventId,
}

impl Past {
    /// Takes in what has happened since it was last told. It must be told before the trace forgets.
    pub fn look(&mut self, simulation: &Simulation) {
        simulation.trace().after(self.heard).for_each(|event| self.hear(event));
        self.heard = simulation.trace().last_id();
        self.broken.extend(simulation.judges().violations().map(|violation| violation.property));
    }

    fn hear(&mut self, event: &Event) {
        let What::Server(server, fact) = &event.what else { return };
        match fact {
            Fact::Recovered { snapshot, blocks, .. } => {
                let base = snapshot.as_ref().map_or(0, |checkpoint| checkpoint.height().0);
                self.ends.insert(*server, Index(base + blocks.len() as u64));
            }
            Fact::Mined { block, .. } => {
                self.mined.insert((*server, block.height()));
            }
            Fact::Appended(block) => {
                self.ends.insert(*server, block.height());
            }
            Fact::Truncated(from) => {
                let end = self.ends.get(server).copied().unwrap_or(*from);
                self.dropped.extend((from.0..=end.0).map(|height| (*server, Index(height))));
                self.ends.insert(*server, from.previous().unwrap_or_default());
            }
            Fact::SnapshotInstalled { checkpoint, .. } => {
                let end = self.ends.entry(*server).or_default();
                *end = checkpoint.height().max(*end);
            }
            _ => {}
        }
    }
}
