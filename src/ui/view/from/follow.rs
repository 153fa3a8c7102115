//! One request's way through the bank, with the time that each part took.

use crate::sim::history::Branches;
use crate::ui::view::follow::{Follow, Watch};

/// What it shows of the moment that is looked at.
pub fn of(_branches: &Branches, _watch: &Watch) -> Follow {
    Follow::default()
}
