//! What leaves the page as a run: a link, a frame for another page, a file.
//!
//! A run is sealed before it leaves, by a replay in portions beside the bank, which goes on.
//! What is shared is the run as it was when that began.

use super::{Inner, Runtime};
use crate::sim::Run;
use crate::ui::view::share::{Form, Ready, Share, Stage, Wish, WishEdit, file_name};
use crate::ui::{browser, deflate};
use gloo_timers::future::TimeoutFuture;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

/// How many steps of the sealing replay are made between two looks at the clock.
const STEPS_A_LOOK: u64 = 500;

/// The engine work between two turns of the browser, in milliseconds. Less than for opening: the
/// bank goes on meanwhile.
const SLICE_MS: f64 = 8.0;

/// The share dialog, and the run that it is about.
#[derive(Debug)]
pub(super) struct Sharing {
    /// Tells this dialog from one that was closed, and this wish from one before it.
    ticket: u64,
    run: Run,
    pub(super) share: Rc<Share>,
}

impl Inner {
    /// Opens the share dialog, and begins to seal the run.
    pub(super) fn share(&mut self, runtime: &Runtime) {
        let run = self.to_share();
        let wish = Wish {
            name: run.name.clone().unwrap_or_default(),
            caption: run.look.caption.clone().unwrap_or_default(),
            from_beginning: false,
        };
        let ticket = self.next_ticket();
        let share = Share { wish, stage: Stage::Sealing(0.0), copied: None };
        self.sharing = Some(Sharing { ticket, run: run.clone(), share: Rc::new(share) });
        let runtime = runtime.clone();
        spawn_local(async move {
            let noted = |progress| {
                runtime.with(|inner| inner.note_sealing(ticket, progress)).unwrap_or(false)
            };
            let Some(run) = seal(run, noted).await else { return };
            runtime.with(|inner| {
                if let Some(sharing) = inner.sharing.as_mut().filter(|it| it.ticket == ticket) {
                    sharing.run = run;
                    inner.make_link(&runtime);
                }
            });
        });
    }

    /// What the share dialog shows, while it is open.
    pub(super) fn share_dialog(&self) -> Option<Rc<Share>> {
        self.sharing.as_ref().map(|sharing| sharing.share.clone())
    }

    /// Takes a wish, and makes the link anew if there is one.
    pub(super) fn edit_share(&mut self, edit: WishEdit, runtime: &Runtime) {
        let Some(sharing) = &mut self.sharing else { return };
        let wish = sharing.share.wish.edited(edit);
        let ready = matches!(sharing.share.stage, Stage::Ready(_));
        sharing.share = Rc::new(Share { wish, copied: None, ..(*sharing.share).clone() });
        if ready {
            self.make_link(runtime);
        }
    }

    fn note_sealing(&mut self, ticket: u64, progress: f64) -> bool {
        let Some(sharing) = self.sharing.as_mut().filter(|it| it.ticket == ticket) else {
            return false;
        };
        let stage = Stage::Sealing(progress);
        sharing.share = Rc::new(Share { stage, ..(*sharing.share).clone() });
        self.show_how_far();
        true
    }

    /// Compresses the run as it is wished; the dialog shows the link when it is there.
    fn make_link(&mut self, runtime: &Runtime) {
        let ticket = self.next_ticket();
        let Some(sharing) = &mut self.sharing else { return };
        sharing.ticket = ticket;
        let run = sharing.share.wish.grant(&sharing.run);
        let runtime = runtime.clone();
        spawn_local(async move {
            let code = deflate::write(&run.to_json()).await;
            runtime.with(|inner| {
                let Some(sharing) = inner.sharing.as_mut().filter(|it| it.ticket == ticket) else {
                    return;
                };
                match code {
                    Ok(code) => {
                        let ready = Ready::of(&run, &code, &browser::address());
                        let stage = Stage::Ready(ready);
                        sharing.share = Rc::new(Share { stage, ..(*sharing.share).clone() });
                    }
                    Err(why) => {
                        inner.sharing = None;
                        inner.notice = Some(format!("A link cannot be made: {why}.").into());
                    }
                }
                inner.refresh();
            });
        });
    }

    fn next_ticket(&mut self) -> u64 {
        self.tickets += 1;
        self.tickets
    }

    /// Copies the link in one of its forms.
    pub(super) fn copy(&mut self, form: Form, runtime: &Runtime) {
        let Some(sharing) = &self.sharing else { return };
        let Stage::Ready(ready) = &sharing.share.stage else { return };
        let Some(text) = ready.text(form, &sharing.share.wish.name) else { return };
        let (runtime, ticket) = (runtime.clone(), sharing.ticket);
        browser::copy(text, move |copied| {
            runtime.with(|inner| {
                if let Some(sharing) = inner.sharing.as_mut().filter(|it| it.ticket == ticket) {
                    let copied = copied.then_some(form);
                    sharing.share = Rc::new(Share { copied, ..(*sharing.share).clone() });
                    inner.refresh();
                }
            });
        });
    }

    /// Seals the run and saves it as a file: as it is wished in the dialog, or as it is.
    pub(super) fn export(&mut self, runtime: &Runtime) {
        let sealed = self.sharing.as_ref().map(|it| it.share.wish.grant(&it.run));
        if let Some(run) = sealed.filter(|run| run.seal.is_some()) {
            return self.save(&run);
        }
        let run = self.to_share();
        self.notice = Some("Sealing the run before it is saved…".into());
        let runtime = runtime.clone();
        spawn_local(async move {
            // The panic hook saves without a seal; here the engine is well.
            let Some(run) = seal(run, |_| !crate::ui::journal::is_broken()).await else { return };
            runtime.with(|inner| {
                inner.notice = None;
                inner.save(&run);
                inner.refresh();
            });
        });
    }

    fn save(&mut self, run: &Run) {
        let name = file_name(run.name.as_deref(), run.config.rules);
        if browser::download(&name, &run.to_json()).is_err() {
            self.notice = Some("The browser did not let the file be saved.".into());
        }
    }
}

/// Replays a run and seals it, in portions, as long as somebody waits. A run that this engine
/// cannot repeat stays without a seal.
async fn seal(run: Run, noted: impl Fn(f64) -> bool) -> Option<Run> {
    let Ok(mut replay) = run.clone().replay_sealing() else { return Some(run) };
    loop {
        let end = browser::clock_ms() + SLICE_MS;
        while browser::clock_ms() < end {
            match replay.advance(STEPS_A_LOOK) {
                Ok(true) => return Some(Run { seal: replay.seal(), ..run }),
                Ok(false) => {}
                Err(_) => return Some(run),
            }
        }
        if !noted(replay.progress()) {
            return None;
        }
        TimeoutFuture::new(0).await;
    }
}
