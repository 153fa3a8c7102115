//! Tests of the channel as a whole.

use super::*;
use crate::base::random::stream;
use crate::base::{ClientId, Set};
use proptest::prelude::*;

const NOW: Time = Time(1_000_000);

fn end(name: &str) -> Endpoint {
    name.parse().unwrap()
}

fn groups(text: &str) -> Groups {
    Groups::parse(text, ServerId::first(5), ClientId::first(3)).unwrap()
}

/// Whether a message from one to the other survives at both ends of the link.
fn reaches(channel: &Channel, from: &str, to: &str) -> Result<(), DropReason> {
    channel.passes(end(from), end(to))
}

#[test]
fn a_message_arrives_within_the_delays() {
    let mut channel = Channel::new(Settings::default());
    let mut rng = stream(1, "channel");
    let mut arrivals = Set::new();
    for _ in 0..10_000 {
        match channel.send(end("S1"), end("S2"), NOW, &mut rng) {
            Fate::Arrives { first: Arrival { at, corrupted: false }, again: None } => {
                arrivals.insert(at.since(NOW))
            }
            fate => panic!("nothing is lost or duplicated here, but {fate:?}"),
        };
    }
    let (first, last) = (*arrivals.first().unwrap(), *arrivals.last().unwrap());
    assert!(first >= Span::ms(10) && first < Span::us(10_100), "{first}");
    assert!(last <= Span::ms(30) && last > Span::us(29_900), "{last}");
}

#[test]
fn a_fixed_delay_is_kept_exactly() {
    let fixed = Settings { delay_min: Span::ms(7), delay_max: Span::ms(7), ..Default::default() };
    let mut channel = Channel::new(fixed);
    let fate = channel.send(end("S1"), end("Bob"), NOW, &mut stream(1, "channel"));
    assert_eq!(
        fate,
        Fate::Arrives { first: Arrival { at: NOW + Span::ms(7), corrupted: false }, again: None }
    );
}

#[test]
fn rates_are_about_what_was_set() {
    let settings = Settings { loss: 200_000, duplication: 500_000, ..Default::default() };
    let mut channel = Channel::new(settings);
    let mut rng = stream(2, "channel");
    for _ in 0..10_000 {
        channel.send(end("S1"), end("S2"), NOW, &mut rng);
    }
    let counters = channel.counters();
    let lost = counters.dropped_for(DropReason::Loss);
    assert!((1_800..2_200).contains(&lost), "{lost}");
    assert!((3_700..4_300).contains(&counters.duplicated), "{}", counters.duplicated);
    assert_eq!(counters.in_flight(), 10_000 - lost + counters.duplicated);
}

#[test]
fn a_message_and_its_copy_are_corrupted_independently_and_whatever_else_happens() {
    let half =
        Settings { loss: 500_000, duplication: 500_000, corruption: 500_000, ..Default::default() };
    let mut channel = Channel::new(half);
    let mut rng = stream(7, "channel");
    let mut counted = crate::base::Map::new();
    for _ in 0..16_000 {
        if let Fate::Arrives { first, again } = channel.send(end("S1"), end("S2"), NOW, &mut rng) {
            *counted.entry((first.corrupted, again.map(|it| it.corrupted))).or_insert(0) += 1;
        }
    }
    for first in [false, true] {
        assert!((1_800..2_200).contains(&counted[&(first, None)]), "{counted:?}");
        for again in [false, true] {
            assert!((850..1_150).contains(&counted[&(first, Some(again))]), "{counted:?}");
        }
    }
}

#[test]
fn a_link_of_its_own_is_slow_in_one_direction_until_the_network_heals() {
    let mut channel = Channel::new(Settings::default());
    let mut rng = stream(8, "channel");
    let slow =
        LinkSettings { delay_min: Span::ms(500), delay_max: Span::ms(500), loss: RATE_HIGHEST };
    channel.set_link(end("S1"), end("S2"), Some(slow));
    let mut lost = 0;
    for _ in 0..1000 {
        match channel.send(end("S1"), end("S2"), NOW, &mut rng) {
            Fate::Arrives { first, .. } => assert_eq!(first.at, NOW + Span::ms(500)),
            Fate::Dropped(reason) => {
                assert_eq!(reason, DropReason::Loss);
                lost += 1;
            }
        }
    }
    assert!((850..950).contains(&lost), "{lost}");
    assert_eq!(channel.link(end("S2"), end("S1")).delay_max, Span::ms(30));
    channel.set_link(end("S1"), end("S3"), Some(slow));
    channel.set_link(end("S1"), end("S3"), None);
    assert_eq!(channel.link(end("S1"), end("S3")).loss, 0);
    assert_eq!(channel.link(end("S1"), end("S2")), slow);
    channel.heal();
    assert_eq!(channel.link(end("S1"), end("S2")).loss, 0);
}

