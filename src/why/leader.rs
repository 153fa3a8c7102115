//! Why nobody leads.

use super::scene::{Scene, is_leader, is_quorum};
use super::vote::{self, Ballot, State};
use super::words::{are, count, either, have, list, moment, took};
use super::{Answer, Claim, Reason};
use crate::base::{Membership, ServerId, Set, Term};
use crate::raft::{Position, Role, majority};
use crate::server::{Fact, Server};
use crate::trace::{Event, What};

/// Why no server leads the latest term; or who does.
pub fn answer(scene: &Scene<'_>) -> Answer {
    match scene.leader() {
        Some(leader) => there_is_one(scene, leader),
        None => there_is_none(scene),
    }
}

fn there_is_one(scene: &Scene<'_>, leader: &Server) -> Answer {
    let (id, term) = (leader.id(), leader.raft().term());
    let claim = Claim::Leads { server: id, term };
    let hardly = hardly_leads(scene, leader);
    let headline = match &hardly {
        None => format!("There is a leader: {id} leads term {term}."),
        Some(_) => format!("{id} leads term {term}, but can commit nothing."),
    };
    let remedies = remedies(scene, leader.raft().membership(), &Set::from([id]));
    let remedies = if hardly.is_some() { remedies } else { Vec::new() };
    Answer::new(headline, claim)
        .because(hardly)
        .because(vote::won(scene, id, term))
        .try_this(remedies)
}

/// Why a leader can commit nothing at the moment, if that is so.
pub fn hardly_leads(scene: &Scene<'_>, leader: &Server) -> Option<Reason> {
    let id = leader.id();
    if let Some(paused) = scene.halted(id) {
        return Some(paused);
    }
    let reached = scene.reached_from(id);
    let members = leader.raft().membership();
    if is_quorum(members, &reached) {
        return None;
    }
    Some(Reason::new(reaches(id, members, &reached)).because(barriers(scene, id, members)))
}

fn there_is_none(scene: &Scene<'_>) -> Answer {
    let members = scene.members();
    let mut reasons: Vec<Reason> = last_leader(scene).into_iter().collect();
    reasons.extend(stale_leaders(scene));
    let (headline, more) = now(scene, &members);
    reasons.extend(more);
    let electable = running_voters(scene, &members).any(|server| can_reach_quorum(scene, server));
    let everybody = members.all().collect();
    let remedies = if electable { Vec::new() } else { remedies(scene, &members, &everybody) };
    Answer::new(format!("There is no leader: {headline}"), Claim::NoLeader)
        .because(reasons)
        .try_this(remedies)
}

/// What keeps the servers from electing one, as the rest of a sentence, and its reasons.
pub fn now(scene: &Scene<'_>, members: &Membership) -> (String, Vec<Reason>) {
    let running: Vec<&Server> = running_voters(scene, members).collect();
    if !running.iter().any(|server| can_reach_quorum(scene, server)) {
        return no_majority(scene, members, &running);
    }
    let term = scene.latest_term();
    let campaigns = |role: Role| {
        let of_role = move |server: &&&Server| {
            server.raft().role() == role
                && (role != Role::Candidate || server.raft().term() == term)
        };
        running.iter().filter(of_role).copied().collect::<Vec<_>>()
    };
    let candidates = campaigns(Role::Candidate);
    if !candidates.is_empty() {
        return election(scene, term, &candidates);
    }
    let hopeless = behind(scene, &running);
    let askers = campaigns(Role::PreCandidate);
    if let Some(asker) = askers.first() {
        let mut reasons: Vec<Reason> = askers.iter().map(|asker| asks(scene, asker)).collect();
        reasons.extend(hopeless);
        let text = format!("{} asks whether it could win an election.", asker.id());
        return (text, reasons);
    }
    let mut reasons = hopeless;
    let timers: Set<_> = running
        .iter()
        .filter_map(|server| {
            Some((scene.until(server.id(), server.raft().election_timer()?), server.id()))
        })
        .collect();
    let text = match timers.first() {
        Some((left, first)) => {
            format!(
                "no election timer has run out yet. That of {first} is the first, in {}.",
                took(*left)
            )
        }
        None => "nobody who is up may stand for election.".to_owned(),
    };
    reasons.extend(
        timers.iter().skip(1).map(|(left, id)| {
            Reason::new(format!("The timer of {id} runs out in {}.", took(*left)))
        }),
    );
    (text, reasons)
}

fn running_voters<'a>(scene: &Scene<'a>, members: &Membership) -> impl Iterator<Item = &'a Server> {
    let (scene, members) = (*scene, members.clone());
    scene.up().filter(move |server| members.is_voter(server.id()) && scene.runs(server.id()))
}

fn can_reach_quorum(scene: &Scene<'_>, server: &Server) -> bool {
    is_quorum(server.raft().membership(), &scene.reached_from(server.id()))
}

