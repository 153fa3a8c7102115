//! Why a server is what it is.

use super::leader::{self, asks, hardly_leads, remedies, stands};
use super::letter::{Fate, between};
use super::scene::{Scene, is_leader};
use super::vote;
use super::words::{leader_of, moment, took};
use super::{Answer, Claim, Reason};
use crate::base::{Membership, ServerId, Set};
use crate::raft::{Message, Role};
use crate::server::{Fact, Packet, Server};
use crate::sim::{Down, Node};
use crate::trace::{Event, Passage, StopReason, What};

/// Why a server leads, follows, stands for election, waits, or is down.
pub fn answer(scene: &Scene<'_>, id: ServerId) -> Answer {
    let Some(node) = scene.world.node(id) else {
        return Answer::nothing(format!("There is no server {id} in this cluster."));
    };
    let Some(server) = node.server() else { return down(scene, id, node) };
    let answer = match server.raft().role() {
        Role::Leader => leads(scene, server),
        Role::Candidate | Role::PreCandidate => campaigns(scene, server),
        Role::Follower => follows(scene, server),
    };
    match scene.halted(id) {
        None => answer,
        Some(paused) => {
            let Answer { headline, claim, reasons, remedies, .. } = answer;
            Answer::new(format!("{headline} It stands still."), claim)
                .because([paused])
                .because(reasons)
                .try_this([format!("Resume {id}.")])
                .try_this(remedies)
        }
    }
}

fn down(scene: &Scene<'_>, id: ServerId, node: &Node) -> Answer {
    let (headline, try_this) = match node.down() {
        Some(Down::Stopped(StopReason::DiskFull { key })) => (
            format!(
                "{id} is down: its disk had no room for '{key}', and it stops rather than promise \
                 what it cannot keep."
            ),
            format!("Make room on its disk, then restart {id}."),
        ),
        Some(Down::Stopped(StopReason::Unreadable(what))) => (
            format!("{id} is down: it cannot believe what its disk holds under '{}'.", what.key),
            format!("Repair '{}', or remove all of its keys, then restart {id}.", what.key),
        ),
        Some(Down::Stopped(StopReason::Planned)) => {
            (format!("{id} is down: it was asked to stop."), format!("Restart {id}."))
        }
        Some(Down::Crashed) | None => {
            (format!("{id} is down: it crashed."), format!("Restart {id}."))
        }
    };
    let ended = scene.ended(id);
    let how = ended.map(|event| {
        let cause = scene.cause(event);
        let by = match cause.map(|cause| &cause.what) {
            Some(What::Acted(action)) => format!(", by `{action}`"),
            _ => String::new(),
        };
        let why = match &event.what {
            What::Stopped(_, StopReason::Unreadable(what)) => format!(" {}.", what.why),
            What::Crashed { lost, .. } if *lost > 0 => {
                format!(" Of what its disk did not have yet, {lost} writes are lost.")
            }
            _ => String::new(),
        };
        Reason::new(format!("It went down at {}{by}.{why}", moment(event.at)))
            .at([event.id])
            .at(cause.map(|cause| cause.id))
    });
    let answer = Answer::new(headline, Claim::Down { server: id }).because(how);
    let answer =
        if ended.is_none() { answer.lacking("When it went down", scene.trace) } else { answer };
    answer.try_this([try_this])
}

fn leads(scene: &Scene<'_>, server: &Server) -> Answer {
    let (id, term) = (server.id(), server.raft().term());
    let claim = Claim::Leads { server: id, term };
    let hardly = hardly_leads(scene, server).filter(|_| !scene.is_paused(id));
    let deposed = deposed(scene, server);
    let headline = match (&deposed, &hardly) {
        (Some(_), _) => {
            format!("{id} believes that it leads term {term}: it has not heard of a later one.")
        }
        (None, Some(_)) => format!("{id} leads term {term}, but can commit nothing."),
        (None, None) => format!("{id} leads term {term}: a majority voted for it."),
    };
    let gives_up = hardly.is_some().then(|| {
        let timer = server.raft().quorum_timer();
        let timer = timer.filter(|_| scene.is_on(crate::base::Rule::CheckQuorum));
        timer.map(|timer| {
            let left = took(scene.until(id, timer));
            Reason::new(format!(
                "In {left} it looks whether a majority has answered it of late; if not, it steps \
                 down."
            ))
        })
    });
    let handing = server.raft().transferee().map(|to| {
        let began = scene.newest_fact(id, |fact| matches!(fact, Fact::TransferBegan(_)));
        Reason::new(format!(
            "It is handing its leadership over to {to}, and mines nothing meanwhile."
        ))
        .at(began.map(|event| event.id))
    });
    let is_troubled = deposed.is_some() || hardly.is_some();
    let answer = Answer::new(headline, claim)
        .because(deposed)
        .because(hardly)
        .because(gives_up.flatten())
        .because(handing);
    let answer = match vote::won(scene, id, term) {
        Some(won) => answer.because([won]),
        None => answer.lacking("Its election", scene.trace),
    };
    if !is_troubled {
        return answer;
    }
    answer.try_this(remedies(scene, server.raft().membership(), &Set::from([id])))
}

