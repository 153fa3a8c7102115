//! Small words: spans, moments, lists.

use crate::base::random::{self, Ppm};
use crate::base::{Index, ServerId, Span, Term, Time};
use crate::raft::Position;

/// A span as people say it: `0.4 ms`, `35 ms`, `1.25 s`.
pub fn took(span: Span) -> String {
    match span.0 {
        0 => "0 ms".to_owned(),
        us if us < 10_000 => format!("{}.{} ms", (us + 50) / 1000, (us + 50) / 100 % 10),
        us if us < 1_000_000 => format!("{} ms", (us + 500) / 1000),
        us if us < 100_000_000 => {
            format!("{}.{:02} s", (us + 5000) / 1_000_000, (us + 5000) / 10_000 % 100)
        }
        us => format!("{} s", us / 1_000_000),
    }
}

/// A moment of the run: `1.234 s`.
pub fn moment(time: Time) -> String {
    format!("{}.{:03} s", time.0 / 1_000_000, time.0 / 1000 % 1000)
}

/// A rate in millionths as people say it: `0.5 %`, `30 %`.
pub fn percent(rate: Ppm) -> String {
    random::percent(rate).replace('%', " %")
}

/// Names as people list them: `S1`, `S1 and S2`, `S1, S2 and S3`.
pub fn list<T: ToString>(names: impl IntoIterator<Item = T>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| name.to_string()).collect();
    match names.as_slice() {
        [] => "nobody".to_owned(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// Names to choose from: `S1`, `S1 or S2`, `S1, S2 or S3`.
pub fn either<T: ToString>(names: impl IntoIterator<Item = T>) -> String {
    list(names).replace(" and ", " or ")
}

/// A count with its noun: `1 vote`, `2 votes`.
pub fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// `is` or `are`.
pub fn are(number: usize) -> &'static str {
    if number == 1 { "is" } else { "are" }
}

/// `has` or `have`.
pub fn have(number: usize) -> &'static str {
    if number == 1 { "has" } else { "have" }
}

/// Where a log ends: `height 4 of term 2`, `nothing`.
pub fn end(place: Position) -> String {
    match place {
        Position { index: Index::ZERO, .. } => "genesis".to_owned(),
        Position { index, term } => format!("height {index} of term {term}"),
    }
}

/// `S2, the leader of term 3`
pub fn leader_of(server: ServerId, term: Term) -> String {
    format!("{server}, the leader of term {term}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_and_moments() {
        let spans =
            [0, 450, 9_999, 35_400, 999_499, 1_250_000, 120_000_000].map(|us| took(Span(us)));
        assert_eq!(spans, ["0 ms", "0.5 ms", "10.0 ms", "35 ms", "999 ms", "1.25 s", "120 s"]);
        assert_eq!(moment(Time(1_234_567)), "1.234 s");
        assert_eq!([5, 2_500, 300_000].map(percent), ["0.0005 %", "0.25 %", "30 %"]);
    }

    #[test]
    fn lists() {
        assert_eq!(list::<String>([]), "nobody");
        assert_eq!(list(["S1", "S2", "S3"]), "S1, S2 and S3");
        assert_eq!([either(["S1"]), either(["S1", "S2", "S3"])], ["S1", "S1, S2 or S3"]);
        assert_eq!([count(1, "vote"), count(2, "vote")], ["1 vote", "2 votes"]);
    }
}
