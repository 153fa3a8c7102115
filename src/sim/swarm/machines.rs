//! Deeds against machines: crashes at chosen moments, restarts, pauses, clocks.

use super::super::{Action, Flight, Node, RATE_FASTEST, RATE_SLOWEST, World};
use super::{Swarm, Wrong};
use crate::base::random::{CERTAIN, happens, span_between};
use crate::base::{Endpoint, ServerId, Span};
use crate::disk::layout::ServerKey;
use crate::raft::Role;
use crate::server::PacketKind;
use rand::RngExt;

/// How many events a deed waits for its moment.
const AIM_MAX: u32 = 200;

/// How long it waits at the most.
const AIM_LONGEST: Span = Span::ms(300);

/// A state in which a crash may hurt in its own way.
type Moment = fn(&World, ServerId, &Node) -> bool;

/// Between a write and its sync; at work on a block; leading; standing for election; between a
/// snapshot and its sync; sending one; receiving one; between two memberships; handing over.
const MOMENTS: [Moment; 9] = [
    |_, _, node| node.disk().staged().len() > 0,
    |_, _, node| node.server().is_some_and(|server| server.mining().is_some()),
    |_, _, node| role(node) == Some(Role::Leader),
    |_, _, node| role(node) == Some(Role::Candidate),
    |_, _, node| node.disk().staged().any(|write| **write.key() == *SNAPSHOT.to_string()),
    |world, id, _| in_flight(world, PacketKind::Snapshot).any(|flight| is(flight.from, id)),
    |world, id, _| in_flight(world, PacketKind::Snapshot).any(|flight| is(flight.to, id)),
    |_, _, node| node.server().is_some_and(|server| server.raft().membership().is_joint()),
    |_, _, node| node.server().is_some_and(|server| server.raft().transferee().is_some()),
];

/// What a snapshot is kept under.
const SNAPSHOT: ServerKey = ServerKey::Snapshot;

fn role(node: &Node) -> Option<Role> {
    Some(node.server()?.raft().role())
}

fn in_flight(world: &World, kind: PacketKind) -> impl Iterator<Item = &Flight> {
    world.in_flight().map(|(_, flight)| flight).filter(move |it| it.packet.kind() == kind)
}

fn is(end: Endpoint, server: ServerId) -> bool {
    end == Endpoint::Server(server)
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
            let found = world
                .nodes()
                .find(|(id, node)| node.server().is_some() && moment(world, *id, node));
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

    /// Fills the disk of a server, mostly amid a sync.
    pub(super) fn fill_disk(&mut self) {
        let any = self.any_server();
        let server = self.aim().unwrap_or(any);
        self.act(Action::FillDisk { server });
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

    pub(super) fn nudge(&mut self) {
        let server = self.any_server();
        self.act(Action::Nudge { server });
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
