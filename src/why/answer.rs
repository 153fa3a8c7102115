//! What an answer consists of.

use super::words::{list, took};
use crate::bank::RequestId;
use crate::base::{Hash, Index, ServerId, Set, Span, Term};
use crate::trace::{EventId, Trace};
use serde::Serialize;
use std::fmt;

/// Why something is as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// The answer in a sentence.
    pub headline: String,
    /// What the headline claims, for programs.
    pub claim: Claim,
    /// What it rests on, the most important first.
    pub reasons: Vec<Reason>,
    /// A request's way so far, part by part.
    pub path: Vec<Leg>,
    /// What would change it, each an instruction.
    pub remedies: Vec<String>,
    /// What is missing because the trace has forgotten it, if anything is.
    pub forgotten: Option<String>,
}

/// What an answer claims, so that programs can check it and tests do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Claim {
    /// The question names something that there is not.
    Nothing,
    /// No server leads the latest term.
    NoLeader,
    /// The server leads, in this term.
    Leads {
        /// Which.
        server: ServerId,
        /// The term.
        term: Term,
    },
    /// The server follows a leader, or waits for one.
    Follows {
        /// Which.
        server: ServerId,
        /// Whom.
        leader: Option<ServerId>,
    },
    /// The server asks for votes, or whether it would get them.
    Campaigns {
        /// Which.
        server: ServerId,
        /// Its term.
        term: Term,
    },
    /// The server is down.
    Down {
        /// Which.
        server: ServerId,
    },
    /// The voter gave the candidate its vote.
    Voted {
        /// Who.
        voter: ServerId,
        /// To whom.
        candidate: ServerId,
    },
    /// The candidate does not have this voter's vote.
    NoVote {
        /// Whose.
        voter: ServerId,
        /// Who lacks it.
        candidate: ServerId,
    },
    /// The block's nonce is being searched for.
    Mining {
        /// By whom.
        server: ServerId,
        /// The block's height.
        height: Index,
    },
    /// The block stands in a log and is not known to be committed.
    NotCommitted {
        /// Its height.
        height: Index,
        /// Its hash.
        hash: Hash,
        /// The voters whose disks hold it.
        have: Set<ServerId>,
    },
    /// The block is committed.
    Committed {
        /// Its height.
        height: Index,
        /// Its hash; nothing if a snapshot stands for the block.
        hash: Option<Hash>,
    },
    /// The server had the block and has it no longer.
    Dropped {
        /// Which.
        server: ServerId,
        /// The block's height.
        height: Index,
        /// Its hash.
        hash: Hash,
    },
    /// The server would not take the block.
    Refused {
        /// Which.
        server: ServerId,
        /// The block's height.
        height: Index,
    },
    /// The request waits for its answer.
    Waits {
        /// Which.
        request: RequestId,
    },
    /// The request was answered.
    Answered {
        /// Which.
        request: RequestId,
    },
}

/// One reason, and what lies behind it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// A sentence.
    pub text: String,
    /// The events that it rests on.
    pub moments: Vec<EventId>,
    /// What it rests on in turn.
    pub because: Vec<Reason>,
    /// How it reads when the same is so of several.
    #[serde(skip)]
    alike: Option<Alike>,
}

/// A sentence around a name: with other names, it says the same of others.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Alike {
    before: String,
    names: Vec<String>,
    after: String,
}

/// A part of a request's way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Leg {
    /// Where the request was: `client`, `channel`, `mempool`, `mining`, `replication`, …
    pub part: &'static str,
    /// How long.
    pub took: Span,
    /// True if it is still there.
    pub under_way: bool,
    /// What happened there.
    pub text: String,
    /// The events at its beginning and its end.
    pub moments: Vec<EventId>,
}

impl Answer {
    pub(super) fn new(headline: impl Into<String>, claim: Claim) -> Self {
        Self {
            headline: headline.into(),
            claim,
            reasons: Vec::new(),
            path: Vec::new(),
            remedies: Vec::new(),
            forgotten: None,
        }
    }

    /// An answer to a question about something that there is not.
    pub(super) fn nothing(headline: impl Into<String>) -> Self {
        Self::new(headline, Claim::Nothing)
    }

    pub(super) fn because(mut self, reasons: impl IntoIterator<Item = Reason>) -> Self {
        self.reasons.extend(reasons);
        self
    }

    pub(super) fn try_this(mut self, remedies: impl IntoIterator<Item = String>) -> Self {
        self.remedies.extend(remedies);
        self
    }

