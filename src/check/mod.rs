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

    /// The first violation of each property.
    pub fn violations(&self) -> impl Iterator<Item = &String> {
        std::iter::empty()
    }

    /// Looks at the next event.
    pub fn observe(&mut self, _event: &Event) {}
}
