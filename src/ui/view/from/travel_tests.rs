//! What the page says of the past and of branches.

use super::Watch;
use crate::bank::Operation;
use crate::base::{AccountId, ClientId, ServerId, Span, Time};
use crate::disk::MemoryDisk;
use crate::sim::history::{Branches, History, Moment};
use crate::sim::{Action, Config, Disks, Mirror, Simulation};
use crate::ui::view::branches::{BranchList, Contrast};
use crate::ui::view::state::State;
use crate::ui::view::timeline::{HappeningKind, MARKS_MAX, PLACES, Timeline};

/// A bank of three, the leader of which crashed after three of four seconds.
fn bank() -> (Branches, Mirror<MemoryDisk>) {
    let config = Config { servers: 3, clients: 2, ..Config::default() };
    let simulation = Simulation::new(config, 42, Disks::default()).expect("it is valid");
    let mut branches = Branches::new(History::new(simulation));
    let mut mirror = Mirror::new(MemoryDisk::new());
    pass(&mut branches, &mut mirror, 2_000);
    act(&mut branches, &mut mirror, pay(5));
    pass(&mut branches, &mut mirror, 1_000);
    let leaders = branches.shown().world().nodes().filter_map(|(id, node)| {
        (node.server()?.raft().role() == crate::raft::Role::Leader).then_some(id)
    });
    let server = leaders.last().expect("somebody leads");
    act(&mut branches, &mut mirror, Action::Crash { server });
    pass(&mut branches, &mut mirror, 1_000);
    (branches, mirror)
}

fn pass(branches: &mut Branches, mirror: &mut Mirror<MemoryDisk>, ms: u64) {
    let until = branches.shown().world().now() + Span::ms(ms);
    while branches.step_by(until, mirror) {}
    branches.set_clock(until);
}

fn act(branches: &mut Branches, mirror: &mut Mirror<MemoryDisk>, action: Action) {
    branches.act(action, mirror).expect("it is possible");
}

fn pay(amount: u64) -> Action {
    let operation = Operation::Transfer { to: AccountId::new(2).expect("Bob"), amount };
    Action::Submit { client: ClientId::new(1).expect("Alice"), operation, via: None }
}

fn look_at(branches: &mut Branches, time: Time) {
    let viewed = branches.viewed();
    let (id, mut seek) = (viewed.id(), viewed.seek(Moment::Time(time)));
    while !seek.advance(viewed.history().tip(), 1_000) {}
    branches.look_at(id, seek.into_simulation());
}

#[test]
fn the_end_of_the_live_branch_needs_no_words() {
    let (branches, _) = bank();
    let timeline = Timeline::of(&branches, None);
    assert_eq!((timeline.place, timeline.clock.as_str()), (PLACES, "4.000 s"));
    assert_eq!(timeline.says, "4.000 s, now");
    assert_eq!(timeline.where_it_is, None);
    assert_eq!(timeline.time_at(PLACES), None);
    assert_eq!(timeline.time_at(250), Some(Time(1_000_000)));
    assert!(BranchList::of(&branches).rows.is_empty());
    assert_eq!(Contrast::of(&branches, &Watch::default()), None);
}

#[test]
fn the_strip_has_what_happened_with_a_sign_and_in_words() {
    let (branches, _) = bank();
    let timeline = Timeline::of(&branches, None);
    let kinds: Vec<HappeningKind> = timeline.marks.iter().map(|mark| mark.kind).collect();
    assert!(kinds.contains(&HappeningKind::Elected) && kinds.contains(&HappeningKind::Committed));
    let crash = timeline.marks.iter().find(|mark| mark.kind == HappeningKind::Crashed);
    let crash = crash.expect("a server crashed");
    assert!((crash.part - 0.75).abs() < 0.001, "{}", crash.part);
    assert!(
        crash.words.contains("crashed") && crash.words.ends_with("(3.000 s)"),
        "{}",
        crash.words
    );
    assert_eq!(crash.kind.sign(), "✕");
    assert!(timeline.marks.is_sorted_by(|a, b| a.part <= b.part));
}

