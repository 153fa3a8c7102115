//! What people type, read once at the edge.

/// Reads an amount of money: a whole number from 1 on, in plain digits. Blanks around it do not
/// matter. The error says what to write instead.
pub fn parse_amount(text: &str) -> Result<u64, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("enter an amount: a whole number, at least 1".to_owned());
    }
    if is_digits(text) {
        return match text.parse() {
            Ok(0) => Err("the amount must be at least 1".to_owned()),
            Ok(amount) => Ok(amount),
            Err(_) => Err(format!("{text} is too much: an amount can be at most {}", u64::MAX)),
        };
    }
    let (unsigned, negative) = match text.strip_prefix(['-', '−']) {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    let fractional = is_fraction(unsigned);
    if negative && (fractional || is_digits(unsigned)) {
        return Err(format!("{text} is negative: the amount must be at least 1"));
    }
    if fractional {
        return Err(format!("{text} is not whole: money comes in whole units here"));
    }
    Err(format!("'{text}' is not an amount: write it in digits alone, such as 25"))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a text is digits around one point or comma, with a digit on one side at least.
fn is_fraction(text: &str) -> bool {
    let side = |text: &str| text.is_empty() || is_digits(text);
    text.split_once(['.', ',']).is_some_and(|(whole, rest)| {
        side(whole) && side(rest) && !(whole.is_empty() && rest.is_empty())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts() {
        for (text, expected) in
            [("1", 1), (" 25\t", 25), ("007", 7), ("18446744073709551615", u64::MAX)]
        {
            assert_eq!(parse_amount(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_amount_is_told_how_to_become_one() {
        let rubbish =
            |text| format!("'{text}' is not an amount: write it in digits alone, such as 25");
        for (text, expected) in [
            ("", "enter an amount: a whole number, at least 1".to_owned()),
            (" \t\n", "enter an amount: a whole number, at least 1".to_owned()),
            ("0", "the amount must be at least 1".to_owned()),
            ("000", "the amount must be at least 1".to_owned()),
            ("-5", "-5 is negative: the amount must be at least 1".to_owned()),
            ("−5", "−5 is negative: the amount must be at least 1".to_owned()),
            ("-0.5", "-0.5 is negative: the amount must be at least 1".to_owned()),
            ("1.5", "1.5 is not whole: money comes in whole units here".to_owned()),
            ("1,50", "1,50 is not whole: money comes in whole units here".to_owned()),
            (".5", ".5 is not whole: money comes in whole units here".to_owned()),
            ("3.", "3. is not whole: money comes in whole units here".to_owned()),
            (
                "18446744073709551616",
                "18446744073709551616 is too much: an amount can be at most 18446744073709551615"
                    .to_owned(),
            ),
            ("-", rubbish("-")),
            (".", rubbish(".")),
            ("+5", rubbish("+5")),
            ("1e3", rubbish("1e3")),
            ("0x10", rubbish("0x10")),
            ("1 000", rubbish("1 000")),
            ("1.000.000", rubbish("1.000.000")),
            ("five", rubbish("five")),
            ("٣", rubbish("٣")),
        ] {
            assert_eq!(parse_amount(text), Err(expected), "{text}");
        }
    }
}
