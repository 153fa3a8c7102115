//! Coming up: from what the disk holds, and from nothing else.
//!
//! A first boot is the recovery of an empty disk. Everything is checked before it is believed:
//! a term without its checksum, a gap in the blocks, a block whose hash, work, link or receipts
//! do not hold, all name the key and what is wrong, and the server does not start. It is for a
//! person to decide what becomes of such a disk.

use super::ledgers::Ledgers;
use super::requests::Reads;
use super::storage::{self, Stored};
use super::{Batch, Checkpoint, Fact, Mempool, Output, Server, Setup, Standing, Ticket};
use crate::base::random::Rng;
use crate::base::{Index, Map, ServerId, Term, Time};
use crate::chain::Block;
use crate::disk::layout::ServerKey;
use crate::disk::{Disk, record};
use crate::raft::{Config, HardState, Raft};
use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

/// Blocks that one append carries at most, and appends that are under way to one follower.
const MAX_APPEND_BLOCKS: usize = 16;
const MAX_INFLIGHT_APPENDS: usize = 8;
/// Bytes of blocks that one append carries at most; it takes full blocks to get there.
const MAX_APPEND_BYTES: usize = 32 * 1024;
/// Bytes of a snapshot that one message carries. A young bank's takes one or two messages, so that
/// what can go wrong between two goes wrong in small runs too.
const SNAPSHOT_CHUNK_BYTES: usize = 1024;

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
        let Kept { hard_state, checkpoint, blocks, void } = Kept::read(&setup, disk)?;
        let checkpoint = checkpoint.map(Arc::new);
        let base = checkpoint.as_ref().map_or(Index::ZERO, |checkpoint| checkpoint.height());
        let stored = Stored { base, last: Index(base.0 + blocks.len() as u64) };
        let fact = Fact::Recovered {
            term: hard_state.term,
            vote: hard_state.vote,
            snapshot: checkpoint.clone(),
            blocks: blocks.as_slice().into(),
        };
        let snapshot = checkpoint.as_ref().map(|checkpoint| checkpoint.to_snapshot());
        let raft = Raft::new(raft_config(&setup, id), hard_state, snapshot, blocks, rng, now);
        let (ledger, members) = match &checkpoint {
            Some(checkpoint) => (&checkpoint.ledger, &checkpoint.membership),
            None => (&setup.opening, &setup.membership),
        };
        let mut output = Output { facts: vec![fact], ..Output::default() };
        if !void.is_empty() {
            let writes = void.into_iter().map(storage::removal).collect();
            output.batches.push(Batch { ticket: 1, writes });
        }
        Ok(Self {
            id,
            reported: Standing::of(&raft),
            membership: raft.membership().clone(),
            applied_membership: members.clone(),
            target: None,
            remembered: None,
            installed: None,
            raft,
            ledgers: Ledgers::new(base, ledger.clone(), setup.keeps_out_unverified()),
            mempool: Mempool::new(setup.limits.mempool),
            mining: None,
            reads: Reads::default(),
            unsynced: VecDeque::new(),
            last_ticket: output.batches.len() as Ticket,
            checkpoint,
            stored,
            verified: Map::new(),
            output,
            setup,
        })
    }
}

fn raft_config(setup: &Setup, id: ServerId) -> Config {
    Config {
        id,
        membership: setup.membership.clone(),
        rules: setup.rules,
        election_timeout_min: setup.timing.election_timeout_min,
        election_timeout_max: setup.timing.election_timeout_max,
        heartbeat_interval: setup.timing.heartbeat_interval,
        max_append_entries: MAX_APPEND_BLOCKS,
        max_append_bytes: MAX_APPEND_BYTES,
        max_inflight_appends: MAX_INFLIGHT_APPENDS,
        snapshot_chunk_bytes: SNAPSHOT_CHUNK_BYTES,
    }
}

/// What a disk holds, read and checked.
#[derive(Debug)]
pub(super) struct Kept {
    pub hard_state: HardState,
    /// What stands for the blocks that are kept no longer.
    pub checkpoint: Option<Checkpoint>,
    /// The blocks after it, or from height 1 on.
    pub blocks: Vec<Block>,
    /// Blocks that the snapshot has made void. A crash came before their removal.
    pub void: Vec<Index>,
}

impl Kept {
    /// Reads and checks all that is on the disk.
    pub fn read(setup: &Setup, disk: &dyn Disk) -> Result<Self, Unreadable> {
        let mut hard_state = HardState::default();
        let mut checkpoint = None;
        let mut texts = Map::new();
        let blocked = |key: &str, error: crate::disk::DiskError| unreadable(key, error);
        for key in disk.keys().map_err(|error| blocked("", error))? {
            let value = disk.read(&key).map_err(|error| blocked(&key, error))?.unwrap_or_default();
            match key.parse().map_err(|why: String| unreadable(&key, why))? {
                ServerKey::State => {
                    hard_state = record::read(&value).map_err(|error| unreadable(&key, error))?;
                }
                ServerKey::Snapshot => {
                    let kept: Checkpoint =
                        record::read(&value).map_err(|error| unreadable(&key, error))?;
                    kept.verify(setup).map_err(|why| unreadable(&key, why))?;
                    checkpoint = Some(kept);
                }
                ServerKey::Block(height) => {
                    texts.insert(height, value);
                }
            }
        }
        let base = checkpoint.as_ref().map_or(Index::ZERO, Checkpoint::height);
        let above = texts.split_off(&base.next());
        let blocks = read_blocks(setup, checkpoint.as_ref(), &above)?;
        let kept = Self { hard_state, checkpoint, blocks, void: texts.into_keys().collect() };
        kept.check_term()?;
        Ok(kept)
    }

    /// A term is durable before its blocks are, so no block is of a later one.
    fn check_term(&self) -> Result<(), Unreadable> {
        let below = self.checkpoint.as_ref().map(|checkpoint| &checkpoint.block);
        let last_term = self.blocks.last().or(below).map_or(Term(0), Block::term);
        let term = self.hard_state.term;
        if last_term > term {
            let why = format!("its term is {term}, but a block of term {last_term} is kept");
            return Err(unreadable(&ServerKey::State.to_string(), why));
        }
        Ok(())
    }
}

/// Follows the chain through the kept blocks, from the checkpoint or from genesis on.
fn read_blocks(
    setup: &Setup,
    checkpoint: Option<&Checkpoint>,
    texts: &Map<Index, Arc<str>>,
) -> Result<Vec<Block>, Unreadable> {
    let mut blocks: Vec<Block> = Vec::with_capacity(texts.len());
    let base = checkpoint.map_or(&setup.genesis, |checkpoint| &checkpoint.block);
    let mut ledger = checkpoint.map_or(&setup.opening, |checkpoint| &checkpoint.ledger).clone();
    let mut height = base.height();
    for (kept, text) in texts {
        height = height.next();
        let key = ServerKey::Block(*kept).to_string();
        if *kept != height {
            let missing = ServerKey::Block(height).to_string();
            return Err(unreadable(&missing, format!("it is missing, while {key} is there")));
        }
        let block: Block = serde_json::from_str(text).map_err(|error| unreadable(&key, error))?;
        let parent = blocks.last().unwrap_or(base);
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
pub(super) mod tests;
