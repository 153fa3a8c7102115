//! Blocks that were in some log and are in the chain no longer.
//!
//! Raft overwrites what a deposed leader could not commit, and a crash takes what no disk had yet.
//! Nothing in the engine remembers such blocks; somebody who looks at the chain wants to see where
//! it forked. So the last of them are kept, beside the [`Marks`](super::Marks) and as they are: by
//! the turn in which it happened, so that what is looked at in the past shows only what had
//! happened by then.
//!
//! # Caveats
//!
//! - What a server had before it was looked at is not known: a history that goes on from the middle
//!   of a run, as a branch does, knows of a server that is down nothing but its disk.
//! - Of blocks that are not applied yet, the newest [`TAIL_MAX`] of each server are
//!   followed.

use crate::base::{Hash, ServerId};
use crate::chain::Block;
use crate::disk::Disk;
use crate::disk::layout::ServerKey;
use crate::server::Fact;
use crate::sim::World;
use crate::trace::{Event, EventId, What};
use std::collections::VecDeque;

/// The most dropped blocks that are kept of a run.
pub const DROPPED_MAX: usize = 256;

/// How many blocks that are not applied yet are followed in a server's log.
const TAIL_MAX: usize = 256;

/// How many of the last commits are remembered, by whichever servers.
const COMMITTED_MAX: usize = 2_048;

/// Why a server has a block no longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// It conflicted with the leader's log.
    Overwritten,
    /// It was not on the disk yet when the server went down.
    Crashed,
    /// A leader's snapshot took its place.
    Snapshot,
}

/// A block that a server had and has no longer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dropped {
    /// The block.
    pub block: Block,
    /// Who had it.
    pub server: ServerId,
    /// Why it is gone.
    pub why: Loss,
    /// The turn in which it went.
    pub turn: u64,
    /// The event.
    pub event: EventId,
}

/// What was dropped in one run, in its order, and what may be next.
#[derive(Clone, Debug, Default)]
pub struct DroppedBlocks {
    kept: VecDeque<Dropped>,
    /// The end of each server's log, after what it has applied.
    tails: Vec<Tail>,
    /// What was committed last, and when: whoever loses that, loses nothing for good.
    committed: VecDeque<(u64, Hash)>,
}

#[derive(Clone, Debug)]
struct Tail {
    server: ServerId,
    blocks: VecDeque<Block>,
}

impl DroppedBlocks {
    /// Takes note of an event that happened in this turn, which has led to this world.
    pub fn hear(&mut self, turn: u64, event: &Event, world: &World) {
        if let What::Server(server, Fact::Applied { block, .. }) = &event.what {
            // A server may say that it knows of a commit before it says what it removed for it.
            let applied = block.height();
            tail(&mut self.tails, *server).blocks.retain(|it| it.height() > applied);
            return self.commit(turn, block);
        }
        let committed = &self.committed;
        let mut drop = Drop { kept: &mut self.kept, committed, turn, event: event.id };
        match &event.what {
            What::Server(server, fact) => {
                let tail = tail(&mut self.tails, *server);
                match fact {
                    Fact::Recovered { blocks, .. } => {
                        tail.blocks = blocks.iter().rev().take(TAIL_MAX).rev().cloned().collect();
                    }
                    Fact::Appended(block) => tail.push(block.clone()),
                    Fact::Truncated(from) => {
                        tail.take(|block| block.height() >= *from, Loss::Overwritten, &mut drop);
                    }
                    Fact::SnapshotInstalled { checkpoint, .. } => {
                        let last = &checkpoint.block;
                        if tail.blocks.contains(last) {
                            tail.blocks.retain(|it| it.height() > last.height());
                        } else {
                            tail.take(|_| true, Loss::Snapshot, &mut drop);
                        }
                    }
                    _ => {}
                }
            }
            What::Crashed { server, .. } | What::Stopped(server, _) => {
                let tail = tail(&mut self.tails, *server);
                let disk = world.node(*server).map(|node| node.disk());
                let is_kept = |block: &Block| {
                    let key = ServerKey::Block(block.height()).to_string();
                    let text = disk.and_then(|disk| disk.read(&key).ok().flatten());
                    text.is_some_and(|text| *text == *block.text())
                };
                tail.take(|block| !is_kept(block), Loss::Crashed, &mut drop);
                tail.blocks.clear();
            }
            _ => {}
        }
    }

    fn commit(&mut self, turn: u64, block: &Block) {
        // One that went may have come back.
        self.kept.retain(|dropped| dropped.block != *block);
        self.committed.push_back((turn, block.hash()));
        if self.committed.len() > COMMITTED_MAX {
            self.committed.pop_front();
        }
    }

    /// What was dropped up to a turn, oldest first.
    pub fn up_to(&self, turn: u64) -> impl Iterator<Item = &Dropped> {
        self.kept.iter().take_while(move |dropped| dropped.turn <= turn)
    }

    /// The record of a run that goes its own way from a turn on, in which this is the world.
    pub(super) fn fork(&self, turn: u64, world: &World) -> Self {
        let tails = world.nodes().filter_map(|(server, node)| {
            let raft = node.server()?.raft();
            let blocks = raft.log().between(raft.applied(), raft.last_index());
            let newest = blocks.len().saturating_sub(TAIL_MAX);
            Some(Tail { server, blocks: blocks[newest..].iter().cloned().collect() })
        });
        let committed = self.committed.iter().filter(|(committed, _)| *committed <= turn);
        Self {
            kept: self.up_to(turn).cloned().collect(),
            tails: tails.collect(),
            committed: committed.copied().collect(),
        }
    }
}

fn tail(tails: &mut Vec<Tail>, server: ServerId) -> &mut Tail {
    let place = tails.iter().position(|tail| tail.server == server).unwrap_or_else(|| {
        tails.push(Tail { server, blocks: VecDeque::new() });
        tails.len() - 1
    });
    &mut tails[place]
}

/// Where what goes is put.
struct Drop<'a> {
    kept: &'a mut VecDeque<Dropped>,
    committed: &'a VecDeque<(u64, Hash)>,
    turn: u64,
    event: EventId,
}

impl Tail {
    fn push(&mut self, block: Block) {
        self.blocks.push_back(block);
        if self.blocks.len() > TAIL_MAX {
            self.blocks.pop_front();
        }
    }

    /// Takes away what goes, and writes it down.
    fn take(&mut self, goes: impl Fn(&Block) -> bool, why: Loss, drop: &mut Drop) {
        let (turn, event, server) = (drop.turn, drop.event, self.server);
        let is_lost = |it: &&Block| !drop.committed.iter().any(|(_, hash)| *hash == it.hash());
        for block in self.blocks.iter().filter(|block| goes(block)).filter(is_lost) {
            drop.kept.push_back(Dropped { block: block.clone(), server, why, turn, event });
        }
        self.blocks.retain(|block| !goes(block));
        let superfluous = drop.kept.len().saturating_sub(DROPPED_MAX);
        drop.kept.drain(..superfluous);
    }
}

#[cfg(test)]
#[path = "dropped_tests.rs"]
mod tests;
