//! The one owner of the world: it carries out commands, and lets time pass.
//!
//! While time passes, every animation frame lets the world go on by the real time since the frame
//! before, times the speed, within a budget of work. A frame that came late, because the tab was
//! in the background or the engine had much to do, counts as a short one: the world falls behind
//! the clock on the wall, and never leaps. While time is stopped there are no frames at all.
//!
//! What moves is painted with every frame. The rest of the page is made anew when the picture
//! changes, and otherwise some ten times a second.
//!
//! Between the engine and the browser's storage stands a [`Mirror`]: what a server's sync makes
//! durable is written to the storage before the world hears of it. It follows the live branch alone.
//!
//! To look at the past, a seek executes the run again from a checkpoint, in portions, one a frame
//! (`travel`). Time that passes in the past repeats what happened then, and at the end of the branch
//! it goes on as ever.

mod arrive;
mod carry_out;
mod display;
mod explore;
mod files;
mod guest;
mod hand;
mod keys;
mod links;
mod open;
mod pace;
mod run_for;
mod script;
mod share;
mod story;
mod tamper;
mod tour;
mod travel;

pub use arrive::{Keep, open_run};

use super::browser;
use super::command::Command;
use super::journal;
use super::motion::Painter;
use super::part::contrast::OTHER;
use super::storage::Storage;
use super::view::Page;
use super::view::address::Display;
use super::view::banner::Banner;
use super::view::branches::{BranchList, Contrast};
use super::view::editor::Problem;
use super::view::explore::Explored;
use super::view::from::{Watch, announce};
use super::view::guest::Guest;
use super::view::hand::{Hands, Held};
use super::view::interest::Pace;
use super::view::motion::Motion;
use super::view::share::Share;
use super::view::stage::Stage;
use super::view::story::Story;
use super::view::timeline::{SPEED_DEFAULT, Timeline};
use super::view::tour::{Card, Tour};
use crate::base::{Span, Time};
use crate::chain::forge::Forgery;
use crate::sim::history::{Branches, History};
use crate::sim::{Config, Down, Mirror, Simulation};
use crate::trace::{EventId, StopReason};
use gloo_render::{AnimationFrame, request_animation_frame};
use std::cell::RefCell;
use std::rc::Rc;

/// The most engine work in a frame, in milliseconds.
const WORK_MS: f64 = 8.0;

/// The most real time that a frame counts for, in milliseconds.
const FRAME_MS_MAX: f64 = 100.0;

/// How often, in milliseconds, the page is made anew while only small things change.
const REFRESH_MS: f64 = 100.0;

/// How often, in milliseconds, the picture is drawn anew at most, when what stands in it changes.
const REDRAW_MS: f64 = 50.0;

/// How many steps the engine makes between two looks at the clock.
const STEPS_A_LOOK: u32 = 16;

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
    /// How much of a run on its way has been replayed, from 0 to 1.
    pub opening: Option<f64>,
    /// The share dialog, while it is open.
    pub share: Option<Rc<Share>>,
    /// How much of the page is shown.
    pub display: Display,
    /// The guided tour's card, while somebody takes it.
    pub tour: Option<Rc<Card>>,
    /// True while the tour is offered.
    pub offer_tour: bool,
}

/// The owner, as components and frames hold it.
#[derive(Clone)]
pub struct Runtime(Rc<RefCell<Inner>>);

pub(super) struct Inner {
    branches: Branches,
    mirror: Mirror<Storage>,
    /// On the way to a moment of the past.
    seeking: Option<travel::Seeking>,
    /// The settings for the next reset.
    config: Config,
    watch: Watch,
    playing: bool,
    speed: usize,
    /// How much quicker than that time passes, if it follows interest.
    slows: Option<Pace>,
    /// Virtual time that passed in parts of a microsecond.
    remainder: f64,
    last_frame: Option<f64>,
    last_refresh: f64,
    last_redraw: f64,
    stage: Rc<Stage>,
    painter: Painter,
    /// What moved, as it was painted last.
    motion: Motion,
    /// The message that somebody holds.
    held: Option<Held>,
    /// Paints the other branch, while two are shown.
    other_painter: Painter,
    /// What the storage said when it was opened.
    lasting: Vec<Banner>,
    said: Rc<str>,
    heard: EventId,
    notice: Option<Rc<str>>,
    script: script::Script,
    /// True while time passes for a script, which waits for no reader.
    hurried: bool,
    /// What is wrong with the scenario that was to be played last.
    problem: Option<Rc<Problem>>,
    begun: u32,
    run_text: Option<Rc<str>>,
    guest: Option<Guest>,
    /// The visitor's own bank, while a guest is shown.
    aside: Option<guest::Aside>,
    opening: arrive::Opening,
    sharing: Option<share::Sharing>,
    /// Counts share dialogs and wishes.
    tickets: u64,
    display: Display,
    /// Blocks that somebody mines again to put them on a disk.
    forgery: Option<Forgery>,
    tour: Option<Tour>,
    offer_tour: bool,
    /// The window's title, as it was set last.
    title: String,
    show: Box<dyn Fn(Rc<Shown>)>,
    /// What was shown last.
    shown: Option<Rc<Shown>>,
    frame: Option<AnimationFrame>,
    /// True if what is shown was drawn anew: what moves must be painted once that is there.
    owes_paint: bool,
}

