//! Every directed link as a cell: up or down, delay, loss.

use crate::sim::history::Branches;
use crate::ui::view::links::{Links, Watch};

/// What it shows of the moment that is looked at.
pub fn of(_branches: &Branches, _watch: &Watch) -> Links {
    Links::default()
}
