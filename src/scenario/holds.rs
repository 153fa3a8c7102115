//! Whether a condition is true of a world, and what is the case instead.

use super::Past;
use super::condition::{Condition, Fate, Standing};
use crate::bank::Verdict;
use crate::base::{ClientId, ServerId};
use crate::client::{RequestState, Status};
use crate::raft::Role;
use crate::server::Server;
use crate::sim::World;

impl Condition {
    /// Whether it is true of a world now, and of what happened before.
    pub fn holds(&self, world: &World, past: &Past) -> bool {
        match self {
            Self::Not(condition) => !condition.holds(world, past),
            Self::All(conditions) => conditions.iter().all(|it| it.holds(world, past)),
            Self::Any(conditions) => conditions.iter().any(|it| it.holds(world, past)),
            Self::Leader => leader(world).is_some(),
            Self::NoLeader => leader(world).is_none(),
            Self::AllAnswered => world.clients().all(|client| client.unanswered() == 0),
            Self::AllAgree => all_agree(world),
            Self::Quiet => [Self::AllAnswered, Self::AllAgree]
                .iter()
                .all(|condition| condition.holds(world, past)),
            Self::Members(membership) => farthest(world).is_some_and(|server| {
                let raft = server.raft();
                raft.membership() == membership && raft.membership_index() <= raft.commit()
            }),
            Self::Total(total) => farthest(world).is_some_and(|server| {
                server.committed_ledger().balances().values().sum::<u64>() == *total
            }),
            Self::Balance(account, balance) => farthest(world).is_some_and(|server| {
                server.committed_ledger().balance(*account) == Some(*balance)
            }),
            Self::Answered(client) => {
                world.client(*client).is_some_and(|client| client.unanswered() == 0)
            }
            Self::Retries(client) => {
                requests(world, *client).iter().any(|request| Fate::Retries.holds(request))
            }
            Self::Request(id, fate) => requests(world, id.client)
                .iter()
                .any(|request| request.request.id == *id && fate.holds(request)),
            Self::Broken(property) => past.broken.contains(property),
            Self::Server(server, standing) => standing.holds(*server, world, past),
        }
    }

    /// What is the case instead, for a message; nothing if there is nothing more to say.
    pub fn instead(&self, world: &World) -> String {
        match self {
            Self::Not(condition) => condition.instead(world),
            Self::All(conditions) | Self::Any(conditions) => {
                let mut all: Vec<String> = Vec::new();
                for instead in conditions.iter().map(|condition| condition.instead(world)) {
                    if !all.contains(&instead) {
                        all.push(instead);
                    }
                }
                all.concat()
            }
            Self::Members(_) => match farthest(world) {
                Some(server) => format!("; the members are {}", server.raft().membership()),
                None => "; no server is up".to_owned(),
            },
            Self::Total(_) | Self::Balance(..) => match farthest(world) {
                Some(server) => format!("; {}", balances(server)),
                None => "; no server is up".to_owned(),
            },
            Self::Request(id, _) => {
                let requests = requests(world, id.client);
                match requests.iter().find(|request| request.request.id == *id) {
                    Some(RequestState { status: Status::Done { verdict, .. }, .. }) => {
                        format!("; its answer was: {verdict}")
                    }
                    Some(request) => format!("; it was sent {} times", request.attempts),
                    None => "; there is no such request".to_owned(),
                }
            }
            _ => {
                let servers: Vec<String> =
                    world.nodes().map(|(id, node)| describe(id, node.server())).collect();
                format!("; {}", servers.join("; "))
            }
        }
    }

    /// The servers and clients that it speaks of but that the world does not have.
    pub fn stranger(&self, world: &World) -> Option<String> {
        let no_server = |id: &ServerId| world.node(*id).is_none().then(|| id.to_string());
        let no_client = |id: ClientId| world.client(id).is_none().then(|| id.to_string());
        match self {
            Self::Not(condition) => condition.stranger(world),
            Self::All(conditions) | Self::Any(conditions) => {
                conditions.iter().find_map(|condition| condition.stranger(world))
            }
            Self::Server(id, Standing::Follows(other) | Standing::Voted(other)) => {
                no_server(id).or(no_server(other))
            }
            Self::Server(id, _) => no_server(id),
            Self::Answered(id) | Self::Retries(id) => no_client(*id),
            Self::Request(id, _) => no_client(id.client),
            Self::Balance(account, _) => {
                let owner = world.clients().find(|client| client.id().account() == *account);
                owner.is_none().then(|| account.to_string())
            }
            Self::Leader
            | Self::NoLeader
            | Self::AllAnswered
            | Self::AllAgree
            | Self::Quiet
            | Self::Members(_)
            | Self::Broken(_)
            | Self::Total(_) => None,
        }
    }
}