impl Runtime {
    /// Opens the bank that is kept, or a new one, and tells `show` of every new state.
    pub fn open(show: impl Fn(Rc<Shown>) + 'static) -> Self {
        let display = Display::of(&browser::address());
        let opened = open::open(display);
        journal::begin(&opened.simulation);
        let watch = Watch { form: browser::form(display), ..Watch::default() };
        let stage = Rc::new(Stage::of(opened.simulation.world(), &watch));
        let inner = Inner {
            config: opened.simulation.world().config().clone(),
            branches: Branches::new(History::new(opened.simulation)),
            seeking: None,
            mirror: Mirror::new(opened.storage),
            watch,
            // A frame in another page does not move before somebody asks.
            playing: display != Display::Embed,
            speed: SPEED_DEFAULT,
            slows: None,
            remainder: 0.0,
            last_frame: None,
            last_refresh: 0.0,
            last_redraw: 0.0,
            shown: None,
            stage,
            painter: Painter::new(""),
            motion: Motion::default(),
            held: None,
            other_painter: Painter::new(OTHER),
            lasting: opened.banners,
            said: "".into(),
            heard: EventId(0),
            notice: None,
            script: script::Script::default(),
            hurried: false,
            problem: None,
            begun: 0,
            run_text: None,
            guest: None,
            aside: None,
            opening: arrive::Opening::default(),
            sharing: None,
            tickets: 0,
            display,
            forgery: None,
            tour: None,
            offer_tour: display == Display::Page && tour::is_new(),
            title: String::new(),
            show: Box::new(show),
            frame: None,
            owes_paint: false,
        };
        let runtime = Self(Rc::new(RefCell::new(inner)));
        runtime.with(|inner| {
            inner.settle_in();
            inner.switch_on(opened.on);
            inner.skip_quiet();
            inner.dress();
            inner.refresh();
        });
        arrive::open_what_is_asked_for(&runtime);
        runtime.ask_for_frame();
        runtime
    }

    /// Carries out a command.
    pub fn send(&self, command: Command) {
        self.with(|inner| inner.carry_out(command, self));
        self.ask_for_frame();
    }

    /// Ends: no frame comes any more, and nothing is shown.
    pub fn close(&self) {
        self.with(|inner| {
            inner.playing = false;
            inner.seeking = None;
            inner.owes_paint = false;
            inner.frame = None;
            inner.show = Box::new(|_| {});
        });
    }

    /// Does something with the world, unless it is broken.
    pub(super) fn with<T>(&self, what: impl FnOnce(&mut Inner) -> T) -> Option<T> {
        let mut inner = self.0.try_borrow_mut().ok()?;
        (!journal::is_broken()).then(|| what(&mut inner))
    }

    /// Asks the browser for the next frame, if time passes and none is asked for yet.
    pub(super) fn ask_for_frame(&self) {
        self.with(|inner| {
            let moves = inner.playing || inner.seeking.is_some() || inner.owes_paint;
            let moves = moves || inner.forgery.is_some();
            if moves && inner.frame.is_none() {
                let runtime = self.clone();
                inner.frame = Some(request_animation_frame(move |at| {
                    runtime.with(|inner| inner.pass_frame(at));
                    runtime.ask_for_frame();
                }));
            }
        });
    }
}

impl Inner {
    /// What is looked at: the end of a branch, or a moment of its past.
    pub fn simulation(&self) -> &Simulation {
        self.branches.shown()
    }

    /// The run and what came of it.
    pub fn branches(&self) -> &Branches {
        &self.branches
    }

    /// The branch that is looked at, up to its end.
    pub fn tip(&self) -> &Simulation {
        self.branches.viewed().history().tip()
    }

