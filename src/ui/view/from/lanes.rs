//! What there is to look at on an axis of time.

use crate::base::Time;
use crate::sim::Simulation;
use crate::sim::history::Branches;
use crate::trace::EventId;
use crate::ui::view::lanes::Horizon;

/// Whose events are shown: those up to the branch's end, so that of a moment of the past one sees
/// what came of it, too. Where the branch has forgotten that moment, those that led to it.
pub fn source(branches: &Branches) -> &Simulation {
    let viewed = branches.viewed();
    let (tip, shown) = (viewed.history().tip(), viewed.shown());
    let oldest = tip.trace().iter().next().map_or(tip.world().now(), |event| event.at);
    if tip.trace().forgotten() == 0 || oldest <= shown.world().now() { tip } else { shown }
}

/// When an event was, if it is still remembered.
pub fn time_of(branches: &Branches, event: u64) -> Option<Time> {
    source(branches).trace().get(EventId(event)).map(|event| event.at)
}

impl Horizon {
    /// What there is to look at in the branch that is looked at.
    pub fn of(branches: &Branches) -> Self {
        let source = source(branches);
        let moment = branches.viewed().shown().world().now();
        let oldest = source.trace().iter().next().map(|event| event.at);
        let begin = oldest.filter(|_| source.trace().forgotten() > 0).unwrap_or_default();
        let end = source.world().now();
        Self { begin: begin.min(moment), end, moment, past: branches.viewed().looks_back() }
    }
}
