//! The guided tour, in a bank of its own: a guest, so that the visitor's bank waits as it is.

use super::Inner;
use crate::sim::history::History;
use crate::sim::{Config, Disks, Simulation};
use crate::ui::browser;
use crate::ui::command::TourCommand;
use crate::ui::view::guest::{Guest, Origin};
use crate::ui::view::timeline::SPEED_DEFAULT;
use crate::ui::view::tour::{Card, Tour};
use std::rc::Rc;

/// Where the browser keeps that the tour was offered. No key of the bank's: those begin with
/// another prefix, see [`crate::disk::layout`].
const KEY: &str = "raftbank-tour";

/// The seed of the tour's bank.
const SEED: u64 = 42;

impl Inner {
    pub(super) fn tour(&mut self, what: TourCommand) {
        match what {
            TourCommand::Begin => self.begin_tour(),
            TourCommand::Continue => {
                let goes_on =
                    self.tour.as_mut().is_none_or(|tour| tour.go_on(self.branches.shown()));
                if goes_on { self.play(true) } else { self.end_tour() }
            }
            TourCommand::Back => {
                if let Some(tour) = &mut self.tour {
                    tour.go_back();
                }
            }
            TourCommand::End => self.end_tour(),
            TourCommand::Decline => self.remember_tour(),
        }
    }

    /// The card, after a look at what has happened.
    pub(super) fn tour_card(&mut self) -> Option<Rc<Card>> {
        let tour = self.tour.as_mut()?;
        tour.look(self.branches.shown());
        Some(Rc::new(tour.card(self.branches.shown())))
    }

    fn begin_tour(&mut self) {
        self.remember_tour();
        let simulation = Simulation::new(Config::default(), SEED, Disks::default());
        let simulation = simulation.expect("the default settings begin a world");
        self.invite(History::new(simulation), Guest::of(Origin::Tour, None));
        self.skip_quiet();
        self.tour = Some(Tour::begin());
        self.speed = SPEED_DEFAULT;
        self.play(true);
    }

    /// Ends the tour. Its bank stays, to be played with, until the visitor goes home.
    fn end_tour(&mut self) {
        self.tour = None;
    }

    fn remember_tour(&mut self) {
        self.offer_tour = false;
        browser::keep(KEY, "seen");
    }
}

/// True if nobody has been offered the tour in this browser.
pub(super) fn is_new() -> bool {
    browser::kept(KEY).is_none()
}
