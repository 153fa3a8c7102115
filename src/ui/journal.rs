//! The run so far, kept where a panic can still reach it, and what the page does then.
//!
//! After a panic the runtime is not to be trusted: it was stopped in the middle of something, and
//! none of its code is run again. The journal holds what the run follows from. From that the page
//! offers, by buttons of its own, the run as a file, which shows the same bug when it is opened
//! again, and the way back to before it: the page is loaded anew, and opens the run as it was a
//! little earlier, as a guest, so that one can watch how it came to that. What the browser keeps of
//! the visitor's own bank is touched by neither.
//!
//! # Caveats
//!
//! - The way back replays the run, so a long one takes a while; the page stays alive meanwhile.
//! - A panic before there was any run leaves only the way to load the page again.

use super::browser;
use crate::base::Time;
use crate::sim::run::{Look, MAX_CAPTION, Stamp};
use crate::sim::{Action, Run, Simulation, Stamped};
use std::cell::{Cell, RefCell};
use std::panic::PanicHookInfo;
use std::sync::Once;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlDialogElement, HtmlElement};

thread_local! {
    static JOURNAL: RefCell<Option<Journal>> = const { RefCell::new(None) };
    static BROKEN: Cell<bool> = const { Cell::new(false) };
}

/// How far beyond the last note a run is replayed to meet its bug again.
const STEPS_BEYOND: u64 = 10_000;

/// How many steps before the last note the way back leads, at least.
const STEPS_BEFORE: u64 = 32;

/// Where the run is kept while the page is loaded again.
const KEY: &str = "raftbank-before-the-bug";

/// What a run follows from, as far as it has come.
struct Journal {
    /// As of the last note.
    run: Run,
    /// What was being done when it was last touched, if that is not part of the run yet.
    attempt: Option<Stamped>,
    /// A moment at least [`STEPS_BEFORE`] before the last note, or the beginning.
    earlier: Stamp,
    /// The moment that takes its place next.
    later: Stamp,
}

/// True once something has panicked.
pub fn is_broken() -> bool {
    BROKEN.get()
}

/// Begins with a new run.
pub fn begin(simulation: &Simulation) {
    let (run, beginning) = (simulation.to_run(), Stamp::BEGINNING);
    JOURNAL.set(Some(Journal { run, attempt: None, earlier: beginning, later: beginning }));
}

/// Takes note of how far the run is, and of what was done since the last note.
pub fn note(simulation: &Simulation) {
    JOURNAL.with_borrow_mut(|journal| {
        let Some(Journal { run, attempt, earlier, later }) = journal else { return };
        let world = simulation.world();
        let known = run.actions.len().min(world.actions().len());
        run.actions.extend_from_slice(&world.actions()[known..]);
        run.until = world.now();
        run.steps = world.steps();
        *attempt = None;
        if run.steps >= later.after_steps + STEPS_BEFORE {
            *earlier = *later;
            *later = Stamp { at: run.until, after_steps: run.steps };
        }
    });
}

/// Takes note of what is about to be done at the moment that is shown, so that a run which breaks
/// of it shows that too.
pub fn attempt(shown: &Simulation, action: &Action) {
    JOURNAL.with_borrow_mut(|journal| {
        if let Some(journal) = journal {
            let (at, after_steps) = (shown.world().now(), shown.world().steps());
            journal.attempt = Some(Stamped { at, after_steps, action: action.clone() });
        }
    });
}

impl Journal {
    /// The run that meets the bug when it is replayed.
    fn with_the_bug(&self) -> Run {
        let mut run = self.run.clone();
        run.actions.extend(self.attempt.clone());
        run.until = Time(u64::MAX);
        run.steps += STEPS_BEYOND;
        run
    }

