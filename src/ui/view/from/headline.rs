//! One sentence on what happens now, one on what to try, and what is announced: all computed from
//! the state of the world.

use super::{leader, members};
use crate::base::{Endpoint, ServerId};
use crate::raft::{Role, majority};
use crate::server::{Fact, Server};
use crate::sim::{Action, Simulation, World};
use crate::trace::{Event, What};
use crate::ui::view::words::{count, list, sentence};

/// What happens now.
pub fn now(simulation: &Simulation) -> String {
    if let Some(broken) = simulation.judges().violations().next() {
        return format!("{} is violated: {}", broken.property, sentence(&broken.what));
    }
    let world = simulation.world();
    let up = up(world);
    let needed = needed(world);
    if up.is_empty() {
        return "All servers are down. The bank stands still, and loses nothing.".to_owned();
    }
    if up.len() < needed {
        let (is, names) = (if up.len() == 1 { "is" } else { "are" }, names(&up));
        return format!(
            "Only {names} {is} up: without {needed} servers there is no majority, and nothing can \
             be decided."
        );
    }
    match leader(world) {
        None => without_leader(world, &up, needed),
        Some(leader) => with_leader(world, leader, needed),
    }
}

/// The voters that are up.
fn up(world: &World) -> Vec<&Server> {
    let members = members(world);
    let servers = world.nodes().filter_map(|(_, node)| node.server());
    servers.filter(|server| members.is_voter(server.id())).collect()
}

/// How many voters decide.
fn needed(world: &World) -> usize {
    majority(members(world).voters().len())
}

fn names(servers: &[&Server]) -> String {
    list(&servers.iter().map(|server| server.id().to_string()).collect::<Vec<_>>())
}

fn without_leader(world: &World, up: &[&Server], needed: usize) -> String {
    let candidates = up.iter().filter(|server| server.raft().role() == Role::Candidate);
    if let Some(candidate) = candidates.max_by_key(|server| server.raft().term()) {
        let votes = candidate.raft().votes().values().filter(|granted| **granted).count();
        let term = candidate.raft().term();
        return format!(
            "{} stands for election in term {term}: it has {} of the {needed} it needs.",
            candidate.id(),
            count(votes, "vote"),
        );
    }
    let timers = up.iter().filter_map(|server| Some((server, server.raft().election_timer()?)));
    match timers.min_by_key(|(_, timer)| timer.deadline) {
        Some((first, timer)) => {
            let left = timer.deadline.since(world.local_time(first.id())).0 / 1000;
            format!("Nobody leads. The timer of {} runs out first, in {left} ms.", first.id())
        }
        None => "Nobody leads.".to_owned(),
    }
}

fn with_leader(world: &World, leader: &Server, needed: usize) -> String {
    let (id, term) = (leader.id(), leader.raft().term());
    let reached = reachable(world, id);
    if reached < needed {
        let others = match reached {
            1 => "nobody else".to_owned(),
            _ => format!("only {reached} of {}", members(world).voters().len()),
        };
        return format!(
            "{id} still believes that it leads term {term}, but it reaches {others}: it can \
             commit nothing.",
        );
    }
    let rivals = up(world)
        .into_iter()
        .filter(|server| server.raft().role() == Role::Leader && server.id() != id);
    let rivals: Vec<&Server> = rivals.collect();
    if let Some(rival) = rivals.first() {
        return format!(
            "{id} leads term {term}. {} has not heard of it and still believes in term {}, but \
             can commit nothing.",
            rival.id(),
            rival.raft().term(),
        );
    }
    format!("{id} leads term {term} {}", at_work(world, leader, needed))
}

/// What the leader is doing.
fn at_work(world: &World, leader: &Server, needed: usize) -> String {
    if let Some(mining) = leader.mining() {
        let transfers = mining.candidate().body().transactions.len();
        let what = match transfers {
            0 => "the opening block of its term".to_owned(),
            _ => format!("block {} with {}", mining.height(), count(transfers, "transfer")),
        };
        return format!("and mines {what}.");
    }
    let (commit, last) = (leader.raft().commit(), leader.raft().last_index());
    if commit < last {
        let members = members(world);
        let holds = world.nodes().filter(|(id, _)| members.is_voter(*id)).filter(|(id, _)| {
            let progress = leader.raft().progress(*id);
            *id == leader.id() || progress.is_some_and(|one| one.match_index() > commit)
        });
        let holders = holds.count();
        let has = if holders == 1 { "has" } else { "have" };
        let next = commit.next();
        return format!(
            "and spreads block {next}: {holders} of the {needed} servers that it needs {has} it."
        );
    }
    let chain = count(usize::try_from(commit.0).unwrap_or(usize::MAX), "block");
    let follow = match without(world, leader.id()) {
        Some(absent) => format!("without {absent}"),
        None => "and all follow it".to_owned(),
    };
    format!("{follow}. The chain of {chain} is committed.")
}

