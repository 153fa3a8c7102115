//! Goals: what a reader is asked to bring about, and how an attempt at it is graded.
//!
//! ```text
//! goal "Make S1 lose its leadership." reach not S1 leads within 10s
//! forbid crash S1
//! forbid more than 2 cut
//! solution
//! isolate S1
//! run until not S1 leads
//! ```
//!
//! An [`Attempt`] knows nothing of who plays: it reads the world, the actions that were done to it,
//! and what the judges found.

use super::condition::{Condition, condition};
use super::cursor::Cursor;
use super::statement::time;
use super::values::{A_SPAN, number};
use super::{Past, ScenarioError};
use crate::base::{Span, Time};
use crate::sim::{Action, World};
use std::fmt;

/// What is to be brought about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Goal {
    /// What the reader is told.
    pub sentence: String,
    /// What must become so.
    pub reach: Condition,
    /// How long it must stay so without a break.
    pub lasting: Span,
    /// The time that there is for it all.
    pub within: Span,
    /// What must not be done.
    pub forbidden: Vec<Forbidden>,
}

/// `forbid crash S1`, `forbid more than 2 cut`: an action that must not be taken more than so often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forbidden {
    /// The words with which the action begins.
    pub words: String,
    /// How often it may be taken all the same.
    pub at_most: usize,
}

/// The words with which an action can begin, but for a client's.
const FIRST_WORDS: [&str; 26] = [
    "crash",
    "restart",
    "isolate",
    "partition",
    "heal",
    "unite",
    "load",
    "chaos",
    "cut",
    "mend",
    "network",
    "link",
    "tamper",
    "pause",
    "resume",
    "clock",
    "members",
    "transfer",
    "stop",
    "snapshot",
    "drop",
    "delay",
    "duplicate",
    "nudge",
    "edit",
    "fill",
];

/// Takes what follows the sentence of a `goal`.
pub(super) fn goal(sentence: String, cursor: &mut Cursor<'_>) -> Result<Goal, ScenarioError> {
    cursor.require("reach")?;
    let reach = condition(cursor)?;
    let lasting = if cursor.take("for") { time(cursor, A_SPAN)? } else { Span::ZERO };
    cursor.require("within")?;
    let at = cursor.at();
    let within = time(cursor, A_SPAN)?;
    if lasting > within {
        return Err(cursor.error(at, format!("it cannot last {lasting} within {within}")));
    }
    Ok(Goal { sentence, reach, lasting, within, forbidden: Vec::new() })
}

/// Takes what follows the word `forbid`.
pub(super) fn forbidden(cursor: &mut Cursor<'_>) -> Result<Forbidden, ScenarioError> {
    let mut at_most = 0;
    if cursor.take("more") {
        cursor.require("than")?;
        let expected = "how often it may be done, in plain digits";
        let most = cursor.peek().and_then(|word| usize::try_from(number(word.text)?).ok());
        at_most = most.ok_or_else(|| cursor.unexpected(expected))?;
        cursor.word(expected)?;
    }
    let expected = "an action, or the words that it begins with, such as 'crash S1' or 'cut'";
    let is_client = |word: &str| {
        word.strip_suffix(':').is_some_and(|name| name.parse::<crate::base::ClientId>().is_ok())
    };
    let known = |word: &str| FIRST_WORDS.contains(&word) || is_client(word);
    if !cursor.peek().is_some_and(|word| known(word.text)) {
        return Err(cursor.unexpected(expected));
    }
    let mut words: Vec<&str> = Vec::new();
    while cursor.peek().is_some() {
        words.push(cursor.word(expected)?.text);
    }
    Ok(Forbidden { words: words.join(" "), at_most })
}

impl Forbidden {
    /// True of an action that begins with the words.
    pub fn covers(&self, action: &Action) -> bool {
        let text = action.to_string();
        let rest = text.strip_prefix(&self.words);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    }
}

/// As it is written, without the word `forbid`.
impl fmt::Display for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.at_most {
            0 => f.write_str(&self.words),
            most => write!(f, "more than {most} {}", self.words),
        }
    }
}

/// How an attempt stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Neither reached nor failed.
    Open,
    /// The goal was reached at this time.
    Met(Time),
    /// It was not, and why.
    Failed(String),
}

/// Somebody's attempt at a goal, from the moment at which it was set.
#[derive(Clone, Debug)]
pub struct Attempt {
    goal: Goal,
    began: Time,
    /// How many actions of the world have been looked at.
    seen: usize,
    /// How often each forbidden action was taken.
    used: Vec<usize>,
    /// Since when the condition has held without a break.
    since: Option<Time>,
    outcome: Outcome,
}

impl Attempt {
    /// Begins now.
    pub fn begin(goal: Goal, world: &World) -> Self {
        let used = vec![0; goal.forbidden.len()];
        let (began, seen) = (world.now(), world.actions().len());
        Self { goal, began, seen, used, since: None, outcome: Outcome::Open }
    }

    /// Looks at the world, which must be shown after each thing that happens in it.
    pub fn look(&mut self, world: &World, past: &Past) {
        if self.outcome != Outcome::Open {
            return;
        }
        if let Some(action) = self.transgression(world) {
            self.outcome = Outcome::Failed(format!("'{action}' is forbidden"));
            return;
        }
        let (now, ends) = (world.now(), self.began + self.goal.within);
        // The condition was unbroken up to now; what is so from now on is another matter.
        let lasted = self.since.map(|since| since + self.goal.lasting).filter(|due| *due <= now);
        if let Some(due) = lasted.filter(|due| *due <= ends) {
            self.outcome = Outcome::Met(due);
        } else if now > ends {
            self.outcome = Outcome::Failed(format!(
                "{} went by, and '{}' is not so{}",
                self.goal.within,
                self.goal.reach,
                if self.goal.lasting > Span::ZERO { " for long enough" } else { "" }
            ));
        } else if !self.goal.reach.holds(world, past) {
            self.since = None;
        } else {
            let since = *self.since.get_or_insert(now);
            if self.goal.lasting == Span::ZERO {
                self.outcome = Outcome::Met(since);
            }
        }
    }

    /// The first action since it was last looked at that must not be taken, or not once more.
    fn transgression(&mut self, world: &World) -> Option<Action> {
        for stamped in world.actions().iter().skip(self.seen) {
            for (forbidden, used) in self.goal.forbidden.iter().zip(&mut self.used) {
                if forbidden.covers(&stamped.action) {
                    *used += 1;
                    if *used > forbidden.at_most {
                        return Some(stamped.action.clone());
                    }
                }
            }
        }
        self.seen = world.actions().len();
        None
    }

    /// How it stands.
    pub fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    /// The goal.
    pub fn goal(&self) -> &Goal {
        &self.goal
    }

    /// What must not be done, each with how often it was done.
    pub fn used(&self) -> impl Iterator<Item = (&Forbidden, usize)> {
        self.goal.forbidden.iter().zip(self.used.iter().copied())
    }

    /// The time that is left.
    pub fn left(&self, now: Time) -> Span {
        (self.began + self.goal.within).since(now)
    }

    /// How long the condition has held without a break, if it holds.
    pub fn held(&self, now: Time) -> Option<Span> {
        self.since.map(|since| now.since(since))
    }
}
