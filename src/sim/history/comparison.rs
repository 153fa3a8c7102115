//! Two branches side by side: where they stand, and in what they differ.

use crate::base::{AccountId, Index, Map, ServerId, Term, Time};
use crate::check::Committed;
use crate::raft::Role;
use crate::sim::{Node, Simulation};

/// Where a run stands at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// When.
    pub at: Time,
    /// Who leads, in which term: of several that believe so, the one of the latest term.
    pub leader: Option<(ServerId, Term)>,
    /// The height of the chain that the servers agree on.
    pub committed: Index,
    /// What the accounts hold by that chain.
    pub balances: Map<AccountId, u64>,
    /// The servers.
    pub servers: Vec<ServerStanding>,
}

/// Where a server stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerStanding {
    /// Which.
    pub id: ServerId,
    /// What it is; nothing if it is down.
    pub role: Option<Role>,
    /// Its term.
    pub term: Term,
    /// How far it knows the chain to be committed.
    pub commit: Index,
    /// Where its log ends.
    pub last: Index,
}

/// Two runs at one time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The one.
    pub left: Standing,
    /// The other.
    pub right: Standing,
    /// The height up to which the chains that they agree on are the same; nothing if they part
    /// before what is kept of them.
    pub common: Option<Index>,
}

impl Standing {
    /// Where this run stands.
    pub fn of(simulation: &Simulation) -> Self {
        let (world, committed) = (simulation.world(), simulation.judges().committed());
        let servers: Vec<ServerStanding> =
            world.nodes().map(|(id, node)| server(id, node)).collect();
        let leaders = servers.iter().filter(|it| it.role == Some(Role::Leader));
        let leader = leaders.max_by_key(|it| it.term).map(|it| (it.id, it.term));
        Self {
            at: world.now(),
            leader,
            committed: committed.height(),
            balances: committed.balances().iter().copied().collect(),
            servers,
        }
    }
}

fn server(id: ServerId, node: &Node) -> ServerStanding {
    let raft = node.server().map(|server| server.raft());
    ServerStanding {
        id,
        role: raft.map(|raft| raft.role()),
        term: raft.map(|raft| raft.term()).unwrap_or_default(),
        commit: raft.map(|raft| raft.commit()).unwrap_or_default(),
        last: raft.map(|raft| raft.last_index()).unwrap_or_default(),
    }
}

impl Comparison {
    /// Two runs, each as it stands.
    pub fn of(left: &Simulation, right: &Simulation) -> Self {
        let common = common(left.judges().committed(), right.judges().committed());
        Self { left: Standing::of(left), right: Standing::of(right), common }
    }
}

/// The height up to which two chains are the same. Where they agree at a height, they agree below.
fn common(left: &Committed, right: &Committed) -> Option<Index> {
    let (low, high) = (left.base().max(right.base()), left.height().min(right.height()));
    let same = |height: u64| left.block(Index(height)) == right.block(Index(height));
    (low.0..=high.0).rev().find(|height| same(*height)).map(Index)
}
