//! Judges who watch every event of a run, in tests and on the page.
//!
//! They read the trace and nothing else, and they decide by definitions: what a committed block
//! is, what a balance is. As little as possible is shared with the engine, which could be wrong
//! in the same way: blocks are hashed, and the chain is executed, by code of their own. They say
//! *whether* a promise was kept; that it is kept is for the engine to see to.
//!
//! # What they know
//!
//! From the facts that servers report, the judges keep a copy of each server's role, term and log
//! ([`replica`]), and the chain that the servers agree on ([`committed`]), which they execute
//! themselves ([`money`]); and from the writes that became durable, a copy of what each server's
//! disk holds ([`disks`]). The committed chain is what servers *say* is committed: whoever speaks
//! first sets the standard, and whoever speaks otherwise later breaks a promise. The promises are
//! [`Property::ALL`]; each judge has a file of its own. What clients saw is judged by [`history`],
//! which says how, and proves it.
//!
//! # What an event costs
//!
//! No more the longer the chain is. Beside each block of a log stands a hash over all blocks up to
//! it ([`replica::Prefix`]), so that "these two logs agree up to height 5000" is one comparison. A
//! block is hashed again once for all the logs that it stands in. Only a recovery looks at a whole
//! log, as it must.
//!
//! # What stays in memory
//!
//! Nothing that grows with the chain. Of the committed chain the last [`BLOCKS_KEPT`] blocks are
//! kept, with the balances after each and the places of the requests in them; the copies of logs
//! and disks begin after their servers' snapshots, as these do. Dropped is what cannot matter any
//! more: blocks that no log holds ([`matching`]), elections of long ago ([`elections`]), and the
//! requests that have their answer ([`history`]). Of the violations of each property the first is
//! kept, the rest counted.
//!
//! A server that is further behind than what is kept is not judged by what it says of heights
//! below; but its log is compared, whole, once it reaches them.
//!
//! # Caveats
//!
//! - A server reports that its commit index rose *before* it reports the blocks that the same
//!   message brought. So a commit index is judged at the first event that is not a change of that
//!   server's log.
//! - A vote is judged when it is told to others and when it is written; that it is written before
//!   it is told, is not.
//! - What a snapshot on a disk holds is judged when its server says that it takes it, not as it is
//!   written.
//! - They begin with the run, at the highest snapshot that the disks bring back, for which they
//!   have only its own word. What was committed after it they learn when servers say so again, so
//!   a loss that only the disks of a former run could show goes unseen; random runs that begin anew
//!   from their disks take their judges along.
//! - Somebody who edits disks can break promises without any fault of the engine. The judges say
//!   that they are broken, not whose fault it is.

mod agreement;
mod answers;
mod blocks;
mod committed;
mod defence;
mod disks;
mod docket;
mod elections;
pub mod history;
mod matching;
mod money;
mod progress;
mod property;
mod replica;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

pub use committed::{BLOCKS_KEPT, Balances, Committed};
pub use defence::Defence;
pub use docket::{Ruling, Violation};
pub use property::Property;

use crate::bank::Ledger;
use crate::base::{AccountId, Hash, Index, Map, Membership, ServerId, Term};
use crate::chain::Block;
use crate::client;
use crate::server::{Checkpoint, Fact};
use crate::trace::{Event, Kept, What};
use answers::Answers;
use disks::Disks;
use docket::{Docket, Moment};
use elections::Elections;
use history::Live;
use matching::Holdings;
use replica::{Log, Prefix, Replica, Role};

/// How many anchors are kept. A run begins with one for each server at the most, and hardly ever
/// comes to another.
const ANCHORS_KEPT: usize = 64;

/// The judges. What they find depends on the events alone, in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judges {
    docket: Docket,
    genesis: Block,
    /// Leading zero bits that a block's hash must have.
    difficulty: u8,
    /// Who belongs to the cluster after genesis.
    founders: Membership,
    replicas: Map<ServerId, Replica>,
    committed: Committed,
    /// A commit index that is judged once its server's log has caught up.
    claim: Option<Claim>,
    elections: Elections,
    holdings: Holdings,
    /// Of blocks whose past is not known: the prefix that counts as theirs in all logs.
    anchors: Map<(Index, Hash), Prefix>,
    disks: Disks,
    answers: Answers,
    live: Live,
}

/// A server's word that its log is committed up to a height.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Claim {
    server: ServerId,
    height: Index,
    moment: Moment,
}

