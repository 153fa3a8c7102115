//! What is asked of the tabs, carried out.

use super::Inner;
use crate::ui::browser;
use crate::ui::view::explore::{Ask, Tab};
use crate::ui::view::from::time_of;
use crate::ui::view::lanes::{self, Horizon};
use crate::ui::view::{chain, charts, diagram, follow, ledger, operations};

impl Inner {
    /// Opens a tab, or does what is asked of one.
    pub(super) fn explore(&mut self, ask: Ask) {
        match ask {
            Ask::Open(tab) => self.watch.explore.tab = tab,
            Ask::Ledger(ask) => self.ask_ledger(ask),
            Ask::Chain(ask) => self.ask_chain(ask),
            Ask::Follow(follow::Ask::Choose(id)) => self.watch.explore.follow.chosen = id,
            Ask::Follow(follow::Ask::Show(id)) => {
                self.watch.explore.follow.chosen = Some(id);
                self.watch.explore.tab = Tab::Follow;
                browser::reveal("explore");
            }
            Ask::Jump(event) => self.look_at_event(event),
            Ask::Lanes(ask) => self.pan(ask),
            Ask::Diagram(ask) => self.read_diagram(ask),
            Ask::Operations(operations::Ask::Select(id)) => {
                self.watch.explore.operations.selected = id;
            }
            Ask::Charts(charts::Ask::Zoom(window)) => self.watch.explore.charts.window = window,
            Ask::Links(ask) => self.ask_of_links(ask),
        }
    }

    fn ask_chain(&mut self, ask: chain::Ask) {
        match ask {
            chain::Ask::Tamper(ask) => self.tamper(ask),
            ask => {
                if let chain::Ask::Open(Some(_)) | chain::Ask::Find(..) = ask {
                    self.watch.explore.tab = Tab::Chain;
                }
                let tip = chain::Chain::tip_of(&self.branches);
                self.watch.explore.chain.take(ask, tip);
            }
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

    /// Looks at another stretch of time.
    pub(super) fn pan(&mut self, ask: lanes::Ask) {
        let horizon = Horizon::of(&self.branches);
        self.watch.explore.lanes = self.watch.explore.lanes.asked(ask, &horizon);
    }

    fn read_diagram(&mut self, ask: diagram::Ask) {
        let watch = &mut self.watch.explore.diagram;
        match ask {
            diagram::Ask::Show(kind, shown) => watch.wished[diagram::place_of(kind)] = Some(shown),
            diagram::Ask::Point(event) => watch.pointed = event,
            diagram::Ask::Read(event) => {
                watch.pointed = Some(event);
                if let Some(at) = time_of(&self.branches, event) {
                    self.pan(lanes::Ask::Reveal(at));
                }
            }
        }
    }
}
