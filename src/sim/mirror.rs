//! Keeps a storage that outlives the program equal to the disks of a world.
//!
//! What a server's sync makes durable is written to the storage *before* the world hears that
//! the sync ended, so that nothing is acknowledged that the storage does not hold. When the
//! storage refuses, the server's disk is full: that enters the run as an action.

use super::{ActError, Action, Chaos, Disks, Simulation, World};
use crate::base::{ClientId, ServerId, Time};
use crate::client::Client;
use crate::disk::layout::{Key, server_prefix};
use crate::disk::{Disk, DiskError, Partial};
use crate::trace::{EventId, What};

/// A storage, and what it last refused.
#[derive(Debug)]
pub struct Mirror<D> {
    storage: D,
    refused: Option<DiskError>,
}

impl<D: Disk> Mirror<D> {
    /// Keeps this storage from now on.
    pub fn new(storage: D) -> Self {
        Self { storage, refused: None }
    }

    /// The storage.
    pub fn storage(&self) -> &D {
        &self.storage
    }

    /// The storage, to change.
    pub fn storage_mut(&mut self) -> &mut D {
        &mut self.storage
    }

    /// What the storage last refused, if it did since this was last asked.
    pub fn take_refusal(&mut self) -> Option<DiskError> {
        self.refused.take()
    }

    /// Like [`Simulation::step_by`], with the storage following.
    pub fn step_by(&mut self, simulation: &mut Simulation, limit: Time) -> bool {
        if simulation.world_mut().next_due().is_none_or(|due| due > limit) {
            return false;
        }
        if let Some((server, writes)) = simulation.world_mut().next_sync() {
            let written = Partial::new(&mut self.storage, server_prefix(server)).apply(&writes);
            if let Err(stopped) = written {
                self.refused = Some(stopped.error);
                // The server stops here; the sync that was due is void.
                let fill = simulation.act(Action::FillDisk { server });
                fill.expect("a server whose disk syncs is up");
                self.copy_server(simulation, server);
                return true;
            }
        }
        self.take_edits_of(simulation, World::next_restarts);
        let before = simulation.trace().last_id();
        let stepped = simulation.step_by(limit);
        self.copy_crashed(simulation, before);
        self.save_clients(simulation);
        stepped
    }

    /// Like [`Simulation::act`], with the storage following. A server that restarts gets what the
    /// storage holds for it now, which somebody may have changed.
    pub fn act(&mut self, simulation: &mut Simulation, action: Action) -> Result<(), ActError> {
        match &action {
            Action::Restart { server } => self.take_edits(simulation, *server)?,
            // Whom chaos crashed comes back when it ends.
            Action::Chaos { .. } => {
                self.take_edits_of(simulation, |world| world.restarts_by(Time(u64::MAX)));
            }
            _ => {}
        }
        let changed = match &action {
            Action::Crash { server } | Action::Edit { server, .. } => Some(*server),
            _ => None,
        };
        simulation.act(action)?;
        changed.into_iter().for_each(|server| self.copy_server(simulation, server));
        self.save_clients(simulation);
        Ok(())
    }

    /// Replaces all that the storage holds for this world's servers and clients.
    pub fn copy_all(&mut self, simulation: &mut Simulation) -> Result<(), DiskError> {
        let kept = Disks::load(&self.storage)?;
        let ours = |id: &ServerId| simulation.world().node(*id).is_some();
        for server in kept.servers.keys().filter(|id| !ours(id)) {
            let mut part = Partial::new(&mut self.storage, server_prefix(*server));
            part.keys()?.iter().try_for_each(|key| part.remove(key))?;
        }
        for client in kept.clients.keys() {
            self.storage.remove(&Key::Requests(*client).to_string())?;
        }
        let servers: Vec<ServerId> = simulation.world().nodes().map(|(id, _)| id).collect();
        servers.into_iter().for_each(|server| self.copy_server(simulation, server));
        // All of them: a world that goes on from a moment of its past knows only what has changed
        // since.
        let clients: Vec<ClientId> = simulation.world().clients().map(Client::id).collect();
        simulation.world_mut().unsaved.extend(clients);
        self.save_clients(simulation);
        self.refused.clone().map_or(Ok(()), Err)
    }

    /// Enters into the run what somebody changed in the storage since the world wrote it.
    fn take_edits(
        &mut self,
        simulation: &mut Simulation,
        server: ServerId,
    ) -> Result<(), ActError> {
        let Some(node) = simulation.world().node(server) else { return Ok(()) };
        if node.server().is_some() {
            return Ok(());
        }
        let part = Partial::new(&mut self.storage, server_prefix(server));
        let Ok(differences) = node.disk().differences(&part) else { return Ok(()) };
        for difference in differences {
            let key = difference.key.to_string();
            let value = difference.theirs.map(|value| value.to_string());
            simulation.act(Action::Edit { server, key, value })?;
        }
        Ok(())
    }

    /// The same for servers that the world is about to restart by itself.
    fn take_edits_of(
        &mut self,
        simulation: &mut Simulation,
        which: impl Fn(&mut World) -> Vec<ServerId>,
    ) {
        for server in which(simulation.world_mut()) {
            let taken = self.take_edits(simulation, server);
            taken.expect("the disk of a server that is down can be edited");
        }
    }

    /// Copies the disks of the servers that crashed by themselves since an event: of what was under
    /// way to them, some may have arrived.
    fn copy_crashed(&mut self, simulation: &Simulation, since: EventId) {
        if simulation.world().chaos() == Chaos::Off {
            return;
        }
        for event in simulation.trace().after(since) {
            if let What::Crashed { server, .. } = event.what {
                self.copy_server(simulation, server);
            }
        }
    }

    /// Makes the storage hold for a server just what its disk holds.
    fn copy_server(&mut self, simulation: &Simulation, server: ServerId) {
        let node = simulation.world().node(server).expect("the server is one of the world's");
        let mut part = Partial::new(&mut self.storage, server_prefix(server));
        let copied = node.disk().differences(&part).and_then(|differences| {
            differences.into_iter().try_for_each(|difference| match difference.ours {
                Some(value) => part.write(&difference.key, &value),
                None => part.remove(&difference.key),
            })
        });
        if let Err(error) = copied {
            self.refused = Some(error);
        }
    }

    fn save_clients(&mut self, simulation: &mut Simulation) {
        for client in simulation.world_mut().take_unsaved() {
            let record = simulation.world().client_record(client);
            let record = record.expect("an unsaved client is one of the world's");
            if let Err(error) = self.storage.write(&Key::Requests(client).to_string(), record) {
                self.refused = Some(error);
            }
        }
    }
}
