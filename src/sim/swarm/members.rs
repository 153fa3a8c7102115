//! Deeds of an administrator: other members, another leader, planned stops, snapshots.

use super::super::Action;
use super::{Swarm, Wrong};
use crate::base::random::{CERTAIN, happens};
use crate::base::{Endpoint, Membership, ServerId, Set};
use crate::channel::Groups;
use rand::RngExt;

impl Swarm {
    /// Asks for other members.
    pub(super) fn reform(&mut self) {
        if let Some((_, membership)) = self.draw_members() {
            self.act(Action::Members { membership });
        }
    }

    /// Asks for other members, and parts those who hear of it from those whose votes counted
    /// until now. Were there no joint membership, either side might decide without the other.
    pub(super) fn reform_apart(&mut self) -> Result<(), Wrong> {
        let Some((leader, membership)) = self.draw_members() else { return Ok(()) };
        let asked = Action::Members { membership: membership.clone() };
        if !self.act(asked) {
            return Ok(());
        }
        let old = self.members_of(leader);
        let (mut near, mut far) = (vec![Endpoint::Server(leader)], Vec::new());
        for server in self.plan.config.server_ids().filter(|server| *server != leader) {
            let joins = membership.is_voter(server) && !old.is_voter(server);
            let stays = membership.is_voter(server) && happens(&mut self.rng, CERTAIN / 4);
            if joins || stays { &mut near } else { &mut far }.push(Endpoint::Server(server));
        }
        if let Ok(groups) = Groups::new([near, far].into_iter().filter(|it| !it.is_empty())) {
            self.act(Action::Partition { groups });
        }
        self.linger()?;
        self.linger()
    }

    /// The leader, and members that it may be asked for. Mostly they resemble those there are;
    /// often everybody is to vote, or few are.
    fn draw_members(&mut self) -> Option<(ServerId, Membership)> {
        let leader = self.play.simulation.world().leader()?;
        let current = self.members_of(leader);
        let shape = self.rng.random_range(0..4u32);
        let (mut voters, mut learners) = (Set::new(), Set::new());
        for server in self.plan.config.server_ids() {
            let (changes, role) =
                (happens(&mut self.rng, CERTAIN / 3), self.rng.random_range(0..4u32));
            let (votes, learns) = match shape {
                0 => (true, false),
                1 => (server == leader || role == 0, false),
                _ if changes => (role >= 2, role == 1),
                _ => (current.voters().contains(&server), current.learners().contains(&server)),
            };
            if votes {
                voters.insert(server);
            } else if learns {
                learners.insert(server);
            }
        }
        // Nobody who votes: no such membership is asked for.
        Some((leader, Membership::new(voters, learners).ok()?))
    }

    fn members_of(&self, server: ServerId) -> Membership {
        let server = self.play.simulation.world().server(server);
        server.expect("a leader is up").raft().membership().clone()
    }

    /// Asks the leader to hand over to any server.
    pub(super) fn hand_over(&mut self) {
        let to = self.any_server();
        self.act(Action::TransferLeadership { to });
    }

    /// Lets a server end its work in order, mostly the leader.
    pub(super) fn stop(&mut self) {
        let (any, aimed) = (self.any_server(), happens(&mut self.rng, CERTAIN / 2));
        let leader = self.play.simulation.world().leader().filter(|_| aimed);
        self.act(Action::Stop { server: leader.unwrap_or(any) });
    }

    pub(super) fn snapshot(&mut self) {
        let server = self.any_server();
        self.act(Action::Snapshot { server });
    }
}
