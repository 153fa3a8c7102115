//! The end of everything but the disks: all servers and all clients lose their power, and a world
//! begins anew from what they had kept, as the page does when it is opened again.
//!
//! The judges begin anew with it, and know only what the disks say. So what the former ones knew as
//! committed is looked for here.

use super::super::{Action, Simulation};
use super::{Kind, Swarm, Wrong};
use crate::base::Index;
use crate::base::random::{CERTAIN, happens};
use crate::check::{Committed, Property};

impl Swarm {
    /// In a third of all runs: cuts the power of all, and goes on from the disks, in another
    /// hostile phase.
    pub(super) fn reload(&mut self) -> Result<(), Wrong> {
        if !happens(&mut self.rng, CERTAIN / 3) {
            return Ok(());
        }
        for server in self.plan.config.server_ids() {
            self.act(Action::Crash { server });
        }
        self.play.verdict()?;
        let (world, judges) = (self.play.simulation.world(), self.play.simulation.judges());
        self.before = Some(judges.committed().clone());
        let (config, seed, disks) = (self.plan.config.clone(), world.seed(), world.disks());
        let simulation = Simulation::new(config, seed, disks).map_err(|error| Wrong {
            kind: Kind::Stuck,
            why: format!("what was kept cannot be read: {error}"),
        })?;
        self.play.go_on_in(simulation);
        self.hostile()
    }

    /// What was known as committed before all power went is committed now, once all agree.
    pub(super) fn all_is_kept(&self) -> Result<(), Wrong> {
        let Some(before) = &self.before else { return Ok(()) };
        let now = self.play.simulation.judges().committed();
        match first_lost(before, now) {
            Some(height) if self.play.seeks(Property::Durability) => Err(Wrong {
                kind: Kind::Broken(Property::Durability),
                why: format!(
                    "height {height} was committed before all power went, and is not there now"
                ),
            }),
            _ => Ok(()),
        }
    }
}

/// The lowest height at which another chain has not the block of this one, or none, as far as
/// both are kept.
fn first_lost(before: &Committed, now: &Committed) -> Option<Index> {
    let heights = before.base().max(now.base()).0..=before.height().0;
    let mut heights = heights.map(Index);
    heights.find(|height| before.block(*height) != now.block(*height))
}
