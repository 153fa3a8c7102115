//! `cargo xtask measure`: what the page weighs and costs, beside what it should.

use crate::args::MeasureOptions;
use crate::child::run;
use crate::steps::{build, the_browser};
use crate::tally::Tally;
use crate::tools::{Need, provide};
use crate::weight;
use crate::workshop::Workshop;

/// Builds the page and measures it. A figure that is over its limit is no failure: a machine that
/// does something else meanwhile would fail too.
pub fn measure(mut workshop: Workshop, options: &MeasureOptions) -> Result<(), String> {
    for need in [Need::WasmTarget, Need::WasmBindgen, Need::Trunk, Need::Browser] {
        provide(&mut workshop, need)?;
    }
    if !options.built {
        build(&workshop, &mut Tally::default())?;
    }
    if let Err(reason) = weight::weigh(&workshop.dist()) {
        println!("{reason}");
    }
    let mut command = workshop.cargo();
    command.args(["run", "--quiet", "--package", "e2e", "--bin", "measure", "--"]);
    command.arg(workshop.dist()).arg(options.hours.to_string());
    the_browser(&workshop).name_to(&mut command);
    run(&mut command)
}
