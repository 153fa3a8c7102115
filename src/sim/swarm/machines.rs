//! Deeds against machines: crashes at chosen moments, restarts, pauses, clocks.

use super::super::{Action, Node, RATE_FASTEST, RATE_SLOWEST};
use super::{Swarm, Wrong};
use crate::base::random::{CERTAIN, happens, span_between};
use crate::base::{ServerId, Span};
use crate::raft::Role;
use rand::RngExt;

/// How many events a deed waits for its moment.
const AIM_MAX: u32 = 200;

/// How long it waits at the most.
const AIM_LONGEST: Span = Span::ms(300);

/// A state in which a crash may hurt in its own way.
type Moment = fn(&Node) -> bool;

/// Between a write and its sync; at work on a block; leading; standing for election.
const MOMENTS: [Moment; 4] = [
    |node| node.disk().staged().len() > 0,
    |node| node.server().is_some_and(|server| server.mining().is_some()),
    |node| role(node) == Some(Role::Leader),
    |node| role(node) == Some(Role::Candidate),
];

fn role(node: &Node) -> Option<Role> {
    Some(node.server()?.raft().role())
}

impl Swarm {
    /// Crashes any server, or waits for a moment and crashes one that is in it.
    pub(super) fn crash(&mut self) {
        let (aimed, any) = (happens(&mut self.rng, CERTAIN / 4 * 3), self.any_server());
        let server = if aimed { self.aim().unwrap_or(any) } else { any };
        self.act(Action::Crash { server });
    }

    /// Lets events happen until a server is in a moment that is drawn.
    fn aim(&mut self) -> Option<ServerId> {
        let moment = MOMENTS[self.rng.random_range(0..MOMENTS.len() as u64) as usize];
        let limit = self.play.now() + AIM_LONGEST;
        for _ in 0..AIM_MAX {
            let world = self.play.simulation.world();
            let found = world.nodes().find(|(_, node)| node.server().is_some() && moment(node));
            if let Some((id, _)) = found {
                return Some(id);
            }
            if !self.play.step(limit) {
                return None;
            }
        }
        None
    }

    /// Crashes a server and restarts it at once: it comes back within the term.
    pub(super) fn bounce(&mut self) -> Result<(), Wrong> {
        let any = self.any_server();
        let server = self.aim().unwrap_or(any);
        self.act(Action::Crash { server });
        let pause = span_between(&mut self.rng, Span::ZERO, Span::ms(20));
        self.play.run_until(self.play.now() + pause)?;
        self.act(Action::Restart { server });
        Ok(())
    }

    /// Crashes all servers at once, or most of them, and restarts them.
    pub(super) fn power_cut(&mut self) -> Result<(), Wrong> {
        _ = self.aim();
        let servers: Vec<ServerId> = self.plan.config.server_ids().collect();
        let spared = happens(&mut self.rng, CERTAIN / 2).then(|| self.any_server());
        for server in servers.iter().copied().filter(|server| Some(*server) != spared) {
            self.act(Action::Crash { server });
        }
        let pause = span_between(&mut self.rng, Span::ZERO, Span::ms(200));
        self.play.run_until(self.play.now() + pause)?;
        for server in servers {
            self.act(Action::Restart { server });
        }
        Ok(())
    }

    pub(super) fn restart(&mut self) {
        self.one_of(|node| node.server().is_none(), |server| Action::Restart { server });
    }

    pub(super) fn pause_or_resume(&mut self) {
        if happens(&mut self.rng, CERTAIN / 2) {
            let server = self.any_server();
            self.act(Action::Pause { server });
        } else {
            self.one_of(Node::is_paused, |server| Action::Resume { server });
        }
    }

    /// Mostly a clock drifts a little; now and then it is wild.
    pub(super) fn drift(&mut self) {
        let (server, wild) = (self.any_server(), happens(&mut self.rng, CERTAIN / 4));
        let bounds = if wild { RATE_SLOWEST..=RATE_FASTEST } else { 950_000..=1_050_000 };
        let rate = self.rng.random_range(bounds);
        self.act(Action::Clock { server, rate });
    }

    /// Does something to one of the servers that are in a state, if there is any.
    fn one_of(&mut self, fits: impl Fn(&Node) -> bool, action: impl Fn(ServerId) -> Action) {
        let nodes = self.play.simulation.world().nodes();
        let fitting: Vec<_> = nodes.filter(|(_, node)| fits(node)).map(|(id, _)| id).collect();
        if !fitting.is_empty() {
            let chosen = self.rng.random_range(0..fitting.len() as u64) as usize;
            self.act(action(fitting[chosen]));
        }
    }
}
