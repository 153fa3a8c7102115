//! What the space-time diagram shows of short runs.

use super::explore_testing::{CLIENTS, act, bank, go_to, pass};
use super::{Watch, diagram};
use crate::base::Time;
use crate::sim::history::Branches;
use crate::ui::view::diagram::{Deed, Diagram, Fate, HEARTBEATS_MAX, Role, place_of};
use crate::ui::view::diagram_svg::svg;
use crate::ui::view::drawing::{Drawing, Room};
use crate::ui::view::geometry::Form;
use crate::ui::view::lanes::{self, Window};
use crate::ui::view::motion::MarkKind;
use expect_test::{Expect, expect};

fn shown(branches: &Branches, watch: &Watch) -> Diagram {
    diagram::of(branches, watch)
}

/// The lanes with what each server was, deeds in their order, messages by kind and fate.
fn told(diagram: &Diagram) -> String {
    let mut text = format!("{}\n", diagram.name());
    for (place, lane) in diagram.lanes.iter().enumerate() {
        text += &format!("{} |", lane.name);
        for band in diagram.bands.iter().filter(|band| usize::from(band.lane) == place) {
            let paused = if band.paused { " still" } else { "" };
            let (from, to) = (band.from.0 / 1000, band.to.0 / 1000);
            text += &format!(" {:?} {}{paused} {from}-{to}", band.role, band.term);
        }
        text += "\n";
    }
    for mark in &diagram.marks {
        let lane = &diagram.lanes[usize::from(mark.lane)].name;
        text += &format!("{} {lane} {}\n", mark.at.0 / 1000, mark.kind.legend());
    }
    for kind in crate::ui::view::diagram::KINDS {
        let own = diagram.lines.iter().filter(|line| line.kind == kind);
        let count =
            |is_it: &dyn Fn(Fate) -> bool| own.clone().filter(|line| is_it(line.fate)).count();
        let (arrived, lost) =
            (count(&|fate| fate == Fate::Arrived), count(&|fate| matches!(fate, Fate::Lost(_))));
        let flying = count(&|fate| fate == Fate::Flying);
        text += &format!("{}: {arrived} arrived, {lost} lost, {flying} flying\n", kind.legend());
    }
    for fault in &diagram.faults {
        text += &format!("{} {}-{}\n", fault.words, fault.from.0 / 1000, fault.to.0 / 1000);
    }
    text
}

fn check(diagram: &Diagram, expected: Expect) {
    expected.assert_eq(&told(diagram));
}

