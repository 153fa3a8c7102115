//! Messages that somebody holds back or copies, in whole worlds.

use super::{ActError, Action, Config, Disks, Flight, Simulation};
use crate::base::{Endpoint, ServerId, Span, Time};
use crate::channel::{DELAY_LONGEST, DELAY_SHORTEST};
use crate::server::PacketKind;
use crate::trace::{MessageId, RunDigest, What};

/// A cluster of three that has run for two seconds, and its first heartbeat after that.
fn heartbeat(seed: u64) -> (Simulation, MessageId) {
    let config = Config { servers: 3, difficulty: 0, ..Config::default() };
    let mut simulation = Simulation::new(config, seed, Disks::default()).expect("it is valid");
    simulation.run_until(Time::ZERO + Span::secs(2));
    loop {
        let found = simulation.world().in_flight().find(|(_, flight)| {
            flight.packet.kind() == PacketKind::Heartbeat
                && matches!(flight.to, Endpoint::Server(_))
        });
        match found.map(|(message, _)| message) {
            Some(message) => return (simulation, message),
            None => assert!(simulation.step(), "a leader sends heartbeats"),
        }
    }
}

fn flight(simulation: &Simulation, message: MessageId) -> Flight {
    simulation.world().flight(message).expect("it is on its way").clone()
}

/// When a message arrived, each time that it did.
fn arrivals(simulation: &Simulation, message: MessageId) -> Vec<Time> {
    let arrived = simulation.trace().iter().filter(
        |event| matches!(&event.what, What::Arrived(passage) if passage.message == message),
    );
    arrived.map(|event| event.at).collect()
}

fn pass(simulation: &mut Simulation, span: Span) {
    simulation.run_until(simulation.world().now() + span);
}

fn counted(simulation: &Simulation) {
    let world = simulation.world();
    assert_eq!(world.channel().counters().in_flight(), world.in_flight().count() as u64);
}

#[test]
fn a_message_that_is_held_back_arrives_once_and_so_much_later() {
    let (mut simulation, message) = heartbeat(1);
    let due = flight(&simulation, message).arrives_at;
    for by in [Span::ms(30), Span::ms(200)] {
        simulation.act(Action::Delay { message, by }).expect("it is on its way");
    }
    assert_eq!(flight(&simulation, message).arrives_at, due + Span::ms(230));
    pass(&mut simulation, Span::secs(2));
    assert_eq!(arrivals(&simulation, message), [due + Span::ms(230)]);
    counted(&simulation);
}

#[test]
fn a_copy_leaves_now_and_takes_as_long_as_its_message() {
    let (mut simulation, message) = heartbeat(2);
    let original = flight(&simulation, message);
    simulation.act(Action::Duplicate { message }).expect("it is on its way");
    let (copy, flight) = simulation.world().in_flight().last().expect("the copy");
    assert_eq!((flight.from, flight.to), (original.from, original.to));
    let now = simulation.world().now();
    let arrives_at = now + original.arrives_at.since(original.sent_at);
    assert_eq!((flight.sent_at, flight.arrives_at), (now, arrives_at));
    counted(&simulation);
    simulation.act(Action::Duplicate { message: copy }).expect("a copy can be copied");
    simulation.act(Action::Drop { message }).expect("it is on its way");
    pass(&mut simulation, Span::secs(1));
    assert_eq!(arrivals(&simulation, message), []);
    assert_eq!(arrivals(&simulation, copy), [arrives_at]);
    counted(&simulation);
    assert_eq!(simulation.judges().violations().next(), None);
}

#[test]
fn what_is_gone_or_never_was_is_told_apart() {
    let (mut simulation, message) = heartbeat(3);
    simulation.act(Action::Drop { message }).expect("it is on its way");
    let unsent = MessageId(1_000_000);
    for action in [
        |message| Action::Drop { message },
        |message| Action::Delay { message, by: Span::ms(1) },
        |message| Action::Duplicate { message },
    ] {
        assert_eq!(simulation.act(action(message)), Err(ActError::Gone(message)));
        assert_eq!(simulation.act(action(unsent)), Err(ActError::NoMessage(unsent)));
        assert_eq!(simulation.act(action(MessageId(0))), Err(ActError::NoMessage(MessageId(0))));
    }
}

