//! Every server's log as it can be looked at: in memory while it is up, else on its disk.

use super::{leader, most_advanced};
use crate::bank::Ledger;
use crate::base::{Index, ServerId};
use crate::chain::Block;
use crate::disk::Disk;
use crate::disk::layout::ServerKey;
use crate::disk::record;
use crate::raft::Progress;
use crate::server::{Checkpoint, Server};
use crate::sim::{Node, World};
use std::sync::Arc;

/// One server's log.
pub(super) struct Log<'a> {
    /// Whose.
    pub id: ServerId,
    node: &'a Node,
    /// The height after which it begins.
    pub base: Index,
    /// The last height.
    pub last: Index,
    /// What stands for the blocks up to the base.
    checkpoint: Option<Arc<Checkpoint>>,
}

/// What a log has at a height.
pub(super) enum Held {
    /// A block.
    Block(Block),
    /// A text that is no block, and why.
    Damaged(Arc<str>, String),
    /// Nothing any more: a snapshot stands for it.
    Pruned,
    /// Nothing yet.
    Nothing,
}

impl Held {
    /// The block, if it is one.
    pub fn block(self) -> Option<Block> {
        match self {
            Self::Block(block) => Some(block),
            _ => None,
        }
    }
}

impl<'a> Log<'a> {
    /// The log of a server.
    pub fn of(id: ServerId, node: &'a Node) -> Self {
        if let Some(server) = node.server() {
            let (base, last) = (server.base(), server.raft().last_index());
            return Self { id, node, base, last, checkpoint: server.checkpoint().cloned() };
        }
        let checkpoint = kept_checkpoint(node).map(Arc::new);
        let base = checkpoint.as_ref().map_or(Index::ZERO, |kept| kept.height());
        let heights = node.disk().image().keys().filter_map(|key| match key.parse() {
            Ok(ServerKey::Block(height)) => Some(height),
            _ => None,
        });
        let last = heights.max().unwrap_or_default().max(base);
        Self { id, node, base, last, checkpoint }
    }

    /// The server, if it is up.
    pub fn server(&self) -> Option<&'a Server> {
        self.node.server()
    }

    /// Up to where it knows the log to be committed. A disk tells that of a snapshot alone.
    pub fn commit(&self) -> Index {
        self.server().map_or(self.base, |server| server.raft().commit())
    }

    /// Up to where its disk has it.
    pub fn durable(&self) -> Index {
        self.server().map_or(self.last, |server| server.raft().durable())
    }

    /// What it has at a height. `like` is a block that probably stands there: what is written down
    /// as that one is, needs no reading.
    pub fn at(&self, height: Index, genesis: &Block, like: Option<&Block>) -> Held {
        if height < self.base {
            return Held::Pruned;
        }
        if height == self.base {
            let snapshot = self.checkpoint.as_ref().map(|kept| &kept.block);
            return Held::Block(snapshot.unwrap_or(genesis).clone());
        }
        if let Some(server) = self.server() {
            return server.block_at(height).cloned().map_or(Held::Nothing, Held::Block);
        }
        let key = ServerKey::Block(height).to_string();
        let Some(text) = self.node.disk().read(&key).ok().flatten() else { return Held::Nothing };
        if let Some(like) = like.filter(|like| *like.text() == *text) {
            return Held::Block(like.clone());
        }
        match serde_json::from_str(&text) {
            Ok(block) => Held::Block(block),
            Err(error) => Held::Damaged(text, error.to_string()),
        }
    }

    /// Where it begins: the block there, and the accounts after it.
    pub fn beginning(&self, world: &World) -> (Block, Ledger) {
        match &self.checkpoint {
            Some(kept) => (kept.block.clone(), kept.ledger.clone()),
            None => (world.setup().genesis.clone(), world.setup().opening.clone()),
        }
    }
}

fn kept_checkpoint(node: &Node) -> Option<Checkpoint> {
    let text = node.disk().read(&ServerKey::Snapshot.to_string()).ok().flatten()?;
    record::read(&text).ok()
}

/// All logs, and the chain that they are held against: the leader's, or else the log of the
/// server that has applied the most.
pub(super) struct Logs<'a> {
    /// One for each server.
    pub all: Vec<Log<'a>>,
    /// Whose log the others are held against, if a server is up.
    pub reference: Option<&'a Server>,
    world: &'a World,
}

impl<'a> Logs<'a> {
    /// The logs of a world.
    pub fn of(world: &'a World) -> Self {
        Self {
            all: world.nodes().map(|(id, node)| Log::of(id, node)).collect(),
            reference: leader(world).or_else(|| most_advanced(world)),
            world,
        }
    }

    /// The log of a server.
    pub fn get(&self, id: ServerId) -> Option<&Log<'a>> {
        self.all.iter().find(|log| log.id == id)
    }

    /// What a log has at a height.
    pub fn at(&self, log: &Log, height: Index) -> Held {
        let like = self.reference.and_then(|server| server.block_at(height));
        log.at(height, &self.world.setup().genesis, like)
    }

    /// The block of the chain that the logs are held against. Where the reference has pruned it,
    /// one that another server has committed.
    pub fn agreed(&self, height: Index) -> Option<Block> {
        if let Some(block) = self.reference.and_then(|server| server.block_at(height)) {
            return Some(block.clone());
        }
        let base = self.reference.map(Server::base).filter(|base| height < *base)?;
        let pruned = self.reference.and_then(|server| server.block_at(base));
        // A log that has the reference's first block has all blocks before it too.
        let agrees = |log: &&Log| {
            log.base <= height
                && (height <= log.commit() || self.at(log, base).block().as_ref() == pruned)
        };
        self.at(self.all.iter().find(agrees)?, height).block()
    }

    /// The highest height of any log.
    pub fn tip(&self) -> Index {
        self.all.iter().map(|log| log.last).max().unwrap_or_default()
    }

    /// The lowest height of which any log has the block.
    pub fn lowest(&self) -> Index {
        self.all.iter().map(|log| log.base).min().unwrap_or_default()
    }

    /// What the leader knows of a follower.
    pub fn progress(&self, id: ServerId) -> Option<&'a Progress> {
        let leader = self.reference.filter(|server| server.id() != id)?;
        leader.raft().progress(id)
    }
}
