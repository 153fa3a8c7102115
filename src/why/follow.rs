//! A request's way in full: its parts, and how its block came to each server's disk.

use super::scene::Scene;
use super::trail::Trail;
use super::{Leg, request};
use crate::bank::RequestId;
use crate::base::{Endpoint, Hash, Index, ServerId, Time};
use crate::chain::Block;
use crate::raft::{AppendOutcome, Message};
use crate::server::{Fact, Packet};
use crate::sim::World;
use crate::trace::{Event, EventId, Kept, Passage, Trace, What};

/// A request's way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Followed {
    /// Its parts, in their order.
    pub legs: Vec<Leg>,
    /// The block that holds it, once it was mined: who mined it, its height and its hash.
    pub block: Option<(ServerId, Index, Hash)>,
    /// How the block came to each server, in the order of their numbers.
    pub copies: Vec<Copy>,
}

/// How a block came to one server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copy {
    /// The server.
    pub server: ServerId,
    /// When a leader sent it the append that arrived, or the newest one if none has. Its miner has
    /// it from itself.
    pub sent: Option<Moment>,
    /// When that arrived; of the miner, when it was mined.
    pub arrived: Option<Moment>,
    /// When it was durable there.
    pub durable: Option<Moment>,
    /// When a leader heard of that; the miner needs no letter.
    pub heard: Option<Moment>,
    /// How many appends with it were dropped on their way there.
    pub lost: usize,
}

/// An event, and when it was.
pub type Moment = (EventId, Time);

/// Follows a request as far as it has come. Nothing if no such request is known.
///
/// The trace must be the world's own.
pub fn follow(world: &World, trace: &Trace, id: RequestId) -> Option<Followed> {
    let scene = Scene::new(world, trace);
    let state = request::state(&scene, id)?;
    let trail = Trail::of(&scene, id);
    let legs = trail.legs(&state.request.operation);
    let Some((mined, miner, block)) = trail.mined() else {
        return Some(Followed { legs, block: None, copies: Vec::new() });
    };
    let copies = copies(&scene, mined, miner, block);
    Some(Followed { legs, block: Some((miner, block.height(), block.hash())), copies })
}

/// Reads the trace once, from the mining on, until every server is through.
fn copies(scene: &Scene<'_>, mined: &Event, miner: ServerId, block: &Block) -> Vec<Copy> {
    let mut copies: Vec<Copy> = scene.world.nodes().map(|(server, _)| Copy::of(server)).collect();
    let at = |server: ServerId| copies_place(scene, server);
    if let Some(own) = at(miner).map(|place| &mut copies[place]) {
        own.arrived = Some((mined.id, mined.at));
    }
    for event in scene.trace.after(mined.id) {
        let Some(step) = Step::of(event, block) else { continue };
        let Some(place) = at(step.server()) else { continue };
        copies[place].take(step, (event.id, event.at));
        if copies.iter().all(|copy| copy.is_through(miner)) {
            break;
        }
    }
    copies
}

/// Servers are numbered from 1 on without gaps.
fn copies_place(scene: &Scene<'_>, server: ServerId) -> Option<usize> {
    scene.world.nodes().position(|(id, _)| id == server)
}

impl Copy {
    fn of(server: ServerId) -> Self {
        Self { server, sent: None, arrived: None, durable: None, heard: None, lost: 0 }
    }

    fn is_through(&self, miner: ServerId) -> bool {
        self.durable.is_some() && (self.heard.is_some() || self.server == miner)
    }

    /// What counts is the first time that each step was taken.
    fn take(&mut self, step: Step, moment: Moment) {
        match step {
            Step::Sent(_) if self.arrived.is_none() => self.sent = Some(moment),
            Step::Arrived(_) if self.arrived.is_none() => self.arrived = Some(moment),
            Step::Dropped(_) if self.arrived.is_none() => self.lost += 1,
            Step::Durable(_) if self.durable.is_none() => self.durable = Some(moment),
            Step::Heard(_) if self.durable.is_some() && self.heard.is_none() => {
                self.heard = Some(moment);
            }
            _ => {}
        }
    }
}

/// A step of a block on its way to a server.
#[derive(Clone, Copy)]
enum Step {
    Sent(ServerId),
    Arrived(ServerId),
    Dropped(ServerId),
    Durable(ServerId),
    Heard(ServerId),
}

impl Step {
    fn server(self) -> ServerId {
        match self {
            Self::Sent(id)
            | Self::Arrived(id)
            | Self::Dropped(id)
            | Self::Durable(id)
            | Self::Heard(id) => id,
        }
    }

    fn of(event: &Event, block: &Block) -> Option<Self> {
        match &event.what {
            What::Sent(passage) => carries(passage, block).map(Self::Sent),
            What::Dropped(passage, _) => carries(passage, block).map(Self::Dropped),
            What::Arrived(passage) => carries(passage, block)
                .map(Self::Arrived)
                .or_else(|| acknowledges(passage, block).map(Self::Heard)),
            What::Persisted(server, kept) | What::Crashed { server, kept, .. } => {
                kept.iter().any(|one| stands_for(one, block)).then_some(Self::Durable(*server))
            }
            What::Server(server, Fact::Recovered { blocks, .. }) => {
                let has = blocks.iter().any(|one| one.hash() == block.hash());
                has.then_some(Self::Durable(*server))
            }
            _ => None,
        }
    }
}

/// Whom a message takes the block to, if it does.
fn carries(passage: &Passage, block: &Block) -> Option<ServerId> {
    let Endpoint::Server(to) = passage.to else { return None };
    let Packet::Raft(Message::AppendEntries(append)) = &*passage.packet else { return None };
    append.entries.iter().any(|entry| entry.hash() == block.hash()).then_some(to)
}

/// Whose message says that it has everything up to the block.
fn acknowledges(passage: &Passage, block: &Block) -> Option<ServerId> {
    let Endpoint::Server(from) = passage.from else { return None };
    let Packet::Raft(Message::AppendEntriesReply(reply)) = &*passage.packet else { return None };
    match reply.outcome {
        AppendOutcome::Accepted { match_index } if match_index >= block.height() => Some(from),
        _ => None,
    }
}

fn stands_for(kept: &Kept, block: &Block) -> bool {
    match kept {
        Kept::Block { hash, .. } => *hash == block.hash(),
        Kept::Snapshot { height, .. } => *height >= block.height(),
        Kept::State { .. } | Kept::Removed(_) | Kept::Other => false,
    }
}
