//! The state of a run as a plain object, for scripts: the shape of `window.raftbank.state()`.

use super::from::stopped;
use crate::bank::{Operation, Verdict};
use crate::base::{Map, Rule};
use crate::client::{Client, Status};
use crate::raft::Role;
use crate::sim::history::{Branches, MAIN};
use crate::sim::{Node, Simulation};
use serde::Serialize;

/// The state.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct State {
    /// Virtual time: of the moment that is shown.
    pub now_ms: f64,
    /// The same, if that moment is in the past of its branch.
    pub looking_at_ms: Option<f64>,
    /// The branch that is shown.
    pub branch: String,
    /// True if the browser keeps that branch.
    pub live: bool,
    /// The seed.
    pub seed: u64,
    /// The servers.
    pub servers: Vec<ServerState>,
    /// The clients.
    pub clients: Vec<ClientState>,
    /// The channel.
    pub channel: ChannelState,
    /// Requests a second that clients make by themselves.
    pub load: f64,
    /// The strength of the faults that come and go by themselves.
    pub chaos: &'static str,
    /// The judges.
    pub safety: SafetyState,
}

/// A server.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ServerState {
    /// `S1`.
    pub id: String,
    /// True if it runs.
    pub up: bool,
    /// `leader`, `candidate`, `follower`, `down`, `disk full`, `unreadable`.
    pub role: &'static str,
    /// Its term.
    pub term: u64,
    /// The height up to which it knows the chain to be committed.
    pub commit: u64,
    /// Where its log ends.
    pub last: u64,
    /// Committed balances by name.
    pub balances: Map<String, u64>,
    /// The hash of its last block.
    pub tip_hash: Option<String>,
}

/// A client.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClientState {
    /// `Alice`.
    pub name: String,
    /// Its unanswered and latest requests, by number.
    pub requests: Vec<RequestState>,
}

/// A request.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RequestState {
    /// The client's running number.
    pub seq: u64,
    /// `transfer` or `balance`.
    pub kind: &'static str,
    /// `pending`, `committed`, `refused` or `answered`.
    pub status: &'static str,
    /// The height at which it was decided or read.
    pub height: Option<u64>,
}

/// The channel.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChannelState {
    /// The partition in force, as text.
    pub groups: Option<String>,
    /// Messages on their way.
    pub in_flight: u64,
    /// Messages sent.
    pub sent: u64,
    /// Messages delivered.
    pub delivered: u64,
    /// Messages lost.
    pub dropped: u64,
}

/// The judges.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SafetyState {
    /// How many events they have seen.
    pub checked: u64,
    /// What they found, in words.
    pub violations: Vec<String>,
    /// The rules that this run goes without, by name.
    pub rules_off: Vec<&'static str>,
}

impl State {
    /// The state of what is shown of several branches.
    pub fn of_shown(branches: &Branches) -> Self {
        let (viewed, state) = (branches.viewed(), Self::of(branches.shown()));
        Self {
            looking_at_ms: viewed.looks_back().then_some(state.now_ms),
            branch: viewed.name().to_owned(),
            live: viewed.id() == branches.live().id(),
            ..state
        }
    }

    /// The state of a simulation that is the only one.
    pub fn of(simulation: &Simulation) -> Self {
        let world = simulation.world();
        let counters = world.channel().counters();
        let safety = super::safety::Safety::of(simulation);
        let violations = safety.rows.iter().filter_map(|row| {
            row.violation.as_ref().map(|violation| format!("{}: {}", row.name, violation.what))
        });
        Self {
            now_ms: world.now().as_ms(),
            looking_at_ms: None,
            branch: MAIN.to_owned(),
            live: true,
            seed: world.seed(),
            servers: world.nodes().map(|(id, node)| server(id.to_string(), node)).collect(),
            clients: world.clients().map(client).collect(),
            channel: ChannelState {
                groups: world.channel().groups().map(ToString::to_string),
                in_flight: world.in_flight().count() as u64,
                sent: counters.sent,
                delivered: counters.delivered,
                dropped: counters.dropped(),
            },
            load: f64::from(world.load().0) / 1000.0,
            chaos: world.chaos().word(),
            safety: SafetyState {
                checked: safety.events,
                violations: violations.collect(),
                rules_off: safety.rules.off().map(Rule::name).collect(),
            },
        }
    }
}

fn server(id: String, node: &Node) -> ServerState {
    let server = node.server();
    let raft = server.map(|server| server.raft());
    let (term, commit) = super::from::term_and_commit(node);
    let balances = server.map(|server| server.committed_ledger().balances());
    let balances = balances.into_iter().flatten();
    ServerState {
        id,
        up: server.is_some(),
        role: match raft.map(|raft| raft.role()) {
            Some(Role::Leader) => "leader",
            Some(Role::PreCandidate) => "pre-candidate",
            Some(Role::Candidate) => "candidate",
            Some(Role::Follower) => "follower",
            None => stopped(node).word(),
        },
        term,
        commit,
        last: raft.map_or(0, |raft| raft.last_index().0),
        balances: balances.map(|(account, held)| (account.to_string(), *held)).collect(),
        tip_hash: server.map(|server| server.tip().hash().to_string()),
    }
}

fn client(client: &Client) -> ClientState {
    let requests = client.requests().into_iter().map(|state| {
        let (status, height) = match &state.status {
            Status::Pending => ("pending", None),
            Status::Done { verdict, .. } => match verdict {
                Verdict::Committed { height } => ("committed", Some(height.0)),
                Verdict::Refused { height, .. } => ("refused", Some(height.0)),
                Verdict::Balance { height, .. } => ("answered", Some(height.0)),
                Verdict::Invalid { .. } | Verdict::Stale { .. } => ("refused", None),
                Verdict::Busy => ("pending", None),
            },
        };
        let kind = match state.request.operation {
            Operation::Transfer { .. } => "transfer",
            Operation::Balance => "balance",
        };
        RequestState { seq: state.request.id.seq, kind, status, height }
    });
    ClientState { name: client.id().to_string(), requests: requests.collect() }
}
