//! What became of a block that a server does not have.

use super::committed::durable;
use super::replication::missing;
use super::scene::Scene;
use super::words::{leader_of, list, moment};
use super::{Answer, Claim, Reason, vote};
use crate::base::{Hash, Index, ServerId};
use crate::chain::Block;
use crate::raft::Message;
use crate::server::{Fact, Packet, Server};
use crate::trace::{Event, EventId, Passage, What};

/// About a height at which a server that is up has no block.
pub fn absent(scene: &Scene<'_>, server: &Server, height: Index) -> Answer {
    let (id, last) = (server.id(), server.raft().last_index());
    let newest = scene.back().find_map(|event| match &event.what {
        What::Server(who, fact) if *who == id => match fact {
            Fact::Appended(block) if block.height() == height => Some((event, Ok(block))),
            Fact::BlockRefused { height: it, from, why } if *it == height => {
                Some((event, Err((*from, why))))
            }
            _ => None,
        },
        _ => None,
    });
    match newest {
        Some((_, Ok(block))) => gone(scene, id, block),
        Some((event, Err((from, why)))) => refused(scene, id, height, event, from, why),
        None => not_there(scene, server, height, last),
    }
}

/// The server never had one there.
fn not_there(scene: &Scene<'_>, server: &Server, height: Index, last: Index) -> Answer {
    let id = server.id();
    let leader = scene.newest_leader().filter(|leader| leader.id() != id);
    let theirs = leader.and_then(|leader| Some((leader, leader.block_at(height)?)));
    let Some((leader, block)) = theirs else {
        let headline = format!("{id} has no block {height}: its log ends at height {last}.");
        return Answer::nothing(headline).lacking("Whether it had one", scene.trace);
    };
    let headline = format!(
        "{id} has no block {height} yet, which {} has.",
        leader_of(leader.id(), leader.raft().term())
    );
    Answer::nothing(headline).because(missing(scene, leader, id, block))
}

fn refused(
    scene: &Scene<'_>,
    id: ServerId,
    height: Index,
    event: &Event,
    from: ServerId,
    why: &str,
) -> Answer {
    let headline = format!("{id} refused block {height} that {from} sent: {why}.");
    let arrival = scene.cause(event);
    let tampered = arrival.and_then(|arrival| scene.cause(arrival));
    let tampered = tampered.filter(|event| matches!(event.what, What::Tampered(_)));
    let altered = tampered.map(|event| {
        Reason::new(format!("Somebody altered it on its way, at {}.", moment(event.at)))
            .at([event.id])
    });
    let came =
        Reason::new(format!("It came at {}, and was never put into the log.", moment(event.at)))
            .at(arrival.map(|arrival| arrival.id))
            .at([event.id])
            .because(altered);
    let leader = scene.newest_leader().filter(|leader| leader.id() != id);
    let again = leader.and_then(|leader| missing(scene, leader, id, leader.block_at(height)?));
    let again = again.filter(|again| !again.moments.contains(&event.id));
    Answer::new(headline, Claim::Refused { server: id, height }).because([came]).because(again)
}

/// About a block that a server had, and has no longer.
pub fn gone(scene: &Scene<'_>, id: ServerId, block: &Block) -> Answer {
    let (height, hash) = (block.height(), block.hash());
    let claim = Claim::Dropped { server: id, height, hash };
    let appended =
        scene.newest_fact(id, |fact| matches!(fact, Fact::Appended(it) if it.hash() == hash));
    let began = appended.map_or(EventId(0), |event| event.id);
    let end = scene.trace.after(began).find(|event| match &event.what {
        What::Server(who, Fact::Truncated(from)) => *who == id && *from <= height,
        What::Server(who, Fact::SnapshotInstalled { .. }) => *who == id,
        What::Crashed { server, .. } | What::Stopped(server, _) => {
            *server == id && scene.on_disk(id, height) != Some(hash)
        }
        _ => false,
    });
    let had = appended.map(|event| {
        Reason::new(format!("It put it into its log at {}.", moment(event.at))).at([event.id])
    });
    let Some(end) = end else {
        let headline = format!("{id} has block {height} with this hash no longer.");
        return Answer::new(headline, claim).because(had).lacking("Why", scene.trace);
    };
    let at = moment(end.at);
    match &end.what {
        What::Server(_, Fact::Truncated(_)) => {
            let headline =
                format!("{id} dropped block {height} at {at}: it conflicts with its leader's log.");
            Answer::new(headline, claim)
                .because([replaced(scene, id, height, end)])
                .because(never_committed(scene, hash))
                .because(had)
        }
        What::Server(_, Fact::SnapshotInstalled { from, .. }) => {
            let headline =
                format!("{id} dropped block {height} at {at}, for the snapshot that {from} sent.");
            Answer::new(headline, claim)
                .because([Reason::new("What it had was not the leader's.").at([end.id])])
                .because(had)
        }
        _ => {
            let headline = format!(
                "{id} lost block {height} when it went down at {at}: its disk did not have it yet."
            );
            let why = Reason::new("It had told nobody that it had it: that waits for the disk.")
                .at([end.id]);
            Answer::new(headline, claim).because([why]).because(had)
        }
    }
}

/// By whose append a block was replaced.
fn replaced(scene: &Scene<'_>, id: ServerId, height: Index, end: &Event) -> Reason {
    let cause = scene.cause(end);
    let append = cause.and_then(|cause| match &cause.what {
        What::Arrived(Passage { from, message, packet, .. }) => match &**packet {
            Packet::Raft(Message::AppendEntries(append)) => Some((from, message, append.term)),
            _ => None,
        },
        _ => None,
    });
    let Some((from, message, term)) = append else {
        return Reason::new(format!("{id} truncated its log there.")).at([end.id]);
    };
    let won = match from {
        crate::base::Endpoint::Server(leader) => vote::won(scene, *leader, term),
        crate::base::Endpoint::Client(_) => None,
    };
    let text = format!(
        "{from}, the leader of term {term}, sent another block {height} in m{}.",
        message.0
    );
    Reason::new(text).at([end.id]).at(end.cause).because(won)
}

fn never_committed(scene: &Scene<'_>, hash: Hash) -> Option<Reason> {
    let holders = durable(scene, hash);
    (super::committed::first_applied(scene, hash).is_none()).then(|| {
        let disks = match holders.as_slice() {
            [] => "It never was on a disk".to_owned(),
            [(only, _)] => format!("It was on the disk of {only} alone"),
            several => {
                format!("It was on the disks of {} alone", list(several.iter().map(|(id, _)| id)))
            }
        };
        Reason::new(format!("{disks}, and it was never committed: no client was told of it."))
            .at(holders.iter().map(|(_, event)| *event))
    })
}
