//! The figures are what a recount of all events gives.

use super::*;
use crate::base::random::stream;
use crate::sim::swarm::hostile_run;
use crate::sim::{Action, Chaos, Config, Disks, LoadRate, Run, Simulation};
use rand::RngExt;
use std::collections::BTreeMap;

/// A run under load and chaos.
fn restless(seed: u64, seconds: u64) -> Run {
    let config = Config { difficulty: 2, ..Config::default() };
    let mut simulation = Simulation::new(config, seed, Disks::default()).expect("it is valid");
    simulation.act(Action::Load { rate: LoadRate::per_second(8) }).expect("it is a rate");
    simulation.act(Action::Chaos { strength: Chaos::Hostile }).expect("it is a strength");
    simulation.run_until(Time::ZERO + Span::secs(seconds));
    simulation.to_run()
}

/// An event, and how full each disk was after its step.
type Heard = (Event, Vec<u32>);

/// All events of a run, with its figures at the end.
fn listen(run: Run) -> (Vec<Heard>, Simulation) {
    let mut replay = run.replay().expect("it can begin");
    let (mut heard, mut seen) = (Vec::new(), crate::trace::EventId(0));
    loop {
        let simulation = replay.simulation();
        let disks: Vec<u32> =
            simulation.world().nodes().map(|(_, node)| node.disk().used() as u32).collect();
        let events = simulation.trace().after(seen).map(|event| (event.clone(), disks.clone()));
        heard.extend(events);
        seen = simulation.trace().last_id();
        if replay.advance_once().expect("it repeats itself") {
            return (heard, replay.into_simulation());
        }
    }
}

/// The figures of a stretch, counted anew from all events: those of the stretch, and those before.
fn recount(heard: &[Heard], from: Time, to: Time) -> Bucket {
    let mut bucket = Bucket::default();
    let mut waiting: BTreeMap<RequestId, Option<Time>> = BTreeMap::new();
    let mut leads: BTreeMap<ServerId, Term> = BTreeMap::new();
    let mut mines: BTreeMap<ServerId, Time> = BTreeMap::new();
    bucket.leaderless = true;
    for (event, disks) in heard.iter().take_while(|(event, _)| event.at < to) {
        let inside = event.at >= from;
        let counts = u32::from(inside);
        match &event.what {
            What::Sent(passage) => {
                let sort = Sort::ALL.iter().position(|it| *it == Sort::of(passage.packet.kind()));
                bucket.sent[sort.expect("every kind has a sort")] += counts;
            }
            What::Dropped(..) => bucket.dropped += counts,
            What::Client(_, client::Event::Submitted { request, .. }) => {
                bucket.asked += counts;
                waiting.insert(request.id, Some(event.at));
            }
            What::Client(_, client::Event::Resent { id, .. }) => {
                waiting.entry(*id).or_insert(None);
            }
            What::Client(_, client::Event::Answered { id, verdict, .. }) => {
                let since = waiting.remove(id).flatten();
                let mut took = || {
                    if let (Some(since), true) = (since, inside) {
                        bucket.latency.add(event.at.since(since));
                    }
                };
                match verdict {
                    Verdict::Committed { .. } => {
                        took();
                        bucket.committed += counts;
                    }
                    Verdict::Refused { .. } => {
                        took();
                        bucket.refused += counts;
                    }
                    Verdict::Balance { .. } => bucket.read += counts,
                    _ => bucket.refused += counts,
                }
            }
            What::Server(id, fact) => match fact {
                Fact::BecameLeader(term) => {
                    leads.insert(*id, *term);
                    bucket.term = bucket.term.max(*term);
                    bucket.elections += counts;
                }
                Fact::EnteredTerm(term) => {
                    leads.remove(id);
                    bucket.term = bucket.term.max(*term);
                }
                Fact::Recovered { .. }
                | Fact::BecameFollower(..)
                | Fact::BecameCandidate(_)
                | Fact::BecamePreCandidate(_) => _ = leads.remove(id),
                Fact::MiningBegan { .. } => _ = mines.insert(*id, event.at),
                Fact::Mined { attempts, .. } if inside => {
                    bucket.mined += 1;
                    bucket.attempts += attempts;
                    bucket.mining = bucket.mining + event.at.since(mines[id]);
                }
                _ => {}
            },
            What::Crashed { server, .. } | What::Stopped(server, _) => _ = leads.remove(server),
            _ => {}
        }
        // Before the stretch only what it begins with counts.
        let nobody = leads.is_empty();
        bucket.leaderless = if inside { bucket.leaderless || nobody } else { nobody };
        bucket.leader = leads.iter().max_by_key(|(_, term)| **term).map(|(id, _)| *id);
        let waits = waiting.len() as u32;
        bucket.waiting = if inside { bucket.waiting.max(waits) } else { waits };
        disks.iter().zip(&mut bucket.disk).for_each(|(used, told)| *told = *used);
    }
    bucket
}

