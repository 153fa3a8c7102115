//! `raftbank swarm`: many random runs, on all processors.

use clap::Args;
use raftbank::sim::swarm::{self, Failure, Report};
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::thread;

/// What is asked for.
#[derive(Args)]
pub struct Arguments {
    /// The seeds to run, the second one not included, as in 0..200.
    #[arg(long, value_parser = parse_seeds)]
    seeds: Seeds,
    /// Runs at a time; as many as there are processors unless given.
    #[arg(long)]
    jobs: Option<u16>,
    /// Prints one line of JSON for each run.
    #[arg(long)]
    json: bool,
    /// Where failing runs are written to.
    #[arg(long, default_value = "target/swarm")]
    out: PathBuf,
}

#[derive(Clone, Copy)]
struct Seeds {
    first: u64,
    end: u64,
}

fn parse_seeds(text: &str) -> Result<Seeds, String> {
    let (first, end) = text.split_once("..").ok_or("write two numbers, as in 0..200")?;
    let number = |text: &str| {
        text.parse().map_err(|_| format!("'{text}' is no seed: write a number from 0 to 2^64 - 1"))
    };
    let seeds = Seeds { first: number(first)?, end: number(end)? };
    if seeds.first >= seeds.end {
        return Err("the second number must be above the first".to_owned());
    }
    Ok(seeds)
}

/// How one seed went.
enum Outcome {
    Passed(Report),
    Failed(Failure),
    /// The engine broke one of its own assertions.
    Panicked {
        seed: u64,
        what: String,
    },
}

/// Runs the seeds; the exit code is 1 if one of them failed.
pub fn main(arguments: &Arguments) -> ExitCode {
    let jobs = arguments.jobs.map_or_else(processors, usize::from).max(1);
    let next = AtomicU64::new(arguments.seeds.first);
    let (sender, outcomes) = channel();
    let (mut passed, mut failed, mut events, mut virtual_us) = (0u64, 0u64, 0u64, 0u64);
    thread::scope(|scope| {
        for _ in 0..jobs {
            let (sender, next) = (sender.clone(), &next);
            scope.spawn(move || work(next, arguments.seeds.end, &sender));
        }
        drop(sender);
        for outcome in outcomes {
            match &outcome {
                Outcome::Passed(report) => {
                    passed += 1;
                    events += report.events;
                    virtual_us += report.time.0;
                }
                Outcome::Failed(_) | Outcome::Panicked { .. } => failed += 1,
            }
            tell(&outcome, arguments);
        }
    });
    if !arguments.json {
        let seconds = virtual_us / 1_000_000;
        println!("{events} events judged in {seconds} s of virtual time");
        println!("{passed} passed, {failed} failed");
    }
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn processors() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// Takes one seed after the other until there are none left.
fn work(next: &AtomicU64, end: u64, outcomes: &Sender<Outcome>) {
    loop {
        let seed = next.fetch_add(1, Ordering::Relaxed);
        if seed >= end {
            return;
        }
        let outcome = match catch_unwind(AssertUnwindSafe(|| swarm::run(seed))) {
            Ok(Ok(report)) => Outcome::Passed(report),
            Ok(Err(failure)) => Outcome::Failed(failure),
            Err(panic) => {
                let text = panic.downcast_ref::<String>().map(String::as_str);
                let what = text.or_else(|| panic.downcast_ref::<&str>().copied());
                Outcome::Panicked { seed, what: what.unwrap_or("no message").to_owned() }
            }
        };
        if outcomes.send(outcome).is_err() {
            return;
        }
    }
}

fn tell(outcome: &Outcome, arguments: &Arguments) {
    match outcome {
        Outcome::Passed(report) if arguments.json => println!(
            "{}",
            serde_json::json!({
                "seed": report.seed, "passed": true, "servers": report.servers,
                "events": report.events, "virtual_us": report.time.0,
                "height": report.height.0, "requests": report.requests,
                "digest": report.digest.to_string(),
            })
        ),
        Outcome::Passed(_) => {}
        Outcome::Failed(failure) => {
            let file = save(&arguments.out, failure);
            complain(failure.seed, &failure.why, file.as_deref(), arguments.json);
        }
        Outcome::Panicked { seed, what } => {
            complain(*seed, &format!("the engine panicked: {what}"), None, arguments.json);
        }
    }
}

fn complain(seed: u64, why: &str, file: Option<&Path>, json: bool) {
    if json {
        let line = serde_json::json!({ "seed": seed, "passed": false, "why": why, "run": file });
        println!("{line}");
        return;
    }
    println!("seed {seed} failed: {why}");
    if let Some(file) = file {
        println!("  the run: {}", file.display());
    }
    println!("  again: raftbank swarm --seeds {seed}..{}", seed.saturating_add(1));
}

/// Writes a failing run to a file, which the page and `raftbank run` open.
fn save(folder: &Path, failure: &Failure) -> Option<PathBuf> {
    let file = folder.join(format!("seed-{}.json", failure.seed));
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(&file, failure.run.to_json()));
    match written {
        Ok(()) => Some(file),
        Err(error) => {
            eprintln!("The run could not be written to {}: {error}", file.display());
            None
        }
    }
}