/// A later term has begun, of which this leader does not know.
fn deposed(scene: &Scene<'_>, server: &Server) -> Option<Reason> {
    let (id, term) = (server.id(), server.raft().term());
    let latest = scene.latest_term();
    if latest <= term {
        return None;
    }
    let (text, other) = match scene.newest_leader().filter(|leader| leader.raft().term() > term) {
        Some(leader) => {
            (format!("{} leads term {}.", leader.id(), leader.raft().term()), Some(leader.id()))
        }
        None => (format!("Others are in term {latest} already, in which nobody leads."), None),
    };
    Some(Reason::new(text).because(other.and_then(|other| scene.apart(id, other))))
}

fn campaigns(scene: &Scene<'_>, server: &Server) -> Answer {
    let (id, term) = (server.id(), server.raft().term());
    let claim = Claim::Campaigns { server: id, term };
    let (headline, state) = match server.raft().role() {
        Role::Candidate => (
            format!(
                "{id} is a candidate of term {term}: it has not heard a leader for its election \
                 timeout."
            ),
            stands(scene, server, vote::ballots(scene, server)),
        ),
        _ => (
            format!(
                "{id} is a follower that wants to lead: it asks first whether it could win \
                 (PreVote)."
            ),
            asks(scene, server),
        ),
    };
    let began = scene.newest_fact(id, |fact| {
        matches!(fact, Fact::BecameCandidate(_) | Fact::BecamePreCandidate(_))
    });
    let why = began.and_then(|event| scene.cause(event)).and_then(|cause| match &cause.what {
        What::Timer(_) => Some(format!("Its election timer ran out at {}.", moment(cause.at))),
        What::Acted(action) => Some(format!("Its timer was made to run out by `{action}`.")),
        What::Arrived(Passage { from, packet, .. }) => match &**packet {
            Packet::Raft(Message::TimeoutNow(_)) => {
                Some(format!("{from} told it to stand, to hand its leadership over."))
            }
            _ => None,
        },
        _ => None,
    });
    let silence = why.map(|text| {
        let moments = began.into_iter().flat_map(|event| [Some(event.id), event.cause]).flatten();
        Reason::new(text).at(moments).because(lost_leader(scene, server))
    });
    let answer = Answer::new(headline, claim).because(silence).because([state]);
    let reached = scene.reached_from(id);
    if super::scene::is_quorum(server.raft().membership(), &reached) {
        return answer;
    }
    answer.try_this(remedies(scene, server.raft().membership(), &Set::from([id])))
}

/// Why a server hears no leader although it followed one.
fn lost_leader(scene: &Scene<'_>, server: &Server) -> Option<Reason> {
    let id = server.id();
    let followed =
        scene.newest_fact(id, |fact| matches!(fact, Fact::BecameFollower(_, Some(_))))?;
    let What::Server(_, Fact::BecameFollower(term, Some(leader))) = followed.what else {
        return None;
    };
    let heard = heard(scene, id, leader);
    let last =
        heard.map_or(String::new(), |event| format!(" It heard it last {}.", scene.ago(event)));
    let why = scene.apart(id, leader).or_else(|| {
        let leads = scene.server(leader).is_some_and(is_leader);
        (!leads).then(|| Reason::new(format!("{leader} leads no more.")))
    });
    Some(
        Reason::new(format!("It followed {}.{last}", leader_of(leader, term)))
            .at([followed.id])
            .at(heard.map(|event| event.id))
            .because(why),
    )
}

/// The last sign of life of a leader that reached a server.
fn heard<'a>(scene: &Scene<'a>, id: ServerId, leader: ServerId) -> Option<&'a Event> {
    scene.newest(|what| match what {
        What::Arrived(passage) => between(passage, leader, id) && is_sign_of_life(passage),
        _ => false,
    })
}

fn is_sign_of_life(passage: &Passage) -> bool {
    matches!(
        &*passage.packet,
        Packet::Raft(Message::AppendEntries(_) | Message::InstallSnapshot(_))
    )
}

fn follows(scene: &Scene<'_>, server: &Server) -> Answer {
    let (id, raft) = (server.id(), server.raft());
    let leader = raft.leader();
    let claim = Claim::Follows { server: id, leader };
    let what = standing(raft.membership(), id);
    match leader {
        Some(leader) => follows_one(scene, server, leader, what, claim),
        None => follows_nobody(scene, server, what, claim),
    }
}

