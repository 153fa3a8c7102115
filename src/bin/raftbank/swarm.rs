//! `raftbank swarm`: many random runs, on all processors.

#![expect(clippy::disallowed_types, reason = "people wait for it, by their own clocks")]

use crate::findings::{self, Outcome};
use clap::Args;
use raftbank::base::{Rule, Rules};
use raftbank::check::Defence;
use raftbank::sim::shrink;
use raftbank::sim::swarm::{self, Failure, Options};
use std::collections::BTreeSet;
use std::panic;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

/// How often a long search says how far it is.
const PROGRESS_EVERY: Duration = Duration::from_secs(10);

/// What is asked for.
#[derive(Args)]
pub struct Arguments {
    /// The seeds to run, the second one not included, as in 0..200.
    #[arg(long, value_parser = parse_seeds, default_value = "0..1000")]
    seeds: Seeds,
    /// Begins no further seed after so many minutes.
    #[arg(long)]
    minutes: Option<u64>,
    /// Runs at a time; as many as there are processors unless given.
    #[arg(long)]
    jobs: Option<u16>,
    /// Prints one line of JSON for each seed, and one for all of them at the end.
    #[arg(long)]
    json: bool,
    /// Adds the hash of all events to each line, which takes as long as the run itself.
    #[arg(long)]
    digest: bool,
    /// Where failing runs are written to.
    #[arg(long, default_value = "target/swarm")]
    out: PathBuf,
    /// Switches a rule off. May be given several times.
    #[arg(long, value_name = "RULE")]
    rule_off: Vec<Rule>,
    /// Stops at the first seed that fails.
    #[arg(long)]
    first: bool,
    /// Tries to shrink a failing run with so many executions; 0 leaves it as it is.
    #[arg(long, default_value_t = shrink::EXECUTIONS)]
    shrink: u32,
    /// Switches off one safety rule after the other, and tells how many seeds it takes to find out.
    #[arg(long, conflicts_with_all = ["rule_off", "json", "first"])]
    prove: bool,
}

/// Seeds, from the first to before the end.
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

/// Runs the seeds; the exit code is 1 if one of them failed, or, with `--prove`, if a rule was
/// not found out.
pub fn main(arguments: &Arguments) -> ExitCode {
    tell_of_each_place_once();
    let fine = if arguments.prove { prove(arguments) } else { look(arguments) };
    if fine { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Shrinking a run that breaks an assertion breaks it hundreds of times: where it is, is said once.
fn tell_of_each_place_once() {
    let told = Mutex::new(BTreeSet::new());
    let tell = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        let place = panic.location().map(|place| (place.file().to_owned(), place.line()));
        let is_new = told.lock().map(|mut told| told.insert(place));
        if is_new.unwrap_or(true) {
            tell(panic);
        }
    }));
}

fn look(arguments: &Arguments) -> bool {
    let off = arguments.rule_off.iter();
    let rules = off.fold(Rules::ALL_ON, |rules, rule| rules.without(*rule));
    let mut sums = findings::Sums::default();
    let options = Options { rules, digest: arguments.digest, sought: None };
    search(arguments, &options, arguments.first, |outcome| {
        sums.add(outcome);
        findings::tell(outcome, arguments.json, &arguments.out, arguments.shrink);
    });
    sums.tell(arguments.json);
    sums.failed == 0
}

/// For each safety rule: the first seed in which what it defends breaks without it, and how short
/// its run gets.
fn prove(arguments: &Arguments) -> bool {
    println!("| rule | seeds | broken | actions | events | servers |");
    println!("|---|---|---|---|---|---|");
    let mut all = true;
    for rule in Rule::ALL {
        // The others only keep the bank going: no run without them says anything wrong.
        let Defence::Safety(property) = Defence::of(rule) else { continue };
        let rules = Rules::ALL_ON.without(rule);
        let options = Options { rules, digest: false, sought: Some(property) };
        let mut first: Option<Failure> = None;
        search(arguments, &options, true, |outcome| {
            let Outcome::Failed(failure) = outcome else { return };
            if first.as_ref().is_none_or(|first| failure.seed < first.seed) {
                first = Some(failure.clone());
            }
        });
        all &= first.is_some();
        let needed = arguments.seeds.end - arguments.seeds.first;
        println!(
            "{}",
            findings::row(rule, arguments.seeds.first, needed, first.as_ref(), arguments.shrink)
        );
    }
    all
}

/// Runs seeds on all processors; what comes of them is handed over in the order in which it comes.
/// With `until_failure`, every seed below the first that fails is still run.
fn search(
    arguments: &Arguments,
    options: &Options,
    until_failure: bool,
    mut each: impl FnMut(&Outcome),
) {
    let jobs = arguments.jobs.map_or_else(processors, usize::from).max(1);
    let Seeds { first, end } = arguments.seeds;
    let (next, stop) = (AtomicU64::new(first), AtomicBool::new(false));
    let (sender, outcomes) = channel();
    let began = Instant::now();
    let limit = arguments.minutes.map(|minutes| Duration::from_secs(minutes * 60));
    let (mut told_at, mut done, mut events) = (began, 0_u64, 0_u64);
    thread::scope(|scope| {
        for _ in 0..jobs {
            let (sender, next, stop) = (sender.clone(), &next, &stop);
            scope.spawn(move || work(next, end, stop, options, &sender));
        }
        drop(sender);
        for outcome in outcomes {
            (done, events) = (done + 1, events + outcome.events());
            let late = limit.is_some_and(|limit| began.elapsed() >= limit);
            if late || (until_failure && outcome.failed()) {
                stop.store(true, Ordering::Relaxed);
            }
            each(&outcome);
            if told_at.elapsed() >= PROGRESS_EVERY {
                told_at = Instant::now();
                progress(done, end - first, events, began.elapsed());
            }
        }
    });
}

fn progress(done: u64, of: u64, events: u64, elapsed: Duration) {
    let seconds = elapsed.as_secs_f64();
    let (seeds, events) = (done as f64 / seconds, events as f64 / seconds);
    eprintln!("{done} of {of} seeds in {seconds:.0} s: {seeds:.1} seeds/s, {events:.0} events/s");
}

fn processors() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// Takes one seed after the other until there are none left.
fn work(
    next: &AtomicU64,
    end: u64,
    stop: &AtomicBool,
    options: &Options,
    outcomes: &Sender<Outcome>,
) {
    while !stop.load(Ordering::Relaxed) {
        let seed = next.fetch_add(1, Ordering::Relaxed);
        if seed >= end {
            return;
        }
        let outcome = match swarm::run_with(seed, options) {
            Ok(report) => Outcome::Passed(report),
            Err(failure) => Outcome::Failed(failure),
        };
        if outcomes.send(outcome).is_err() {
            return;
        }
    }
}