impl Judges {
    /// Judges who have seen nothing yet, of a bank whose blocks take so much work.
    pub fn new(opening: &Ledger, genesis: &Block, founders: &Membership, difficulty: u8) -> Self {
        Self {
            docket: Docket::default(),
            genesis: genesis.clone(),
            difficulty,
            founders: founders.clone(),
            replicas: Map::new(),
            committed: Committed::new(opening, genesis, founders),
            claim: None,
            elections: Elections::default(),
            holdings: Holdings::default(),
            anchors: Map::new(),
            disks: Disks::default(),
            answers: Answers::default(),
            live: Live::new(opening),
        }
    }

    /// Looks at the next event.
    pub fn observe(&mut self, event: &Event) {
        self.settle_claim(&event.what);
        self.docket.hear(event.into());
        match &event.what {
            What::Server(server, fact) => self.observe_fact(*server, fact, event.into()),
            What::Client(_, event) => self.observe_client(event),
            What::Crashed { server, kept, .. } => {
                self.written(*server, kept);
                self.replica(*server).role = Role::Down;
            }
            What::Stopped(server, _) => self.replica(*server).role = Role::Down,
            What::Persisted(server, writes) => self.written(*server, writes),
            What::Sent(passage) => {
                if let Some((voter, term, candidate)) = progress::vote_told(passage) {
                    self.replica(voter);
                    let Self { docket, replicas, .. } = self;
                    let replica = replicas.get_mut(&voter).expect("the server is known");
                    progress::voted(docket, replica, term, candidate);
                }
            }
            What::Arrived(passage) => {
                if let Some((voter, term, candidate)) = progress::vote_told(passage) {
                    self.elections.voted(voter, term, candidate);
                }
            }
            What::Acted(_)
            | What::Duplicated(_)
            | What::Tampered(_)
            | What::Dropped(..)
            | What::Timer(_) => {}
        }
    }

