//! Blocks beside the chain: those that some server still has, and those that were dropped.

use super::logs::{Held, Logs};
use crate::base::{Index, ServerId};
use crate::chain::Block;
use crate::sim::history::{Branches, Loss};
use crate::ui::view::block::Which;
use crate::ui::view::words::list;

/// How far a log is searched for blocks that the chain has not.
const DEPTH_MAX: u64 = 64;

/// A block beside the chain.
pub(super) struct Fork {
    /// The block.
    pub block: Block,
    /// Who has it: a server, and whether it is up.
    pub holders: Vec<(ServerId, bool)>,
    /// Who had it, and why he has it no longer.
    pub lost: Vec<(ServerId, Loss)>,
    /// Where it is drawn.
    pub lane: u64,
    /// Where its parent is.
    pub from_lane: u64,
}

impl Fork {
    /// How it is opened.
    pub fn which(&self) -> Which {
        match self.holders.first() {
            Some((server, _)) => Which::At(*server, self.block.height().0),
            None => Which::Dropped(self.block.hash()),
        }
    }

    /// Who had it and what became of it.
    pub fn note(&self) -> String {
        let up = |is: bool| {
            let some = self.holders.iter().filter(move |(_, up)| *up == is);
            some.map(|(id, _)| id.to_string()).collect::<Vec<_>>()
        };
        let mut words = Vec::new();
        for (names, where_) in [(up(true), "still in the log of"), (up(false), "on the disk of")] {
            if !names.is_empty() {
                words.push(format!("{where_} {}", list(&names)));
            }
        }
        for (loss, what) in [
            (Loss::Overwritten, "overwritten on"),
            (Loss::Crashed, "lost when the power went on"),
            (Loss::Snapshot, "replaced by a snapshot on"),
        ] {
            let names = self.lost.iter().filter(|(_, why)| *why == loss);
            let names: Vec<String> = names.map(|(id, _)| id.to_string()).collect();
            if !names.is_empty() {
                words.push(format!("{what} {}", list(&names)));
            }
        }
        words.join("; ")
    }
}

/// All blocks beside the chain, the lowest first, each in a lane.
pub(super) fn of(branches: &Branches, logs: &Logs) -> Vec<Fork> {
    let mut forks = Vec::new();
    let turn = branches.shown().world().turn();
    for dropped in branches.viewed().history().dropped().up_to(turn) {
        let at = dropped.block.height();
        if logs.agreed(at).is_none_or(|agreed| agreed != dropped.block) {
            let fork = entry(&mut forks, &dropped.block);
            if !fork.lost.contains(&(dropped.server, dropped.why)) {
                fork.lost.push((dropped.server, dropped.why));
            }
        }
    }
    if logs.reference.is_some() {
        add_held(logs, &mut forks);
    }
    lay_out(&mut forks);
    forks
}

/// Adds the ends of logs that have left the chain. Below the block where one meets it, both are
/// the same.
fn add_held(logs: &Logs, forks: &mut Vec<Fork>) {
    for log in &logs.all {
        let lowest = log.base.0.max(log.last.0.saturating_sub(DEPTH_MAX));
        for height in (lowest + 1..=log.last.0).rev().map(Index) {
            let Held::Block(block) = logs.at(log, height) else { continue };
            if logs.agreed(height).is_some_and(|agreed| agreed == block) {
                break;
            }
            let holder = (log.id, log.server().is_some());
            entry(forks, &block).holders.push(holder);
        }
    }
}

/// The entry of a block; they stand in the order of their heights.
fn entry<'a>(forks: &'a mut Vec<Fork>, block: &Block) -> &'a mut Fork {
    let key = |block: &Block| (block.height(), block.hash());
    let place = forks.partition_point(|fork| key(&fork.block) < key(block));
    if forks.get(place).is_none_or(|fork| fork.block != *block) {
        let (block, holders, lost) = (block.clone(), Vec::new(), Vec::new());
        forks.insert(place, Fork { block, holders, lost, lane: 0, from_lane: 0 });
    }
    &mut forks[place]
}

/// Gives each block a lane: its parent's, if nothing else goes on there, or the next free one.
fn lay_out(forks: &mut [Fork]) {
    for place in 0..forks.len() {
        let (before, rest) = forks.split_at_mut(place);
        let fork = &mut rest[0];
        let (height, parent) = (fork.block.height(), fork.block.header().parent);
        let from = before.iter().find(|it| it.block.hash() == parent).map(|it| it.lane);
        // A lane is free if nothing is in it at this height or the one before, but its parent.
        let is_free = |lane: &u64| {
            let near = |it: &&Fork| it.lane == *lane && it.block.height().next() >= height;
            before.iter().filter(near).all(|it| it.block.hash() == parent)
        };
        let own = from.filter(is_free);
        let lane = own.or_else(|| (1..).find(is_free)).expect("some lane is free");
        (fork.lane, fork.from_lane) = (lane, from.unwrap_or(0));
    }
}
