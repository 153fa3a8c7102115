//! A bank's past as text: one payment a line, `from to amount`.
//!
//! ```text
//! # What happened before the cluster.
//! Alice Bob 10
//! 2 3 5          # accounts may be numbers, too
//! ```
//!
//! Empty lines and what follows a `#` are skipped. The payments are made on the opening balances
//! before the chain begins, so they leave no trace in the sessions; genesis holds the result.

use super::{AmountError, Ledger, Refusal, parse_amount};
use crate::base::AccountId;
use std::fmt;

/// The most lines that a history may have.
pub const MAX_LINES: usize = 100_000;

/// The most bytes that a history may have: 4 MiB, ample for [`MAX_LINES`].
pub const MAX_BYTES: usize = 4 << 20;

/// How much of a bad line an error repeats, in characters.
const MAX_QUOTED_CHARS: usize = 60;

/// One payment of the past.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payment {
    /// The line that it stands on, from 1 on.
    pub line: usize,
    /// Who paid.
    pub from: AccountId,
    /// Who got it.
    pub to: AccountId,
    /// How much, at least 1.
    pub amount: u64,
}

/// What is wrong with a history, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HistoryError {
    /// It has more than [`MAX_BYTES`] bytes.
    TooLong,
    /// It has more than [`MAX_LINES`] lines.
    TooManyLines,
    /// One line is wrong. It is the first such line.
    Line {
        /// Its number, from 1 on.
        number: usize,
        /// What stands there, shortened if it is long.
        text: String,
        /// What is wrong with it.
        problem: Problem,
    },
}

/// What is wrong with a line. Where several hold, the first in this order is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// It has fewer than three words.
    MissingWords,
    /// It has more than three words.
    ExtraWords,
    /// A word is no account.
    NoAccount(String),
    /// The payer is also the receiver.
    ToOneself,
    /// The third word is no amount.
    Amount(AmountError),
    /// The bank was not opened with this account.
    NotOpened(AccountId),
    /// The payer did not have so much at that point.
    Overdraft {
        /// Who would have paid.
        from: AccountId,
        /// What the payer had.
        balance: u64,
    },
}

/// Reads a history.
pub fn parse(text: &str) -> Result<Vec<Payment>, HistoryError> {
    if text.len() > MAX_BYTES {
        return Err(HistoryError::TooLong);
    }
    // Some editors begin a file with a byte order mark.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.lines().nth(MAX_LINES).is_some() {
        return Err(HistoryError::TooManyLines);
    }
    let numbered = text.lines().enumerate().map(|(position, line)| (position + 1, line));
    let payments = numbered.filter_map(|(number, line)| match parse_line(number, line) {
        Ok(payment) => payment.map(Ok),
        Err(problem) => Some(Err(HistoryError::Line { number, text: quote(line), problem })),
    });
    payments.collect()
}

/// Makes the payments on a ledger, in order. If one cannot be made, none of them counts.
pub fn replay(opening: &Ledger, payments: &[Payment]) -> Result<Ledger, HistoryError> {
    let mut ledger = opening.clone();
    for payment in payments {
        pay(&mut ledger, payment).map_err(|problem| HistoryError::Line {
            number: payment.line,
            text: payment.to_string(),
            problem,
        })?;
    }
    assert_eq!(ledger.total(), opening.total(), "payments only move money");
    Ok(ledger)
}

fn pay(ledger: &mut Ledger, payment: &Payment) -> Result<(), Problem> {
    let Payment { line: _, from, to, amount } = *payment;
    if let Some(stranger) = [from, to].into_iter().find(|id| ledger.balance(*id).is_none()) {
        return Err(Problem::NotOpened(stranger));
    }
    ledger
        .pay(from, to, amount)
        .map_err(|Refusal::InsufficientFunds { balance }| Problem::Overdraft { from, balance })
}

/// Reads a line: nothing if it holds no payment.
fn parse_line(number: usize, line: &str) -> Result<Option<Payment>, Problem> {
    let content = line.split('#').next().unwrap_or_default();
    let mut words = content.split_whitespace();
    let Some(from) = words.next() else {
        return Ok(None);
    };
    let (Some(to), Some(amount)) = (words.next(), words.next()) else {
        return Err(Problem::MissingWords);
    };
    if words.next().is_some() {
        return Err(Problem::ExtraWords);
    }
    let from = account(from)?;
    let to = account(to)?;
    if from == to {
        return Err(Problem::ToOneself);
    }
    let amount = parse_amount(amount).map_err(Problem::Amount)?;
    Ok(Some(Payment { line: number, from, to, amount }))
}

fn account(word: &str) -> Result<AccountId, Problem> {
    word.parse().map_err(|_| Problem::NoAccount(quote(word)))
}

/// A text short enough to be repeated in a message.
fn quote(text: &str) -> String {
    let text = text.trim();
    if text.chars().count() <= MAX_QUOTED_CHARS {
        return text.to_owned();
    }
    text.chars().take(MAX_QUOTED_CHARS).chain(['…']).collect()
}

impl fmt::Display for Payment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.from, self.to, self.amount)
    }
}

impl fmt::Display for HistoryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => {
                write!(f, "the history is too long: at most {} MiB", MAX_BYTES >> 20)
            }
            Self::TooManyLines => {
                write!(f, "the history has too many lines: at most {MAX_LINES}")
            }
            Self::Line { number, text, problem } => {
                write!(f, "line {number} of the history, '{text}': {problem}")
            }
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingWords => {
                f.write_str("something is missing: write 'from to amount', like 'Alice Bob 10'")
            }
            Self::ExtraWords => {
                f.write_str("there are too many words: write 'from to amount', one payment a line")
            }
            Self::NoAccount(word) => {
                let last = AccountId::first(u8::MAX).last().expect("there are accounts");
                let first = AccountId::first(1).next().expect("there are accounts");
                write!(f, "'{word}' is no account: write a name from {first} to {last}, ")?;
                write!(f, "or a number from {} to {}", first.number(), last.number())
            }
            Self::ToOneself => {
                f.write_str("payer and receiver are the same: name two different accounts")
            }
            Self::Amount(error) => error.fmt(f),
            Self::NotOpened(account) => {
                write!(f, "this bank has no account of {account}: add a client or drop the line")
            }
            Self::Overdraft { from, balance } => {
                write!(f, "{from} has only {balance} at that point: lower the amount ")?;
                f.write_str("or raise the opening balance")
            }
        }
    }
}

#[cfg(test)]
#[path = "history_tests.rs"]
mod tests;
