//! The program for terminals, as people and other programs use it: its output and its exit codes.
//!
//! `UPDATE=1 cargo test --test command_line` writes what came of the golden run into its file.

#![cfg(not(target_arch = "wasm32"))]

use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn raftbank(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_raftbank"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).args(arguments);
    command.output().expect("the program was built with this test")
}

fn text(output: &[u8]) -> String {
    String::from_utf8(output.to_vec()).expect("it prints UTF-8")
}

fn lines(output: &Output) -> Vec<Value> {
    let read = |line: &str| serde_json::from_str(line).unwrap_or_else(|it| panic!("{it}: {line}"));
    text(&output.stdout).lines().map(read).collect()
}

#[test]
fn a_trace_says_of_every_event_what_a_specification_needs() {
    let output = raftbank(&["run", "tests/golden/trace.txt", "--trace"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/trace.jsonl");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&file, &output.stdout).expect("the golden file can be written");
    }
    let golden = fs::read_to_string(&file).expect("the golden file is there");
    assert_eq!(text(&output.stdout), golden, "UPDATE=1 accepts it");

    let lines = lines(&output);
    let ids: Vec<_> = lines.iter().map(|line| line["id"].as_u64().unwrap()).collect();
    assert!(ids.iter().copied().eq(1..=ids.len() as u64), "no event is left out");
    let has = |kind: &str, of: &str, fields: &[&str]| {
        let line = lines.iter().find(|line| line["kind"] == kind && !line[of].is_null());
        let line = line.unwrap_or_else(|| panic!("there is a line of kind {kind}"));
        for field in fields {
            assert!(line[of].get(field).is_some(), "{kind} has {field}: {line}");
        }
    };
    let state = [
        "server",
        "role",
        "term",
        "vote",
        "log_length",
        "last_term",
        "durable",
        "commit",
        "applied",
        "snapshot",
        "configuration",
    ];
    ["sent", "arrived", "voted", "became_leader", "appended", "committed", "persisted"]
        .iter()
        .for_each(|kind| has(kind, "server", &state));
    has("sent", "message", &["id", "type", "from", "to", "term"]);
    let append = lines.iter().find(|line| line["message"]["type"] == "append").unwrap();
    for field in ["term", "index", "log_term", "entries", "commit"] {
        assert!(append["message"].get(field).is_some(), "{field}: {append}");
    }
}

#[test]
fn a_seed_that_passes_is_one_line_and_the_sum_another() {
    let output = raftbank(&["swarm", "--seeds", "1..3", "--jobs", "1", "--json", "--digest"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let lines = lines(&output);
    assert_eq!(lines.len(), 3);
    for (line, seed) in lines.iter().zip([1, 2]) {
        assert_eq!((&line["seed"], &line["passed"]), (&seed.into(), &true.into()));
        assert_eq!(line["digest"].as_str().map(str::len), Some(64));
        for field in ["servers", "events", "virtual_us", "height", "requests"] {
            assert!(line[field].is_u64(), "{field}: {line}");
        }
    }
    let sum = |field: &str| lines[..2].iter().map(|line| line[field].as_u64().unwrap()).sum();
    let events: u64 = sum("events");
    let virtual_us: u64 = sum("virtual_us");
    let expected = serde_json::json!({ "summary": true, "passed": 2, "failed": 0,
                                       "events": events, "virtual_us": virtual_us });
    assert_eq!(lines[2], expected);
}

#[test]
fn a_seed_that_fails_leaves_a_run_that_fails_again() {
    let out = concat!(env!("CARGO_TARGET_TMPDIR"), "/failing");
    let output = raftbank(&[
        "swarm",
        "--seeds",
        "0..200",
        "--jobs",
        "1",
        "--json",
        "--first",
        "--shrink",
        "100",
        "--rule-off",
        "exactly-once",
        "--out",
        out,
    ]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    let lines = lines(&output);
    let failed = lines.iter().find(|line| line["passed"] == false).expect("one seed fails");
    let field = |name: &str| failed[name].as_u64().unwrap_or_else(|| panic!("{name}: {failed}"));
    assert!(field("shrunk_actions") < field("actions"));
    assert!(field("shrunk_events") > 0 && field("events") > 0 && field("virtual_us") > 0);
    let property = failed["property"].as_str().expect("it names the promise");
    assert!(failed["why"].as_str().is_some_and(|why| why.contains(property)), "{failed}");

    let run = failed["run"].as_str().expect("the run was written down");
    let again = raftbank(&["run", run]);
    assert_eq!(again.status.code(), Some(1));
    assert!(text(&again.stdout).contains("violated: "), "{}", text(&again.stdout));
    // As text it may lose its way, since text keeps no steps; but it must be possible to read.
    let scenario = fs::read_to_string(run.replace(".min.json", ".txt")).expect("it is there");
    raftbank::scenario::Scenario::parse(&scenario).expect("it can be read");
}

#[test]
fn why_is_asked_at_the_end_of_a_run() {
    let file = "tests/why/vote_lost.txt";
    let output = raftbank(&["run", file, "--why", "S3 vote S2", "--why", "no leader"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let told = text(&output.stdout);
    for expected in [
        "\nS3 vote S2?\nS2 has no answer from S3",
        "the link is cut, since `cut S2 -> S3`",
        "\nno leader?\nThere is no leader: no server reaches a majority.",
        "try: Restart S1.",
    ] {
        assert!(told.contains(expected), "{expected}: {told}");
    }
    // The numbers are those of the events in the trace.
    assert!(told.contains(" [#"), "{told}");

    let output = raftbank(&["run", file, "--why", "the moon"]);
    assert_eq!(output.status.code(), Some(2));
    let error = text(&output.stderr);
    assert!(error.contains("'the moon' is no question") && error.contains("'Alice #3'"), "{error}");
}

#[test]
fn a_run_becomes_a_link_and_the_link_that_run() {
    let scenario = "leader_crashes_and_nothing_is_lost";
    let output = raftbank(&["run", scenario, "--link", "https://example.org/bank/"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let printed = text(&output.stdout);
    let link = printed.trim_end();
    assert!(link.starts_with("https://example.org/bank/#run=2."), "{link}");
    let again = raftbank(&["run", link]);
    assert!(again.status.success(), "{}", text(&again.stderr));
    assert!(text(&again.stdout).contains("every event is as it was"), "{}", text(&again.stdout));
    let fragment = raftbank(&["run", scenario, "--link"]);
    assert_eq!(text(&fragment.stdout).trim_end(), &link["https://example.org/bank/".len()..]);

    let cut = raftbank(&["run", &link[..link.len() - 40]]);
    assert_eq!(cut.status.code(), Some(1));
    assert!(text(&cut.stderr).contains("missing or altered"), "{}", text(&cut.stderr));
}

#[test]
fn a_run_that_goes_otherwise_than_it_says_is_told_of() {
    let scenario = "leader_crashes_and_nothing_is_lost";
    let link = text(&raftbank(&["run", scenario, "--link"]).stdout);
    let code = link.trim_end().strip_prefix("#run=").expect("it is a fragment");
    let mut run = raftbank::sim::run::link::read(code).expect("it is whole");
    run.seed += 1;
    run.actions.clear();
    run.until = raftbank::sim::run::OPEN_END;
    let file = concat!(env!("CARGO_TARGET_TMPDIR"), "/altered.json");
    fs::write(file, run.to_json()).expect("it can be written");
    let output = raftbank(&["run", file]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stdout));
    assert!(text(&output.stdout).contains("not as it was: the run says"));
}

#[test]
fn what_cannot_be_read_is_named() {
    let output = raftbank(&["run", "Cargo.toml"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).starts_with("Cargo.toml: "), "{}", text(&output.stderr));
    let output = raftbank(&["run", "no such file"]);
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_scenario_of_the_library_is_played_by_its_name() {
    let list = text(&raftbank(&["run", "--list"]).stdout);
    assert!(list.starts_with("Basics\n  first_election\n    Servers that"), "{list}");
    let output = raftbank(&["run", "two_leaders"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("S1 leads term 1"));
    let unknown = raftbank(&["run", "no_such_thing"]);
    assert!(!unknown.status.success());
    assert!(text(&unknown.stderr).contains("'raftbank run --list' names the library"));
}

#[test]
fn the_text_of_a_run_plays_to_the_same_run() {
    let output = raftbank(&["run", "split_vote", "--text"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let again = text(&output.stdout);
    assert!(again.starts_with("# When two servers stand at once"), "{again}");
    assert!(again.contains("\ncluster servers=4 "), "{again}");
    let folder = std::env::temp_dir().join(format!("raftbank-text-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join("again.txt");
    fs::write(&file, &again).unwrap();
    let played = raftbank(&["run", file.to_str().unwrap(), "--text"]);
    assert_eq!(text(&played.stdout), again);
    fs::remove_dir_all(&folder).unwrap();
}
