//! Values as scenarios write them: times, ranges of times, rates, whole numbers.

use super::ScenarioError;
use super::cursor::Cursor;
use crate::base::Span;
use crate::base::random::{CERTAIN, Ppm};

/// A word of the form `key=value`, and where each half begins in its line, in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Setting<'a> {
    pub(super) key: &'a str,
    pub(super) value: &'a str,
    key_at: usize,
    value_at: usize,
}

impl<'a> Setting<'a> {
    /// Takes the next word of a line.
    pub(super) fn take(cursor: &mut Cursor<'a>) -> Result<Self, ScenarioError> {
        let expected = "a setting such as delay=10ms-30ms";
        let Some((key, value)) = cursor.peek().and_then(|word| word.text.split_once('=')) else {
            return Err(cursor.unexpected(expected));
        };
        let at = cursor.word(expected)?.at;
        Ok(Self { key, value, key_at: at, value_at: at + key.len() + 1 })
    }

    /// Reads the value with one of the functions below; `expected` says what it should be.
    pub(super) fn read<T>(
        &self,
        cursor: &Cursor<'_>,
        expected: &str,
        reader: impl Fn(&str) -> Option<T>,
    ) -> Result<T, ScenarioError> {
        let message = || format!("expected {expected}, found '{}'", self.value);
        reader(self.value).ok_or_else(|| cursor.error(self.value_at, message()))
    }

    /// An error at the key.
    pub(super) fn error(&self, cursor: &Cursor<'_>, message: impl Into<String>) -> ScenarioError {
        cursor.error(self.key_at, message)
    }
}

/// How to write a time.
pub(super) const A_SPAN: &str = "a time such as 2s, 150ms or 75us";

/// How to write a range of times.
pub(super) const A_RANGE: &str = "a range of times such as 10ms-30ms";

/// How to write a rate.
pub(super) const A_RATE: &str = "a rate such as 5%, 0.25% or 2500ppm";

/// A time: `2s`, `150ms`, `75us`. The unit is never left out.
pub(super) fn span(text: &str) -> Option<Span> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let factor = match &text[digits..] {
        "s" => 1_000_000,
        "ms" => 1000,
        "us" => 1,
        _ => return None,
    };
    number(&text[..digits])?.checked_mul(factor).map(Span)
}

/// Two times, `10ms-30ms`, or one that is both.
pub(super) fn span_range(text: &str) -> Option<(Span, Span)> {
    let (least, most) = text.split_once('-').unwrap_or((text, text));
    Some((span(least)?, span(most)?))
}

/// A chance: `5%`, `0.25%` or `2500ppm`, up to 100%. No finer than a millionth.
pub(super) fn rate(text: &str) -> Option<Ppm> {
    factor(text).filter(|ppm| *ppm <= CERTAIN)
}

/// A factor, written as a [`rate`] is; it may be above 100%.
pub(super) fn factor(text: &str) -> Option<Ppm> {
    let ppm = match text.strip_suffix('%') {
        Some(percent) => {
            let (whole, fraction) = percent.split_once('.').unwrap_or((percent, "0"));
            if fraction.is_empty() || fraction.len() > 4 {
                return None;
            }
            let fraction = number(&format!("{fraction:0<4}"))?;
            number(whole)?.checked_mul(u64::from(CERTAIN / 100))?.checked_add(fraction)?
        }
        None => number(text.strip_suffix("ppm")?)?,
    };
    Ppm::try_from(ppm).ok()
}

/// A number with up to three digits behind the point, in thousandths: `20`, `0.5`.
pub(super) fn thousandths(text: &str) -> Option<u32> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    if fraction.is_empty() || fraction.len() > 3 {
        return None;
    }
    let fraction = number(&format!("{fraction:0<3}"))?;
    u32::try_from(number(whole)?.checked_mul(1000)?.checked_add(fraction)?).ok()
}

/// A whole number in plain digits.
pub(super) fn number(text: &str) -> Option<u64> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        for (text, expected) in [
            ("2s", Some(Span::secs(2))),
            ("150ms", Some(Span::ms(150))),
            ("75us", Some(Span::us(75))),
            ("0s", Some(Span::ZERO)),
            ("2", None),
            ("s", None),
            ("-2s", None),
            ("1.5s", None),
            ("2 s", None),
            ("18446744073709551615us", Some(Span(u64::MAX))),
            ("18446744073709551615ms", None),
        ] {
            assert_eq!(span(text), expected, "{text}");
        }
        assert_eq!(span_range("1s-5s"), Some((Span::secs(1), Span::secs(5))));
        assert_eq!(span_range("20ms"), Some((Span::ms(20), Span::ms(20))));
        assert_eq!(span_range("1s-"), None);
    }

    #[test]
    fn rates() {
        for (text, expected) in [
            ("0%", Some(0)),
            ("5%", Some(50_000)),
            ("0.25%", Some(2500)),
            ("0.0001%", Some(1)),
            ("100%", Some(1_000_000)),
            ("2500ppm", Some(2500)),
            ("100.1%", None),
            ("0.00001%", None),
            ("5", None),
            ("0.05", None),
            ("-5%", None),
            (".5%", None),
            ("5.%", None),
            ("%", None),
            ("1000001ppm", None),
        ] {
            assert_eq!(rate(text), expected, "{text}");
        }
    }
}
