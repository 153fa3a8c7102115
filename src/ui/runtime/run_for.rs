//! Passing virtual time on request, for scripts and tests.

use super::{Inner, Runtime};
use crate::base::{Span, Time};
use crate::sim::history::Moment;
use crate::ui::browser;
use gloo_timers::future::TimeoutFuture;

/// The engine work between two turns of the browser, in milliseconds.
const SLICE_MS: f64 = 12.0;

/// How often, in milliseconds, the page is shown meanwhile. To show it takes longer than a slice, and
/// whoever lets time pass so wants to be at its end.
const GLANCE_MS: f64 = 250.0;

impl Runtime {
    /// Waits until a seek that is under way is there. The time that is shown then.
    async fn arrive(&self) -> Option<Time> {
        while self.with(|inner| inner.go_on_seeking(SLICE_MS)) == Some(false) {
            TimeoutFuture::new(0).await;
        }
        self.with(|inner| inner.simulation().world().now())
    }

    /// Looks at a moment of the past, and resolves when it is shown.
    pub async fn seek_to(&self, time: Time) {
        self.with(|inner| inner.set_out(Moment::Time(time)));
        self.arrive().await;
        self.with(|inner| {
            inner.refresh();
            inner.owes_paint = true;
        });
        self.ask_for_frame();
        let_the_browser_draw().await;
    }

    /// Lets so much virtual time pass, as fast as the machine can, and pauses nothing else.
    pub async fn run_for(&self, span: Span) {
        let Some(target) = self.arrive().await.map(|now| now + span) else { return };
        self.with(|inner| {
            inner.hurried += 1;
            let _ = inner.go_on();
        });
        let mut shown = browser::clock_ms();
        while self.with(|inner| inner.run_until(target, SLICE_MS)) == Some(false) {
            if browser::clock_ms() - shown >= GLANCE_MS {
                shown = browser::clock_ms();
                self.with(Inner::refresh);
            }
            TimeoutFuture::new(0).await;
        }
        self.with(|inner| {
            inner.hurried -= 1;
            inner.refresh();
            inner.paint();
            inner.owes_paint = true;
        });
        self.ask_for_frame();
        let_the_browser_draw().await;
    }
}

/// Leaves the browser a turn. Whoever asks again and again without one keeps the page from being
/// drawn: where that takes long, Yew puts the rest of it off to a turn of its own.
async fn let_the_browser_draw() {
    TimeoutFuture::new(0).await;
}
