//! A whole run as one hash.

use super::Event;
use crate::base::{Digest, Hash};
use std::fmt::Write;

/// Adds up the lines of all events. Two runs with the same digest had the same events in the
/// same order at the same times, whatever machine they ran on.
#[derive(Clone, Debug, Default)]
pub struct RunDigest {
    digest: Digest,
    line: String,
}

impl RunDigest {
    /// A digest of no events.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an event.
    pub fn add(&mut self, event: &Event) {
        self.line.clear();
        let cause = event.cause.map_or(0, |cause| cause.0);
        writeln!(self.line, "{} {} {event}", event.id.0, cause).expect("a String takes any text");
        self.digest.bytes(self.line.as_bytes());
    }

    /// The hash of all that was added.
    pub fn finish(&self) -> Hash {
        self.digest.finish()
    }
}
