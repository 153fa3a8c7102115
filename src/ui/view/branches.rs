//! The branches of a run, and two of them side by side.

use super::stage::Stage;
use crate::sim::history::BranchId;
use std::rc::Rc;

/// The list of branches. Without a branch beside the first there is nothing to list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BranchList {
    /// In the order in which they were made.
    pub rows: Vec<BranchRow>,
}

/// A branch.
#[derive(Clone, Debug, PartialEq)]
pub struct BranchRow {
    /// Which.
    pub id: BranchId,
    /// Its name.
    pub name: Rc<str>,
    /// True if the browser keeps this one.
    pub live: bool,
    /// True if it is looked at.
    pub viewed: bool,
    /// True if it is shown beside the one that is looked at.
    pub compared: bool,
    /// Where it came from and how far it has come, in words.
    pub came: String,
    /// Where it begins on a strip as long as the longest branch, 0 to 1.
    pub from: f64,
    /// Where it ends there.
    pub to: f64,
    /// The moment of it that is shown, if it is.
    pub at: Option<f64>,
}

/// Two branches side by side.
#[derive(Clone, Debug, PartialEq)]
pub struct Contrast {
    /// The name of the one that is looked at.
    pub left: Rc<str>,
    /// The name of the other.
    pub right: Rc<str>,
    /// The time of both; or that the other ended before.
    pub when: String,
    /// How much of their chains is the same, in a sentence.
    pub common: String,
    /// The picture of the other.
    pub stage: Rc<Stage>,
    /// What is compared.
    pub rows: Vec<ContrastRow>,
}

/// One thing in both branches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContrastRow {
    /// What it is.
    pub what: String,
    /// In the one.
    pub left: String,
    /// In the other.
    pub right: String,
}

impl ContrastRow {
    /// True if it is not the same in both.
    pub fn differs(&self) -> bool {
        self.left != self.right
    }
}

impl Contrast {
    /// How many of the rows differ.
    pub fn differences(&self) -> usize {
        self.rows.iter().filter(|row| row.differs()).count()
    }
}
