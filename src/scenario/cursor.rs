//! Reads one line of a scenario from left to right.

use super::ScenarioError;
use std::str::FromStr;

/// The character that divides groups; it is a word by itself, with or without blanks around it.
const BAR: char = '|';

/// A place in a line.
#[derive(Clone, Debug)]
pub(super) struct Cursor<'a> {
    line: usize,
    text: &'a str,
    /// Where the next word begins, in bytes.
    at: usize,
}

/// A word, and where it begins, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Word<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
}

impl<'a> Cursor<'a> {
    /// The beginning of a line, which has this number.
    pub(super) fn new(line: usize, text: &'a str) -> Self {
        let mut cursor = Self { line, text, at: 0 };
        cursor.skip_blanks();
        cursor
    }

    /// What is left of the line, without blanks around it.
    pub(super) fn rest(&self) -> &'a str {
        self.text[self.at..].trim_end()
    }

    /// The next word, or nothing at the end of the line.
    pub(super) fn peek(&self) -> Option<Word<'a>> {
        let rest = &self.text[self.at..];
        let ends = |c: char| c.is_whitespace() || c == BAR;
        let length = match rest.chars().next()? {
            BAR => BAR.len_utf8(),
            _ => rest.find(ends).unwrap_or(rest.len()),
        };
        Some(Word { text: &rest[..length], at: self.at })
    }

    /// Takes the next word, which should be what `expected` says.
    pub(super) fn word(&mut self, expected: &str) -> Result<Word<'a>, ScenarioError> {
        let word = self.peek().ok_or_else(|| self.unexpected(expected))?;
        self.advance(word.text.len());
        Ok(word)
    }

    /// Takes the next word if it is this one.
    pub(super) fn take(&mut self, wanted: &str) -> bool {
        let there = self.peek().is_some_and(|word| word.text == wanted);
        if there {
            self.advance(wanted.len());
        }
        there
    }

    /// Takes this word, and no other.
    pub(super) fn require(&mut self, wanted: &str) -> Result<(), ScenarioError> {
        if self.take(wanted) { Ok(()) } else { Err(self.unexpected(&format!("'{wanted}'"))) }
    }

    /// Takes the next word as a value; an error says what was expected instead.
    pub(super) fn parse<T: FromStr>(&mut self, expected: &str) -> Result<T, ScenarioError> {
        let value = self.peek().and_then(|word| word.text.parse().ok());
        let value = value.ok_or_else(|| self.unexpected(expected))?;
        self.word(expected)?;
        Ok(value)
    }

    /// Takes a text: in double quotes with escapes as in Rust, or in single quotes as it stands.
    pub(super) fn quoted(&mut self, expected: &str) -> Result<String, ScenarioError> {
        let rest = self.rest();
        let (text, length) = match rest.chars().next() {
            Some('"') => self.unescape(rest)?,
            Some('\'') => match rest[1..].find('\'') {
                Some(length) => (rest[1..=length].to_owned(), length + 2),
                None => return Err(self.error(self.at, "this quote is never closed")),
            },
            _ => return Err(self.unexpected(expected)),
        };
        self.advance(length);
        Ok(text)
    }

    /// True if a quoted text comes next.
    pub(super) fn at_quote(&self) -> bool {
        self.rest().starts_with(['"', '\''])
    }

    /// Makes sure that nothing is left.
    pub(super) fn end(&self) -> Result<(), ScenarioError> {
        if self.rest().is_empty() { Ok(()) } else { Err(self.unexpected("the end of the line")) }
    }

    /// An error here: something else was expected.
    pub(super) fn unexpected(&self, expected: &str) -> ScenarioError {
        let found = match self.peek() {
            Some(word) => format!("'{}'", word.text),
            None => "the end of the line".to_owned(),
        };
        self.error(self.at, format!("expected {expected}, found {found}"))
    }

    /// An error at a byte of the line.
    pub(super) fn error(&self, at: usize, message: impl Into<String>) -> ScenarioError {
        let column = self.text[..at].chars().count() + 1;
        ScenarioError { line: self.line, column, message: message.into() }
    }

    /// Where the next word begins, in bytes.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    fn advance(&mut self, bytes: usize) {
        self.at += bytes;
        self.skip_blanks();
    }

    fn skip_blanks(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
    }

    /// Reads a text in double quotes: what it says, and how many bytes it takes.
    fn unescape(&self, quoted: &str) -> Result<(String, usize), ScenarioError> {
        let mut text = String::new();
        let mut chars = quoted.char_indices().skip(1);
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => return Ok((text, at + 1)),
                '\\' => {
                    let escaped = chars.next().and_then(|(_, kind)| match kind {
                        'n' => Some('\n'),
                        'r' => Some('\r'),
                        't' => Some('\t'),
                        '0' => Some('\0'),
                        '\\' | '"' | '\'' => Some(kind),
                        'u' => unicode(&mut chars),
                        _ => None,
                    });
                    let unknown =
                        "expected an escape: \\n, \\r, \\t, \\0, \\\\, \\\", \\' or \\u{…}";
                    text.push(escaped.ok_or_else(|| self.error(self.at + at, unknown))?);
                }
                other => text.push(other),
            }
        }
        Err(self.error(self.at, "this quote is never closed"))
    }
}

/// Reads the rest of `\u{1f600}`.
fn unicode(chars: &mut impl Iterator<Item = (usize, char)>) -> Option<char> {
    let (_, '{') = chars.next()? else { return None };
    let mut code: u32 = 0;
    for digits in 0..=6 {
        match chars.next()?.1 {
            '}' if digits > 0 => return char::from_u32(code),
            digit => code = code * 16 + digit.to_digit(16)?,
        }
    }
    None
}
