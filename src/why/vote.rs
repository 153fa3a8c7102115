//! Why a candidate has a vote, or has it not.

use super::letter::{Fate, Letter, between};
use super::scene::Scene;
use super::words::{end, moment, took};
use super::{Answer, Claim, Reason};
use crate::base::{Map, Rule, ServerId, Term};
use crate::raft::{Message, Position, RequestVote, RequestVoteReply, Role};
use crate::server::{Fact, Packet, Server};
use crate::trace::{Event, EventId, Passage, What};

/// How things stand between a candidate and one voter.
pub struct Ballot {
    pub voter: ServerId,
    pub state: State,
    pub reason: Reason,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum State {
    Granted,
    Refused,
    /// The request or its answer is on its way, or waits for a disk.
    UnderWay,
    /// Nothing comes of this request any more.
    Lost,
}

/// Why the voter gave the candidate its vote when it was last asked, or did not.
pub fn answer(scene: &Scene<'_>, voter: ServerId, candidate: ServerId) -> Answer {
    for server in [voter, candidate] {
        if scene.world.node(server).is_none() {
            return Answer::nothing(format!("There is no server {server} in this cluster."));
        }
    }
    if voter == candidate {
        let headline =
            format!("Whoever stands for election votes for itself, and so does {voter}.");
        return Answer::nothing(headline);
    }
    let no_vote = Claim::NoVote { voter, candidate };
    let Some(letter) = newest_request(scene, voter, candidate, |_| true) else {
        let headline = format!("{candidate} has not asked {voter} for its vote.");
        return Answer::new(headline, no_vote).lacking("Whether it did so earlier", scene.trace);
    };
    let request = request(letter.passage).expect("only such were looked for");
    let ballot = after_request(scene, voter, candidate, request, &letter);
    let term = request.term;
    let (headline, claim) = match (ballot.state, request.pre_vote) {
        (State::Granted, false) => (
            format!("{voter} gave {candidate} its vote in term {term}."),
            Claim::Voted { voter, candidate },
        ),
        (State::Granted, true) => {
            (format!("{voter} would vote for {candidate}, which asked in term {term}."), no_vote)
        }
        (State::Refused, false) => {
            (format!("{voter} did not vote for {candidate} in term {term}."), no_vote)
        }
        (State::Refused, true) => (
            format!("{voter} would not vote for {candidate}, which asked in term {term}."),
            no_vote,
        ),
        (State::UnderWay | State::Lost, _) => (
            format!("{candidate} has no answer from {voter} to its request of term {term}."),
            no_vote,
        ),
    };
    Answer::new(headline, claim).because([ballot.reason])
}

/// How things stand with each voter of a server that asks for votes, itself first.
pub fn ballots(scene: &Scene<'_>, candidate: &Server) -> Vec<Ballot> {
    let members = candidate.raft().membership();
    let voters = members.all().filter(|voter| members.is_voter(*voter));
    let (own, others): (Vec<_>, Vec<_>) = voters.partition(|voter| *voter == candidate.id());
    let voters = own.into_iter().chain(others);
    voters.map(|voter| ballot(scene, candidate, voter)).collect()
}

fn ballot(scene: &Scene<'_>, candidate: &Server, voter: ServerId) -> Ballot {
    let (id, raft) = (candidate.id(), candidate.raft());
    let pre_vote = raft.role() == Role::PreCandidate;
    if voter == id {
        return own_ballot(scene, candidate, pre_vote);
    }
    let is_it = |request: &RequestVote| request.pre_vote == pre_vote && request.term == raft.term();
    match newest_request(scene, voter, id, is_it) {
        Some(letter) => {
            let request = request(letter.passage).expect("only such were looked for");
            after_request(scene, voter, id, request, &letter)
        }
        None => {
            let (state, text) = match raft.votes().get(&voter) {
                Some(true) => (State::Granted, format!("{voter} gave its vote.")),
                Some(false) => (State::Refused, format!("{voter} refused its vote.")),
                None => (
                    State::UnderWay,
                    format!("{voter} is asked as soon as the vote of {id} itself is durable."),
                ),
            };
            Ballot { voter, state, reason: Reason::new(text) }
        }
    }
}

fn own_ballot(scene: &Scene<'_>, candidate: &Server, pre_vote: bool) -> Ballot {
    let (id, raft) = (candidate.id(), candidate.raft());
    let voted = scene.newest_fact(id, |fact| is_vote(fact, raft.term(), id));
    let moments = voted.filter(|_| !pre_vote).map(|event| event.id);
    let (state, text) = if raft.votes().get(&id) == Some(&true) {
        (State::Granted, format!("{id} is for itself."))
    } else {
        let text = format!(
            "{id} votes for itself, but its disk does not have that yet: until then the vote does \
             not count, and nobody else is asked."
        );
        (State::UnderWay, text)
    };
    Ballot { voter: id, state, reason: Reason::new(text).at(moments) }
}

fn is_vote(fact: &Fact, term: Term, candidate: ServerId) -> bool {
    matches!(fact, Fact::Voted(in_term, whom) if (*in_term, *whom) == (term, candidate))
}

/// How far a request for a vote has come, and what was answered.
fn after_request<'a>(
    scene: &Scene<'a>,
    voter: ServerId,
    candidate: ServerId,
    request: &RequestVote,
    letter: &Letter<'a>,
) -> Ballot {
    let kind = if request.pre_vote { "question" } else { "request" };
    if let Some(reason) = scene.not_arrived(letter, &format!("{candidate}'s {kind} to {voter}")) {
        return match letter.fate {
            Fate::OnItsWay(..) => {
                let reason = reason.because(scene.apart(candidate, voter));
                Ballot { voter, state: State::UnderWay, reason }
            }
            _ => Ballot { voter, state: State::Lost, reason },
        };
    }
    let Fate::Arrived(arrival) = letter.fate else { unreachable!("it did not fail to arrive") };
    let replies = scene.trace.after(arrival.id).filter(|event| match &event.what {
        What::Sent(passage) if between(passage, voter, candidate) => {
            reply(passage).is_some_and(|reply| reply.pre_vote == request.pre_vote)
        }
        _ => false,
    });
    // A request that was doubled is answered twice, and one answer is enough.
    let replies = replies.filter_map(|sent| scene.letter(sent));
    let Some(answer) = replies.min_by_key(|letter| match letter.fate {
        Fate::Arrived(_) => 0,
        Fate::OnItsWay(..) => 1,
        Fate::Dropped(..) | Fate::Unknown => 2,
    }) else {
        return unanswered(scene, voter, arrival);
    };
    let sent = answer.sent;
    let granted = reply_of(&answer).granted;
    let (state, reason) = match (granted, request.pre_vote) {
        (true, false) => {
            let vote = scene.newest_fact(voter, |fact| is_vote(fact, request.term, candidate));
            let and_log = match scene.is_on(Rule::ElectionRestriction) {
                true => format!(", and its own log is not more complete than that of {candidate}"),
                false => String::new(),
            };
            let text = format!(
                "{voter} gave its vote: it had voted for nobody else in term {}{and_log}.",
                request.term
            );
            let reason = Reason::new(text).at([arrival.id]).at(vote.map(|event| event.id));
            (State::Granted, reason)
        }
        (true, true) => (
            State::Granted,
            Reason::new(format!("{voter} says that it would vote for {candidate}.")).at([sent.id]),
        ),
        (false, _) => (State::Refused, denial(scene, voter, candidate, request, arrival)),
    };
    let what = if granted { "yes" } else { "no" };
    match scene.not_arrived(&answer, &format!("{voter}'s {what} to {candidate}")) {
        None => Ballot { voter, state, reason },
        Some(missing) => {
            let state = match (state, answer.fate) {
                (State::Refused, _) => State::Refused,
                (_, Fate::OnItsWay(..)) => State::UnderWay,
                _ => State::Lost,
            };
            Ballot { voter, state, reason: missing.because([reason]) }
        }
    }
}