#[test]
fn an_election_and_a_transfer() {
    let mut bank = bank();
    pass(&mut bank, 560);
    check(
        &shown(&bank, &Watch::default()),
        expect![[r#"
        Space-time diagram, 0.000 s to 1.000 s, 95 events
        S1 | Follower 0 0-394 Follower 1 394-560
        S2 | Follower 0 0-375 Candidate 1 375-410 Leader 1 410-560
        S3 | Follower 0 0-400 Follower 1 400-560
        Alice |
        Bob |
        375 S2 votes
        375 S2 stands for election
        394 S1 votes
        400 S3 votes
        410 S2 elected
        422 S2 mined
        422 S2 appended
        452 S3 appended
        458 S1 appended
        469 S2 committed
        529 S1 committed
        538 S3 committed
        client: 0 arrived, 0 lost, 0 flying
        blocks: 4 arrived, 0 lost, 0 flying
        heartbeat: 12 arrived, 0 lost, 0 flying
        vote: 12 arrived, 0 lost, 0 flying
        S2 leads term 1 410-410
    "#]],
    );
    act(&mut bank, "Alice: transfer Bob 4");
    pass(&mut bank, 90);
    let mut watch = Watch::default();
    let horizon = lanes::Horizon::of(&bank);
    watch.explore.lanes = watch.explore.lanes.asked(lanes::Ask::Zoom(9), &horizon);
    check(
        &shown(&bank, &watch),
        expect![[r#"
        Space-time diagram, 0.521 s to 0.655 s, 49 events
        S1 | Follower 1 521-650
        S2 | Leader 1 521-650
        S3 | Follower 1 521-650
        Alice |
        Bob |
        529 S1 committed
        538 S3 committed
        560 Alice asks
        619 S2 mined
        619 S2 appended
        638 S1 appended
        639 S3 appended
        client: 2 arrived, 0 lost, 0 flying
        blocks: 2 arrived, 0 lost, 4 flying
        heartbeat: 10 arrived, 0 lost, 0 flying
        vote: 0 arrived, 0 lost, 0 flying
    "#]],
    );
}

#[test]
fn a_crash_loses_messages_and_leaves_a_gap() {
    let mut bank = bank();
    pass(&mut bank, 2000);
    act(&mut bank, "crash S1");
    pass(&mut bank, 300);
    act(&mut bank, "pause S3");
    pass(&mut bank, 200);
    act(&mut bank, "restart S1");
    act(&mut bank, "resume S3");
    pass(&mut bank, 100);
    act(&mut bank, "partition S2 | S1 S3");
    pass(&mut bank, 50);
    act(&mut bank, "heal");
    pass(&mut bank, 50);
    check(
        &shown(&bank, &Watch::default()),
        expect![[r#"
            Space-time diagram, 1.740 s to 2.740 s, 160 events
            S1 | Follower 1 1740-2000 Down 0 2000-2500 Follower 1 2500-2700
            S2 | Leader 1 1740-2700
            S3 | Follower 1 1740-2300 Follower 1 still 2300-2500 Follower 1 2500-2700
            Alice |
            Bob |
            2000 S1 crash
            2500 S1 recovery
            2529 S1 committed
            client: 0 arrived, 0 lost, 0 flying
            blocks: 0 arrived, 0 lost, 0 flying
            heartbeat: 52 arrived, 14 lost, 0 flying
            vote: 0 arrived, 0 lost, 0 flying
            S1 down 2000-2500
            S3 stands still 2300-2500
            partition S1 S3 | S2 2600-2650
        "#]],
    );
}

/// Whatever stretch is looked at, servers are in it what they were in the whole.
#[test]
fn a_part_shows_what_the_whole_shows() {
    let mut bank = bank();
    pass(&mut bank, 1500);
    act(&mut bank, "crash S2");
    pass(&mut bank, 1500);
    act(&mut bank, "restart S2");
    act(&mut bank, "pause S1");
    pass(&mut bank, 1500);
    let mut watch = Watch::default();
    let horizon = lanes::Horizon::of(&bank);
    let ask = |watch: &mut Watch, ask| {
        watch.explore.lanes = watch.explore.lanes.asked(ask, &horizon);
    };
    watch.explore.diagram.wished[place_of(MarkKind::Heartbeat)] = Some(true);
    ask(&mut watch, lanes::Ask::Fit);
    let whole = shown(&bank, &watch);
    let at = |diagram: &Diagram, lane: u8, time: Time| {
        let own = diagram.bands.iter().filter(|band| band.lane == lane);
        own.filter(|band| (band.from..band.to).contains(&time))
            .map(|band| (band.role, band.term, band.paused))
            .collect::<Vec<_>>()
    };
    ask(&mut watch, lanes::Ask::Zoom(12));
    ask(&mut watch, lanes::Ask::Follow(false));
    for step in 0..40 {
        let part = shown(&bank, &watch);
        let Window { from, to } = part.window;
        for lane in 0..3 {
            for tenth in 0..10 {
                let time = Time(from.0 + (to.0 - from.0) * tenth / 10 + 1);
                let found = at(&part, lane, time);
                assert_eq!(found, at(&whole, lane, time), "step {step} lane {lane} at {time}");
            }
        }
        for line in &part.lines {
            let same = whole.lines.iter().find(|one| one.message == line.message);
            let same = same.expect("the whole has every message");
            assert_eq!((same.sent, same.ends, same.fate), (line.sent, line.ends, line.fate));
        }
        ask(&mut watch, lanes::Ask::Pan(-300));
    }
}

#[test]
fn heartbeats_are_left_out_where_they_are_dense_unless_somebody_asks() {
    let mut bank = bank();
    pass(&mut bank, 60_000);
    let mut watch = Watch::default();
    let horizon = lanes::Horizon::of(&bank);
    watch.explore.lanes = watch.explore.lanes.asked(lanes::Ask::Fit, &horizon);
    let dense = shown(&bank, &watch);
    let place = place_of(MarkKind::Heartbeat);
    assert!(dense.counts[place] > HEARTBEATS_MAX && !dense.shown[place]);
    assert!(dense.lines.iter().all(|line| line.kind != MarkKind::Heartbeat));
    assert!(dense.left_out().expect("it says so").contains("heartbeats"));
    watch.explore.diagram.wished[place] = Some(true);
    let asked = shown(&bank, &watch);
    assert_eq!(asked.lines.len(), asked.counts.iter().sum::<usize>());
    assert!(asked.left_out().is_none());

    let usual = Watch::default();
    let phone = Watch { form: Form::Narrow, ..Watch::default() };
    assert!(shown(&bank, &usual).shown[place], "a second of them has room on a desk");
    assert!(!shown(&bank, &phone).shown[place], "and none on a telephone");
}

#[test]
fn a_moment_of_the_past_is_seen_with_what_came_of_it() {
    let mut bank = bank();
    pass(&mut bank, 2000);
    act(&mut bank, "Alice: transfer Bob 4");
    pass(&mut bank, 2000);
    let whole = shown(&bank, &Watch::default());
    let trace = super::lanes::source(&bank).trace();
    let mined = trace.iter().find(|event| event.what.to_string().contains("mined block 2"));
    let event = mined.expect("it was mined").id;
    go_to(&mut bank, event);
    let watch = Watch { jumped: Some(event.0), ..Watch::default() };
    let past = shown(&bank, &watch);
    assert!(past.horizon.past && past.window.holds(past.horizon.moment));
    assert_eq!(past.horizon.end, whole.horizon.end);
    let later = past.marks.iter().filter(|mark| mark.at > past.horizon.moment);
    assert!(later.clone().any(|mark| mark.kind == Deed::Committed), "what came of it is there");
    let drawing = Drawing::of(&past, Room { width: 1000.0, scale: 1.0 });
    let spot = drawing.spots.iter().find(|spot| spot.event == event.0).expect("it is drawn");
    assert_eq!(drawing.event_at(spot.from.0 + 1.0, spot.from.1 + 1.0), Some(event.0));
    assert_eq!(drawing.event_at(-50.0, -50.0), None);
}

#[test]
fn keys_go_from_event_to_event_and_from_lane_to_lane() {
    let mut bank = bank();
    pass(&mut bank, 700);
    let drawing = Drawing::of(&shown(&bank, &Watch::default()), ROOM);
    let first = drawing.step(None, true).expect("there are events");
    let mut seen = vec![first];
    while let Some(next) = drawing.step(seen.last().copied(), true) {
        assert!(next > seen[seen.len() - 1]);
        seen.push(next);
    }
    assert!(seen.len() > 20);
    assert_eq!(drawing.step(None, false), seen.last().copied());
    assert_eq!(drawing.step(Some(seen[5]), false), Some(seen[4]));
    // A message leaves on its sender's lane, and arrives on its receiver's.
    let lane = |event: u64| {
        let ends = drawing.spots.iter();
        let mut ends = ends.flat_map(|it| [(it.event, it.lanes.0), (it.other, it.lanes.1)]);
        ends.find(|(own, _)| *own == event).expect("it is seen").1
    };
    let lanes = || seen.iter().map(|event| lane(*event));
    for (event, down) in seen.iter().flat_map(|event| [(*event, false), (*event, true)]) {
        match drawing.neighbour(Some(event), down) {
            Some(next) if down => assert!(lane(next) > lane(event), "{event} down to {next}"),
            Some(next) => assert!(lane(next) < lane(event), "{event} up to {next}"),
            None if down => assert_eq!(Some(lane(event)), lanes().max(), "{event}"),
            None => assert_eq!(Some(lane(event)), lanes().min(), "{event}"),
        }
    }
}

const ROOM: Room = Room { width: 1200.0, scale: 1.0 };

/// What is exported is what is drawn, and is well formed.
#[test]
fn the_exported_picture_is_whole() {
    let mut bank = bank();
    pass(&mut bank, 2000);
    act(&mut bank, "crash S2");
    act(&mut bank, "partition S1 | S3");
    pass(&mut bank, 400);
    let text = svg(&shown(&bank, &Watch::default()));
    let mut open = Vec::new();
    for tag in text.split('<').skip(1) {
        let name = tag.split([' ', '>', '/']).next().unwrap_or_default();
        if let Some(rest) = tag.strip_prefix('/') {
            let name = rest.split('>').next().unwrap_or_default();
            assert_eq!(open.pop(), Some(name), "{tag}");
        } else if !tag.split('>').next().is_some_and(|inner| inner.ends_with('/')) {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?}");
    for word in ["S1", "Alice", "leads term 1", "⌁ partition S1 | S3", "down"] {
        assert!(text.contains(word), "the picture lacks '{word}'");
    }
    assert!(!text.contains("NaN") && !text.contains("var("));
}

#[test]
fn ten_thousand_events_are_drawn_in_few_paths() {
    let mut bank = bank();
    for round in 0..200 {
        act(&mut bank, &format!("{}: transfer {} 1", CLIENTS[round % 2], CLIENTS[1 - round % 2]));
        pass(&mut bank, 100);
    }
    let mut watch = Watch::default();
    let horizon = lanes::Horizon::of(&bank);
    watch.explore.lanes = watch.explore.lanes.asked(lanes::Ask::Fit, &horizon);
    let diagram = shown(&bank, &watch);
    assert!(diagram.events > 6_000 && !diagram.is_crowded(), "{}", diagram.events);
    let drawing = Drawing::of(&diagram, ROOM);
    assert!(drawing.paths.len() < 60, "{}", drawing.paths.len());
    assert!(drawing.thinned > 0);
    let size: usize = drawing.paths.iter().map(|(_, path)| path.len()).sum();
    assert!(size < 400_000, "{size} bytes of paths");
    assert!(diagram.bands.iter().any(|band| band.role == Role::Leader));
}
