//! Conservation of Money, No Overdraft and Replica Agreement; and of Exactly Once the part that
//! the chain alone can break.

use super::Property::{
    Conservation, ExactlyOnce, NoOverdraft, ReplicaAgreement, TrueSnapshot, ValidChain,
};
use super::committed::{Balances, Committed};
use super::docket::Docket;
use crate::bank::{Ledger, Outcome, Recorded, Refusal, RequestId, Session, Transaction};
use crate::base::{AccountId, ClientId, Hash, Index, Map, ServerId};
use crate::chain::Block;
use crate::server::Checkpoint;
use sha2::{Digest, Sha256};

/// The committed chain, executed once more from the opening by what the words mean: who has the
/// money pays, who has not does not, and nobody pays twice for one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Replay {
    balances: Map<AccountId, u128>,
    /// All the money at the opening.
    total: u128,
    /// Where each client's requests took effect, by their numbers, for the blocks that are kept,
    /// and for those requests that their clients may still ask for.
    places: Map<ClientId, Map<u64, Index>>,
    /// What the bank has to remember of each client.
    sessions: Map<AccountId, Memory>,
    /// A block said what is not so. What the blocks after it are built on is then not known.
    derailed: bool,
}

/// The outcomes that a client may still ask for (dissertation §6.3).
#[derive(Clone, Debug, PartialEq, Eq)]
struct Memory {
    /// The client needs nothing below this number any more.
    answered_below: u64,
    outcomes: Map<u64, Recorded>,
}

impl Replay {
    pub fn new(opening: &Ledger) -> Self {
        let balances = opening.balances().iter();
        let balances: Map<_, _> =
            balances.map(|(account, balance)| (*account, u128::from(*balance))).collect();
        let total = balances.values().sum();
        let sessions = balances.keys().map(|account| (*account, Memory::new())).collect();
        Self { balances, total, places: Map::new(), sessions, derailed: false }
    }

    /// Goes on from the accounts of a snapshot that an earlier run left behind. What it remembers
    /// of requests is believed.
    pub fn adopt(&mut self, ledger: &Ledger) {
        let balances = ledger.balances().iter();
        self.balances = balances.map(|(account, held)| (*account, u128::from(*held))).collect();
        for (id, recorded) in remembered(ledger) {
            self.places.entry(id.client).or_default().insert(id.seq, recorded.height);
        }
        self.sessions = memories(ledger);
    }

    /// Where a request took effect first.
    pub fn place(&self, request: RequestId) -> Option<Index> {
        self.places.get(&request.client)?.get(&request.seq).copied()
    }

    /// True if a client once said that it has the answer to this request.
    pub fn is_over(&self, request: RequestId) -> bool {
        let memory = self.sessions.get(&request.client.account());
        memory.is_some_and(|memory| request.seq < memory.answered_below)
    }

    /// This block and those before it are kept no longer; nor are the places of its clients'
    /// requests in them that are over.
    pub fn forget(&mut self, block: &Block) {
        for transaction in &block.body().transactions {
            let client = transaction.id.client;
            let Some(places) = self.places.get(&client) else { continue };
            let kept = places.iter().find(|(seq, at)| {
                **at > block.height() || !self.is_over(RequestId { client, seq: **seq })
            });
            let first_kept = kept.map_or(u64::MAX, |(seq, _)| *seq);
            self.places.entry(client).or_default().forget_below(&first_kept);
        }
    }

    /// All balances by now.
    pub fn balances(&self) -> Balances {
        let balances = self.balances.iter();
        balances.map(|(id, balance)| (*id, u64::try_from(*balance).unwrap_or(u64::MAX))).collect()
    }

