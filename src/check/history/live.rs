//! The same check while the run goes on, with nothing kept that can no longer matter.
//!
//! Events come in the order of their time, so the sweep of the parent module is simply what
//! happens: the floor is one number, the largest position that anybody was answered. A request
//! remembers the floor at which it was asked. A transfer is judged when its block commits, and
//! once more when it is answered; a balance check when it is answered.
//!
//! That a transfer stands above its floor goes without saying here: positions are given out as
//! blocks commit, so whatever was answered before it was asked has a lower one, or none, which was
//! objected to when it was answered. What servers *say* of heights can be against time, though,
//! and is judged too.
//!
//! # What is final, and forgotten
//!
//! - A request that has its answer. No later floor is taken from it but through the one number.
//! - What an account held before the lowest floor that a balance check of its owner still has, or
//!   a later one can have. What a client asks is bounded, and so is all that is kept for it; but
//!   while a balance check stays open, others may pay into the account without end. Of that, the
//!   last [`CHANGES_KEPT`] changes are kept, and a balance check that stays open for more is not
//!   judged.
//! - A request of an earlier run, once its client has gone on by [`MAX_OUTSTANDING`] numbers.
//!
//! In one point this is stricter than the check of a whole history: the balance must have been
//! held at a position that is known to be committed *when the answer arrives*. A server that
//! tells what is not committed yet is at fault, even if it is committed afterwards. And where an
//! answer names its height, no height may have been answered before the question that is higher;
//! a transfer that is asked for after an answer takes effect above the height of that.

use crate::bank::{Ledger, MAX_OUTSTANDING, Operation, Outcome, Refusal, Request, RequestId};
use crate::bank::{Transaction, Verdict};
use crate::base::{AccountId, Index, Map};
use crate::chain::Block;
use crate::check::Property::Linearizability;
use crate::check::docket::Docket;
use crate::check::money::remembered;
use std::collections::VecDeque;

/// How many changes of one account are kept for a balance check that stays open.
pub const CHANGES_KEPT: usize = 1024;

/// The judge of the run that goes on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::check) struct Live {
    /// The largest position that was answered to anybody.
    floor: u64,
    /// The largest height that was.
    floor_height: Index,
    /// The position of the last committed transfer.
    position: u64,
    /// Requests that have no answer yet.
    open: Map<RequestId, Open>,
    /// Requests of an earlier run, which the disks brought back: where they are committed, if
    /// they are.
    before: Map<RequestId, Option<Place>>,
    accounts: Map<AccountId, Account>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Open {
    /// Nothing is known of what an earlier run asked.
    asked: Option<Request>,
    floor: u64,
    floor_height: Index,
    place: Option<Place>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    position: u64,
    outcome: Outcome,
}

/// What an account held: from each of these positions on, so much.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Account {
    changes: VecDeque<(u64, u64)>,
}

impl Live {
    pub fn new(opening: &Ledger) -> Self {
        let mut live = Self::default();
        live.begin_at(opening);
        live
    }

    /// The run goes on from the accounts of a snapshot that an earlier run left behind.
    pub fn adopt(&mut self, ledger: &Ledger) {
        self.begin_at(ledger);
        for (id, recorded) in remembered(ledger) {
            let place = Place { position: self.position, outcome: recorded.outcome };
            self.before.insert(id, Some(place));
        }
    }

    fn begin_at(&mut self, ledger: &Ledger) {
        let account = |balance: u64| Account { changes: [(self.position, balance)].into() };
        let balances = ledger.balances().iter();
        self.accounts = balances.map(|(id, balance)| (*id, account(*balance))).collect();
    }

    /// A disk brought a block back whose requests were made in an earlier run.
    pub fn brought_back(&mut self, block: &Block) {
        for transaction in &block.body().transactions {
            self.before.entry(transaction.id).or_insert(None);
        }
    }

    /// A client asks something new.
    pub fn invoked(&mut self, request: &Request) {
        self.begin(request.id, Some(*request));
    }

    /// A client sends again what it asked, perhaps in an earlier run.
    pub fn resent(&mut self, id: RequestId) {
        if !self.open.contains_key(&id) {
            self.begin(id, None);
        }
    }

    /// What a client waits for an answer to, if that is known.
    pub fn asked(&self, id: RequestId) -> Option<Operation> {
        self.open.get(&id)?.asked.map(|request| request.operation)
    }

