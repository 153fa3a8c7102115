//! What clients asked and were answered, as operations in time, with the verdict.
//!
//! One lane a client, and in it as many rows as operations overlap. An operation is a bar from the
//! question to the answer; within it stands the moment at which it took effect: when its block was
//! committed, or, for a balance, a moment at which that was the balance. That there is such a
//! moment in each bar is what linearizability says.

use super::faults::Fault;
use super::lanes::{Buttons, Horizon, Window};
use crate::bank::RequestId;
use std::cmp::Ordering;

/// The most operations that are shown.
pub const OPERATIONS_MAX: usize = 240;

/// The most rows of a client.
pub const ROWS_MAX: usize = 6;

/// What somebody looks at in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Watch {
    /// The operation that is looked at.
    pub selected: Option<RequestId>,
}

/// What is asked of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// To look at an operation, or at none.
    Select(Option<RequestId>),
}

/// What it shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Operations {
    /// What there is to look at.
    pub horizon: Horizon,
    /// The stretch that is looked at.
    pub window: Window,
    /// What the buttons beside it can do.
    pub buttons: Buttons,
    /// The clients, from above.
    pub lanes: Vec<Lane>,
    /// How many rows all lanes have.
    pub rows: usize,
    /// The operations, by client and in the order of asking.
    pub operations: Vec<Operation>,
    /// How many operations there is no room for.
    pub left_out: usize,
    /// Where operations took effect, in that order: the part of the width and the row. It is there
    /// while one of them is looked at.
    pub order: Vec<(f64, usize)>,
    /// What befell the cluster meanwhile, and its rows.
    pub faults: Vec<(Fault, usize)>,
    /// What the judges say.
    pub verdict: Verdict,
    /// The operation that is looked at.
    pub details: Option<Details>,
    /// How many events are no longer in memory.
    pub forgotten: u64,
}

/// A client's rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    /// Its name.
    pub name: String,
    /// How many rows stand above it.
    pub top: usize,
    /// How many rows it has.
    pub rows: usize,
}

/// What a client asked, and what came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// Its name.
    pub id: RequestId,
    /// Its row, counted over all lanes.
    pub row: usize,
    /// Where it begins, as a part of the width; below 0 if that is before the window.
    pub from: f64,
    /// Where it ends; above 1 if that is after the window.
    pub to: f64,
    /// Where it took effect, if it did.
    pub point: Option<f64>,
    /// What was asked.
    pub asked: String,
    /// What was answered.
    pub answer: String,
    /// What came of it.
    pub outcome: Outcome,
    /// What it has to do with the first broken promise.
    pub guilt: Guilt,
    /// The whole of it, in words.
    pub name: String,
    /// The event to go to.
    pub event: u64,
}

/// What came of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was applied.
    Applied,
    /// It was refused at its place in the chain.
    Refused,
    /// It was told a balance.
    Told,
    /// It could never be carried out, or its outcome is forgotten.
    Void,
    /// It has no answer.
    Open,
}

impl Outcome {
    /// The name of its style.
    pub fn class(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Refused => "refused",
            Self::Told => "told",
            Self::Void => "void",
            Self::Open => "open",
        }
    }
}

/// What an operation has to do with the first broken promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guilt {
    /// Nothing.
    None,
    /// It is the one that cannot be.
    Wrong,
    /// It had been answered so that the other cannot be.
    Witness,
}

impl Guilt {
    /// The name of its style.
    pub fn class(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Wrong => Some("wrong"),
            Self::Witness => Some("witness"),
        }
    }
}

/// What the judges say of the run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// In a sentence.
    pub says: String,
    /// True if there is nothing to judge yet.
    pub waits: bool,
    /// How the history is not that of one bank, if it is not.
    pub violation: Option<Violation>,
}

/// The first error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// What is wrong.
    pub what: String,
    /// The event that showed it.
    pub event: u64,
    /// The operation that cannot be.
    pub id: Option<RequestId>,
}

/// The operation that is looked at, with its moments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Details {
    /// Which.
    pub id: RequestId,
    /// The whole of it, in words.
    pub says: String,
    /// What happened when: what, the time in words, the event if it is still known.
    pub moments: Vec<(&'static str, String, Option<u64>)>,
}

impl Operations {
    /// The operation that was asked before another or after it; the last or the first one if none
    /// is looked at.
    pub fn step(&self, from: Option<RequestId>, forward: bool) -> Option<&Operation> {
        let own = self.operations.iter().find(|one| Some(one.id) == from);
        let order = |one: &&Operation, other: &&Operation| {
            one.from.total_cmp(&other.from).then(one.id.cmp(&other.id))
        };
        let wanted = if forward { Ordering::Greater } else { Ordering::Less };
        let further = self.operations.iter();
        let further = further.filter(|one| own.is_none_or(|own| order(one, &own) == wanted));
        if forward { further.min_by(order) } else { further.max_by(order) }
    }

    /// The operation of a neighbouring row that is nearest in time.
    pub fn neighbour(&self, from: Option<RequestId>, down: bool) -> Option<&Operation> {
        let Some(own) = self.operations.iter().find(|one| Some(one.id) == from) else {
            return self.step(None, false);
        };
        let beyond = |row: usize| if down { row > own.row } else { row < own.row };
        let rows = self.operations.iter().map(|one| one.row).filter(|row| beyond(*row));
        let next = if down { rows.min() } else { rows.max() }?;
        let there = self.operations.iter().filter(|one| one.row == next);
        let away = |one: &Operation| (one.from - own.from).abs();
        there.min_by(|one, other| away(one).total_cmp(&away(other)))
    }
}
