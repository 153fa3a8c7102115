//! The one owner of the world: it carries out commands, and lets time pass.
//!
//! While time passes, every animation frame lets the world go on by the real time since the frame
//! before, times the speed, within a budget of work. A frame that came late, because the tab was
//! in the background or the engine had much to do, counts as a short one: the world falls behind
//! the clock on the wall, and never leaps. While time is stopped there are no frames at all.
//!
//! What moves is painted with every frame. The rest of the page is made anew some ten times a second,
//! a part in each of a few frames (`show`, [`view::turn`](super::view::turn)).
//!
//! Between the engine and the browser's storage stands a [`Mirror`]: what a server's sync makes
//! durable is written to the storage before the world hears of it. It follows the live branch alone.
//!
//! To look at the past, a seek executes the run again from a checkpoint, in portions, one a frame
//! (`travel`). So is a scenario played before it is shown (`telling`). Time that passes in the past
//! repeats what happened then, and at the end of the branch it goes on as ever.

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
mod show;
mod story;
mod tamper;
mod telling;
mod tour;
mod travel;

pub use arrive::{Keep, open_run};
pub use show::Shown;

use super::browser;
use super::command::Command;
use super::journal;
use super::motion::Painter;
use super::part::contrast::OTHER;
use super::storage::Storage;
use super::view::address::Display;
use super::view::banner::Banner;
use super::view::editor::Problem;
use super::view::from::{Watch, announce};
use super::view::guest::Guest;
use super::view::hand::Held;
use super::view::interest::Pace;
use super::view::motion::Motion;
use super::view::stage::Stage;
use super::view::timeline::SPEED_DEFAULT;
use super::view::tour::Tour;
use super::view::turn::Turn;
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

/// How many steps the engine makes between two looks at the clock.
const STEPS_A_LOOK: u32 = 16;

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
    /// When the page was made anew, and what of it comes next.
    turn: Turn,
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
    /// A story that is on its way to be shown.
    on_its_way: Option<telling::OnItsWay>,
    /// For how many scripts time passes: they wait for no reader.
    hurried: u32,
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
            turn: Turn::default(),
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
            on_its_way: None,
            hurried: 0,
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
            inner.abandon();
            (inner.seeking, inner.forgery, inner.sharing) = (None, None, None);
            inner.script.rushes_to = None;
            inner.owes_paint = false;
            inner.turn.all_is_made();
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
            let moves = moves || inner.forgery.is_some() || inner.script.rushes_to.is_some();
            let moves = moves || inner.on_its_way.is_some() || inner.turn.is_due();
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
        if self.on_its_way.is_some() {
            self.go_on_telling(WORK_MS);
        }
        if self.seeking.is_some() {
            self.go_on_seeking(WORK_MS);
        } else if self.script.rushes_to.is_some() {
            self.rush(WORK_MS);
        } else if played {
            self.remainder = exact.fract();
            let target = self.simulation().world().now() + Span::us(exact as u64);
            self.run_to(target);
        }
        self.go_on_forging();
        if played && !self.playing {
            // A story or a task has just stopped time: no later frame would say so.
            self.turn.all_at_once();
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
