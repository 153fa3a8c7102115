//! What happened in a run, as lines of JSON for programs that check it against a specification.
//!
//! Each event is one line. A step of the world, such as the arrival of one message, changes a
//! server at once and may have several events; the state in their lines is that *after* the step.
//! Numbers are plain, terms and heights count from 0 (none yet), times are microseconds.

use raftbank::base::{Endpoint, Membership, ServerId, Set};
use raftbank::raft::{AppendOutcome, Entry, Message, Role};
use raftbank::server::{Fact, Packet, Server};
use raftbank::sim::Simulation;
use raftbank::trace::{Event, EventId, Passage, What};
use serde::Serialize;

/// One line.
#[derive(Serialize)]
struct Line {
    /// The event's number.
    id: u64,
    /// When it happened.
    at_us: u64,
    /// The event that led to it; none for what came from outside or from a timer.
    cause: Option<u64>,
    /// What sort of event it is.
    kind: &'static str,
    /// The server that it is about, or that sent the message, or got it.
    #[serde(skip_serializing_if = "Option::is_none")]
    server: Option<State>,
    /// The message that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Letter>,
    /// All of it, for people.
    text: String,
}

/// A server after the step.
#[derive(Serialize)]
struct State {
    server: ServerId,
    role: &'static str,
    #[serde(flatten)]
    raft: Option<Raft>,
}

/// What Raft holds; a server that is down has only its disk.
#[derive(Serialize)]
struct Raft {
    term: u64,
    vote: Option<ServerId>,
    log_length: u64,
    last_term: u64,
    /// How far the log is on its disk.
    durable: u64,
    commit: u64,
    applied: u64,
    /// The height up to which a snapshot stands for the log; 0 without one.
    snapshot: u64,
    configuration: Configuration,
}

/// Who belongs to the cluster, as the server sees it.
#[derive(Serialize)]
struct Configuration {
    voters: Set<ServerId>,
    outgoing: Set<ServerId>,
    learners: Set<ServerId>,
}

/// A message. Of Raft's fields, those that it has.
#[derive(Default, Serialize)]
struct Letter {
    id: u64,
    #[serde(rename = "type")]
    kind: &'static str,
    from: String,
    to: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    term: Option<u64>,
    /// The place that it speaks of: before the entries, where a log ends or matches, where a
    /// snapshot ends, what a read must see.
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<u64>,
    /// The term of the entry at that place.
    #[serde(skip_serializing_if = "Option::is_none")]
    log_term: Option<u64>,
    /// The terms of the entries that it carries.
    #[serde(skip_serializing_if = "Option::is_none")]
    entries: Option<Vec<u64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    commit: Option<u64>,
    /// True for an answer that refuses.
    #[serde(skip_serializing_if = "Option::is_none")]
    reject: Option<bool>,
}

/// Prints the events after `seen`, with the servers as they are now.
pub fn print_after(seen: EventId, simulation: &Simulation) -> EventId {
    for event in simulation.trace().after(seen) {
        let line = serde_json::to_string(&line(event, simulation));
        println!("{}", line.expect("a line has nothing that JSON cannot say"));
    }
    simulation.trace().last_id()
}

fn line(event: &Event, simulation: &Simulation) -> Line {
    Line {
        id: event.id.0,
        at_us: event.at.0,
        cause: event.cause.map(|cause| cause.0),
        kind: kind(&event.what),
        server: whose(&event.what).map(|server| state(server, simulation)),
        message: event.what.passage().map(letter),
        text: event.what.to_string(),
    }
}

fn kind(what: &What) -> &'static str {
    match what {
        What::Acted(_) => "action",
        What::Sent(_) => "sent",
        What::Duplicated(_) => "duplicated",
        What::Arrived(_) => "arrived",
        What::Tampered(_) => "tampered",
        What::Dropped(..) => "dropped",
        What::Timer(_) => "timer",
        What::Server(_, fact) => fact_kind(fact),
        What::Client(..) => "client",
        What::Persisted(..) => "persisted",
        What::Crashed { .. } => "crashed",
        What::Stopped(..) => "stopped",
    }
}

