//! What is asked of the tabs, carried out.

use super::Inner;
use crate::ui::view::explore::Ask;

impl Inner {
    /// Opens a tab, or does what is asked of one.
    pub(super) fn explore(&mut self, ask: Ask) {
        match ask {
            Ask::Open(tab) => self.watch.explore.tab = tab,
            Ask::Ledger(ask) => match ask {},
            Ask::Chain(ask) => match ask {},
            Ask::Follow(ask) => match ask {},
            Ask::Diagram(ask) => match ask {},
            Ask::Operations(ask) => match ask {},
            Ask::Charts(ask) => match ask {},
            Ask::Links(ask) => match ask {},
        }
    }
}
