//! Plays, for each rule of the engine, a scenario that needs it.
//!
//! Each is named after its rule and switches it off. Some are stories of the library, the others
//! are files in `tests/rules`. Each is played twice. As it
//! stands, the promise that the rule defends must be broken just as the file says; for a rule that
//! defends progress, what the clients ask must be left unanswered. Then the very same deeds are
//! done with the rule on, at the same moments, and nothing may be broken or left unanswered.
//!
//! `UPDATE=1 cargo test --test rules` writes what came of a scenario into its file.

use raftbank::base::{Rule, Rules};
use raftbank::check::Defence;
use raftbank::scenario::library;
use raftbank::scenario::{Condition, Player, Scenario, Statement, play};
use std::fs;
use std::path::{Path, PathBuf};

/// How long the clients may wait for their answers after the deeds of a scenario.
const PATIENCE: &str = "run until all answered within 60s";

#[test]
fn every_rule_has_a_scenario_that_needs_it() {
    let failures: Vec<String> =
        Rule::ALL.into_iter().filter_map(|rule| prove(rule).err()).collect();
    assert!(failures.is_empty(), "{} failed:\n\n{}", failures.len(), failures.join("\n\n"));
}

fn name(rule: Rule) -> String {
    rule.name().replace('-', "_")
}

fn file(rule: Rule) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules");
    folder.join(format!("{}.txt", name(rule)))
}

fn prove(rule: Rule) -> Result<(), String> {
    let told = library::find(&name(rule));
    let text = match told {
        Some(entry) if file(rule).exists() => {
            return Err(format!("{rule}: it has two scenarios, {} is one", entry.title()));
        }
        Some(entry) => entry.text.to_owned(),
        None => fs::read_to_string(file(rule)).map_err(|error| format!("{rule}: {error}"))?,
    };
    let scenario = Scenario::parse(&text).map_err(|error| format!("{rule}: {error}"))?;
    let rules = scenario.opening().config.rules;
    if rules != Rules::ALL_ON.without(rule) {
        return Err(format!("{rule}: its scenario must switch off it, and it alone"));
    }
    without(rule, &scenario, told.is_none().then_some(text.as_str()))?;
    with(rule, &scenario)
}

/// With the rule off: all goes as the file says. What comes of a story of the library is compared
/// with its file where the library is tested.
fn without(rule: Rule, scenario: &Scenario, text: Option<&str>) -> Result<(), String> {
    let (outputs, simulation) = play(scenario).map_err(|error| format!("{rule}: {error}"))?;
    let broken: Vec<_> = simulation.judges().violations().map(|it| it.property).collect();
    match Defence::of(rule) {
        Defence::Safety(property) if !broken.contains(&property) => {
            return Err(format!("{rule}: {property} is not broken, but {broken:?}"));
        }
        Defence::Liveness(_) if !broken.is_empty() => {
            return Err(format!("{rule}: only progress should suffer, but {broken:?} are broken"));
        }
        Defence::Safety(_) | Defence::Liveness(_) => {}
    }
    if broken.is_empty() == expects_broken(scenario) {
        return Err(format!("{rule}: what is broken must be named by an 'expect broken'"));
    }
    let Some(text) = text else { return Ok(()) };
    let printed = scenario.print(&outputs);
    if printed != text && std::env::var_os("UPDATE").is_some() {
        return fs::write(file(rule), printed).map_err(|error| format!("{rule}: {error}"));
    }
    if printed == text { Ok(()) } else { Err(format!("{rule}: it went otherwise:\n{printed}")) }
}

fn expects_broken(scenario: &Scenario) -> bool {
    scenario.statements().any(|(_, it)| matches!(it, Statement::Expect(Condition::Broken(_))))
}

/// With the rule on: the same deeds break nothing, and all is answered in the end.
///
/// What the file waits for and expects need not come about now. Waiting for it then takes as long
/// as it may take. Where a rule defends progress, some expectation of a standstill must not.
fn with(rule: Rule, scenario: &Scenario) -> Result<(), String> {
    let mut player: Option<Player> = None;
    let mut unmet = 0;
    for (line, statement) in scenario.statements() {
        match (&mut player, statement) {
            (None, Statement::Title(_)) => {}
            (None, Statement::Cluster(opening)) => {
                let mut opening = opening.clone();
                opening.config.rules = Rules::ALL_ON;
                player = Some(Player::begin(&opening).map_err(|why| format!("{rule}: {why}"))?);
            }
            (Some(player), statement) => {
                let outcome = player.execute(line, statement);
                unmet += usize::from(matches!(statement, Statement::Expect(_)) && outcome.is_err());
                let clean = player.simulation().judges().is_clean();
                outcome.or(if clean { Ok(()) } else { Err(()) }).map_err(|()| {
                    let mut violations = player.simulation().judges().violations();
                    let first = violations.next().expect("there was one");
                    format!("{rule}: with the rule on, line {line} breaks {first}")
                })?;
            }
            (None, _) => unreachable!("a scenario that was read begins with its cluster"),
        }
    }
    if matches!(Defence::of(rule), Defence::Liveness(_)) && unmet == 0 {
        return Err(format!("{rule}: with the rule on, the clients are left waiting all the same"));
    }
    let mut player = player.expect("a scenario that was read sets up a cluster");
    let end = Scenario::parse(&format!("# End.\ncluster\nheal\n{PATIENCE}"))
        .expect("the last statements can be read");
    for (line, statement) in end.statements().skip(1) {
        player
            .execute(line, statement)
            .map_err(|error| format!("{rule}: with the rule on, at the end: {error}"))?;
    }
    Ok(())
}
