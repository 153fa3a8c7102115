//! The judges (placeholder).
use crate::bank::Ledger;
use crate::chain::Block;
use crate::trace::Event;

/// The judges.
#[derive(Clone, Debug)]
pub struct Judges {}

impl Judges {
    /// Judges who have seen nothing yet.
    pub fn new(_opening: &Ledger, _genesis: &Block) -> Self {
        Self {}
    }

    /// Looks at the next event.
    pub fn observe(&mut self, _event: &Event) {}
}
