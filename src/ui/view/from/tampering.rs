//! What the page needs to carry tampering out.

use super::chain::block_of;
use super::logs::Logs;
use super::tamper::{blocks, original, to_forge};
use crate::base::{Index, ServerId};
use crate::chain::Block;
use crate::chain::forge::Forgery;
use crate::disk::layout::ServerKey;
use crate::sim::Action;
use crate::sim::history::Branches;
use crate::ui::view::tamper::Watch;

fn with<T>(branches: &Branches, what: impl FnOnce(&Logs) -> T) -> T {
    what(&Logs::of(branches.shown().world()))
}

/// The same, with the block that is tampered with as it is now: it stays that one, whatever becomes
/// of it.
pub fn settled(branches: &Branches, watch: &Watch) -> Watch {
    let original = with(branches, |logs| original(logs, watch));
    Watch { original, ..watch.clone() }
}

/// A server's block at a height, chosen to be tampered with.
pub fn chosen(branches: &Branches, server: ServerId, height: u64, plain: bool) -> Watch {
    with(branches, |logs| {
        let log = logs.get(server);
        let range = log.map(|log| (log.base.0 + 1, log.last.0));
        let original = block_of(logs, server, height)
            .filter(|block| Some(block.height().0) > range.map(|it| it.0 - 1));
        let problem = match (&original, range) {
            (Some(_), _) => None,
            (None, Some((first, last))) if first > last => {
                Some(format!("{server} keeps no block."))
            }
            (None, Some((first, last))) if (first..=last).contains(&height) => {
                Some(format!("What {server} keeps as block {height} cannot be read as a block."))
            }
            (None, Some((first, last))) => {
                Some(format!("{server} keeps the blocks {first} to {last}: choose one of them."))
            }
            (None, None) => Some(format!("There is no server {server}.")),
        };
        let original = original.map(|block| (server, block));
        Watch { original, wanted: Some((server, height)), plain, problem, ..Watch::default() }
    })
}

/// The work to be done again.
pub fn forgery(branches: &Branches, watch: &Watch) -> Option<Forgery> {
    let world = branches.shown().world();
    let (parent, ledger, blocks) = with(branches, |logs| to_forge(world, logs, watch))?;
    Some(Forgery::begin(&parent, &ledger, blocks))
}

/// Whose disk is to be changed, and how.
pub fn changed(branches: &Branches, watch: &Watch) -> Option<(ServerId, Vec<Action>)> {
    let (server, blocks) = with(branches, |logs| blocks(logs, watch))?;
    let write = |block: &Block| {
        let key = ServerKey::Block(block.height()).to_string();
        Action::Edit { server, key, value: Some(block.text().to_string()) }
    };
    Some((server, blocks.iter().map(write).collect()))
}

/// How the changed block and all after it are removed from their disk, if the server is down.
pub fn removed(branches: &Branches, watch: &Watch) -> Vec<Action> {
    let Some((server, block)) = watch.original.clone() else { return Vec::new() };
    with(branches, |logs| {
        let log = logs.get(server).filter(|log| log.server().is_none());
        let last = log.map_or(0, |log| log.last.0);
        let key = |height| ServerKey::Block(Index(height)).to_string();
        let remove = |height| Action::Edit { server, key: key(height), value: None };
        (block.height().0..=last).map(remove).collect()
    })
}
