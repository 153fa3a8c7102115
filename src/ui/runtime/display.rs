//! How much of the page is shown, what its address says of that, and what the window is called.

use super::{Inner, Runtime, arrive};
use crate::ui::browser;
use crate::ui::view::address::{self, Display};
use crate::ui::view::banner::Banner;
use crate::ui::view::share::window_title;

impl Inner {
    /// Shows the page in another way, and says so in its address.
    pub(super) fn show_as(&mut self, display: Display) {
        self.display = display;
        self.dress();
        let address = browser::address();
        let run = address::run_code(&address);
        browser::set_address(&address::write(&address, run, display));
    }

    /// Lets the stylesheet know how the page is shown.
    pub(super) fn dress(&mut self) {
        self.watch.form = browser::form(self.display);
        browser::set_root("class", self.display.word().unwrap_or_default());
    }

    /// Takes what the address says now.
    pub(super) fn address_changed(&mut self, runtime: &Runtime) {
        let display = Display::of(&browser::address());
        if (display == Display::Embed) != (self.display == Display::Embed) {
            // What is kept, and what is not, is decided when the page is opened.
            return browser::reload();
        }
        self.display = display;
        self.dress();
        arrive::open_link(runtime);
    }

    /// Offers the newer version, once.
    pub(super) fn offer_new_version(&mut self) {
        if !self.lasting.contains(&Banner::NewVersion) {
            self.lasting.push(Banner::NewVersion);
        }
    }

    /// Names the window after what is shown, with the rules that it goes without.
    pub(super) fn name_window(&mut self) {
        let name = self.guest.as_ref().and_then(|guest| guest.name.as_deref());
        let title = window_title(name, self.simulation().world().config().rules);
        if title != self.title {
            browser::set_title(&title);
            self.title = title;
        }
    }
}