fn assert_recounts(heard: &[Heard], metrics: &Metrics, what: &str) {
    let width = metrics.width();
    for (at, told) in metrics.buckets().enumerate() {
        let from = Time::ZERO + width.times(at as u64);
        let mut counted = recount(heard, from, from + width);
        // What is amiss is the world's, not the trace's.
        (counted.trouble, counted.lasting) = (told.trouble, told.lasting);
        assert_eq!(*told, counted, "{what}, bucket {at} of {width}");
    }
}

#[test]
fn they_are_what_a_recount_gives() {
    for (run, what) in [
        (restless(1, 8), "restless"),
        (hostile_run(2), "hostile 2"),
        (hostile_run(7), "hostile 7"),
        (restless(2, 70), "coarser by now"),
    ] {
        let (heard, simulation) = listen(run);
        let buckets = simulation.metrics().buckets().len();
        assert!(buckets > 8 && buckets <= BUCKETS_MAX);
        assert_recounts(&heard, simulation.metrics(), what);
    }
}

#[test]
fn a_day_takes_no_more_room_than_a_minute() {
    let mut metrics = Metrics::default();
    let world = Simulation::new(Config::default(), 1, Disks::default()).expect("it is valid");
    let mut rng = stream(1, "a day");
    let mut now = Time::ZERO;
    for id in 1.. {
        now += Span::us(rng.random_range(0..2_000_000));
        if now > Time::ZERO + Span::secs(24 * 3600) {
            break;
        }
        let what = What::Acted("heal".into());
        let event = Event { id: crate::trace::EventId(id), at: now, cause: None, what };
        metrics.hear(&event, world.world());
        assert!(metrics.buckets().len() <= BUCKETS_MAX);
    }
    assert!(metrics.buckets().len() > BUCKETS_MAX / 4);
    assert_eq!(metrics.width().0 % WIDTH_LEAST.0, 0);
    assert!((metrics.width().0 / WIDTH_LEAST.0).is_power_of_two());
}

#[test]
fn trouble_is_told_while_it_lasts() {
    let config = Config { servers: 3, ..Config::default() };
    let mut simulation = Simulation::new(config, 4, Disks::default()).expect("it is valid");
    let act = |simulation: &mut Simulation, at: u64, text: &str| {
        simulation.run_until(Time::ZERO + Span::ms(at));
        let action = match text {
            "crash" => Action::Crash { server: ServerId::new(3).expect("S3") },
            "restart" => Action::Restart { server: ServerId::new(3).expect("S3") },
            "isolate" => Action::Isolate { server: ServerId::new(2).expect("S2") },
            _ => Action::Heal,
        };
        simulation.act(action).expect("it is possible");
    };
    act(&mut simulation, 1_010, "crash");
    act(&mut simulation, 1_250, "isolate");
    act(&mut simulation, 1_310, "restart");
    act(&mut simulation, 1_460, "heal");
    simulation.run_until(Time::ZERO + Span::secs(2));
    let told: Vec<u8> =
        simulation.metrics().buckets().skip(9).take(7).map(|bucket| bucket.trouble.0).collect();
    let (down, cut) = (Trouble::DOWN.0, Trouble::CUT.0);
    assert_eq!(told, [0, down, down, down | cut, down | cut, cut, 0]);
}
