//! Raftbank's commands: `cargo xtask serve`, `cargo xtask test` and `cargo xtask measure`.
//!
//! They install what is missing, at pinned versions and outside the clone, and say so. They need
//! cargo alone to start, so this package stays small: it runs other programs and reads what they
//! print. One runs after the other, since each uses all cores by itself.

// The clock measures how long a step took; no run of the engine depends on it.
#![allow(clippy::disallowed_types)]

mod args;
mod axe;
mod browser;
mod child;
mod measure;
mod serve;
mod steps;
mod tally;
mod test;
mod tools;
mod weight;
mod workshop;

use args::Task;
use std::process::ExitCode;
use workshop::Workshop;

fn main() -> ExitCode {
    let done = args::parse(std::env::args().skip(1)).and_then(|task| {
        let workshop = Workshop::open();
        match task {
            Task::Help => {
                print!("{}", args::help());
                Ok(())
            }
            Task::Serve(options) => serve::serve(workshop, &options),
            Task::Measure(options) => measure::measure(workshop, &options),
            Task::Test { only } => test::test(workshop, &only),
        }
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("cargo xtask: {reason}");
            ExitCode::FAILURE
        }
    }
}
