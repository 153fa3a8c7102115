//! A transfer as it stands in the chain, and what became of it there.

use super::{Operation, Refusal, Request, RequestId, Verdict};
use crate::base::{AccountId, Digest, Fields, Index};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A transfer out of the account of the client who asked for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Fields<'de>")]
pub struct Transaction {
    /// The request that it came from; its client is the payer.
    pub id: RequestId,
    /// The lowest number that the client still waited for when it asked. Executing the
    /// transaction lets the session forget what lies below.
    pub lowest_unanswered: u64,
    /// Who gets the money.
    pub to: AccountId,
    /// How much.
    pub amount: u64,
}

impl TryFrom<Fields<'_>> for Transaction {
    type Error = String;

    fn try_from(mut fields: Fields<'_>) -> Result<Self, String> {
        let read = Self {
            id: fields.take("id")?,
            lowest_unanswered: fields.take("lowest_unanswered")?,
            to: fields.take("to")?,
            amount: fields.take("amount")?,
        };
        fields.end(read)
    }
}

impl Transaction {
    /// The transaction that a request asks for: none if it only reads.
    pub fn from_request(request: &Request) -> Option<Self> {
        let Request { id, lowest_unanswered, operation } = *request;
        match operation {
            Operation::Transfer { to, amount } => Some(Self { id, lowest_unanswered, to, amount }),
            Operation::Balance => None,
        }
    }

    /// The request that it came from.
    pub fn to_request(&self) -> Request {
        let operation = Operation::Transfer { to: self.to, amount: self.amount };
        Request { id: self.id, lowest_unanswered: self.lowest_unanswered, operation }
    }

    /// The account that pays.
    pub fn from(&self) -> AccountId {
        self.id.client.account()
    }

    /// Adds it to a digest, in five numbers.
    pub fn digest_into(&self, digest: &mut Digest) {
        digest
            .number(self.id.client.number().into())
            .number(self.id.seq)
            .number(self.lowest_unanswered)
            .number(self.to.number().into())
            .number(self.amount);
    }
}

/// What became of a transaction at its place in the chain: its receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The money moved.
    Applied,
    /// Nothing moved, and nothing ever will under this number.
    Refused(Refusal),
}

impl Outcome {
    /// What the client is told once the block at `height`, which holds the outcome, is committed.
    pub fn verdict(self, height: Index) -> Verdict {
        match self {
            Self::Applied => Verdict::Committed { height },
            Self::Refused(refusal) => Verdict::Refused { height, refusal },
        }
    }

    /// Adds it to a digest, in two numbers.
    pub fn digest_into(&self, digest: &mut Digest) {
        match self {
            Self::Applied => digest.number(0).number(0),
            Self::Refused(Refusal::InsufficientFunds { balance }) => {
                digest.number(1).number(*balance)
            }
        };
    }
}

impl fmt::Display for Transaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}→{} {}", self.from(), self.to, self.amount)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Applied => f.write_str("applied"),
            Self::Refused(refusal) => write!(f, "refused: {refusal}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::ClientId;

    fn alice_asks(operation: Operation) -> Request {
        let id = RequestId { client: ClientId::new(1).expect("Alice"), seq: 3 };
        Request { id, lowest_unanswered: 2, operation }
    }

    #[test]
    fn only_transfers_become_transactions() {
        assert_eq!(Transaction::from_request(&alice_asks(Operation::Balance)), None);

        let bob = AccountId::new(2).expect("Bob");
        let request = alice_asks(Operation::Transfer { to: bob, amount: 4 });
        let transaction = Transaction::from_request(&request).expect("a transfer");
        assert_eq!(transaction.to_request(), request);
        assert_eq!(transaction.to_string(), "Alice→Bob 4");
    }

    #[test]
    fn a_receipt_tells_the_clients_verdict() {
        let height = Index(7);
        let refusal = Refusal::InsufficientFunds { balance: 1 };
        assert_eq!(Outcome::Applied.verdict(height), Verdict::Committed { height });
        assert_eq!(Outcome::Refused(refusal).verdict(height), Verdict::Refused { height, refusal });
        let read = Outcome::Refused(refusal).to_string();
        assert_eq!(read, "refused: insufficient funds (the balance was 1)");
    }
}
