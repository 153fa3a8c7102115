//! Load and chaos in whole worlds: what they do, that they end, and that a run with them is a run
//! like any other.

use super::swarm::Play;
use super::{Action, Chaos, Config, Disks, LoadRate, Run, Simulation, TRUE_RATE};
use crate::bank::Verdict;
use crate::base::random::stream;
use crate::base::{Endpoint, MAX_CLIENTS, MAX_SERVERS, ServerId, Span, Time};
use crate::client;
use crate::trace::{RunDigest, What};
use rand::RngExt;
use std::collections::BTreeMap;

fn begin(config: Config, seed: u64) -> Simulation {
    Simulation::new(config, seed, Disks::default()).expect("it is valid")
}

fn load(requests: u32) -> Action {
    Action::Load { rate: LoadRate::per_second(requests) }
}

fn chaos(strength: Chaos) -> Action {
    Action::Chaos { strength }
}

fn end(server: ServerId) -> Endpoint {
    Endpoint::Server(server)
}

fn run(simulation: &mut Simulation, span: Span) {
    simulation.run_until(simulation.world().now() + span);
}

/// How often each action was taken, by its first word, and by whom.
fn deeds(simulation: &Simulation) -> BTreeMap<String, usize> {
    let mut counted = BTreeMap::new();
    for event in simulation.trace().iter() {
        if let What::Acted(text) = &event.what {
            let word = text.split(' ').next().unwrap_or_default().to_owned();
            *counted.entry(word).or_default() += 1;
        }
    }
    counted
}

/// Nothing of chaos is left: the network is whole and as it was, and all servers run.
fn assert_calm(simulation: &Simulation, what: &str) {
    let world = simulation.world();
    let channel = world.channel();
    assert!(channel.groups().is_none() && channel.cuts().next().is_none(), "{what}: cut");
    assert_eq!(*channel.settings(), world.config().network, "{what}");
    for from in world.config().server_ids() {
        for to in world.config().server_ids().filter(|to| *to != from) {
            assert!(channel.own_settings(end(from), end(to)).is_none(), "{what}: slow");
        }
        let node = world.node(from).expect("it is one of the cluster's");
        assert!(node.server().is_some() && !node.is_paused(), "{what}: {from} does not run");
        assert_eq!(node.clock().rate(), TRUE_RATE);
    }
}

#[test]
fn without_them_a_run_draws_nothing() {
    let mut plain = begin(Config::default(), 3);
    let mut switched = plain.clone();
    switched.act(load(0)).expect("off is possible");
    switched.act(chaos(Chaos::Off)).expect("off is possible");
    run(&mut plain, Span::secs(3));
    run(&mut switched, Span::secs(3));
    assert_eq!(plain.world().steps(), switched.world().steps());
    assert_eq!(plain.trace().last_id().0 + 2, switched.trace().last_id().0);
}

#[test]
fn load_asks_at_its_rate_and_is_answered() {
    let mut simulation = begin(Config::default(), 5);
    run(&mut simulation, Span::secs(2));
    simulation.act(load(20)).expect("it is a rate");
    let on = simulation.trace().last_id();
    run(&mut simulation, Span::secs(30));
    let (mut asked, mut committed, mut refused, mut read) = (0, 0, 0, 0);
    for event in simulation.trace().iter() {
        match &event.what {
            What::Acted(text) if text.contains(':') => {
                assert_eq!(event.cause, Some(on), "the switch is the cause");
            }
            What::Client(_, client::Event::Submitted { .. }) => asked += 1,
            What::Client(_, client::Event::Answered { verdict, .. }) => match verdict {
                Verdict::Committed { .. } => committed += 1,
                Verdict::Refused { .. } => refused += 1,
                Verdict::Balance { .. } => read += 1,
                other => panic!("load asks for nothing that is never valid: {other:?}"),
            },
            _ => {}
        }
    }
    assert!((500..700).contains(&asked), "{asked} of about 600 requests");
    assert!(committed > 300 && refused > 10 && read > 80, "{committed} {refused} {read}");
    assert_eq!(simulation.world().actions().len(), 1, "it follows from one action");
    simulation.act(load(0)).expect("off is possible");
    run(&mut simulation, Span::secs(2));
    assert!(simulation.world().clients().all(|client| client.unanswered() == 0));
    let before = simulation.world().steps();
    run(&mut simulation, Span::secs(1));
    assert!(simulation.world().steps() - before < 700, "it is quiet again");
    assert_eq!(simulation.judges().violations().next(), None);
}

#[test]
fn load_stops_asking_a_bank_that_does_not_answer() {
    let mut simulation = begin(Config::default(), 5);
    for server in simulation.world().config().server_ids() {
        simulation.act(Action::Crash { server }).expect("it is up");
    }
    simulation.act(load(200)).expect("it is a rate");
    run(&mut simulation, Span::secs(10));
    for client in simulation.world().clients() {
        assert_eq!(client.unanswered(), 16);
        assert_eq!(client.may_submit(None), Ok(()), "people can still ask");
    }
}

#[test]
fn a_rate_that_is_no_rate_changes_nothing() {
    let mut simulation = begin(Config::default(), 5);
    for rate in [LoadRate(1), LoadRate(99), LoadRate(200_001), LoadRate(u32::MAX)] {
        let refused = simulation.act(Action::Load { rate });
        assert!(refused.is_err(), "{rate}");
    }
    assert_eq!(simulation.world().load(), LoadRate::OFF);
    assert!(simulation.world().actions().is_empty());
}

