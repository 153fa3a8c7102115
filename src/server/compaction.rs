//! Keeping the log short: snapshots taken, and taken over (paper §7).
//!
//! At each height that [`Limits::compact_after`](super::Limits::compact_after) divides, a server
//! remembers its accounts. It lets go of the blocks up to there only when so many more are applied
//! that followers who are a little behind find what they need in the log.

use super::{Checkpoint, Fact, Server};
use crate::base::{ServerId, Time};
use crate::chain::Block;
use std::sync::Arc;

impl Server {
    /// Takes a snapshot of what is applied, now. False if it has one of that.
    pub fn compact_now(&mut self, now: Time) -> bool {
        if self.applied() <= self.base() {
            return false;
        }
        let block = self.block(self.applied()).clone();
        self.remembered = None;
        self.compact(self.checkpoint_of(block));
        self.settle(now);
        true
    }

    /// A block was applied: remembers the accounts, or lets go of the blocks before those that
    /// are remembered, if it is time.
    pub(super) fn think_of_compaction(&mut self, block: &Block) {
        if let Some(membership) = &block.body().membership {
            self.applied_membership = membership.clone();
        }
        let limits = &self.setup.limits;
        let (after, behind) = (limits.compact_after, limits.keep_behind);
        if self.remembered.is_none() && block.height().0.is_multiple_of(after) {
            self.remembered = Some(self.checkpoint_of(block.clone()));
        }
        let applied = block.height().0;
        let is_due = |checkpoint: &mut Arc<Checkpoint>| {
            applied >= checkpoint.height().0.saturating_add(behind)
        };
        if let Some(checkpoint) = self.remembered.take_if(is_due) {
            self.compact(checkpoint);
        }
    }

    /// Takes over a leader's verified snapshot, which Raft has just put in place of its log.
    pub(super) fn install(&mut self, from: ServerId, checkpoint: Arc<Checkpoint>) {
        let installed = self.raft.snapshot().map(|snapshot| snapshot.last);
        if installed != Some(checkpoint.position()) {
            return; // Raft did not want it after all: its sender leads no more.
        }
        self.ledgers.restore(checkpoint.height(), checkpoint.ledger.clone());
        self.applied_membership = checkpoint.membership.clone();
        self.remembered = None;
        self.checkpoint = Some(checkpoint.clone());
        self.installed = Some((from, checkpoint));
    }

    /// The accounts after the block that was applied last.
    fn checkpoint_of(&self, block: Block) -> Arc<Checkpoint> {
        assert_eq!(block.height(), self.applied(), "the accounts are those after the block");
        let ledger = self.ledgers.committed().clone();
        Arc::new(Checkpoint { block, ledger, membership: self.applied_membership.clone() })
    }

    fn compact(&mut self, checkpoint: Arc<Checkpoint>) {
        let snapshot = checkpoint.to_snapshot();
        self.raft.compact(checkpoint.height(), snapshot.data);
        let members = self.raft.snapshot().map(|snapshot| &snapshot.membership);
        assert_eq!(members, Some(&checkpoint.membership), "both follow the log's memberships");
        self.output.facts.push(Fact::SnapshotTaken(checkpoint.clone()));
        self.checkpoint = Some(checkpoint);
    }
}
