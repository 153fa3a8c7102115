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
    /// Somebody wanted to be woken. Void if the time asked for has changed since.
    Wake(Endpoint, Life),
    /// A disk has made the writes durable that it was given.
    Sync(ServerId, Life),
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
    pushed: u64,
}

#[derive(Clone, Debug)]
struct Entry {
    at: Time,
    order: u64,
    due: Due,
}

impl Queue {
    /// Adds something that is due at a time.
    pub(super) fn push(&mut self, at: Time, due: Due) {
        self.pushed += 1;
        self.heap.push(Reverse(Entry { at, order: self.pushed, due }));
    }

    /// What is due first.
    pub(super) fn peek(&self) -> Option<(Time, Due)> {
        self.heap.peek().map(|Reverse(entry)| (entry.at, entry.due))
    }

    /// Takes out what is due first.
    pub(super) fn pop(&mut self) -> Option<(Time, Due)> {
        self.heap.pop().map(|Reverse(entry)| (entry.at, entry.due))
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
        while let Some((_, Due::Arrival(MessageId(message)))) = queue.pop() {
            order.push(message);
        }
        assert_eq!(order, [2, 4, 1, 3]);
    }
}