    /// Where each property stands, in the order of [`Property::ALL`].
    pub fn verdicts(&self) -> impl Iterator<Item = Ruling<'_>> {
        self.docket.rulings()
    }

    /// The first violation of each property that was violated.
    pub fn violations(&self) -> impl Iterator<Item = &Violation> {
        self.verdicts().filter_map(|ruling| ruling.violation)
    }

    /// True if no property was ever violated.
    pub fn is_clean(&self) -> bool {
        self.violations().next().is_none()
    }

    /// The chain that the servers agree on, with the balances that it leads to.
    pub fn committed(&self) -> &Committed {
        &self.committed
    }

    fn observe_fact(&mut self, server: ServerId, fact: &Fact, moment: Moment) {
        match fact {
            Fact::Recovered { term, vote, snapshot, blocks } => {
                let snapshot = snapshot.as_deref();
                self.recovered(server, *term, snapshot, blocks);
                let Self { docket, committed, disks, .. } = self;
                disks.recovered(docket, committed, server, (*term, *vote), (snapshot, blocks));
            }
            Fact::EnteredTerm(term) => self.entered(server, *term),
            Fact::SnapshotTaken(checkpoint) | Fact::SnapshotInstalled { checkpoint, .. } => {
                self.begins_after(server, checkpoint);
            }
            Fact::Replied(reply) => {
                answers::replied(&mut self.docket, &self.committed, server, reply);
            }
            Fact::BecameFollower(term, _) => self.became(server, Role::Follower, *term),
            Fact::BecameCandidate(term) => self.became(server, Role::Candidate, *term),
            Fact::BecameLeader(term) => {
                self.became(server, Role::Leader, *term);
                let winner = &self.replicas[&server];
                self.elections.won(&mut self.docket, winner);
                agreement::elected(&mut self.docket, &self.committed, winner);
            }
            Fact::Truncated(from) => self.truncated(server, *from),
            Fact::Appended(block) => self.appended(server, block),
            Fact::Committed(height) => {
                self.claim = Some(Claim { server, height: *height, moment });
            }
            Fact::Applied { block, balances } => self.applied(server, block, balances),
            Fact::Voted(..)
            | Fact::BecamePreCandidate(_)
            | Fact::SnapshotRefused { .. }
            | Fact::MembershipChanged(_)
            | Fact::TransferBegan(_)
            | Fact::MiningBegan { .. }
            | Fact::Mined { .. }
            | Fact::MiningDropped { .. }
            | Fact::BlockRefused { .. }
            | Fact::Queued(_)
            | Fact::Relayed(..)
            | Fact::Held(_) => {}
        }
    }

    fn observe_client(&mut self, event: &client::Event) {
        match event {
            client::Event::Submitted { request, .. } => self.live.invoked(request),
            client::Event::Resent { id, .. } => self.live.resent(*id),
            client::Event::Answered { id, verdict, .. } => {
                let asked = (*id, self.live.asked(*id));
                self.answers.answered(&mut self.docket, &self.committed, asked, *verdict);
                self.live.answered(&mut self.docket, *id, *verdict);
            }
            client::Event::Busy { .. } | client::Event::Ignored { .. } => {}
        }
    }

    fn replica(&mut self, id: ServerId) -> &mut Replica {
        let Self { replicas, genesis, founders, .. } = self;
        replicas.entry(id).or_insert_with(|| Replica::new(id, genesis, founders))
    }

    fn written(&mut self, server: ServerId, writes: &[Kept]) {
        let Self { docket, committed, disks, .. } = self;
        disks.written(docket, committed, server, writes);
    }

    fn entered(&mut self, server: ServerId, term: Term) {
        self.replica(server);
        progress::entered(&mut self.docket, &self.replicas[&server], term);
        self.replica(server).term = term;
    }

    fn became(&mut self, server: ServerId, role: Role, term: Term) {
        self.entered(server, term);
        self.replica(server).role = role;
    }

    /// A server begins a life with this log. What it shares with the former one was judged.
    fn recovered(
        &mut self,
        server: ServerId,
        term: Term,
        snapshot: Option<&Checkpoint>,
        blocks: &[Block],
    ) {
        // What comes from before the run is taken over: its requests, and the snapshots, for
        // which nothing vouches but themselves.
        if !self.replicas.contains_key(&server) {
            blocks.iter().for_each(|block| self.live.brought_back(block));
            let unknown = snapshot.filter(|it| it.height() > self.committed.height());
            if let Some(checkpoint) = unknown {
                let prefix = self.prefix_of(&checkpoint.block);
                self.committed.adopt(checkpoint, prefix);
                self.live.adopt(&checkpoint.ledger);
            }
        }
        self.replica(server);
        progress::recovered(&mut self.docket, &self.replicas[&server], term);
        // A snapshot that was not yet on the disk is gone with the life that took it.
        if snapshot.map_or(Index::ZERO, Checkpoint::height) < self.replica(server).log.base() {
            let (block, members) = match snapshot {
                Some(checkpoint) => (checkpoint.block.clone(), checkpoint.membership.clone()),
                None => (self.genesis.clone(), self.founders.clone()),
            };
            self.replace_log(server, &block, members);
        }
        self.replica(server).begin_life(term);
        if let Some(checkpoint) = snapshot {
            self.begins_after(server, checkpoint);
        }
        let replica = self.replica(server);
        let shared = replica.log.shared_with(blocks);
        let known = shared.0.saturating_sub(replica.log.base().0);
        self.cut_log(server, shared.next());
        for block in blocks.iter().skip(usize::try_from(known).unwrap_or(usize::MAX)) {
            self.extend_log(server, block);
        }
    }

    /// The log of a server begins after a snapshot: what it has above stays if it continues it.
    fn begins_after(&mut self, server: ServerId, checkpoint: &Checkpoint) {
        let (height, block) = (checkpoint.height(), &checkpoint.block);
        self.replica(server);
        progress::began_after(&mut self.docket, &self.replicas[&server], height);
        money::snapshot(&mut self.docket, &self.committed, server, checkpoint);
        let stays = self.replica(server).log.at(height).is_some_and(|it| it.block == *block);
        match stays {
            true => self.drop_first(server, height),
            false => {
                elections::replaced(&mut self.docket, &self.replicas[&server]);
                self.replace_log(server, block, checkpoint.membership.clone());
            }
        }
        let replica = self.replica(server);
        replica.committed = replica.committed.max(height);
        replica.applied = replica.applied.max(height);
        progress::heights(&mut self.docket, &self.replicas[&server]);
    }

    /// A server's log is empty, and begins after this block.
    fn replace_log(&mut self, server: ServerId, block: &Block, founders: Membership) {
        let prefix = self.prefix_of(block);
        let end = self.replica(server).log.last();
        self.drop_first(server, end);
        self.replica(server).log = Log::after(block.clone(), prefix, founders);
    }

    /// The prefix up to a block that a snapshot stands for: as it is known from anybody's log.
    ///
    /// If it is not, an earlier run left the snapshot behind. Then the block is an anchor: every
    /// log that comes to hold it counts as the same up to there, for as long as the run goes on.
    fn prefix_of(&mut self, block: &Block) -> Prefix {
        let height = block.height();
        if self.committed.block(height) == Some(block)
            && let Some(prefix) = self.committed.prefix(height)
        {
            return prefix;
        }
        let mut entries = self.replicas.values().filter_map(|replica| replica.log.at(height));
        if let Some(entry) = entries.find(|entry| entry.block == *block) {
            return entry.prefix;
        }
        let anchor = *self.anchors.entry((height, block.hash())).or_insert(Prefix::of(block));
        if self.anchors.len() > ANCHORS_KEPT {
            self.anchors.pop_first();
        }
        anchor
    }

    /// Lets a server's log begin after this height.
    fn drop_first(&mut self, server: ServerId, height: Index) {
        let Self { holdings, replicas, .. } = self;
        let log = &mut replicas.get_mut(&server).expect("the server is known").log;
        while log.base() < height {
            let at = log.base().next();
            let Some(entry) = log.pop_first() else { break };
            holdings.release(server, (at, entry.prefix), entry.block.term());
        }
    }

    fn truncated(&mut self, server: ServerId, from: Index) {
        self.replica(server);
        let replica = &self.replicas[&server];
        elections::truncated(&mut self.docket, replica, from);
        agreement::truncated(&mut self.docket, replica, from);
        self.cut_log(server, from);
    }

    fn appended(&mut self, server: ServerId, block: &Block) {
        // A block that is not put at the end overwrites what was there.
        if block.height() <= self.replica(server).log.last() {
            self.truncated(server, block.height());
        }
        elections::appended(&mut self.docket, &self.replicas[&server]);
        self.extend_log(server, block);
        agreement::may_lead(&mut self.docket, &self.committed, &self.replicas[&server]);
    }

    fn cut_log(&mut self, server: ServerId, from: Index) {
        let log = &mut self.replicas.get_mut(&server).expect("the server is known").log;
        while log.last() >= from {
            let height = log.last();
            let Some(entry) = log.pop() else { break };
            self.holdings.release(server, (height, entry.prefix), entry.block.term());
        }
    }

    fn extend_log(&mut self, server: ServerId, block: &Block) {
        let Self { docket, holdings, anchors, replicas, difficulty, .. } = self;
        let next = replicas[&server].log.last().next();
        let anchor = anchors.get(&(next, block.hash())).copied();
        let log = &mut replicas.get_mut(&server).expect("the server is known").log;
        let parent = log.tip().block.clone();
        let prefix = log.push(block.clone(), anchor).prefix;
        let height = log.last();
        let known = holdings.hold(docket, server, (height, prefix), block);
        blocks::judge(docket, (server, height, *difficulty), &parent, block, known.as_ref());
    }

    /// Judges a commit index that was reported, unless the next event still belongs to it.
    fn settle_claim(&mut self, next: &What) {
        let Some(Claim { server, height, moment }) = self.claim else { return };
        let is_log_change = |fact: &Fact| {
            matches!(
                fact,
                Fact::Truncated(_)
                    | Fact::Appended(_)
                    | Fact::SnapshotTaken(_)
                    | Fact::SnapshotInstalled { .. }
            )
        };
        if matches!(next, What::Server(id, fact) if *id == server && is_log_change(fact)) {
            return;
        }
        self.claim = None;
        self.docket.hear(moment);
        self.commit(server, height);
    }

    /// A server knows its log as committed up to a height.
    fn commit(&mut self, server: ServerId, height: Index) {
        self.replica(server);
        let Self { docket, committed, replicas, disks, answers, live, .. } = self;
        let replica = replicas.get_mut(&server).expect("the server is known");
        let agrees = agreement::claimed(docket, committed, replica, height);
        progress::committed(docket, replica, height);
        replica.committed = height;
        progress::heights(docket, replica);
        let term = replica.term;
        let before = committed.height();
        if agrees {
            for at in before.0 + 1..=height.min(replica.log.last()).0 {
                let Some(entry) = replica.log.get(Index(at)) else { break };
                committed.push(docket, &entry.block, term);
                live.committed(docket, &entry.block);
            }
        }
        if committed.height() > before {
            answers.forget_below(committed.base());
            disks.extended(docket, committed, replica);
            agreement::extended(docket, committed, term, replicas.values());
            replicas.values().for_each(|it| agreement::may_lead(docket, committed, it));
        }
    }

    fn applied(&mut self, server: ServerId, block: &Block, balances: &[(AccountId, u64)]) {
        let height = block.height();
        // What is applied counts as committed, said or unsaid.
        if height > self.replica(server).committed {
            self.commit(server, height);
        }
        let Self { docket, committed, replicas, answers, .. } = self;
        let replica = replicas.get_mut(&server).expect("the server is known");
        agreement::applied(docket, committed, replica, block);
        replica.applied = height;
        progress::heights(docket, replica);
        money::applied(docket, committed, server, block, balances);
        if committed.block(height).is_some_and(|agreed| agreed.hash() != block.hash()) {
            answers.contradicted(docket, committed, server, block);
        }
    }
}
