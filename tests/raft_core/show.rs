//! What happens in a cluster, as lines to read. An entry `a` of term 2 at index 3 is `3@2 a`.

use crate::cluster::Envelope;
use crate::disk::{Disk, Proposal};
use raftbank::base::{Index, Membership, ServerId, Term};
use raftbank::raft::{
    AppendOutcome, Flow, HardState, Message, Raft, ReadId, ReadStage, Role, Snapshot, Timer, Writes,
};

pub fn entry(index: Index, entry: &Proposal) -> String {
    format!("{index}@{} {}", entry.term, entry.name)
}

fn entries<'a>(entries: impl Iterator<Item = (Index, &'a Proposal)>) -> String {
    let shown: Vec<_> = entries.map(|(index, proposal)| entry(index, proposal)).collect();
    if shown.is_empty() { "nothing".to_owned() } else { shown.join(", ") }
}

fn hard_state(state: &HardState) -> String {
    let vote = state.vote.map_or("no vote".to_owned(), |vote| format!("vote {vote}"));
    format!("term {} {vote}", state.term)
}

fn snapshot(snapshot: &Snapshot) -> String {
    format!("a snapshot up to {}@{}", snapshot.last.index, snapshot.last.term)
}

pub fn disk(disk: &Disk) -> String {
    let indexed =
        disk.log.iter().zip(disk.base().0 + 1..).map(|(proposal, index)| (Index(index), proposal));
    let (state, log) = (hard_state(&disk.hard_state), entries(indexed));
    match &disk.snapshot {
        Some(snapshot) => format!("{state}, {}, log {log}", self::snapshot(snapshot)),
        None => format!("{state}, log {log}"),
    }
}

pub fn writes(writes: &Writes<Proposal>) -> String {
    let mut parts = Vec::new();
    parts.extend(writes.hard_state.as_ref().map(hard_state));
    parts.extend(writes.truncate_from.map(|from| format!("truncation from {from}")));
    parts.extend(writes.snapshot.as_ref().map(snapshot));
    parts.extend(writes.append.iter().map(|(index, proposal)| entry(*index, proposal)));
    parts.join(", ")
}

pub fn envelope(envelope: &Envelope) -> String {
    let Envelope { number, from, to, message } = envelope;
    format!("#{number} {from}→{to} {}", self::message(message))
}

fn message(message: &Message<Proposal>) -> String {
    let term = message.term();
    match message {
        Message::RequestVote(request) if request.pre_vote => {
            let last = request.last_log;
            format!(
                "asks whether it would win (term {term}), log ends {}@{}",
                last.index, last.term
            )
        }
        Message::RequestVote(request) => {
            let last = request.last_log;
            format!("asks for a vote in term {term}, log ends {}@{}", last.index, last.term)
        }
        Message::RequestVoteReply(reply) if reply.pre_vote => {
            let answer = if reply.granted { "would" } else { "would not" };
            format!("{answer} vote so (term {term})")
        }
        Message::RequestVoteReply(reply) if reply.granted => format!("votes yes in term {term}"),
        Message::RequestVoteReply(_) => format!("votes no in term {term}"),
        Message::AppendEntries(append) => {
            let previous = append.prev_log;
            let first = previous.index.0 + 1;
            let sent = append.entries.iter().zip(first..).map(|(entry, at)| (Index(at), entry));
            let what = match append.is_heartbeat() {
                true => "heartbeat".to_owned(),
                false => format!("append {}", entries(sent)),
            };
            let (index, previous, commit) = (previous.index, previous.term, append.leader_commit);
            let round = append.round.0;
            format!("{what} after {index}@{previous}, commit {commit} (term {term}, round {round})")
        }
        Message::InstallSnapshot(part) => {
            let (last, end) = (part.last, part.offset + part.data.len() as u64);
            let (from, total, round) = (part.offset, part.total, part.round.0);
            let what = format!("snapshot up to {}@{}", last.index, last.term);
            format!("{what}, bytes {from} to {end} of {total} (term {term}, round {round})")
        }
        Message::InstallSnapshotReply(reply) => {
            let (last, received, round) = (reply.last.index, reply.received, reply.round.0);
            format!("has {received} bytes up to {last} (term {term}, round {round})")
        }
        Message::TimeoutNow(_) => format!("wants it to lead at once (term {term})"),
        Message::ReadIndex(read) => format!("passes read {} on (term {term})", read.id.0),
        Message::ReadIndexReply(reply) => {
            format!("confirms read {} as of {} (term {term})", reply.id.0, reply.index)
        }
        Message::AppendEntriesReply(reply) => {
            let outcome = match reply.outcome {
                AppendOutcome::Accepted { match_index } => format!("has up to {match_index}"),
                AppendOutcome::Rejected { prev_index, conflict } => match conflict.term {
                    Some(other) => {
                        format!("lacks {prev_index}, has term {other} from {}", conflict.index)
                    }
                    None => format!("lacks {prev_index}, ends before {}", conflict.index),
                },
                AppendOutcome::Stale => "is in a later term".to_owned(),
            };
            format!("{outcome} (term {term}, round {})", reply.round.0)
        }
    }
}

