//! Runs that arrive from elsewhere: by a link, from a file, from a script.
//!
//! Nothing changes before a run has been replayed to its end. If its seal does not hold, or it
//! cannot be repeated exactly, it is still shown as well as it can be, and the page says so. A
//! second run that arrives meanwhile takes the first one's place.

use super::{Inner, Runtime, script::Script};
use crate::sim::history::{Branches, History};
use crate::sim::run::{Finding, Look};
use crate::sim::{Replay, Run, RunError, Simulation, Stamped};
use crate::ui::browser;
use crate::ui::deflate;
use crate::ui::journal;
use crate::ui::view::address;
use crate::ui::view::banner::Banner;
use crate::ui::view::guest::{Guest, Origin, Trust};
use crate::ui::view::timeline::{SPEEDS, nearest_speed};
use crate::ui::view::words::sentence;
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen_futures::spawn_local;

/// How many steps of a replay are made between two looks at the clock.
const STEPS_A_LOOK: u64 = 500;

/// The engine work between two turns of the browser, in milliseconds.
const SLICE_MS: f64 = 12.0;

/// Where the world of a run that is opened is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// In the place of the bank before it. Such a run must be repeated exactly.
    InItsPlace,
    /// In memory, while the visitor's own bank waits.
    AsGuest(Origin),
}

/// A run on its way.
#[derive(Debug, Default)]
pub(super) struct Opening {
    /// Counts what was opened, so that what was overtaken ends.
    ticket: u64,
    /// How much of the one under way has been replayed.
    pub(super) progress: Option<f64>,
}

/// Why a replay did not come to its end.
enum Ended {
    /// Another run was opened, or nobody waits for it any more.
    Overtaken,
    /// The run forbids it.
    Wrong(RunError),
}

impl From<RunError> for Ended {
    fn from(error: RunError) -> Self {
        Self::Wrong(error)
    }
}

/// A run that has been replayed, ready to be shown.
struct Arrived {
    history: History,
    /// What is to be done again while somebody watches.
    to_come: Vec<Stamped>,
    name: Option<String>,
    look: Look,
    finding: Finding,
}

/// Opens what the page was loaded for: a run from before a bug, or the one in its address.
pub fn open_what_is_asked_for(runtime: &Runtime) {
    match journal::take_kept() {
        Some(run) => open_run(runtime, &run, Keep::AsGuest(Origin::Bug), |_| {}),
        None => open_link(runtime),
    }
}

/// Opens the run in the page's address, if there is one. Where the link is broken, the bank that
/// is shown goes on.
pub fn open_link(runtime: &Runtime) {
    let address = browser::address();
    let Some(code) = address::run_code(&address).map(str::to_owned) else { return };
    let runtime = runtime.clone();
    spawn_local(async move {
        match deflate::read(&code).await {
            Ok(text) => open_run(&runtime, &text, Keep::AsGuest(Origin::Link), |_| {}),
            Err(why) => complain(&runtime, format!("The link cannot be read: {why}.")),
        }
    });
}

/// Replays a run in portions, then shows it, paused. It begins once whoever asks has let go of the
/// world, so that a command may ask too.
pub fn open_run(
    runtime: &Runtime,
    text: &str,
    keep: Keep,
    done: impl FnOnce(Result<(), String>) + 'static,
) {
    let runtime = runtime.clone();
    let run = Run::from_json(text);
    spawn_local(async move {
        let Some(ticket) = runtime.with(Inner::begin_opening) else { return };
        let arrived = match run {
            Ok(run) => arrive(&runtime, run, keep, ticket).await,
            Err(error) => Err(error.into()),
        };
        runtime.with(|inner| inner.end_opening(ticket));
        match arrived {
            Ok(arrived) => {
                runtime.with(|inner| inner.welcome(arrived, keep));
                done(Ok(()));
            }
            Err(Ended::Overtaken) => done(Err("another run was opened meanwhile".to_owned())),
            Err(Ended::Wrong(error)) => {
                complain(&runtime, sentence(&error.to_string()));
                done(Err(error.to_string()));
            }
        }
    });
}

