//! Machines that stand still, clocks that drift and blocks that are altered, in whole worlds.

use super::pause::MAX_WAITING;
use super::{ActError, Action, Config, Disks, RATE_FASTEST, RATE_SLOWEST, Simulation};
use crate::bank::Operation;
use crate::base::{AccountId, ClientId, Endpoint, ServerId, Span, Time};
use crate::channel::{DropReason, LinkSettings};
use crate::server::Fact;
use crate::trace::{RunDigest, What};

fn server(number: u8) -> ServerId {
    ServerId::new(number).expect("a server's number")
}

/// A cluster of three that has run for two seconds.
fn cluster(seed: u64) -> Simulation {
    let config = Config { servers: 3, difficulty: 0, ..Config::default() };
    let mut simulation = Simulation::new(config, seed, Disks::default()).expect("it is valid");
    simulation.run_until(Time::ZERO + Span::secs(2));
    simulation
}

fn leader(simulation: &Simulation) -> ServerId {
    let leaders = simulation.world().nodes().filter_map(|(id, node)| {
        let raft = node.server()?.raft();
        (raft.role() == crate::raft::Role::Leader).then_some((raft.term(), id))
    });
    leaders.max().expect("somebody leads after two calm seconds").1
}

fn run(simulation: &mut Simulation, span: Span) {
    simulation.run_until(simulation.world().now() + span);
}

fn pay(simulation: &mut Simulation) {
    let client = ClientId::new(1).expect("Alice");
    let to = AccountId::new(2).expect("Bob");
    let operation = Operation::Transfer { to, amount: 1 };
    simulation.act(Action::Submit { client, operation, via: None }).expect("she may ask");
}

fn well(simulation: &Simulation) {
    assert_eq!(simulation.judges().violations().next(), None);
    let world = simulation.world();
    assert!(world.clients().all(|client| client.unanswered() == 0), "everything is answered");
    let tips = world.nodes().map(|(_, node)| node.server().expect("all are up").tip().hash());
    assert_eq!(tips.collect::<crate::base::Set<_>>().len(), 1, "all logs agree");
    let counted = world.channel().counters().in_flight();
    assert_eq!(counted, world.in_flight().count() as u64, "no message is forgotten");
}

#[test]
fn a_server_that_stands_still_does_nothing_and_goes_on_with_what_waited() {
    let mut simulation = cluster(1);
    let paused = leader(&simulation);
    simulation.act(Action::Pause { server: paused }).expect("it is up");
    let at = simulation.trace().last_id();
    pay(&mut simulation);
    run(&mut simulation, Span::secs(20));
    let did = simulation.trace().after(at).find(|event| event.what.server() == Some(paused));
    assert!(did.is_none(), "{did:?}");
    assert_ne!(leader(&simulation), paused);
    let action = Action::Nudge { server: paused };
    assert_eq!(simulation.act(action), Err(ActError::IsPaused(paused)));
    simulation.act(Action::Resume { server: paused }).expect("it stands still");
    let action = Action::Resume { server: paused };
    assert_eq!(simulation.act(action), Err(ActError::IsNotPaused(paused)));
    run(&mut simulation, Span::secs(5));
    well(&simulation);
}

#[test]
fn timers_that_ran_out_while_all_stood_still_run_out_when_they_go_on() {
    let mut simulation = cluster(7);
    let servers: Vec<_> = simulation.world().config().server_ids().collect();
    let crashed = leader(&simulation);
    simulation.act(Action::Crash { server: crashed }).expect("it is up");
    let others: Vec<_> = servers.into_iter().filter(|server| *server != crashed).collect();
    for server in &others {
        simulation.act(Action::Pause { server: *server }).expect("it is up");
    }
    run(&mut simulation, Span::secs(5));
    for server in &others {
        simulation.act(Action::Resume { server: *server }).expect("it stands still");
    }
    run(&mut simulation, Span::secs(5));
    assert_ne!(leader(&simulation), crashed);
}

