//! Latency, throughput, terms, messages, mining and disks over time.

use crate::sim::history::Branches;
use crate::ui::view::charts::{Charts, Watch};

/// What it shows of the moment that is looked at.
pub fn of(_branches: &Branches, _watch: &Watch) -> Charts {
    Charts::default()
}
