//! Deeds against the network: partitions of every shape, links cut or clogged, blocks altered.

use super::super::{Action, fault};
use super::plan::draw_network;
use super::{Swarm, Wrong};
use crate::base::random::{CERTAIN, happens, span_between};
use crate::base::{Endpoint, ServerId, Span};
use crate::channel::Groups;
use rand::RngExt;

impl Swarm {
    /// Each server goes into one of up to three groups, or into none; now and then a client does.
    pub(super) fn partition(&mut self) {
        let mut groups = fault::divide(&mut self.rng, self.plan.config.server_ids());
        for client in self.plan.config.client_ids() {
            let (joins, group) =
                (happens(&mut self.rng, CERTAIN / 5), self.rng.random_range(0..3u64));
            if joins {
                groups[group as usize].push(Endpoint::Client(client));
            }
        }
        if let Ok(groups) = Groups::new(groups.into_iter().filter(|group| !group.is_empty())) {
            self.act(Action::Partition { groups });
        }
    }

    /// Two halves that only one server sees both of.
    pub(super) fn bridge(&mut self) {
        let bridge = self.any_server();
        let others = self.plan.config.server_ids().filter(|server| *server != bridge);
        let (left, right): (Vec<_>, Vec<_>) =
            others.partition(|_| happens(&mut self.rng, CERTAIN / 2));
        for (one, other) in left.iter().flat_map(|one| right.iter().map(move |it| (*one, *it))) {
            self.cut_link(one, other);
            self.cut_link(other, one);
        }
    }

    /// A server that hears nobody, or whom nobody hears.
    pub(super) fn one_way(&mut self) {
        let (server, deaf) = (self.any_server(), happens(&mut self.rng, CERTAIN / 2));
        for (from, to) in fault::one_way(server, deaf, self.plan.config.server_ids()) {
            self.act(Action::Cut { from, to });
        }
    }

    /// Isolates any server, or the one that leads.
    pub(super) fn isolate(&mut self) {
        let (any, leader) = (self.any_server(), happens(&mut self.rng, CERTAIN / 2));
        let server = if leader { self.a_leader().unwrap_or(any) } else { any };
        self.act(Action::Isolate { server });
    }

    /// A server that comes and goes, a few times.
    pub(super) fn flap(&mut self) -> Result<(), Wrong> {
        let server = self.any_server();
        for _ in 0..self.rng.random_range(2..=4u32) {
            self.act(Action::Isolate { server });
            self.linger()?;
            self.act(Action::Heal);
            self.linger()?;
        }
        Ok(())
    }

    pub(super) fn linger(&mut self) -> Result<(), Wrong> {
        let longest = self.plan.config.election_timeout_max;
        let pause = span_between(&mut self.rng, Span::ms(1), longest);
        self.play.run_until(self.play.now() + pause)
    }

    pub(super) fn cut(&mut self) {
        let (from, to) = (self.any_server(), self.any_server());
        self.cut_link(from, to);
    }

    /// Mends one of the links that are cut.
    pub(super) fn mend(&mut self) {
        let count = self.play.simulation.world().channel().cuts().count() as u64;
        if count > 0 {
            let chosen = self.rng.random_range(0..count) as usize;
            let cut = self.play.simulation.world().channel().cuts().nth(chosen);
            let (from, to) = cut.expect("the number drawn is below the count");
            self.act(Action::Mend { from, to });
        }
    }

    fn cut_link(&mut self, from: ServerId, to: ServerId) {
        self.act(Action::Cut { from: Endpoint::Server(from), to: Endpoint::Server(to) });
    }

    /// Makes a link slow and lossy, or like the others again.
    pub(super) fn clog(&mut self) {
        let (from, to) = (self.any_server(), self.any_server());
        let (from, to) = (Endpoint::Server(from), Endpoint::Server(to));
        let bounds = (Span::ms(20), Span::ms(300));
        let own = fault::clogged(&mut self.rng, bounds, Span::secs(1), CERTAIN / 2);
        let settings = happens(&mut self.rng, CERTAIN / 3 * 2).then_some(own);
        self.act(Action::Link { from, to, settings });
    }

    /// Lies in wait on a link, mostly one that a leader sends over.
    pub(super) fn tamper(&mut self) {
        let (any, to) = (self.any_server(), self.any_server());
        let from = self.a_leader().unwrap_or(any);
        self.act(Action::Tamper { from, to });
    }

    pub(super) fn other_network(&mut self) {
        let settings = draw_network(&mut self.rng);
        self.act(Action::Network { settings });
    }

    /// A server that believes that it leads.
    fn a_leader(&self) -> Option<ServerId> {
        let mut nodes = self.play.simulation.world().nodes();
        let leads = nodes.find(|(_, node)| {
            node.server().is_some_and(|it| it.raft().role() == crate::raft::Role::Leader)
        });
        leads.map(|(id, _)| id)
    }
}