#[test]
fn each_strength_does_what_it_says_and_mends_it() {
    let hostile = ["partition", "unite", "cut", "mend", "crash", "restart", "pause", "resume"];
    for (strength, does, does_not) in [
        (Chaos::Calm, &["link"][..], &[&["network"][..], &hostile].concat()[..]),
        (Chaos::Lossy, &["link", "network"], &hostile),
        (Chaos::Hostile, &[&["link", "network"][..], &hostile].concat(), &["heal"]),
    ] {
        let mut simulation = begin(Config::default(), 11);
        simulation.act(chaos(strength)).expect("it is a strength");
        let mut counted: BTreeMap<String, usize> = BTreeMap::new();
        for _ in 0..24 {
            run(&mut simulation, Span::secs(10));
            // The trace keeps more events than there are in ten seconds.
            deeds(&simulation).into_iter().for_each(|(word, count)| {
                let most = counted.entry(word).or_default();
                *most = count.max(*most);
            });
        }
        does.iter().for_each(|word| assert!(counted.contains_key(*word), "{strength:?}: {word}"));
        does_not
            .iter()
            .for_each(|word| assert!(!counted.contains_key(*word), "{strength:?}: {word}"));
        assert_eq!(simulation.world().actions().len(), 1);
        simulation.act(chaos(Chaos::Off)).expect("off is possible");
        assert_calm(&simulation, strength.word());
        let steps = simulation.world().steps();
        run(&mut simulation, Span::secs(10));
        assert_calm(&simulation, "it stays so");
        assert!(simulation.world().steps() > steps);
    }
}

#[test]
fn what_somebody_else_did_stays() {
    let mut simulation = begin(Config::default(), 11);
    simulation.act(chaos(Chaos::Hostile)).expect("it is a strength");
    // Whatever chaos does, it finds these, and leaves them.
    let [one, other] = [1, 2].map(|number| ServerId::new(number).expect("it is"));
    let settings = crate::channel::Settings { loss: 1_234, ..simulation.world().config().network };
    let mut kept = 0;
    for round in 0..40 {
        run(&mut simulation, Span::secs(1));
        simulation.act(Action::Network { settings }).expect("they are valid");
        let _ = simulation.act(Action::Cut { from: end(one), to: end(other) });
        if round % 2 == 1 {
            simulation.act(chaos(Chaos::Off)).expect("off is possible");
            assert_eq!(*simulation.world().channel().settings(), settings);
            kept += usize::from(simulation.world().channel().is_cut(end(one), end(other)));
            simulation.act(chaos(Chaos::Hostile)).expect("it is a strength");
        }
    }
    assert!(kept >= 15, "a cut that chaos had made first is its own; {kept} of 20 stayed");
}

/// A cluster of any size under any load and any chaos, switched now and then.
fn restless(seed: u64) -> Play {
    let mut rng = stream(seed, "restless");
    let servers = rng.random_range(1..=MAX_SERVERS);
    let config = Config {
        servers,
        spares: rng.random_range(0..=servers / 3),
        clients: rng.random_range(1..=MAX_CLIENTS),
        difficulty: rng.random_range(0..=6),
        opening_balance: rng.random_range(0..=200),
        ..Config::default()
    };
    let mut play = Play::new(begin(config, seed), false, None);
    for _ in 0..6 {
        let rate = LoadRate(rng.random_range(100..=40_000));
        assert!(play.act(Action::Load { rate }), "seed {seed}: {rate}");
        let strength = Chaos::ALL[rng.random_range(0..4_usize)];
        assert!(play.act(chaos(strength)));
        let until = play.now() + Span::ms(rng.random_range(1..=8_000));
        play.run_until(until).unwrap_or_else(|wrong| panic!("seed {seed}: {wrong}"));
    }
    play
}

/// Whatever is drawn, nothing is wrong, and once all is switched off everything goes right.
#[test]
fn restless_clusters_keep_their_promises_and_come_to_rest() {
    for seed in 0..24 {
        let mut play = restless(seed);
        assert!(play.act(chaos(Chaos::Off)));
        assert_calm(&play.simulation, &format!("seed {seed}"));
        play.make_peace().unwrap_or_else(|wrong| panic!("seed {seed}: {wrong}"));
    }
}

/// What is exported is what everybody else sees.
#[test]
fn a_restless_run_replays_to_the_byte() {
    for seed in 0..8 {
        let live = restless(seed).simulation;
        let run = Run::from_json(&live.to_run().to_json()).expect("what is exported can be read");
        let mut replay = run.replay().expect("it can begin");
        while !replay.advance(1000).unwrap_or_else(|error| panic!("seed {seed}: {error}")) {}
        let again = replay.into_simulation();
        assert_eq!(again.trace().last_id(), live.trace().last_id(), "seed {seed}");
        let digest = |simulation: &Simulation| {
            let mut digest = RunDigest::new();
            simulation.trace().iter().for_each(|event| digest.add(event));
            digest.finish()
        };
        assert_eq!(digest(&again), digest(&live), "seed {seed}");
    }
}

/// An hour in which everything happens, under load, and then rest.
#[test]
fn a_hostile_hour_under_load_ends_well() {
    let mut play = Play::new(begin(Config { servers: 3, ..Config::default() }, 1), false, None);
    assert!(play.act(load(2)) && play.act(chaos(Chaos::Hostile)));
    for minute in 1..=60 {
        let until = Time::ZERO + Span::secs(60 * minute);
        play.run_until(until).unwrap_or_else(|wrong| panic!("minute {minute}: {wrong}"));
    }
    let committed = |play: &Play| {
        let nodes = play.simulation.world().nodes();
        nodes.filter_map(|(_, node)| Some(node.server()?.applied().0)).max().unwrap_or(0)
    };
    assert!(committed(&play) > 1_000, "much was committed: {}", committed(&play));
    assert!(play.act(chaos(Chaos::Off)));
    assert_calm(&play.simulation, "after an hour");
    play.make_peace().unwrap_or_else(|wrong| panic!("{wrong}"));
}
