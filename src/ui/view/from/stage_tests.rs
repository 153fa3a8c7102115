//! What the picture and the hand say of a short run.

use super::*;
use crate::base::{Endpoint, Span};
use crate::channel::LinkSettings;
use crate::sim::{Action, Config, Disks};
use crate::trace::MessageId;
use crate::ui::view::geometry::{Form, Point};
use crate::ui::view::hand::{Hand, Hands, Held};
use crate::ui::view::links;
use crate::ui::view::motion::{Dial, Manner, MarkKind};
use expect_test::{Expect, expect};

fn server(number: u8) -> ServerId {
    ServerId::new(number).expect("a number of a server")
}

fn simulation(servers: u8) -> Simulation {
    let config = Config { servers, clients: 2, ..Config::default() };
    Simulation::new(config, 42, Disks::default()).expect("the settings are valid")
}

fn stage(simulation: &Simulation) -> Stage {
    Stage::of(simulation.world(), &Watch::default())
}

fn pass(simulation: &mut Simulation, ms: u64) {
    simulation.run_until(simulation.world().now() + Span::ms(ms));
}

/// Steps until something is so.
fn step_until(simulation: &mut Simulation, is_so: impl Fn(&Simulation) -> bool) {
    for _ in 0..100_000 {
        if is_so(simulation) {
            return;
        }
        assert!(simulation.step());
    }
    panic!("it never came to be so");
}

/// Steps until a message of a kind is on its way.
fn until_flies(simulation: &mut Simulation, kind: &str) -> MessageId {
    let found = |simulation: &Simulation| {
        let mut flights = simulation.world().in_flight();
        flights.find(|(_, flight)| flight.packet.kind().name() == kind).map(|(id, _)| id)
    };
    step_until(simulation, |simulation| found(simulation).is_some());
    found(simulation).expect("it was just seen")
}

fn hand(simulation: &Simulation, message: MessageId) -> Hand {
    let at = Point { x: 160.0, y: 145.0 };
    let held = Held { message, kept: true, at, gone_since: None };
    Hands::of(simulation, Some(&held), &stage(simulation)).hand.expect("it is held")
}

fn check_hand(simulation: &Simulation, message: MessageId, expected: Expect) {
    let hand = hand(simulation, message);
    let facts = hand.facts.iter().map(|(name, value)| format!("  {name}: {value}\n"));
    let text =
        format!("{}, {}\n{}  {}\n", hand.name, hand.way, facts.collect::<String>(), hand.fate);
    expected.assert_eq(&text);
}