fn no_majority(
    scene: &Scene<'_>,
    members: &Membership,
    running: &[&Server],
) -> (String, Vec<Reason>) {
    let voters = members.all().filter(|voter| members.is_voter(*voter));
    let mut reasons: Vec<Reason> = voters.filter_map(|voter| scene.halted(voter)).collect();
    reasons.extend(running.iter().map(|server| {
        let (id, members) = (server.id(), server.raft().membership());
        let links = members.all().filter(|other| scene.runs(*other) && *other != id);
        let links = links.filter_map(|other| scene.link_broken(id, other));
        Reason::new(reaches(id, members, &scene.reached_from(id))).because(links)
    }));
    let text = match running {
        [] => "no voter is up and running.",
        _ => "no server reaches a majority.",
    };
    (text.to_owned(), reasons)
}

/// `S1 reaches S2 alone: with itself, 2 of 5 voters, and 3 are needed.`
pub fn reaches(id: ServerId, members: &Membership, reached: &Set<ServerId>) -> String {
    let others: Vec<ServerId> =
        reached.iter().copied().filter(|other| *other != id && members.is_voter(*other)).collect();
    match others.as_slice() {
        [] => format!("{id} reaches no other voter: {}", shares(members, reached)),
        others => {
            format!("{id} reaches {}: with itself, {}", list(others), shares(members, reached))
        }
    }
}

/// How many of the voters some servers are, and how many are needed: `2 of 5 voters, and 3 are
/// needed.`
pub fn shares(members: &Membership, servers: &Set<ServerId>) -> String {
    let share = |voters: &Set<ServerId>| {
        let number = voters.intersection(servers).count();
        let needed = majority(voters.len());
        let verb = are(needed);
        (number, format!("{needed} {verb} needed"))
    };
    let (number, needed) = share(members.voters());
    if !members.is_joint() {
        return format!("{number} of {}, and {needed}.", count(members.voters().len(), "voter"));
    }
    let (before, needed_before) = share(members.outgoing());
    format!(
        "{number} of the new voters {}, where {needed}, and {before} of the outgoing {}, where \
         {needed_before}.",
        list(members.voters()),
        list(members.outgoing()),
    )
}

/// Why a server does not reach the other members.
pub fn barriers(scene: &Scene<'_>, id: ServerId, members: &Membership) -> Vec<Reason> {
    let others = members.all().filter(|other| *other != id);
    others.filter_map(|other| scene.apart(id, other)).collect()
}

fn election(scene: &Scene<'_>, term: Term, candidates: &[&Server]) -> (String, Vec<Reason>) {
    let mut hopeless = Vec::new();
    let mut reasons = Vec::new();
    for candidate in candidates {
        let ballots = vote::ballots(scene, candidate);
        if !is_quorum(
            candidate.raft().membership(),
            &with(&ballots, &[State::Granted, State::UnderWay]),
        ) {
            hopeless.push(candidate.id());
        }
        reasons.push(stands(scene, candidate, ballots));
    }
    let names = list(candidates.iter().map(|candidate| candidate.id()));
    let all_hopeless = hopeless.len() == candidates.len();
    let text = match candidates {
        [_, _, ..] if all_hopeless => format!("the vote of term {term} is split between {names}."),
        [only] if all_hopeless => {
            format!("{} stands for election in term {term} and cannot win it.", only.id())
        }
        _ => {
            format!("an election is under way. {names} {} in term {term}.", stand(candidates.len()))
        }
    };
    (text, reasons)
}

fn stand(number: usize) -> &'static str {
    if number == 1 { "stands" } else { "stand" }
}

/// The voters whose ballots are in one of these states.
fn with(ballots: &[Ballot], states: &[State]) -> Set<ServerId> {
    let those = ballots.iter().filter(|ballot| states.contains(&ballot.state));
    those.map(|ballot| ballot.voter).collect()
}

/// How an election of this candidate goes.
pub fn stands(scene: &Scene<'_>, candidate: &Server, ballots: Vec<Ballot>) -> Reason {
    let (id, raft) = (candidate.id(), candidate.raft());
    let granted = with(&ballots, &[State::Granted]);
    let began = scene.newest_fact(
        id,
        |fact| matches!(fact, Fact::BecameCandidate(term) if *term == raft.term()),
    );
    let again = raft.election_timer().map_or(String::new(), |timer| {
        format!(" It tries again in {}.", took(scene.until(id, timer)))
    });
    let votes = match granted.len() {
        0 => "no vote".to_owned(),
        1 if granted.contains(&id) => "no vote but its own".to_owned(),
        _ => format!("the votes of {}", list(&granted)),
    };
    let text = format!("{id} has {votes}: {}{again}", shares(raft.membership(), &granted));
    let ballots =
        ballots.into_iter().filter(|ballot| ballot.voter != id || ballot.state != State::Granted);
    Reason::new(text).at(began.map(|event| event.id)).because(ballots.map(|ballot| ballot.reason))
}

