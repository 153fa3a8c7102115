//! What is asked of the tabs, carried out.

use super::Inner;
use crate::ui::browser;
use crate::ui::view::explore::{Ask, Tab};
use crate::ui::view::follow;

impl Inner {
    /// Opens a tab, or does what is asked of one.
    pub(super) fn explore(&mut self, ask: Ask) {
        match ask {
            Ask::Open(tab) => self.watch.explore.tab = tab,
            Ask::Ledger(ask) => match ask {},
            Ask::Chain(ask) => match ask {},
            Ask::Follow(follow::Ask::Choose(id)) => self.watch.explore.follow.chosen = id,
            Ask::Follow(follow::Ask::Show(id)) => {
                self.watch.explore.follow.chosen = Some(id);
                self.watch.explore.tab = Tab::Follow;
                browser::reveal("explore");
            }
            Ask::Diagram(ask) => match ask {},
            Ask::Operations(ask) => match ask {},
            Ask::Charts(ask) => match ask {},
            Ask::Links(ask) => match ask {},
        }
    }
}
