//! Figures of a run over time, for charts: how long a commit takes, how much is done, who leads,
//! what is sent, how long a block is mined for, how full the disks are.
//!
//! [`Metrics`] hears every event, as the judges do, and never looks back. What it keeps is bounded,
//! however long a run is: time is divided into at most [`BUCKETS_MAX`] *buckets* of equal width,
//! and when they are too many, each two become one and the width doubles. So a day is kept in as
//! much room as a minute, more coarsely. A width is always [`WIDTH_LEAST`] times a power of two.
//!
//! How long answers took is kept as a [`Histogram`] for each bucket, since the percentiles of two
//! buckets cannot be had from the percentiles of each.
//!
//! A bucket that is over never changes, and is shared by all moments of the run that are kept.
//!
//! # Caveats
//!
//! - What was asked before the run began, and is sent again after a reload, is counted among what
//!   waits, but how long it took is not known here.
//! - Who leads is what the servers themselves said last. A leader that stands still has not said
//!   that it leads no longer.

mod bucket;
mod histogram;
#[cfg(test)]
mod tests;

pub use bucket::{Bucket, Sort, Trouble};
pub use histogram::Histogram;

use super::World;
use crate::bank::{RequestId, Verdict};
use crate::base::{MAX_SERVERS, ServerId, Span, Term, Time};
use crate::client;
use crate::server::Fact;
use crate::trace::{Event, What};
use std::sync::Arc;

/// The most buckets of a run.
pub const BUCKETS_MAX: usize = 512;

/// The least width of a bucket.
pub const WIDTH_LEAST: Span = Span::ms(100);

/// The figures of one run.
#[derive(Clone, Debug, PartialEq)]
pub struct Metrics {
    width: Span,
    /// What is over, in order, each as long as the width.
    over: Vec<Arc<Bucket>>,
    /// What is not.
    current: Bucket,
    /// What waits for an answer, each with the time at which it was asked, if that is known.
    waiting: Vec<(RequestId, Option<Time>)>,
    servers: [Seen; MAX_SERVERS as usize],
}

/// What is known of a server.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Seen {
    /// The term that it says it leads.
    leads: Option<Term>,
    /// When it began to mine the block that it is mining.
    mines_since: Option<Time>,
    is_down: bool,
}

impl Default for Metrics {
    fn default() -> Self {
        Self {
            width: WIDTH_LEAST,
            over: Vec::new(),
            current: Bucket::default(),
            waiting: Vec::new(),
            servers: Default::default(),
        }
    }
}

impl Metrics {
    /// Takes note of an event. `world` is as the step left it to which the event belongs.
    pub fn hear(&mut self, event: &Event, world: &World) {
        self.go_on_to(event.at);
        match &event.what {
            What::Sent(passage) => self.current.send(passage.packet.kind()),
            What::Dropped(..) => self.current.dropped += 1,
            What::Server(server, fact) => self.hear_server(*server, fact, event.at, world),
            What::Client(_, happened) => self.hear_client(happened, event.at),
            What::Persisted(server, _) => self.weigh(*server, world),
            What::Crashed { server, .. } => {
                self.end(*server);
                self.weigh(*server, world);
            }
            What::Stopped(server, _) => self.end(*server),
            What::Acted(_) => self.look_at(world),
            What::Arrived(_) | What::Duplicated(_) | What::Tampered(_) | What::Timer(_) => {}
        }
    }

    fn hear_server(&mut self, server: ServerId, fact: &Fact, at: Time, world: &World) {
        match fact {
            Fact::BecameLeader(term) => {
                self.current.elections += 1;
                self.seen(server).leads = Some(*term);
                self.current.term = self.current.term.max(*term);
                self.see_leader();
            }
            Fact::Recovered { .. } => {
                *self.seen(server) = Seen::default();
                self.see_trouble(Trouble::DOWN, self.servers.iter().any(|it| it.is_down));
                self.weigh(server, world);
                self.see_leader();
            }
            Fact::EnteredTerm(term) => {
                self.current.term = self.current.term.max(*term);
                self.resign(server);
            }
            Fact::BecameFollower(..) | Fact::BecameCandidate(_) | Fact::BecamePreCandidate(_) => {
                self.resign(server);
            }
            Fact::MiningBegan { .. } => self.seen(server).mines_since = Some(at),
            Fact::MiningDropped { .. } => self.seen(server).mines_since = None,
            Fact::Mined { attempts, .. } => {
                let since = self.seen(server).mines_since.take();
                self.current.mined += 1;
                self.current.attempts += attempts;
                let took = at.since(since.unwrap_or(at));
                self.current.mining = self.current.mining + took;
            }
            _ => {}
        }
    }

