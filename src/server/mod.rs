//! One replica of the bank: consensus, chain, accounts, mempool and miner, wired together.
//!
//! A server is a function of (what its disk holds, its inputs with their times, its seed). It
//! reads no clock, opens no file and sends nothing by itself: each input may leave something in
//! its [`Output`], which the world takes and carries out.
//!
//! # A transfer's way through here
//!
//! A request arrives at any server ([`requests`]). What can never be valid is refused on the
//! spot; the rest is passed to the leader, or waits here until a leader is known. The leader
//! keeps it in its [`mempool`], executes it on the ledger at its tip ([`ledgers`]), and searches
//! for the nonce of a block that holds the transaction *and its outcome* ([`mining`]). The
//! finished block is proposed to [`raft`](crate::raft); followers verify it before it may enter
//! their logs ([`replication`]). Once it is committed and applied, the leader answers.
//!
//! # Why outcomes are in the block
//!
//! Only the place of a transfer among the others decides whether the money is there. A leader
//! that refused a transfer out of its own ledger could be wrong twice: the ledger may hold blocks
//! that are never committed, and a copy of the same request may succeed later. So a refusal takes
//! a place in the chain as a success does, and is answered only once that place is committed.
//!
//! # What leaves, and when
//!
//! Whatever Raft says must be durable is handed out as a [`Batch`] of writes. The messages and
//! replies that rest on it stay inside until the world says that the batch is synced. Batches are
//! synced in order.
//!
//! # How the log stays short
//!
//! Now and then a server lets a [`Checkpoint`] stand for the beginning of its chain
//! ([`compaction`]): the accounts, and the block that they follow from. It is what Raft sends to a
//! server that needs blocks which are gone, what the disk keeps under `snapshot`, and where
//! recovery begins. [`storage`] documents the order of the writes, of which a crash may keep any
//! first part. A checkpoint is verified before Raft is given the last part of it.
//!
//! # Who belongs to the cluster
//!
//! A block may carry a membership. A leader that is asked for another one puts what Raft plans
//! into the next block that it mines ([`work`]), and mines the block that completes a change as
//! soon as Raft calls for it. A server that is no member waits.
//!
//! # Caveats
//!
//! - Nothing in a checkpoint proves its membership, nor that its block was ever committed: that
//!   the leader says so must do. Of a chain before its checkpoint, only the accounts remain.
//! - Blocks are verified when they arrive and again at recovery, where all that are kept are
//!   executed again.
//! - A balance check that a follower passed on is lost if the leader changes; its client asks
//!   again.

mod checkpoint;
mod compaction;
mod fact;
mod ledgers;
mod mempool;
mod mining;
mod packet;
mod recovery;
mod replication;
mod requests;
mod setup;
mod storage;
mod work;

pub use checkpoint::Checkpoint;
pub use fact::Fact;
pub use mempool::Mempool;
pub use mining::Mining;
pub use packet::{Packet, PacketKind};
pub use recovery::Unreadable;
pub use setup::{Limits, Setup, Timing, Work};

use crate::bank::{Ledger, RequestId};
use crate::base::{Endpoint, Hash, Index, Map, Membership, ServerId, Term, Time};
use crate::chain::Block;
use crate::disk::Write;
use crate::raft::{ChangeRefused, Raft, ReadId, Role, TransferRefused};
use ledgers::Ledgers;
use replication::Unsynced;
use requests::Reads;
use std::collections::VecDeque;
use std::sync::Arc;
use storage::Stored;

/// One replica.
#[derive(Clone, Debug)]
pub struct Server {
    id: ServerId,
    setup: Arc<Setup>,
    raft: Raft<Block>,
    ledgers: Ledgers,
    mempool: Mempool,
    mining: Option<Mining>,
    reads: Reads,
    /// What Raft holds back until the disk has synced, oldest first.
    unsynced: VecDeque<Unsynced>,
    last_ticket: Ticket,
    /// What stands for the blocks that its log begins after; nothing if it begins after genesis.
    checkpoint: Option<Arc<Checkpoint>>,
    /// The accounts at a height of which a snapshot will be taken soon.
    remembered: Option<Arc<Checkpoint>>,
    /// A snapshot that was taken over, and from whom, until the trace has been told.
    installed: Option<(ServerId, Arc<Checkpoint>)>,
    /// The membership after the last applied block.
    applied_membership: Membership,
    /// The membership in force, as the trace was last told.
    membership: Membership,
    /// The membership that this leader was asked to bring about, until its block is mined.
    target: Option<Membership>,
    /// Which blocks the disk has been given.
    stored: Stored,
    /// The ledgers after blocks that were just verified or built, under the blocks' hashes, until
    /// the log's change has been noted.
    verified: Map<Hash, Ledger>,
    reported: Standing,
    output: Output,
}

