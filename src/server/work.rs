//! When a leader mines, and what.

use super::{Fact, Mining, Server};
use crate::bank::{RequestId, Seen, Transaction};
use crate::base::{Index, Map, Membership, Rule, Set, Time};
use crate::chain::{Block, Candidate};

impl Server {
    /// Begins to mine if there is something to say, and stops if the block would not be taken.
    pub(super) fn mine(&mut self, now: Time) {
        if !self.is_leader() {
            self.target = None;
        }
        let may_propose = self.is_leader() && self.raft.transferee().is_none();
        // A leader enters a later term only if it does not step down (`Rule::StepDown`).
        let is_of_term = |mining: &Mining| mining.candidate().header().term == self.raft.term();
        if !may_propose || !self.mining.as_ref().is_none_or(is_of_term) {
            self.drop_work(now);
        }
        if may_propose && self.mining.is_none() {
            self.begin_work(now);
        }
    }

    /// Puts a mined block at the end of the log, if Raft takes it.
    pub(super) fn propose(&mut self, block: Block, now: Time) {
        let mining = self.mining.take().expect("a mined block comes from the mining under way");
        assert!(self.is_leader(), "mining ends with leadership");
        let (attempts, height) = (mining.attempts_by(now), block.height());
        let Ok(index) = self.raft.propose(block.clone()) else {
            self.output.facts.push(Fact::MiningDropped { height, attempts });
            return;
        };
        assert_eq!(index, height, "a block's height is its place in the log");
        self.output.facts.push(Fact::Mined { block: block.clone(), attempts });
        let ledger = mining.candidate().ledger_after();
        let mined: Set<RequestId> =
            block.body().transactions.iter().map(|transaction| transaction.id).collect();
        self.mempool.retain(|request| {
            !mined.contains(&request.id) && ledger.seen(request.id) == Seen::Fresh
        });
        self.verified = Map::from([(block.hash(), ledger.clone())]);
        self.flush(now);
    }

    /// Gives up the block in the making, if there is one.
    pub(super) fn drop_work(&mut self, now: Time) {
        if let Some(mining) = self.mining.take() {
            let (height, attempts) = (mining.height(), mining.attempts_by(now));
            self.output.facts.push(Fact::MiningDropped { height, attempts });
        }
    }

    /// The first block of a term is mined even if it is empty: until it is committed, nothing
    /// older is, and no read is served (paper §5.4.2, §8).
    fn begin_work(&mut self, now: Time) {
        let opens_term =
            self.setup.rules.is_on(Rule::OpeningBlock) && self.raft.last_term() < self.raft.term();
        let idle = self.mempool.is_empty() || self.blocks_ahead() >= self.limit_ahead();
        let due = self.raft.due_membership();
        let is_due = due.is_some();
        let change = due.or_else(|| self.planned_membership());
        if idle && !opens_term && change.is_none() {
            return;
        }
        let is_change = change.is_some();
        // What completes a change waits for nothing else, and brings nothing else.
        let candidate = self.candidate(!is_due).with_membership(change);
        let (height, transactions) =
            (candidate.header().height, candidate.body().transactions.len());
        if transactions == 0 && !opens_term && !is_change {
            return;
        }
        self.output.facts.push(Fact::MiningBegan { height, transactions });
        self.mining = Some(Mining::begin(candidate, self.setup.work.attempts_per_second, now));
    }

    /// What the next block must carry on the way to the membership that was asked for. The wish
    /// ends when its block is in the log, or when it cannot be had any more.
    fn planned_membership(&mut self) -> Option<Membership> {
        let planned = self.raft.plan_change(self.target.as_ref()?).ok();
        if planned.is_none() {
            self.target = None;
        }
        planned
    }

    fn candidate(&self, with_transactions: bool) -> Candidate {
        let work = &self.setup.work;
        let waiting = self.mempool.iter().filter_map(Transaction::from_request);
        let room = if with_transactions { work.block_capacity } else { 0 };
        let chosen = waiting.take(room);
        let ledger = self.pending_ledger();
        let is_tips = ledger.state_root() == self.tip().body().state_root;
        assert!(
            is_tips || !self.setup.keeps_out_unverified(),
            "the ledger is the one after the tip"
        );
        Candidate::build(self.tip(), self.raft.term(), work.difficulty, &ledger, chosen)
    }

    /// How many blocks of its own term this leader has appended beyond what is committed.
    fn blocks_ahead(&self) -> u64 {
        let (commit, last) = (self.raft.commit().0, self.raft.last_index().0);
        let own = |height: &u64| self.block(Index(*height)).term() == self.raft.term();
        (commit + 1..=last).rev().take_while(own).count() as u64
    }

    fn limit_ahead(&self) -> u64 {
        self.setup.limits.uncommitted_blocks
    }
}
