//! Plays the whole library, and compares what came of each scenario with what `tests/library` says.
//!
//! `UPDATE=1 cargo test --test library` writes what came of them into the files instead. Accept
//! only a change that you can explain.

use raftbank::base::{Rules, Span};
use raftbank::scenario::library::{Entry, Group, LIBRARY};
use raftbank::scenario::{Attempt, Outcome, Player, Scenario, Statement, play, tell};
use std::fs;
use std::path::{Path, PathBuf};

fn golden(entry: &Entry) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/library");
    folder.join(format!("{}.txt", entry.file))
}

fn scenario(entry: &Entry) -> Scenario {
    Scenario::parse(entry.text).unwrap_or_else(|error| panic!("{}: {error}", entry.file))
}

/// What came of it, each step's part below its sentence.
fn retold(scenario: &Scenario) -> Result<String, String> {
    let mut player: Option<Player> = None;
    let mut text = format!("# {}\n", scenario.claim);
    let drain = |player: &mut Option<Player>, text: &mut String| {
        let lines = player.as_mut().map(Player::take_output).unwrap_or_default();
        lines.iter().for_each(|line| *text += &format!("{line}\n"));
    };
    for (line, statement) in scenario.statements() {
        if let Statement::Step(sentence) = statement {
            drain(&mut player, &mut text);
            text += &format!("\n{sentence}\n---\n");
        }
        if let Statement::Goal(goal) = statement {
            drain(&mut player, &mut text);
            text += &format!("\n{}\n---\n", goal.sentence);
        }
        Player::carry_out(&mut player, line, statement).map_err(|error| error.to_string())?;
    }
    let finished = player.as_mut().expect("it sets up a cluster").finish();
    finished.map_err(|error| error.to_string())?;
    drain(&mut player, &mut text);
    Ok(text)
}

#[test]
fn every_scenario_goes_as_its_file_says() {
    let mut failures = Vec::new();
    for entry in LIBRARY {
        let text = match retold(&scenario(entry)) {
            Ok(text) => text,
            Err(why) => {
                failures.push(format!("{}: {why}", entry.file));
                continue;
            }
        };
        if std::env::var_os("UPDATE").is_some() {
            fs::write(golden(entry), &text).expect("the golden file can be written");
        }
        let golden = fs::read_to_string(golden(entry)).unwrap_or_default();
        if text != golden {
            failures.push(format!("{}: it went otherwise:\n{text}", entry.file));
        }
    }
    assert!(failures.is_empty(), "{} failed:\n\n{}", failures.len(), failures.join("\n\n"));
}

#[test]
fn promises_are_broken_where_a_rule_is_off_and_nowhere_else() {
    for entry in LIBRARY {
        let scenario = scenario(entry);
        let rules = scenario.opening().config.rules;
        let (_, simulation) = play(&scenario).unwrap();
        assert_eq!(rules == Rules::ALL_ON, !entry.text.contains(" off="), "{}", entry.file);
        if rules == Rules::ALL_ON {
            assert!(simulation.judges().is_clean(), "{}", entry.file);
        } else {
            assert!(matches!(entry.group, Group::RulesOff | Group::Challenges), "{}", entry.file);
        }
    }
}

/// The solution is played by `every_scenario_goes_as_its_file_says`. Here nobody does anything.
#[test]
fn no_goal_reaches_itself() {
    let mut goals = 0;
    for entry in LIBRARY {
        let Some(challenge) = tell(&scenario(entry)).unwrap().challenge else { continue };
        goals += 1;
        let told = tell(&scenario(entry)).unwrap();
        let mut replay = challenge.from.part_of(&told.run).replay().unwrap();
        while !replay.advance(1_000).unwrap() {}
        let mut simulation = replay.into_simulation();
        let (mut past, within) = (challenge.past.clone(), challenge.goal.within);
        let mut attempt = Attempt::begin(challenge.goal, simulation.world());
        let limit = simulation.world().now() + within + Span::us(1);
        while simulation.step_by(limit) {
            past.look(&simulation);
            attempt.look(simulation.world(), &past);
        }
        simulation.set_clock(limit);
        attempt.look(simulation.world(), &past);
        assert!(matches!(attempt.outcome(), Outcome::Failed(_)), "{}: {attempt:?}", entry.file);
    }
    assert!(goals >= 4, "only {goals} goals");
}

/// Seeds that were sought, steps and all: the run is an ordinary one, and has its text.
#[test]
fn the_text_of_every_run_plays_to_the_same_run() {
    for entry in LIBRARY {
        let run = tell(&scenario(entry)).unwrap().run;
        let text = raftbank::scenario::to_text(&run, entry.claim()).unwrap();
        let again =
            Scenario::parse(&text).unwrap_or_else(|error| panic!("{}: {error}", entry.file));
        let mut player = None;
        for (line, statement) in again.statements() {
            // Where a rule is on, nothing is broken here; where one is off, that is no error.
            Player::carry_out(&mut player, line, statement)
                .unwrap_or_else(|error| panic!("{}: {error}", entry.file));
        }
        assert_eq!(player.unwrap().simulation().to_run(), run, "{}", entry.file);
    }
}

#[test]
fn no_file_of_the_library_is_forgotten() {
    let names = |folder: &str| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let entries = fs::read_dir(folder).expect("the folder can be read");
        let paths = entries.map(|entry| entry.expect("the folder can be read").path());
        let texts = paths.filter(|path| path.extension().is_some_and(|end| end == "txt"));
        let mut names: Vec<String> =
            texts.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned())).collect();
        names.sort();
        names
    };
    let mut listed: Vec<&str> = LIBRARY.iter().map(|entry| entry.file).collect();
    listed.sort_unstable();
    assert_eq!(names("src/scenario/library"), listed);
    assert_eq!(names("tests/library"), listed, "what came of each is kept, and of nothing else");
}
