//! Balances and sessions: the state that all servers agree on.

use super::{
    Invalid, Operation, Outcome, Recorded, Refusal, Request, RequestId, Seen, Session, Transaction,
    in_window,
};
use crate::base::{AccountId, ClientId, Digest, Fields, Hash, Index, Map};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Every account's balance and every client's session after some transactions.
///
/// It is a value: small, cheap to clone, equal if what was executed is equal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Ledger {
    /// Each account's money. The accounts are those of the opening.
    balances: Map<AccountId, u64>,
    /// Each account owner's session; none at all in a bank that keeps no sessions.
    sessions: Map<ClientId, Session>,
    /// The sum of all balances. It never changes.
    total: u64,
}

/// Why a bank cannot open with some balances. Where both hold, the first is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenError {
    /// There is no account at all.
    NoAccount,
    /// All the money together does not fit a `u64`.
    TotalTooLarge,
}

/// Why a transaction cannot stand at its place in the chain. Where several hold, the first is
/// given. A block with such a transaction is no valid block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inadmissible {
    /// It could stand nowhere.
    Invalid(Invalid),
    /// Its number was executed before.
    Recorded {
        /// At this height.
        height: Index,
    },
    /// Its client has acknowledged that it has the answer.
    Forgotten,
}

impl Ledger {
    /// A bank with these accounts, and nothing executed yet.
    pub fn open(balances: &Map<AccountId, u64>) -> Result<Self, OpenError> {
        if balances.is_empty() {
            return Err(OpenError::NoAccount);
        }
        let total = sum(balances).ok_or(OpenError::TotalTooLarge)?;
        let owners = ClientId::first(u8::MAX);
        let sessions = owners
            .filter(|client| balances.contains_key(&client.account()))
            .map(|client| (client, Session::new()))
            .collect();
        Ok(Self { balances: balances.clone(), sessions, total })
    }

    /// The same bank without sessions: no number is known again, and whatever comes twice is paid
    /// twice. It shows what sessions are for
    /// ([`Rule::ExactlyOnce`](crate::base::Rule::ExactlyOnce)).
    pub fn without_sessions(self) -> Self {
        Self { sessions: Map::new(), ..self }
    }

    /// Executes a transaction at its place in the chain: moves the money, or refuses to, and
    /// records which.
    ///
    /// If it cannot stand here, nothing changes.
    pub fn execute(
        &mut self,
        transaction: &Transaction,
        height: Index,
    ) -> Result<Outcome, Inadmissible> {
        self.vet(&transaction.to_request()).map_err(Inadmissible::Invalid)?;
        let Transaction { id, lowest_unanswered, to, amount } = *transaction;
        match self.seen(id) {
            Seen::Fresh => {}
            Seen::Recorded { height, .. } => return Err(Inadmissible::Recorded { height }),
            Seen::Forgotten { .. } => return Err(Inadmissible::Forgotten),
        }

        let outcome = match self.pay(transaction.from(), to, amount) {
            Ok(()) => Outcome::Applied,
            Err(refusal) => Outcome::Refused(refusal),
        };
        if let Some(session) = self.sessions.get_mut(&id.client) {
            session.record(id.seq, lowest_unanswered, Recorded { height, outcome });
        }
        Ok(outcome)
    }

    /// Says whether a request can ever be valid. See [`Invalid`] for the order of the answers.
    ///
    /// The answer depends on nothing that execution changes.
    pub fn vet(&self, request: &Request) -> Result<(), Invalid> {
        let from = request.id.client.account();
        if !self.balances.contains_key(&from) {
            return Err(Invalid::UnknownSender);
        }
        if let Operation::Transfer { to, amount } = request.operation {
            self.vet_transfer(from, to, amount)?;
        }
        if !in_window(request.id.seq, request.lowest_unanswered) {
            return Err(Invalid::OutsideWindow);
        }
        Ok(())
    }

    fn vet_transfer(&self, from: AccountId, to: AccountId, amount: u64) -> Result<(), Invalid> {
        if !self.balances.contains_key(&to) {
            Err(Invalid::UnknownReceiver)
        } else if from == to {
            Err(Invalid::ToOneself)
        } else if amount == 0 {
            Err(Invalid::ZeroAmount)
        } else if amount > self.total {
            Err(Invalid::AboveSupply)
        } else {
            Ok(())
        }
    }

