//! What an administrator asks of the cluster: other members, another leader, a planned stop, a
//! snapshot.
//!
//! Each is asked of a server, which does it by consensus or refuses. Nothing here gives a server
//! a role, and nothing goes around the log.

use super::node::Down;
use super::{ActError, World};
use crate::base::{Membership, ServerId};
use crate::raft::Role;
use crate::server::Server;
use crate::trace::{EventId, StopReason, What};

impl World {
    /// The servers that are up and think that they lead; several, if all but one are mistaken.
    pub fn leaders(&self) -> impl Iterator<Item = &Server> {
        let servers = self.nodes.values().filter_map(|node| node.server());
        servers.filter(|server| server.raft().role() == Role::Leader)
    }

    /// The server that leads the latest term, among those that are up and do not stand still.
    pub fn leader(&self) -> Option<ServerId> {
        self.leaders()
            .filter(|server| !self.nodes[&server.id()].is_paused())
            .max_by_key(|server| server.raft().term())
            .map(Server::id)
    }

    pub(super) fn check_members(&self, membership: &Membership) -> Result<(), ActError> {
        membership.all().try_for_each(|member| self.check_server(member))?;
        let leader = self.leader().ok_or(ActError::NoLeader)?;
        let planned = self.up_ref(leader).raft().plan_change(membership);
        planned.map(drop).map_err(ActError::Change)
    }

    pub(super) fn change_members(
        &mut self,
        membership: Membership,
        cause: EventId,
    ) -> Result<(), ActError> {
        let leader = self.leader().ok_or(ActError::NoLeader)?;
        let now = self.local(leader);
        let changed = self.up(leader).change_membership(membership, now);
        changed.map_err(ActError::Change)?;
        self.after_server(leader, Some(cause));
        Ok(())
    }

    pub(super) fn check_transfer(&self, to: ServerId) -> Result<(), ActError> {
        self.check_server(to)?;
        let leader = self.leader().ok_or(ActError::NoLeader)?;
        // Whether it may be handed over is for the leader to say. Asking a copy changes nothing.
        let mut raft = self.up_ref(leader).raft().clone();
        raft.transfer_leadership(to, self.local(leader)).map_err(ActError::Transfer)
    }

    pub(super) fn transfer_leadership(
        &mut self,
        to: ServerId,
        cause: EventId,
    ) -> Result<(), ActError> {
        let leader = self.leader().ok_or(ActError::NoLeader)?;
        let now = self.local(leader);
        self.up(leader).transfer_leadership(to, now).map_err(ActError::Transfer)?;
        self.after_server(leader, Some(cause));
        Ok(())
    }

    /// Lets a server end its work in order: a leader hands over first, and what is on its way to
    /// the disk gets there.
    pub(super) fn stop_in_order(&mut self, id: ServerId, cause: EventId) {
        self.nodes.get_mut(&id).expect("the server was checked").is_stopping = true;
        if let Some(successor) = self.successor(id) {
            let now = self.local(id);
            // If it is refused, there is nobody to hand over to, and the server stops as it is.
            let _ = self.up(id).transfer_leadership(successor, now);
        }
        self.after_server(id, Some(cause));
    }

    /// The voter that lacks least of what a leader has.
    fn successor(&self, leader: ServerId) -> Option<ServerId> {
        let raft = self.up_ref(leader).raft();
        let others = raft.membership().voters().iter().filter(|voter| **voter != leader);
        others
            .filter_map(|voter| Some((raft.progress(*voter)?.match_index(), *voter)))
            .max_by_key(|(matched, _)| *matched)
            .map(|(_, voter)| voter)
    }

    /// Stops a server that was asked to, once it has handed over and its disk is idle.
    pub(super) fn stop_if_done(&mut self, id: ServerId, cause: Option<EventId>) {
        let node = &self.nodes[&id];
        let Some(server) = node.server().filter(|_| node.is_stopping) else { return };
        if server.raft().transferee().is_none() && node.batches.is_empty() {
            let node = self.nodes.get_mut(&id).expect("the server was just seen");
            node.end_life(Down::Stopped(StopReason::Planned));
            self.release_waiting(id);
            self.record(cause, What::Stopped(id, StopReason::Planned));
        }
    }

    pub(super) fn take_snapshot(&mut self, id: ServerId, cause: EventId) {
        let now = self.local(id);
        self.up(id).compact_now(now);
        self.after_server(id, Some(cause));
    }

    pub(super) fn up_ref(&self, id: ServerId) -> &Server {
        self.nodes[&id].server().expect("a leader is up")
    }
}
