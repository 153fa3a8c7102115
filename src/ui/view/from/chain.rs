//! The agreed chain, the forks that were dropped, and what happens to a block that is altered.

use crate::sim::history::Branches;
use crate::ui::view::chain::{Chain, Watch};

/// What it shows of the moment that is looked at.
pub fn of(_branches: &Branches, _watch: &Watch) -> Chain {
    Chain::default()
}
