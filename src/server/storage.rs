//! What a server keeps on its disk, and in which order it writes it.
//!
//! Every prefix of the writes leaves a disk to recover from, since a crash may keep any:
//!
//! 1. the term and vote;
//! 2. what conflicts is removed from the end downwards, so that no gap opens. It goes before a
//!    snapshot comes, so that what stands above a snapshot always links to it;
//! 3. the snapshot. From then on the blocks at or below it are void, whether they are there or
//!    not: recovery passes over them;
//! 4. the void blocks are removed. It does not matter in which order;
//! 5. the new blocks, upwards.

use super::Checkpoint;
use crate::base::{Index, Rule, Rules};
use crate::chain::Block;
use crate::disk::layout::ServerKey;
use crate::disk::{Write, record};
use crate::raft::HardState;

/// What changed in a server's persistent state.
#[derive(Clone, Debug, Default)]
pub(super) struct Changes<'a> {
    /// The new term and vote.
    pub hard_state: Option<HardState>,
    /// The blocks from here on are no longer the log's.
    pub truncate_from: Option<Index>,
    /// What stands for all blocks up to its own from now on.
    pub snapshot: Option<&'a Checkpoint>,
    /// New blocks at the end of the log.
    pub append: &'a [(Index, Block)],
}

/// Which blocks the disk holds, or will hold once all that it was given is durable: those above
/// `base`, up to `last`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Stored {
    pub base: Index,
    pub last: Index,
}

/// The changes as writes to keys, in the order that this module documents; `stored` follows them.
///
/// With the persistent vote switched off, it is written that there was none.
pub(super) fn writes(changes: &Changes, rules: Rules, stored: &mut Stored) -> Vec<Write> {
    let mut out = Vec::new();
    if let Some(state) = changes.hard_state {
        let vote = state.vote.filter(|_| rules.is_on(Rule::PersistentVote));
        let state = HardState { vote, ..state };
        out.push(Write::put(ServerKey::State.to_string(), record::write(&state)));
    }
    if let Some(from) = changes.truncate_from {
        let first = from.max(stored.base.next());
        out.extend((first.0..=stored.last.0).rev().map(|height| removal(Index(height))));
        let kept = from.previous().expect("there is no block to truncate at height 0");
        stored.last = stored.last.min(kept).max(stored.base);
    }
    if let Some(checkpoint) = changes.snapshot {
        let height = checkpoint.height();
        assert!(height > stored.base, "a snapshot stands for more than the one before it");
        out.push(Write::put(ServerKey::Snapshot.to_string(), record::write(checkpoint)));
        let void = stored.base.0 + 1..=height.min(stored.last).0;
        out.extend(void.map(|height| removal(Index(height))));
        *stored = Stored { base: height, last: stored.last.max(height) };
    }
    for (index, block) in changes.append {
        assert_eq!(*index, stored.last.next(), "blocks are stored without gaps");
        out.push(Write::put(ServerKey::Block(*index).to_string(), block.text()));
        stored.last = *index;
    }
    out
}

/// The write that removes a block.
pub(super) fn removal(height: Index) -> Write {
    Write::remove(ServerKey::Block(height).to_string())
}

#[cfg(test)]
#[path = "storage_tests.rs"]
mod tests;
