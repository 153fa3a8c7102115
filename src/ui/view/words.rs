//! Small words: counts, lists, sentences.

/// A count with its noun: `1 block`, `2 blocks`.
pub fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// Names as people list them: `S1`, `S1 and S2`, `S1, S2 and S3`.
pub fn list(names: &[String]) -> String {
    match names {
        [] => "nobody".to_owned(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// The engine's messages as sentences of their own: with a capital, and a stop.
pub fn sentence(message: &str) -> String {
    let message = message.trim_end_matches('.');
    let mut letters = message.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    format!("{}{}.", first.map_or(String::new(), String::from), letters.as_str())
}

/// The style that gives a term its tint: six, round and round. The number stands beside it.
pub fn term_class(term: u64) -> &'static str {
    ["term-0", "term-1", "term-2", "term-3", "term-4", "term-5"][(term % 6) as usize]
}

/// A number with its thousands apart: `12,345`.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        assert_eq!([count(1, "vote"), count(2, "vote")], ["1 vote", "2 votes"]);
        let names = ["S1", "S2", "S3"].map(str::to_owned);
        assert_eq!(list(&names), "S1, S2 and S3");
        assert_eq!(list(&names[..2]), "S1 and S2");
        assert_eq!(sentence("there is no server 'S9'"), "There is no server 'S9'.");
        assert_eq!(sentence(""), ".");
        assert_eq!([0, 5, 6, 13].map(term_class), ["term-0", "term-5", "term-0", "term-1"]);
    }
}
