//! Why a voter does not count for a block yet.

use super::Reason;
use super::letter::{Fate, Letter, between};
use super::scene::Scene;
use super::words::took;
use crate::base::{Hash, Index, ServerId};
use crate::chain::Block;
use crate::disk::Write;
use crate::disk::layout::ServerKey;
use crate::raft::{AppendOutcome, Flow, Message};
use crate::server::{Fact, Packet, Server};
use crate::trace::{Kept, Passage, What};

impl Scene<'_> {
    /// True if a server's disk holds this block, or a snapshot that stands for it.
    pub fn has_durably(&self, id: ServerId, height: Index, hash: Hash) -> bool {
        self.on_disk(id, height) == Some(hash) || self.stands_for(id, height)
    }

    /// The hash of the block that a server's disk holds at a height.
    pub fn on_disk(&self, id: ServerId, height: Index) -> Option<Hash> {
        match self.kept(id, ServerKey::Block(height))? {
            Kept::Block { height: at, hash, .. } if at == height => Some(hash),
            _ => None,
        }
    }

    /// True if a snapshot on a server's disk stands for the block at a height.
    fn stands_for(&self, id: ServerId, height: Index) -> bool {
        let kept = self.kept(id, ServerKey::Snapshot);
        matches!(kept, Some(Kept::Snapshot { height: last, .. }) if last >= height)
    }

    fn kept(&self, id: ServerId, key: ServerKey) -> Option<Kept> {
        let key = key.to_string();
        let text = self.world.node(id)?.disk().image().get(key.as_str())?;
        Some(Kept::of(&Write::put(key, text.clone())))
    }
}

/// Why a leader cannot count this voter for a block of its log yet. Nothing if it does.
pub fn missing(
    scene: &Scene<'_>,
    leader: &Server,
    voter: ServerId,
    block: &Block,
) -> Option<Reason> {
    let (height, hash) = (block.height(), block.hash());
    let id = leader.id();
    if voter == id {
        return (leader.raft().durable() < height).then(|| {
            let sync = took(scene.world.config().disk_sync);
            let appended = scene.newest_fact(id, |fact| appends(fact, hash));
            Reason::new(format!("{id}'s own disk does not have it yet: a sync takes {sync}."))
                .at(appended.map(|event| event.id))
        });
    }
    let progress = leader.raft().progress(voter)?;
    if progress.match_index() >= height {
        return None;
    }
    if scene.has_durably(voter, height, hash) {
        return Some(unheard(scene, leader, voter, height));
    }
    if let Some(halted) = scene.halted(voter) {
        return Some(halted);
    }
    let letter = scene
        .newest_letter(|passage| between(passage, id, voter) && carries(passage, leader, block));
    let Some(letter) = letter else { return Some(unsent(scene, leader, voter)) };
    let before = format!("{id}'s append with it to ");
    Some(match (letter.fate, scene.not_arrived_there(&letter, before)) {
        (Fate::Arrived(_), _) | (_, None) => received(scene, leader, voter, block, &letter),
        (Fate::Dropped(..), Some(reason)) => {
            let again = format!("After an answer to a heartbeat, {id} sends it again to ");
            reason.because([Reason::of(again, voter, ".".to_owned())])
        }
        (_, Some(reason)) => reason,
    })
}

fn appends(fact: &Fact, hash: Hash) -> bool {
    matches!(fact, Fact::Appended(block) if block.hash() == hash)
}

/// True if a message of this leader's term carries the block.
fn carries(passage: &Passage, leader: &Server, block: &Block) -> bool {
    match &*passage.packet {
        Packet::Raft(Message::AppendEntries(append)) => {
            append.term == leader.raft().term()
                && append.entries.iter().any(|entry| entry.hash() == block.hash())
        }
        _ => false,
    }
}

