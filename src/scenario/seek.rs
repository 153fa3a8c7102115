//! `seek seed 1-500 where S1 voted S1 and S3 voted S3 within 2s`: chance that turns out as wished,
//! and is chance all the same.

use super::ScenarioError;
use super::condition::{Condition, condition};
use super::cursor::Cursor;
use super::statement::time;
use super::values::{A_SPAN, number};
use crate::base::Span;

/// The most seeds that one scenario tries.
const MAX_SEEDS: u64 = 1_000;

/// The longest time that each seed is given.
const LONGEST_TRY: Span = Span::secs(60);

/// Which seeds are tried, and for what. The first that shows it is the run's seed, and the run
/// begins anew with it: whoever has the seed has the same run without a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seek {
    /// The first seed.
    pub first: u64,
    /// The last.
    pub last: u64,
    /// What is to come about, with nothing done after the cluster is set up.
    pub condition: Condition,
    /// How long after that at most.
    pub within: Span,
}

/// Takes what follows the word `seek`.
pub(super) fn seek(cursor: &mut Cursor<'_>) -> Result<Seek, ScenarioError> {
    cursor.require("seed")?;
    let (at, expected) = (cursor.at(), "a range of seeds such as 1-500");
    let range = cursor.peek().and_then(|word| {
        let (first, last) = word.text.split_once('-')?;
        Some((number(first)?, number(last)?)).filter(|(first, last)| first <= last)
    });
    let (first, last) = range.ok_or_else(|| cursor.unexpected(expected))?;
    cursor.word(expected)?;
    if last - first >= MAX_SEEDS {
        return Err(cursor.error(at, format!("at most {MAX_SEEDS} seeds are tried")));
    }
    cursor.require("where")?;
    let condition = condition(cursor)?;
    cursor.require("within")?;
    let at = cursor.at();
    let within = time(cursor, A_SPAN)?;
    if within > LONGEST_TRY {
        return Err(cursor.error(at, format!("{within} is too long: at most {LONGEST_TRY}")));
    }
    Ok(Seek { first, last, condition, within })
}
