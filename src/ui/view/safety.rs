//! The judges' findings.

use crate::base::Rules;

/// What the safety panel shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Safety {
    /// One row an invariant.
    pub rows: Vec<Invariant>,
    /// The rules of the run.
    pub rules: Rules,
    /// How many events were judged.
    pub events: u64,
}

impl Safety {
    /// How many invariants were violated.
    pub fn violated(&self) -> usize {
        self.rows.iter().filter(|row| row.violation.is_some()).count()
    }
}

/// An invariant.
#[derive(Clone, Debug, PartialEq)]
pub struct Invariant {
    /// Its name.
    pub name: &'static str,
    /// What it says, in a sentence.
    pub says: &'static str,
    /// Where it is stated.
    pub source: &'static str,
    /// How often it was put to the test.
    pub checked: u64,
    /// How it was violated first, if it was.
    pub violation: Option<Violation>,
}

/// A violation.
#[derive(Clone, Debug, PartialEq)]
pub struct Violation {
    /// When, in words.
    pub when: String,
    /// What happened.
    pub what: String,
    /// The event's number in the trace.
    pub event: u64,
}