    /// The run before the bug, to be looked at from a little earlier on.
    fn before_the_bug(&self, what: &str) -> Run {
        let done =
            self.attempt.as_ref().map(|last| format!(" while this was done: {}", last.action));
        let done = done.unwrap_or_default();
        let caption = format!("This is the run a moment before the engine stopped{done} ({what}).");
        let caption = Some(caption.chars().take(MAX_CAPTION).collect());
        let look = Look { from: Some(self.earlier), caption, ..Look::default() };
        Run { look, ..self.run.clone() }
    }
}

/// The run that the way back leads to, if somebody has just gone it.
pub fn take_kept() -> Option<String> {
    let storage = browser::window().session_storage().ok()??;
    let text = storage.get_item(KEY).ok()??;
    let _ = storage.remove_item(KEY);
    Some(text)
}

/// From now on a panic shows itself on the page.
pub fn catch_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        std::panic::set_hook(Box::new(|info: &PanicHookInfo| {
            if !BROKEN.replace(true) {
                web_sys::console::error_1(&info.to_string().into());
                let what = info.payload_as_str().unwrap_or("it did not say why");
                let place = info.location().map(|it| format!("{}:{}", it.file(), it.line()));
                let _ = show(what, &place.unwrap_or_default());
            }
        }));
    });
}

/// Puts a banner above everything, without the components: they may be what broke.
fn show(what: &str, place: &str) -> Result<(), JsValue> {
    let document = browser::window().document().ok_or("no document")?;
    let body = document.body().ok_or("no body")?;
    // What no longer answers is not to be pressed, and an open dialog would be above the banner.
    while let Some(open) = document.query_selector("dialog[open]")? {
        open.unchecked_into::<HtmlDialogElement>().close();
    }
    if let Some(app) = document.get_element_by_id("app") {
        app.set_attribute("inert", "")?;
    }
    let banner = document.create_element("div")?;
    banner.set_class_name("banner broken fixed");
    banner.set_attribute("role", "alert")?;
    let text = add(&banner, "p", "")?;
    add(&text, "strong", "The engine stopped on a bug.")?;
    add(&text, "code", &format!("{what} ({place})"))?;
    add(&text, "span", "What this browser keeps of your bank is as it was.")?;
    body.prepend_with_node_1(&banner)?;
    if JOURNAL.with_borrow(Option::is_some) {
        let (what, says) = (what.to_owned(), text.clone());
        let back = button(&banner, "Go back to before it", move || {
            if go_back(&what).is_err() {
                says.set_text_content(Some(
                    "The run is too long to be kept meanwhile: save it, load the page again, and \
                     import it.",
                ));
            }
        })?;
        back.set_class_name("primary");
        button(&banner, "Save the run", || {
            let run = JOURNAL.with_borrow(|it| it.as_ref().map(Journal::with_the_bug));
            if let Some(run) = run {
                let _ = browser::download("raftbank-bug.json", &run.to_json());
            }
        })?;
        let _ = back.unchecked_into::<HtmlElement>().focus();
    }
    button(&banner, "Load the page again", browser::reload)?;
    Ok(())
}

/// Keeps the run as it was before the bug, and loads the page again, which opens it.
fn go_back(what: &str) -> Result<(), JsValue> {
    let run = JOURNAL.with_borrow(|it| it.as_ref().map(|journal| journal.before_the_bug(what)));
    let storage = browser::window().session_storage()?.ok_or("no storage")?;
    storage.set_item(KEY, &run.ok_or("no run")?.to_json())?;
    browser::reload();
    Ok(())
}

fn add(parent: &Element, tag: &str, text: &str) -> Result<Element, JsValue> {
    let document = browser::window().document().ok_or("no document")?;
    let child = document.create_element(tag)?;
    child.set_text_content(Some(text));
    parent.append_child(&child)?;
    Ok(child)
}

fn button(parent: &Element, words: &str, press: impl Fn() + 'static) -> Result<Element, JsValue> {
    let button = add(parent, "button", words)?;
    let press = Closure::<dyn Fn()>::new(press);
    button.add_event_listener_with_callback("click", press.as_ref().unchecked_ref())?;
    // The banner stays until the page goes.
    press.forget();
    Ok(button)
}
