//! End-to-end tests: the built page in a real browser, used as a person would use it.
//!
//! `cargo run --package e2e -- DIST [FILTER]` serves the built page in DIST on a free port, and
//! runs the tests whose names contain FILTER, one after the other, each in a browser with a fresh
//! profile. Things are found by role and accessible name, as assistive technology finds them, so
//! that a test reads like what a person would be told to do:
//!
//! ```text
//! page.group("Alice").number_field("Amount").fill("4").await;
//! page.group("Alice").button("Send transfer").click().await;
//! ```
//!
//! A test that fails prints what the page showed and what the console said, and keeps a picture
//! in `target/e2e`. A test also fails when the page logged an error on the console.
//!
//! To add a test, write an `async fn` in a file of its own under `tests/`, and name it in
//! `tests/mod.rs`.

// Deadlines are measured on the clock; no run of the engine depends on it.
#![allow(clippy::disallowed_types)]

mod tests;

use e2e::{Driver, Page, Server};
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use tests::Test;
use tokio::runtime::{Builder, Runtime};

/// The longest that one test may take: far more than any needs.
const TEST_DURATION_MAX: Duration = Duration::from_secs(180);

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let Some(dist) = args.next().map(PathBuf::from).filter(|dist| dist.is_dir()) else {
        eprintln!(
            "e2e: name the folder of the built page (`cargo xtask test` builds and tests it)"
        );
        return ExitCode::FAILURE;
    };
    // Where a test failed and why; the frames below it are the runtime's.
    std::panic::set_hook(Box::new(|panic| eprintln!("{panic}")));
    let filter = args.next().unwrap_or_default();
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("the system lets this program wait for sockets and time");
    let server = Server::start(dist);
    let driver = Driver::start();

    let (mut passed, mut failed) = (0, 0);
    for test in tests::TESTS.iter().filter(|test| test.name.contains(&filter)) {
        let start = Instant::now();
        let result = run(&runtime, &driver, &server, test);
        let seconds = start.elapsed().as_secs_f64();
        match result {
            Ok(()) => {
                passed += 1;
                println!("test {} ... ok ({seconds:.1} s)", test.name);
            }
            Err(reason) => {
                failed += 1;
                println!("test {} ... FAILED ({seconds:.1} s): {reason}", test.name);
            }
        }
    }
    println!("{passed} passed, {failed} failed");
    if failed == 0 && passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Runs one test in a browser of its own, which is closed however the test ends.
fn run(runtime: &Runtime, driver: &Driver, server: &Server, test: &Test) -> Result<(), String> {
    let caught = catch_unwind(AssertUnwindSafe(|| {
        runtime.block_on(async { Page::open(driver.address(), server.address()).await })
    }));
    let page = caught.map_err(message_of)?;
    let caught = catch_unwind(AssertUnwindSafe(|| {
        runtime.block_on(async {
            let limited = tokio::time::timeout(TEST_DURATION_MAX, (test.run)(&page)).await;
            assert!(limited.is_ok(), "it was not done within {TEST_DURATION_MAX:?}");
            let errors = page.console_errors().await;
            assert!(errors.is_empty(), "the page logged errors: {}", errors.join("; "));
        });
    }));
    runtime.block_on(async {
        if caught.is_err() {
            page.report(test.name).await;
        }
        page.close().await;
    });
    caught.map_err(message_of)
}

/// What a panic said.
fn message_of(panic: Box<dyn Any + Send>) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("it panicked").to_owned()
}