#[test]
fn settings_and_cuts_do_not_shift_the_draws_after_them() {
    let harsh = Settings {
        loss: RATE_HIGHEST,
        duplication: RATE_HIGHEST,
        corruption: RATE_HIGHEST,
        ..Settings::ORIGINAL
    };
    let mut mild_rng = stream(3, "channel");
    let mut harsh_rng = stream(3, "channel");
    let mut cut_rng = stream(3, "channel");
    let mut mild = Channel::new(Settings::default());
    let mut harsh = Channel::new(harsh);
    let mut cut = Channel::new(Settings::default());
    cut.cut(end("S1"), end("S2"));
    for _ in 0..1000 {
        mild.send(end("S1"), end("S2"), NOW, &mut mild_rng);
        harsh.send(end("S1"), end("S2"), NOW, &mut harsh_rng);
        cut.send(end("S1"), end("S2"), NOW, &mut cut_rng);
    }
    assert_eq!(mild_rng, harsh_rng);
    assert_eq!(mild_rng, cut_rng);
}

#[test]
fn a_cut_takes_one_direction_and_what_is_on_the_link() {
    let mut channel = Channel::new(Settings::default());
    let mut rng = stream(4, "channel");
    let on_its_way = channel.send(end("S1"), end("S2"), NOW, &mut rng);
    assert!(matches!(on_its_way, Fate::Arrives { .. }));
    channel.cut(end("S1"), end("S2"));
    assert_eq!(channel.arrive(end("S1"), end("S2")), Err(DropReason::Cut));
    let fate = channel.send(end("S1"), end("S2"), NOW, &mut rng);
    assert_eq!(fate, Fate::Dropped(DropReason::Cut));
    assert_eq!(reaches(&channel, "S2", "S1"), Ok(()));
    channel.mend(end("S1"), end("S2"));
    assert_eq!(reaches(&channel, "S1", "S2"), Ok(()));
    assert_eq!(channel.counters().dropped_for(DropReason::Cut), 2);
    assert_eq!(channel.counters().in_flight(), 0);
}

#[test]
fn a_partition_replaces_the_one_before() {
    let mut channel = Channel::new(Settings::default());
    channel.partition(groups("S1;S2-S3"));
    assert_eq!(reaches(&channel, "S1", "S2"), Err(DropReason::Partition));
    assert_eq!(reaches(&channel, "S2", "S3"), Ok(()));
    assert_eq!(reaches(&channel, "Alice", "S1"), Ok(()));
    channel.partition(groups("S1-S2"));
    assert_eq!(reaches(&channel, "S1", "S2"), Ok(()));
    assert_eq!(reaches(&channel, "S2", "S3"), Err(DropReason::Partition));
}

#[test]
fn an_isolated_server_is_reached_by_clients_alone_until_the_network_heals() {
    let mut channel = Channel::new(Settings::default());
    channel.isolate(ServerId::new(2).unwrap(), ServerId::first(3));
    assert_eq!(reaches(&channel, "S1", "S2"), Err(DropReason::Cut));
    assert_eq!(reaches(&channel, "S2", "S3"), Err(DropReason::Cut));
    assert_eq!(reaches(&channel, "S1", "S3"), Ok(()));
    assert_eq!(reaches(&channel, "Bob", "S2"), Ok(()));
    assert_eq!(channel.cuts().count(), 4);
    channel.partition(groups("S1-S2-S3"));
    assert_eq!(reaches(&channel, "S1", "S2"), Err(DropReason::Cut), "a message must pass both");
    channel.heal();
    assert_eq!(reaches(&channel, "S1", "S2"), Ok(()));
    assert_eq!((channel.cuts().count(), channel.groups()), (0, None));
}

#[test]
fn what_the_world_does_not_deliver_is_counted_too() {
    let mut channel = Channel::new(Settings::default());
    channel.send(end("S1"), end("S2"), NOW, &mut stream(5, "channel"));
    channel.discard(DropReason::TargetDown);
    assert_eq!(channel.counters().dropped_for(DropReason::TargetDown), 1);
    assert_eq!(channel.counters().in_flight(), 0);
}

proptest! {
    /// Whatever happens to the links, each copy leaves the channel once, and the counters say so.
    #[test]
    fn every_copy_is_accounted_for(steps in prop::collection::vec((0u8..6, 1u8..5, 1u8..5), 0..200)) {
        let settings = Settings { loss: 100_000, duplication: 300_000, ..Default::default() };
        let mut channel = Channel::new(settings);
        let mut rng = stream(6, "channel");
        let mut on_their_way = Vec::new();
        for (step, one, other) in steps {
            let server = |number| Endpoint::Server(ServerId::new(number).unwrap());
            let (from, to) = (server(one), server(if one == other { 5 } else { other }));
            match step {
                0 | 1 => if let Fate::Arrives { again, .. } =
                    channel.send(from, to, NOW, &mut rng)
                {
                    on_their_way.push((from, to));
                    on_their_way.extend(again.map(|_| (from, to)));
                },
                2 => if let Some((from, to)) = on_their_way.pop() {
                    let passed = channel.passes(from, to);
                    prop_assert_eq!(channel.arrive(from, to), passed);
                },
                3 => channel.cut(from, to),
                4 => channel.partition(groups("S1-S2;S3-S4-Alice")),
                _ => channel.heal(),
            }
            prop_assert_eq!(channel.counters().in_flight(), on_their_way.len() as u64);
        }
    }
}
