//! What clients asked and were answered, as operations in time, with the verdict.

use crate::sim::history::Branches;
use crate::ui::view::operations::{Operations, Watch};

/// What it shows of the moment that is looked at.
pub fn of(_branches: &Branches, _watch: &Watch) -> Operations {
    Operations::default()
}
