//! Leaders that fall one after the other, each at a bad moment.
//!
//! What the paper's figure 8 shows takes several leaders: one that leaves a block on few servers,
//! one that does the same in a later term, then the first again, which spreads its old block. That
//! rarely comes about by chance alone, so this deed lets leaders fall at the two moments that
//! matter, and lets the one that fell before come back.
//!
//! A leader may also be overtaken while its process stands still, and not know it when it goes on.

use super::super::{Action, World};
use super::{Swarm, Wrong};
use crate::bank::Operation;
use crate::base::random::{CERTAIN, happens};
use crate::base::{Index, ServerId, Span};
use crate::client::Client;
use crate::server::Server;
use rand::RngExt;

/// How many election timeouts the deed waits for the next leader.
const TIMEOUTS_MAX: u64 = 4;

impl Swarm {
    /// Lets a few leaders fall in a row. Each new one finds the last but one up again.
    pub(super) fn succession(&mut self) -> Result<(), Wrong> {
        let mut fallen: Option<ServerId> = None;
        for _ in 0..self.rng.random_range(3..=5u32) {
            let patience = self.plan.config.election_timeout_max.times(TIMEOUTS_MAX);
            self.wait_for(patience, |world| world.leader().is_some());
            let Some(leader) = self.play.simulation.world().leader() else { break };
            if happens(&mut self.rng, CERTAIN / 2) {
                self.fall_alone(leader);
            } else {
                self.fall_with_nothing_own(leader);
            }
            if let Some(server) = fallen.replace(leader) {
                self.act(Action::Restart { server });
            }
            self.play.verdict()?;
        }
        Ok(())
    }

    /// The leader stands still until another one has committed something new. A client asks the
    /// first, which finds the question when it goes on.
    pub(super) fn overtake(&mut self) -> Result<(), Wrong> {
        let Some(former) = self.play.simulation.world().leader() else { return Ok(()) };
        self.act(Action::Pause { server: former });
        let patience = self.plan.config.election_timeout_max.times(TIMEOUTS_MAX);
        let known = self
            .play
            .simulation
            .world()
            .server(former)
            .map_or(Index::ZERO, |it| it.raft().commit());
        let client = self.any_client();
        self.submit_transfer(client);
        self.wait_for(patience, |world| {
            let newer = |server: &Server| server.id() != former && server.raft().commit() > known;
            let answered = |it: &Client| it.unanswered() == 0;
            world.leaders().any(newer) && world.client(client).is_some_and(answered)
        });
        self.linger()?;
        self.act(Action::Submit { client, operation: Operation::Balance, via: Some(former) });
        self.linger()?;
        self.act(Action::Resume { server: former });
        self.play.verdict()
    }

    /// The leader is cut off, makes a block that nobody else has, and crashes.
    fn fall_alone(&mut self, server: ServerId) {
        self.act(Action::Isolate { server });
        self.wait_on(server, |server| {
            let raft = server.raft();
            let own = raft.last_term() == raft.term() && raft.last_index() > raft.commit();
            own && raft.durable() == raft.last_index()
        });
        self.act(Action::Crash { server });
        self.act(Action::Heal);
    }

    /// The leader crashes when it knows all that it inherited as committed, and has added nothing.
    fn fall_with_nothing_own(&mut self, server: ServerId) {
        self.wait_on(server, |server| {
            let raft = server.raft();
            raft.last_term() < raft.term() && raft.commit() == raft.last_index()
        });
        self.act(Action::Crash { server });
    }

    /// Waits for a moment of one server, for about as long as it may lead without being heard.
    fn wait_on(&mut self, id: ServerId, moment: fn(&Server) -> bool) {
        let patience = self.plan.config.election_timeout_min;
        self.wait_for(patience, |world| world.server(id).is_none_or(moment));
    }

    /// Lets events happen until something is so, or for a time.
    fn wait_for(&mut self, patience: Span, done: impl Fn(&World) -> bool) {
        let limit = self.play.now() + patience;
        while !done(self.play.simulation.world()) && self.play.step(limit) {}
    }
}
