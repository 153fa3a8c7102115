//! All servers' logs side by side, aligned on height.

use crate::sim::history::Branches;
use crate::ui::view::ledger::{Ledger, Watch};

/// What it shows of the moment that is looked at.
pub fn of(_branches: &Branches, _watch: &Watch) -> Ledger {
    Ledger::default()
}