/// The number of a batch of writes. Batches are numbered as they are to be synced.
pub type Ticket = u64;

/// Writes that must become durable together, in their order.
#[derive(Clone, Debug)]
pub struct Batch {
    /// The batch's number, to be given back to [`Server::synced`].
    pub ticket: Ticket,
    /// The writes.
    pub writes: Vec<Write>,
}

/// What a server wants done.
#[derive(Clone, Debug, Default)]
pub struct Output {
    /// Writes for the disk.
    pub batches: Vec<Batch>,
    /// Messages for the channel.
    pub sends: Vec<(Endpoint, Packet)>,
    /// What it did, for the trace.
    pub facts: Vec<Fact>,
}

impl Output {
    /// True if there is nothing to do and nothing to tell.
    pub fn is_empty(&self) -> bool {
        self.batches.is_empty() && self.sends.is_empty() && self.facts.is_empty()
    }
}

/// What was last told to the trace about this server's place in the cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Standing {
    term: Term,
    vote: Option<ServerId>,
    role: Role,
    leader: Option<ServerId>,
    commit: Index,
}

impl Server {
    /// Takes a message from the channel.
    pub fn receive(&mut self, from: Endpoint, packet: &Packet, now: Time) {
        match (from, packet) {
            (Endpoint::Server(peer), Packet::Raft(message)) => self.step(peer, message, now),
            (Endpoint::Client(client), Packet::Request(request)) if request.id.client == client => {
                self.admit(*request, 0);
            }
            (Endpoint::Server(_), Packet::Relay { request, hops }) => self.admit(*request, *hops),
            // A reply is for clients, consensus for servers: anything else is a stray.
            (_, Packet::Reply(_) | Packet::Raft(_) | Packet::Request(_) | Packet::Relay { .. }) => {
            }
        }
        self.settle(now);
    }

    /// Does what is due at `now`.
    pub fn wake(&mut self, now: Time) {
        self.raft.wake(now);
        // A leader that hears from no majority may just have stepped down.
        if !self.is_leader() {
            self.drop_work(now);
        }
        if let Some(block) = self.mining.as_mut().and_then(|mining| mining.wake(now)) {
            self.propose(block, now);
        }
        self.settle(now);
    }

    /// Lets the election timer run out now. What follows is an ordinary election.
    pub fn nudge(&mut self, now: Time) {
        self.raft.campaign(now);
        self.settle(now);
    }

    /// Asks this leader to change the membership. The next block carries what Raft wants for it:
    /// if voters change, a joint membership first, and once that is committed, a block of its own
    /// the one asked for.
    ///
    /// # Errors
    /// If the membership cannot be changed so now. Nothing is done then.
    pub fn change_membership(
        &mut self,
        target: Membership,
        now: Time,
    ) -> Result<(), ChangeRefused> {
        self.raft.plan_change(&target)?;
        self.target = Some(target);
        self.settle(now);
        Ok(())
    }

    /// Asks this leader to hand its leadership over. It mines nothing until that is over.
    ///
    /// # Errors
    /// If it cannot. Nothing is done then.
    pub fn transfer_leadership(&mut self, to: ServerId, now: Time) -> Result<(), TransferRefused> {
        self.raft.transfer_leadership(to, now)?;
        self.output.facts.push(Fact::TransferBegan(to));
        self.settle(now);
        Ok(())
    }

    /// Is told that all batches up to `ticket` are durable.
    pub fn synced(&mut self, ticket: Ticket, now: Time) {
        self.release_synced(ticket, now);
        self.settle(now);
    }

    /// When [`Server::wake`] wants to be called next.
    pub fn next_wake(&self) -> Option<Time> {
        let mining = self.mining.as_ref().map(Mining::next_wake);
        self.raft.next_wake().into_iter().chain(mining).min()
    }

