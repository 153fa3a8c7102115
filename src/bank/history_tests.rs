//! Good histories are replayed; of bad ones, the line and the remedy are told.

use super::*;

fn account(number: u8) -> AccountId {
    AccountId::new(number).expect("an account's number")
}

fn bank_of(balances: &[u64]) -> Ledger {
    let accounts = AccountId::first(u8::MAX);
    Ledger::open(&accounts.zip(balances.iter().copied()).collect()).expect("a bank")
}

#[test]
fn lines_may_be_written_in_many_ways() {
    let payment = |line, from, to, amount| {
        let (from, to) = (account(from), account(to));
        Payment { line, from, to, amount }
    };
    let text = "\u{feff}# The past\r\n\r\nAlice Bob 10\r\n  2\t3  5 # rent\r\n#\ncarol ALICE 007";
    let expected = [payment(3, 1, 2, 10), payment(4, 2, 3, 5), payment(6, 3, 1, 7)];
    assert_eq!(parse(text).expect("a history"), expected);
    for nothing in ["", "\n\n", "# nothing", "\u{feff}", "\r\n"] {
        assert_eq!(parse(nothing), Ok(Vec::new()), "{nothing:?}");
    }
}

#[test]
fn a_bad_line_is_named_with_what_is_wrong() {
    use AmountError::*;
    use Problem::*;
    let stranger = |word: &str| NoAccount(word.to_owned());
    for (line, problem) in [
        ("Alice", MissingWords),
        ("Alice Bob", MissingWords),
        ("Alice Bob # 3", MissingWords),
        ("Alice Bob 3 4", ExtraWords),
        ("Alice pays Bob 3", ExtraWords),
        ("Mallory Bob 3", stranger("Mallory")),
        ("Alice Mallory 3", stranger("Mallory")),
        ("0 1 3", stranger("0")),
        ("1 9 3", stranger("9")),
        ("Alice,Bob 3 4", stranger("Alice,Bob")),
        ("Alice alice 3", ToOneself),
        ("1 Alice 3", ToOneself),
        ("Alice Bob x", Amount(NotANumber)),
        ("Alice Bob 0", Amount(Zero)),
        ("Alice Bob -3", Amount(Negative)),
        ("Alice Bob 1.5", Amount(Fractional)),
        ("Alice Bob 18446744073709551616", Amount(TooLarge)),
    ] {
        let text = format!("# A good line comes first.\r\nBob Carol 1\r\n{line}\r\nrubbish too");
        let expected = HistoryError::Line { number: 3, text: line.to_owned(), problem };
        assert_eq!(parse(&text), Err(expected), "{line}");
    }
}

#[test]
fn messages_say_where_what_and_what_to_do() {
    let message = |text| parse(text).expect_err("a bad history").to_string();
    assert_eq!(
        message("\nAlice Bob 1.5"),
        "line 2 of the history, 'Alice Bob 1.5': the amount has a fraction: \
         money here comes in whole coins"
    );
    assert_eq!(
        message("Mallory Bob 1"),
        "line 1 of the history, 'Mallory Bob 1': 'Mallory' is no account: \
         write a name from Alice to Heidi, or a number from 1 to 8"
    );
}

#[test]
fn a_long_bad_line_is_shortened() {
    let line = "é".repeat(1000);
    let Err(HistoryError::Line { text, .. }) = parse(&line) else {
        panic!("the line is bad");
    };
    assert_eq!(text.chars().count(), MAX_QUOTED_CHARS + 1);

    let just_short_enough = "é".repeat(MAX_QUOTED_CHARS);
    let Err(HistoryError::Line { text, .. }) = parse(&just_short_enough) else {
        panic!("the line is bad");
    };
    assert_eq!(text, just_short_enough);
}

#[test]
fn length_is_bounded() {
    let lines = |count: usize| "1 2 1\n".repeat(count);
    assert_eq!(parse(&lines(MAX_LINES)).map(|payments| payments.len()), Ok(MAX_LINES));
    assert_eq!(parse(&lines(MAX_LINES + 1)), Err(HistoryError::TooManyLines));
    assert_eq!(parse(&" ".repeat(MAX_BYTES)), Ok(Vec::new()));
    assert_eq!(parse(&" ".repeat(MAX_BYTES + 1)), Err(HistoryError::TooLong));
}

#[test]
fn payments_are_made_in_order() {
    let payments = parse("Alice Bob 10\nBob Carol 15").expect("a history");
    let ledger = replay(&bank_of(&[10, 5, 0]), &payments).expect("enough money");
    assert_eq!(ledger, bank_of(&[0, 0, 15]));
}

#[test]
fn an_overdraft_names_its_line() {
    let opening = bank_of(&[10, 5, 0]);
    let payments = parse("# first\nAlice Bob 10\nBob Carol 16").expect("a history");
    let error = replay(&opening, &payments).expect_err("an overdraft");
    assert_eq!(
        error.to_string(),
        "line 3 of the history, 'Bob Carol 16': Bob has only 15 at that point: \
         lower the amount or raise the opening balance"
    );
}

#[test]
fn only_accounts_of_the_opening_can_pay_and_be_paid() {
    for text in ["Alice Heidi 1", "Heidi Alice 1"] {
        let payments = parse(text).expect("a history");
        let problem = Problem::NotOpened(account(8));
        let line = HistoryError::Line { number: 1, text: text.to_owned(), problem };
        assert_eq!(replay(&bank_of(&[10, 10]), &payments), Err(line));
    }
}
