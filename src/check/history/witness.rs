//! The check of a whole history; the parent module says why it is sound.

use super::{Answer, History, Operation, Write};
use crate::bank::{self, Outcome, Refusal, RequestId};
use crate::base::{AccountId, Map};
use crate::trace::EventId;
use std::fmt;

/// The order that was found: for each operation of the history, at the same place, its position;
/// nothing for those that took no effect. Position 0 is before the first write; a balance check
/// comes after the write at its position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// The positions.
    pub positions: Vec<Option<u64>>,
}

/// Why the commit order is no witness for a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Objection {
    /// Two operations have one name.
    SameName(RequestId),
    /// An operation returned before it was invoked, or with the answer to another question.
    Impossible(RequestId),
    /// The write at this position was not asked for, or not so.
    NeverAsked {
        /// The name that it bears.
        id: RequestId,
        /// Where it stands.
        position: u64,
    },
    /// A request takes effect at two positions.
    Twice {
        /// Which.
        id: RequestId,
        /// The first.
        first: u64,
        /// The second.
        second: u64,
    },
    /// A transfer was answered, but is not among the writes.
    NoPlace(RequestId),
    /// A transfer was answered with an outcome that it does not have at its position.
    OtherOutcome {
        /// Which.
        id: RequestId,
        /// Where it stands.
        position: u64,
        /// What came of it there.
        outcome: Outcome,
    },
    /// A transfer stands before something that had returned when it was invoked.
    TooEarly {
        /// Which.
        id: RequestId,
        /// Where it stands.
        position: u64,
        /// The largest position that had returned.
        floor: u64,
    },
    /// From its floor on, the account of a balance check never held what it was answered.
    NoSuchBalance {
        /// The balance check.
        id: RequestId,
        /// What it was answered.
        balance: u64,
        /// The largest position that had returned when it was invoked.
        floor: u64,
    },
}

impl History {
    /// Finds out whether the commit order shows that the history is linearizable: gives back the
    /// order, or the first objection. It takes O(n log n) for n operations and writes.
    pub fn check(&self) -> Result<Order, Objection> {
        let names = self.names()?;
        let (mut positions, spans) = self.place_writes(&names)?;
        self.sweep(&mut positions, &spans)?;
        Ok(Order { positions })
    }

    /// Where each name stands among the operations.
    fn names(&self) -> Result<Map<RequestId, usize>, Objection> {
        let mut names = Map::new();
        for (at, operation) in self.operations.iter().enumerate() {
            if !operation.is_possible() {
                return Err(Objection::Impossible(operation.id));
            }
            if names.insert(operation.id, at).is_some() {
                return Err(Objection::SameName(operation.id));
            }
        }
        Ok(names)
    }

    /// Replays the writes: the position of each operation that is one, and what the accounts held
    /// from where to where.
    fn place_writes(
        &self,
        names: &Map<RequestId, usize>,
    ) -> Result<(Vec<Option<u64>>, Spans), Objection> {
        let mut positions = vec![None; self.operations.len()];
        let mut spans = Spans::new(&self.opening);
        for (write, position) in self.writes.iter().zip(1..) {
            let id = write.id;
            let found = names.get(&id).filter(|at| self.operations[**at].asks(write));
            let at = *found.ok_or(Objection::NeverAsked { id, position })?;
            if let Some(first) = positions[at] {
                return Err(Objection::Twice { id, first, second: position });
            }
            positions[at] = Some(position);
            let outcome = spans.pay(write, position);
            let outcome = outcome.ok_or(Objection::NeverAsked { id, position })?;
            let answered = self.operations[at].returned.map(|returned| returned.answer);
            if answered.is_some_and(|answer| answer != Answer::Transfer(outcome)) {
                return Err(Objection::OtherOutcome { id, position, outcome });
            }
        }
        spans.end();
        Ok((positions, spans))
    }

    /// Goes through the operations by invocation, with the floor at each, and finds the balance
    /// checks their positions.
    fn sweep(&self, positions: &mut [Option<u64>], spans: &Spans) -> Result<(), Objection> {
        let by_invocation = self.sorted(|operation| Some(operation.invoked));
        let by_return = self.sorted(|operation| operation.returned.map(|returned| returned.at));
        let mut returning = by_return.into_iter().peekable();
        let mut floor = 0;
        for (invoked, at) in by_invocation {
            while let Some((_, other)) = returning.next_if(|(returned, _)| *returned < invoked) {
                floor = floor.max(positions[other].unwrap_or(0));
            }
            positions[at] = self.place(&self.operations[at], positions[at], floor, spans)?;
        }
        Ok(())
    }

