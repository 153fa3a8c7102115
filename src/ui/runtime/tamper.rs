//! Tampering, carried out: the work done again, in slices, and what is written to a disk.

use super::Inner;
use crate::chain::forge::Forgery;
use crate::sim::Action;
use crate::ui::browser;
use crate::ui::view::from::tampering;
use crate::ui::view::tamper::{Ask, Forged, Watch};
use std::rc::Rc;

/// How long a frame may mine, in milliseconds.
const SLICE_MS: f64 = 5.0;

/// How many attempts are made between two looks at the clock.
const ATTEMPTS_A_LOOK: u64 = 2_000;

impl Inner {
    pub(super) fn tamper(&mut self, ask: Ask) {
        let watch = self.watch.explore.chain.tamper.clone();
        let settled = tampering::settled(&self.branches, &watch);
        let fresh = Watch { forged: None, written: false, problem: None, ..settled };
        if !matches!(ask, Ask::StopMining | Ask::Write | Ask::Remove) {
            self.forgery = None;
        }
        let watch = match ask {
            Ask::Block(server, height) => {
                tampering::chosen(&self.branches, server, height, fresh.plain)
            }
            Ask::Transaction(position) => Watch { position, amount: None, to: None, ..fresh },
            Ask::Amount(text) => Watch { amount: Some(text), ..fresh },
            Ask::To(to) => Watch { to: Some(to), ..fresh },
            Ask::Plain(plain) => Watch { plain, ..fresh },
            Ask::Mine => {
                self.forgery = tampering::forgery(&self.branches, &fresh);
                Watch { plain: false, forged: self.forgery.as_ref().map(forged), ..fresh }
            }
            Ask::StopMining => {
                self.forgery = None;
                stopped(watch)
            }
            Ask::Write => self.write_tampered(stopped(watch)),
            Ask::Remove => self.remove_tampered(watch),
        };
        self.watch.explore.chain.tamper = watch;
    }

    /// Mines on, for as long as a frame has time.
    pub(super) fn go_on_forging(&mut self) {
        let Some(forgery) = &mut self.forgery else { return };
        let end = browser::clock_ms() + SLICE_MS;
        while !forgery.attempt(ATTEMPTS_A_LOOK) && browser::clock_ms() < end {}
        self.watch.explore.chain.tamper.forged = Some(forged(forgery));
        if forgery.is_done() {
            self.forgery = None;
            self.turn.all_at_once();
        }
    }

    /// Writes the changed blocks to the server's disk; one that is up is crashed first.
    fn write_tampered(&mut self, watch: Watch) -> Watch {
        self.forgery = None;
        let watch = tampering::settled(&self.branches, &watch);
        let Some((server, edits)) = tampering::changed(&self.branches, &watch) else {
            return watch;
        };
        let is_up = self.simulation().world().server(server).is_some();
        if is_up && let Err(why) = self.try_act(Action::Crash { server }) {
            self.notice = Some(why.into());
            return watch;
        }
        for edit in edits {
            if let Err(why) = self.try_act(edit) {
                self.notice = Some(why.into());
                return watch;
            }
        }
        Watch { written: true, ..watch }
    }

    /// Removes the changed block and all after it from the server's disk.
    fn remove_tampered(&mut self, watch: Watch) -> Watch {
        for edit in tampering::removed(&self.branches, &watch) {
            if let Err(why) = self.try_act(edit) {
                self.notice = Some(why.into());
                break;
            }
        }
        watch
    }
}

fn stopped(watch: Watch) -> Watch {
    let forged = watch.forged.map(|it| Rc::new(Forged { is_running: false, ..(*it).clone() }));
    Watch { forged, ..watch }
}

fn forged(forgery: &Forgery) -> Rc<Forged> {
    Rc::new(Forged {
        blocks: forgery.blocks().to_vec(),
        total: forgery.total(),
        attempts: forgery.attempts(),
        is_running: !forgery.is_done(),
    })
}
