//! Servers and clients as lanes, messages as slanted lines, on a true scale of time.

use crate::sim::history::Branches;
use crate::ui::view::diagram::{Diagram, Watch};

/// What it shows of the moment that is looked at.
pub fn of(_branches: &Branches, _watch: &Watch) -> Diagram {
    Diagram::default()
}
