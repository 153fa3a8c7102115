//! Why a balance check waits where it is read.

use super::block::{self, being_mined};
use super::letter::{Letter, between};
use super::request::Place;
use super::scene::{Scene, is_leader, is_quorum};
use super::words::list;
use super::{Reason, leader};
use crate::base::{Index, ServerId, Set};
use crate::raft::{Message, ReadId, ReadStage, Round};
use crate::server::{Packet, Server};

/// Where a read is that a server has taken.
pub fn place(scene: &Scene<'_>, server: &Server, read: ReadId) -> Place {
    let id = server.id();
    match server.raft().read_stage(read) {
        Some(ReadStage::PassedOn(leader)) => passed_on(scene, server, leader, read),
        Some(ReadStage::Confirmed(index)) => confirmed(server, index),
        Some(stage @ (ReadStage::Waiting(_) | ReadStage::InRound(_))) => {
            at_leader(scene, server, stage)
        }
        None => {
            Place::new(format!("{id} has confirmed it and answers it.")).because(scene.halted(id))
        }
    }
}

/// It is read at a follower, which must ask the leader.
fn passed_on(scene: &Scene<'_>, server: &Server, leader: ServerId, read: ReadId) -> Place {
    let id = server.id();
    let text = format!("{id} has asked {leader}, its leader, how far it must see.");
    let place = Place::new(text);
    let leading = scene.server(leader).filter(|server| is_leader(server));
    let stage = leading.and_then(|server| Some((server, server.raft().read_stage_of(id, read)?)));
    if let Some((server, stage)) = stage {
        let inner = at_leader(scene, server, stage);
        let at_leader = Reason::new(inner.text).because(inner.reasons);
        return place.because([at_leader]).try_this(inner.remedies);
    }
    let reply = newest(
        scene,
        leader,
        id,
        |message| matches!(message, Message::ReadIndexReply(reply) if reply.id == read),
    );
    let question = newest(
        scene,
        id,
        leader,
        |message| matches!(message, Message::ReadIndex(question) if question.id == read),
    );
    let newest_is_reply = match (&reply, &question) {
        (Some(reply), Some(question)) => reply.sent.id > question.sent.id,
        (Some(_), None) => true,
        _ => false,
    };
    let missing = if newest_is_reply {
        reply.and_then(|letter| scene.not_arrived(&letter, &format!("{leader}'s answer to {id}")))
    } else {
        question
            .and_then(|letter| scene.not_arrived(&letter, &format!("{id}'s question to {leader}")))
    };
    let apart = scene.apart(id, leader);
    let again = Reason::new(format!(
        "{id} asks again when it has heard two more rounds of heartbeats without an answer."
    ));
    place.because(missing).because(apart).because([again])
}

fn newest<'a>(
    scene: &Scene<'a>,
    from: ServerId,
    to: ServerId,
    is_it: impl Fn(&Message<crate::chain::Block>) -> bool,
) -> Option<Letter<'a>> {
    scene.newest_letter(|passage| {
        between(passage, from, to)
            && matches!(&*passage.packet, Packet::Raft(message) if is_it(message))
    })
}

fn confirmed(server: &Server, index: Index) -> Place {
    let (id, applied) = (server.id(), server.applied());
    let text = format!("it is confirmed, and {id} must have applied block {index} to answer it.");
    let behind = Reason::new(format!(
        "{id} has applied up to {applied}, and knows {} as committed.",
        server.raft().commit()
    ));
    Place::new(text).because([behind])
}

fn at_leader(scene: &Scene<'_>, server: &Server, stage: ReadStage) -> Place {
    match stage {
        ReadStage::InRound(round) => in_round(scene, server, round),
        _ if !has_own_commit(server) => before_own_commit(scene, server),
        ReadStage::Waiting(Some(round)) => {
            let text = format!("{} confirms earlier reads first.", server.id());
            let inner = in_round(scene, server, round);
            Place::new(text)
                .because([Reason::new(inner.text).because(inner.reasons)])
                .try_this(inner.remedies)
        }
        _ => Place::new(format!("{} begins a round of heartbeats for it.", server.id())),
    }
}

fn has_own_commit(server: &Server) -> bool {
    let raft = server.raft();
    raft.log().term_at(raft.commit()) == Some(raft.term())
}

/// A new leader does not know yet how far its predecessors had committed.
fn before_own_commit(scene: &Scene<'_>, server: &Server) -> Place {
    let (id, raft) = (server.id(), server.raft());
    let term = raft.term();
    let text =
        format!("{id} answers no read before a block of its own term {term} is committed (§8).");
    let own = raft.log().iter().find(|(_, block)| block.term() == term).map(|(_, block)| block);
    let place = Place::new(text);
    match own {
        Some(block) => {
            let inner = block::about(scene, id, block);
            place
                .because([Reason::new(inner.headline).because(inner.reasons)])
                .try_this(inner.remedies)
        }
        None => place.because([being_mined(scene, server)]),
    }
}

/// A round of heartbeats must show that no later leader exists.
fn in_round(scene: &Scene<'_>, server: &Server, round: Round) -> Place {
    let (id, raft) = (server.id(), server.raft());
    let members = raft.membership();
    let has_answered = |voter: &ServerId| {
        *voter == id || raft.progress(*voter).is_some_and(|one| one.acknowledged_round() >= round)
    };
    let voters = members.all().filter(|voter| members.is_voter(*voter));
    let (answered, silent): (Set<ServerId>, Set<ServerId>) = voters.partition(has_answered);
    let text = format!(
        "{id} asks a majority whether it still leads: {}",
        leader::shares(members, &answered)
    );
    let silent_ones = silent.iter().map(|voter| {
        scene.apart(id, *voter).unwrap_or_else(|| why_silent(scene, id, *voter, round))
    });
    let mut place =
        Place::new(text).because([
            Reason::new(format!("No word yet from {}.", list(&silent))).because(silent_ones)
        ]);
    if !is_quorum(members, &scene.reached_from(id)) {
        place = place.try_this(leader::remedies(scene, members, &Set::from([id])));
    }
    place
}

/// Where a heartbeat or its answer is.
fn why_silent(scene: &Scene<'_>, id: ServerId, voter: ServerId, round: Round) -> Reason {
    let asked = newest(scene, id, voter, |message| match message {
        Message::AppendEntries(append) => append.round >= round,
        Message::InstallSnapshot(part) => part.round >= round,
        _ => false,
    });
    let Some(asked) = asked else {
        return Reason::new(format!("{id} has not sent {voter} a heartbeat of this round yet."));
    };
    if let Some(missing) = scene.not_arrived(&asked, &format!("{id}'s heartbeat to {voter}")) {
        return missing;
    }
    let answer = newest(
        scene,
        voter,
        id,
        |message| matches!(message, Message::AppendEntriesReply(reply) if reply.round >= round),
    );
    let answer =
        answer.and_then(|letter| scene.not_arrived(&letter, &format!("{voter}'s answer to {id}")));
    answer.unwrap_or_else(|| {
        Reason::new(format!("{voter} has not answered yet; its disk may have to write first."))
            .at([asked.sent.id])
    })
}
