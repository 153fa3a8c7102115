//! One line of a scenario.

use super::ScenarioError;
use super::action::{self, AN_ACTION};
use super::condition::{Condition, condition};
use super::cursor::Cursor;
use super::goal::{Forbidden, Goal, forbidden, goal};
use super::opening::{Opening, opening};
use super::seek::{Seek, seek};
use super::values::{A_SPAN, number, span};
use crate::base::{ServerId, Span};
use crate::sim::Action;
use crate::why::Question;

/// How long `run until` waits if it does not say.
pub const PATIENCE: Span = Span::secs(60);

/// The longest time that one statement may run. It bounds how long a scenario can take.
pub const LONGEST_RUN: Span = Span::secs(3600);

/// The words with which a line can begin that does nothing to the world.
const STATEMENTS: &str = "'title', 'cluster', 'seek', 'step', 'predict', 'answer', 'goal', \
                          'forbid', 'solution', 'run', 'expect', 'check', 'why', 'change'";

/// What a line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Statement {
    /// `title "…"`: a name, for lists. It stands above the cluster.
    Title(String),
    /// `cluster …`: sets everything up. The first statement but for the title, and only once.
    Cluster(Box<Opening>),
    /// `seek seed …`: begins with the first seed with which something comes about by itself.
    Seek(Seek),
    /// `step "…"`: a step of the story begins, which this sentence tells.
    Step(String),
    /// `predict "…"`: asks the reader what will be the case at the end of the step.
    Predict(String),
    /// `answer "…" if …`: an answer to that, which is right if the condition holds then.
    Answer {
        /// The answer.
        text: String,
        /// When it is right.
        condition: Condition,
    },
    /// `goal "…" reach … within …`: leaves it to the reader to make something so.
    Goal(Box<Goal>),
    /// `forbid …`: an action that the reader must not take on the way, or not so often.
    Forbid(Forbidden),
    /// `solution`: what follows reaches the goal.
    Solution,
    /// Does something to the world.
    Act(Action),
    /// `change S1 block/2 'from' to 'into'`: alters a part of what is kept under a key, while
    /// the server is down.
    Change {
        /// Whose disk.
        server: ServerId,
        /// The key on it.
        key: String,
        /// The part, which must be there.
        from: String,
        /// What stands there afterwards.
        into: String,
    },
    /// `run 2s`: lets time go by.
    Run(Span),
    /// `run 2s in 40 steps`: lets time go by, and just so many things happen. It tells apart the
    /// things that happen at one moment.
    RunSteps {
        /// How much time.
        span: Span,
        /// How many things.
        steps: u64,
    },
    /// `run until … within …`: lets time go by until something is the case.
    RunUntil {
        /// What.
        condition: Condition,
        /// How long at most.
        within: Span,
    },
    /// `expect …`: something must be the case now.
    Expect(Condition),
    /// `check`: tells the balances and what the judges say.
    Check,
    /// `why Alice #1`: tells why something is as it is.
    Why(Question),
}

/// Reads a line that is neither blank nor a comment.
pub(super) fn statement(line: usize, text: &str) -> Result<Statement, ScenarioError> {
    let mut cursor = Cursor::new(line, text);
    let statement = take(&mut cursor)?;
    cursor.end()?;
    Ok(statement)
}

fn take(cursor: &mut Cursor<'_>) -> Result<Statement, ScenarioError> {
    if cursor.take("cluster") {
        return Ok(Statement::Cluster(Box::new(opening(cursor)?)));
    }
    if let Some(statement) = story(cursor)? {
        return Ok(statement);
    }
    if cursor.take("change") {
        return change(cursor);
    }
    if cursor.take("run") {
        return run(cursor);
    }
    if cursor.take("expect") {
        return condition(cursor).map(Statement::Expect);
    }
    if cursor.take("check") {
        return Ok(Statement::Check);
    }
    if cursor.take("why") {
        return why(cursor);
    }
    let start = cursor.clone();
    action::action(cursor).map(Statement::Act).map_err(|error| {
        // At the first word any statement is possible, not actions alone.
        let expected = format!("{STATEMENTS} or {AN_ACTION}");
        let first = start.unexpected(&expected);
        if error.column == first.column { first } else { error }
    })
}

