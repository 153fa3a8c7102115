//! What is due, in the order of virtual time.

use crate::base::{Endpoint, ServerId, Time};
use crate::trace::MessageId;
use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

/// Something that will happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Due {
    /// A message reaches its target.
    Arrival(MessageId),
    /// Somebody wanted to be woken. Void if something else has been asked for since.
    Wake(Endpoint),
    /// A disk has made the writes durable that it was given.
    Sync(ServerId, Life),
    /// A client asks by itself. Void, as a wake-up, if something else has been arranged since.
    Load,
    /// A fault begins or ends by itself. Void likewise.
    Chaos,
}

/// Counts the lives of a server: what was due in an earlier one is void.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Life(pub u64);

impl Life {
    /// The life after this one.
    pub(super) fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// A queue in which what is due at the same time comes out in the order in which it went in.
#[derive(Clone, Debug, Default)]
pub(super) struct Queue {
    heap: BinaryHeap<Reverse<Entry>>,
    pushed: Order,
}

/// Something in the queue.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    /// When it is due.
    pub(super) at: Time,
    order: Order,
    /// What.
    pub(super) due: Due,
}

/// The place of an entry among all that were ever added: no two are alike.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Order(u64);

/// A wake-up that the queue knows of. An earlier one for the same time is another one, and void.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wake {
    /// When.
    pub(super) at: Time,
    order: Order,
}

impl Queue {
    /// Adds something that is due at a time.
    pub(super) fn push(&mut self, at: Time, due: Due) {
        self.add(at, due);
    }

    /// Adds a wake-up.
    pub(super) fn push_wake(&mut self, at: Time, who: Endpoint) -> Wake {
        Wake { at, order: self.add(at, Due::Wake(who)) }
    }

    /// Adds something that the world does by itself.
    pub(super) fn push_tick(&mut self, at: Time, due: Due) -> Wake {
        Wake { at, order: self.add(at, due) }
    }

    fn add(&mut self, at: Time, due: Due) -> Order {
        self.pushed.0 += 1;
        self.heap.push(Reverse(Entry { at, order: self.pushed, due }));
        self.pushed
    }

    /// What is due first.
    pub(super) fn peek(&self) -> Option<Entry> {
        self.heap.peek().map(|Reverse(entry)| *entry)
    }

    /// Takes out what is due first.
    pub(super) fn pop(&mut self) -> Option<Entry> {
        self.heap.pop().map(|Reverse(entry)| entry)
    }

    /// Puts back what was taken out, at the place where it was.
    pub(super) fn put_back(&mut self, entries: impl IntoIterator<Item = Entry>) {
        self.heap.extend(entries.into_iter().map(Reverse));
    }
}

impl Entry {
    /// True if this is that wake-up, and not another one for the same time.
    pub(super) fn is(&self, wake: Option<Wake>) -> bool {
        wake.is_some_and(|wake| wake.order == self.order)
    }
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.at, self.order).cmp(&(other.at, other.order))
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Entry {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn earlier_comes_first_and_equal_times_keep_their_order() {
        let mut queue = Queue::default();
        for (at, message) in [(5, 1), (3, 2), (5, 3), (3, 4)] {
            queue.push(Time(at), Due::Arrival(MessageId(message)));
        }
        let mut order = Vec::new();
        while let Some(Entry { due: Due::Arrival(MessageId(message)), .. }) = queue.pop() {
            order.push(message);
        }
        assert_eq!(order, [2, 4, 1, 3]);
    }

    #[test]
    fn what_is_put_back_keeps_its_place() {
        let mut queue = Queue::default();
        let [first, second] = [1, 2].map(|message| Due::Arrival(MessageId(message)));
        queue.push(Time(3), first);
        queue.push(Time(3), second);
        let taken = queue.pop();
        queue.put_back(taken);
        assert_eq!(queue.pop().map(|entry| entry.due), Some(first));
        assert_eq!(queue.pop().map(|entry| entry.due), Some(second));
    }

    #[test]
    fn a_wake_up_for_the_same_time_is_another_one() {
        let mut queue = Queue::default();
        let who = Endpoint::Server(ServerId::new(1).unwrap());
        let (void, wake) = (queue.push_wake(Time(3), who), queue.push_wake(Time(3), who));
        let entry = queue.pop().unwrap();
        assert!(entry.is(Some(void)));
        assert!(!entry.is(Some(wake)));
        assert!(!entry.is(None));
    }
}