#[test]
fn what_waits_is_bounded_and_a_crash_lets_go_of_it() {
    let mut simulation = cluster(2);
    let paused = server(if leader(&simulation) == server(1) { 2 } else { 1 });
    simulation.act(Action::Pause { server: paused }).expect("it is up");
    run(&mut simulation, Span::secs(60));
    let counters = simulation.world().channel().counters();
    assert!(counters.dropped_for(DropReason::Backlog) > 0, "{counters:?}");
    let waiting = |simulation: &Simulation| {
        let now = simulation.world().now();
        simulation.world().in_flight().filter(|(_, flight)| flight.arrives_at < now).count()
    };
    assert!((MAX_WAITING - 2..=MAX_WAITING).contains(&waiting(&simulation)));
    simulation.act(Action::Crash { server: paused }).expect("a process that stands still dies too");
    run(&mut simulation, Span::secs(1));
    assert_eq!(waiting(&simulation), 0);
    simulation.act(Action::Restart { server: paused }).expect("it is down");
    run(&mut simulation, Span::secs(5));
    well(&simulation);
}

#[test]
fn the_end_of_a_sync_waits_too() {
    let mut simulation = cluster(3);
    let paused = leader(&simulation);
    pay(&mut simulation);
    while simulation.world().node(paused).expect("it is there").syncing.is_none() {
        assert!(simulation.step());
    }
    simulation.act(Action::Pause { server: paused }).expect("it is up");
    run(&mut simulation, Span::secs(5));
    let node = simulation.world().node(paused).expect("it is there");
    assert!(node.syncing.is_some(), "nobody has told it of the end");
    simulation.act(Action::Resume { server: paused }).expect("it stands still");
    run(&mut simulation, Span::secs(5));
    well(&simulation);
}

/// A replay looks at other moments at what is due next than the run that it repeats.
#[test]
fn looking_at_what_comes_next_changes_nothing() {
    let play = |look: fn(&mut Simulation)| {
        let mut simulation = cluster(5);
        let servers = [1, 2, 3].map(server);
        for round in 0..60 {
            pay(&mut simulation);
            let server = servers[round % servers.len()];
            for action in [Action::Pause { server }, Action::Resume { server }] {
                look(&mut simulation);
                simulation.act(action).unwrap();
                look(&mut simulation);
            }
            simulation.act(Action::Pause { server }).unwrap();
            look(&mut simulation);
            run(&mut simulation, Span::us(1_500 * round as u64));
            look(&mut simulation);
            simulation.act(Action::Resume { server }).unwrap();
            run(&mut simulation, Span::ms(7));
        }
        (simulation.world().steps(), lines(&simulation))
    };
    let looked_at = play(|simulation| {
        let world = simulation.world_mut();
        let next = world.next_due();
        assert_eq!(world.next_due(), next);
        world.next_sync();
    });
    assert!(play(|_| {}) == looked_at);
}

fn lines(simulation: &Simulation) -> Vec<String> {
    simulation.trace().iter().map(ToString::to_string).collect()
}

#[test]
fn a_server_knows_its_own_clock_alone() {
    for rate in [RATE_SLOWEST, 999_000, 1_050_000, RATE_FASTEST] {
        let mut simulation = cluster(4);
        let drifting = leader(&simulation);
        let action = |rate| Action::Clock { server: drifting, rate };
        let refused = simulation.act(action(RATE_SLOWEST - 1));
        assert_eq!(refused, Err(ActError::Clock(RATE_SLOWEST - 1)));
        simulation.act(action(rate)).expect("a clock may run so");
        pay(&mut simulation);
        run(&mut simulation, Span::secs(10));
        let shown = simulation.world().local_time(drifting);
        assert_eq!(shown, Time::ZERO + Span::secs(2) + Span(10 * u64::from(rate)));
        simulation.act(Action::Crash { server: drifting }).expect("it is up");
        run(&mut simulation, Span::secs(1));
        simulation.act(Action::Restart { server: drifting }).expect("it is down");
        assert_eq!(simulation.world().local_time(drifting).since(shown), Span(u64::from(rate)));
        run(&mut simulation, Span::secs(10));
        well(&simulation);
    }
}