/// What a server that follows is: a follower, a learner, or no member.
fn standing(members: &Membership, id: ServerId) -> &'static str {
    if members.is_voter(id) {
        "a follower"
    } else if members.contains(id) {
        "a learner, which gets the log and does not vote"
    } else {
        "no member of the cluster"
    }
}

fn follows_one(
    scene: &Scene<'_>,
    server: &Server,
    leader: ServerId,
    what: &str,
    claim: Claim,
) -> Answer {
    let (id, term) = (server.id(), server.raft().term());
    let headline = format!("{id} is {what}: it hears {}.", leader_of(leader, term));
    let heard = heard(scene, id, leader);
    let mut reasons = Vec::new();
    if let Some(event) = heard {
        let runs_out = server.raft().election_timer().map_or(String::new(), |timer| {
            let left = took(scene.until(id, timer));
            format!(" If it hears nothing more, its election timer runs out in {left}.")
        });
        let text = format!("It heard {leader} last {}.{runs_out}", scene.ago(event));
        reasons.push(Reason::new(text).at([event.id]));
    }
    reasons.extend(vote::won(scene, leader, term));
    let gone = scene.apart(id, leader).or_else(|| {
        let leads = scene
            .server(leader)
            .is_some_and(|leader| is_leader(leader) && leader.raft().term() == term);
        (!leads).then(|| {
            Reason::new(format!("{leader} does not lead any more; {id} has not heard so yet."))
        })
    });
    let is_gone = gone.is_some();
    reasons.extend(gone);
    let answer = Answer::new(headline, claim).because(reasons);
    if !is_gone {
        return answer;
    }
    answer.try_this(remedies(scene, server.raft().membership(), &Set::from([leader])))
}

fn follows_nobody(scene: &Scene<'_>, server: &Server, what: &str, claim: Claim) -> Answer {
    let (id, raft) = (server.id(), server.raft());
    let term = raft.term();
    let is_voter = raft.membership().is_voter(id);
    let headline = format!("{id} is {what}, in term {term}, and knows no leader.");
    let mut reasons = Vec::new();
    let entered = scene.newest_fact(id, |fact| {
        matches!(fact, Fact::EnteredTerm(it) if *it == term)
            || matches!(fact, Fact::Recovered { .. })
    });
    if let Some(event) = entered {
        reasons.push(entry(scene, event));
    }
    if let Some(candidate) = raft.vote() {
        let voted = scene.newest_fact(
            id,
            |fact| matches!(fact, Fact::Voted(it, whom) if (*it, *whom) == (term, candidate)),
        );
        reasons.push(
            Reason::new(format!("It gave its vote of term {term} to {candidate}."))
                .at(voted.map(|event| event.id)),
        );
    }
    if let Some(timer) = raft.election_timer() {
        let left = took(scene.until(id, timer));
        reasons.push(Reason::new(format!("Its election timer runs out in {left}.")));
    } else if !is_voter {
        reasons.push(Reason::new("It never stands for election, since it has no vote."));
    }
    reasons.extend(match scene.leader() {
        Some(leader) => {
            let text = format!("{} leads term {}.", leader.id(), leader.raft().term());
            let never = (!leader.raft().membership().contains(id)).then(|| {
                Reason::new(format!("{id} does not belong to the cluster: nobody sends to it."))
            });
            let apart = scene.apart(id, leader.id());
            let coming = scene.newest_letter(|passage| {
                between(passage, leader.id(), id) && is_sign_of_life(passage)
            });
            let coming = coming.filter(|letter| !matches!(letter.fate, Fate::Arrived(_))).and_then(
                |letter| scene.not_arrived(&letter, &format!("{}'s word to {id}", leader.id())),
            );
            Some(Reason::new(text).because(never.or(apart)).because(coming))
        }
        None => {
            let (now, reasons) = leader::now(scene, &scene.members());
            Some(Reason::new(format!("There is no leader: {now}")).because(reasons))
        }
    });
    let remedies = match scene.leader() {
        Some(leader) if scene.apart(id, leader.id()).is_some() => {
            remedies(scene, raft.membership(), &Set::from([id]))
        }
        Some(_) => Vec::new(),
        None => leader::answer(scene).remedies,
    };
    Answer::new(headline, claim).because(reasons).try_this(remedies)
}

/// How a server came to its term.
fn entry(scene: &Scene<'_>, event: &Event) -> Reason {
    let cause = scene.cause(event);
    let text = match (&event.what, cause.map(|cause| &cause.what)) {
        (What::Server(_, Fact::Recovered { .. }), _) => {
            format!("It recovered from its disk at {}.", moment(event.at))
        }
        (_, Some(What::Arrived(Passage { from, packet, .. }))) => {
            format!(
                "It came to this term at {}, by a {} from {from}.",
                moment(event.at),
                packet.kind().name()
            )
        }
        _ => format!("It came to this term at {}.", moment(event.at)),
    };
    Reason::new(text).at([event.id]).at(cause.map(|cause| cause.id))
}