/// How the question of a server goes, whether it could win.
pub fn asks(scene: &Scene<'_>, asker: &Server) -> Reason {
    let (id, raft) = (asker.id(), asker.raft());
    let ballots = vote::ballots(scene, asker);
    let granted = with(&ballots, &[State::Granted]);
    let whom = match granted.len() {
        0 | 1 => "nobody else has said yes".to_owned(),
        _ => format!("for it are {}", list(&granted)),
    };
    let text = format!(
        "{id} asks in term {} whether it could win; {whom}: {}",
        raft.term(),
        shares(raft.membership(), &granted),
    );
    let others = ballots.into_iter().filter(|ballot| ballot.voter != id);
    Reason::new(text).because(others.map(|ballot| ballot.reason))
}

/// Servers that cannot win, because too many of those whom they reach have a more complete log.
fn behind(scene: &Scene<'_>, running: &[&Server]) -> Vec<Reason> {
    if !scene.is_on(crate::base::Rule::ElectionRestriction) {
        return Vec::new();
    }
    let last = |server: &Server| server.raft().log().last();
    let mut reasons = Vec::new();
    for server in running {
        let (id, own) = (server.id(), last(server));
        let reached = scene.reached_from(id);
        let ahead = |other: &ServerId| scene.server(*other).is_some_and(|other| last(other) > own);
        let for_it = reached.iter().copied().filter(|other| !ahead(other)).collect();
        let members = server.raft().membership();
        if is_quorum(members, &reached) && !is_quorum(members, &for_it) {
            let ahead: Vec<ServerId> = reached.iter().copied().filter(ahead).collect();
            reasons.push(Reason::new(format!(
                "{id} cannot win: its log ends at {}, and {} {} a more complete one (§5.4.1).",
                place(own),
                list(&ahead),
                have(ahead.len()),
            )));
        }
    }
    reasons
}

fn place(position: Position) -> String {
    super::words::end(position)
}

/// Who led last, and how that ended.
fn last_leader(scene: &Scene<'_>) -> Option<Reason> {
    let won = scene.newest(|what| matches!(what, What::Server(_, Fact::BecameLeader(_))))?;
    let What::Server(id, Fact::BecameLeader(term)) = won.what else { return None };
    let ended = scene.trace.after(won.id).find(|event| ends(event, id))?;
    let how = match &ended.what {
        What::Crashed { .. } => "it crashed".to_owned(),
        What::Stopped(_, reason) => format!("it stopped, {reason}"),
        What::Server(_, Fact::BecameFollower(later, _)) if *later > term => {
            format!("it heard of term {later}")
        }
        _ => "no majority had answered it for an election timeout".to_owned(),
    };
    let text = format!("{id} led term {term} until {}: {how}.", moment(ended.at));
    Some(Reason::new(text).at([won.id, ended.id]))
}

fn ends(event: &Event, leader: ServerId) -> bool {
    match &event.what {
        What::Crashed { server, .. } | What::Stopped(server, _) => *server == leader,
        What::Server(server, Fact::BecameFollower(..)) => *server == leader,
        _ => false,
    }
}

/// Leaders of former terms, who do not know it.
fn stale_leaders(scene: &Scene<'_>) -> Vec<Reason> {
    let latest = scene.latest_term();
    let stale = scene.up().filter(|server| is_leader(server));
    stale
        .map(|server| {
            let (id, term) = (server.id(), server.raft().term());
            let later = list(
                scene.up().filter(|other| other.raft().term() == latest).map(|other| other.id()),
            );
            Reason::new(format!(
                "{id} believes that it leads term {term}, but {later} {} in term {latest} already.",
                if later.contains("and") { "are" } else { "is" },
            ))
            .because(hardly_leads(scene, server))
        })
        .collect()
}

/// What would let a majority meet, as far as these servers are kept apart.
pub fn remedies(scene: &Scene<'_>, members: &Membership, whose: &Set<ServerId>) -> Vec<String> {
    let mut remedies = Vec::new();
    let voters: Vec<ServerId> = members.all().filter(|id| members.is_voter(*id)).collect();
    let running: Vec<ServerId> = voters.iter().copied().filter(|id| scene.runs(*id)).collect();
    let broken = running.iter().any(|one| {
        running.iter().any(|other| {
            let concerns = whose.contains(one) || whose.contains(other);
            one != other && concerns && scene.link_broken(*one, *other).is_some()
        })
    });
    if broken {
        remedies.push("Heal the network.".to_owned());
    }
    let paused: Vec<ServerId> =
        voters.iter().copied().filter(|voter| scene.is_paused(*voter)).collect();
    let down: Vec<ServerId> =
        voters.into_iter().filter(|voter| scene.server(*voter).is_none()).collect();
    for (what, whom) in [("Restart", down), ("Resume", paused)] {
        if !whom.is_empty() {
            remedies.push(format!("{what} {}.", either(&whom)));
        }
    }
    remedies
}