    /// Takes every remedy and every moment once, and leaves out moments that the trace has
    /// forgotten.
    pub(super) fn settle(&mut self, trace: &Trace) {
        let mut seen = Set::new();
        self.remedies.retain(|remedy| seen.insert(remedy.clone()));
        self.reasons = fold(std::mem::take(&mut self.reasons));
        let mut missing = false;
        for reason in &mut self.reasons {
            missing |= reason.settle(trace);
        }
        // What was passed over in no time at all tells nothing.
        self.path.retain(|leg| leg.took > Span::ZERO || leg.under_way);
        for leg in &mut self.path {
            missing |= settle(&mut leg.moments, trace);
        }
        if missing && self.forgotten.is_none() {
            self.forgotten = Some("Some of the moments are no longer in the trace.".to_owned());
        }
    }

    /// Says that the trace has forgotten something, if it has forgotten anything at all.
    pub(super) fn lacking(mut self, what: &str, trace: &Trace) -> Self {
        if trace.forgotten() > 0 && self.forgotten.is_none() {
            let kept = trace.iter().len();
            self.forgotten = Some(format!(
                "{what} is no longer in the trace, which keeps the last {kept} events."
            ));
        }
        self
    }
}

impl Reason {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), moments: Vec::new(), because: Vec::new(), alike: None }
    }

    /// A sentence that is told once for all of whom it is true: `before`, the name, `after`.
    pub(super) fn of(before: String, name: impl fmt::Display, after: String) -> Self {
        let text = format!("{before}{name}{after}");
        let alike = Some(Alike { before, names: vec![name.to_string()], after });
        Self { text, moments: Vec::new(), because: Vec::new(), alike }
    }

    /// Rests on these events.
    pub(super) fn at(mut self, moments: impl IntoIterator<Item = EventId>) -> Self {
        self.moments.extend(moments);
        self
    }

    pub(super) fn because(mut self, reasons: impl IntoIterator<Item = Reason>) -> Self {
        self.because.extend(reasons);
        self
    }

    /// True if it says the same of another.
    fn is_like(&self, other: &Self) -> bool {
        match (&self.alike, &other.alike) {
            (Some(one), Some(other)) => (&one.before, &one.after) == (&other.before, &other.after),
            _ => false,
        }
    }

    /// Says of another what it says already of some.
    fn take_in(&mut self, other: Self) {
        let (Some(alike), Some(others)) = (&mut self.alike, other.alike) else { return };
        for name in others.names {
            if !alike.names.contains(&name) {
                alike.names.push(name);
            }
        }
        self.text = format!("{}{}{}", alike.before, list(&alike.names), alike.after);
        self.moments.extend(other.moments);
        self.because.extend(other.because);
    }

    fn settle(&mut self, trace: &Trace) -> bool {
        let missing = settle(&mut self.moments, trace);
        self.because.iter_mut().fold(missing, |missing, reason| missing | reason.settle(trace))
    }
}

/// Tells once what is so of several.
fn fold(reasons: Vec<Reason>) -> Vec<Reason> {
    let mut folded: Vec<Reason> = Vec::new();
    for reason in reasons {
        let same = folded.iter_mut().find(|earlier| earlier.is_like(&reason));
        match same {
            Some(earlier) => earlier.take_in(reason),
            None => folded.push(reason),
        }
    }
    for reason in &mut folded {
        reason.because = fold(std::mem::take(&mut reason.because));
    }
    folded
}

/// Orders moments, each once; true if one is forgotten.
fn settle(moments: &mut Vec<EventId>, trace: &Trace) -> bool {
    let all: Set<EventId> = moments.drain(..).collect();
    moments.extend(all.iter().filter(|moment| trace.get(**moment).is_some()));
    moments.len() < all.len()
}

/// The answer as indented lines; with `{:#}`, each with the numbers of its events.
impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.headline)?;
        self.reasons.iter().try_for_each(|reason| reason.write(f, 1))?;
        for leg in &self.path {
            let yet = if leg.under_way { " so far" } else { "" };
            write!(f, "\n  {} {}{yet}: {}", leg.part, took(leg.took), leg.text)?;
            moments(f, &leg.moments)?;
        }
        if let Some(forgotten) = &self.forgotten {
            write!(f, "\n  {forgotten}")?;
        }
        self.remedies.iter().try_for_each(|remedy| write!(f, "\n  try: {remedy}"))
    }
}

impl Reason {
    fn write(&self, f: &mut fmt::Formatter<'_>, depth: usize) -> fmt::Result {
        write!(f, "\n{}- {}", "  ".repeat(depth), self.text)?;
        moments(f, &self.moments)?;
        self.because.iter().try_for_each(|reason| reason.write(f, depth + 1))
    }
}

fn moments(f: &mut fmt::Formatter<'_>, moments: &[EventId]) -> fmt::Result {
    if !f.alternate() || moments.is_empty() {
        return Ok(());
    }
    let ids: Vec<String> = moments.iter().map(|id| format!("#{}", id.0)).collect();
    write!(f, " [{}]", ids.join(" "))
}
