//! One line of a scenario.

use super::ScenarioError;
use super::action::{self, AN_ACTION};
use super::condition::{Condition, condition};
use super::cursor::Cursor;
use super::opening::{Opening, opening};
use super::values::{A_SPAN, span};
use crate::base::{ServerId, Span};
use crate::sim::Action;
use crate::why::Question;

/// How long `run until` waits if it does not say.
pub const PATIENCE: Span = Span::secs(60);

/// The longest time that one statement may run. It bounds how long a scenario can take.
pub const LONGEST_RUN: Span = Span::secs(3600);

/// What a line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Statement {
    /// `cluster …`: sets everything up. The first statement, and only the first.
    Cluster(Box<Opening>),
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
        let expected =
            format!("'cluster', 'run', 'expect', 'check', 'why', 'change' or {AN_ACTION}");
        let first = start.unexpected(&expected);
        if error.column == first.column { first } else { error }
    })
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
        return time(cursor, &format!("{A_SPAN}, or 'until'")).map(Statement::Run);
    }
    let condition = condition(cursor)?;
    let within = if cursor.take("within") { time(cursor, A_SPAN)? } else { PATIENCE };
    Ok(Statement::RunUntil { condition, within })
}

fn time(cursor: &mut Cursor<'_>, expected: &str) -> Result<Span, ScenarioError> {
    let (at, time) = (cursor.at(), cursor.peek().and_then(|word| span(word.text)));
    let time = time.ok_or_else(|| cursor.unexpected(expected))?;
    cursor.word(expected)?;
    if time > LONGEST_RUN {
        return Err(cursor.error(at, format!("{time} is too long: at most {LONGEST_RUN}")));
    }
    Ok(time)
}
