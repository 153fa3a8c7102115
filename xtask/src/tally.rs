//! How many tests ran, read from their runners' summary lines.

use std::fmt;
use std::ops::AddAssign;

/// Tests that passed and tests that failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub passed: u64,
    pub failed: u64,
}

impl Tally {
    /// The counts in a line such as `test result: ok. 12 passed; 0 failed; …` (cargo's and the
    /// browser's runner) or `3 passed, 0 failed` (ours). Other lines count nothing.
    pub fn of_line(line: &str) -> Option<Self> {
        let line = line.trim();
        let counts = match line.strip_prefix("test result: ") {
            Some(rest) => rest.split_once(". ")?.1,
            None => line,
        };
        let mut parts = counts.split([';', ',']);
        let passed = counted(parts.next()?, "passed")?;
        let failed = counted(parts.next()?, "failed")?;
        Some(Self { passed, failed })
    }
}

fn counted(part: &str, what: &str) -> Option<u64> {
    part.trim().strip_suffix(what)?.trim_end().parse().ok()
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summary_lines_are_read_and_others_are_not() {
        let cases = [
            (
                "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out\n",
                Some((12, 0)),
            ),
            ("test result: FAILED. 3 passed; 2 failed; 0 ignored", Some((3, 2))),
            ("7 passed, 1 failed", Some((7, 1))),
            ("test base::hash::tests::known_answer ... ok", None),
            ("the swarm passed, none failed", None),
            ("3 passed", None),
            ("12 passed over, 0 failed", None),
            ("", None),
        ];
        for (line, expected) in cases {
            let expected = expected.map(|(passed, failed)| Tally { passed, failed });
            assert_eq!(Tally::of_line(line), expected, "{line}");
        }
    }

    #[test]
    fn a_tally_reads_its_own_line() {
        let tally = Tally { passed: 40, failed: 2 };
        assert_eq!(Tally::of_line(&tally.to_string()), Some(tally));
    }
}
