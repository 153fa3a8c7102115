//! `raftbank run`: replays a run that the page or the swarm exported or shared, or plays a
//! scenario; and makes a link of it.

use crate::trace;
use clap::Args;
use raftbank::scenario::library::{self, Group, LIBRARY};
use raftbank::scenario::{Player, Scenario, to_text};
use raftbank::sim::run::{Finding, link};
use raftbank::sim::{Replay, Run};
use raftbank::trace::EventId;
use raftbank::why::{self, Question};
use std::fs;
use std::process::ExitCode;

/// What is asked for.
#[derive(Args)]
pub struct Arguments {
    /// A run as the page exports it, a link to one, a scenario as text, or a scenario of the
    /// library by its name.
    #[arg(value_name = "FILE or LINK", required_unless_present = "list")]
    file: Option<String>,
    /// Prints every event with the state of its server, as lines of JSON.
    #[arg(long)]
    trace: bool,
    /// Asks at the end why something is as it is: 'no leader', 'S1', 'S2 vote S1', 'S1 block 7' or
    /// 'Alice #1'. Can be given several times.
    #[arg(long, value_name = "QUESTION")]
    why: Vec<Question>,
    /// Prints the run as scenario text, which plays to the same events.
    #[arg(long, conflicts_with = "trace")]
    text: bool,
    /// Lists the scenarios of the library.
    #[arg(long)]
    list: bool,
    /// Prints a link that opens the run, at this address of the page, or its fragment alone.
    #[arg(long, value_name = "ADDRESS", num_args = 0..=1, default_missing_value = "",
          conflicts_with = "trace")]
    link: Option<String>,
}

/// Replays the run; the exit code is 1 if it cannot be read, does not go as the file says, or a
/// judge objects.
pub fn main(arguments: &Arguments) -> ExitCode {
    if arguments.list {
        list();
        return ExitCode::SUCCESS;
    }
    let file = arguments.file.as_deref().unwrap_or_default();
    match play(file, arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            // A link is too long to say again.
            let name = if is_link(file) { "the link" } else { file };
            eprintln!("{name}: {why}");
            ExitCode::FAILURE
        }
    }
}

fn list() {
    for group in Group::ALL {
        println!("{}", group.name());
        for entry in LIBRARY.iter().filter(|entry| entry.group == group) {
            println!("  {}\n    {}", entry.file, entry.claim());
        }
    }
}

/// The text of a file; without one, that of the library.
fn read(file: &str) -> Result<String, String> {
    match (fs::read_to_string(file), library::find(file)) {
        (Ok(text), _) => Ok(text),
        (Err(_), Some(entry)) => Ok(entry.text.to_owned()),
        (Err(error), None) => Err(format!("{error}; 'raftbank run --list' names the library")),
    }
}

fn is_link(file: &str) -> bool {
    link::parameter(file, link::KEY).is_some()
}

/// The run that is asked for, its claim, and why a scenario that gave it ended early, if it did.
fn open(file: &str, aloud: bool) -> Result<(Run, String, Option<String>), String> {
    if let Some(code) = link::parameter(file, link::KEY) {
        let run = link::read(code).map_err(|error| error.to_string())?;
        return Ok((run, "A run from a link.".to_owned(), None));
    }
    let text = read(file)?;
    if text.trim_start().starts_with('{') {
        let run = Run::from_json(&text).map_err(|error| error.to_string())?;
        return Ok((run, format!("The run of {file}."), None));
    }
    play_scenario(&text, aloud)
}

fn play(file: &str, arguments: &Arguments) -> Result<bool, String> {
    let quiet = arguments.trace || arguments.text;
    let (run, claim, why) = open(file, !quiet && arguments.link.is_none())?;
    if arguments.text {
        print!("{}", to_text(&run, &claim).map_err(|error| error.to_string())?);
    }
    let replay = replay(run.clone(), arguments.trace)?;
    if let Some(address) = &arguments.link {
        let sealed = Run { seal: replay.seal(), ..run };
        println!("{address}#{}={}", link::KEY, link::write(&sealed));
        return why.map_or(Ok(true), Err);
    }
    let clean = tell(&replay, quiet);
    for question in &arguments.why {
        let simulation = replay.simulation();
        let answer = why::answer(simulation.world(), simulation.trace(), question);
        say(format!("\n{question}?\n{answer:#}"), quiet);
    }
    why.map_or(Ok(clean), Err)
}

/// Plays a scenario, and tells of it as its file would: the run that came of it, its claim, and
/// why it ended early, if it did.
fn play_scenario(text: &str, aloud: bool) -> Result<(Run, String, Option<String>), String> {
    let scenario = Scenario::parse(text).map_err(|error| error.to_string())?;
    let mut player: Option<Player> = None;
    let mut statements = scenario.statements();
    let ended = statements.try_for_each(|(line, it)| Player::carry_out(&mut player, line, it));
    let Some(mut player) = player else {
        return Err(ended.map_or_else(|error| error.to_string(), |()| "it is empty".to_owned()));
    };
    let ended = ended.and_then(|()| player.finish());
    if aloud {
        player.take_output().iter().for_each(|line| println!("{line}"));
    }
    let why = ended.err().map(|error| error.to_string());
    Ok((player.simulation().to_run(), scenario.claim.clone(), why))
}

fn replay(run: Run, traced: bool) -> Result<Replay, String> {
    let mut replay = run.replay_sealing().map_err(|error| error.to_string())?;
    let mut seen = EventId(0);
    loop {
        if traced {
            seen = trace::print_after(seen, replay.simulation());
        }
        if replay.advance_once().map_err(|error| error.to_string())? {
            return Ok(replay);
        }
    }
}

/// Says what the judges say; beside the output proper, where that is for machines.
fn tell(replay: &Replay, quiet: bool) -> bool {
    let simulation = replay.simulation();
    let (events, now) = (simulation.trace().last_id().0, simulation.world().now());
    say(format!("{events} events by {now}"), quiet);
    for violation in simulation.judges().violations() {
        say(format!("violated: {violation}"), quiet);
    }
    simulation.judges().is_clean() & tell_finding(replay.finding(), quiet)
}

/// Says whether the events are those that the run was sealed with; false if they are not.
fn tell_finding(finding: Finding, quiet: bool) -> bool {
    match finding {
        Finding::Unsealed => true,
        Finding::Same(_) => {
            say("sealed: every event is as it was".to_owned(), quiet);
            true
        }
        Finding::Differs { said, seen, .. } => {
            let said = said.map_or("no seal".to_owned(), |said| said.to_string());
            let text = format!(
                "not as it was: the run says {said}, and here it had {seen}; it was altered, or \
                 made by another version of Raftbank"
            );
            say(text, quiet);
            false
        }
    }
}

fn say(line: String, traced: bool) {
    if traced { eprintln!("{line}") } else { println!("{line}") }
}
