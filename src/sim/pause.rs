//! Servers whose process stands still.
//!
//! A stopped process (as by SIGSTOP, a long collection of garbage, or a virtual machine that is
//! moved) loses nothing and notices nothing: its timers, its messages and its disk's answers wait,
//! and come all at once when it goes on. To the others it is as silent as if it had crashed, but
//! it still believes what it believed before.
//!
//! What is due at such a server is set aside when something else happens that comes after it, and
//! put back on [`Action::Resume`](super::Action::Resume). Its buffer for messages is bounded; what
//! does not fit is dropped.
//!
//! To ask what comes next sets nothing aside: how often somebody looks must not change what
//! happens.

use super::World;
use super::queue::{Due, Entry};
use crate::base::{Endpoint, ServerId};
use crate::trace::EventId;

/// How many things wait for a server that stands still; further messages are dropped.
pub(super) const MAX_WAITING: usize = 512;

impl World {
    /// Lets a server's process stand still.
    pub(super) fn pause(&mut self, id: ServerId) {
        let node = self.nodes.get_mut(&id).expect("the server was checked");
        assert!(node.waiting.is_none(), "it does not stand still yet");
        node.waiting = Some(Vec::new());
    }

    /// Lets it go on with what waited, in the order in which it came.
    pub(super) fn resume(&mut self, id: ServerId, cause: EventId) {
        self.release_waiting(id);
        self.after_server(id, Some(cause));
    }

    /// Puts what waited for a server back into the queue, to happen now. If the server has gone
    /// down instead, its timers and syncs are void, and messages find it down.
    pub(super) fn release_waiting(&mut self, id: ServerId) {
        let node = self.nodes.get_mut(&id).expect("only servers of the cluster stand still");
        // A timer that ran out meanwhile is none that the queue knows of any more.
        node.wake = None;
        for Entry { at, due, .. } in node.waiting.take().unwrap_or_default() {
            self.queue.push(at.max(self.now), due);
        }
    }

    /// What happens next, and what is due before it and has to wait for a server that stands
    /// still. Only what does not matter any more, and never will, is dropped from the queue.
    pub(super) fn next_entry(&mut self) -> (Vec<(ServerId, Entry)>, Option<Entry>) {
        let mut waits = Vec::new();
        let next = loop {
            let Some(entry) = self.queue.peek() else { break None };
            if self.is_live(entry) {
                match self.waits_at(entry, &waits) {
                    Some(server) => waits.push((server, entry)),
                    None => break Some(entry),
                }
            }
            self.queue.pop();
        };
        self.queue.put_back(waits.iter().map(|(_, entry)| *entry));
        (waits, next)
    }

    /// Takes what happens next out of the queue, and sets aside what has to wait before it.
    pub(super) fn take_next(&mut self, waits: Vec<(ServerId, Entry)>) -> Entry {
        for (server, entry) in waits {
            self.queue.pop();
            let node = self.nodes.get_mut(&server).expect("a server that waits has a machine");
            node.waiting.as_mut().expect("it stands still").push(entry);
        }
        self.queue.pop().expect("what happens next was just seen")
    }

    /// The server that this has to wait for, if it is for one that stands still, and there is
    /// room beside what waits `already`.
    fn waits_at(&self, entry: Entry, already: &[(ServerId, Entry)]) -> Option<ServerId> {
        let server = match entry.due {
            Due::Arrival(message) => match self.in_flight[&message].to {
                Endpoint::Server(server) => server,
                Endpoint::Client(_) => return None,
            },
            Due::Wake(Endpoint::Server(server)) | Due::Sync(server, _) => server,
            Due::Wake(Endpoint::Client(_)) | Due::Load | Due::Chaos => return None,
        };
        let waiting = self.nodes[&server].waiting.as_ref()?.len();
        let waiting = waiting + already.iter().filter(|(other, _)| *other == server).count();
        let has_room = waiting < MAX_WAITING || !matches!(entry.due, Due::Arrival(_));
        has_room.then_some(server)
    }
}