/// Takes a statement that tells the story, or grades its reader.
fn story(cursor: &mut Cursor<'_>) -> Result<Option<Statement>, ScenarioError> {
    let words = |cursor: &mut Cursor<'_>, what: &str| {
        let at = cursor.at();
        let words = cursor.quoted(&format!("{what}, in quotes"))?;
        let blank = words.trim().is_empty();
        if blank {
            Err(cursor.error(at, format!("expected {what}, not nothing")))
        } else {
            Ok(words)
        }
    };
    Ok(Some(if cursor.take("title") {
        Statement::Title(words(cursor, "the scenario's name")?)
    } else if cursor.take("seek") {
        Statement::Seek(seek(cursor)?)
    } else if cursor.take("step") {
        Statement::Step(words(cursor, "a sentence")?)
    } else if cursor.take("predict") {
        Statement::Predict(words(cursor, "a question")?)
    } else if cursor.take("answer") {
        let text = words(cursor, "an answer")?;
        cursor.require("if")?;
        Statement::Answer { text, condition: condition(cursor)? }
    } else if cursor.take("goal") {
        let sentence = words(cursor, "what is to be done")?;
        Statement::Goal(Box::new(goal(sentence, cursor)?))
    } else if cursor.take("forbid") {
        Statement::Forbid(forbidden(cursor)?)
    } else if cursor.take("solution") {
        Statement::Solution
    } else {
        return Ok(None);
    }))
}

fn change(cursor: &mut Cursor<'_>) -> Result<Statement, ScenarioError> {
    let server = cursor.parse("a server, S1 to S9")?;
    let key = action::key(cursor)?;
    let from = cursor.quoted("the part to change, in quotes")?;
    cursor.require("to")?;
    let into = cursor.quoted("what it becomes, in quotes")?;
    Ok(Statement::Change { server, key, from, into })
}

fn why(cursor: &mut Cursor<'_>) -> Result<Statement, ScenarioError> {
    let (at, text) = (cursor.at(), cursor.rest());
    let question = text.parse().map_err(|why: String| cursor.error(at, why))?;
    while cursor.peek().is_some() {
        cursor.word("a question")?;
    }
    Ok(Statement::Why(question))
}

fn run(cursor: &mut Cursor<'_>) -> Result<Statement, ScenarioError> {
    if !cursor.take("until") {
        let span = time(cursor, &format!("{A_SPAN}, or 'until'"))?;
        if !cursor.take("in") {
            return Ok(Statement::Run(span));
        }
        let expected = "how many steps";
        let steps = cursor.peek().and_then(|word| number(word.text));
        let steps = steps.ok_or_else(|| cursor.unexpected(expected))?;
        cursor.word(expected)?;
        cursor.require("steps")?;
        return Ok(Statement::RunSteps { span, steps });
    }
    let condition = condition(cursor)?;
    let within = if cursor.take("within") { time(cursor, A_SPAN)? } else { PATIENCE };
    Ok(Statement::RunUntil { condition, within })
}

/// Takes a time that a statement may run.
pub(super) fn time(cursor: &mut Cursor<'_>, expected: &str) -> Result<Span, ScenarioError> {
    let (at, time) = (cursor.at(), cursor.peek().and_then(|word| span(word.text)));
    let time = time.ok_or_else(|| cursor.unexpected(expected))?;
    cursor.word(expected)?;
    if time > LONGEST_RUN {
        return Err(cursor.error(at, format!("{time} is too long: at most {LONGEST_RUN}")));
    }
    Ok(time)
}
