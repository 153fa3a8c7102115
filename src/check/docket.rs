//! What the judges have found.

use super::Property;
use crate::base::Time;
use crate::trace::{Event, EventId};
use std::fmt;

/// A promise that was broken, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Which promise.
    pub property: Property,
    /// The event that broke it.
    pub event: EventId,
    /// When that was.
    pub at: Time,
    /// What is wrong: a plain sentence that names servers, terms and heights.
    pub what: String,
}

/// Where one property stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ruling<'a> {
    /// Which.
    pub property: Property,
    /// How often it was put to the test.
    pub checked: u64,
    /// How often it failed.
    pub violations: u64,
    /// The first time that it failed.
    pub violation: Option<&'a Violation>,
}

/// Counts and first violations, by property.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Docket {
    /// The event that is being judged.
    moment: Moment,
    cases: [Case; Property::ALL.len()],
}

/// An event's number and time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Moment {
    event: EventId,
    at: Time,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Case {
    checked: u64,
    violations: u64,
    first: Option<Violation>,
}

impl Docket {
    /// What is checked from here on belongs to this moment.
    pub fn hear(&mut self, moment: Moment) {
        self.moment = moment;
    }

    /// Notes that a property was put to the test, and whether it held. If it did not for the
    /// first time, `what` says what is wrong.
    pub fn check(&mut self, property: Property, holds: bool, what: impl FnOnce() -> String) {
        let Moment { event, at } = self.moment;
        let case = &mut self.cases[property as usize];
        case.checked += 1;
        if !holds {
            case.violations += 1;
            case.first.get_or_insert_with(|| Violation { property, event, at, what: what() });
        }
    }

    pub fn rulings(&self) -> impl Iterator<Item = Ruling<'_>> {
        Property::ALL.into_iter().zip(&self.cases).map(|(property, case)| Ruling {
            property,
            checked: case.checked,
            violations: case.violations,
            violation: case.first.as_ref(),
        })
    }
}

impl From<&Event> for Moment {
    fn from(event: &Event) -> Self {
        Self { event: event.id, at: event.at }
    }
}

/// `State Machine Safety, at 12.345ms (event 7): S1 …`
impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, at {} (event {}): {}", self.property, self.at, self.event.0, self.what)
    }
}
