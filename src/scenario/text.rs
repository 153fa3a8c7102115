//! A run as scenario text, which plays to the same run again.

use super::statement::LONGEST_RUN;
use crate::base::{Rule, Time};
use crate::sim::run::OPEN_END;
use crate::sim::{Config, Run, RunError, Simulation};

/// What a text cannot say.
const DISKS: &str = "# The disks held something when this run began, and a text cannot hold that. \
                     What follows is done to an empty bank;\n# export the run as a file to keep it \
                     all.\n";

/// The text of a run: its opening with every setting, then each action at its time.
///
/// It plays to the very same events, for `run 2s in 40 steps` stands where the time alone would
/// leave open which of the things of one moment come first. What the disks held before the run is
/// not in it; where they held anything, the text says so.
///
/// The run is replayed for that; an error says why it cannot be.
pub fn to_text(run: &Run, claim: &str) -> Result<String, RunError> {
    let claim = claim.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut text = format!("# {claim}\n");
    if !run.disks.is_empty() {
        text += DISKS;
    }
    text += &opening(&run.config, run.seed);
    let disks = run.disks.clone();
    let simulation = Simulation::new(run.config.clone(), run.seed, disks);
    let mut simulation = simulation.map_err(RunError::World)?;
    for stamped in &run.actions {
        pass(&mut simulation, stamped.at, stamped.after_steps, &mut text)?;
        let action = stamped.action.clone();
        let words = action.to_string();
        text += &format!("{words}\n");
        simulation.act(action).map_err(|error| RunError::Action(words, error))?;
    }
    let until = if run.until == OPEN_END { end(&simulation, run.steps)? } else { run.until };
    pass(&mut simulation, until, run.steps, &mut text)?;
    Ok(text + "check\n")
}

/// When a run ends of which only its steps are known.
fn end(simulation: &Simulation, steps: u64) -> Result<Time, RunError> {
    let mut simulation = simulation.clone();
    while simulation.world().steps() < steps {
        if !simulation.step() {
            return Err(RunError::Stamps);
        }
    }
    Ok(simulation.world().now())
}

/// Lets a run go on to a time and a number of steps, and writes how.
fn pass(
    simulation: &mut Simulation,
    at: Time,
    steps: u64,
    text: &mut String,
) -> Result<(), RunError> {
    let mut write = |line: String| text.push_str(&line);
    while at.since(simulation.world().now()) > LONGEST_RUN && simulation.world().steps() <= steps {
        let part = simulation.world().now() + LONGEST_RUN;
        simulation.run_until(part);
        write(format!("run {LONGEST_RUN}\n"));
    }
    let (from, before) = (simulation.world().now(), simulation.world().steps());
    while simulation.world().steps() < steps {
        if !simulation.step_by(at) {
            return Err(RunError::Stamps);
        }
    }
    let due = simulation.next_due();
    if simulation.world().steps() > steps || due.is_some_and(|due| due < at) {
        return Err(RunError::Stamps);
    }
    simulation.set_clock(at);
    let made = steps - before;
    match at.since(from) {
        span if due == Some(at) && (made > 0 || at > from) => {
            write(format!("run {span} in {made} steps\n"));
        }
        span if made > 0 || at > from => write(format!("run {span}\n")),
        _ => {}
    }
    Ok(())
}

/// The line that sets such a run up, every setting named.
fn opening(config: &Config, seed: u64) -> String {
    let Config {
        servers,
        spares,
        clients,
        opening_balance,
        opening_exceptions,
        history,
        difficulty,
        attempts_per_second,
        block_capacity,
        mempool_capacity,
        election_timeout_min,
        election_timeout_max,
        heartbeat_interval,
        client_timeout,
        disk_sync,
        disk_quota,
        compact_after,
        network,
        rules,
    } = config;
    let mut text = format!(
        "cluster servers={servers} spares={spares} clients={clients} seed={seed} \
         balance={opening_balance} difficulty={difficulty} attempts={attempts_per_second} \
         block={block_capacity} mempool={mempool_capacity} compact={compact_after} \
         election={election_timeout_min}-{election_timeout_max} heartbeat={heartbeat_interval} \
         timeout={client_timeout} sync={disk_sync} {network}"
    );
    let mut add = |setting: String| text.push_str(&format!(" {setting}"));
    for (account, balance) in opening_exceptions {
        add(format!("{account}={balance}"));
    }
    if !history.trim().is_empty() {
        let lines = history.lines().map(|line| line.split('#').next().unwrap_or_default());
        let words = lines.map(|line| line.split_whitespace().collect::<Vec<_>>().join(","));
        let payments: Vec<String> = words.filter(|payment| !payment.is_empty()).collect();
        add(format!("history={}", payments.join(";")));
    }
    if let Some(quota) = disk_quota {
        add(format!("quota={quota}"));
    }
    if !rules.all_on() {
        add(format!("off={}", rules.off().map(Rule::name).collect::<Vec<_>>().join(",")));
    }
    text.push('\n');
    text
}

#[cfg(test)]
#[path = "text_tests.rs"]
mod tests;
