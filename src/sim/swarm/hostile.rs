//! The phase in which anything may happen.

use super::super::Action;
use super::Swarm;
use super::plan::draw_network;
use crate::bank::Operation;
use crate::base::random::{CERTAIN, happens, span_between};
use crate::base::{AccountId, ClientId, Endpoint, ServerId, Span};
use crate::channel::Groups;
use rand::RngExt;
use std::collections::BTreeMap;

/// Something that may happen.
type Deed = fn(&mut Swarm);

/// Requests that a client leaves unanswered at the most; it waits before it asks more.
const MAX_UNANSWERED: usize = 8;

impl Swarm {
    /// Does one deed after the other until peace comes.
    pub(super) fn hostile(&mut self) -> Result<(), String> {
        while self.simulation.world().now() < self.plan.hostile_until {
            let pause = span_between(&mut self.rng, Span::us(1), self.plan.pause_max);
            self.run_until(self.simulation.world().now() + pause)?;
            self.deed();
        }
        Ok(())
    }

    fn deed(&mut self) {
        let weights = self.plan.weights;
        let deeds: [(u32, Deed); 10] = [
            (weights.submit, Self::submit_something),
            (weights.crash, Self::crash),
            (weights.restart, Self::restart),
            (weights.partition, Self::partition),
            (weights.cut, Self::cut),
            (weights.isolate, |swarm| {
                let server = swarm.any_server();
                swarm.act(Action::Isolate { server });
            }),
            (weights.heal, |swarm| swarm.act(Action::Heal)),
            (weights.drop, Self::drop_message),
            (weights.nudge, |swarm| {
                let server = swarm.any_server();
                swarm.act(Action::Nudge { server });
            }),
            (weights.network, |swarm| {
                let settings = draw_network(&mut swarm.rng);
                swarm.act(Action::Network { settings });
            }),
        ];
        let total: u32 = deeds.iter().map(|(weight, _)| weight).sum();
        let mut drawn = self.rng.random_range(0..total);
        for (weight, deed) in deeds {
            match drawn.checked_sub(weight) {
                None => return deed(self),
                Some(rest) => drawn = rest,
            }
        }
        unreachable!("the number drawn is below the sum of the weights");
    }

    fn submit_something(&mut self) {
        let client = self.any_client();
        let unanswered = self.simulation.world().client(client).map_or(0, |it| it.unanswered());
        if unanswered >= MAX_UNANSWERED {
            return;
        }
        if happens(&mut self.rng, CERTAIN / 4) {
            self.submit(client, Operation::Balance);
        } else {
            self.submit_transfer(client);
        }
    }

    /// A transfer of any amount to anybody, to oneself and to strangers now and then.
    pub(super) fn submit_transfer(&mut self, client: ClientId) {
        let accounts = self.plan.config.clients + 1;
        let to = self.rng.random_range(1..=accounts.min(8));
        let to = AccountId::new(to).expect("there are at least eight names");
        let amount = self.rng.random_range(0..=60);
        self.submit(client, Operation::Transfer { to, amount });
    }

    pub(super) fn submit(&mut self, client: ClientId, operation: Operation) {
        let chosen = self.any_server();
        let via = happens(&mut self.rng, CERTAIN / 3).then_some(chosen);
        self.requests += 1;
        self.act(Action::Submit { client, operation, via });
    }

    fn crash(&mut self) {
        let server = self.any_server();
        self.act(Action::Crash { server });
    }

    fn restart(&mut self) {
        let world = self.simulation.world();
        let down: Vec<ServerId> =
            world.nodes().filter(|(_, node)| node.server().is_none()).map(|(id, _)| id).collect();
        if !down.is_empty() {
            let chosen = self.rng.random_range(0..down.len() as u64);
            self.act(Action::Restart { server: down[chosen as usize] });
        }
    }

    /// Each server goes into one of up to three groups, or into none; now and then a client does.
    fn partition(&mut self) {
        let mut groups: BTreeMap<u64, Vec<Endpoint>> = BTreeMap::new();
        for server in self.plan.config.server_ids() {
            let group = self.rng.random_range(0..4u64);
            if group < 3 {
                groups.entry(group).or_default().push(Endpoint::Server(server));
            }
        }
        for client in self.plan.config.client_ids() {
            let (joins, group) =
                (happens(&mut self.rng, CERTAIN / 5), self.rng.random_range(0..3u64));
            if joins {
                groups.entry(group).or_default().push(Endpoint::Client(client));
            }
        }
        if let Ok(groups) = Groups::new(groups.into_values()) {
            self.act(Action::Partition { groups });
        }
    }

    fn cut(&mut self) {
        let (from, to) = (self.any_server(), self.any_server());
        self.act(Action::Cut { from: Endpoint::Server(from), to: Endpoint::Server(to) });
    }

    fn drop_message(&mut self) {
        let count = self.simulation.world().in_flight().count() as u64;
        if count > 0 {
            let chosen = self.rng.random_range(0..count) as usize;
            let mut messages = self.simulation.world().in_flight();
            let (message, _) = messages.nth(chosen).expect("the number drawn is below the count");
            drop(messages);
            self.act(Action::Drop { message });
        }
    }

    fn any_server(&mut self) -> ServerId {
        let number = self.rng.random_range(1..=self.plan.config.servers);
        ServerId::new(number).expect("a plan draws 1 to 7 servers")
    }

    fn any_client(&mut self) -> ClientId {
        let number = self.rng.random_range(1..=self.plan.config.clients);
        ClientId::new(number).expect("a plan draws 1 to 5 clients")
    }
}
