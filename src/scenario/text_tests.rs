//! The text of a run plays to the same run.

use super::*;
use crate::base::{AccountId, Rules, Span};
use crate::channel::Settings;
use crate::scenario::{Player, Scenario, parse_action, play};
use crate::sim::run::LATEST;
use crate::sim::swarm;
use crate::sim::{Disks, Stamped};
use crate::trace::{EventId, RunDigest};

/// Plays a text to its end, whatever the judges say of it.
fn played(text: &str) -> Simulation {
    let scenario = Scenario::parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let mut player = None;
    for (line, statement) in scenario.statements() {
        let outcome = Player::carry_out(&mut player, line, statement);
        outcome.unwrap_or_else(|error| panic!("{error}\n{text}"));
    }
    player.expect("it sets up a cluster").into_simulation()
}

/// Nothing is as it would be by default, so that nothing can be forgotten.
fn unusual() -> Config {
    Config {
        servers: 7,
        spares: 2,
        clients: 4,
        opening_balance: 41,
        opening_exceptions: [(AccountId::new(2).unwrap(), 7)].into(),
        history: "Alice Bob 4\n\n  Bob  Carol 1 # and more".to_owned(),
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
    let text = to_text(&run, "Two\nlines.").unwrap();
    assert!(text.starts_with("# Two lines.\ncluster "), "{text}");
    let again = played(&text).to_run();
    let history = "Alice Bob 4\nBob Carol 1".to_owned();
    assert_eq!(again, Run { config: Config { history, ..run.config.clone() }, ..run });
}

#[test]
fn actions_between_the_things_of_one_moment_stay_there() {
    let config = Config {
        network: Settings { delay_min: Span::ms(5), delay_max: Span::ms(5), ..Settings::default() },
        disk_sync: Span::ms(5),
        ..Config::default()
    };
    let mut simulation = Simulation::new(config, 1, Disks::default()).unwrap();
    let mut between = 0;
    while simulation.world().now() < Time(5_000_000) {
        assert!(simulation.step());
        if simulation.next_due() == Some(simulation.world().now()) && between < 20 {
            between += 1;
            let action = parse_action(if between % 2 == 1 { "isolate S2" } else { "heal" });
            simulation.act(action.unwrap()).unwrap();
        }
    }
    assert_eq!(between, 20, "things happen at one moment");
    let run = simulation.to_run();
    let text = to_text(&run, "Between.").unwrap();
    assert!(text.contains(" steps\n"), "{text}");
    assert_eq!(played(&text).to_run(), run);
}

#[test]
fn random_runs_play_to_the_same_events() {
    for seed in 0..40 {
        let run = swarm::sample(seed, Rules::ALL_ON);
        let text = to_text(&run, "A random run.").unwrap();
        let again = played(&text);
        assert_eq!(again.to_run(), run, "seed {seed}");
        let replayed = run.replay().and_then(|mut replay| {
            while !replay.advance(1_000)? {}
            Ok(replay.into_simulation())
        });
        assert_eq!(digest(&replayed.unwrap()), digest(&again), "seed {seed}");
    }
}

fn digest(simulation: &Simulation) -> crate::base::Hash {
    let mut digest = RunDigest::new();
    simulation.trace().after(EventId(0)).for_each(|event| digest.add(event));
    digest.finish()
}

#[test]
fn what_the_disks_held_is_owned_up_to() {
    let mut simulation = Simulation::new(Config::default(), 1, Disks::default()).unwrap();
    simulation.run_until(Time(2_000_000));
    let mut run = simulation.to_run();
    assert!(!to_text(&run, "A claim.").unwrap().contains("disks"));
    run.disks = simulation.world().disks();
    run.until = Time::ZERO;
    run.steps = 0;
    let text = to_text(&run, "A claim.").unwrap();
    assert!(text.contains("# The disks held something when this run began"), "{text}");
    Scenario::parse(&text).expect("it is a scenario all the same");
}

#[test]
fn a_run_whose_stamps_contradict_each_other_has_no_text() {
    let simulation = Simulation::new(Config::default(), 1, Disks::default()).unwrap();
    let mut run = simulation.to_run();
    for until in [Time(5_000_000), LATEST] {
        run.until = until;
        assert_eq!(to_text(&run, "A claim."), Err(RunError::Stamps), "much happens by then");
    }
    run.steps = 1_000_000;
    assert_eq!(to_text(&run, "A claim."), Err(RunError::Stamps));
    let action = parse_action("restart S1").unwrap();
    run.actions.push(Stamped { at: Time::ZERO, after_steps: 0, action });
    let error = to_text(&run, "A claim.").unwrap_err().to_string();
    assert!(error.contains("restart S1"), "{error}");
}

/// Of a run that ended in a bug, only the steps are known.
#[test]
fn a_run_of_an_open_end_ends_with_its_steps() {
    let mut simulation = Simulation::new(Config::default(), 1, Disks::default()).unwrap();
    simulation.run_until(Time(2_000_000));
    let mut run = simulation.to_run();
    let text = to_text(&Run { until: OPEN_END, ..run.clone() }, "A claim.").unwrap();
    let (_, again) = play(&Scenario::parse(&text).unwrap()).unwrap();
    assert_eq!(again.world().steps(), simulation.world().steps());
    assert_eq!(again.trace().last_id(), simulation.trace().last_id());
    run.steps = 1_000_000;
    assert_eq!(to_text(&run, "A claim."), Err(RunError::Stamps));
}
