//! Numbers for pictures and styles, with a few digits behind the point.
//!
//! The library writes any number to the last bit, and needs tables for it that weigh more than all
//! charts of this page. A picture needs tenths of a pixel, and those are whole numbers.

use std::fmt::{self, Display, Formatter, Write};

/// A number in decimal parts, written as shortly as it can be: `12`, `-0.5`, `33.33`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal {
    parts: i64,
    digits: u8,
}

/// A number with no digit behind the point.
pub fn whole(value: f64) -> Decimal {
    Decimal::of(value, 0)
}

/// A number with one digit behind the point at most.
pub fn tenths(value: f64) -> Decimal {
    Decimal::of(value * 10.0, 1)
}

/// A number with two digits behind the point at most.
pub fn hundredths(value: f64) -> Decimal {
    Decimal::of(value * 100.0, 2)
}

impl Decimal {
    fn of(parts: f64, digits: u8) -> Self {
        Self { parts: parts.round() as i64, digits }
    }

    /// Adds it to a text.
    pub fn put(self, text: &mut dyn Write) -> fmt::Result {
        let mut written = [0_u8; 24];
        let mut place = written.len();
        let mut rest = self.parts.unsigned_abs();
        for left in (0..self.digits).rev() {
            let digit = (rest % 10) as u8;
            rest /= 10;
            // Noughts at the end say nothing.
            if digit > 0 || place < written.len() {
                place -= 1;
                written[place] = b'0' + digit;
                if left == 0 {
                    place -= 1;
                    written[place] = b'.';
                }
            }
        }
        loop {
            place -= 1;
            written[place] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        if self.parts < 0 {
            place -= 1;
            written[place] = b'-';
        }
        written[place..].iter().try_for_each(|byte| text.write_char(char::from(*byte)))
    }
}

impl Display for Decimal {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.put(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_as_short_as_they_can_be() {
        let values = [0.0, 1.0, -1.5, 12.04, 12.06, 1234.96, -0.04, -0.3, 100.0];
        let expected = ["0", "1", "-1.5", "12", "12.1", "1235", "0", "-0.3", "100"];
        assert_eq!(values.map(|value| tenths(value).to_string()), expected);
    }

    #[test]
    fn digits_behind_the_point_are_those_asked_for() {
        let written = [12.3456, 0.05, -7.996, 40.1].map(|value| hundredths(value).to_string());
        assert_eq!(written, ["12.35", "0.05", "-8", "40.1"]);
        assert_eq!(
            [99.5, -0.4, 1e9].map(|value| whole(value).to_string()),
            ["100", "0", "1000000000"]
        );
    }

    #[test]
    fn what_no_picture_holds_is_written_too() {
        assert_eq!(whole(f64::NAN).to_string(), "0");
        assert_eq!(tenths(f64::MIN).to_string(), "-922337203685477580.8");
    }
}
