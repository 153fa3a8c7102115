//! The run so far, kept where a panic can still reach it.
//!
//! After a panic the runtime is not to be trusted: it was stopped in the middle of something. The
//! journal holds what the run follows from, so that the page can say what happened and offer the
//! run as a file, which shows the same bug when it is opened again.

use super::browser;
use crate::base::Time;
use crate::sim::{Run, Simulation};
use std::cell::{Cell, RefCell};
use std::panic::PanicHookInfo;
use std::sync::Once;
use wasm_bindgen::prelude::*;

thread_local! {
    static RUN: RefCell<Option<Run>> = const { RefCell::new(None) };
    static BROKEN: Cell<bool> = const { Cell::new(false) };
}

/// How far beyond the last note a run is replayed to meet its bug again.
const STEPS_BEYOND: u64 = 10_000;

/// True once something has panicked.
pub fn is_broken() -> bool {
    BROKEN.get()
}

/// Begins with a new run.
pub fn begin(simulation: &Simulation) {
    RUN.set(Some(simulation.to_run()));
}

/// Takes note of how far the run is, and of what was done since the last note.
pub fn note(simulation: &Simulation) {
    RUN.with_borrow_mut(|run| {
        if let Some(run) = run {
            let world = simulation.world();
            let known = run.actions.len().min(world.actions().len());
            run.actions.extend_from_slice(&world.actions()[known..]);
            run.until = world.now();
            run.steps = world.steps();
        }
    });
}

/// From now on a panic shows itself on the page.
pub fn catch_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(set_hook);
}

fn set_hook() {
    std::panic::set_hook(Box::new(|info: &PanicHookInfo| {
        if !BROKEN.replace(true) {
            web_sys::console::error_1(&info.to_string().into());
            let _ = show(&info.to_string());
        }
    }));
}

/// Puts a banner above everything, without the components: they may be what broke.
fn show(message: &str) -> Result<(), JsValue> {
    let document = browser::window().document().ok_or("no document")?;
    let banner = document.create_element("div")?;
    banner.set_class_name("banner broken fixed");
    banner.set_attribute("role", "alert")?;
    let text = document.create_element("p")?;
    let title = document.create_element("strong")?;
    title.set_text_content(Some("The engine stopped on a bug. "));
    text.append_child(&title)?;
    let says = format!(
        "{message}. Export the run, which shows the bug again when it is opened; then load the page again."
    );
    text.append_child(&document.create_text_node(&says))?;
    banner.append_child(&text)?;
    let export = document.create_element("button")?;
    export.set_text_content(Some("Export the run"));
    let save = Closure::<dyn Fn()>::new(|| {
        let run = RUN.with_borrow(|run| run.clone());
        if let Some(mut run) = run {
            run.until = Time(u64::MAX);
            run.steps += STEPS_BEYOND;
            let _ = browser::download("raftbank-bug.json", &run.to_json());
        }
    });
    export.add_event_listener_with_callback("click", save.as_ref().unchecked_ref())?;
    // The banner stays until the page goes.
    save.forget();
    banner.append_child(&export)?;
    document.body().ok_or("no body")?.prepend_with_node_1(&banner)
}
