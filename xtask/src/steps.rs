//! The steps of `cargo xtask test`, cheapest first.

use crate::child::{run, run_counting};
use crate::tally::Tally;
use crate::tools::Need;
use crate::weight;
use crate::workshop::Workshop;
use std::env;
use std::time::{SystemTime, UNIX_EPOCH};

/// How many random runs the swarm makes, unless RAFTBANK_SEEDS says otherwise.
const SWARM_RUNS: u64 = 500;

/// One thing that must hold.
pub struct Step {
    /// Its name, for `--only`.
    pub name: &'static str,
    /// What it does, in a few words.
    pub about: &'static str,
    pub needs: &'static [Need],
    /// Runs it; tests that it executes are added to the tally.
    pub run: fn(&Workshop, &mut Tally) -> Result<(), String>,
}

/// All steps, in the order in which they run.
pub const STEPS: &[Step] = &[
    Step {
        name: "fmt",
        about: "the formatting is rustfmt's",
        needs: &[Need::Components],
        run: fmt,
    },
    Step { name: "clippy", about: "no warning natively", needs: &[Need::Components], run: clippy },
    Step {
        name: "clippy-wasm",
        about: "no warning in what the browser runs",
        needs: &[Need::Components, Need::WasmTarget],
        run: clippy_wasm,
    },
    Step { name: "native", about: "the tests that need no browser", needs: &[], run: native },
    Step {
        name: "docs",
        about: "the documentation builds, and its links lead somewhere",
        needs: &[],
        run: docs,
    },
    Step {
        name: "browser",
        about: "the tests that run inside a real browser",
        needs: &[Need::WasmTarget, Need::WasmBindgen, Need::Browser],
        run: browser,
    },
    Step {
        name: "build",
        about: "the page, optimised",
        needs: &[Need::WasmTarget, Need::WasmBindgen, Need::Trunk],
        run: build,
    },
    Step {
        name: "weight",
        about: "what a visitor downloads is small",
        needs: &[],
        run: |workshop, _| weight::weigh(&workshop.dist()),
    },
    Step {
        name: "e2e",
        about: "the built page, used as a person would",
        needs: &[Need::Browser, Need::Axe],
        run: e2e,
    },
    Step { name: "swarm", about: "random runs with faults", needs: &[], run: swarm },
];

fn fmt(workshop: &Workshop, _: &mut Tally) -> Result<(), String> {
    run(workshop.cargo().args(["fmt", "--all", "--check"]))
}

fn clippy(workshop: &Workshop, _: &mut Tally) -> Result<(), String> {
    run(workshop
        .cargo()
        .args(["clippy", "--quiet", "--workspace", "--all-targets"])
        .args(["--", "-D", "warnings"]))
}

fn clippy_wasm(workshop: &Workshop, _: &mut Tally) -> Result<(), String> {
    let mut command = workshop.cargo();
    command.args(["clippy", "--quiet", "--target", "wasm32-unknown-unknown", "--lib", "--bins"]);
    // Not --tests: the modules' own tests are native, and so is what they depend on.
    command.args(["--test", "web", "--", "-D", "warnings"]).env_remove("RUSTFLAGS");
    run(&mut command)
}

fn native(workshop: &Workshop, tally: &mut Tally) -> Result<(), String> {
    let mut command = workshop.cargo();
    command.args(["test", "--quiet", "--no-fail-fast", "--package", "raftbank"]);
    run_counting(command.args(["--package", "xtask"]), tally)
}

fn docs(workshop: &Workshop, _: &mut Tally) -> Result<(), String> {
    run(workshop
        .cargo()
        .args(["doc", "--quiet", "--no-deps", "--document-private-items"])
        // It is written for who works on the engine, and leads to private modules too.
        .env("RUSTDOCFLAGS", "-D warnings -A rustdoc::private_intra_doc_links"))
}

fn browser(workshop: &Workshop, tally: &mut Tally) -> Result<(), String> {
    let mut command = workshop.cargo();
    command.args(["test", "--target", "wasm32-unknown-unknown", "--test", "web"]);
    // A slow test would otherwise be reported as one that was never found.
    command.env("WASM_BINDGEN_TEST_TIMEOUT", "300").env_remove("RUSTFLAGS");
    // With the engine's own frames in it, a failure's message would be hard to find.
    command.env("RUST_BACKTRACE", "0");
    the_browser(workshop).name_to(&mut command);
    run_counting(&mut command, tally)
}

pub fn build(workshop: &Workshop, _: &mut Tally) -> Result<(), String> {
    run(workshop.trunk("build").args(["--release", "--dist"]).arg(workshop.dist()))
}

fn e2e(workshop: &Workshop, tally: &mut Tally) -> Result<(), String> {
    let mut command = workshop.cargo();
    command.args(["run", "--quiet", "--package", "e2e", "--bin", "e2e", "--"]).arg(workshop.dist());
    command.env("AXE", workshop.axe.as_ref().expect("the step says that it needs axe-core"));
    the_browser(workshop).name_to(&mut command);
    run_counting(&mut command, tally)
}

fn swarm(workshop: &Workshop, _: &mut Tally) -> Result<(), String> {
    let seeds = env::var("RAFTBANK_SEEDS").unwrap_or_else(|_| fresh_seeds());
    println!("To repeat these runs: RAFTBANK_SEEDS={seeds} cargo xtask test --only swarm");
    let mut command = workshop.cargo();
    command.args(["run", "--quiet", "--profile", "swarm", "--bin", "raftbank", "--"]);
    // A random run is no test that somebody wrote: it is not counted as one.
    run(command.args(["swarm", "--seeds", &seeds]))
}

/// Seeds that no run before is likely to have had.
fn fresh_seeds() -> String {
    let age = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let first = age.as_secs();
    format!("{first}..{}", first + SWARM_RUNS)
}

pub fn the_browser(workshop: &Workshop) -> &crate::browser::Browser {
    workshop.browser.as_ref().expect("the step says that it needs a browser")
}
