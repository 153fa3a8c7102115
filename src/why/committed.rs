//! How a block came to be committed.

use super::scene::Scene;
use super::words::{count, list, moment};
use super::{Answer, Claim, Reason};
use crate::base::{Hash, Index, ServerId};
use crate::chain::Block;
use crate::raft::Message;
use crate::server::{Fact, Packet};
use crate::trace::{Event, EventId, Kept, Passage, What};

/// True if some server knows a block as committed, or has applied it.
pub fn is_committed(scene: &Scene<'_>, block: &Block) -> bool {
    knows(scene, block).next().is_some() || first_applied(scene, block.hash()).is_some()
}

/// The servers that are up and know a block as committed.
fn knows<'a>(scene: &Scene<'a>, block: &Block) -> impl Iterator<Item = ServerId> + use<'a> {
    let (height, hash) = (block.height(), block.hash());
    scene
        .up()
        .filter(move |server| {
            let has = server.block_at(height).is_some_and(|it| it.hash() == hash);
            has && server.raft().commit() >= height
        })
        .map(|server| server.id())
}

/// The first event that says that a block was applied.
pub fn first_applied<'a>(scene: &Scene<'a>, hash: Hash) -> Option<&'a Event> {
    scene.trace.iter().find(|event| {
        matches!(&event.what, What::Server(_, Fact::Applied { block, .. }) if block.hash() == hash)
    })
}

/// About a committed block.
pub fn answer(scene: &Scene<'_>, holder: ServerId, block: &Block) -> Answer {
    let (height, hash) = (block.height(), block.hash());
    let claim = Claim::Committed { height, hash: Some(hash) };
    if height == Index::ZERO {
        let why =
            Reason::new("Genesis holds the opening balances, and every server begins with it.");
        return Answer::new("Block 0 is committed from the beginning.", claim).because([why]);
    }
    let applied = first_applied(scene, hash);
    let headline = match applied {
        Some(event) => {
            let whose = event.what.server().map_or(String::new(), |id| id.to_string());
            format!(
                "Block {height} is committed, since {whose} found a majority for it at {}.",
                moment(event.at)
            )
        }
        None => format!("Block {height} is committed."),
    };
    let unaware = scene.server(holder).filter(|server| server.raft().commit() < height);
    let unaware = unaware.map(|_| {
        let text = format!(
            "{holder} does not know so yet: it learns it from an append or a \
                            heartbeat of the leader."
        );
        let leader = scene.newest_leader().filter(|leader| leader.id() != holder);
        Reason::new(text).because(leader.and_then(|leader| scene.apart(holder, leader.id())))
    });
    let answer = Answer::new(headline, claim).because(unaware);
    match applied {
        Some(event) => answer.because(chain(scene, block, event)),
        None => answer.lacking("How that came about", scene.trace),
    }
}

/// Mined, durable, counted: what led to the commit.
fn chain(scene: &Scene<'_>, block: &Block, applied: &Event) -> Vec<Reason> {
    let hash = block.hash();
    let mut reasons = Vec::new();
    if let Some((event, who, attempts)) = mined(scene, hash) {
        let text = format!(
            "{who} mined it at {}, after {}.",
            moment(event.at),
            count(usize::try_from(attempts).unwrap_or(usize::MAX), "nonce")
        );
        reasons.push(Reason::new(text).at([event.id]));
    }
    let (disks, moments): (Vec<ServerId>, Vec<EventId>) =
        durable(scene, hash).into_iter().filter(|(_, event)| *event < applied.id).unzip();
    if !disks.is_empty() {
        let text = format!("By then it was on the disks of {}.", list(&disks));
        reasons.push(Reason::new(text).at(moments));
    }
    let Some(leader) = applied.what.server() else { return reasons };
    let rose = scene.before(applied.id).find(|event| match &event.what {
        What::Server(who, Fact::Committed(height)) => *who == leader && *height >= block.height(),
        _ => false,
    });
    reasons.extend(rose.map(|event| decision(scene, leader, block, event, applied)));
    reasons
}

/// What made the majority.
fn decision(
    scene: &Scene<'_>,
    leader: ServerId,
    block: &Block,
    rose: &Event,
    applied: &Event,
) -> Reason {
    let cause = scene.cause(rose);
    let by = match cause.map(|cause| &cause.what) {
        Some(What::Arrived(Passage { from, message, packet, .. })) => match &**packet {
            Packet::Raft(Message::AppendEntriesReply(_) | Message::InstallSnapshotReply(_)) => {
                format!("{from}'s answer, m{}, made the majority", message.0)
            }
            _ => format!("{from} said so, in m{}", message.0),
        },
        Some(What::Persisted(..)) => format!("{leader}'s own disk made the majority"),
        _ => "a majority had it".to_owned(),
    };
    let together = match &rose.what {
        What::Server(_, Fact::Committed(height)) if *height > block.height() => {
            format!(" It was committed together with block {height}.")
        }
        _ => String::new(),
    };
    Reason::new(format!("{leader} committed it at {}: {by}.{together}", moment(rose.at)))
        .at(cause.map(|cause| cause.id))
        .at([rose.id, applied.id])
}

/// Who mined a block, and with how many nonces.
pub fn mined<'a>(scene: &Scene<'a>, hash: Hash) -> Option<(&'a Event, ServerId, u64)> {
    scene.back().find_map(|event| match &event.what {
        What::Server(who, Fact::Mined { block, attempts }) if block.hash() == hash => {
            Some((event, *who, *attempts))
        }
        _ => None,
    })
}

/// On whose disks a block came to be, each with the first event that says so.
pub fn durable(scene: &Scene<'_>, hash: Hash) -> Vec<(ServerId, EventId)> {
    let mut found: Vec<(ServerId, EventId)> = Vec::new();
    for event in scene.trace.iter() {
        let (server, kept) = match &event.what {
            What::Persisted(server, kept) | What::Crashed { server, kept, .. } => (*server, kept),
            _ => continue,
        };
        let is_it = |kept: &Kept| matches!(kept, Kept::Block { hash: it, .. } if *it == hash);
        if kept.iter().any(is_it) && found.iter().all(|(who, _)| *who != server) {
            found.push((server, event.id));
        }
    }
    found
}
