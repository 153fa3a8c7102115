//! A server from inside, from its node.

use super::{Watch, condition, leader, opening, payment};
use crate::bank::{Operation, Outcome};
use crate::base::{Endpoint, Index, ServerId};
use crate::chain::Block;
use crate::disk::layout::{Key, ServerKey};
use crate::raft::Role;
use crate::server::Server;
use crate::sim::{Down, Node, World};
use crate::ui::view::inspector::{BLOCKS, BlockCard, Inspector, LinkState, Progress};

/// Reads what the storage holds under a whole key.
type Kept<'a> = &'a dyn Fn(&str) -> Option<String>;

pub fn of(world: &World, watch: &Watch, kept: Kept) -> Inspector {
    let chosen = watch.chosen.or_else(|| leader(world).map(|server| server.id()));
    let found = chosen.and_then(|id| Some((id, world.node(id)?)));
    let (id, node) = found.or_else(|| world.nodes().next()).expect("a cluster has servers");
    let server = node.server();
    let tip = server.map_or(0, |server| server.raft().last_index().0);
    let below = watch.blocks_to.filter(|height| *height < tip);
    let top = below.unwrap_or(tip);
    let lowest = top.saturating_sub(BLOCKS - 1);
    let (persisted, keys_not_shown) = persisted(id, node, tip, kept);
    Inspector {
        id,
        condition: condition(world, id, node),
        stopped: stopped(node),
        facts: server.map(|server| facts(server, world)).unwrap_or_default(),
        members: leader(world).or(server).map(|server| server.raft().membership().clone()),
        progress: server.map(|server| progress(server, world)).unwrap_or_default(),
        links: links(world, id),
        blocks: server.map(|server| blocks(server, lowest, top)).unwrap_or_default(),
        below,
        older: server.is_some_and(|server| lowest > server.base().0),
        balances: server.map(balances).unwrap_or_default(),
        mempool: server.map(mempool).unwrap_or_default(),
        persisted,
        keys_not_shown,
    }
}

fn stopped(node: &Node) -> Option<String> {
    match node.down()? {
        Down::Crashed => Some("It is down: of all below, only its disk is left.".to_owned()),
        Down::Stopped(reason) => Some(format!("It stopped: {reason}.")),
    }
}

fn facts(server: &Server, world: &World) -> Vec<(&'static str, String)> {
    let raft = server.raft();
    let name = |id: Option<ServerId>| id.map_or("nobody".to_owned(), |id| id.to_string());
    let mut facts = vec![
        ("term", raft.term().to_string()),
        ("voted for", name(raft.vote())),
        ("leader", name(raft.leader())),
        ("committed to", raft.commit().to_string()),
        ("applied to", server.applied().to_string()),
        ("log ends at", raft.last_index().to_string()),
        ("durable to", raft.durable().to_string()),
        ("members", raft.membership().to_string()),
    ];
    if let Some(snapshot) = raft.snapshot() {
        facts.push(("snapshot at", snapshot.last.index.to_string()));
    }
    if raft.role() == Role::Candidate {
        let votes = raft.votes().values().filter(|granted| **granted).count();
        facts.push(("votes", format!("{votes} of {}", world.config().servers)));
    }
    if let Some(mining) = server.mining() {
        facts.push(("mining", format!("block {}", mining.height())));
        facts.push(("tries", mining.attempts_by(world.local_time(server.id())).to_string()));
    }
    facts
}

fn progress(server: &Server, world: &World) -> Vec<Progress> {
    let peers = world.nodes().map(|(id, _)| id);
    let of = |id: ServerId| {
        let progress = server.raft().progress(id)?;
        let (matched, next) = (progress.match_index().0, progress.next_index().0);
        (id != server.id()).then_some(Progress { id, matched, next })
    };
    peers.filter_map(of).collect()
}

fn links(world: &World, id: ServerId) -> Vec<LinkState> {
    let own = Endpoint::Server(id);
    let state = |peer: ServerId| {
        let other = Endpoint::Server(peer);
        let channel = world.channel();
        LinkState { peer, out_cut: channel.is_cut(own, other), in_cut: channel.is_cut(other, own) }
    };
    world.nodes().map(|(peer, _)| peer).filter(|peer| *peer != id).map(state).collect()
}

fn blocks(server: &Server, lowest: u64, top: u64) -> Vec<BlockCard> {
    let commit = server.raft().commit().0;
    let heights = (lowest..=top).rev();
    heights
        .filter_map(|height| server.block_at(Index(height)))
        .map(|block| card(block, commit))
        .collect()
}

fn card(block: &Block, commit: u64) -> BlockCard {
    let hash = block.hash().to_string();
    let zeros = hash.len() - hash.trim_start_matches('0').len();
    let transactions = block.receipts().map(|(transaction, outcome)| {
        let refused = match outcome {
            Outcome::Applied => None,
            Outcome::Refused(why) => Some(why.to_string()),
        };
        (payment(transaction), refused)
    });
    BlockCard {
        height: block.height().0,
        term: block.term().0,
        zeros,
        difficulty: block.header().difficulty,
        parent: block.header().parent.to_string(),
        nonce: block.header().nonce,
        committed: block.height().0 <= commit,
        transactions: transactions.collect(),
        note: opening(block.height()),
        hash,
    }
}

fn balances(server: &Server) -> Vec<(String, u64, u64)> {
    let ahead = server.pending_ledger();
    let committed = server.committed_ledger().balances().iter();
    committed
        .map(|(account, held)| {
            (account.to_string(), *held, ahead.balance(*account).unwrap_or(*held))
        })
        .collect()
}

fn mempool(server: &Server) -> Vec<String> {
    let words = |request: &crate::bank::Request| match request.operation {
        Operation::Transfer { to, amount } => format!("{}: {amount} to {to}", request.id),
        Operation::Balance => format!("{}: balance", request.id),
    };
    server.mempool().iter().take(32).map(words).collect()
}

/// The state and the newest blocks as they stand in the storage, and how many keys are not shown.
fn persisted(id: ServerId, node: &Node, tip: u64, kept: Kept) -> (Vec<(String, String)>, usize) {
    let image = node.disk().image();
    let heights = image.keys().filter_map(|key| match key.parse() {
        Ok(ServerKey::Block(height)) => Some(height.0),
        _ => None,
    });
    let (keys, newest) = (image.len(), heights.max().unwrap_or(0).max(tip));
    let blocks =
        (1..=newest).rev().take(BLOCKS as usize).map(|height| ServerKey::Block(Index(height)));
    let mut shown = Vec::new();
    for key in [ServerKey::State, ServerKey::Snapshot].into_iter().chain(blocks) {
        let key = Key::Server(id, key).to_string();
        if let Some(text) = kept(&key) {
            shown.push((key, text));
        }
    }
    let not_shown = keys.saturating_sub(shown.len());
    (shown, not_shown)
}
