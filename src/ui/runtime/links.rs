//! What is asked of the matrix of links, carried out.

use super::Inner;
use crate::sim::Action;
use crate::ui::view::from::links_of;
use crate::ui::view::links::{Ask, Links};

impl Inner {
    /// Chooses a place, or does something to the links that it stands for.
    pub(super) fn ask_of_links(&mut self, ask: Ask) {
        match ask {
            Ask::Choose(place) => self.watch.explore.links.chosen = Some(place),
            Ask::Toggle(place) => {
                let links = self.links();
                let mends = links.is_cut(place);
                for (from, to) in links.links_at(place) {
                    let is_cut = self.simulation().world().channel().is_cut(from, to);
                    if mends {
                        self.act(Action::Mend { from, to });
                    } else if !is_cut {
                        self.act(Action::Cut { from, to });
                    }
                }
            }
            Ask::Set(place, settings) => {
                for (from, to) in self.links().links_at(place) {
                    let channel = self.simulation().world().channel();
                    if settings.is_some() || channel.own_settings(from, to).is_some() {
                        self.act(Action::Link { from, to, settings });
                    }
                }
            }
        }
    }

    fn links(&self) -> Links {
        links_of(self.simulation().world(), &self.watch.explore.links)
    }
}
