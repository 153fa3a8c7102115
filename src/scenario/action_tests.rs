//! What is printed is read back; what people write otherwise is understood; the rest is refused
//! with its place and what was expected there.

use super::*;
use crate::base::{AccountId, Span};
use crate::base::{MAX_CLIENTS, MAX_SERVERS};
use crate::channel;
use proptest::prelude::*;

fn server() -> impl Strategy<Value = ServerId> {
    (1..=MAX_SERVERS).prop_map(|number| ServerId::new(number).expect("it is in range"))
}

fn client() -> impl Strategy<Value = ClientId> {
    (1..=MAX_CLIENTS).prop_map(|number| ClientId::new(number).expect("it is in range"))
}

fn end() -> impl Strategy<Value = Endpoint> {
    prop_oneof![server().prop_map(Endpoint::Server), client().prop_map(Endpoint::Client)]
}

fn groups() -> impl Strategy<Value = Groups> {
    let members = prop::collection::btree_map(end(), 0..4_u8, 1..12);
    members.prop_map(|members| {
        let group = |wanted: u8| -> Vec<Endpoint> {
            members.iter().filter(|(_, group)| **group == wanted).map(|(end, _)| *end).collect()
        };
        let groups = (0..4).map(group).filter(|group| !group.is_empty());
        Groups::new(groups).expect("nobody is in two of them")
    })
}

/// A membership at rest: nobody asks for another.
fn membership() -> impl Strategy<Value = Membership> {
    let members = prop::collection::btree_map(server(), any::<bool>(), 1..6);
    members.prop_filter_map("somebody votes", |members| {
        let of = |voting| members.iter().filter(move |(_, votes)| **votes == voting);
        let servers = |voting| of(voting).map(|(server, _)| *server).collect();
        Membership::new(servers(true), servers(false)).ok()
    })
}

fn operation() -> impl Strategy<Value = Operation> {
    let account = (1..=MAX_CLIENTS).prop_map(|n| AccountId::new(n).expect("it is in range"));
    let transfer =
        (account, any::<u64>()).prop_map(|(to, amount)| Operation::Transfer { to, amount });
    prop_oneof![transfer, Just(Operation::Balance)]
}

fn settings() -> impl Strategy<Value = Settings> {
    let rate = || 0..=1_000_000_u32;
    (any::<u64>(), 0..100_000_u64, rate(), rate(), rate()).prop_map(
        |(delay_min, delay_max, loss, duplication, corruption)| Settings {
            delay_min: Span(delay_min),
            delay_max: Span::ms(delay_max),
            loss,
            duplication,
            corruption,
        },
    )
}

