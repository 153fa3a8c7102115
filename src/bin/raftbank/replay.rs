//! `raftbank run`: replays a run that the page or the swarm exported, or plays a scenario.

use crate::trace;
use clap::Args;
use raftbank::scenario::{Player, Scenario, Statement};
use raftbank::sim::{Run, Simulation};
use raftbank::trace::EventId;
use raftbank::why::{self, Question};
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

/// What is asked for.
#[derive(Args)]
pub struct Arguments {
    /// A run as the page exports it, or a scenario as text.
    file: PathBuf,
    /// Prints every event with the state of its server, as lines of JSON.
    #[arg(long)]
    trace: bool,
    /// Asks at the end why something is as it is: 'no leader', 'S1', 'S2 vote S1', 'S1 block 7' or
    /// 'Alice #1'. Can be given several times.
    #[arg(long, value_name = "QUESTION")]
    why: Vec<Question>,
}

/// Replays the run; the exit code is 1 if it cannot be read, does not go as the file says, or a
/// judge objects.
pub fn main(arguments: &Arguments) -> ExitCode {
    match play(arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            eprintln!("{}: {why}", arguments.file.display());
            ExitCode::FAILURE
        }
    }
}

fn play(arguments: &Arguments) -> Result<bool, String> {
    let text = fs::read_to_string(&arguments.file).map_err(|error| error.to_string())?;
    let (run, why) = if text.trim_start().starts_with('{') {
        (Run::from_json(&text).map_err(|error| error.to_string())?, None)
    } else {
        play_scenario(&text, !arguments.trace)?
    };
    let simulation = replay(run, arguments.trace)?;
    let clean = tell(&simulation, arguments.trace);
    for question in &arguments.why {
        let answer = why::answer(simulation.world(), simulation.trace(), question);
        say(format!("\n{question}?\n{answer:#}"), arguments.trace);
    }
    why.map_or(Ok(clean), Err)
}

/// Plays a scenario, and tells of it as its file would: the run that came of it, and why it ended
/// early, if it did.
fn play_scenario(text: &str, aloud: bool) -> Result<(Run, Option<String>), String> {
    let scenario = Scenario::parse(text).map_err(|error| error.to_string())?;
    let mut statements = scenario.blocks.iter().flat_map(|block| &block.statements);
    let Some((_, Statement::Cluster(opening))) = statements.next() else {
        unreachable!("a scenario that was read begins with its cluster");
    };
    let mut player = Player::begin(opening)?;
    let ended = statements.try_for_each(|(line, statement)| player.execute(*line, statement));
    if aloud {
        player.take_output().iter().for_each(|line| println!("{line}"));
    }
    let why = ended.err().map(|error| error.to_string());
    Ok((player.simulation().to_run(), why))
}

fn replay(run: Run, traced: bool) -> Result<Simulation, String> {
    let mut replay = run.replay().map_err(|error| error.to_string())?;
    let mut seen = EventId(0);
    loop {
        if traced {
            seen = trace::print_after(seen, replay.simulation());
        }
        if replay.advance_once().map_err(|error| error.to_string())? {
            return Ok(replay.into_simulation());
        }
    }
}

/// Says what the judges say; to people only, where machines read the events.
fn tell(simulation: &Simulation, traced: bool) -> bool {
    let (events, now) = (simulation.trace().last_id().0, simulation.world().now());
    say(format!("{events} events by {now}"), traced);
    for violation in simulation.judges().violations() {
        say(format!("violated: {violation}"), traced);
    }
    simulation.judges().is_clean()
}

fn say(line: String, traced: bool) {
    if traced { eprintln!("{line}") } else { println!("{line}") }
}