fn fact_kind(fact: &Fact) -> &'static str {
    match fact {
        Fact::Recovered { .. } => "recovered",
        Fact::EnteredTerm(_) => "entered_term",
        Fact::BecameFollower(..) => "became_follower",
        Fact::BecamePreCandidate(_) => "became_pre_candidate",
        Fact::BecameCandidate(_) => "became_candidate",
        Fact::BecameLeader(_) => "became_leader",
        Fact::Voted(..) => "voted",
        Fact::MiningBegan { .. } => "mining_began",
        Fact::Mined { .. } => "mined",
        Fact::MiningDropped { .. } => "mining_dropped",
        Fact::Truncated(_) => "truncated",
        Fact::Appended(_) => "appended",
        Fact::BlockRefused { .. } => "block_refused",
        Fact::SnapshotTaken(_) => "snapshot_taken",
        Fact::SnapshotInstalled { .. } => "snapshot_installed",
        Fact::SnapshotRefused { .. } => "snapshot_refused",
        Fact::MembershipChanged(_) => "membership_changed",
        Fact::TransferBegan(_) => "transfer_began",
        Fact::Committed(_) => "committed",
        Fact::Applied { .. } => "applied",
        Fact::Queued(_) => "queued",
        Fact::Relayed(..) => "relayed",
        Fact::Held(_) => "held",
        Fact::Replied(_) => "replied",
    }
}

/// The server that an event is about: of a message that is sent its sender, of one that arrives
/// its receiver.
fn whose(what: &What) -> Option<ServerId> {
    let end = match what {
        What::Sent(passage) => Some(passage.from),
        What::Arrived(passage) => Some(passage.to),
        _ => return what.server(),
    };
    end.and_then(|end| match end {
        Endpoint::Server(server) => Some(server),
        Endpoint::Client(_) => None,
    })
}

fn state(id: ServerId, simulation: &Simulation) -> State {
    let server = simulation.world().server(id);
    let role = match server.map(|server| server.raft().role()) {
        None => "down",
        Some(Role::Follower) => "follower",
        Some(Role::PreCandidate) => "pre_candidate",
        Some(Role::Candidate) => "candidate",
        Some(Role::Leader) => "leader",
    };
    State { server: id, role, raft: server.map(raft) }
}

fn raft(server: &Server) -> Raft {
    let raft = server.raft();
    Raft {
        term: raft.term().0,
        vote: raft.vote(),
        log_length: raft.last_index().0,
        last_term: raft.last_term().0,
        durable: raft.durable().0,
        commit: raft.commit().0,
        applied: server.applied().0,
        snapshot: raft.snapshot().map_or(0, |snapshot| snapshot.last.index.0),
        configuration: configuration(raft.membership()),
    }
}

fn configuration(membership: &Membership) -> Configuration {
    Configuration {
        voters: membership.voters().clone(),
        outgoing: membership.outgoing().clone(),
        learners: membership.learners().clone(),
    }
}

fn letter(passage: &Passage) -> Letter {
    let raft = match &*passage.packet {
        Packet::Raft(message) => raft_letter(message),
        Packet::Request(_) | Packet::Relay { .. } | Packet::Reply(_) => Letter::default(),
    };
    Letter {
        id: passage.message.0,
        kind: passage.packet.kind().name(),
        from: passage.from.to_string(),
        to: passage.to.to_string(),
        ..raft
    }
}

fn raft_letter<E: Entry>(message: &Message<E>) -> Letter {
    let term = Some(message.term().0);
    let at = |index: u64| Letter { term, index: Some(index), ..Letter::default() };
    match message {
        Message::RequestVote(vote) => {
            Letter { log_term: Some(vote.last_log.term.0), ..at(vote.last_log.index.0) }
        }
        Message::RequestVoteReply(reply) => {
            Letter { term, reject: Some(!reply.granted), ..Letter::default() }
        }
        Message::AppendEntries(append) => Letter {
            log_term: Some(append.prev_log.term.0),
            entries: Some(append.entries.iter().map(|entry| entry.term().0).collect()),
            commit: Some(append.leader_commit.0),
            ..at(append.prev_log.index.0)
        },
        Message::AppendEntriesReply(reply) => match reply.outcome {
            AppendOutcome::Accepted { match_index } => {
                Letter { reject: Some(false), ..at(match_index.0) }
            }
            AppendOutcome::Rejected { prev_index, .. } => {
                Letter { reject: Some(true), ..at(prev_index.0) }
            }
            AppendOutcome::Stale => Letter { term, reject: Some(true), ..Letter::default() },
        },
        Message::InstallSnapshot(part) => {
            Letter { log_term: Some(part.last.term.0), ..at(part.last.index.0) }
        }
        Message::InstallSnapshotReply(reply) => {
            Letter { log_term: Some(reply.last.term.0), ..at(reply.last.index.0) }
        }
        Message::ReadIndexReply(reply) => at(reply.index.0),
        Message::TimeoutNow(_) | Message::ReadIndex(_) => Letter { term, ..Letter::default() },
    }
}