/// A server's state in one line.
pub fn server(id: ServerId, raft: Option<&Raft<Proposal>>, stored: &Disk) -> String {
    let Some(raft) = raft else { return format!("{id} is down, with {}", disk(stored)) };
    let (role, term, commit, applied) = (raft.role(), raft.term(), raft.commit(), raft.applied());
    let durable = raft.durable();
    let known = format!("commit {commit}, applied {applied}, durable {durable}");
    let members = match raft.membership_index() {
        Index::ZERO => String::new(),
        since => format!(", of {} since {since}", raft.membership()),
    };
    let replaced = raft.snapshot().map(|it| snapshot(it) + ", ").unwrap_or_default();
    let log = entries(raft.log().iter());
    format!("{id} {role} term {term}, {known}{members}: {replaced}{log}")
}

/// What else may be seen of a server, a line for each.
pub fn inside(raft: &Raft<Proposal>) -> Vec<String> {
    let id = raft.id();
    let timer = |name: &str, timer: Option<Timer>| {
        let Timer { armed, deadline } = timer?;
        Some(format!("{id}'s {name} timer runs from {armed} to {deadline}"))
    };
    let votes: Vec<_> = raft.votes().iter().map(|(from, yes)| format!("{from} {yes}")).collect();
    let lines = [
        timer("election", raft.election_timer()),
        timer("heartbeat", raft.heartbeat_timer()),
        timer("quorum", raft.quorum_timer()),
        timer("transfer", raft.transfer_timer()),
        raft.round().map(|round| format!("{id} is in round {}", round.0)),
        (!votes.is_empty()).then(|| format!("{id} was answered: {}", votes.join(", "))),
        Some(format!("{id} has {} durably", hard_state(&raft.durable_hard_state()))),
    ];
    lines.into_iter().flatten().collect()
}

/// How far a read of `of` has come at a server.
pub fn stage(at: &Raft<Proposal>, of: ServerId, read: ReadId) -> Option<String> {
    let stage = match at.id() == of {
        true => at.read_stage(read)?,
        false => at.read_stage_of(of, read)?,
    };
    let stage = match stage {
        ReadStage::Waiting(None) => "waits".to_owned(),
        ReadStage::Waiting(Some(round)) => format!("waits for the end of round {}", round.0),
        ReadStage::InRound(round) => format!("is in round {}", round.0),
        ReadStage::PassedOn(to) => format!("is passed on to {to}"),
        ReadStage::Confirmed(index) => format!("is confirmed as of {index}"),
    };
    Some(format!("{}: read {} of {of} {stage}", at.id(), read.0))
}

/// What a leader knows of a follower.
pub fn progress(leader: &Raft<Proposal>, peer: ServerId) -> Option<String> {
    let progress = leader.progress(peer)?;
    let (matched, next) = (progress.match_index(), progress.next_index());
    let flow = match progress.flow() {
        Flow::Probe { sent_in: None } => "probe, may send".to_owned(),
        Flow::Probe { sent_in: Some(_) } => "probe, waits".to_owned(),
        Flow::Replicate { in_flight } => format!("replicate, {} in flight", in_flight.len()),
        Flow::Snapshot { offset, sent_in: None, .. } => format!("snapshot from {offset}, may send"),
        Flow::Snapshot { offset, .. } => format!("snapshot from {offset}, waits"),
    };
    Some(format!("{} sees {peer}: match {matched}, next {next}, {flow}", leader.id()))
}

/// What of a core is told when it changes.
pub struct Facts {
    role: Role,
    term: Term,
    leader: Option<ServerId>,
    commit: Index,
    membership: Membership,
    transferee: Option<ServerId>,
}

impl Facts {
    pub fn of(raft: &Raft<Proposal>) -> Self {
        Self {
            role: raft.role(),
            term: raft.term(),
            leader: raft.leader(),
            commit: raft.commit(),
            membership: raft.membership().clone(),
            transferee: raft.transferee(),
        }
    }

    /// Tells what has changed since.
    pub fn changes(&self, raft: &Raft<Proposal>, story: &mut Vec<String>) {
        let now = Self::of(raft);
        let id = raft.id();
        if (now.role, now.term) != (self.role, self.term) {
            story.push(format!("{id} is {} in term {}", now.role, now.term));
        }
        if now.leader != self.leader && now.role == Role::Follower {
            let whom = now.leader.map_or("nobody".to_owned(), |leader| leader.to_string());
            story.push(format!("{id} follows {whom}"));
        }
        if now.commit != self.commit {
            story.push(format!("{id} knows {} committed", now.commit));
        }
        if now.membership != self.membership {
            story.push(format!("{id} goes by the members {}", now.membership));
        }
        if now.transferee != self.transferee && now.role == Role::Leader {
            story.push(match now.transferee {
                Some(to) => format!("{id} is handing over to {to}"),
                None => format!("{id} hands over no more"),
            });
        }
    }
}