    /// A frame: some virtual time passes, and what moved is painted.
    fn pass_frame(&mut self, at: f64) {
        self.frame = None;
        self.owes_paint = false;
        let before = self.last_frame.replace(at).unwrap_or(at);
        let passed = (at - before).clamp(0.0, FRAME_MS_MAX);
        let exact = passed * self.chosen_speed() * self.gather_pace(passed) + self.remainder;
        let played = self.playing;
        if self.seeking.is_some() {
            self.go_on_seeking(WORK_MS);
        } else if played {
            self.remainder = exact.fract();
            let target = self.simulation().world().now() + Span::us(exact as u64);
            self.run_to(target);
        }
        self.go_on_forging();
        if played && !self.playing {
            // A story or a task has just stopped time: no later frame would say so.
            self.last_refresh = f64::NEG_INFINITY;
        }
        self.show_frame(at);
    }

    /// Lets the world go on to a time, unless the work takes too long; true if it got there.
    fn run_until(&mut self, target: Time, work_ms: f64) -> bool {
        let end = browser::clock_ms() + work_ms;
        loop {
            for _ in 0..STEPS_A_LOOK {
                if !self.step_by(target) {
                    self.rest_until(target);
                    journal::note(self.tip());
                    return self.follow(end);
                }
            }
            journal::note(self.tip());
            if browser::clock_ms() >= end {
                return false;
            }
        }
    }

    /// Paints, and makes the page anew if it is time for that.
    fn show_frame(&mut self, at: f64) {
        let stage = Stage::of(self.simulation().world(), &self.watch);
        let changed = stage != *self.stage;
        if changed {
            self.stage = Rc::new(stage);
        }
        if at - self.last_refresh >= REFRESH_MS {
            self.last_refresh = at;
            self.last_redraw = at;
            self.refresh();
        } else if changed && at - self.last_redraw >= REDRAW_MS {
            self.last_redraw = at;
            self.redraw();
        }
        self.paint();
    }

    fn paint(&mut self) {
        self.motion = Motion::of(self.branches.shown(), &self.stage);
        self.painter.paint(&self.stage, &self.motion, self.held.map(|held| held.message));
        self.paint_other();
    }

    /// Makes the page anew.
    pub(super) fn refresh(&mut self) {
        self.listen();
        self.name_window();
        self.tend_hand();
        let story = self.story();
        let mut page = Page::of(self.simulation(), &self.watch, &|key| self.kept(key));
        if let Some(story) = &story {
            story.cover(&mut page);
        }
        self.stage = page.stage.clone();
        let shown = Shown {
            page,
            explored: Explored::of(&self.branches, &self.watch),
            hands: Rc::new(Hands::of(self.simulation(), self.held.as_ref(), &self.stage)),
            timeline: Rc::new(Timeline::of(&self.branches, self.goes_to())),
            branches: Rc::new(BranchList::of(&self.branches)),
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
            opening: self.opening.progress,
            share: self.sharing.as_ref().map(|sharing| sharing.share.clone()),
            display: self.display,
            tour: self.tour_card(),
            offer_tour: self.offer_tour && self.tour.is_none() && self.display == Display::Page,
        };
        self.put(shown);
    }

    /// Shows the open tab anew, and everything else as it was.
    pub(super) fn explore_anew(&mut self) {
        if let Some(shown) = self.shown.clone() {
            let explored = Explored::of(&self.branches, &self.watch);
            self.put(Shown { explored, watch: self.watch.clone(), ..(*shown).clone() });
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

    /// Takes note of what is to be said aloud of the events since the last look.
    fn listen(&mut self) {
        let mut news: Vec<String> =
            self.simulation().trace().after(self.heard).filter_map(announce).collect();
        let violations = self.simulation().judges().violations();
        let fresh = violations.filter(|violation| violation.event > self.heard);
        news.extend(fresh.map(|violation| format!("{} is violated", violation.property)));
        self.heard = self.simulation().trace().last_id();
        // After a leap of many events, the last ones are what counts.
        let newest = &news[news.len().saturating_sub(3)..];
        if !newest.is_empty() {
            self.said = newest.join(". ").into();
        }
    }

    /// What must be said first: what the storage said, and what stopped servers.
    fn banners(&self) -> Vec<Banner> {
        let mut banners = self.lasting.clone();
        let mut full = Vec::new();
        for (id, node) in self.simulation().world().nodes() {
            match node.down() {
                Some(Down::Stopped(StopReason::DiskFull { .. })) => full.push(id.to_string()),
                Some(Down::Stopped(StopReason::Unreadable(what))) => {
                    let key = format!("{}{}", crate::disk::layout::server_prefix(id), what.key);
                    banners.push(Banner::Unreadable { key, why: what.why.clone() });
                }
                _ => {}
            }
        }
        if !full.is_empty() {
            banners.push(Banner::Full { servers: full.join(", ") });
        }
        banners
    }
}
