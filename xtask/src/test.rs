//! `cargo xtask test`: runs the steps, and sums them up.

use crate::steps::{STEPS, Step};
use crate::tally::Tally;
use crate::tools::{Need, provide};
use crate::workshop::Workshop;
use std::time::{Duration, Instant};

/// Runs the named steps, or all of them, up to the first that fails.
pub fn test(mut workshop: Workshop, only: &[String]) -> Result<(), String> {
    let is_wanted = |step: &&Step| only.is_empty() || only.iter().any(|name| name == step.name);
    let steps: Vec<&Step> = STEPS.iter().filter(is_wanted).collect();
    set_up(&mut workshop, &steps).map_err(|reason| format!("step 'set up' failed: {reason}"))?;

    let mut tally = Tally::default();
    let mut times: Vec<(&str, Duration)> = Vec::new();
    for step in steps {
        println!("\n== {}: {}", step.name, step.about);
        let start = Instant::now();
        let result = (step.run)(&workshop, &mut tally);
        let time = start.elapsed();
        if let Err(reason) = result {
            println!("== {} failed after {:.1} s", step.name, time.as_secs_f64());
            // A step that counts no tests is itself the one that failed.
            println!("{}", Tally { failed: tally.failed.max(1), ..tally });
            return Err(format!("step '{}' failed: {reason}", step.name));
        }
        println!("== {} took {:.1} s", step.name, time.as_secs_f64());
        times.push((step.name, time));
    }
    println!();
    for (name, time) in times {
        println!("{name:<12} {:>7.1} s", time.as_secs_f64());
    }
    println!("{tally}");
    Ok(())
}

/// Provides everything at the start, so that what cannot be installed is known at once.
fn set_up(workshop: &mut Workshop, steps: &[&Step]) -> Result<(), String> {
    let mut provided: Vec<Need> = Vec::new();
    for need in steps.iter().flat_map(|step| step.needs) {
        if !provided.contains(need) {
            provide(workshop, *need)?;
            provided.push(*need);
        }
    }
    Ok(())
}