    fn hear_client(&mut self, happened: &client::Event, at: Time) {
        match happened {
            client::Event::Submitted { request, .. } => {
                self.current.asked += 1;
                self.wait_for(request.id, Some(at));
            }
            client::Event::Resent { id, .. } => {
                if !self.waiting.iter().any(|(waits, _)| waits == id) {
                    self.wait_for(*id, None);
                }
            }
            client::Event::Answered { id, verdict, .. } => self.answer(*id, *verdict, at),
            client::Event::Busy { .. } | client::Event::Ignored { .. } => {}
        }
    }

    /// What clients leave unanswered is bounded, and so is this.
    fn wait_for(&mut self, id: RequestId, since: Option<Time>) {
        self.waiting.push((id, since));
        let waiting = u32::try_from(self.waiting.len()).unwrap_or(u32::MAX);
        self.current.waiting = self.current.waiting.max(waiting);
    }

    fn answer(&mut self, id: RequestId, verdict: Verdict, at: Time) {
        let place = self.waiting.iter().position(|(waits, _)| *waits == id);
        let since = place.and_then(|place| self.waiting.swap_remove(place).1);
        let is_in_chain = match verdict {
            Verdict::Committed { .. } => {
                self.current.committed += 1;
                true
            }
            Verdict::Refused { .. } => {
                self.current.refused += 1;
                true
            }
            Verdict::Invalid { .. } | Verdict::Stale { .. } => {
                self.current.refused += 1;
                false
            }
            Verdict::Balance { .. } => {
                self.current.read += 1;
                false
            }
            Verdict::Busy => false,
        };
        if let Some(since) = since.filter(|_| is_in_chain) {
            self.current.latency.add(at.since(since));
        }
    }

    fn seen(&mut self, server: ServerId) -> &mut Seen {
        &mut self.servers[place(server)]
    }

    fn resign(&mut self, server: ServerId) {
        if self.seen(server).leads.take().is_some() {
            self.see_leader();
        }
    }

    fn end(&mut self, server: ServerId) {
        *self.seen(server) = Seen { is_down: true, ..Seen::default() };
        self.see_trouble(Trouble::DOWN, true);
        self.see_leader();
    }

    /// Whoever leads the latest term is the leader.
    fn see_leader(&mut self) {
        let all = ServerId::first(MAX_SERVERS).zip(&self.servers);
        let leading = all.filter_map(|(id, seen)| Some((seen.leads?, id)));
        self.current.leader = leading.max().map(|(_, id)| id);
        self.current.leaderless |= self.current.leader.is_none();
    }

    /// What an action may have changed.
    fn look_at(&mut self, world: &World) {
        let (channel, nodes) = (world.channel(), || world.nodes());
        let is_cut = channel.groups().is_some() || channel.cuts().next().is_some();
        let is_worse = *channel.settings() != world.config().network || channel.has_own_links();
        self.see_trouble(Trouble::CUT, is_cut);
        self.see_trouble(Trouble::SLOW, is_worse);
        self.see_trouble(Trouble::PAUSED, nodes().any(|(_, node)| node.is_paused()));
        nodes().for_each(|(id, _)| self.weigh(id, world));
    }

    fn see_trouble(&mut self, what: Trouble, is_there: bool) {
        self.current.trouble.0 |= if is_there { what.0 } else { 0 };
        self.current.lasting.0 &= !what.0;
        self.current.lasting.0 |= if is_there { what.0 } else { 0 };
    }

    fn weigh(&mut self, server: ServerId, world: &World) {
        if let Some(node) = world.node(server) {
            self.current.disk[place(server)] =
                u32::try_from(node.disk().used()).unwrap_or(u32::MAX);
        }
    }

    /// Begins new buckets up to a time.
    fn go_on_to(&mut self, time: Time) {
        while time.0 >= (self.over.len() as u64 + 1).saturating_mul(self.width.0) {
            let waiting = u32::try_from(self.waiting.len()).unwrap_or(u32::MAX);
            let next = self.current.next(waiting);
            self.over.push(Arc::new(std::mem::replace(&mut self.current, next)));
            if self.over.len() == BUCKETS_MAX {
                self.coarsen();
            }
        }
    }

    fn coarsen(&mut self) {
        let pairs = self.over.chunks_exact(2);
        self.over = pairs.map(|pair| Arc::new(Bucket::both(&pair[0], &pair[1]))).collect();
        self.width = self.width.times(2);
    }

    /// How long each bucket is.
    pub fn width(&self) -> Span {
        self.width
    }

    /// The buckets, in order, from the beginning of the run on; the last is not over yet.
    pub fn buckets(&self) -> impl ExactSizeIterator<Item = &Bucket> {
        (0..self.over.len() + 1).map(|at| self.over.get(at).map_or(&self.current, |it| &**it))
    }
}

fn place(server: ServerId) -> usize {
    usize::from(server.number() - 1)
}
