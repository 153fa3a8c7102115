//! Conservation of Money, No Overdraft and Replica Agreement; and of Exactly Once the part that
//! the chain alone can break.

use super::Property::{Conservation, ExactlyOnce, NoOverdraft, ReplicaAgreement, TrueSnapshot};
use super::committed::{Balances, Committed};
use super::docket::Docket;
use crate::bank::{Ledger, Outcome, Recorded, Refusal, RequestId, Transaction};
use crate::base::{AccountId, ClientId, Index, ServerId};
use crate::chain::Block;
use crate::server::Checkpoint;
use std::collections::BTreeMap;

/// The committed chain, executed once more from the opening by what the words mean: who has the
/// money pays, who has not does not, and nobody pays twice for one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Replay {
    balances: BTreeMap<AccountId, u128>,
    /// All the money at the opening.
    total: u128,
    /// Where each request took effect. It grows with the chain, which holds them all too.
    places: BTreeMap<RequestId, Index>,
}

impl Replay {
    pub fn new(opening: &Ledger) -> Self {
        let balances = opening.balances().iter();
        let balances: BTreeMap<_, _> =
            balances.map(|(account, balance)| (*account, u128::from(*balance))).collect();
        let total = balances.values().sum();
        Self { balances, total, places: BTreeMap::new() }
    }

    /// Goes on from the accounts of a snapshot that an earlier run left behind. What it remembers
    /// of requests is believed.
    pub fn adopt(&mut self, ledger: &Ledger) {
        let balances = ledger.balances().iter();
        self.balances = balances.map(|(account, held)| (*account, u128::from(*held))).collect();
        for (id, recorded) in remembered(ledger) {
            self.places.insert(id, recorded.height);
        }
    }

    /// Where a request took effect first.
    pub fn place(&self, request: RequestId) -> Option<Index> {
        self.places.get(&request).copied()
    }

    /// All balances by now.
    pub fn balances(&self) -> Balances {
        let fits = "the money at the opening fits, and it only moves";
        let balances = self.balances.iter();
        balances.map(|(id, balance)| (*id, u64::try_from(*balance).expect(fits))).collect()
    }

    /// Executes the block at a height, and judges what it says came of its transactions.
    pub fn execute(&mut self, docket: &mut Docket, height: Index, block: &Block) {
        for (transaction, stated) in block.receipts() {
            let id = transaction.id;
            let former = self.places.get(&id).copied();
            docket.check(ExactlyOnce, former.is_none(), || {
                let former = former.unwrap_or_default();
                format!("{id} takes effect at height {former}, and again at height {height}")
            });
            if former.is_some() {
                continue;
            }
            self.places.insert(id, height);
            let outcome = self.pay(transaction);
            docket.check(NoOverdraft, outcome == Ok(stated), || {
                let right = outcome.map_or_else(str::to_owned, |outcome| outcome.to_string());
                format!(
                    "block {height} says of {id}, {transaction}: {stated}; but by the chain \
                     before it is {right}"
                )
            });
        }
        let sum: u128 = self.balances.values().sum();
        docket.check(Conservation, sum == self.total, || {
            format!("the chain leads to {sum} at height {height}, not {}", self.total)
        });
    }

    /// Moves the money if it is there.
    fn pay(&mut self, transaction: &Transaction) -> Result<Outcome, &'static str> {
        let Transaction { to, amount, .. } = *transaction;
        let from = transaction.from();
        let held = *self.balances.get(&from).ok_or("from nobody's account")?;
        if !self.balances.contains_key(&to) {
            return Err("to nobody's account");
        }
        if from == to {
            return Err("a payment to oneself");
        }
        if amount == 0 {
            return Err("a payment of nothing");
        }
        let Some(left) = held.checked_sub(u128::from(amount)) else {
            let balance = u64::try_from(held).expect("it is less than an amount");
            return Ok(Outcome::Refused(Refusal::InsufficientFunds { balance }));
        };
        self.balances.insert(from, left);
        *self.balances.get_mut(&to).expect("the receiver was just found") += u128::from(amount);
        Ok(Outcome::Applied)
    }
}

/// The outcomes that a ledger's sessions remember.
pub(super) fn remembered(ledger: &Ledger) -> impl Iterator<Item = (RequestId, Recorded)> + '_ {
    let sessions = ClientId::first(u8::MAX).filter_map(|id| Some((id, ledger.session(id)?)));
    sessions.flat_map(|(client, session)| {
        let recorded = session.recorded().iter();
        recorded.map(move |(seq, recorded)| (RequestId { client, seq: *seq }, *recorded))
    })
}

/// A snapshot stands for the committed chain up to its height, and holds the accounts after it.
pub(super) fn snapshot(
    docket: &mut Docket,
    committed: &Committed,
    server: ServerId,
    checkpoint: &Checkpoint,
) {
    let height = checkpoint.height();
    // What an earlier run committed before the earliest snapshot is not to be had.
    if height < committed.base() {
        return;
    }
    let is_block = committed.block(height).is_some_and(|agreed| *agreed == checkpoint.block);
    let held = checkpoint.ledger.balances().iter().map(|(account, held)| (*account, *held));
    let expected = committed.balances_at(height);
    let is_ledger = expected.is_some_and(|expected| expected.iter().copied().eq(held));
    docket.check(TrueSnapshot, is_block && is_ledger, || {
        let why = match (committed.block(height), is_block) {
            (None, _) => "nobody knows that height as committed",
            (Some(_), false) => "another block is committed there",
            (Some(_), true) => "the committed chain leads to other balances there",
        };
        format!("{server} has a snapshot of height {height}, but {why}")
    });
}

/// A server says what all accounts hold after a block that it has applied.
pub(super) fn applied(
    docket: &mut Docket,
    committed: &Committed,
    server: ServerId,
    block: &Block,
    balances: &[(AccountId, u64)],
) {
    let height = block.height();
    let sum: u128 = balances.iter().map(|(_, balance)| u128::from(*balance)).sum();
    let total = committed.replay().total;
    docket.check(Conservation, sum == total, || {
        format!("{server} has {sum} in all accounts at height {height}, not {total}")
    });
    // Where it has applied another block, State Machine Safety is broken, and the balances
    // would prove nothing.
    if committed.block(height).is_none_or(|agreed| agreed.hash() != block.hash()) {
        return;
    }
    let Some(expected) = committed.balances_at(height) else { return };
    docket.check(ReplicaAgreement, **expected == *balances, || {
        let shown = |balances: &[(AccountId, u64)]| {
            let each: Vec<_> = balances.iter().map(|(id, held)| format!("{id} {held}")).collect();
            each.join(", ")
        };
        let (found, expected) = (shown(balances), shown(expected));
        format!("{server} has {found} at height {height}, but the chain leads to {expected}")
    });
}