fn any_action() -> impl Strategy<Value = Action> {
    let text = || any::<String>();
    prop_oneof![
        server().prop_map(|server| Action::Crash { server }),
        server().prop_map(|server| Action::Restart { server }),
        server().prop_map(|server| Action::Isolate { server }),
        groups().prop_map(|groups| Action::Partition { groups }),
        Just(Action::Heal),
        Just(Action::Unite),
        any::<u32>().prop_map(|rate| Action::Load { rate: LoadRate(rate) }),
        prop::sample::select(&Chaos::ALL[..]).prop_map(|strength| Action::Chaos { strength }),
        membership().prop_map(|membership| Action::Members { membership }),
        server().prop_map(|to| Action::TransferLeadership { to }),
        server().prop_map(|server| Action::Stop { server }),
        server().prop_map(|server| Action::Snapshot { server }),
        (end(), end()).prop_map(|(from, to)| Action::Cut { from, to }),
        (end(), end()).prop_map(|(from, to)| Action::Mend { from, to }),
        (client(), operation(), prop::option::of(server()))
            .prop_map(|(client, operation, via)| Action::Submit { client, operation, via }),
        settings().prop_map(|settings| Action::Network { settings }),
        (end(), end(), prop::option::of(settings())).prop_map(|(from, to, settings)| {
            let own = |Settings { delay_min, delay_max, loss, .. }| LinkSettings {
                delay_min,
                delay_max,
                loss,
            };
            Action::Link { from, to, settings: settings.map(own) }
        }),
        (server(), server()).prop_map(|(from, to)| Action::Tamper { from, to }),
        server().prop_map(|server| Action::Pause { server }),
        server().prop_map(|server| Action::Resume { server }),
        (server(), any::<u32>()).prop_map(|(server, rate)| Action::Clock { server, rate }),
        any::<u64>().prop_map(|message| Action::Drop { message: MessageId(message) }),
        (any::<u64>(), any::<u64>())
            .prop_map(|(message, by)| Action::Delay { message: MessageId(message), by: Span(by) }),
        any::<u64>().prop_map(|message| Action::Duplicate { message: MessageId(message) }),
        server().prop_map(|server| Action::Nudge { server }),
        (server(), text(), prop::option::of(text()))
            .prop_map(|(server, key, value)| Action::Edit { server, key, value }),
        server().prop_map(|server| Action::FillDisk { server }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn every_action_is_read_as_it_is_printed(action in any_action()) {
        let text = action.to_string();
        prop_assert_eq!(parse_action(&text), Ok(action.clone()), "{}", text);
        prop_assert!(!text.contains('\n'), "an action is one line");
        let json = serde_json::to_string(&action).expect("an action is written");
        let read = serde_json::from_str::<Action>(&json);
        prop_assert_eq!(read.map_err(|error| error.to_string()), Ok(action), "{}", json);
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in any::<String>(), cut in 0..80_usize) {
        let _ = parse_action(&text);
        let _ = parse_action(&format!("edit S1 {text}"));
        let whole = "edit S1 \"a\\u{1f600}\" '☃ as it stands'";
        if let Some(part) = whole.get(..cut.min(whole.len())) {
            let _ = parse_action(part);
        }
    }
}

#[test]
fn actions_are_read_as_people_write_them_otherwise() {
    for (text, canonical) in [
        ("  crash   1 ", "crash S1"),
        ("partition S1|S2 S3", "partition S1 | S2 S3"),
        ("partition S1;S2-S3", "partition S1 | S2 S3"),
        ("partition 1 ; 2 - 3", "partition S1 | S2 S3"),
        ("partition s3 s2 | s1 Alice", "partition S1 Alice | S2 S3"),
        ("partition S4", "partition S4"),
        ("alice: transfer bob 4 via 2", "Alice: transfer Bob 4 via S2"),
        ("cut S1 → Alice", "cut S1 -> Alice"),
        (
            "network delay=20ms duplication=0.25% loss=10%",
            "network delay=20ms-20ms loss=10% duplication=0.25%",
        ),
        (
            "network delay=20ms corruption=1%",
            "network delay=20ms-20ms loss=0% duplication=0% corruption=1%",
        ),
        ("link S1 → Bob delay=200ms-500ms", "link S1 -> Bob delay=200ms-500ms loss=0%"),
        ("link S1 -> S2 loss=10% delay=1s", "link S1 -> S2 delay=1s-1s loss=10%"),
        ("link S1 -> S2  like the others", "link S1 -> S2 like the others"),
        ("load 20/s", "load 20/s"),
        ("load 0.50/s", "load 0.5/s"),
        ("load 007/s", "load 7/s"),
        ("load 0/s", "load off"),
        ("load  off", "load off"),
        ("chaos   hostile", "chaos hostile"),
        ("unite", "unite"),
        ("tamper S1 → 2", "tamper S1 -> S2"),
        ("pause 3", "pause S3"),
        ("resume s3", "resume S3"),
        ("delay  m12 1500ms", "delay m12 1500ms"),
        ("delay m12 2000ms", "delay m12 2s"),
        // As runs were written at first.
        ("network delay=1s-5s loss=100000ppm", "network delay=1s-5s loss=10% duplication=0%"),
        ("clock S1 1052500ppm", "clock S1 105.25%"),
        ("clock S1 200%", "clock S1 200%"),
        ("network delay=1s-5s", "network delay=1s-5s loss=0% duplication=0%"),
        ("edit S1 block/2 'a \"b\" \\'", "edit S1 block/2 \"a \\\"b\\\" \\\\\""),
        ("edit S1 block/2 removed", "edit S1 block/2 removed"),
        ("edit S1 'a key' 'removed'", "edit S1 \"a key\" \"removed\""),
    ] {
        let action = parse_action(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(action.to_string(), canonical, "{text}");
    }
    let default = Action::Network { settings: channel::Settings::default() };
    assert_eq!(parse_action("network delay=10ms-30ms"), Ok(default));
}

#[test]
fn what_is_no_action_is_refused_where_it_goes_wrong() {
    let an_action = |found| format!("expected {AN_ACTION}, found {found}");
    for (text, column, message) in [
        ("", 1, an_action("the end of the line")),
        ("   ", 4, an_action("the end of the line")),
        ("explode S1", 1, an_action("'explode'")),
        ("Mallory: balance", 1, an_action("'Mallory:'")),
        ("crash", 6, "expected a server, S1 to S9, found the end of the line".to_owned()),
        ("crash S10", 7, "expected a server, S1 to S9, found 'S10'".to_owned()),
        ("crash S1 S2", 10, "expected the end of the line, found 'S2'".to_owned()),
        ("heal S1", 6, "expected the end of the line, found 'S1'".to_owned()),
        ("fill S1", 6, "expected 'disk', found 'S1'".to_owned()),
        ("partition", 10, "expected a server or a client, found the end of the line".to_owned()),
        ("partition S1 | | S2", 16, "expected a server or a client, found '|'".to_owned()),
        (
            "partition S1 | S2 |",
            20,
            "expected a server or a client, found the end of the line".to_owned(),
        ),
        ("partition S1 | S2 S1", 11, "S1 is named twice: put it into one group only".to_owned()),
        ("partition 1;;2", 11, "group 2 is empty: take away the ';' before or after it".to_owned()),
        ("cut S1 S2", 8, "expected '->', found 'S2'".to_owned()),
        (
            "network loss=5%",
            16,
            "expected the delay too, such as delay=10ms-30ms, found the end of the line".to_owned(),
        ),
        (
            "network delay=fast",
            15,
            "expected a range of times such as 10ms-30ms, found 'fast'".to_owned(),
        ),
        (
            "network delay=1s lag=2s",
            18,
            "expected delay=, loss=, duplication= or corruption=, found 'lag='".to_owned(),
        ),
        (
            "link S1 -> S2",
            14,
            "expected the delay too, such as delay=200ms-500ms, or 'like the others', found the \
             end of the line"
                .to_owned(),
        ),
        (
            "link S1 -> S2 delay=1s duplication=1%",
            24,
            "expected delay= or loss=, found 'duplication='".to_owned(),
        ),
        ("link S1 -> S2 like others", 20, "expected 'the', found 'others'".to_owned()),
        ("tamper S1 -> Bob", 14, "expected a server, S1 to S9, found 'Bob'".to_owned()),
        (
            "clock S1 fast",
            10,
            "expected the clock's rate, such as 105% or 99.5%, found 'fast'".to_owned(),
        ),
        ("network fast", 9, "expected a setting such as delay=10ms-30ms, found 'fast'".to_owned()),
        (
            "load 20",
            6,
            "expected requests a second, such as 20/s or 0.5/s, or 'off', found '20'".to_owned(),
        ),
        (
            "load 0.0001/s",
            6,
            "expected requests a second, such as 20/s or 0.5/s, or 'off', found '0.0001/s'"
                .to_owned(),
        ),
        ("chaos total", 7, "expected calm, lossy, hostile or off, found 'total'".to_owned()),
        ("drop 12", 6, "expected a message, such as m12, found '12'".to_owned()),
        ("duplicate", 10, "expected a message, such as m12, found the end of the line".to_owned()),
        ("delay m12 5", 11, "expected a time such as 2s, 150ms or 75us, found '5'".to_owned()),
        (
            "edit S1 block/2",
            16,
            "expected a new value in quotes, or 'removed', found the end of the line".to_owned(),
        ),
        ("edit S1 block/2 \"☃", 17, "this quote is never closed".to_owned()),
        ("edit S1 block/2 '☃", 17, "this quote is never closed".to_owned()),
        (
            "edit S1 block/2 \"☃\\x\"",
            19,
            "expected an escape: \\n, \\r, \\t, \\0, \\\\, \\\", \\' or \\u{…}".to_owned(),
        ),
        ("Alice: pay Bob 4", 8, "expected 'transfer' or 'balance', found 'pay'".to_owned()),
        (
            "Alice: transfer Mallory 4",
            17,
            "expected an account, such as Bob, found 'Mallory'".to_owned(),
        ),
        ("Alice: transfer Bob -4", 21, "expected an amount in plain digits, found '-4'".to_owned()),
        (
            "Alice: transfer Bob 18446744073709551616",
            21,
            "expected an amount in plain digits, found '18446744073709551616'".to_owned(),
        ),
        ("Alice: balance by S1", 16, "expected the end of the line, found 'by'".to_owned()),
    ] {
        let expected = ScenarioError { line: 1, column, message };
        assert_eq!(parse_action(text), Err(expected), "{text}");
    }
}

proptest! {
    #[test]
    fn every_action_comes_back_from_json(action in any_action()) {
        let json = serde_json::to_string(&action).expect("an action can be written as JSON");
        let read = serde_json::from_str::<Action>(&json);
        prop_assert_eq!(read.map_err(|error| error.to_string()), Ok(action), "{}", json);
    }
}

#[test]
fn what_is_no_action_is_refused() {
    for (json, expected) in [
        (r#""crash""#, "there is no action `crash` alone"),
        (r#"{"explode":{"server":"S1"}}"#, "there is no action `explode`"),
        (r#"{"crash":{}}"#, "missing field `server`"),
        (r#"{"crash":{"server":"S77"}}"#, "server: "),
        (r#"{"crash":{"server":"S1","server":"S2"}}"#, "duplicate field `server`"),
        (r#"{"crash":{"server":"S1","gently":true}}"#, "unknown field `gently`"),
        (r#"{"stop":{"server":"S1"},"crash":{"server":"S1"}}"#, "`crash` is one too many"),
        ("{}", "no action is named"),
        ("[]", "invalid type: sequence, expected an action"),
    ] {
        let error = serde_json::from_str::<Action>(json).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{json}: {error}");
    }
}
