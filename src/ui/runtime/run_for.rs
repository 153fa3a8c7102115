//! Passing virtual time on request, for scripts and tests.

use super::{Inner, Runtime};
use crate::base::Span;
use gloo_timers::future::TimeoutFuture;

/// The engine work between two turns of the browser, in milliseconds.
const SLICE_MS: f64 = 12.0;

impl Runtime {
    /// Lets so much virtual time pass, as fast as the machine can, and pauses nothing else.
    pub async fn run_for(&self, span: Span) {
        let Some(target) = self.with(|inner| inner.simulation.world().now() + span) else { return };
        self.with(|inner| {
            inner.hurried = true;
            let _ = inner.go_on();
        });
        while self.with(|inner| inner.run_until(target, SLICE_MS)) == Some(false) {
            self.with(Inner::refresh);
            TimeoutFuture::new(0).await;
        }
        self.with(|inner| {
            inner.hurried = false;
            inner.refresh();
            inner.paint();
        });
    }
}
