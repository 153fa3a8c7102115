//! What the editor says of a text: where it goes wrong, as a place in the text.

use crate::scenario::{Scenario, ScenarioError};

/// A text to begin with.
pub const TEMPLATE: &str = "\
# What it shows, in one sentence.
cluster servers=3 leader=S1 Alice=10 Bob=0
step \"Alice pays, and the leader crashes.\"
predict \"Is she paid twice?\"
answer \"No\" if Bob 4
answer \"Yes\" if Bob 8
Alice: transfer Bob 4
run 100ms
crash S1
run until all answered
check
";

/// What is wrong with a text, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line, from 1 on.
    pub line: usize,
    /// What is wrong there.
    pub message: String,
    /// The line's place in the text, in UTF-16 units, as browsers count: from the column that is
    /// meant to the line's end.
    pub range: (u32, u32),
}

impl Problem {
    /// Finds the place of an error in its text.
    pub fn new(text: &str, error: &ScenarioError) -> Self {
        let units = |part: &str| part.encode_utf16().count() as u32;
        let mut before = 0;
        for (number, line) in text.split('\n').enumerate() {
            if number + 1 == error.line {
                let column: String = line.chars().take(error.column.saturating_sub(1)).collect();
                before += units(&column);
                let rest = units(&line[column.len()..]);
                let range = (before, before + rest);
                return Self { line: error.line, message: error.to_string(), range };
            }
            before += units(line) + 1;
        }
        let end = units(text);
        Self { line: text.split('\n').count(), message: error.to_string(), range: (end, end) }
    }

    /// What can be told of a text without playing it.
    pub fn at_a_glance(text: &str) -> Option<Self> {
        Scenario::parse(text).err().map(|error| Self::new(text, &error))
    }
}

/// How many lines a text has, as its margin numbers them.
pub fn lines(text: &str) -> usize {
    text.split('\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_plays() {
        let scenario = Scenario::parse(TEMPLATE).unwrap();
        crate::scenario::tell(&scenario).unwrap();
        assert_eq!(Problem::at_a_glance(TEMPLATE), None);
    }

    #[test]
    fn a_problem_is_found_where_browsers_count_it() {
        // The heart takes two UTF-16 units, and is one character of a column.
        let text = "# A 💛 claim.\ncluster servers=3\nstep \"💛\" now\nrun 2s";
        let problem = Problem::at_a_glance(text).unwrap();
        assert_eq!(problem.line, 3);
        assert!(
            problem.message.starts_with("line 3, column 10: expected the end of the line"),
            "{problem:?}"
        );
        let units: Vec<u16> = text.encode_utf16().collect();
        let (from, to) = problem.range;
        let marked = String::from_utf16(&units[from as usize..to as usize]).unwrap();
        assert_eq!(marked, "now");
    }

    #[test]
    fn a_problem_beyond_the_last_line_is_at_its_end() {
        let problem = Problem::at_a_glance("").unwrap();
        assert_eq!((problem.line, problem.range), (1, (0, 0)));
        let text = "# A claim.\ncluster servers=3\ngoal \"A.\" reach S1 leads within 1s";
        assert_eq!(Problem::at_a_glance(text).unwrap().line, 3);
    }
}
