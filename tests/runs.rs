//! Runs that were kept: old forms, a golden link, and the links of the library's scenarios.
//!
//! `UPDATE=1 cargo test --test runs` makes the golden link anew, when the engine was meant to
//! behave otherwise. Its twin in `tests/web` opens the same link in a browser.

#![cfg(not(target_arch = "wasm32"))]

use raftbank::scenario::library::{self, Entry, LIBRARY};
use raftbank::scenario::{Scenario, play};
use raftbank::sim::run::{Finding, link};
use raftbank::sim::{Replay, Run};
use std::fs;
use std::path::{Path, PathBuf};

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

fn text(name: &str) -> String {
    fs::read_to_string(file(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn run_of(entry: &Entry) -> Run {
    let name = entry.file;
    let scenario = Scenario::parse(entry.text).unwrap_or_else(|error| panic!("{name}: {error}"));
    let (_, simulation) = play(&scenario).unwrap_or_else(|error| panic!("{name}: {error}"));
    simulation.to_run()
}

fn replayed(run: Run) -> Replay {
    let mut replay = run.replay_sealing().expect("it can begin");
    while !replay.advance(10_000).expect("it is exact") {}
    replay
}

fn sealed(run: Run) -> Run {
    Run { seal: replayed(run.clone()).seal(), ..run }
}

#[test]
fn a_file_of_the_first_form_is_still_read() {
    let run = Run::from_json(&text("golden/run_v1.json")).expect("version 1 is read");
    assert_eq!((run.config.servers, run.seed, run.actions.len()), (3, 2, 5));
    assert_eq!((run.seal, run.name.as_deref(), run.look.is_plain()), (None, None, true));
    // By its times it can be followed by every engine, however it may behave.
    let mut replay = run.clone().replay_sealing().expect("it can begin").by_times();
    while !replay.advance(10_000).expect("times alone contradict nothing") {}
    assert_eq!(replay.simulation().world().now(), run.until);
}

#[test]
fn the_golden_link_is_the_run_that_it_was() {
    let entry = library::find("leader_crashes_and_nothing_is_lost").expect("it is there");
    let run = Run { name: Some("The leader crashes".to_owned()), ..sealed(run_of(entry)) };
    if std::env::var_os("UPDATE").is_some() {
        let code = link::write(&run);
        fs::write(file("golden/link.txt"), code + "\n").expect("the golden link can be written");
    }
    let golden = link::read(text("golden/link.txt").trim_end()).expect("the link is whole");
    assert_eq!(golden, run, "UPDATE=1 accepts it");
    assert_eq!(replayed(golden).finding(), Finding::Same(run.seal.expect("it was sealed")));
}

#[test]
fn a_scenarios_link_is_short() {
    let length = |entry: &'static Entry| (link::write(&sealed(run_of(entry))).len(), entry.file);
    let (longest, name) = LIBRARY.iter().map(length).max().expect("there are scenarios");
    println!("the longest has {longest} letters: {name}");
    assert!(longest < link::SHORT, "{longest} letters for {name}");
}
