//! The tab that is open, from the run.

use super::{Watch, chain, charts, diagram, follow, ledger, links, operations};
use crate::sim::history::Branches;
use crate::ui::view::explore::{Explored, Tab};
use std::rc::Rc;

impl Explored {
    /// What the open tab shows.
    pub fn of(branches: &Branches, all: &Watch) -> Self {
        let watch = &all.explore;
        match watch.tab {
            Tab::Ledger => Self::Ledger(Rc::new(ledger::of(branches, &watch.ledger))),
            Tab::Chain => Self::Chain(Rc::new(chain::of(branches, &watch.chain))),
            Tab::Follow => Self::Follow(Rc::new(follow::of(branches, &watch.follow))),
            Tab::Diagram => Self::Diagram(Rc::new(diagram::of(branches, all))),
            Tab::Operations => Self::Operations(Rc::new(operations::of(branches, all))),
            Tab::Charts => Self::Charts(Rc::new(charts::of(branches, &watch.charts))),
            Tab::Links => Self::Links(Rc::new(links::of(branches, &watch.links))),
        }
    }
}
