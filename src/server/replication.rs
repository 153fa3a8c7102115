//! Between Raft and the rest: blocks in, writes and messages out, committed blocks applied.

use super::{Batch, Checkpoint, Fact, Packet, Server, Ticket, storage};
use crate::bank::Ledger;
use crate::base::{Endpoint, Hash, Index, Map, Membership, Rule, ServerId, Term, Time};
use crate::chain::{Block, Header};
use crate::raft::{self, AppendEntries, Held, Message, Outbox, Writes};
use std::sync::Arc;

/// The ledgers after some blocks, under the blocks' hashes; or which block is not valid, and why.
type Verified = Result<Map<Hash, Ledger>, (Index, String)>;

/// What Raft holds back until the batch with this number is durable.
#[derive(Clone, Debug)]
pub(super) struct Unsynced {
    ticket: Ticket,
    held: Held<Block>,
}

impl raft::Entry for Block {
    fn term(&self) -> Term {
        Block::term(self)
    }

    /// About what it takes as bytes.
    fn size(&self) -> usize {
        Header::LEN + 32 + 64 * self.body().transactions.len()
    }

    fn membership(&self) -> Option<&Membership> {
        self.body().membership.as_ref()
    }
}

impl Server {
    /// Hands a message to Raft. Blocks and snapshots that do not verify never reach it.
    pub(super) fn step(&mut self, from: ServerId, message: &Message<Block>, now: Time) {
        let completed = match message {
            Message::AppendEntries(append) => match self.verify(append) {
                Ok(ledgers) => {
                    self.verified = ledgers;
                    None
                }
                Err((height, why)) => {
                    self.output.facts.push(Fact::BlockRefused { from, height, why });
                    return;
                }
            },
            Message::InstallSnapshot(part) => {
                let completed = self.raft.completes(from, part);
                let read = |snapshot| Checkpoint::of(&snapshot, &self.setup);
                match completed.map(read).transpose() {
                    Ok(checkpoint) => checkpoint.map(Arc::new),
                    Err(why) => {
                        let height = part.last.index;
                        self.output.facts.push(Fact::SnapshotRefused { from, height, why });
                        return;
                    }
                }
            }
            _ => None,
        };
        self.raft.step(from, message.clone(), now);
        if let Some(checkpoint) = completed {
            self.install(from, checkpoint);
        }
    }

    /// Takes out of Raft what it wants persisted, sent and applied.
    pub(super) fn flush(&mut self, now: Time) {
        while let Some(ready) = self.raft.take_ready() {
            let (writes, held) = ready.into_parts();
            self.note_log(&writes);
            // With the persistent log switched off, what rests on blocks alone does not wait.
            let may_leave = match self.setup.rules.is_on(Rule::PersistentLog) {
                true => writes.is_empty(),
                false => writes.hard_state.is_none(),
            };
            let changes = storage::Changes {
                hard_state: writes.hard_state,
                truncate_from: writes.truncate_from,
                snapshot: writes.snapshot.as_ref().and(self.checkpoint.as_deref()),
                append: &writes.append,
            };
            let writes = storage::writes(&changes, self.setup.rules, &mut self.stored);
            if !writes.is_empty() {
                self.last_ticket += 1;
                self.output.batches.push(Batch { ticket: self.last_ticket, writes });
            }
            if may_leave && self.unsynced.is_empty() {
                self.release(held, now);
                continue;
            }
            self.unsynced.push_back(Unsynced { ticket: self.last_ticket, held });
        }
        self.verified.clear();
    }

    /// Lets out what waited for batches up to `ticket`.
    pub(super) fn release_synced(&mut self, ticket: Ticket, now: Time) {
        while self.unsynced.front().is_some_and(|first| first.ticket <= ticket) {
            let first = self.unsynced.pop_front().expect("the queue was just seen to have a front");
            self.release(first.held, now);
        }
    }

