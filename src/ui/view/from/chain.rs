//! The agreed chain, what was dropped beside it, and what can be asked of it.

use super::block;
use super::chain_balances::balances;
use super::chain_forks::{self, Fork};
use super::chain_search::search;
use super::logs::{Held, Logs};
use super::{contents, tamper};
use crate::base::Index;
use crate::chain::Block;
use crate::sim::history::Branches;
use crate::ui::view::block::{Card, Content, Which};
use crate::ui::view::chain::{Chain, Kind, LANES_MAX, Node, Watch};
use crate::ui::view::words::count;
use std::rc::Rc;

/// What it shows of the moment that is looked at.
pub fn of(branches: &Branches, watch: &Watch) -> Chain {
    let world = branches.shown().world();
    let logs = Logs::of(world);
    let forks = chain_forks::of(branches, &logs);
    let (tip, columns) = (tip(&logs, &forks), watch.columns());
    let first = watch.first_of(tip);
    let last = tip.min(first + columns - 1);
    let mut nodes: Vec<Node> =
        (first..=last).filter_map(|height| main_node(&logs, Index(height))).collect();
    let shown = |fork: &&Fork| (first..=last).contains(&fork.block.height().0);
    nodes.extend(forks.iter().filter(shown).filter(|fork| fork.lane <= LANES_MAX).map(beside));
    let cursor = watch.cursor.unwrap_or((tip, 0));
    let at = |wanted: (u64, u64)| nodes.iter().position(|it| (it.height, it.lane) == wanted);
    let newest = nodes.iter().rposition(|node| node.lane == 0);
    Chain {
        first,
        columns,
        tip,
        follows: watch.newest.is_none(),
        summary: summary(&logs, &forks),
        lanes: nodes.iter().map(|node| node.lane).max().unwrap_or(0) + 1,
        cursor: at(cursor).or(at((cursor.0, 0))).or(newest).unwrap_or(0),
        nodes,
        open: watch.open.map(|which| Rc::new(card(&logs, &forks, which))),
        balances: balances(world, &logs, watch.balances_at),
        search: watch.search.clone(),
        found: search(&logs, &forks, &watch.search),
        tamper: tamper::of(branches.shown(), &logs, &watch.tamper),
    }
}

impl Chain {
    /// The highest height that can be shown.
    pub fn tip_of(branches: &Branches) -> u64 {
        let logs = Logs::of(branches.shown().world());
        tip(&logs, &chain_forks::of(branches, &logs))
    }
}

fn tip(logs: &Logs, forks: &[Fork]) -> u64 {
    let agreed = logs.reference.map_or(logs.tip(), |server| server.raft().last_index());
    forks.iter().map(|fork| fork.block.height()).fold(agreed, Ord::max).0
}

fn summary(logs: &Logs, forks: &[Fork]) -> String {
    let Some(reference) = logs.reference else {
        return "No server is up: this is what their disks hold.".to_owned();
    };
    let raft = reference.raft();
    let (commit, last) = (raft.commit().0, raft.last_index().0);
    let mut words = vec![format!("{} committed", count(commit as usize, "block"))];
    if last > commit {
        words.push(format!("{} at the end not yet", last - commit));
    }
    if logs.lowest().0 > 0 {
        words.push(format!("those before {} are pruned", logs.lowest()));
    }
    let dropped = forks.iter().filter(|fork| fork.holders.is_empty()).count();
    if dropped > 0 {
        words.push(format!("{} dropped", count(dropped, "block")));
    }
    let beside = forks.len() - dropped;
    if beside > 0 {
        words.push(format!("{beside} beside the chain"));
    }
    let hidden = forks.iter().filter(|fork| fork.lane > LANES_MAX).count();
    if hidden > 0 {
        words.push(format!("{hidden} not drawn for want of room"));
    }
    format!("{}.", words.join(", "))
}

