//! What the charts say of a run.

use super::*;
use crate::sim::history::{History, Moment};
use crate::sim::{Action, Chaos, Config, Disks, LoadRate, Simulation};
use expect_test::{Expect, expect};

fn branches(seconds: u64, act: impl Fn(&mut History)) -> Branches {
    let config = Config { servers: 3, ..Config::default() };
    let simulation = Simulation::new(config, 42, Disks::default()).expect("it is valid");
    let mut history = History::new(simulation);
    history.run_until(Time::ZERO + Span::secs(2));
    act(&mut history);
    history.run_until(Time::ZERO + Span::secs(seconds));
    Branches::new(history)
}

fn busy(history: &mut History) {
    history.act(Action::Load { rate: LoadRate::per_second(20) }).expect("it is a rate");
}

/// The axes, and what each chart says at some points.
fn told(charts: &Charts, at: &[usize]) -> String {
    let labels = |ticks: &[crate::ui::view::charts::Tick]| {
        ticks.iter().map(|tick| tick.label.clone()).collect::<Vec<_>>().join(" ")
    };
    let mut text = format!(
        "{} points of {}, {}, here at {}\n",
        charts.points,
        charts.step,
        labels(&charts.ticks),
        charts.here
    );
    for chart in &charts.charts {
        text += &format!("{} ({}): {}\n", chart.title, chart.unit, labels(&chart.ticks));
        for point in at {
            text += &format!("  {}: {}\n", charts.at(*point), chart.says(*point));
        }
    }
    text
}

fn check(charts: &Charts, at: &[usize], expected: Expect) {
    for chart in &charts.charts {
        for line in &chart.lines {
            assert_eq!(line.values.len(), charts.points, "{}: {}", chart.title, line.label);
        }
    }
    expected.assert_eq(&told(charts, at));
}