/// A request has arrived, and no answer has left.
fn unanswered(scene: &Scene<'_>, voter: ServerId, arrival: &Event) -> Ballot {
    let crashed = scene.ended(voter).filter(|event| event.id > arrival.id);
    let (state, reason) = match crashed {
        Some(event) => (
            State::Lost,
            Reason::new(format!("{voter} went down before its answer left."))
                .at([arrival.id, event.id]),
        ),
        None => (
            State::UnderWay,
            Reason::new(format!(
                "{voter} has the request; its answer leaves once its disk has what it promises."
            ))
            .at([arrival.id])
            .because(scene.halted(voter)),
        ),
    };
    Ballot { voter, state, reason }
}

/// Why a voter said no, in the order in which it looks at a request.
fn denial(
    scene: &Scene<'_>,
    voter: ServerId,
    candidate: ServerId,
    request: &RequestVote,
    arrival: &Event,
) -> Reason {
    let past = Past::before(scene, voter, arrival.id);
    let at = [arrival.id].into_iter().chain(past.moment);
    let no = format!("{voter} said no to {candidate}");
    let Some(term) = past.term else {
        return Reason::new(format!("{no}; why is no longer in the trace.")).at([arrival.id]);
    };
    if request.term < term {
        let text = format!(
            "{no}: it was in term {term} already, and {candidate} in term {}.",
            request.term
        );
        return Reason::new(text).at(at);
    }
    if let Some(reason) = sticks(scene, voter, request, arrival, &past, &no) {
        return reason;
    }
    if let (false, Some((in_term, other, event))) = (request.pre_vote, past.vote)
        && in_term == request.term
        && other != candidate
    {
        let text = format!(
            "{no}: it had voted for {other} in term {in_term}, and votes once a term (§5.2)."
        );
        return Reason::new(text).at([arrival.id, event]);
    }
    match past.log {
        Some(log) if request.last_log < log => {
            let (own, other) = (end(log), end(request.last_log));
            let text = format!(
                "{no}: its own log is more complete. It ends at {own}, that of {candidate} at \
                 {other} (§5.4.1)."
            );
            Reason::new(text).at([arrival.id]).at(past.log_moment)
        }
        _ => Reason::new(format!("{no}; why is no longer in the trace.")).at([arrival.id]),
    }
}

