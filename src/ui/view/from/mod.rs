//! View models from the world: pure functions of a simulation and of what somebody looks at.

mod block;
mod branches;
mod chain;
mod chain_balances;
mod chain_forks;
mod chain_search;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod chain_tests;
mod charts;
mod client;
mod diagram;
mod diagram_bands;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod diagram_tests;
mod explore;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod explore_testing;
mod faults;
mod follow;
mod hand;
mod headline;
mod inspector;
mod lanes;
mod ledger;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod ledger_tests;
mod links;
mod log;
mod logs;
mod motion;
mod operations;
mod operations_found;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod operations_tests;
mod safety;
mod stage;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod stage_tests;
mod table;
mod tamper;
mod tamper_after;
pub mod tampering;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
mod timeline;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod travel_tests;
mod why;

pub use diagram::of as diagram_of;
pub use hand::neighbour;
pub use headline::{announce, hint, now};
pub use lanes::time_of;
pub use links::of_world as links_of;
pub use log::is_highlight;
pub(super) use stage::term_and_commit;

use super::client::Card;
use super::explore as explore_view;
use super::geometry::Form;
use super::log::{Log, Query};
use super::motion::Motion;
use super::safety::Safety;
use super::stage::{Condition, Stage};
use super::traffic::Traffic;
use super::{Lists, Page, table::Table};
use crate::base::{ClientId, Index, Membership, ServerId};
use crate::chain::Block;
use crate::raft::Role;
use crate::server::Server;
use crate::sim::{Down, Node, Simulation, World};
use crate::trace::StopReason;
use crate::why::Question;
use std::rc::Rc;

/// What somebody looks at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Watch {
    /// How much room the picture has.
    pub form: Form,
    /// The server in the inspector; `None` follows the leader.
    pub chosen: Option<ServerId>,
    /// The newest block in the inspector; `None` follows the tip.
    pub blocks_to: Option<u64>,
    /// What is asked of the log.
    pub query: Query,
    /// The event that somebody jumped to.
    pub jumped: Option<u64>,
    /// What somebody wants to know the reason of.
    pub why: Option<Question>,
    /// What somebody looks at in the Explore region.
    pub explore: explore_view::Watch,
}

impl Page {
    /// The page as it shows this simulation. `kept` reads the storage that outlives the program.
    pub fn of(
        simulation: &Simulation,
        watch: &Watch,
        kept: &dyn Fn(&str) -> Option<String>,
    ) -> Self {
        let stage = Rc::new(Stage::of(simulation.world(), watch));
        let lists = Lists::of(simulation, watch, kept);
        Self::around(stage, Self::clients_of(simulation), lists, simulation, watch)
    }

    /// The page as it shows this simulation, around a picture of it, and around clients and lists
    /// that may be from a moment before.
    pub fn around(
        stage: Rc<Stage>,
        clients: Rc<Vec<Rc<Card>>>,
        lists: Lists,
        simulation: &Simulation,
        watch: &Watch,
    ) -> Self {
        let world = simulation.world();
        Self {
            now: now(simulation).into(),
            hint: hint(simulation).into(),
            violated: simulation.judges().violations().next().is_some(),
            leaderless: leader(world).is_none(),
            why: watch.why.as_ref().map(|question| Rc::new(why::of(simulation, question))),
            stage,
            table: Rc::new(Table::of(world, watch)),
            traffic: Traffic::of(world),
            clients,
            lists,
        }
    }

    /// The clients as this simulation has them.
    pub fn clients_of(simulation: &Simulation) -> Rc<Vec<Rc<Card>>> {
        let world = simulation.world();
        Rc::new(world.clients().map(|one| Rc::new(client::card(world, one))).collect())
    }
}

impl Lists {
    /// The lists as they show this simulation. `kept` reads the storage that outlives the program.
    pub fn of(
        simulation: &Simulation,
        watch: &Watch,
        kept: &dyn Fn(&str) -> Option<String>,
    ) -> Self {
        Self::around(Self::log_of(simulation, watch), simulation, watch, kept)
    }

    /// The same, around a log that may be from a moment before.
    pub fn around(
        log: Rc<Log>,
        simulation: &Simulation,
        watch: &Watch,
        kept: &dyn Fn(&str) -> Option<String>,
    ) -> Self {
        let inspector = Rc::new(inspector::of(simulation.world(), watch, kept));
        Self { inspector, safety: Rc::new(Safety::of(simulation)), log }
    }

    /// The log as this simulation has it.
    pub fn log_of(simulation: &Simulation, watch: &Watch) -> Rc<Log> {
        Rc::new(log::of(simulation, watch))
    }
}

impl Motion {
    /// What moves on this stage at the world's time.
    pub fn of(simulation: &Simulation, stage: &Stage) -> Self {
        motion::of(simulation, stage)
    }
}

pub(super) fn condition(world: &World, id: ServerId, node: &Node) -> Condition {
    let Some(server) = node.server() else { return stopped(node) };
    let members = members(world);
    match server.raft().role() {
        Role::Leader => Condition::Leader,
        Role::Candidate => Condition::Candidate,
        Role::Follower | Role::PreCandidate if !members.contains(id) => Condition::Outsider,
        Role::Follower | Role::PreCandidate if !members.is_voter(id) => Condition::Learner,
        Role::Follower | Role::PreCandidate => Condition::Follower,
    }
}

/// Why a server is down.
pub(super) fn stopped(node: &Node) -> Condition {
    match node.down() {
        Some(Down::Stopped(StopReason::DiskFull { .. })) => Condition::DiskFull,
        Some(Down::Stopped(StopReason::Unreadable(_))) => Condition::Unreadable,
        _ => Condition::Down,
    }
}

/// Who belongs to the cluster, as its leader knows, or else who has applied the most.
fn members(world: &World) -> Membership {
    let known = leader(world).or_else(|| most_advanced(world));
    known.map_or_else(
        || Membership::of(ServerId::first(world.config().members())),
        |server| server.raft().membership().clone(),
    )
}

/// The leader of the latest term among the servers that are up.
fn leader(world: &World) -> Option<&Server> {
    world.leaders().max_by_key(|server| server.raft().term())
}

/// The leader of the latest term among the servers that are up, by name.
pub fn leader_id(world: &World) -> Option<ServerId> {
    leader(world).map(Server::id)
}

/// The server that is up and has applied the most.
fn most_advanced(world: &World) -> Option<&Server> {
    let servers = world.nodes().filter_map(|(_, node)| node.server());
    servers.max_by_key(|server| (server.applied(), server.raft().term()))
}

/// What a block holds, in words.
fn contents(block: &Block) -> String {
    let mut words = Vec::new();
    for (transaction, outcome) in block.receipts() {
        let refused = if outcome == crate::bank::Outcome::Applied { "" } else { " (refused)" };
        words.push(format!("{}{refused}", payment(transaction)));
    }
    match &block.body().membership {
        Some(members) => format!("Members: {members}. {}", words.join(", ")).trim_end().to_owned(),
        None if words.is_empty() => opening(block.height()).to_owned(),
        None => words.join(", "),
    }
}

fn payment(transaction: &crate::bank::Transaction) -> String {
    let (from, to, amount) = (transaction.from(), transaction.to, transaction.amount);
    format!("{from} → {to} {amount}")
}

fn opening(height: Index) -> &'static str {
    if height == Index::ZERO {
        "Genesis: the opening balances."
    } else {
        "Opens a term: nothing older commits before it."
    }
}

fn client_ids(world: &World) -> Vec<ClientId> {
    world.clients().map(|client| client.id()).collect()
}
