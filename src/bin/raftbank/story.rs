//! A run as scenario text, for people who read what led to a failure.

use raftbank::base::{Rule, Time};
use raftbank::sim::{Config, Run};
use std::fmt::Write;

/// Its opening with every setting, then each action at its time. What disks held before the run
/// is not in it; runs of the swarm begin with empty ones.
pub fn story(run: &Run, claim: &str) -> String {
    let mut text = format!("# {}\n{}\n", claim.replace('\n', " "), opening(&run.config, run.seed));
    let mut now = Time::ZERO;
    for stamped in &run.actions {
        text.extend(pause(now, stamped.at));
        text += &format!("{}\n", stamped.action);
        now = stamped.at;
    }
    text.extend(pause(now, run.until));
    text + "check\n"
}

fn pause(from: Time, to: Time) -> Option<String> {
    (to > from).then(|| format!("run {}\n", to.since(from)))
}

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
    let mut add = |setting: String| write!(text, " {setting}").expect("a String takes any text");
    for (account, balance) in opening_exceptions {
        add(format!("{account}={balance}"));
    }
    if !history.is_empty() {
        let lines = history.lines().map(|line| line.replace(' ', ","));
        add(format!("history={}", lines.collect::<Vec<_>>().join(";")));
    }
    if let Some(quota) = disk_quota {
        add(format!("quota={quota}"));
    }
    if !rules.all_on() {
        add(format!("off={}", rules.off().map(Rule::name).collect::<Vec<_>>().join(",")));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use raftbank::base::{AccountId, Rules, Span};
    use raftbank::channel::Settings;
    use raftbank::scenario::{Scenario, Statement, parse_action};
    use raftbank::sim::{Disks, Simulation};

    /// Nothing is as it would be by default, so that nothing can be forgotten.
    fn unusual() -> Config {
        Config {
            servers: 7,
            spares: 2,
            clients: 4,
            opening_balance: 41,
            opening_exceptions: [(AccountId::new(2).unwrap(), 7)].into(),
            history: "Alice Bob 4\nBob Carol 1".to_owned(),
            difficulty: 3,
            attempts_per_second: 777,
            block_capacity: 5,
            mempool_capacity: 9,
            election_timeout_min: Span::us(123_456),
            election_timeout_max: Span::us(234_567),
            heartbeat_interval: Span::us(10_001),
            client_timeout: Span::us(700_007),
            disk_sync: Span::us(77),
            disk_quota: Some(70_000),
            compact_after: 5,
            network: Settings {
                delay_min: Span::us(1_001),
                delay_max: Span::us(20_002),
                loss: 12_345,
                duplication: 23_456,
                corruption: 3_456,
            },
            rules: Rules::ALL_ON.without(Rule::PreVote).without(Rule::ExactlyOnce),
        }
    }

    #[test]
    fn it_is_read_back_with_every_setting_and_at_the_same_times() {
        let mut simulation = Simulation::new(unusual(), 99, Disks::default()).unwrap();
        for (at, action) in [(0, "crash S2"), (1_234_567, "restart S2"), (1_234_567, "nudge S1")] {
            simulation.run_until(Time(at));
            simulation.act(parse_action(action).unwrap()).unwrap();
        }
        simulation.run_until(Time(2_000_001));
        let run = simulation.to_run();

        let scenario = Scenario::parse(&story(&run, "Two\nlines.")).unwrap();
        assert_eq!(scenario.claim, "Two lines.");
        let mut statements = scenario.blocks[0].statements.iter().map(|(_, statement)| statement);
        let Some(Statement::Cluster(opening)) = statements.next() else { panic!("no opening") };
        assert_eq!((&opening.config, opening.seed), (&run.config, run.seed));
        let (mut now, mut actions) = (Time::ZERO, Vec::new());
        for statement in statements {
            match statement {
                Statement::Run(span) => now += *span,
                Statement::Act(action) => actions.push((now, action.clone())),
                Statement::Check => {}
                other => panic!("{other:?} is not expected"),
            }
        }
        let done = run.actions.iter().map(|stamped| (stamped.at, stamped.action.clone()));
        assert_eq!(actions, done.collect::<Vec<_>>());
        assert_eq!(now, run.until);
    }
}
