//! A scenario as a text: a claim, then blocks of lines, each with what came of it.
//!
//! ```text
//! # A claim: one sentence that the scenario shows.
//! cluster servers=3 leader=S1
//! Alice: transfer Bob 4
//! run 2s
//! ---
//! Alice #1 → S1: pays Bob 4
//! …
//!
//! check
//! ---
//! …
//! ```
//!
//! A line that is `---` ends a block's statements; what came of them stands below it, up to a
//! blank line. Blank lines and lines that begin with `#` are for the reader. The last block may
//! stand without a `---`, and then nothing is said about what comes of it.

use super::opening::Opening;
use super::statement::{Statement, statement};
use super::{ScenarioError, order};
use std::fmt::Write;

const DIVIDER: &str = "---";

/// The most lines that are read as one scenario.
const MAX_LINES: usize = 10_000;

/// A scenario, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// What it shows: its first line.
    pub claim: String,
    /// Its blocks, at least one.
    pub blocks: Vec<Block>,
}

/// Some statements and what came of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The lines as they were written, comments and all.
    pub source: Vec<String>,
    /// What they say, each with the number of its line.
    pub statements: Vec<(usize, Statement)>,
    /// What came of them, as it was written; nothing if it was not.
    pub expected: Option<Vec<String>>,
}

impl Scenario {
    /// Reads a scenario.
    pub fn parse(text: &str) -> Result<Self, ScenarioError> {
        let error = |line, message: String| ScenarioError { line, column: 1, message };
        if text.lines().count() > MAX_LINES {
            let message = format!("a scenario has at most {MAX_LINES} lines");
            return Err(error(MAX_LINES + 1, message));
        }
        let first = text.lines().next().unwrap_or_default();
        let claim = first.strip_prefix('#').map(str::trim).filter(|claim| !claim.is_empty());
        let Some(claim) = claim else {
            let message = "the first line is the claim: '# ' and what the scenario shows";
            return Err(error(1, message.to_owned()));
        };
        let blocks = blocks(text)?;
        let statements: Vec<_> = blocks.iter().flat_map(|block| &block.statements).collect();
        if statements.is_empty() {
            let message = "there is no statement, such as 'cluster servers=3'".to_owned();
            return Err(error(text.lines().count(), message));
        }
        let lines: Vec<_> = statements.into_iter().map(|(line, it)| (*line, it)).collect();
        order::check(&lines)?;
        Ok(Self { claim: claim.to_owned(), blocks })
    }

    /// Its statements, each with the number of its line.
    pub fn statements(&self) -> impl Iterator<Item = (usize, &Statement)> {
        let statements = self.blocks.iter().flat_map(|block| &block.statements);
        statements.map(|(line, statement)| (*line, statement))
    }

    /// How it sets its cluster up.
    pub fn opening(&self) -> &Opening {
        let opening = self.statements().find_map(|(_, statement)| match statement {
            Statement::Cluster(opening) => Some(&**opening),
            _ => None,
        });
        opening.expect("a scenario that was read sets up a cluster")
    }

    /// Its name, if it has one.
    pub fn title(&self) -> Option<&str> {
        self.statements().find_map(|(_, statement)| match statement {
            Statement::Title(title) => Some(title.as_str()),
            _ => None,
        })
    }

    /// The scenario as text again, with what came of its blocks.
    pub fn print(&self, outputs: &[Vec<String>]) -> String {
        assert_eq!(outputs.len(), self.blocks.len(), "each block has its output");
        let mut text = String::new();
        for (block, output) in self.blocks.iter().zip(outputs) {
            if !text.is_empty() {
                text.push('\n');
            }
            let lines = block.source.iter().map(String::as_str);
            let lines = lines.chain([DIVIDER]).chain(output.iter().map(String::as_str));
            lines.for_each(|line| writeln!(text, "{line}").expect("a String takes any text"));
        }
        text
    }
}

fn blocks(text: &str) -> Result<Vec<Block>, ScenarioError> {
    let mut blocks = Vec::new();
    let mut lines = text.lines().enumerate().map(|(position, line)| (position + 1, line));
    loop {
        let mut block = Block { source: Vec::new(), statements: Vec::new(), expected: None };
        let mut divided = false;
        for (number, line) in lines.by_ref() {
            let line = line.trim_end();
            if line == DIVIDER {
                divided = true;
                break;
            }
            if line.is_empty() && block.source.is_empty() {
                continue;
            }
            block.source.push(line.to_owned());
            if !line.is_empty() && !line.trim_start().starts_with('#') {
                block.statements.push((number, statement(number, line)?));
            }
        }
        if divided {
            let output = lines.by_ref().map(|(_, line)| line.trim_end());
            let output = output.take_while(|line| !line.is_empty());
            block.expected = Some(output.map(str::to_owned).collect());
        }
        while block.source.last().is_some_and(String::is_empty) {
            block.source.pop();
        }
        if block.source.is_empty() && !divided {
            return Ok(blocks);
        }
        blocks.push(block);
        if !divided {
            return Ok(blocks);
        }
    }
}
