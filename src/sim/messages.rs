//! Messages in somebody's hand: taken off their link, held back, or copied.
//!
//! No chance is drawn for any of it, so whatever is done to one message shifts the delay of no
//! other.

use super::queue::Due;
use super::world::Flight;
use super::{ActError, World};
use crate::base::{Endpoint, Span};
use crate::channel::{DELAY_LONGEST, DELAY_SHORTEST, DropReason};
use crate::trace::{EventId, MessageId, Passage, What};

impl World {
    /// Whether a message is on its way.
    pub(super) fn check_message(&self, message: MessageId) -> Result<(), ActError> {
        if self.in_flight.contains_key(&message) {
            return Ok(());
        }
        let gone = message <= self.last_message && message > MessageId(0);
        Err(if gone { ActError::Gone(message) } else { ActError::NoMessage(message) })
    }

    /// Whether a message can be held back: not one that has come, and waits for its receiver.
    pub(super) fn check_delay(&self, message: MessageId, by: Span) -> Result<(), ActError> {
        self.check_message(message)?;
        let flight = &self.in_flight[&message];
        if let Endpoint::Server(server) = flight.to
            && flight.arrives_at <= self.now
            && self.nodes[&server].is_paused()
        {
            return Err(ActError::Waits(message, server));
        }
        let possible = (DELAY_SHORTEST..=DELAY_LONGEST).contains(&by);
        if possible { Ok(()) } else { Err(ActError::Delay(by)) }
    }

    /// Takes a message off its link.
    pub(super) fn drop_message(&mut self, message: MessageId, cause: EventId) {
        let flight = self.in_flight.remove(&message).expect("the message was checked");
        self.channel.discard(DropReason::Removed);
        let (from, to, packet) = (flight.from, flight.to, flight.packet);
        let passage = Passage { message, from, to, packet };
        self.record(Some(cause), What::Dropped(passage, DropReason::Removed));
    }

    /// Lets a message arrive later. Its former arrival is void, as it is due before the message.
    pub(super) fn delay_message(&mut self, message: MessageId, by: Span) {
        let now = self.now;
        let flight = self.in_flight.get_mut(&message).expect("the message was checked");
        let before = flight.arrives_at;
        flight.arrives_at = before.max(now) + by;
        assert!(flight.arrives_at > before, "it is held back");
        let arrives_at = flight.arrives_at;
        self.queue.push(arrives_at, Due::Arrival(message));
    }

    /// Sends a copy of a message after it, which takes as long as the message does. Its cause is
    /// what led to the message: whoever looks for a message's copies finds this one as well as the
    /// channel's own.
    pub(super) fn duplicate_message(&mut self, message: MessageId) {
        let flight = self.in_flight.get(&message).expect("the message was checked").clone();
        let way = flight.arrives_at.since(flight.sent_at);
        let (message, sent_at) = (self.next_message(), self.now);
        self.channel.duplicate();
        let passage =
            Passage { message, from: flight.from, to: flight.to, packet: flight.packet.clone() };
        let cause = self.record(Some(flight.cause), What::Duplicated(passage));
        let arrives_at = sent_at + way;
        self.in_flight.insert(message, Flight { sent_at, arrives_at, cause, ..flight });
        self.queue.push(arrives_at, Due::Arrival(message));
    }
}