#[test]
fn an_altered_block_is_refused_even_where_no_work_is_asked_for() {
    let mut simulation = cluster(5);
    let from = leader(&simulation);
    let to = server(if from == server(1) { 2 } else { 1 });
    simulation.act(Action::Tamper { from, to }).expect("there is such a link");
    pay(&mut simulation);
    run(&mut simulation, Span::secs(5));
    let altered =
        |what: &What| matches!(what, What::Tampered(passage) if passage.to == Endpoint::Server(to));
    let refused =
        |what: &What| matches!(what, What::Server(id, Fact::BlockRefused { .. }) if *id == to);
    let events: Vec<_> = simulation.trace().iter().collect();
    let first = events.iter().position(|event| altered(&event.what)).expect("it was altered");
    assert_eq!(events.iter().filter(|event| altered(&event.what)).count(), 1);
    assert!(events[first..].iter().any(|event| refused(&event.what)));
    well(&simulation);
}

#[test]
fn every_fault_replays_to_the_same_events() {
    let mut simulation = cluster(6);
    let clogged =
        LinkSettings { delay_min: Span::ms(200), delay_max: Span::ms(500), loss: 300_000 };
    let (one, two, three) = (server(1), server(2), server(3));
    let actions = [
        Action::Clock { server: one, rate: 1_200_000 },
        Action::Link {
            from: Endpoint::Server(one),
            to: Endpoint::Server(two),
            settings: Some(clogged),
        },
        Action::Pause { server: two },
        Action::Tamper { from: one, to: three },
        Action::Clock { server: one, rate: 700_000 },
        Action::Resume { server: two },
        Action::Link { from: Endpoint::Server(one), to: Endpoint::Server(two), settings: None },
    ];
    for action in actions {
        pay(&mut simulation);
        run(&mut simulation, Span::ms(700));
        simulation.act(action).expect("it is possible");
    }
    run(&mut simulation, Span::secs(10));
    let mut replay = simulation.to_run().replay().expect("it can begin");
    while !replay.advance(100).expect("every action is possible again") {}
    let digest = |simulation: &Simulation| {
        let mut digest = RunDigest::new();
        simulation.trace().iter().for_each(|event| digest.add(event));
        digest.finish()
    };
    assert_eq!(digest(&replay.into_simulation()), digest(&simulation));
    well(&simulation);
}

/// What one server may keep at the default settings. Nine of them stay below a sixth of the five
/// megabytes that browsers grant a page.
const DISK_BUDGET: u64 = 80_000;

#[test]
fn a_disk_stays_within_its_budget_however_long_the_chain_grows() {
    let config = Config { servers: 3, difficulty: 0, ..Config::default() };
    let mut simulation = Simulation::new(config, 7, Disks::default()).expect("it is valid");
    run(&mut simulation, Span::secs(2));
    let away = ServerId::first(3).find(|id| *id != leader(&simulation)).expect("there are others");
    let used = |simulation: &Simulation| {
        let nodes = simulation.world().nodes();
        nodes.map(|(_, node)| node.disk().used()).collect::<Vec<_>>()
    };
    let (mut most, mut height) = (0, 0);
    for round in 0..1500 {
        for client in ClientId::first(3) {
            let to = AccountId::new(2).expect("Bob");
            let operation = Operation::Transfer { to, amount: 1 };
            simulation.act(Action::Submit { client, operation, via: None }).expect("they may ask");
        }
        // A server that is away must not keep the others from forgetting.
        match round {
            500 => simulation.act(Action::Crash { server: away }).expect("it is up"),
            1000 => simulation.act(Action::Restart { server: away }).expect("it is down"),
            _ => {}
        }
        run(&mut simulation, Span::ms(150));
        most = most.max(used(&simulation).into_iter().max().expect("there are disks"));
        let servers = simulation.world().nodes().filter_map(|(_, node)| node.server());
        height = servers.map(|server| server.applied().0).max().expect("one is up");
    }
    assert!(height > 1000, "the chain has {height} blocks");
    assert!(most < DISK_BUDGET, "a disk held {most} bytes");
    assert!(most > DISK_BUDGET / 2, "the budget is not idle: {most} bytes");
    run(&mut simulation, Span::secs(5));
    well(&simulation);
}
