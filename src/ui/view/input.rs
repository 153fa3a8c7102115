//! What people type, parsed once at the edge, with messages that say what to do.

/// Reads a seed.
pub fn seed(text: &str) -> Result<u64, String> {
    let text = text.trim();
    match text.parse() {
        Ok(seed) => Ok(seed),
        Err(_) if is_digits(text) => Err(format!("The largest seed is {}.", u64::MAX)),
        Err(_) => Err("A seed is a whole number, such as 42.".to_owned()),
    }
}

/// Reads an amount of money that is to be moved by somebody who seems to have `balance`.
///
/// An amount above the balance is accepted: what the account holds when the transfer takes its
/// place in the chain is for the ledger to say. [`warning`] tells of it.
pub fn amount(text: &str) -> Result<u64, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("Type an amount.".to_owned());
    }
    if text.starts_with('-') {
        return Err("The amount must be at least 1: money cannot be taken.".to_owned());
    }
    if text.contains(['.', ',', 'e', 'E']) && text.parse::<f64>().is_ok() {
        return Err("Whole amounts only: the bank knows no fractions.".to_owned());
    }
    match text.parse() {
        Ok(0) => Err("The amount must be at least 1.".to_owned()),
        Ok(amount) => Ok(amount),
        Err(_) if is_digits(text) => Err(format!("The largest amount is {}.", u64::MAX)),
        Err(_) => Err("An amount is a whole number, such as 10.".to_owned()),
    }
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
    fn amounts() {
        assert_eq!(amount("10"), Ok(10));
        assert_eq!(amount("18446744073709551615"), Ok(u64::MAX));
        for (text, says) in [
            ("", "Type an amount"),
            ("0", "at least 1"),
            ("-5", "at least 1"),
            ("2.5", "fractions"),
            ("1e3", "fractions"),
            ("18446744073709551616", "largest"),
            ("ten", "whole number"),
        ] {
            let message = amount(text).expect_err(text);
            assert!(message.contains(says), "{text}: {message}");
        }
    }

    #[test]
    fn an_amount_above_the_balance_is_warned_of_not_refused() {
        assert_eq!(warning(100, 100), None);
        assert!(warning(101, 100).is_some_and(|text| text.contains("refused")));
    }
}