#[test]
fn a_bank_that_nobody_has_asked() {
    let branches = branches(3, |_| {});
    let charts = of(&branches, &Watch::default());
    assert!(charts.is_quiet && !charts.is_zoomed);
    check(
        &charts,
        &[0, 6],
        expect![[r#"
            8 points of 400ms, 0 s 1 s 2 s 3 s, here at 7
            Commit latency (ms, log): 1 10
              0.000ms: nothing
              2400.000ms: nothing
            Throughput (requests a second): 0 1
              0.000ms: committed 0.0/s, refused 0.0/s, balances 0.0/s
              2400.000ms: committed 0.0/s, refused 0.0/s, balances 0.0/s
            Waiting for an answer (requests, at the most): 0 1
              0.000ms: waiting 0
              2400.000ms: waiting 0
            Leader (who leads): S1 S2 S3
              0.000ms: nobody
              2400.000ms: S2
            Term (the latest): 0 1
              0.000ms: term 1
              2400.000ms: term 1
            Amiss (with servers and the network): no leader down paused cut slow
              0.000ms: no leader
              2400.000ms: nothing
            Messages sent (a second): 0 20 40 60
              0.000ms: clients 0.0/s, blocks 0.0/s, heartbeats 0.0/s, answers 0.0/s, votes 22.5/s, other 0.0/s
              2400.000ms: clients 0.0/s, blocks 0.0/s, heartbeats 40.0/s, answers 40.0/s, votes 0.0/s, other 0.0/s
            Mining a block (ms and tries, mean, log): 10 100 1k 10k
              0.000ms: nothing
              2400.000ms: nothing
            Disk used (KB): 0 0.5 1
              0.000ms: S1 0.1 KB, S2 0.1 KB, S3 0.0 KB
              2400.000ms: S1 0.9 KB, S2 0.9 KB, S3 0.9 KB
        "#]],
    );
}

#[test]
fn a_bank_under_load() {
    let branches = branches(12, busy);
    let charts = of(&branches, &Watch::default());
    assert!(!charts.is_quiet);
    check(
        &charts,
        &[3, 10, 25],
        expect![[r#"
            30 points of 400ms, 0 s 5 s 10 s, here at 29
            Commit latency (ms, log): 10 100 1k
              1200.000ms: nothing
              4000.000ms: p50 139 ms, p95 188 ms, p99 188 ms
              10000.000ms: p50 111 ms, p95 156 ms, p99 156 ms
            Throughput (requests a second): 0 10 20 30
              1200.000ms: committed 0.0/s, refused 0.0/s, balances 0.0/s
              4000.000ms: committed 17.5/s, refused 0.0/s, balances 7.5/s
              10000.000ms: committed 15.0/s, refused 0.0/s, balances 10.0/s
            Waiting for an answer (requests, at the most): 0 2 4 6 8
              1200.000ms: waiting 0
              4000.000ms: waiting 4
              10000.000ms: waiting 5
            Leader (who leads): S1 S2 S3
              1200.000ms: S2
              4000.000ms: S2
              10000.000ms: S2
            Term (the latest): 0 1
              1200.000ms: term 1
              4000.000ms: term 1
              10000.000ms: term 1
            Amiss (with servers and the network): no leader down paused cut slow
              1200.000ms: nothing
              4000.000ms: nothing
              10000.000ms: nothing
            Messages sent (a second): 0 50 100
              1200.000ms: clients 0.0/s, blocks 0.0/s, heartbeats 40.0/s, answers 40.0/s, votes 0.0/s, other 0.0/s
              4000.000ms: clients 45.0/s, blocks 35.0/s, heartbeats 55.0/s, answers 90.0/s, votes 0.0/s, other 0.0/s
              10000.000ms: clients 42.5/s, blocks 30.0/s, heartbeats 50.0/s, answers 85.0/s, votes 0.0/s, other 0.0/s
            Mining a block (ms and tries, mean, log): 10 100 1k 10k 100k
              1200.000ms: nothing
              4000.000ms: time 28.6 ms, tries 2863
              10000.000ms: time 11.2 ms, tries 1117
            Disk used (KB): 0 20 40 60 80
              1200.000ms: S1 0.9 KB, S2 0.9 KB, S3 0.9 KB
              4000.000ms: S1 38.8 KB, S2 38.8 KB, S3 38.8 KB
              10000.000ms: S1 55.8 KB, S2 55.8 KB, S3 55.8 KB
        "#]],
    );
    let shapes: Vec<String> = charts.charts[1].lines.iter().map(|it| it.path.clone()).collect();
    assert!(shapes[0].starts_with("M17 1000L50 1000"), "{}", shapes[0]);
}

#[test]
fn a_crash_and_the_election_after_it() {
    let branches = branches(8, |history| {
        let server = crate::ui::view::from::leader_id(history.tip().world()).expect("it leads");
        history.act(Action::Crash { server }).expect("it is up");
        history.run_until(Time::ZERO + Span::secs(5));
        history.act(Action::Restart { server }).expect("it is down");
    });
    let charts = of(&branches, &Watch::default());
    let [leader, term, amiss] = &charts.charts[3..6] else { panic!("there are nine charts") };
    let told = |point: usize| {
        format!("{}; {}; {}", leader.says(point), term.says(point), amiss.says(point))
    };
    let points: Vec<String> = (0..charts.points).map(told).collect();
    expect![[r#"
        nobody; term 1; no leader
        S2; term 1; no leader
        S2; term 1; nothing
        S2; term 1; nothing
        S2; term 1; nothing
        nobody; term 1; no leader, down
        S1; term 2; no leader, down
        S1; term 2; down
        S1; term 2; down
        S1; term 2; down
        S1; term 2; down
        S1; term 2; down
        S1; term 2; down
        S1; term 2; nothing
        S1; term 2; nothing
        S1; term 2; nothing
        S1; term 2; nothing
        S1; term 2; nothing
        S1; term 2; nothing
        S1; term 2; nothing"#]]
    .assert_eq(&points.join("\n"));
}

#[test]
fn the_past_is_a_line_in_the_whole_run() {
    let mut branches = branches(12, busy);
    let (viewed, at) = (branches.viewed(), Time::ZERO + Span::secs(6));
    let mut seek = viewed.seek(Moment::Time(at));
    while !seek.advance(viewed.history().tip(), 500) {}
    let id = viewed.id();
    branches.look_at(id, seek.into_simulation());
    let charts = of(&branches, &Watch::default());
    assert_eq!((charts.end, charts.points), (Time::ZERO + Span::secs(12), 30));
    assert_eq!((charts.now, charts.here), (Some(0.5), 15));

    let window = Some(charts.between(20, 24));
    let charts = of(&branches, &Watch { window });
    assert!(charts.is_zoomed);
    assert_eq!((charts.from, charts.points), (Time::ZERO + Span::secs(8), 5));
    assert_eq!((charts.now, charts.here), (None, 0));
    let whole = of(&branches, &Watch::default());
    assert_eq!(charts.charts[1].says(3), whole.charts[1].says(23), "the same, closer");
}

/// However long a run is and whatever is looked at, a chart has no more than so many points.
#[test]
fn points_are_bounded_and_begin_where_buckets_do() {
    for (width, seconds) in [(100, 1), (100, 51), (200, 102), (100, 52), (204_800, 86_400)] {
        let (width, window) = (Span::ms(width), Span::secs(seconds));
        let step = step(width, window);
        assert!(step >= STEP_LEAST && step.0.is_multiple_of(width.0));
        assert!((step.0 / width.0).is_power_of_two());
        assert!(window.0.div_ceil(step.0) <= POINTS_MAX, "{width} {window}");
    }
    let branches = branches(200, |history| {
        history.act(Action::Chaos { strength: Chaos::Hostile }).expect("it is a strength");
    });
    let watch = Watch { window: Some((Time(u64::MAX), Time(u64::MAX))) };
    assert_eq!(of(&branches, &watch).points, 1, "a window beyond the end is its end");
    let watch = Watch { window: Some((Time(3), Time(3))) };
    assert_eq!(of(&branches, &watch).points, 1);
    assert!(of(&branches, &Watch::default()).points as u64 <= POINTS_MAX);
}

#[test]
fn a_run_that_has_just_begun() {
    let simulation = Simulation::new(Config::default(), 1, Disks::default()).expect("it is valid");
    let charts = of(&Branches::new(History::new(simulation)), &Watch::default());
    assert_eq!((charts.points, charts.here, charts.now), (1, 0, Some(0.0)));
    assert_eq!(charts.charts.len(), 9);
}