#[test]
fn however_much_happened_the_strip_has_room() {
    let (mut branches, mut mirror) = bank();
    for _ in 0..200 {
        act(&mut branches, &mut mirror, Action::Heal);
        act(&mut branches, &mut mirror, Action::Heal);
        pass(&mut branches, &mut mirror, 20);
    }
    let marks = Timeline::of(&branches, None).marks;
    assert!(marks.len() <= MARKS_MAX && marks.len() > 30, "{}", marks.len());
    assert!(marks.iter().any(|mark| mark.kind == HappeningKind::Crashed), "crashes come first");
}

#[test]
fn the_past_says_where_it_is_and_what_acting_does() {
    let (mut branches, _) = bank();
    look_at(&mut branches, Time(1_204_000));
    let timeline = Timeline::of(&branches, None);
    assert_eq!(timeline.place, 301);
    let whereabouts = timeline.where_it_is.as_ref().expect("it is the past");
    assert_eq!(whereabouts.words, "Looking at 1.204 s of 4.000 s. Acting here starts a branch.");
    assert!(whereabouts.past);
    let state = State::of_shown(&branches);
    assert_eq!((state.now_ms, state.looking_at_ms), (1_204.0, Some(1_204.0)));
    // Every place leads to a time at that place: a key moves the slider by one.
    for place in 0..PLACES {
        let time = timeline.time_at(place).expect("it is before the end");
        assert_eq!(Timeline::of(&branches, Some(time)).place, place);
    }
}

#[test]
fn two_branches_are_told_apart() {
    let (mut branches, mut mirror) = bank();
    let main = branches.live().id();
    look_at(&mut branches, Time(1_500_000));
    act(&mut branches, &mut mirror, pay(30));
    pass(&mut branches, &mut mirror, 1_500);
    branches.rename(branches.viewed().id(), "No crash").expect("it is free");
    let timeline = Timeline::of(&branches, None);
    let whereabouts = timeline.where_it_is.as_ref().expect("it is not the live branch");
    assert!(whereabouts.words.starts_with("No crash is in memory"), "{}", whereabouts.words);
    assert!(!whereabouts.past);
    let fork = timeline.marks.iter().find(|mark| mark.kind == HappeningKind::Forked);
    assert_eq!(fork.expect("it left Main").words, "No crash leaves Main (1.500 s)");

    branches.compare(Some(main)).expect("it is another");
    let rows = BranchList::of(&branches).rows;
    let told: Vec<String> = rows.iter().map(|row| format!("{}: {}", row.name, row.came)).collect();
    assert_eq!(
        told,
        [
            "Main: from the beginning, now at 4.000 s",
            "No crash: left Main at 1.500 s, now at 3.000 s"
        ]
    );
    assert!(rows[0].live && rows[0].compared && !rows[0].viewed);
    assert!(rows[1].viewed && !rows[1].live);
    assert_eq!((rows[1].from, rows[1].to), (0.375, 0.75));
}

#[test]
fn differences_are_found_and_nothing_else() {
    let (mut branches, mut mirror) = bank();
    let main = branches.live().id();
    look_at(&mut branches, Time(1_500_000));
    act(&mut branches, &mut mirror, pay(30));
    pass(&mut branches, &mut mirror, 2_500);
    branches.compare(Some(main)).expect("it is another");
    let contrast = Contrast::of(&branches, &Watch::default()).expect("two are shown");
    assert_eq!(contrast.when, "Both at 4.000 s");
    let row = |what: &str| {
        let row = contrast.rows.iter().find(|row| row.what == what);
        row.unwrap_or_else(|| panic!("there is no row '{what}'"))
    };
    let held = row("Bob holds");
    assert_eq!((held.left.as_str(), held.right.as_str()), ("130", "105"));
    assert!(held.differs());
    let crashed = contrast.rows.iter().find(|row| row.right == "down");
    assert!(crashed.expect("it crashed in Main").differs());
    let same = contrast.rows.iter().filter(|row| !row.differs());
    assert_eq!(contrast.differences() + same.count(), contrast.rows.len());
    assert!(
        contrast.common.starts_with("The committed chains part after height 1"),
        "{}",
        contrast.common
    );
    let s1 = ServerId::new(1).expect("S1");
    assert!(contrast.rows.iter().any(|row| row.what == s1.to_string()));
}
