//! The world and its trace, as answers look at them.

use super::words::took;
use crate::base::{Membership, Rule, ServerId, Set, Span, Term, Time};
use crate::raft::{Role, Timer, reached_by_quorum};
use crate::server::{Fact, Server};
use crate::sim::{Stamped, World};
use crate::trace::{Event, EventId, Trace, What};

/// A world at one moment, with what led to it.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    pub world: &'a World,
    pub trace: &'a Trace,
}

impl<'a> Scene<'a> {
    pub fn new(world: &'a World, trace: &'a Trace) -> Self {
        Self { world, trace }
    }

    pub fn now(&self) -> Time {
        self.world.now()
    }

    /// How long ago an event was: `35 ms ago`.
    pub fn ago(&self, event: &Event) -> String {
        format!("{} ago", took(self.now().since(event.at)))
    }

    pub fn event(&self, id: EventId) -> Option<&'a Event> {
        self.trace.get(id)
    }

    /// The event that led to another, if it is still kept.
    pub fn cause(&self, event: &Event) -> Option<&'a Event> {
        self.event(event.cause?)
    }

    /// The events before one, the newest first.
    pub fn before(&self, id: EventId) -> impl Iterator<Item = &'a Event> + use<'a> {
        let trace = self.trace;
        let first = trace.forgotten() + 1;
        (first..id.0.min(trace.last_id().0 + 1)).rev().filter_map(move |id| trace.get(EventId(id)))
    }

    /// All events, the newest first.
    pub fn back(&self) -> impl Iterator<Item = &'a Event> + use<'a> {
        self.before(EventId(u64::MAX))
    }

    /// The newest event of a kind.
    pub fn newest(&self, is_it: impl Fn(&What) -> bool) -> Option<&'a Event> {
        self.back().find(|event| is_it(&event.what))
    }

    /// The newest fact of a kind that a server told of.
    pub fn newest_fact(&self, of: ServerId, is_it: impl Fn(&Fact) -> bool) -> Option<&'a Event> {
        self.newest(
            |what| matches!(what, What::Server(server, fact) if *server == of && is_it(fact)),
        )
    }

    /// The event of an action.
    pub fn acted(&self, action: &Stamped) -> Option<&'a Event> {
        let text = action.action.to_string();
        let events = self.from(action.at).take_while(|event| event.at == action.at);
        let mut acts =
            events.filter(|event| matches!(&event.what, What::Acted(it) if **it == *text));
        acts.next()
    }

    /// The events from a time on.
    fn from(&self, time: Time) -> impl Iterator<Item = &'a Event> + use<'a> {
        let (mut low, mut high) = (self.trace.forgotten(), self.trace.last_id().0);
        while low < high {
            let middle = low + (high - low) / 2;
            match self.trace.get(EventId(middle + 1)) {
                Some(event) if event.at >= time => high = middle,
                _ => low = middle + 1,
            }
        }
        self.trace.after(EventId(low))
    }

    pub fn is_on(&self, rule: Rule) -> bool {
        self.world.config().rules.is_on(rule)
    }

    pub fn server(&self, id: ServerId) -> Option<&'a Server> {
        self.world.server(id)
    }

    /// The servers that are up, those that stand still included.
    pub fn up(&self) -> impl Iterator<Item = &'a Server> + use<'a> {
        self.world.nodes().filter_map(|(_, node)| node.server())
    }

    /// True if a server is up and does not stand still.
    pub fn runs(&self, id: ServerId) -> bool {
        self.world.node(id).is_some_and(|node| node.server().is_some() && !node.is_paused())
    }

    pub fn is_paused(&self, id: ServerId) -> bool {
        self.world.node(id).is_some_and(|node| node.is_paused())
    }

    /// The latest term that a server which is up has seen.
    pub fn latest_term(&self) -> Term {
        self.up().map(|server| server.raft().term()).max().unwrap_or_default()
    }

    /// The server that leads the latest term.
    pub fn leader(&self) -> Option<&'a Server> {
        let latest = self.latest_term();
        self.up().find(|server| is_leader(server) && server.raft().term() == latest)
    }

    /// The server that leads the latest term that is led at all, though there may be later ones.
    pub fn newest_leader(&self) -> Option<&'a Server> {
        self.up().filter(|server| is_leader(server)).max_by_key(|server| server.raft().term())
    }

    /// The members of the cluster, as its leader knows them, or who has the most complete log.
    pub fn members(&self) -> Membership {
        let most = || self.up().max_by_key(|server| server.raft().log().last());
        match self.leader().or_else(most) {
            Some(server) => server.raft().membership().clone(),
            None => Membership::of(ServerId::first(self.world.config().members())),
        }
    }

    /// How long it takes until a server's timer runs out, by the world's time.
    pub fn until(&self, server: ServerId, timer: Timer) -> Span {
        let node = self.world.node(server);
        let due = node.map_or(timer.deadline, |node| node.clock().world(timer.deadline));
        due.since(self.now())
    }
}

pub fn is_leader(server: &Server) -> bool {
    server.raft().role() == Role::Leader
}

/// True if these servers are a quorum of the membership.
pub fn is_quorum(membership: &Membership, servers: &Set<ServerId>) -> bool {
    reached_by_quorum(membership, |server| servers.contains(&server))
}
