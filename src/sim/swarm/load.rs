//! What clients ask for.

use super::super::Action;
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

    /// Whom to ask: mostly that is left to the client.
    fn draw_via(&mut self) -> Option<ServerId> {
        let chosen = self.any_server();
        happens(&mut self.rng, CERTAIN / 3).then_some(chosen)
    }
}
