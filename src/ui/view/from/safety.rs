//! The judges' findings, from the simulation.

use crate::check::Ruling;
use crate::sim::Simulation;
use crate::ui::view::safety::{Invariant, Safety, Violation};
use crate::ui::view::timeline::clock;

impl Safety {
    /// What the judges found so far.
    pub fn of(simulation: &Simulation) -> Self {
        let rows = simulation.judges().verdicts().map(|ruling| invariant(&ruling));
        let rules = simulation.world().config().rules;
        Self { rows: rows.collect(), rules, events: simulation.trace().last_id().0 }
    }
}

fn invariant(ruling: &Ruling) -> Invariant {
    let violation = ruling.violation.map(|violation| Violation {
        when: clock(violation.at),
        what: violation.what.clone(),
        event: violation.event.0,
    });
    Invariant {
        name: ruling.property.name(),
        says: ruling.property.meaning(),
        source: ruling.property.source(),
        checked: ruling.checked,
        violation,
    }
}