/// Replays a run to its end, and again to the moment at which it wants to be shown.
async fn arrive(runtime: &Runtime, run: Run, keep: Keep, ticket: u64) -> Result<Arrived, Ended> {
    let replayed = match replay(runtime, run.clone().replay_sealing()?, ticket).await {
        Err(Ended::Wrong(RunError::Stamps | RunError::Action(..))) if keep != Keep::InItsPlace => {
            replay(runtime, run.clone().replay_sealing()?.by_times(), ticket).await?
        }
        other => other?,
    };
    let finding = replayed.finding();
    let (name, look) = (run.name.clone(), run.look.clone());
    let as_it_was = !matches!(finding, Finding::Differs { .. });
    if let Some(from) = look.from.filter(|_| as_it_was) {
        let (before, to_come) = run.split_at(from);
        // A moment that contradicts the run is no moment of it: then the end is shown.
        match replay(runtime, before.replay()?, ticket).await {
            Ok(begun) => {
                let history = remember(runtime, begun.into_simulation(), ticket).await?;
                return Ok(Arrived { history, to_come, name, look, finding });
            }
            Err(Ended::Wrong(_)) => {}
            Err(overtaken) => return Err(overtaken),
        }
    }
    let history = remember(runtime, replayed.into_simulation(), ticket).await?;
    Ok(Arrived { history, to_come: Vec::new(), name, look, finding })
}

/// Lets a run that has come to its end happen once more, with its history.
async fn remember(runtime: &Runtime, end: Simulation, ticket: u64) -> Result<History, Ended> {
    let mut replay = History::replay(end.to_run())?;
    loop {
        let end = browser::clock_ms() + SLICE_MS;
        while browser::clock_ms() < end {
            if replay.advance(STEPS_A_LOOK)? {
                return Ok(replay.into_history());
            }
        }
        if runtime.with(|inner| inner.note_opening(ticket, 1.0)) != Some(true) {
            return Err(Ended::Overtaken);
        }
        TimeoutFuture::new(0).await;
    }
}

async fn replay(runtime: &Runtime, mut replay: Replay, ticket: u64) -> Result<Replay, Ended> {
    loop {
        let end = browser::clock_ms() + SLICE_MS;
        while browser::clock_ms() < end {
            if replay.advance(STEPS_A_LOOK)? {
                return Ok(replay);
            }
        }
        let progress = replay.progress();
        if runtime.with(|inner| inner.note_opening(ticket, progress)) != Some(true) {
            return Err(Ended::Overtaken);
        }
        TimeoutFuture::new(0).await;
    }
}

impl Inner {
    fn begin_opening(&mut self) -> u64 {
        self.opening.ticket += 1;
        self.opening.progress = None;
        self.on_its_way = None;
        self.opening.ticket
    }

    /// Takes note of how far a replay is; false if nobody waits for it any more.
    fn note_opening(&mut self, ticket: u64, progress: f64) -> bool {
        if ticket != self.opening.ticket {
            return false;
        }
        self.opening.progress = Some(progress);
        self.show_how_far();
        true
    }

    fn end_opening(&mut self, ticket: u64) {
        if ticket == self.opening.ticket {
            self.opening.progress = None;
        }
    }

    /// Stops waiting for what is on its way.
    pub(super) fn abandon(&mut self) {
        self.begin_opening();
    }

    /// Shows a run that has arrived.
    fn welcome(&mut self, arrived: Arrived, keep: Keep) {
        let Arrived { history, to_come, name, look, finding } = arrived;
        match keep {
            Keep::AsGuest(origin) => {
                let caption = look.caption.map(Into::into);
                let trust = Trust::of(finding);
                self.invite(history, Guest { origin, name: name.map(Into::into), caption, trust });
            }
            Keep::InItsPlace => {
                self.replace(Branches::new(history));
                self.settle_in();
                self.notice = Trust::of(finding).warning().map(Into::into);
            }
        }
        self.script = Script::of(to_come);
        self.script.branch = Some(self.branches.viewed().id());
        self.watch.chosen = look.chosen;
        if let Some(speed) = look.speed {
            self.speed = nearest_speed(speed);
        }
        self.play(false);
        self.refresh();
        self.paint();
    }

    /// What a run that leaves the page asks to look at: what is looked at now.
    pub(super) fn look(&self) -> Look {
        let chosen = self.watch.chosen;
        let caption = self.guest.as_ref().and_then(|guest| guest.caption.as_deref());
        let caption = caption.map(str::to_owned);
        Look { from: None, chosen, speed: Some(SPEEDS[self.speed].1), caption }
    }

    /// The run as it leaves the page.
    pub(super) fn to_share(&self) -> Run {
        let name = self.guest.as_ref().and_then(|guest| guest.name.as_deref());
        let name = name.map(str::to_owned);
        Run { name, look: self.look(), ..self.tip().to_run() }
    }
}

fn complain(runtime: &Runtime, why: String) {
    runtime.with(|inner| {
        // What was tried before matters no longer; it may have been the same link.
        inner.lasting.pop_if(|banner| matches!(banner, Banner::NotOpened { .. }));
        inner.lasting.push(Banner::NotOpened { why });
        inner.refresh();
    });
}
