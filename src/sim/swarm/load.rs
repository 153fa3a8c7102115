//! What clients ask for; and what happens by itself.

use super::super::{Action, Chaos, LoadRate};
use super::Swarm;
use crate::bank::Operation;
use crate::base::random::{CERTAIN, happens};
use crate::base::{AccountId, ClientId, ServerId};
use rand::RngExt;

/// Requests that a client leaves unanswered at the most; it waits before it asks more.
const MAX_UNANSWERED: usize = 8;

impl Swarm {
    pub(super) fn submit_something(&mut self) {
        let client = self.any_client();
        let world = self.play.simulation.world();
        if world.client(client).map_or(0, |it| it.unanswered()) >= MAX_UNANSWERED {
            return;
        }
        let (asks, via) = (happens(&mut self.rng, CERTAIN / 4), self.draw_via());
        if asks {
            self.submit(client, Operation::Balance, via);
        } else {
            self.submit_transfer(client, via);
        }
    }

    /// A transfer of any amount to anybody, to oneself and to strangers now and then.
    pub(super) fn submit_transfer(&mut self, client: ClientId, via: Option<ServerId>) {
        let accounts = self.plan.config.clients + 1;
        let to = self.rng.random_range(1..=accounts.min(8));
        let to = AccountId::new(to).expect("there are at least eight names");
        let amount = self.rng.random_range(0..=60);
        self.submit(client, Operation::Transfer { to, amount }, via);
    }

    pub(super) fn submit(&mut self, client: ClientId, operation: Operation, via: Option<ServerId>) {
        self.requests += 1;
        self.act(Action::Submit { client, operation, via });
    }

    /// Lets clients ask by themselves, or not any more.
    pub(super) fn load(&mut self) {
        let (on, requests) = (happens(&mut self.rng, CERTAIN / 2), self.rng.random_range(1..=100));
        let rate = if on { LoadRate::per_second(requests) } else { LoadRate::OFF };
        self.act(Action::Load { rate });
    }

    /// Lets faults come and go by themselves, or not any more.
    pub(super) fn chaos(&mut self) {
        let strength = Chaos::ALL[self.rng.random_range(0..Chaos::ALL.len() as u64) as usize];
        self.act(Action::Chaos { strength });
    }

    /// Whom to ask: mostly that is left to the client.
    fn draw_via(&mut self) -> Option<ServerId> {
        let chosen = self.any_server();
        happens(&mut self.rng, CERTAIN / 3).then_some(chosen)
    }
}
