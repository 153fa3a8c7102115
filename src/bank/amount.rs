//! Amounts of money as people write them.

use std::fmt;

/// Reads an amount: a whole number from 1 to `u64::MAX`, digits only. Blanks around it are
/// skipped.
pub fn parse_amount(text: &str) -> Result<u64, AmountError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(AmountError::Empty);
    }
    if is_digits(text) {
        return match text.parse() {
            Ok(0) => Err(AmountError::Zero),
            Ok(amount) => Ok(amount),
            Err(_) => Err(AmountError::TooLarge),
        };
    }
    let negative = text.strip_prefix(['-', '−']);
    Err(match (negative, is_fraction(negative.unwrap_or(text))) {
        (Some(_), true) => AmountError::Negative,
        (Some(digits), false) if is_digits(digits) => AmountError::Negative,
        (None, true) => AmountError::Fractional,
        _ => AmountError::NotANumber,
    })
}

/// Why a text is no amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AmountError {
    /// There is nothing.
    Empty,
    /// It is no number at all.
    NotANumber,
    /// It is below zero.
    Negative,
    /// It has a part behind the point.
    Fractional,
    /// It is zero.
    Zero,
    /// It does not fit a `u64`.
    TooLarge,
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_fraction(text: &str) -> bool {
    let Some((whole, part)) = text.split_once(['.', ',']) else {
        return false;
    };
    (whole.is_empty() || is_digits(whole)) && is_digits(part)
}

impl fmt::Display for AmountError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the amount is missing: write a whole number from 1 on"),
            Self::NotANumber => {
                f.write_str("the amount is not a number: write a whole number, digits only")
            }
            Self::Negative => f.write_str("the amount is negative: it must be at least 1"),
            Self::Fractional => {
                f.write_str("the amount has a fraction: money here comes in whole coins")
            }
            Self::Zero => f.write_str("the amount is zero: it must be at least 1"),
            Self::TooLarge => write!(f, "the amount is too large: at most {}", u64::MAX),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_whole_numbers_from_one_on() {
        use AmountError::*;
        for (text, amount) in [
            ("1", Ok(1)),
            ("007", Ok(7)),
            (" 42 ", Ok(42)),
            ("18446744073709551615", Ok(u64::MAX)),
            ("18446744073709551616", Err(TooLarge)),
            ("", Err(Empty)),
            (" \t", Err(Empty)),
            ("0", Err(Zero)),
            ("000", Err(Zero)),
            ("-3", Err(Negative)),
            ("−3", Err(Negative)),
            ("-0.5", Err(Negative)),
            ("1.5", Err(Fractional)),
            (".5", Err(Fractional)),
            ("1,5", Err(Fractional)),
            ("1.", Err(NotANumber)),
            ("-", Err(NotANumber)),
            ("--1", Err(NotANumber)),
            ("+1", Err(NotANumber)),
            ("1e3", Err(NotANumber)),
            ("1.2.3", Err(NotANumber)),
            ("0x10", Err(NotANumber)),
            ("NaN", Err(NotANumber)),
            ("٣", Err(NotANumber)),
            ("1 000", Err(NotANumber)),
        ] {
            assert_eq!(parse_amount(text), amount, "'{text}'");
        }
    }

    #[test]
    fn every_message_says_what_to_write() {
        for text in ["", "x", "-1", "1.5", "0", "99999999999999999999"] {
            let message = parse_amount(text).expect_err("no amount").to_string();
            assert!(message.starts_with("the amount "), "{message}");
            assert!(message.contains(':'), "{message}");
        }
    }
}
