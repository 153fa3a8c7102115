//! Every directed link as a cell, from the channel.

use crate::base::Endpoint;
use crate::channel::DropReason;
use crate::sim::World;
use crate::sim::history::Branches;
use crate::ui::view::links::{Cell, Links, State, Watch};

/// How many ends there may be at most for the clients to be among them.
const ENDS_MAX: usize = 8;

/// What it shows of the moment that is looked at.
pub fn of(branches: &Branches, watch: &Watch) -> Links {
    of_world(branches.shown().world(), watch)
}

/// What it shows of a world. Clients have no links among each other, and are left out where there
/// are many servers.
pub fn of_world(world: &World, watch: &Watch) -> Links {
    let mut ends: Vec<Endpoint> = world.nodes().map(|(id, _)| Endpoint::Server(id)).collect();
    let clients = super::client_ids(world);
    if ends.len() + clients.len() <= ENDS_MAX {
        ends.extend(clients.into_iter().map(Endpoint::Client));
    }
    let row = |from: &Endpoint| ends.iter().map(|to| cell(world, *from, *to)).collect();
    let rows = ends.iter().map(row).collect();
    let mut links = Links { ends, rows, chosen: (1, 0) };
    let first = if links.is_place((1, 2)) { (1, 2) } else { (1, 0) };
    links.chosen = watch.chosen.filter(|place| links.is_place(*place)).unwrap_or(first);
    links
}

fn cell(world: &World, from: Endpoint, to: Endpoint) -> Option<Cell> {
    let both_clients = matches!((from, to), (Endpoint::Client(_), Endpoint::Client(_)));
    if from == to || both_clients {
        return None;
    }
    let channel = world.channel();
    let state = match channel.passes(from, to) {
        Ok(()) => State::Up,
        Err(DropReason::Partition) => State::Apart,
        Err(_) => State::Cut,
    };
    Some(Cell {
        state,
        settings: channel.link(from, to),
        own: channel.own_settings(from, to).is_some(),
    })
}
