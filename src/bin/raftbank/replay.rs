//! `raftbank run`: replays a run that the page or the swarm exported.

use clap::Args;
use raftbank::sim::{Run, Simulation};
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

/// What is asked for.
#[derive(Args)]
pub struct Arguments {
    /// The run, as the page exports it.
    file: PathBuf,
    /// Prints every event that is kept.
    #[arg(long)]
    trace: bool,
}

/// Replays the run; the exit code is 1 if it cannot be read or a judge objects.
pub fn main(arguments: &Arguments) -> ExitCode {
    match replay(arguments) {
        Ok(simulation) => tell(&simulation, arguments),
        Err(why) => {
            eprintln!("{}: {why}", arguments.file.display());
            ExitCode::FAILURE
        }
    }
}

fn replay(arguments: &Arguments) -> Result<Simulation, String> {
    let text = fs::read_to_string(&arguments.file).map_err(|error| error.to_string())?;
    let run = Run::from_json(&text).map_err(|error| error.to_string())?;
    let mut replay = run.replay().map_err(|error| error.to_string())?;
    while !replay.advance(u64::MAX).map_err(|error| error.to_string())? {}
    Ok(replay.into_simulation())
}

fn tell(simulation: &Simulation, arguments: &Arguments) -> ExitCode {
    if arguments.trace {
        simulation.trace().iter().for_each(|event| println!("{event}"));
    }
    let world = simulation.world();
    println!("{} events by {}", simulation.trace().last_id().0, world.now());
    let mut clean = true;
    for violation in simulation.judges().violations() {
        println!("violated: {violation}");
        clean = false;
    }
    if clean { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
