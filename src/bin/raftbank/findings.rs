//! What came of random runs, as lines for people and for machines, and failing runs as files.

use raftbank::base::Rule;
use raftbank::scenario::to_text;
use raftbank::sim::run::OPEN_END;
use raftbank::sim::shrink::{Shrunk, shrink};
use raftbank::sim::swarm::{Failure, Kind, Report};
use serde_json::json;
use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};

/// How one seed went.
#[derive(Clone)]
pub enum Outcome {
    /// As it should.
    Passed(Report),
    /// A promise was broken, or an assertion of the engine.
    Failed(Failure),
}

impl Outcome {
    /// True unless it went as it should.
    pub fn failed(&self) -> bool {
        !matches!(self, Self::Passed(_))
    }

    /// Its events.
    pub fn events(&self) -> u64 {
        match self {
            Self::Passed(report) => report.events,
            Self::Failed(failure) => failure.events,
        }
    }
}

/// What is known of all seeds together. Sums of several ranges add up.
#[derive(Default)]
pub struct Sums {
    pub passed: u64,
    pub failed: u64,
    pub events: u64,
    pub virtual_us: u64,
}

impl Sums {
    /// Adds a seed.
    pub fn add(&mut self, outcome: &Outcome) {
        self.events += outcome.events();
        match outcome {
            Outcome::Passed(report) => {
                self.passed += 1;
                self.virtual_us += report.time.0;
            }
            Outcome::Failed(failure) => {
                self.failed += 1;
                self.virtual_us += failure.run.until.0;
            }
        }
    }

    /// Tells them.
    pub fn tell(&self, as_json: bool) {
        let Self { passed, failed, events, virtual_us } = self;
        if as_json {
            println!(
                "{}",
                json!({ "summary": true, "passed": passed, "failed": failed, "events": events,
                        "virtual_us": virtual_us })
            );
        } else {
            println!("{events} events judged in {} s of virtual time", virtual_us / 1_000_000);
            println!("{passed} passed, {failed} failed");
        }
    }
}

/// Tells of one seed. A run that failed is shrunk and written down first.
pub fn tell(outcome: &Outcome, as_json: bool, out: &Path, executions: u32) {
    match outcome {
        Outcome::Passed(report) if as_json => println!("{}", passed(report)),
        Outcome::Passed(_) => {}
        Outcome::Failed(failure) => {
            let shrunk = shrink(failure, executions);
            let files = save(out, failure, &shrunk);
            if as_json {
                println!("{}", failed(failure, &shrunk, files.as_deref()));
            } else {
                println!("seed {} failed: {}", failure.seed, failure.wrong);
                let (from, to) = (failure.run.actions.len(), shrunk.run.actions.len());
                println!("  shrunk from {from} actions to {to}, {} events", shrunk.events);
                files.iter().for_each(|file| println!("  the run: {}", file.display()));
                again(failure.seed);
            }
        }
    }
}

fn again(seed: u64) {
    println!("  again: raftbank swarm --seeds {seed}..{}", seed.saturating_add(1));
}

fn passed(report: &Report) -> serde_json::Value {
    let mut line = json!({
        "seed": report.seed, "passed": true, "servers": report.servers,
        "events": report.events, "virtual_us": report.time.0,
        "height": report.height.0, "requests": report.requests,
    });
    if let Some(digest) = report.digest {
        line["digest"] = digest.to_string().into();
    }
    line
}

fn failed(failure: &Failure, shrunk: &Shrunk, file: Option<&Path>) -> serde_json::Value {
    json!({
        "seed": failure.seed, "passed": false, "property": failure.wrong.kind.name(),
        "why": failure.wrong.why, "events": failure.events, "virtual_us": failure.run.until.0,
        "actions": failure.run.actions.len(), "shrunk_actions": shrunk.run.actions.len(),
        "shrunk_events": shrunk.events, "run": file,
    })
}

/// Writes a failing run, the shrunk one, and the shrunk one as text. The file is the shrunk one's,
/// which the page and `raftbank run` open.
fn save(folder: &Path, failure: &Failure, shrunk: &Shrunk) -> Option<PathBuf> {
    let name = |ending: &str| folder.join(format!("seed-{}{ending}", failure.seed));
    let file = name(".min.json");
    let written = fs::create_dir_all(folder)
        .and_then(|()| fs::write(name(".json"), failure.run.to_json()))
        .and_then(|()| fs::write(name(".txt"), story(shrunk)))
        .and_then(|()| fs::write(&file, shrunk.run.to_json()));
    match written {
        Ok(()) => Some(file),
        Err(error) => {
            eprintln!("The run could not be written to {}: {error}", file.display());
            None
        }
    }
}

/// A run as text. One that breaks an assertion is told up to the step before that: whoever goes
/// further breaks it again, and must not take the search with him.
fn story(shrunk: &Shrunk) -> String {
    let (mut run, claim) = (shrunk.run.clone(), shrunk.wrong.to_string());
    if shrunk.wrong.kind == Kind::Assertion {
        (run.steps, run.until) = (run.steps.saturating_sub(1), OPEN_END);
    }
    let told = panic::catch_unwind(AssertUnwindSafe(|| to_text(&run, &claim)));
    match told {
        Ok(Ok(text)) => text,
        Ok(Err(why)) => format!("# {claim}\n# {why}\n"),
        Err(_) => format!("# {claim}\n# To replay it breaks the assertion again.\n"),
    }
}

/// A row of the table that `--prove` prints.
pub fn row(rule: Rule, from: u64, tried: u64, found: Option<&Failure>, executions: u32) -> String {
    match found {
        None => format!("| {rule} | none of {tried} | | | | |"),
        Some(failure) => {
            let shrunk = shrink(failure, executions);
            format!(
                "| {rule} | {} | {} | {} | {} | {} |",
                failure.seed - from + 1,
                failure.wrong.kind.name(),
                shrunk.run.actions.len(),
                shrunk.events,
                shrunk.run.config.servers,
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use raftbank::base::Rules;
    use raftbank::scenario::{Scenario, play};
    use raftbank::sim::swarm::{Wrong, sample};

    fn shrunk(kind: Kind) -> Shrunk {
        let run = sample(3, Rules::ALL_ON);
        let wrong = Wrong { kind, why: "this must not be".to_owned() };
        Shrunk { run, wrong, events: 0, executions: 0 }
    }

    /// The last step would break the assertion.
    #[test]
    fn a_run_that_breaks_an_assertion_is_told_up_to_there() {
        for (kind, missing) in [(Kind::Stuck, 0), (Kind::Assertion, 1)] {
            let shrunk = shrunk(kind);
            let scenario = Scenario::parse(&story(&shrunk)).expect("it is a scenario");
            assert!(scenario.claim.ends_with("this must not be"), "{}", scenario.claim);
            let (_, simulation) = play(&scenario).expect("it plays");
            assert_eq!(simulation.world().steps() + missing, shrunk.run.steps);
        }
    }
}
