//! Plays every scenario in `tests/scenarios`, those that are too dry for the library, and in
//! `tests/why`, and compares what came of it with what its file says.
//!
//! `UPDATE=1 cargo test --test scenarios` writes what came of it into the files instead. Accept
//! only a change that you can explain.

use raftbank::scenario::{Scenario, ScenarioError, play};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn every_scenario_goes_as_its_file_says() {
    let files = scenario_files();
    assert!(files.len() >= 5, "only {} scenarios were found", files.len());
    let update = std::env::var_os("UPDATE").is_some();
    let failures: Vec<String> =
        files.iter().filter_map(|file| played(file, update).err()).collect();
    assert!(failures.is_empty(), "{} failed:\n\n{}", failures.len(), failures.join("\n\n"));
}

/// Plays one file. The error says what is wrong, with its place in the file.
fn played(file: &Path, update: bool) -> Result<(), String> {
    let name = file.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap_or(file).display();
    let text = fs::read_to_string(file).map_err(|error| format!("{name}: {error}"))?;
    let at =
        |error: ScenarioError| format!("{name}:{}:{}: {}", error.line, error.column, error.message);
    let scenario = Scenario::parse(&text).map_err(at)?;
    let (outputs, _) = play(&scenario).map_err(at)?;
    let printed = scenario.print(&outputs);
    if printed == text {
        return Ok(());
    }
    if update {
        return fs::write(file, printed).map_err(|error| format!("{name}: {error}"));
    }
    Err(format!(
        "{name}: it went otherwise (- as the file says, + as it went):\n{}",
        difference(&text, &printed)
    ))
}

/// The lines that differ, between those at the beginning and the end that do not.
fn difference(expected: &str, actual: &str) -> String {
    let (expected, actual): (Vec<_>, Vec<_>) =
        (expected.lines().collect(), actual.lines().collect());
    let same = expected.iter().zip(&actual).take_while(|(one, other)| one == other).count();
    let rest = || expected[same..].iter().rev().zip(actual[same..].iter().rev());
    let same_end = rest().take_while(|(one, other)| one == other).count();
    let mut text = format!("from line {}:\n", same + 1);
    for (mark, lines) in [("-", &expected), ("+", &actual)] {
        for line in &lines[same..lines.len() - same_end] {
            writeln!(text, "{mark} {line}").expect("a String takes any text");
        }
    }
    text
}

fn scenario_files() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let entries = ["scenarios", "why"].map(|folder| {
        let entries = fs::read_dir(root.join(folder)).expect("the scenarios' folder can be read");
        entries.map(|entry| entry.expect("the scenarios' folder can be read").path())
    });
    let paths = entries.into_iter().flatten();
    let mut files: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|end| end == "txt")).collect();
    files.sort();
    files
}