#[test]
fn a_message_in_hand_says_what_it_is_and_what_becomes_of_it() {
    let mut simulation = simulation(3);
    let message = until_flies(&mut simulation, "append");
    check_hand(
        &simulation,
        message,
        expect![[r#"
        append m17, S2 to S3
          term: 1
          after: height 0, term 0
          blocks: height 1
          commit: 0
          Arrives in 10.7 ms, at 0.452 s.
    "#]],
    );
    let hand = hand(&simulation, message);
    assert_eq!((hand.place, hand.flies, hand.by), ((0.25, 0.25), true, Span::ms(100)));
    simulation.act(Action::Delay { message, by: Span::ms(100) }).expect("it is on its way");
    check_hand(
        &simulation,
        message,
        expect![[r#"
        append m17, S2 to S3
          term: 1
          after: height 0, term 0
          blocks: height 1
          commit: 0
          Arrives in 110 ms, at 0.552 s.
    "#]],
    );
    let flight = simulation.world().flight(message).expect("it is on its way").clone();
    simulation.act(Action::Cut { from: flight.from, to: flight.to }).expect("there is a link");
    check_hand(
        &simulation,
        message,
        expect![[r#"
        append m17, S2 to S3
          term: 1
          after: height 0, term 0
          blocks: height 1
          commit: 0
          Will be lost in 110 ms: the link is cut.
    "#]],
    );
    simulation.act(Action::Heal).expect("it can always be healed");
    pass(&mut simulation, 200);
    check_hand(
        &simulation,
        message,
        expect![[r#"
        append m17, S2 to S3
          term: 1
          after: height 0, term 0
          blocks: height 1
          commit: 0
          Arrived at 0.552 s.
    "#]],
    );
    let message = until_flies(&mut simulation, "heartbeat");
    simulation.act(Action::Drop { message }).expect("it is on its way");
    check_hand(
        &simulation,
        message,
        expect![[r#"
        heartbeat m39, S2 to S1
          term: 1
          after: height 1, term 1
          blocks: none: a heartbeat
          commit: 1
          Dropped at 0.660 s: removed by hand.
    "#]],
    );
    check_hand(
        &simulation,
        MessageId(1_000_000),
        expect![[r#"
        message m1000000, 
          It is on its way no more.
    "#]],
    );
}

#[test]
fn neighbours_follow_in_the_order_of_arrival_and_go_round() {
    let mut simulation = simulation(5);
    until_flies(&mut simulation, "vote request");
    let world = simulation.world();
    let count = world.in_flight().count();
    assert!(count > 2, "{count}");
    let mut held = None;
    let mut arrivals = Vec::new();
    for _ in 0..count {
        held = neighbour(world, held, true);
        arrivals.push(world.flight(held.expect("some are on their way")).expect("one").arrives_at);
    }
    assert!(arrivals.is_sorted(), "{arrivals:?}");
    let last = held;
    assert_eq!(neighbour(world, None, false), last);
    let first = neighbour(world, last, true);
    assert_eq!((neighbour(world, None, true), neighbour(world, first, false)), (first, last));
}

#[test]
fn a_place_finds_the_nearest_mark_within_reach() {
    let mut simulation = simulation(3);
    let message = until_flies(&mut simulation, "heartbeat");
    pass(&mut simulation, 3);
    let stage = stage(&simulation);
    let motion = Motion::of(&simulation, &stage);
    let at = motion.mark(message).expect("it is drawn").at;
    let beside = Point { x: at.x + 5.0, y: at.y };
    assert_eq!(motion.nearest(beside, 11.0).map(|mark| mark.message), Some(message));
    assert_eq!(motion.nearest(beside, 4.0), None);
    simulation.act(Action::Drop { message }).expect("it is on its way");
    let motion = Motion::of(&simulation, &stage);
    let cross = motion.marks.last().expect("a cross");
    assert_eq!((cross.kind, cross.message), (MarkKind::Lost, message));
    assert!(cross.at.distance(at) < 60.0, "about where it was: {at:?}, {:?}", cross.at);
    assert_eq!((motion.mark(message), motion.nearest(cross.at, 3.0)), (None, None));
}

#[test]
fn votes_are_counted_as_they_come() {
    let mut simulation = simulation(3);
    let councils = |simulation: &Simulation| {
        let stage = stage(simulation);
        let lines = stage.servers.iter().filter_map(|node| {
            let council = node.councils.first()?;
            Some(format!("{} {}: {:?}", node.id, node.votes()?, council.votes))
        });
        lines.collect::<Vec<_>>().join("\n")
    };
    let mut seen = Vec::new();
    for _ in 0..2000 {
        let now = councils(&simulation);
        if seen.last() != Some(&now) {
            seen.push(now);
        }
        if leader(simulation.world()).is_some() {
            break;
        }
        assert!(simulation.step());
    }
    expect![[r#"

        S2 1 of 2 pre-votes: [None, Some(true), None]
        S2 0 of 2 votes: [None, None, None]
        S2 1 of 2 votes: [None, Some(true), None]
        S1 1 of 2 pre-votes: [Some(true), None, None]
        S2 1 of 2 votes: [None, Some(true), None]
        S2 1 of 2 votes: [None, Some(true), None]
    "#]]
    .assert_eq(&seen.join("\n"));
}

#[test]
fn while_the_membership_changes_two_councils_decide() {
    let config = Config { servers: 5, spares: 2, clients: 1, ..Config::default() };
    let mut simulation = Simulation::new(config, 4, Disks::default()).expect("it is valid");
    pass(&mut simulation, 2000);
    let membership = crate::base::Membership::of(ServerId::first(5));
    simulation.act(Action::Members { membership }).expect("somebody leads");
    let is_joint = |simulation: &Simulation| {
        simulation.world().nodes().any(|(_, node)| {
            node.server().is_some_and(|server| {
                server.raft().membership().is_joint() && server.raft().role() == Role::Follower
            })
        })
    };
    step_until(&mut simulation, is_joint);
    let follower = simulation.world().nodes().find(|(_, node)| {
        node.server().is_some_and(|server| {
            server.raft().membership().is_joint() && server.raft().role() == Role::Follower
        })
    });
    let server = follower.expect("it was just seen").0;
    simulation.act(Action::Isolate { server }).expect("it is there");
    simulation.act(Action::Nudge { server }).expect("it is up");
    let stage = stage(&simulation);
    let node = stage.servers.iter().find(|node| node.id == server).expect("it is there");
    assert_eq!(node.councils.len(), 2, "{node:?}");
}

#[test]
fn disks_tell_what_is_not_synced_and_work_its_attempts() {
    let mut simulation = simulation(3);
    let unsynced = |simulation: &Simulation| {
        let motion = Motion::of(simulation, &stage(simulation));
        motion.disks.iter().map(|disk| disk.unsynced).sum::<usize>()
    };
    step_until(&mut simulation, |simulation| unsynced(simulation) > 0);
    step_until(&mut simulation, |simulation| unsynced(simulation) == 0);
    let motion = Motion::of(&simulation, &stage(&simulation));
    assert!(motion.disks.iter().any(|disk| disk.pulse < 1.0), "{:?}", motion.disks);
    let mines =
        |simulation: &Simulation| simulation.world().leaders().any(|it| it.mining().is_some());
    step_until(&mut simulation, mines);
    simulation.run_until(simulation.world().now() + Span::us(1500));
    let motion = Motion::of(&simulation, &stage(&simulation));
    let attempts = motion.dials.iter().find_map(|dial| match dial {
        Dial::Mining(attempts, _) => Some(*attempts),
        _ => None,
    });
    assert!(attempts.is_some_and(|attempts| attempts > 0), "{:?}", motion.dials);
}

#[test]
fn answers_that_say_no_are_drawn_so() {
    let mut simulation = simulation(5);
    let mut seen = std::collections::BTreeSet::new();
    for second in 0..20 {
        if second == 3 {
            let at = leader(simulation.world()).expect("somebody leads").id();
            let others = stage(&simulation).servers.iter().map(|node| node.id).find(|id| *id != at);
            simulation.act(Action::Nudge { server: others.expect("there are others") }).unwrap();
        }
        for _ in 0..200 {
            pass(&mut simulation, 5);
            let motion = Motion::of(&simulation, &stage(&simulation));
            seen.extend(motion.marks.iter().map(|mark| (mark.kind, mark.manner)));
        }
    }
    for look in [
        (MarkKind::Vote, Manner::Request),
        (MarkKind::Vote, Manner::Reply),
        (MarkKind::Vote, Manner::Refusal),
        (MarkKind::Append, Manner::Request),
        (MarkKind::Append, Manner::Reply),
    ] {
        assert!(seen.contains(&look), "{look:?} in {seen:?}");
    }
}

#[test]
fn keys_move_a_server_from_ground_to_ground() {
    let mut simulation = simulation(3);
    let alone = stage(&simulation).move_server(server(1), None).expect("it stood with others");
    assert_eq!(alone.to_string(), "S1;S2-S3");
    simulation.act(Action::Partition { groups: alone }).expect("they fit");
    let stage = stage(&simulation);
    assert_eq!(stage.move_server(server(1), None), None, "it stands alone already");
    assert_eq!(stage.next_ground(server(1), true), Some(server(2)));
    assert_eq!(stage.next_ground(server(3), false), Some(server(1)));
    let joined = stage.move_server(server(3), Some(server(1))).expect("it stood elsewhere");
    assert_eq!(joined.to_string(), "S1-S3;S2");
}

#[test]
fn no_label_of_a_ground_lies_under_a_server() {
    for servers in 3..=9 {
        let mut simulation = simulation(servers);
        for size in 1..servers {
            let name = |numbers: std::ops::RangeInclusive<u8>| {
                numbers.map(|number| server(number).to_string()).collect::<Vec<_>>().join("-")
            };
            let groups = format!("{};{}", name(1..=size), name(size + 1..=servers));
            let groups = groups.parse().expect("groups");
            simulation.act(Action::Partition { groups }).expect("the groups fit");
            for form in [Form::Wide, Form::Narrow] {
                let stage = Stage::of(simulation.world(), &Watch { form, ..Watch::default() });
                for ground in stage.grounds.iter().filter(|ground| !ground.label.is_empty()) {
                    let half = 3.1 * ground.label.len() as f64;
                    assert!(
                        ground.label_at.y > 5.0,
                        "{servers} {size} {form:?}: below the sentence"
                    );
                    for node in &stage.servers {
                        let at = stage.layout.server(node.id);
                        let apart = (
                            (at.x - ground.label_at.x).abs() - half - stage.layout.measures.server,
                            (at.y - ground.label_at.y).abs() - 5.0 - stage.layout.measures.server,
                        );
                        let is_clear = apart.0 > 0.0 || apart.1 > 0.0;
                        assert!(is_clear, "{servers} {size} {form:?} {} {}", ground.label, node.id);
                    }
                }
            }
        }
    }
}

#[test]
fn the_matrix_of_links_tells_state_delay_and_loss() {
    let mut simulation = simulation(3);
    let ends = |number| Endpoint::Server(server(number));
    let own = LinkSettings { delay_min: Span::ms(200), delay_max: Span::ms(500), loss: 100_000 };
    simulation.act(Action::Partition { groups: "S1-S2;S3".parse().unwrap() }).unwrap();
    simulation.act(Action::Cut { from: ends(1), to: ends(2) }).unwrap();
    let link = Action::Link { from: ends(2), to: ends(1), settings: Some(own) };
    simulation.act(link).unwrap();
    let links = links_of(simulation.world(), &links::Watch::default());
    let mut text = String::new();
    for row in 0..=links.ends.len() {
        for column in 0..=links.ends.len() {
            if links.is_place((row, column)) {
                text += &format!("{}\n", links.name((row, column)));
            }
        }
    }
    expect![[r#"
        Cut all to S1
        Cut all to S2
        Cut all to S3
        Cut all to Alice
        Cut all to Bob
        Cut all from S1
        S1 to S2: cut, 10–30 ms, loss 0%
        S1 to S3: apart, 10–30 ms, loss 0%
        S1 to Alice: up, 10–30 ms, loss 0%
        S1 to Bob: up, 10–30 ms, loss 0%
        Cut all from S2
        S2 to S1: up, 200–500 ms, loss 10%, its own settings
        S2 to S3: apart, 10–30 ms, loss 0%
        S2 to Alice: up, 10–30 ms, loss 0%
        S2 to Bob: up, 10–30 ms, loss 0%
        Cut all from S3
        S3 to S1: apart, 10–30 ms, loss 0%
        S3 to S2: apart, 10–30 ms, loss 0%
        S3 to Alice: up, 10–30 ms, loss 0%
        S3 to Bob: up, 10–30 ms, loss 0%
        Cut all from Alice
        Alice to S1: up, 10–30 ms, loss 0%
        Alice to S2: up, 10–30 ms, loss 0%
        Alice to S3: up, 10–30 ms, loss 0%
        Cut all from Bob
        Bob to S1: up, 10–30 ms, loss 0%
        Bob to S2: up, 10–30 ms, loss 0%
        Bob to S3: up, 10–30 ms, loss 0%
    "#]]
    .assert_eq(&text);
    let crowd = Config { servers: 9, ..Config::default() };
    let crowd = Simulation::new(crowd, 1, Disks::default()).expect("it is valid");
    let links = links_of(crowd.world(), &links::Watch { chosen: Some((4, 4)) });
    assert_eq!((links.ends.len(), links.chosen), (9, (1, 2)), "nobody has a link to himself");
}
