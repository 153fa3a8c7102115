//! Somebody on the wire who alters blocks.

use super::World;
use crate::base::Endpoint;
use crate::chain;
use crate::raft::Message;
use crate::server::Packet;
use crate::trace::{EventId, Passage, What};
use std::sync::Arc;

impl World {
    /// Alters a message that arrives if somebody waits for one like it on its link, and says so in
    /// the trace. Returns the event that led to the message as it now is.
    pub(super) fn tamper(&mut self, passage: &mut Passage, cause: EventId) -> EventId {
        let (Endpoint::Server(from), Endpoint::Server(to)) = (passage.from, passage.to) else {
            return cause;
        };
        if !self.tampers.contains(&(from, to)) {
            return cause;
        }
        let Some(packet) = altered(&passage.packet) else { return cause };
        self.tampers.remove(&(from, to));
        passage.packet = Arc::new(packet);
        self.record(Some(cause), What::Tampered(passage.clone()))
    }
}

/// The message with its last block altered; nothing if it has no blocks.
///
/// It is the last one, because a block after it would not link to it any more and give it away.
fn altered(packet: &Packet) -> Option<Packet> {
    let Packet::Raft(message @ Message::AppendEntries(_)) = packet else { return None };
    let mut message = message.clone();
    if let Message::AppendEntries(append) = &mut message {
        let last = append.entries.last_mut()?;
        *last = chain::tamper(last);
    }
    Some(Packet::Raft(message))
}
