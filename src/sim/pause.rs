//! Servers whose process stands still.
//!
//! A stopped process (as by SIGSTOP, a long collection of garbage, or a virtual machine that is
//! moved) loses nothing and notices nothing: its timers, its messages and its disk's answers wait,
//! and come all at once when it goes on. To the others it is as silent as if it had crashed, but
//! it still believes what it believed before.
//!
//! What is due at such a server is taken out of the queue as it comes to its front, and put back
//! on [`Action::Resume`](super::Action::Resume). Its buffer for messages is bounded; what does not
//! fit is dropped.

use super::World;
use super::queue::Due;
use crate::base::{Endpoint, ServerId, Time};
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
        node.wake_at = None;
        for (at, due) in node.waiting.take().unwrap_or_default() {
            self.queue.push(at.max(self.now), due);
        }
    }

    /// Clears the front of the queue of what no longer matters and of what has to wait.
    pub(super) fn clear_front(&mut self) {
        while let Some((at, due)) = self.queue.peek() {
            if self.is_live(at, due) && !self.waits(at, due) {
                return;
            }
            self.queue.pop();
        }
    }

    /// Puts something aside if it is for a server that stands still, and there is room.
    fn waits(&mut self, at: Time, due: Due) -> bool {
        let server = match due {
            Due::Arrival(message) => match self.in_flight[&message].to {
                Endpoint::Server(server) => server,
                Endpoint::Client(_) => return false,
            },
            Due::Wake(Endpoint::Server(server), _) | Due::Sync(server, _) => server,
            Due::Wake(Endpoint::Client(_), _) => return false,
        };
        let node = self.nodes.get_mut(&server).expect("only servers of the cluster have inputs");
        let Some(waiting) = &mut node.waiting else { return false };
        if matches!(due, Due::Arrival(_)) && waiting.len() >= MAX_WAITING {
            return false;
        }
        waiting.push((at, due));
        true
    }
}
