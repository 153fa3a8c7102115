//! What is shown, and which of it a frame makes anew.
//!
//! A part that waits for its frame, see [`Turn`](crate::ui::view::turn), is shared with what was
//! shown before, and costs its components one comparison.

use super::Inner;
use crate::sim::Config;
use crate::ui::view::address::Display;
use crate::ui::view::banner::Banner;
use crate::ui::view::branches::{BranchList, Contrast};
use crate::ui::view::editor::Problem;
use crate::ui::view::explore::Explored;
use crate::ui::view::from::Watch;
use crate::ui::view::guest::Guest;
use crate::ui::view::hand::Hands;
use crate::ui::view::motion::Motion;
use crate::ui::view::opening::Opening;
use crate::ui::view::share::Share;
use crate::ui::view::stage::Stage;
use crate::ui::view::story::Story;
use crate::ui::view::timeline::Timeline;
use crate::ui::view::tour::Card;
use crate::ui::view::turn::{Part, Work};
use crate::ui::view::{Lists, Page};
use std::rc::Rc;

/// What the page's root draws.
#[derive(Clone, PartialEq)]
pub struct Shown {
    /// The page.
    pub page: Page,
    /// The open tab of the Explore region.
    pub explored: Explored,
    /// The messages in flight, and the one in hand.
    pub hands: Rc<Hands>,
    /// Time.
    pub timeline: Rc<Timeline>,
    /// The branches of the run.
    pub branches: Rc<BranchList>,
    /// The other branch that is shown, and in what it differs.
    pub contrast: Option<Rc<Contrast>>,
    /// What somebody looks at.
    pub watch: Watch,
    /// True while time passes.
    pub playing: bool,
    /// The speed's place among those on offer.
    pub speed: usize,
    /// The speed at which time passes, and why, if it follows interest.
    pub pace: Option<Rc<str>>,
    /// The run's seed.
    pub seed: u64,
    /// The settings for the next reset.
    pub config: Rc<Config>,
    /// What must be said first.
    pub banners: Rc<Vec<Banner>>,
    /// What is said aloud.
    pub said: Rc<str>,
    /// The story that is being read.
    pub story: Option<Rc<Story>>,
    /// What is wrong with the scenario that the visitor wrote.
    pub problem: Option<Rc<Problem>>,
    /// How many scenarios were begun.
    pub begun: u32,
    /// The run as text, once somebody asked for it.
    pub run_text: Option<Rc<str>>,
    /// A short answer to the last command, if it needs one.
    pub notice: Option<Rc<str>>,
    /// What stands in the place of the visitor's own bank, if something does.
    pub guest: Option<Guest>,
    /// What is on its way to be shown.
    pub opening: Option<Opening>,
    /// The share dialog, while it is open.
    pub share: Option<Rc<Share>>,
    /// How much of the page is shown.
    pub display: Display,
    /// The guided tour's card, while somebody takes it.
    pub tour: Option<Rc<Card>>,
    /// True while the tour is offered.
    pub offer_tour: bool,
}

impl Inner {
    /// Paints, and makes anew what is due.
    pub(super) fn show_frame(&mut self, at: f64) {
        let stage = Stage::of(self.simulation().world(), &self.watch);
        let changed = stage != *self.stage;
        if changed {
            self.stage = Rc::new(stage);
        }
        match self.turn.take(at, self.playing, changed) {
            Work::Rest => {}
            Work::Picture => self.redraw(),
            Work::Head => self.refresh_head(),
            Work::Part(part) => self.refresh_part(part),
            Work::All => self.refresh(),
        }
        self.paint();
    }

    pub(super) fn paint(&mut self) {
        self.motion = Motion::of(self.branches.shown(), &self.stage);
        self.painter.paint(&self.stage, &self.motion, self.held.map(|held| held.message));
        self.paint_other();
    }

    /// Makes the whole page anew.
    pub(super) fn refresh(&mut self) {
        self.turn.all_is_made();
        self.notice_what_happened();
        let page = Page::of(self.simulation(), &self.watch, &|key| self.kept(key));
        let explored = Explored::of(&self.branches, &self.watch);
        let branches = Rc::new(BranchList::of(&self.branches));
        let shown = self.with_head(page, explored, branches);
        self.put(shown);
    }

