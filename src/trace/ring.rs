//! The newest events of a run.

use super::{Event, EventId};
use crate::base::Time;
use std::collections::VecDeque;

/// The newest events, up to a bound; older ones are counted and forgotten.
#[derive(Clone, Debug)]
pub struct Trace {
    events: VecDeque<Event>,
    capacity: usize,
    forgotten: u64,
}

impl Trace {
    /// An empty trace that keeps at most `capacity` events, at least one.
    pub fn new(capacity: usize) -> Self {
        assert!(capacity > 0, "a trace keeps at least the last event");
        Self { events: VecDeque::new(), capacity, forgotten: 0 }
    }

    /// An empty trace that goes on after an event of a run, and keeps nothing of what was before.
    pub fn going_on(capacity: usize, last: EventId) -> Self {
        Self { forgotten: last.0, ..Self::new(capacity) }
    }

    /// Adds the next event.
    pub fn push(&mut self, event: Event) {
        let expected = self.forgotten + self.events.len() as u64 + 1;
        assert_eq!(event.id.0, expected, "events are numbered without gaps");
        if self.events.len() == self.capacity {
            self.events.pop_front();
            self.forgotten += 1;
        }
        self.events.push_back(event);
    }

    /// The event with this number, if it is still kept.
    pub fn get(&self, id: EventId) -> Option<&Event> {
        let position = id.0.checked_sub(self.forgotten + 1)?;
        self.events.get(usize::try_from(position).ok()?)
    }

    /// The kept events, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Event> + ExactSizeIterator + Clone {
        self.events.iter()
    }

    /// The kept events after the one with this number, oldest first.
    pub fn after(&self, id: EventId) -> impl DoubleEndedIterator<Item = &Event> + Clone {
        let skipped = id.0.saturating_sub(self.forgotten);
        self.events.iter().skip(usize::try_from(skipped).unwrap_or(usize::MAX))
    }

    /// The kept events at this time or later, oldest first.
    pub fn since(&self, time: Time) -> impl DoubleEndedIterator<Item = &Event> + Clone {
        let first = self.events.partition_point(|event| event.at < time);
        self.events.range(first..)
    }

    /// The kept events before this time, oldest first.
    pub fn before(&self, time: Time) -> impl DoubleEndedIterator<Item = &Event> + Clone {
        let end = self.events.partition_point(|event| event.at < time);
        self.events.range(..end)
    }

    /// How many events there were before the oldest one that is kept.
    pub fn forgotten(&self) -> u64 {
        self.forgotten
    }

    /// The number of the newest event; 0 before the first.
    pub fn last_id(&self) -> EventId {
        EventId(self.forgotten + self.events.len() as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::super::What;
    use super::*;

    fn event(id: u64) -> Event {
        Event { id: EventId(id), at: Time(id), cause: None, what: What::Acted("heal".into()) }
    }

    #[test]
    fn keeps_the_newest_and_counts_the_rest() {
        let mut trace = Trace::new(3);
        (1..=5).for_each(|id| trace.push(event(id)));
        let ids = |events: &mut dyn Iterator<Item = &Event>| -> Vec<u64> {
            events.map(|event| event.id.0).collect()
        };
        assert_eq!(ids(&mut trace.iter()), [3, 4, 5]);
        assert_eq!(ids(&mut trace.after(EventId(4))), [5]);
        assert_eq!(ids(&mut trace.after(EventId(0))), [3, 4, 5]);
        assert_eq!(trace.forgotten(), 2);
        assert_eq!(trace.last_id(), EventId(5));
        assert_eq!(ids(&mut trace.since(Time(4))), [4, 5]);
        assert!(ids(&mut trace.since(Time(6))).is_empty());
        assert_eq!(ids(&mut trace.before(Time(4))), [3]);
        assert!(ids(&mut trace.before(Time(3))).is_empty());
        assert!(trace.get(EventId(2)).is_none());
        assert_eq!(trace.get(EventId(3)).unwrap().id, EventId(3));
        assert!(trace.get(EventId(6)).is_none());
    }

    #[test]
    fn goes_on_in_the_middle_of_a_run() {
        let mut trace = Trace::going_on(3, EventId(7));
        assert_eq!((trace.last_id(), trace.forgotten()), (EventId(7), 7));
        trace.push(event(8));
        assert!(trace.get(EventId(7)).is_none());
        assert_eq!(trace.get(EventId(8)).unwrap().id, EventId(8));
    }
}
