//! 'Why?': an answer as the page shows it.

use super::stage::Condition;
use crate::base::ServerId;
use crate::why::Question;

/// An answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Why {
    /// What was asked.
    pub question: Question,
    /// The question as a sentence, true to how things stand now.
    pub title: String,
    /// The answer in a sentence.
    pub headline: String,
    /// Why it is so.
    pub reasons: Vec<Reason>,
    /// A request's way, part by part.
    pub path: Vec<Leg>,
    /// What would change it.
    pub remedies: Vec<String>,
    /// What the trace has forgotten.
    pub forgotten: Option<String>,
}

/// A reason, and what is behind it.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// A sentence.
    pub text: String,
    /// The moments that it rests on.
    pub moments: Vec<Moment>,
    /// What it rests on in turn.
    pub because: Vec<Reason>,
}

/// A moment to jump to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The event.
    pub event: u64,
    /// When it was: `1.234 s`.
    pub when: String,
    /// What happened, in a line.
    pub what: String,
}

/// A part of a request's way.
#[derive(Clone, Debug, PartialEq)]
pub struct Leg {
    /// Where the request was.
    pub part: &'static str,
    /// How long: `35 ms`, `35 ms so far`.
    pub took: String,
    /// Its share of the whole time, from 0 to 1.
    pub share: f64,
    /// True if the request is still there.
    pub under_way: bool,
    /// What happened there.
    pub text: String,
}

/// How a button asks about a server.
pub fn of_server(id: ServerId, condition: Condition) -> String {
    match condition {
        Condition::Leader => format!("Why is {id} the leader?"),
        Condition::Candidate => format!("Why is {id} a candidate?"),
        Condition::Follower => format!("Why is {id} a follower?"),
        Condition::Learner => format!("Why is {id} a learner?"),
        Condition::Outsider => format!("Why is {id} no member?"),
        Condition::Down | Condition::DiskFull | Condition::Unreadable => {
            format!("Why is {id} down?")
        }
    }
}

/// How a button asks about a block in a log.
pub fn of_block(height: u64, committed: bool) -> String {
    let not = if committed { "" } else { "not " };
    format!("Why is block {height} {not}committed?")
}

/// How a button asks about a request.
pub fn of_request(name: &str, waits: bool) -> String {
    if waits { format!("Why is {name} waiting?") } else { format!("How was {name} answered?") }
}