/// The voter has it, and the leader does not know.
fn unheard(scene: &Scene<'_>, leader: &Server, voter: ServerId, height: Index) -> Reason {
    let (id, term) = (leader.id(), leader.raft().term());
    let answer = scene.newest_letter(|passage| {
        between(passage, voter, id)
            && match &*passage.packet {
                Packet::Raft(Message::AppendEntriesReply(reply)) => {
                    let reaches = match reply.outcome {
                        AppendOutcome::Accepted { match_index } => match_index >= height,
                        _ => false,
                    };
                    reply.term == term && reaches
                }
                Packet::Raft(Message::InstallSnapshotReply(reply)) => {
                    reply.term == term && reply.last.index >= height
                }
                _ => false,
            }
    });
    let has = format!("{voter} has it on its disk, and {id} does not know so yet.");
    let reason = Reason::new(has);
    match answer {
        Some(letter) => {
            let what = format!("{voter}'s answer to {id}");
            let missing = scene.not_arrived(&letter, &what);
            reason.because(missing).because(scene.apart(id, voter))
        }
        None => {
            let from = "It has it from before, or its answer has not left yet.";
            reason.because([Reason::new(from)]).because(scene.apart(id, voter))
        }
    }
}

/// No append with it has left.
fn unsent(scene: &Scene<'_>, leader: &Server, voter: ServerId) -> Reason {
    let id = leader.id();
    let flow = leader.raft().progress(voter).map(|progress| progress.flow().clone());
    let (text, behind) = match flow {
        _ if leader.raft().durable() < leader.raft().last_index() => {
            (format!("{id} sends it to {voter} once its own disk has it."), None)
        }
        Some(Flow::Snapshot { snapshot, offset, .. }) => {
            let text = format!(
                "{voter} needs blocks first that {id} has no more: it is being sent the snapshot \
                 of height {}, of which it has {offset} of {} bytes.",
                snapshot.last.index,
                snapshot.data.len(),
            );
            (text, scene.link_broken(id, voter))
        }
        Some(Flow::Probe { .. }) => {
            let after = ": it waits for an answer that says where their logs agree.".to_owned();
            return Reason::of(format!("{id} has not sent it to "), voter, after)
                .because(scene.link_broken(id, voter));
        }
        Some(Flow::Replicate { in_flight }) => {
            let text = format!(
                "{id} has not sent it to {voter}: {} appends before it are not answered.",
                in_flight.len()
            );
            (text, scene.link_broken(id, voter))
        }
        None => (format!("{id} does not send to {voter}."), None),
    };
    Reason::new(text).because(behind)
}

/// The append with it has arrived.
fn received(
    scene: &Scene<'_>,
    leader: &Server,
    voter: ServerId,
    block: &Block,
    letter: &Letter<'_>,
) -> Reason {
    let Fate::Arrived(arrival) = letter.fate else {
        return Reason::new(format!("What became of it at {voter} is not known."));
    };
    let at_once = scene.trace.after(arrival.id).take_while(|event| event.at == arrival.at);
    for event in at_once {
        let What::Server(who, Fact::BlockRefused { height, why, .. }) = &event.what else {
            continue;
        };
        if *who == voter {
            return Reason::new(format!("{voter} refused block {height}: {why}."))
                .at([arrival.id, event.id]);
        }
    }
    let holds = scene
        .server(voter)
        .and_then(|server| server.block_at(block.height()))
        .is_some_and(|it| it.hash() == block.hash());
    if holds {
        let sync = took(scene.world.config().disk_sync);
        return Reason::new(format!(
            "{voter} has received it; its disk does not have it yet: a sync takes {sync}."
        ))
        .at([arrival.id]);
    }
    let id = leader.id();
    let next = leader.raft().progress(voter).map_or(Index::ZERO, |progress| progress.next_index());
    Reason::new(format!(
        "{voter} could not take it, because its log differs before; {id} goes on from height \
         {next}."
    ))
    .at([arrival.id])
}
