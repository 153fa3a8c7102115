//! Deeds against messages that are on their way: as people do them, one at a time.

use super::super::Action;
use super::Swarm;
use crate::base::Span;
use crate::base::random::span_between;
use crate::trace::MessageId;
use rand::RngExt;

/// The most that a message is held back. What left before an election may so arrive long after it,
/// and yet everything comes in good time before peace must have set in.
const HELD_LONGEST: Span = Span::secs(10);

impl Swarm {
    pub(super) fn drop_message(&mut self) {
        if let Some(message) = self.any_message() {
            self.act(Action::Drop { message });
        }
    }

    pub(super) fn delay_message(&mut self) {
        let by = span_between(&mut self.rng, Span::ms(1), HELD_LONGEST);
        if let Some(message) = self.any_message() {
            self.act(Action::Delay { message, by });
        }
    }

    pub(super) fn duplicate_message(&mut self) {
        if let Some(message) = self.any_message() {
            self.act(Action::Duplicate { message });
        }
    }

    fn any_message(&mut self) -> Option<MessageId> {
        let count = self.play.simulation.world().in_flight().count() as u64;
        if count == 0 {
            return None;
        }
        let chosen = self.rng.random_range(0..count) as usize;
        self.play.simulation.world().in_flight().nth(chosen).map(|(message, _)| message)
    }
}