/// A block of the chain, or the place of one that nobody keeps.
fn main_node(logs: &Logs, height: Index) -> Option<Node> {
    let commit = logs.reference.map_or(logs.tip(), |server| server.raft().commit());
    let Some(block) = chain_block(logs, height) else {
        return (height < logs.lowest()).then(|| Node {
            which: None,
            hash: crate::base::Hash::ZERO,
            height: height.0,
            term: 0,
            transactions: 0,
            kind: Kind::Pruned,
            lane: 0,
            from_lane: 0,
            note: String::new(),
            says: format!("Block #{height}, pruned by every server"),
        });
    };
    let kind = if height <= commit { Kind::Committed } else { Kind::Pending };
    let state = if height <= commit { "committed" } else { "not committed yet" };
    let which = holder(logs, &block).map(|server| Which::At(server, height.0));
    Some(Node { kind, which, ..node(&block, state) })
}

/// The block of the chain at a height; with no server up, of a disk.
fn chain_block(logs: &Logs, height: Index) -> Option<Block> {
    logs.agreed(height).or_else(|| {
        let disks = logs.all.iter().filter(|_| logs.reference.is_none());
        disks.filter_map(|log| logs.at(log, height).block()).next()
    })
}

/// A server that has this block, the reference before others.
pub(super) fn holder(logs: &Logs, block: &Block) -> Option<crate::base::ServerId> {
    let has = |id| {
        let log = logs.get(id)?;
        (logs.at(log, block.height()).block().as_ref() == Some(block)).then_some(id)
    };
    let reference = logs.reference.map(|server| server.id());
    reference.into_iter().chain(logs.all.iter().map(|log| log.id)).find_map(has)
}

fn node(block: &Block, state: &str) -> Node {
    let transactions = block.body().transactions.len();
    Node {
        which: None,
        hash: block.hash(),
        height: block.height().0,
        term: block.term().0,
        transactions,
        kind: Kind::Committed,
        lane: 0,
        from_lane: 0,
        note: String::new(),
        says: says(block, &format!("{transactions} tx"), state),
    }
}

/// The name of a block in the picture, which begins with the words that are seen there.
fn says(block: &Block, note: &str, state: &str) -> String {
    let (height, term, hash) = (block.height(), block.term(), block.hash().to_string());
    format!("Block #{height}, term {term}, {}, {note}, {state}: {}", &hash[..8], contents(block))
}

fn beside(fork: &Fork) -> Node {
    let note = fork.note();
    let kind = if fork.holders.is_empty() { Kind::Dropped } else { Kind::Beside };
    Node {
        kind,
        which: Some(fork.which()),
        lane: fork.lane,
        from_lane: fork.from_lane,
        says: says(&fork.block, &note, "beside the chain"),
        note,
        ..node(&fork.block, "")
    }
}

/// An opened block, of a log or one that was dropped.
fn card(logs: &Logs, forks: &[Fork], which: Which) -> Card {
    let hash = match which {
        Which::At(server, height) => return block::held(logs, server, height),
        Which::Dropped(hash) => hash,
    };
    let Some(fork) = forks.iter().find(|fork| fork.block.hash() == hash) else {
        let why = "This block is gone: it is too long ago that it was dropped.".to_owned();
        return Card { which, server: None, height: 0, content: Content::Nothing(why) };
    };
    let height = fork.block.height();
    let parent = fork.block.header().parent;
    let parent_fork = forks.iter().find(|it| it.block.hash() == parent).map(Fork::which);
    let on_chain = height.previous().and_then(|below| chain_block(logs, below));
    let on_chain = on_chain.filter(|block| block.hash() == parent);
    let on_chain = on_chain.and_then(|block| Some((holder(logs, &block)?, block.height().0)));
    let child = forks.iter().find(|it| it.block.header().parent == hash).map(Fork::which);
    let block = crate::ui::view::block::Block {
        parent: parent_fork.or(on_chain.map(|(server, height)| Which::At(server, height))),
        child,
        holders: format!("Dropped: {}.", fork.note()),
        ..block::of(logs, &fork.block, "dropped", false)
    };
    Card { which, server: None, height: height.0, content: Content::Block(Box::new(block)) }
}

/// What is at a height of a server's log, if that is a block.
pub(super) fn block_of(logs: &Logs, server: crate::base::ServerId, height: u64) -> Option<Block> {
    match logs.at(logs.get(server)?, Index(height)) {
        Held::Block(block) => Some(block),
        _ => None,
    }
}
