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
use crate::base::{ServerId, Span};
use crate::raft::Role;
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

    /// The leader stands still, or hears nobody, until another one has answered a client. Then the
    /// first is asked.
    pub(super) fn overtake(&mut self) -> Result<(), Wrong> {
        let Some(former) = self.play.simulation.world().leader() else { return Ok(()) };
        let stands_still = happens(&mut self.rng, CERTAIN / 2);
        let (begin, end) = match stands_still {
            true => (Action::Pause { server: former }, Action::Resume { server: former }),
            false => (Action::Isolate { server: former }, Action::Heal),
        };
        self.act(begin);
        let timeout = self.plan.config.election_timeout_min;
        self.play.run_until(self.play.now() + timeout)?;
        let (next, client) = (self.any_server(), self.any_client());
        self.act(Action::Nudge { server: next });
        self.wait_on(next, |server| server.raft().role() == Role::Leader);
        self.submit_transfer(client, Some(next));
        self.wait_for(timeout, |world| world.client(client).is_none_or(|it| it.unanswered() == 0));
        self.submit(client, Operation::Balance, Some(former));
        if !stands_still {
            self.linger()?;
        }
        self.act(end);
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
