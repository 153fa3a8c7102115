//! Whole scenarios: read, printed, played; and each way in which one can be wrong.

use super::*;
use expect_test::{Expect, expect};

/// The error of a scenario whose second line is this one.
fn error_of_line(line: &str) -> String {
    let text = format!("# A claim.\n{line}\n");
    Scenario::parse(&text).expect_err(line).to_string()
}

/// The error of a scenario that is read, and then does not go as it says.
fn error_of_play(lines: &str) -> String {
    let text = format!("# A claim.\ncluster servers=3 clients=2 leader=S1\n{lines}\n");
    let scenario = Scenario::parse(&text).unwrap_or_else(|error| panic!("{lines}: {error}"));
    play(&scenario).map(drop).expect_err(lines).to_string()
}

#[test]
fn a_line_that_cannot_be_read_is_refused_where_it_goes_wrong() {
    for (line, expected) in [
        (
            "run",
            "line 2, column 4: expected a time such as 2s, 150ms or 75us, or 'until', found the end of the line",
        ),
        (
            "run fast",
            "line 2, column 5: expected a time such as 2s, 150ms or 75us, or 'until', found 'fast'",
        ),
        (
            "run 2h",
            "line 2, column 5: expected a time such as 2s, 150ms or 75us, or 'until', found '2h'",
        ),
        ("run 3601s", "line 2, column 5: 3601s is too long: at most 3600s"),
        ("run 2s now", "line 2, column 8: expected the end of the line, found 'now'"),
        (
            "run until a leader within",
            "line 2, column 26: expected a time such as 2s, 150ms or 75us, found the end of the line",
        ),
        ("run until a server", "line 2, column 13: expected 'leader', found 'server'"),
        ("expect all happy", "line 2, column 12: expected 'answered' or 'agree', found 'happy'"),
        (
            "expect Alice",
            "line 2, column 13: expected a balance, 'answered', 'retries', or a request such as #1, found the end of the line",
        ),
        (
            "expect Alice #x committed",
            "line 2, column 14: expected a balance, 'answered', 'retries', or a request such as #1, found '#x'",
        ),
        (
            "expect Alice #1 lost",
            "line 2, column 17: expected what became of the request: pending, retries, answered, committed, refused or balance 6, found 'lost'",
        ),
        (
            "expect S1 wins",
            "line 2, column 11: expected what the server does: up, down, leads, campaigns, follows S2, term 2, voted S2, commits 3, has 3, log 3, mined 3, dropped 3 or mining, found 'wins'",
        ),
        ("expect S1 has many", "line 2, column 15: expected a height, found 'many'"),
        (
            "expect not",
            "line 2, column 11: expected a condition: 'S1 leads', 'a leader', 'no leader', 'Alice answered', 'all answered', 'all agree', 'quiet', 'members S1-S2', 'broken \"Election Safety\"', 'total 20', 'Alice 6' or the like, found the end of the line",
        ),
        ("change S1 block/2 '4' '5'", "line 2, column 23: expected 'to', found ''5''"),
        ("  crash S77", "line 2, column 9: expected a server, S1 to S9, found 'S77'"),
        ("cluster servers=0", "line 2, column 9: servers: write a whole number from 1 to 9, not 0"),
        (
            "cluster servers=many",
            "line 2, column 17: expected a whole number up to 255, found 'many'",
        ),
        ("cluster servers=3 servers=5", "line 2, column 19: 'servers=' is written twice"),
        ("cluster servers=3 leader=S4", "line 2, column 9: there is no server S4 in this cluster"),
        (
            "cluster heartbeat=1s",
            "line 2, column 9: heartbeat_interval: it must be below the shortest election timeout, 300ms, or leaders are deposed while they are well",
        ),
        ("cluster loss=95%", "line 2, column 9: network: the loss must be 0% to 90%; it is 95%"),
        (
            "cluster loss=much",
            "line 2, column 14: expected a rate such as 5%, 0.25% or 2500ppm, found 'much'",
        ),
        (
            "cluster clients=1 Bob=3",
            "line 2, column 9: opening_exceptions: Bob is not among the clients",
        ),
        ("cluster 3", "line 2, column 9: expected a setting such as delay=10ms-30ms, found '3'"),
    ] {
        assert_eq!(error_of_line(line), expected, "{line}");
    }
    let check = |line, expected: Expect| expected.assert_eq(&error_of_line(line));
    check(
        "explode",
        expect![
            "line 2, column 1: expected 'title', 'cluster', 'seek', 'step', 'predict', 'answer', 'goal', 'forbid', 'solution', 'run', 'expect', 'check', 'why', 'change' or an action: crash, restart, isolate, partition, heal, unite, cut, mend, network, link, tamper, pause, resume, clock, members, transfer leadership, stop, snapshot, drop, delay, duplicate, nudge, load, chaos, edit, fill disk, or a client and a colon, such as 'Alice: transfer Bob 4', found 'explode'"
        ],
    );
    check(
        "cluster Mallory=3",
        expect![
            "line 2, column 9: expected servers=, clients=, seed=, leader=, an account's opening balance such as Alice=10, balance=, history=, difficulty=, attempts=, block=, mempool=, delay=, loss=, duplication=, corruption=, election=, heartbeat=, timeout=, sync=, quota=, spares=, compact= or off=, found 'Mallory='"
        ],
    );
}