    /// Executes the block at a height, and judges what it says came of its transactions.
    pub fn execute(&mut self, docket: &mut Docket, height: Index, block: &Block) {
        for (transaction, stated) in block.receipts() {
            let id = transaction.id;
            let former = self.place(id);
            // What is over has taken effect, or was no transfer, or never was to.
            let is_new = former.is_none() && !self.is_over(id);
            docket.check(ExactlyOnce, is_new, || match former {
                Some(former) => {
                    format!("{id} takes effect at height {former}, and again at height {height}")
                }
                None => format!(
                    "{id} takes effect at height {height}, after its client had said that it was \
                     answered"
                ),
            });
            if !is_new {
                self.derailed = true;
                continue;
            }
            self.places.entry(id.client).or_default().insert(id.seq, height);
            let outcome = self.pay(transaction);
            self.derailed |= outcome != Ok(stated);
            self.remember(transaction, Recorded { height, outcome: stated });
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
        if !self.derailed {
            let root =
                state_root(self.balances.iter().map(|(id, held)| (*id, *held)), &self.sessions);
            let stated = block.body().state_root;
            docket.check(ValidChain, root == stated, || {
                let (root, stated) = (root.short(), stated.short());
                format!("{block} names the state root {stated}, but the chain leads to {root}")
            });
        }
    }

    /// A client may ask again for this outcome, and for none that it does not need any more.
    fn remember(&mut self, transaction: &Transaction, recorded: Recorded) {
        let Transaction { id, lowest_unanswered, .. } = *transaction;
        let Some(memory) = self.sessions.get_mut(&transaction.from()) else { return };
        memory.answered_below = memory.answered_below.max(lowest_unanswered);
        memory.outcomes.insert(id.seq, recorded);
        memory.outcomes.forget_below(&memory.answered_below);
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
            let balance = u64::try_from(held).unwrap_or(u64::MAX);
            return Ok(Outcome::Refused(Refusal::InsufficientFunds { balance }));
        };
        self.balances.insert(from, left);
        *self.balances.get_mut(&to).expect("the receiver was just found") += u128::from(amount);
        Ok(Outcome::Applied)
    }
}

impl Memory {
    /// Of a client that has asked nothing yet. Numbers start at 1.
    fn new() -> Self {
        Self { answered_below: 1, outcomes: Map::new() }
    }
}

/// The hash of how many accounts there are, of each account with its balance, and of each client's
/// memory: the number below which it is over, how many outcomes there are, and each with its
/// number and height. All numbers take eight bytes.
fn state_root(
    balances: impl ExactSizeIterator<Item = (AccountId, u128)>,
    sessions: &Map<AccountId, Memory>,
) -> Hash {
    let mut digest = Sha256::new();
    let mut number = |number: u64| digest.update(number.to_le_bytes());
    number(balances.len() as u64);
    for (account, balance) in balances {
        number(account.number().into());
        number(u64::try_from(balance).unwrap_or(u64::MAX));
    }
    for Memory { answered_below, outcomes } in sessions.values() {
        number(*answered_below);
        number(outcomes.len() as u64);
        for (seq, Recorded { height, outcome }) in outcomes {
            let (kind, balance) = match outcome {
                Outcome::Applied => (0, 0),
                Outcome::Refused(Refusal::InsufficientFunds { balance }) => (1, *balance),
            };
            [*seq, height.0, kind, balance].into_iter().for_each(&mut number);
        }
    }
    Hash(digest.finalize().into())
}

/// What a ledger remembers of each client.
fn memories(ledger: &Ledger) -> Map<AccountId, Memory> {
    let sessions = ClientId::first(u8::MAX).filter_map(|id| Some((id, ledger.session(id)?)));
    let memory = |session: &Session| Memory {
        answered_below: session.answered_below(),
        outcomes: session.recorded().clone(),
    };
    sessions.map(|(id, session)| (id.account(), memory(session))).collect()
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
    let balances = checkpoint.ledger.balances().iter();
    let root = state_root(
        balances.map(|(account, held)| (*account, u128::from(*held))),
        &memories(&checkpoint.ledger),
    );
    let has_root = committed.replay().derailed || root == checkpoint.block.body().state_root;
    let has_members = committed.membership_at(height) == Some(&checkpoint.membership);
    docket.check(TrueSnapshot, is_block && is_ledger && has_root && has_members, || {
        let why = match (committed.block(height), is_block) {
            (None, _) => "nobody knows that height as committed",
            (Some(_), false) => "another block is committed there",
            (Some(_), true) if !is_ledger => "the committed chain leads to other balances there",
            (Some(_), true) if !has_root => "its block names another state root",
            (Some(_), true) => "the committed chain leads to other members there",
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