/// The voter had just heard its leader, or was it.
fn sticks(
    scene: &Scene<'_>,
    voter: ServerId,
    request: &RequestVote,
    arrival: &Event,
    past: &Past,
    no: &str,
) -> Option<Reason> {
    if request.transfer || !scene.is_on(Rule::CheckQuorum) {
        return None;
    }
    let (leader, since) = past.leader?;
    if leader == voter {
        let text =
            format!("{no}: it led itself, and had just heard a majority (dissertation §4.2.3).");
        return Some(Reason::new(text).at([arrival.id, since]));
    }
    let heard = scene.before(arrival.id).find(|event| match &event.what {
        What::Arrived(passage) => between(passage, leader, voter) && is_from_leader(passage),
        _ => false,
    })?;
    let clock = scene.world.node(voter)?.clock();
    let silence = clock.local(arrival.at).since(clock.local(heard.at));
    let patience = scene.world.config().election_timeout_min;
    (silence < patience).then(|| {
        let text = format!(
            "{no}: it had heard its leader {leader} {} before, and helps nobody to depose a leader \
             that it heard within {} (dissertation §4.2.3).",
            took(silence),
            took(patience),
        );
        Reason::new(text).at([arrival.id, heard.id])
    })
}

fn is_from_leader(passage: &Passage) -> bool {
    matches!(
        &*passage.packet,
        Packet::Raft(Message::AppendEntries(_) | Message::InstallSnapshot(_))
    )
}

/// What a server knew just before an event, as far as the trace goes back.
#[derive(Default)]
struct Past {
    term: Option<Term>,
    /// The event that the term is known from.
    moment: Option<EventId>,
    vote: Option<(Term, ServerId, EventId)>,
    /// The leader that it knew, itself if it led; and since which event.
    leader: Option<(ServerId, EventId)>,
    log: Option<Position>,
    log_moment: Option<EventId>,
}