    /// Takes what it wants done since it was last asked.
    pub fn take_output(&mut self) -> Output {
        std::mem::take(&mut self.output)
    }

    /// Its name.
    pub fn id(&self) -> ServerId {
        self.id
    }

    /// Its consensus core, to look at.
    pub fn raft(&self) -> &Raft<Block> {
        &self.raft
    }

    /// The accounts after all applied blocks.
    pub fn committed_ledger(&self) -> &Ledger {
        self.ledgers.committed()
    }

    /// The accounts at the end of its log.
    pub fn pending_ledger(&self) -> Ledger {
        self.ledgers.at(self.raft.last_index(), |height| self.block(height))
    }

    /// The height of the last block that it applied.
    pub fn applied(&self) -> Index {
        self.ledgers.applied()
    }

    /// Requests that wait here.
    pub fn mempool(&self) -> &Mempool {
        &self.mempool
    }

    /// Balance checks that wait here, each with the name under which Raft knows it.
    pub fn waiting_reads(&self) -> impl Iterator<Item = (ReadId, RequestId)> {
        self.reads.iter()
    }

    /// The block that it is mining.
    pub fn mining(&self) -> Option<&Mining> {
        self.mining.as_ref()
    }

    /// The block at a height: from the one that the log begins after, which is genesis or the
    /// checkpoint's, to the tip.
    pub fn block_at(&self, height: Index) -> Option<&Block> {
        let base = self.base_block();
        if height == base.height() { Some(base) } else { self.raft.log().get(height) }
    }

    /// What stands for the blocks that it keeps no longer, if there are such.
    pub fn checkpoint(&self) -> Option<&Arc<Checkpoint>> {
        self.checkpoint.as_ref()
    }

    /// The height after which its log begins: the lowest of which it has the block.
    pub fn base(&self) -> Index {
        self.base_block().height()
    }

    /// The last block of its log.
    pub fn tip(&self) -> &Block {
        self.block(self.raft.last_index())
    }

    /// The cluster's constants.
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    fn block(&self, height: Index) -> &Block {
        self.block_at(height).expect("the server asks only for blocks of its own log")
    }

    fn base_block(&self) -> &Block {
        self.checkpoint.as_ref().map_or(&self.setup.genesis, |checkpoint| &checkpoint.block)
    }

    fn is_leader(&self) -> bool {
        self.raft.role() == Role::Leader
    }

    /// Brings everything in line with what Raft just decided, until nothing is left to do.
    fn settle(&mut self, now: Time) {
        self.report();
        self.flush(now);
        self.sort_waiting();
        self.mine(now);
        // A read or a proposal may have given Raft something to hand out.
        self.report();
        self.flush(now);
    }

    /// Tells the trace what changed in this server's place in the cluster.
    fn report(&mut self) {
        let was = self.reported;
        let is = Standing::of(&self.raft);
        let facts = &mut self.output.facts;
        if is.term != was.term {
            facts.push(Fact::EnteredTerm(is.term));
        }
        if is.vote != was.vote || is.term != was.term {
            facts.extend(is.vote.map(|candidate| Fact::Voted(is.term, candidate)));
        }
        // A server alone passes through candidacy within one call.
        let elected_at_once =
            is.role == Role::Leader && (was.role != Role::Candidate || is.term != was.term);
        let elected_at_once = elected_at_once && is.role != was.role;
        if elected_at_once {
            facts.push(Fact::BecameCandidate(is.term));
        }
        if is.role != was.role || is.term != was.term || is.leader != was.leader {
            facts.push(match is.role {
                Role::Follower => Fact::BecameFollower(is.term, is.leader),
                Role::PreCandidate => Fact::BecamePreCandidate(is.term),
                Role::Candidate => Fact::BecameCandidate(is.term),
                Role::Leader => Fact::BecameLeader(is.term),
            });
        }
        if is.commit != was.commit {
            facts.push(Fact::Committed(is.commit));
        }
        self.reported = is;
    }
}

impl Standing {
    fn of(raft: &Raft<Block>) -> Self {
        Self {
            term: raft.term(),
            vote: raft.vote(),
            role: raft.role(),
            leader: raft.leader(),
            commit: raft.commit(),
        }
    }
}

#[cfg(test)]
mod cluster_tests;
#[cfg(test)]
#[path = "rules_tests.rs"]
mod rules_tests;