    fn begin(&mut self, id: RequestId, asked: Option<Request>) {
        // What comes from an earlier run was asked before anything was answered in this one.
        let (floor, floor_height) = match asked {
            Some(_) => (self.floor, self.floor_height),
            None => (0, Index::ZERO),
        };
        let place = self.before.get(&id).copied().flatten();
        self.open.insert(id, Open { asked, floor, floor_height, place });
    }

    /// The next block of the chain is committed.
    pub fn committed(&mut self, docket: &mut Docket, block: &Block) {
        for transaction in &block.body().transactions {
            self.position += 1;
            let outcome = self.judge_write(docket, block.height(), transaction);
            docket.check(Linearizability, outcome.is_ok(), || {
                let why = outcome.err().unwrap_or_default();
                format!("{}, in {block}, {why}", transaction.id)
            });
        }
    }

    /// Carries a transfer out where it stands, if it may stand there.
    fn judge_write(
        &mut self,
        docket: &mut Docket,
        height: Index,
        transaction: &Transaction,
    ) -> Result<(), String> {
        let (id, position) = (transaction.id, self.position);
        let (to, amount) = (transaction.to, transaction.amount);
        let was_before = match self.before.get(&id) {
            Some(Some(_)) => return Err("had taken effect before the run began".to_owned()),
            Some(None) => true,
            None => false,
        };
        let asked = self.open.get(&id);
        if asked.is_none() && !was_before {
            return Err("was not asked for, or has its answer already".to_owned());
        }
        let wanted = asked.and_then(|open| open.asked);
        if wanted.is_some_and(|it| it.operation != Operation::Transfer { to, amount }) {
            return Err("was not asked for so".to_owned());
        }
        if asked.is_some_and(|open| open.place.is_some()) {
            return Err("takes effect a second time".to_owned());
        }
        let floor_height = asked.map_or(Index::ZERO, |open| open.floor_height);
        docket.check(Linearizability, height > floor_height, || {
            format!(
                "{id} takes effect at height {height}, but was asked when height {floor_height} \
                 had been answered"
            )
        });
        let outcome = self.pay(id.client.account(), to, amount);
        // Accounts that do not exist are No Overdraft's business.
        let Some(outcome) = outcome else { return Ok(()) };
        let place = Place { position, outcome };
        if let Some(open) = self.open.get_mut(&id) {
            open.place = Some(place);
        }
        if was_before {
            self.before.insert(id, Some(place));
            self.forget_before(id);
        }
        Ok(())
    }

    /// A client has its answer.
    pub fn answered(&mut self, docket: &mut Docket, id: RequestId, verdict: Verdict) {
        if !self.open.contains_key(&id) {
            self.begin(id, None);
        }
        let Some(open) = self.open.remove(&id) else { return };
        match verdict {
            Verdict::Committed { height } => {
                self.answered_write(docket, id, &open, Outcome::Applied, height);
            }
            Verdict::Refused { height, refusal } => {
                self.answered_write(docket, id, &open, Outcome::Refused(refusal), height);
            }
            Verdict::Balance { committed, height, .. } => {
                self.answered_read(docket, id, &open, committed, height);
            }
            Verdict::Invalid { reason } => {
                let took_effect = open.place.is_some();
                let is_right = !took_effect && open.asked.is_none_or(|it| !self.is_possible(&it));
                docket.check(Linearizability, is_right, || {
                    let truth = if took_effect { "took effect" } else { "it is not so" };
                    format!("{id} was answered as never valid ({reason}), but {truth}")
                });
            }
            // The request ends without an outcome: it may have taken effect or not.
            Verdict::Stale { .. } | Verdict::Busy => {}
        }
    }

    fn answered_write(
        &mut self,
        docket: &mut Docket,
        id: RequestId,
        open: &Open,
        answered: Outcome,
        height: Index,
    ) {
        let place = open.place;
        let holds = place.is_some_and(|place| place.outcome == answered);
        docket.check(Linearizability, holds, || match place {
            Some(Place { position, outcome }) => format!(
                "{id} was answered as {answered}, but at its place {position} among the transfers \
                 it is {outcome}"
            ),
            None => format!("{id} was answered as {answered}, but took effect nowhere"),
        });
        if let Some(place) = place {
            self.floor = self.floor.max(place.position);
            if holds {
                self.floor_height = self.floor_height.max(height);
            }
        }
    }

