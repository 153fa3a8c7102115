//! What is asked of the tabs, carried out.

use super::Inner;
use crate::ui::browser;
use crate::ui::view::explore::{Ask, Tab};
use crate::ui::view::{follow, ledger};

impl Inner {
    /// Opens a tab, or does what is asked of one.
    pub(super) fn explore(&mut self, ask: Ask) {
        match ask {
            Ask::Open(tab) => self.watch.explore.tab = tab,
            Ask::Ledger(ask) => self.ask_ledger(ask),
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

    fn ask_ledger(&mut self, ask: ledger::Ask) {
        let explore = &mut self.watch.explore;
        if let ledger::Ask::Open { .. } = ask {
            explore.tab = Tab::Ledger;
        }
        let tip = ledger::Ledger::tip_of(&self.branches);
        let watch = &mut explore.ledger;
        let first = watch.first_of(tip);
        watch.take(ask, first, tip);
    }
}