    /// What the client's session knows of a request. A client without a session has only fresh
    /// requests; if it has no account either, [`Ledger::vet`] refuses them.
    pub fn seen(&self, id: RequestId) -> Seen {
        self.session(id.client).map_or(Seen::Fresh, |session| session.seen(id.seq))
    }

    /// All balances.
    pub fn balances(&self) -> &Map<AccountId, u64> {
        &self.balances
    }

    /// An account's balance, if the bank has the account.
    pub fn balance(&self, account: AccountId) -> Option<u64> {
        self.balances.get(&account).copied()
    }

    /// All the money there is, the same for ever.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// A client's session, if it has an account and the bank keeps sessions.
    pub fn session(&self, client: ClientId) -> Option<&Session> {
        self.sessions.get(&client)
    }

    /// The hash of everything in it: two ledgers with the same root behave the same from here on.
    ///
    /// It costs as much as the ledger is large, which does not grow with the chain.
    pub fn state_root(&self) -> Hash {
        let mut digest = Digest::new();
        digest.number(self.balances.len() as u64);
        for (account, balance) in &self.balances {
            digest.number(account.number().into()).number(*balance);
        }
        // Each account has one session or none has, which the opening has settled: the count
        // above serves for both.
        for session in self.sessions.values() {
            session.digest_into(&mut digest);
        }
        digest.finish()
    }

    /// Moves money between two accounts that exist, or refuses and moves nothing.
    pub(super) fn pay(
        &mut self,
        from: AccountId,
        to: AccountId,
        amount: u64,
    ) -> Result<(), Refusal> {
        assert_ne!(from, to, "nobody pays themselves");
        let balance = self.balance(from).expect("the payer has an account");
        let received = self.balance(to).expect("the receiver has an account");

        let Some(left) = balance.checked_sub(amount) else {
            return Err(Refusal::InsufficientFunds { balance });
        };
        let received = received.checked_add(amount).expect("the total fits, so its parts do");
        self.balances.insert(from, left);
        self.balances.insert(to, received);
        assert_eq!(sum(&self.balances), Some(self.total), "a transfer only moves money");
        Ok(())
    }
}

/// All balances together, if that fits.
fn sum(balances: &Map<AccountId, u64>) -> Option<u64> {
    balances.values().try_fold(0u64, |sum, balance| sum.checked_add(*balance))
}

/// A ledger as it is written down. What is read was perhaps edited, so it is checked on the way
/// back in.
#[derive(Serialize, Deserialize)]
#[serde(try_from = "Fields<'de>")]
struct Written {
    balances: Map<AccountId, u64>,
    sessions: Map<ClientId, Session>,
}

impl TryFrom<Fields<'_>> for Written {
    type Error = String;

    fn try_from(mut fields: Fields<'_>) -> Result<Self, String> {
        let read = Self { balances: fields.take("balances")?, sessions: fields.take("sessions")? };
        fields.end(read)
    }
}

impl From<Ledger> for Written {
    fn from(Ledger { balances, sessions, total: _ }: Ledger) -> Self {
        Self { balances, sessions }
    }
}

impl TryFrom<Written> for Ledger {
    type Error = String;

    fn try_from(Written { balances, sessions }: Written) -> Result<Self, String> {
        let opened = Self::open(&balances).map_err(|error| error.to_string())?;
        if !sessions.is_empty() && !sessions.keys().eq(opened.sessions.keys()) {
            return Err("the sessions are not those of the accounts' owners".to_owned());
        }
        if let Some((client, _)) = sessions.iter().find(|(_, session)| !session.is_bounded()) {
            return Err(format!("{client}'s session remembers numbers outside its window"));
        }
        Ok(Self { sessions, ..opened })
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoAccount => f.write_str("a bank needs at least one account"),
            Self::TotalTooLarge => {
                write!(f, "all balances together must not be above {}: lower some", u64::MAX)
            }
        }
    }
}

impl fmt::Display for Inadmissible {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid(invalid) => invalid.fmt(f),
            Self::Recorded { height } => write!(f, "it was executed before, at height {height}"),
            Self::Forgotten => f.write_str("its client has acknowledged that it is answered"),
        }
    }
}

#[cfg(test)]
#[path = "ledger_tests.rs"]
mod tests;