    fn answered_read(
        &mut self,
        docket: &mut Docket,
        id: RequestId,
        open: &Open,
        balance: u64,
        height: Index,
    ) {
        let (account, floor, floor_height) = (id.client.account(), open.floor, open.floor_height);
        docket.check(Linearizability, height >= floor_height, || {
            format!(
                "{id} was answered from height {height}, after height {floor_height} had been \
                 answered when it was asked"
            )
        });
        let Some(history) = self.accounts.get(&account) else { return };
        if !history.reaches(floor) {
            return;
        }
        let position = history.first(balance, floor);
        docket.check(Linearizability, position.is_some(), || {
            format!(
                "{id} was answered with a balance of {balance}, which {account} did not hold at \
                 any time after it was asked"
            )
        });
        if let Some(position) = position {
            self.floor = self.floor.max(position);
            if height >= floor_height {
                self.floor_height = self.floor_height.max(height);
            }
        }
    }

    /// True if a bank carries this out, or refuses it for lack of money alone.
    fn is_possible(&self, Request { id, lowest_unanswered, operation }: &Request) -> bool {
        let ahead = id.seq.checked_sub((*lowest_unanswered).max(1));
        let from = id.client.account();
        let can_move = match *operation {
            Operation::Balance => true,
            Operation::Transfer { to, amount } => {
                let all: u64 = self.accounts.values().map(Account::now).sum();
                to != from && self.accounts.contains_key(&to) && (1..=all).contains(&amount)
            }
        };
        can_move
            && self.accounts.contains_key(&from)
            && ahead.is_some_and(|ahead| ahead < MAX_OUTSTANDING)
    }

    /// Moves the money if it is there; nothing if an account is missing or too full.
    fn pay(&mut self, from: AccountId, to: AccountId, amount: u64) -> Option<Outcome> {
        let balance = self.accounts.get(&from)?.now();
        let received = self.accounts.get(&to)?.now();
        let Some(left) = balance.checked_sub(amount) else {
            return Some(Outcome::Refused(Refusal::InsufficientFunds { balance }));
        };
        if from != to {
            let received = received.checked_add(amount)?;
            self.change(from, left);
            self.change(to, received);
        }
        Some(Outcome::Applied)
    }

    fn change(&mut self, account: AccountId, balance: u64) {
        let needed = self.lowest_floor(account);
        let position = self.position;
        if let Some(history) = self.accounts.get_mut(&account) {
            history.changes.push_back((position, balance));
            history.forget_before(needed);
        }
    }

    /// The lowest floor of any balance check of this account, open or to come.
    fn lowest_floor(&self, account: AccountId) -> u64 {
        let of_owner = self.open.iter().filter(|(id, _)| id.client.account() == account);
        let reads = of_owner.filter(|(_, open)| {
            open.asked.is_none_or(|it| it.operation == Operation::Balance) && open.place.is_none()
        });
        reads.map(|(_, open)| open.floor).fold(self.floor, u64::min)
    }

    /// A client's numbers are open within a window only: what lies further back is over.
    fn forget_before(&mut self, newest: RequestId) {
        let oldest = newest.seq.saturating_sub(MAX_OUTSTANDING);
        let range = RequestId { seq: 0, ..newest }..RequestId { seq: oldest, ..newest };
        let over = self.before.range(range).filter(|(_, place)| place.is_some());
        let over: Vec<_> = over.map(|(id, _)| *id).collect();
        for id in over {
            self.before.remove(&id);
        }
    }
}

impl Account {
    fn now(&self) -> u64 {
        self.changes.back().map_or(0, |(_, balance)| *balance)
    }

    /// True if it is known what the account held at this position.
    fn reaches(&self, position: u64) -> bool {
        self.changes.front().is_some_and(|(since, _)| *since <= position)
    }

    /// The first position from `floor` on at which the account held so much.
    fn first(&self, balance: u64, floor: u64) -> Option<u64> {
        let later = self.changes.partition_point(|(since, _)| *since <= floor);
        let from = self.changes.iter().skip(later.saturating_sub(1));
        let mut found = from.filter(|(_, held)| *held == balance);
        found.next().map(|(since, _)| *since.max(&floor))
    }

    fn forget_before(&mut self, position: u64) {
        while self.changes.get(1).is_some_and(|(since, _)| *since <= position) {
            self.changes.pop_front();
        }
        if self.changes.len() > CHANGES_KEPT {
            self.changes.pop_front();
        }
    }
}