    /// Verifies the blocks of an append that are new to this log: the ledger after each.
    ///
    /// What Raft will refuse anyway, because it is old or does not fit, is left to Raft.
    fn verify(&self, append: &AppendEntries<Block>) -> Verified {
        if !self.setup.verifies() {
            return heights_fit(append).map(|()| Map::new());
        }
        let (base, previous) = (self.base(), append.prev_log.index);
        let fits = previous < base || self.has_term(previous, append.prev_log.term);
        if append.term < self.raft.term() || !fits {
            return Ok(Map::new());
        }
        // What lies below the log's base is committed, and was verified before it was compacted.
        let below = usize::try_from(base.0.saturating_sub(previous.0)).unwrap_or(usize::MAX);
        let Some(above) = append.entries.get(below..) else { return Ok(Map::new()) };
        let mut height = previous.max(base);
        let mut blocks = above.iter().peekable();
        while let Some(block) = blocks.next_if(|block| self.has_term(height.next(), block.term())) {
            height = height.next();
            if block.hash() != self.block(height).hash() {
                return Err((height, "another block of the same term stands here".to_owned()));
            }
        }
        self.verify_new(height, blocks)
    }

    fn verify_new<'a>(
        &'a self,
        mut height: Index,
        blocks: impl Iterator<Item = &'a Block>,
    ) -> Verified {
        let mut parent = self.block(height);
        let mut ledgers: Map<Hash, Ledger> = Map::new();
        for block in blocks {
            if height < self.ledgers.applied() {
                return Err((height.next(), "a committed block stands here".to_owned()));
            }
            let before = match ledgers.get(&parent.hash()) {
                Some(ledger) => ledger.clone(),
                None => self.ledgers.at(height, |height| self.block(height)),
            };
            height = height.next();
            let after = self.setup.verify(parent, block, &before);
            ledgers.insert(block.hash(), after.map_err(|why| (height, why))?);
            parent = block;
        }
        Ok(ledgers)
    }

    fn has_term(&self, height: Index, term: Term) -> bool {
        self.block_at(height).is_some_and(|block| block.term() == term)
    }

    /// Follows a change of the log with the ledgers and the trace.
    fn note_log(&mut self, writes: &Writes<Block>) {
        if let Some(from) = writes.truncate_from {
            // Else a snapshot was installed, which has made room by itself.
            if from > self.ledgers.applied() {
                self.ledgers.truncate(from);
            }
            self.output.facts.push(Fact::Truncated(from));
        }
        if let Some((from, checkpoint)) = self.installed.take() {
            self.output.facts.push(Fact::SnapshotInstalled { from, checkpoint });
        }
        for (index, block) in &writes.append {
            self.output.facts.push(Fact::Appended(block.clone()));
            match self.verified.remove(&block.hash()) {
                Some(ledger) => self.ledgers.push(*index, block.hash(), ledger),
                None => assert!(!self.setup.keeps_out_unverified(), "only verified blocks enter"),
            }
        }
        if *self.raft.membership() != self.membership {
            self.membership = self.raft.membership().clone();
            self.output.facts.push(Fact::MembershipChanged(self.membership.clone()));
        }
    }

    fn release(&mut self, held: Held<Block>, now: Time) {
        let Outbox { messages, snapshot, committed, reads, aborted_reads } =
            self.raft.persisted(held, now);
        self.report();
        for (to, message) in messages {
            self.output.sends.push((Endpoint::Server(to), Packet::Raft(message)));
        }
        let restored = snapshot.is_none_or(|snapshot| snapshot.last.index <= self.applied());
        assert!(restored, "the accounts were restored when the snapshot was taken over");
        for (index, block) in committed {
            self.apply(index, block);
        }
        let reads: Vec<_> = reads.into_iter().map(|(read, _)| read).collect();
        self.answer_reads(&reads);
        for read in aborted_reads {
            self.reads.end(read);
        }
    }

    fn apply(&mut self, index: Index, block: Block) {
        assert_eq!(index, block.height(), "a block's height is its place in the log");
        self.ledgers.apply(&block);
        let balances: Arc<[_]> = self
            .ledgers
            .committed()
            .balances()
            .iter()
            .map(|(account, balance)| (*account, *balance))
            .collect();
        self.answer(&block);
        self.output.facts.push(Fact::Applied { block: block.clone(), balances });
        self.think_of_compaction(&block);
    }
}

/// With verification switched off, all that is asked of blocks is that each is where it says.
fn heights_fit(append: &AppendEntries<Block>) -> Result<(), (Index, String)> {
    let heights = append.prev_log.index.0.saturating_add(1)..;
    match append.entries.iter().zip(heights).find(|(block, height)| block.height().0 != *height) {
        Some((block, height)) => {
            Err((Index(height), format!("it says that its height is {}", block.height())))
        }
        None => Ok(()),
    }
}