#[test]
fn a_delay_has_bounds() {
    let (mut simulation, message) = heartbeat(4);
    for by in [Span::ZERO, DELAY_SHORTEST - Span::us(1), DELAY_LONGEST + Span::us(1)] {
        let refused = simulation.act(Action::Delay { message, by });
        assert_eq!(refused, Err(ActError::Delay(by)));
    }
    for by in [DELAY_SHORTEST, DELAY_LONGEST] {
        simulation.act(Action::Delay { message, by }).expect("it is within the bounds");
    }
}

#[test]
fn what_waits_before_a_server_that_stands_still_cannot_be_held_back() {
    let (mut simulation, message) = heartbeat(5);
    let Endpoint::Server(server) = flight(&simulation, message).to else { unreachable!() };
    simulation.act(Action::Pause { server }).expect("it is up");
    let delay = Action::Delay { message, by: Span::ms(100) };
    simulation.act(delay.clone()).expect("it is still on its way");
    pass(&mut simulation, Span::secs(1));
    assert_eq!(simulation.act(delay), Err(ActError::Waits(message, server)));
    simulation.act(Action::Duplicate { message }).expect("it may be copied");
    simulation.act(Action::Resume { server }).expect("it stands still");
    pass(&mut simulation, Span::secs(1));
    assert_eq!(arrivals(&simulation, message).len(), 1);
    counted(&simulation);
}

/// Once the server goes on, what waited is due now, though it should have come long ago.
#[test]
fn what_has_just_been_let_go_of_can_be_held_back_from_now_on() {
    let (mut simulation, message) = heartbeat(6);
    let Endpoint::Server(server) = flight(&simulation, message).to else { unreachable!() };
    simulation.act(Action::Pause { server }).expect("it is up");
    pass(&mut simulation, Span::secs(1));
    simulation.act(Action::Resume { server }).expect("it stands still");
    simulation.act(Action::Delay { message, by: Span::ms(10) }).expect("nothing keeps it");
    let due = simulation.world().now() + Span::ms(10);
    pass(&mut simulation, Span::secs(1));
    assert_eq!(arrivals(&simulation, message), [due]);
    counted(&simulation);
}

#[test]
fn what_is_done_by_hand_replays_to_the_same_events() {
    let (mut simulation, _) = heartbeat(7);
    for round in 0..60_u64 {
        pass(&mut simulation, Span::ms(7 + round));
        let Some((message, _)) = simulation.world().in_flight().last() else { continue };
        let server = ServerId::new(1 + (round % 3) as u8).expect("a server's number");
        let action = match round % 5 {
            0 => Action::Delay { message, by: Span::ms(3 * round + 1) },
            1 | 2 => Action::Duplicate { message },
            3 => Action::Pause { server },
            _ => Action::Drop { message },
        };
        let paused = matches!(action, Action::Pause { .. });
        let _ = simulation.act(action);
        if paused {
            pass(&mut simulation, Span::ms(40));
            let _ = simulation.act(Action::Duplicate { message });
            let _ = simulation.act(Action::Delay { message, by: Span::ms(50) });
            simulation.act(Action::Resume { server }).expect("it stands still");
            let _ = simulation.act(Action::Delay { message, by: Span::ms(50) });
        }
    }
    pass(&mut simulation, Span::secs(5));
    let mut replay = simulation.to_run().replay().expect("it can begin");
    while !replay.advance(100).expect("every action is possible again") {}
    let digest = |simulation: &Simulation| {
        let mut digest = RunDigest::new();
        simulation.trace().iter().for_each(|event| digest.add(event));
        digest.finish()
    };
    assert_eq!(digest(&replay.into_simulation()), digest(&simulation));
    assert_eq!(simulation.judges().violations().next(), None);
    counted(&simulation);
}