impl Past {
    fn before(scene: &Scene<'_>, server: ServerId, at: EventId) -> Self {
        let mut past = Self::default();
        let (mut role_known, mut vote_known) = (false, false);
        // What lies above was truncated later.
        let mut most = u64::MAX;
        for event in scene.before(at) {
            let What::Server(whose, fact) = &event.what else { continue };
            if *whose != server {
                continue;
            }
            let mut role = |term: Term, leader: Option<ServerId>| {
                if !role_known {
                    role_known = true;
                    past.leader = leader.map(|leader| (leader, event.id));
                }
                if past.term.is_none() {
                    (past.term, past.moment) = (Some(term), Some(event.id));
                }
            };
            match fact {
                Fact::BecameFollower(term, leader) => role(*term, *leader),
                Fact::BecameLeader(term) => role(*term, Some(server)),
                Fact::BecameCandidate(term) | Fact::BecamePreCandidate(term) => role(*term, None),
                Fact::Voted(term, candidate) if !vote_known => {
                    vote_known = true;
                    past.vote = Some((*term, *candidate, event.id));
                }
                Fact::EnteredTerm(term) => {
                    vote_known = true;
                    role(*term, None);
                }
                Fact::Truncated(from) => most = most.min(from.0.saturating_sub(1)),
                Fact::Appended(block) if past.log.is_none() && block.height().0 <= most => {
                    let (index, term) = (block.height(), block.term());
                    past.log = Some(Position { index, term });
                    past.log_moment = Some(event.id);
                }
                Fact::SnapshotInstalled { checkpoint, .. } if past.log.is_none() => {
                    past.log = Some(checkpoint.position());
                    past.log_moment = Some(event.id);
                }
                Fact::Recovered { term, vote, snapshot, blocks } => {
                    role(*term, None);
                    if !vote_known {
                        past.vote = vote.map(|vote| (*term, vote, event.id));
                    }
                    if past.log.is_none() {
                        let kept = blocks.iter().rev().find(|block| block.height().0 <= most);
                        let block = kept
                            .map(|block| Position { index: block.height(), term: block.term() });
                        let base = snapshot.as_ref().map(|checkpoint| checkpoint.position());
                        past.log = Some(block.or(base).unwrap_or_default());
                        past.log_moment = Some(event.id);
                    }
                    break;
                }
                _ => {}
            }
        }
        past
    }
}

fn newest_request<'a>(
    scene: &Scene<'a>,
    voter: ServerId,
    candidate: ServerId,
    is_it: impl Fn(&RequestVote) -> bool,
) -> Option<Letter<'a>> {
    scene.newest_letter(|passage| {
        between(passage, candidate, voter) && request(passage).is_some_and(&is_it)
    })
}

fn request(passage: &Passage) -> Option<&RequestVote> {
    match &*passage.packet {
        Packet::Raft(Message::RequestVote(request)) => Some(request),
        _ => None,
    }
}

fn reply(passage: &Passage) -> Option<&RequestVoteReply> {
    match &*passage.packet {
        Packet::Raft(Message::RequestVoteReply(reply)) => Some(reply),
        _ => None,
    }
}

fn reply_of<'a>(letter: &Letter<'a>) -> &'a RequestVoteReply {
    reply(letter.passage).expect("only such were looked for")
}

/// How a server won the election of a term.
pub fn won(scene: &Scene<'_>, leader: ServerId, term: Term) -> Option<Reason> {
    let won =
        scene.newest_fact(leader, |fact| matches!(fact, Fact::BecameLeader(it) if *it == term))?;
    let mut votes: Map<ServerId, EventId> = Map::new();
    for event in scene.before(won.id) {
        match &event.what {
            What::Server(voter, Fact::Voted(in_term, candidate))
                if (*in_term, *candidate) == (term, leader) =>
            {
                votes.insert(*voter, event.id);
            }
            What::Server(whose, Fact::BecameCandidate(in_term))
                if (*whose, *in_term) == (leader, term) =>
            {
                // Its own vote may be told of just before.
                votes.insert(leader, event.id);
                break;
            }
            _ => {}
        }
    }
    let voters = super::words::list(votes.keys());
    let text = format!(
        "{leader} won the election of term {term} at {}, with the votes of {voters}.",
        moment(won.at),
    );
    Some(Reason::new(text).at([won.id]).at(votes.iter().map(|(_, event)| *event)))
}