    /// The position of one operation above its floor.
    fn place(
        &self,
        operation: &Operation,
        position: Option<u64>,
        floor: u64,
        spans: &Spans,
    ) -> Result<Option<u64>, Objection> {
        let id = operation.id;
        match (operation.returned.map(|returned| returned.answer), position) {
            (_, Some(position)) if position <= floor => {
                Err(Objection::TooEarly { id, position, floor })
            }
            (Some(Answer::Transfer(_)), None) => Err(Objection::NoPlace(id)),
            (Some(Answer::Balance(balance)), _) => spans
                .first(id.client.account(), balance, floor)
                .ok_or(Objection::NoSuchBalance { id, balance, floor })
                .map(Some),
            (_, position) => Ok(position),
        }
    }

    /// The operations that have a certain moment, by that moment.
    fn sorted(&self, moment: impl Fn(&Operation) -> Option<EventId>) -> Vec<(EventId, usize)> {
        let all = self.operations.iter().enumerate();
        let mut sorted: Vec<_> = all.filter_map(|(at, it)| Some((moment(it)?, at))).collect();
        sorted.sort_unstable();
        sorted
    }
}

impl Operation {
    /// True if it returned after it was invoked, with an answer to what was asked.
    fn is_possible(&self) -> bool {
        let Some(returned) = self.returned else { return true };
        let is_transfer = matches!(self.asked, bank::Operation::Transfer { .. });
        returned.at > self.invoked && matches!(returned.answer, Answer::Transfer(_)) == is_transfer
    }

    fn asks(&self, Write { id, to, amount }: &Write) -> bool {
        self.id == *id && self.asked == bank::Operation::Transfer { to: *to, amount: *amount }
    }
}

/// What each account held, from which position on, until which.
struct Spans {
    now: Map<AccountId, (u64, u64)>,
    /// Account, balance, until (not included), from; sorted once all are known.
    over: Vec<(AccountId, u64, u64, u64)>,
}

impl Spans {
    fn new(opening: &Map<AccountId, u64>) -> Self {
        let now = opening.iter().map(|(account, balance)| (*account, (*balance, 0))).collect();
        Self { now, over: Vec::new() }
    }

    /// Moves the money if it is there; nothing if there is no such account, or no place for more.
    fn pay(&mut self, write: &Write, position: u64) -> Option<Outcome> {
        let from = write.id.client.account();
        let (balance, _) = *self.now.get(&from)?;
        let (received, _) = *self.now.get(&write.to)?;
        let Some(left) = balance.checked_sub(write.amount) else {
            return Some(Outcome::Refused(Refusal::InsufficientFunds { balance }));
        };
        if from != write.to {
            let received = received.checked_add(write.amount)?;
            self.change(from, left, position);
            self.change(write.to, received, position);
        }
        Some(Outcome::Applied)
    }

    fn change(&mut self, account: AccountId, balance: u64, position: u64) {
        if let Some((former, since)) = self.now.insert(account, (balance, position)) {
            self.over.push((account, former, position, since));
        }
    }

    /// All writes are replayed: what is held now is held for ever.
    fn end(&mut self) {
        let now = self.now.iter();
        self.over.extend(now.map(|(account, (held, since))| (*account, *held, u64::MAX, *since)));
        self.over.sort_unstable();
    }

    /// The first position from `floor` on at which an account held so much.
    fn first(&self, account: AccountId, balance: u64, floor: u64) -> Option<u64> {
        let wanted = (account, balance, floor);
        let next = self.over.partition_point(|(of, held, until, _)| (*of, *held, *until) <= wanted);
        let (of, held, _, since) = *self.over.get(next)?;
        ((of, held) == (account, balance)).then_some(since.max(floor))
    }
}

impl fmt::Display for Objection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SameName(id) => write!(f, "two requests are named {id}"),
            Self::Impossible(id) => write!(f, "{id} has an answer that cannot be one to it"),
            Self::NeverAsked { id, position } => {
                write!(f, "the transfer at position {position}, {id}, was not asked for so")
            }
            Self::Twice { id, first, second } => {
                write!(f, "{id} takes effect at position {first}, and again at {second}")
            }
            Self::NoPlace(id) => write!(f, "{id} was answered, but stands nowhere in the chain"),
            Self::OtherOutcome { id, position, outcome } => {
                write!(f, "{id} stands at position {position}, where it is {outcome}")
            }
            Self::TooEarly { id, position, floor } => write!(
                f,
                "{id} stands at position {position}, but when it was asked, position {floor} had \
                 been answered"
            ),
            Self::NoSuchBalance { id, balance, floor } => write!(
                f,
                "{id} was answered with {balance}, which its account never held from position \
                 {floor} on, which had been answered when it was asked"
            ),
        }
    }
}

impl std::error::Error for Objection {}

#[cfg(test)]
#[path = "witness_tests.rs"]
mod tests;