    /// Makes the picture anew, and what stands about it.
    fn refresh_head(&mut self) {
        let Some(shown) = self.shown.clone() else { return self.refresh() };
        self.notice_what_happened();
        let (stage, clients) = (self.stage.clone(), shown.page.clients.clone());
        let lists = shown.page.lists.clone();
        let page = Page::around(stage, clients, lists, self.simulation(), &self.watch);
        let shown = self.with_head(page, shown.explored.clone(), shown.branches.clone());
        self.put(shown);
    }

    /// Makes a part anew that had to wait.
    fn refresh_part(&mut self, part: Part) {
        let Some(shown) = self.shown.clone() else { return self.refresh() };
        let mut shown = (*shown).clone();
        match part {
            Part::Clients => shown.page.clients = Page::clients_of(self.simulation()),
            Part::Tab => shown.explored = Explored::of(&self.branches, &self.watch),
            Part::Inspector => {
                let (log, kept) = (shown.page.lists.log.clone(), |key: &str| self.kept(key));
                shown.page.lists = Lists::around(log, self.simulation(), &self.watch, &kept);
                shown.branches = Rc::new(BranchList::of(&self.branches));
            }
            Part::Log => shown.page.lists.log = Lists::log_of(self.simulation(), &self.watch),
        }
        self.put(shown);
    }

    fn notice_what_happened(&mut self) {
        self.listen();
        self.name_window();
        self.tend_hand();
    }

    /// What is shown, with everything new that is in no part of its own.
    fn with_head(&mut self, mut page: Page, explored: Explored, branches: Rc<BranchList>) -> Shown {
        let story = self.story();
        if let Some(story) = &story {
            story.cover(&mut page);
        }
        self.stage = page.stage.clone();
        Shown {
            page,
            explored,
            hands: Rc::new(Hands::of(self.simulation(), self.held.as_ref(), &self.stage)),
            timeline: Rc::new(Timeline::of(&self.branches, self.goes_to())),
            branches,
            contrast: Contrast::of(&self.branches, &self.watch).map(Rc::new),
            watch: self.watch.clone(),
            playing: self.playing,
            speed: self.speed,
            pace: self.pace_in_words(),
            seed: self.simulation().world().seed(),
            config: Rc::new(self.config.clone()),
            banners: Rc::new(self.banners()),
            said: self.said.clone(),
            story,
            problem: self.problem.clone(),
            begun: self.begun,
            run_text: self.run_text.clone(),
            notice: self.notice.clone(),
            guest: self.guest.clone(),
            opening: self.how_far(),
            share: self.share_dialog(),
            display: self.display,
            tour: self.tour_card(),
            offer_tour: self.offer_tour && self.tour.is_none() && self.display == Display::Page,
        }
    }

    /// Shows the open tab anew, and everything else as it was.
    pub(super) fn explore_anew(&mut self) {
        if let Some(shown) = self.shown.clone() {
            let explored = Explored::of(&self.branches, &self.watch);
            self.put(Shown { explored, watch: self.watch.clone(), ..(*shown).clone() });
        }
    }

    /// Shows how far what is opened or sealed is, and everything else as it was.
    pub(super) fn show_how_far(&mut self) {
        if let Some(shown) = self.shown.clone() {
            let (opening, share) = (self.how_far(), self.share_dialog());
            self.put(Shown { opening, share, ..(*shown).clone() });
        }
    }

    /// Shows the picture anew, and everything else as it was.
    fn redraw(&mut self) {
        if let Some(shown) = self.shown.clone() {
            let page = Page { stage: self.stage.clone(), ..shown.page.clone() };
            self.put(Shown { page, ..(*shown).clone() });
        }
    }

    fn put(&mut self, shown: Shown) {
        let shown = Rc::new(shown);
        self.shown = Some(shown.clone());
        (self.show)(shown);
    }
}