#[test]
fn a_text_that_is_no_scenario_is_refused() {
    let no_claim =
        "line 1, column 1: the first line is the claim: '# ' and what the scenario shows";
    for (text, expected) in [
        ("", no_claim),
        ("\n# A claim.\ncluster", no_claim),
        ("#\ncluster", no_claim),
        ("cluster servers=3", no_claim),
        ("# A claim.\n\n", "line 2, column 1: there is no statement, such as 'cluster servers=3'"),
        (
            "# A claim.\nrun 2s\n",
            "line 2, column 1: the first statement sets up the cluster, such as 'cluster servers=3 leader=S1 Alice=10 Bob=0'",
        ),
        (
            "# A claim.\ncluster servers=3\n---\n\ncluster servers=3\n",
            "line 5, column 1: the cluster is set up once, by the first statement",
        ),
    ] {
        let error = Scenario::parse(text).expect_err(text).to_string();
        assert_eq!(error, expected, "{text}");
    }
}

#[test]
fn conditions_are_read_as_they_are_printed() {
    for text in [
        "a leader",
        "no leader",
        "all answered",
        "all agree",
        "quiet",
        "members S1-S2-S3 learners S4",
        "total 20",
        "Alice 6",
        "Alice answered",
        "Bob retries",
        "not not S2 leads",
        "Alice #1 pending",
        "Alice #1 retries",
        "Alice #2 answered",
        "Alice #3 committed",
        "Alice #4 refused",
        "Bob #5 balance 6",
        "S1 up",
        "S1 down",
        "S1 leads",
        "S1 campaigns",
        "S1 follows S2",
        "S1 term 3",
        "S1 voted S2",
        "S1 commits 3",
        "S1 has 2",
        "S1 log 2",
        "S1 mined 2",
        "S1 dropped 2",
        "S1 leads and not S2 up or a leader",
        "S1 mining",
    ] {
        let mut cursor = cursor::Cursor::new(1, text);
        let condition = condition::condition(&mut cursor).unwrap_or_else(|e| panic!("{text}: {e}"));
        assert_eq!(condition.to_string(), text);
        cursor.end().expect("the whole line was read");
    }
}

#[test]
fn a_scenario_is_printed_as_it_was_read() {
    let text =
        "# A claim.\n# A story.\ncluster servers=1\n\nrun 2s\n---\nout\nput\n\ncheck\n---\nok\n";
    let scenario = Scenario::parse(text).unwrap();
    assert_eq!(scenario.claim, "A claim.");
    let outputs: Vec<Vec<String>> =
        scenario.blocks.iter().map(|block| block.expected.clone().unwrap()).collect();
    assert_eq!(outputs, [vec!["out", "put"], vec!["ok"]]);
    assert_eq!(scenario.print(&outputs), text);

    let open = Scenario::parse("# A claim.\ncluster servers=1\n").unwrap();
    assert_eq!(open.blocks[0].expected, None, "nothing is said about what comes of it");
}

#[test]
fn a_scenario_that_goes_otherwise_says_where_and_what_is_so_instead() {
    for (lines, expected) in [
        (
            "restart S1",
            expect![[r#"
            line 3, column 1: S1 is up; crash it first
            before that:
              S1 leads term 1
              S1 mines block 1 [], committed"#]],
        ),
        (
            "expect Alice 6",
            expect![[r#"
            line 3, column 1: 'Alice 6' is not so; Alice 100, Bob 100, total 200
            before that:
              S1 leads term 1
              S1 mines block 1 [], committed"#]],
        ),
        (
            "expect Carol 6",
            expect![[r#"
            line 3, column 1: there is no Carol in this cluster
            before that:
              S1 leads term 1
              S1 mines block 1 [], committed"#]],
        ),
        (
            "run until S1 follows S4",
            expect![[r#"
            line 3, column 1: there is no S4 in this cluster
            before that:
              S1 leads term 1
              S1 mines block 1 [], committed"#]],
        ),
        (
            "crash S3\nrun until S2 leads within 100ms",
            expect![[r#"
                line 4, column 1: 'S2 leads' is not so within 100ms; S1 leads in term 1, log 1, commit 1; S2 follows S1 in term 1, log 1, commit 1; S3 is down
                before that:
                  S1 leads term 1
                  S1 mines block 1 [], committed
                  S3 crashes"#]],
        ),
        (
            "Alice: transfer Bob 4\nexpect Alice #1 committed",
            expect![[r#"
            line 4, column 1: 'Alice #1 committed' is not so; it was sent 1 times
            before that:
              S1 leads term 1
              S1 mines block 1 [], committed
              Alice #1 → S1: pays Bob 4"#]],
        ),
        (
            "crash S1\nchange S1 block/7 'a' to 'b'",
            expect![[r#"
            line 4, column 1: S1 keeps nothing under 'block/7'
            before that:
              S1 leads term 1
              S1 mines block 1 [], committed
              S1 crashes"#]],
        ),
    ] {
        expected.assert_eq(&error_of_play(lines));
    }
    let error = error_of_play("crash S1\nchange S1 block/1 'rubbish' to 'more'");
    let start = "line 4, column 1: 'rubbish' is not in what S1 keeps there: {";
    assert!(error.starts_with(start), "{error}");
}

/// The engine keeps its promises only while a majority's disks do. Here they are emptied by hand.
#[test]
fn a_broken_promise_ends_the_scenario() {
    let lines = "Alice: transfer Bob 4\nrun until quiet\ncrash S1\ncrash S2\ncrash S3\n\
                 edit S2 block/2 removed\nedit S3 block/2 removed\nrestart S2\nrestart S3\nrun 5s";
    let error = error_of_play(lines);
    let expected = "line 11, column 1: a promise is broken: Durability, at ";
    assert!(error.starts_with(expected), "{error}");
}
