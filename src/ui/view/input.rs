//! What people type, parsed once at the edge, with messages that say what to do.

use super::words::sentence;
use crate::bank::parse_amount;
use crate::scenario::parse_action;
use crate::sim::Action;

/// Reads a seed.
pub fn seed(text: &str) -> Result<u64, String> {
    let text = text.trim();
    match text.parse() {
        Ok(seed) => Ok(seed),
        Err(_) if is_digits(text) => Err(format!("The largest seed is {}.", u64::MAX)),
        Err(_) => Err("A seed is a whole number, such as 42.".to_owned()),
    }
}

/// Reads an amount of money.
///
/// An amount above the balance is accepted: what the account holds when the transfer takes its
/// place in the chain is for the ledger to say. [`warning`] tells of it.
pub fn amount(text: &str) -> Result<u64, String> {
    parse_amount(text).map_err(|error| sentence(&error.to_string()))
}

/// Reads an action, as scenario text has it.
pub fn action(text: &str) -> Result<Action, String> {
    parse_action(text).map_err(|error| sentence(&error.message))
}

/// What to say beside an amount that is above what the account seems to hold.
pub fn warning(amount: u64, pending: u64) -> Option<String> {
    (amount > pending).then(|| format!("More than the {pending} there: it may be refused."))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds() {
        assert_eq!(seed(" 42 "), Ok(42));
        for (text, says) in [
            ("", "whole number"),
            ("forty", "whole number"),
            ("-1", "whole number"),
            ("1.5", "whole number"),
            ("18446744073709551616", "largest"),
        ] {
            let message = seed(text).expect_err(text);
            assert!(message.contains(says), "{text}: {message}");
        }
    }

    #[test]
    fn amounts_are_the_banks_and_their_errors_are_sentences() {
        assert_eq!(amount("10"), Ok(10));
        for text in ["", "0", "-5", "2.5", "1e3", "18446744073709551616", "ten"] {
            let message = amount(text).expect_err(text);
            let first = message.chars().next().expect("a message has letters");
            assert!(!first.is_lowercase() && message.ends_with('.'), "{text}: {message}");
        }
    }

    #[test]
    fn actions_are_scenario_text() {
        assert_eq!(action(" crash S1 "), parse_action("crash S1").map_err(|error| error.message));
        let message = action("explode").unwrap_err();
        assert!(message.starts_with("Expected an action: crash, "), "{message}");
        assert!(action("crash").unwrap_err().contains("a server, S1 to S9"));
    }

    #[test]
    fn an_amount_above_the_balance_is_warned_of_not_refused() {
        assert_eq!(warning(100, 100), None);
        assert!(warning(101, 100).is_some_and(|text| text.contains("refused")));
    }
}
