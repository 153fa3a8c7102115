//! Measures the built page in a browser, and prints the figures beside their limits.
//!
//! `cargo xtask measure` builds the page and runs this. It judges nothing: how fast a machine is,
//! and what else it does meanwhile, is in every figure. Each part says at its head how it measures.

// How long things take is what is measured; no run of the engine depends on it.
#![allow(clippy::disallowed_types)]

mod frames;
mod memory;
mod paint;

use e2e::{Driver, Page, Server};
use std::path::PathBuf;
use std::process::ExitCode;
use tokio::runtime::{Builder, Runtime};

/// One measured thing.
struct Figure {
    what: String,
    value: f64,
    unit: &'static str,
    /// The most that it should be.
    limit: Option<f64>,
}

/// What measuring needs.
struct Bench {
    runtime: Runtime,
    driver: Driver,
    server: Server,
    figures: Vec<Figure>,
}

impl Bench {
    /// Does something in a browser with a fresh profile that has not opened the page yet.
    fn in_new_browser<T>(&self, work: impl AsyncFnOnce(&Page) -> T) -> T {
        self.runtime.block_on(async {
            let page = Page::open(self.driver.address(), "about:blank").await;
            let done = work(&page).await;
            page.close().await;
            done
        })
    }

    fn note(
        &mut self,
        what: impl Into<String>,
        value: f64,
        unit: &'static str,
        limit: Option<f64>,
    ) {
        let figure = Figure { what: what.into(), value, unit, limit };
        println!("{}", line(&figure));
        self.figures.push(figure);
    }
}

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let dist = args.next().map(PathBuf::from).filter(|dist| dist.is_dir());
    let hours = args.next().map_or(Some(24), |hours| hours.parse().ok());
    let (Some(dist), Some(hours)) = (dist, hours) else {
        eprintln!("measure: name the folder of the built page, then how many hours to let pass");
        return ExitCode::FAILURE;
    };
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("the system lets this program wait for sockets and time");
    let (driver, server) = (Driver::start(), Server::start(dist));
    let mut bench = Bench { runtime, driver, server, figures: Vec::new() };

    paint::measure(&mut bench);
    frames::measure(&mut bench);
    memory::measure(&mut bench, hours);

    println!("\n{:<62} {:>12}  limit", "all figures", "measured");
    for figure in &bench.figures {
        println!("{}", line(figure));
    }
    ExitCode::SUCCESS
}

fn line(figure: &Figure) -> String {
    let Figure { what, value, unit, limit } = figure;
    let limit = limit.map_or(String::new(), |limit| {
        let verdict = if *value <= limit { "" } else { "  OVER" };
        format!("{limit} {unit}{verdict}")
    });
    format!("{what:<62} {:>12}  {limit}", format!("{value:.1} {unit}"))
}

/// The value below which this part of all values lies; 0 of none.
fn percentile(mut values: Vec<f64>, part: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let last = values.len().saturating_sub(1);
    values.get((last as f64 * part).round() as usize).copied().unwrap_or(0.0)
}
