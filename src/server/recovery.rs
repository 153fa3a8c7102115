//! Coming up: from what the disk holds, and from nothing else.
//!
//! A first boot is the recovery of an empty disk. Everything is checked before it is believed:
//! a term without its checksum, a gap in the blocks, a block whose hash, work, link or receipts
//! do not hold, all name the key and what is wrong, and the server does not start. It is for a
//! person to decide what becomes of such a disk.

use super::ledgers::Ledgers;
use super::requests::Reads;
use super::{Checkpoint, Fact, Mempool, Output, Server, Setup, Standing};
use crate::base::random::Rng;
use crate::base::{Index, ServerId, Term, Time};
use crate::chain::Block;
use crate::disk::layout::ServerKey;
use crate::disk::{Disk, record};
use crate::raft::{Config, HardState, Raft};
use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::Arc;

/// Blocks that one append carries at most, and appends that are under way to one follower.
const MAX_APPEND_BLOCKS: usize = 16;
const MAX_INFLIGHT_APPENDS: usize = 8;

/// A disk that a server cannot start from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// The key whose value is wrong, on the server's own disk.
    pub key: String,
    /// What is wrong with it.
    pub why: String,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "'{}' cannot be read: {}", self.key, self.why)
    }
}

impl std::error::Error for Unreadable {}

impl Server {
    /// The server as its disk remembers it. This is the only way to make one.
    ///
    /// # Errors
    /// If the disk holds anything that this server cannot have written.
    pub fn recover(
        setup: Arc<Setup>,
        id: ServerId,
        disk: &dyn Disk,
        rng: Rng,
        now: Time,
    ) -> Result<Self, Unreadable> {
        let (hard_state, blocks) = read(&setup, disk)?;
        let stored = Index(blocks.len() as u64);
        let fact = Fact::Recovered {
            term: hard_state.term,
            vote: hard_state.vote,
            snapshot: None,
            blocks: blocks.as_slice().into(),
        };
        let raft = Raft::new(raft_config(&setup, id), hard_state, blocks, rng, now);
        Ok(Self {
            id,
            reported: Standing::of(&raft),
            raft,
            ledgers: Ledgers::new(Index::ZERO, setup.opening.clone(), setup.verifies()),
            mempool: Mempool::new(setup.limits.mempool),
            mining: None,
            reads: Reads::default(),
            unsynced: VecDeque::new(),
            last_ticket: 0,
            stored,
            verified: BTreeMap::new(),
            output: Output { facts: vec![fact], ..Output::default() },
            setup,
        })
    }
}

fn raft_config(setup: &Setup, id: ServerId) -> Config {
    Config {
        id,
        voters: setup.membership.voters().clone(),
        election_timeout_min: setup.timing.election_timeout_min,
        election_timeout_max: setup.timing.election_timeout_max,
        heartbeat_interval: setup.timing.heartbeat_interval,
        max_append_entries: MAX_APPEND_BLOCKS,
        max_inflight_appends: MAX_INFLIGHT_APPENDS,
    }
}

/// Reads and checks all that is on the disk.
fn read(setup: &Setup, disk: &dyn Disk) -> Result<(HardState, Vec<Block>), Unreadable> {
    let mut hard_state = HardState::default();
    let mut texts = BTreeMap::new();
    let blocked = |key: &str, error: crate::disk::DiskError| unreadable(key, error);
    for key in disk.keys().map_err(|error| blocked("", error))? {
        let value = disk.read(&key).map_err(|error| blocked(&key, error))?.unwrap_or_default();
        match key.parse().map_err(|why: String| unreadable(&key, why))? {
            ServerKey::State => {
                hard_state = record::read(&value).map_err(|error| unreadable(&key, error))?;
            }
            ServerKey::Snapshot => {
                let checkpoint: Checkpoint =
                    record::read(&value).map_err(|error| unreadable(&key, error))?;
                checkpoint.verify(setup).map_err(|why| unreadable(&key, why))?;
                return Err(unreadable(&key, "logs that begin with a snapshot are not read yet"));
            }
            ServerKey::Block(height) => {
                texts.insert(height, value);
            }
        }
    }
    let blocks = read_blocks(setup, &texts)?;
    let last_term = blocks.last().map_or(Term(0), Block::term);
    if last_term > hard_state.term {
        let why =
            format!("its term is {}, but a block of term {last_term} is kept", hard_state.term);
        return Err(unreadable(&ServerKey::State.to_string(), why));
    }
    Ok((hard_state, blocks))
}

/// Follows the chain from genesis through the kept blocks.
fn read_blocks(setup: &Setup, texts: &BTreeMap<Index, Arc<str>>) -> Result<Vec<Block>, Unreadable> {
    let mut blocks: Vec<Block> = Vec::with_capacity(texts.len());
    let mut ledger = setup.opening.clone();
    let mut height = Index::ZERO;
    for (kept, text) in texts {
        height = height.next();
        let key = ServerKey::Block(*kept).to_string();
        if *kept != height {
            let missing = ServerKey::Block(height).to_string();
            return Err(unreadable(&missing, format!("it is missing, while {key} is there")));
        }
        let block: Block = serde_json::from_str(text).map_err(|error| unreadable(&key, error))?;
        let parent = blocks.last().unwrap_or(&setup.genesis);
        ledger = setup.verify(parent, &block, &ledger).map_err(|error| unreadable(&key, error))?;
        blocks.push(block);
    }
    Ok(blocks)
}

fn unreadable(key: &str, why: impl ToString) -> Unreadable {
    Unreadable { key: key.to_owned(), why: why.to_string() }
}

#[cfg(test)]
#[path = "recovery_tests.rs"]
mod tests;