/// What a condition is judged by, and how things stand: `judged by 'S3 leads': S1 is down; …`.
pub(super) fn sentence_of(condition: &Condition, world: &World) -> String {
    let instead = condition.instead(world);
    match instead.strip_prefix("; ") {
        Some(facts) => format!("judged by '{condition}': {facts}"),
        None => format!("judged by '{condition}'"),
    }
}

impl Fate {
    fn holds(self, request: &RequestState) -> bool {
        let verdict = match request.status {
            Status::Pending => None,
            Status::Done { verdict, .. } => Some(verdict),
        };
        match self {
            Self::Pending => verdict.is_none(),
            Self::Retries => verdict.is_none() && request.attempts > 1,
            Self::Answered => verdict.is_some(),
            Self::Committed => matches!(verdict, Some(Verdict::Committed { .. })),
            Self::Refused => {
                matches!(verdict, Some(Verdict::Refused { .. } | Verdict::Invalid { .. }))
            }
            Self::Balance(balance) => {
                matches!(verdict, Some(Verdict::Balance { committed, .. }) if committed == balance)
            }
        }
    }
}

impl Standing {
    fn holds(self, id: ServerId, world: &World, past: &Past) -> bool {
        match self {
            Self::Mined(height) => return past.mined.contains(&(id, height)),
            Self::Dropped(height) => return past.dropped.contains(&(id, height)),
            _ => {}
        }
        let Some(server) = world.server(id) else { return self == Self::Down };
        let raft = server.raft();
        match self {
            Self::Up => true,
            Self::Down | Self::Mined(_) | Self::Dropped(_) => false,
            Self::Leads => raft.role() == Role::Leader,
            Self::Campaigns => matches!(raft.role(), Role::PreCandidate | Role::Candidate),
            Self::Follows(leader) => raft.role() == Role::Follower && raft.leader() == Some(leader),
            Self::Term(term) => raft.term() == term,
            Self::Voted(candidate) => raft.vote() == Some(candidate),
            Self::Commits(height) => raft.commit() >= height,
            Self::Has(height) => raft.last_index() >= height,
            Self::Log(height) => raft.last_index() == height,
            Self::Mining => server.mining().is_some(),
        }
    }
}

/// The leader of the latest term, if there is one.
fn leader(world: &World) -> Option<&Server> {
    let servers = world.nodes().filter_map(|(_, node)| node.server());
    let latest = servers.map(|server| server.raft().term()).max()?;
    world.leaders().find(|server| server.raft().term() == latest)
}

fn all_agree(world: &World) -> bool {
    let Some(first) = farthest(world) else { return false };
    // Who is no member, or not yet one, need not know anything.
    let members = world
        .nodes()
        .filter(|(id, _)| first.raft().membership().contains(*id))
        .filter_map(|(_, node)| node.server());
    let committed = |server: &Server| server.raft().commit() == server.raft().last_index();
    // Equal tips are equal logs: each block holds its parent's hash.
    let same = |server: &Server| committed(server) && server.tip().hash() == first.tip().hash();
    members.into_iter().all(same)
}

/// The server that has applied most.
pub(super) fn farthest(world: &World) -> Option<&Server> {
    world.nodes().filter_map(|(_, node)| node.server()).max_by_key(|server| server.applied())
}

/// `Alice 6, Bob 4, total 10`
pub(super) fn balances(server: &Server) -> String {
    let balances = server.committed_ledger().balances();
    let each: Vec<String> =
        balances.iter().map(|(account, balance)| format!("{account} {balance}")).collect();
    format!("{}, total {}", each.join(", "), balances.values().sum::<u64>())
}

fn describe(id: ServerId, server: Option<&Server>) -> String {
    let Some(server) = server else { return format!("{id} is down") };
    let raft = server.raft();
    let role = match raft.role() {
        Role::Leader => "leads".to_owned(),
        Role::PreCandidate => "asks whether it would win".to_owned(),
        Role::Candidate => "campaigns".to_owned(),
        Role::Follower => match raft.leader() {
            Some(leader) => format!("follows {leader}"),
            None => "follows nobody".to_owned(),
        },
    };
    let (term, log, commit) = (raft.term(), raft.last_index(), raft.commit());
    format!("{id} {role} in term {term}, log {log}, commit {commit}")
}

fn requests(world: &World, client: ClientId) -> Vec<&RequestState> {
    world.client(client).map(|client| client.requests()).unwrap_or_default()
}