/// Which members do not follow a leader, and why not.
fn without(world: &World, leader: ServerId) -> Option<String> {
    let members = members(world);
    let absent = |is_down: bool, what: &str| {
        let who = world.nodes().filter(|(id, node)| {
            let down = node.server().is_none();
            members.contains(*id) && down == is_down && (down || !talk(world, leader, *id))
        });
        let who: Vec<String> = who.map(|(id, _)| id.to_string()).collect();
        let are = if who.len() == 1 { "is" } else { "are" };
        (!who.is_empty()).then(|| format!("{}, which {are} {what}", list(&who)))
    };
    match (absent(true, "down"), absent(false, "cut off from it")) {
        (Some(down), Some(cut)) => Some(format!("{down}, and {cut}")),
        (down, cut) => down.or(cut),
    }
}

/// How many voters that are up a server can talk with, itself included.
fn reachable(world: &World, id: ServerId) -> usize {
    up(world).into_iter().filter(|other| talk(world, id, other.id())).count()
}

/// True if two servers can talk with each other, both ways. Each can with itself.
fn talk(world: &World, one: ServerId, other: ServerId) -> bool {
    let (one, other) = (Endpoint::Server(one), Endpoint::Server(other));
    let passes = |from, to| world.channel().passes(from, to).is_ok();
    one == other || (passes(one, other) && passes(other, one))
}

/// What to try next: the first thing that nobody has done yet, in the order of a short tour.
pub fn hint(simulation: &Simulation) -> String {
    if let Some(first) = simulation.judges().violations().next() {
        if simulation.world().now() <= first.at {
            return "press Step back, and see event by event how it came to that.".to_owned();
        }
        return "press the first ! on the timeline, and see how it came to that.".to_owned();
    }
    let world = simulation.world();
    let did = |kind: fn(&Action) -> bool| world.actions().iter().any(|one| kind(&one.action));
    let down = world.nodes().find(|(_, node)| node.server().is_none()).map(|(id, _)| id);
    let asked = world.load().is_on() || did(|action| matches!(action, Action::Submit { .. }));
    let parted = |action: &Action| {
        matches!(action, Action::Partition { .. } | Action::Isolate { .. } | Action::Cut { .. })
    };
    let divided = world.channel().groups().is_some() || world.channel().cuts().next().is_some();
    let leads = leader(world).map(|server| server.id());
    let restart = |id: ServerId| {
        format!("restart {id}. It comes back with what its disk holds, and catches up.")
    };
    match (leads, down) {
        (_, Some(id)) if up(world).len() < needed(world) => restart(id),
        _ if !asked => match leads {
            None => {
                "watch the dials. The server whose timer runs out first asks for votes.".to_owned()
            }
            Some(_) => "send a transfer: Alice pays Bob 10. Follow it into a block.".to_owned(),
        },
        (Some(id), None) if !did(|action| matches!(action, Action::Crash { .. })) => {
            format!("crash {id}, the leader, and see who takes over.")
        }
        // Restarted at once, it would hide what it was crashed for.
        (None, Some(_)) if !divided => {
            "watch the dials: the server whose timer runs out first stands for election.".to_owned()
        }
        (_, Some(id)) => restart(id),
        (Some(id), None) if !did(parted) => {
            format!("drag {id}, the leader, out of the shaded group: it leads on, alone.")
        }
        _ if divided => "send a transfer while the network is cut, then heal it.".to_owned(),
        _ if world.config().network.loss == 0 => {
            "reload this tab: it is a power cut for the whole bank. Then look for what is missing."
                .to_owned()
        }
        _ => "open Scenario for stories worth watching.".to_owned(),
    }
}

/// What is said aloud of an event, if it is worth it.
pub fn announce(event: &Event) -> Option<String> {
    match &event.what {
        What::Server(_, Fact::BecameLeader(_)) | What::Stopped(..) => Some(event.what.to_string()),
        What::Server(id, Fact::Recovered { .. }) if event.cause.is_some() => {
            Some(format!("{id} recovered from its disk"))
        }
        What::Crashed { server, .. } => Some(format!("{server} crashed")),
        _ => None,
    }
}
