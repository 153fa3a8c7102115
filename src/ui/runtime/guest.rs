//! Guests, and the visitor's own bank that waits meanwhile.
//!
//! The own bank is put aside whole: its world, its mirror with the storage that outlives the
//! page, what the storage said. While a guest is shown nothing touches that storage, and the way
//! back shows the bank just as it was left.

use super::{Inner, script::Script};
use crate::sim::history::{Branches, History};
use crate::sim::{Config, Mirror};
use crate::ui::browser;
use crate::ui::journal;
use crate::ui::storage::Storage;
use crate::ui::view::address;
use crate::ui::view::banner::Banner;
use crate::ui::view::guest::Guest;

/// The visitor's own bank, while a guest is shown.
pub(super) struct Aside {
    branches: Branches,
    mirror: Mirror<Storage>,
    config: Config,
    lasting: Vec<Banner>,
    script: Script,
    playing: bool,
    speed: usize,
}

impl Inner {
    /// Shows a world in the place of the visitor's own bank, which waits as it is.
    pub(super) fn invite(&mut self, history: History, guest: Guest) {
        let mirror = std::mem::replace(&mut self.mirror, Mirror::new(Storage::memory()));
        let (config, lasting) = (self.config.clone(), self.lasting.clone());
        let script = std::mem::take(&mut self.script);
        let (playing, speed) = (self.playing, self.speed);
        let branches = self.replace(Branches::new(history));
        // A guest of a guest: what waits is still the own bank.
        if self.aside.is_none() {
            self.aside = Some(Aside { branches, mirror, config, lasting, script, playing, speed });
        }
        self.settle_in();
        self.guest = Some(guest);
    }

    /// Sends the guest away, and goes on with the visitor's own bank.
    pub(super) fn go_home(&mut self) {
        let Some(aside) = self.aside.take() else { return };
        self.replace(aside.branches);
        // What the storage holds is what this world wrote there: nothing is to be written anew.
        self.mirror = aside.mirror;
        self.config = aside.config;
        self.lasting = aside.lasting;
        self.script = aside.script;
        self.speed = aside.speed;
        self.play(aside.playing);
        self.guest = None;
        self.forget_link();
    }

    /// Makes the guest the visitor's own bank, in the place of the one that waits.
    pub(super) fn adopt(&mut self) {
        let Some(aside) = self.aside.take() else { return };
        self.mirror = aside.mirror;
        self.lasting.extend(aside.lasting);
        self.guest = None;
        self.settle_in();
        journal::note(self.tip());
        self.forget_link();
    }

    /// Takes the run out of the address, so that a reload does not open it again.
    pub(super) fn forget_link(&self) {
        let address = browser::address();
        if address::run_code(&address).is_some() {
            browser::set_address(&address::write(&address, None, self.display));
        }
    }
}
