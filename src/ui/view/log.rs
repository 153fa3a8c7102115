//! The log: what happened, one line an event, filtered, bounded and windowed.

use crate::base::{ClientId, ServerId};
use std::rc::Rc;

/// How many lines are shown at once.
pub const LINES: usize = 120;

/// How many events are searched for a text at once.
pub const SCANNED: usize = 5_000;

/// Whose events are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Source {
    /// What matters to somebody who watches: elections, crashes, blocks, answers.
    #[default]
    Highlights,
    /// All of them.
    Everything,
    /// A server's own.
    Server(ServerId),
    /// A client's own.
    Client(ClientId),
    /// Messages alone.
    Channel,
    /// What people did.
    Actions,
}

/// What somebody wants to see of the log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Whose events.
    pub source: Source,
    /// What their text must contain, in any case.
    pub search: String,
    /// Events from this number on are not shown; `None` follows the newest.
    pub before: Option<u64>,
}

/// What the panel shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Log {
    /// Its lines, oldest first.
    pub lines: Vec<Rc<Line>>,
    /// Where to ask on from for older lines, if there may be some.
    pub older: Option<u64>,
    /// True if the oldest events are gone from memory.
    pub forgotten: bool,
}

/// A line.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The event's number.
    pub event: u64,
    /// When.
    pub time: String,
    /// Who did what.
    pub what: String,
    /// The name of its style.
    pub tone: &'static str,
    /// True if somebody jumped to it.
    pub marked: bool,
}
