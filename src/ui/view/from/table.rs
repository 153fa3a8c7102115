//! The logs side by side, from the world.

use super::term_and_commit;
use super::{Watch, condition, contents, leader, most_advanced};
use crate::base::{Endpoint, Index, ServerId};
use crate::chain::Block;
use crate::disk::Disk;
use crate::disk::layout::ServerKey;
use crate::sim::{Node, World};
use crate::ui::view::table::{COLUMNS, Cell, Row, Table};
use crate::ui::view::words::count;

/// How many heights that are committed are shown at least, if there are as many.
const COMMITTED: u64 = 2;

impl Table {
    /// The last heights of all logs. Where a log has many blocks that are not committed, such as a
    /// leader's that was cut off, it goes on to the right: what all have stays in view.
    pub fn of(world: &World, watch: &Watch) -> Self {
        let logs = || world.nodes().filter_map(|(_, node)| node.server());
        let last = logs().map(|server| server.raft().last_index().0).max().unwrap_or(0);
        let commit = logs().map(|server| server.raft().commit().0).max().unwrap_or(0);
        let top = last.min(commit + COLUMNS - COMMITTED).max(COLUMNS);
        let heights: Vec<u64> = (top + 1 - COLUMNS..=top).collect();
        let rows = world.nodes().map(|(id, node)| row(world, id, node, &heights, watch)).collect();
        Self { heights, rows }
    }
}

fn row(world: &World, id: ServerId, node: &Node, heights: &[u64], watch: &Watch) -> Row {
    let (term, commit) = term_and_commit(node);
    let cells = heights.iter().map(|height| {
        let height = Index(*height);
        let block = match node.server() {
            Some(server) => server.block_at(height).cloned(),
            None => kept_block(node, height),
        };
        block.map(|block| cell(world, &block, commit))
    });
    Row {
        id,
        condition: condition(world, id, node),
        term,
        commit,
        isolated: is_isolated(world, id),
        chosen: Some(id) == watch.chosen,
        cells: cells.collect(),
    }
}

fn cell(world: &World, block: &Block, commit: u64) -> Cell {
    let height = block.height();
    let committed = height.0 <= commit;
    let reference = leader(world).or_else(|| most_advanced(world));
    let reference = reference.and_then(|server| server.block_at(height));
    let differs = reference.is_some_and(|other| other.hash() != block.hash());
    let transactions = block.body().transactions.len();
    let state = if committed { "committed" } else { "not known to be committed" };
    Cell {
        height: height.0,
        term: block.term().0,
        committed,
        transactions,
        differs,
        title: format!(
            "Block {height}, term {}, {}, {state}: {}",
            block.term(),
            count(transactions, "transfer"),
            contents(block)
        ),
    }
}

/// A block on the disk of a server that is down.
fn kept_block(node: &Node, height: Index) -> Option<Block> {
    let key = ServerKey::Block(height).to_string();
    let text = node.disk().read(&key).ok().flatten()?;
    serde_json::from_str(&text).ok()
}

fn is_isolated(world: &World, id: ServerId) -> bool {
    let own = Endpoint::Server(id);
    let ids = world.nodes().map(|(other, _)| Endpoint::Server(other));
    let others: Vec<Endpoint> = ids.filter(|other| *other != own).collect();
    let cut = |other: &Endpoint| {
        world.channel().is_cut(own, *other) && world.channel().is_cut(*other, own)
    };
    !others.is_empty() && others.iter().all(cut)
}
