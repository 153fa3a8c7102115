//! Seeking is exact, and branches leave each other alone.

use super::*;
use crate::bank::Operation;
use crate::base::random::stream;
use crate::base::{AccountId, ClientId, ServerId, Span};
use crate::disk::{Disk, MemoryDisk};
use crate::sim::swarm::hostile_run;
use crate::sim::{Chaos, Config, Disks, LoadRate, Mirror, Stamped};
use rand::RngExt;

/// Random runs are short: so that most seeks begin in their middle.
const PACE: Pace = Pace { between: 200, lead_in: 100 };

/// All of a world and its judges, as text. The actions are told apart: there are many.
fn all_of(simulation: &Simulation) -> (String, Vec<Stamped>) {
    let mut world = simulation.world().without_actions();
    // Whether somebody has saved what clients keep is his affair.
    world.take_unsaved();
    (format!("{world:?}"), simulation.world().actions().to_vec())
}

fn assert_same(sought: &Simulation, expected: &Simulation, what: &str) {
    assert_eq!(sought.world().turn(), expected.world().turn(), "{what}");
    assert_eq!(sought.world().now(), expected.world().now(), "{what}");
    assert_eq!(sought.event_turn(), expected.event_turn(), "{what}");
    assert!(all_of(sought) == all_of(expected), "{what}: the worlds differ");
    assert!(sought.judges() == expected.judges(), "{what}: the judges differ");
    assert!(sought.metrics() == expected.metrics(), "{what}: the figures differ");
    assert_eq!(sought.trace().last_id(), expected.trace().last_id(), "{what}");
    let from = EventId(sought.trace().forgotten());
    // Where the seek should begin is guessed, but not wildly.
    let enough = (PACE.lead_in / 4).min(expected.trace().last_id().0);
    assert!(sought.trace().last_id().0 - from.0 >= enough, "{what}: what led to it is there");
    let text =
        |it: &Simulation| it.trace().after(from).map(|event| event.to_string()).collect::<Vec<_>>();
    assert!(text(sought) == text(expected), "{what}: the traces differ");
}

fn history_of(run: &Run) -> History {
    let mut replay = History::replay_paced(run.clone(), PACE).expect("it can begin");
    while !replay.advance(10_000).expect("it repeats itself") {}
    replay.into_history()
}

fn arrive(mut seek: Seek, tip: &Simulation) -> Simulation {
    while !seek.advance(tip, 500) {}
    seek.into_simulation()
}

/// A run under load and chaos.
fn restless_run(seed: u64) -> Run {
    let config = Config { difficulty: 2, ..Config::default() };
    let mut simulation = Simulation::new(config, seed, Disks::default()).expect("it is valid");
    simulation.act(Action::Load { rate: LoadRate::per_second(10) }).expect("it is a rate");
    simulation.act(Action::Chaos { strength: Chaos::Hostile }).expect("it is a strength");
    simulation.run_until(Time::ZERO + Span::secs(12));
    simulation.to_run()
}

/// Whatever happened in a run, and wherever in it somebody looks: it is as if the run had stopped
/// there. From there it goes on as it did.
#[test]
fn every_moment_is_as_it_was() {
    let mut midway = 0;
    let hostile = (0..24).map(|seed| (seed, hostile_run(seed)));
    let restless = (0..6).map(|seed| (seed, restless_run(seed)));
    for (seed, run) in hostile.chain(restless) {
        let history = history_of(&run);
        let (tip, turns) = (history.tip(), history.tip().world().turn());
        let mut rng = stream(seed, "moments");
        let mut moments: Vec<u64> = (0..3).map(|_| rng.random_range(0..=turns)).collect();
        moments.sort_unstable();
        let mut stopped = run.replay().expect("it can begin");
        for turn in moments {
            let what = format!("seed {seed}, turn {turn} of {turns}");
            midway += u64::from(history.begins_at(Moment::Turn(turn)) > 0);
            let missing = turn - stopped.simulation().world().turn();
            assert!(!stopped.advance(missing).expect("it repeats itself"), "{what}");
            let expected = stopped.simulation();
            let sought = arrive(history.seek(Moment::Turn(turn), None), tip);
            assert_same(&sought, expected, &what);

            let event = expected.trace().last_id();
            let sought = arrive(history.seek(Moment::Event(event), None), tip);
            assert_eq!(sought.world().turn(), expected.event_turn(), "{what}: by its event");

            let time = expected.world().now();
            let sought = arrive(history.seek(Moment::Time(time), None), tip);
            assert_eq!(sought.world().now(), time, "{what}: by its time");
            assert!(sought.world().turn() >= turn, "{what}: nothing of that time is missing");

            // What is shown may be nearer than a checkpoint, and leads there as well.
            let later = Moment::Turn((turn + 50).min(turns));
            let by_way = arrive(history.seek(later, Some(expected)), tip);
            let straight = arrive(history.seek(later, None), tip);
            assert!(all_of(&by_way) == all_of(&straight), "{what}: by way of what is shown");

            let mut end = sought;
            while seek::repeat(&mut end, tip, Time(u64::MAX)) != Turned::End {}
            end.set_clock(tip.world().now());
            assert!(all_of(&end) == all_of(tip), "{what}: it goes on as it did");
            assert!(end.judges() == tip.judges(), "{what}: and so do the judges");
            assert!(end.metrics() == tip.metrics(), "{what}: and the figures");
        }
    }
    assert!(midway > 30, "only {midway} of these moments were reached from the middle of a run");
}

#[test]
fn a_step_back_undoes_one_event() {
    let run = hostile_run(3);
    let history = history_of(&run);
    let tip = history.tip();
    let mut at = arrive(history.seek(Moment::Turn(tip.world().turn() / 2), None), tip);
    for _ in 0..20 {
        let last = at.trace().last_id();
        let before = arrive(history.seek(Moment::Turn(at.event_turn() - 1), Some(&at)), tip);
        assert!(before.trace().last_id() < last);
        let mut again = before.clone();
        while again.trace().last_id() < last {
            let turned = seek::repeat(&mut again, tip, Time(u64::MAX));
            assert_eq!(turned, Turned::Made);
        }
        assert_eq!(again.trace().last_id(), last, "the next event is that one again");
        at = before;
    }
}

#[test]
fn marks_lead_to_what_they_say() {
    let run = hostile_run(5);
    let history = history_of(&run);
    let crash = history.marks().iter().find(|mark| mark.kind == MarkKind::Crashed);
    let crash = crash.expect("some server crashes in this run");
    let there = arrive(history.seek(Moment::Turn(crash.turn), None), history.tip());
    assert_eq!(there.world().now(), crash.at);
    let event = there.trace().get(crash.event).expect("it was a moment ago");
    assert_eq!(event.what.to_string(), *crash.words);
    assert_eq!(there.event_turn(), crash.turn, "nothing has happened since");
    let before = arrive(history.seek(Moment::Turn(crash.turn - 1), None), history.tip());
    assert!(before.trace().get(crash.event).is_none());
}

/// A bank of three whose storage is a disk, with two seconds behind it.
fn banks() -> (Branches, Mirror<MemoryDisk>) {
    let config = Config { servers: 3, difficulty: 0, ..Config::default() };
    let simulation = Simulation::new(config, 7, Disks::default()).expect("it is valid");
    let mut branches = Branches::new(History::new(simulation));
    let mut mirror = Mirror::new(MemoryDisk::new());
    branches.drive_live(|tip| mirror.copy_all(tip)).expect("there is room");
    run(&mut branches, &mut mirror, 2_000);
    (branches, mirror)
}

fn run(branches: &mut Branches, mirror: &mut Mirror<MemoryDisk>, ms: u64) {
    let until = branches.shown().world().now() + Span::ms(ms);
    while branches.step_by(until, mirror) {}
    branches.set_clock(until);
}

fn pay(amount: u64) -> Action {
    let operation = Operation::Transfer { to: AccountId::new(2).expect("Bob"), amount };
    Action::Submit { client: ClientId::new(1).expect("Alice"), operation, via: None }
}

fn look_at(branches: &mut Branches, to: Moment) {
    let viewed = branches.viewed();
    let (id, there) = (viewed.id(), arrive(viewed.seek(to), viewed.history().tip()));
    branches.look_at(id, there);
}

/// That a storage holds just what a world does.
fn assert_mirrors(mirror: &Mirror<MemoryDisk>, simulation: &Simulation) {
    let kept = Disks::load(mirror.storage()).expect("it can be read");
    for (id, node) in simulation.world().nodes() {
        let image = kept.servers.get(&id).cloned().unwrap_or_default();
        assert!(image == *node.disk().image(), "{id}");
    }
    for client in simulation.world().clients() {
        let record = simulation.world().client_record(client.id());
        assert_eq!(kept.clients.get(&client.id()), record, "{}", client.id());
    }
}

#[test]
fn looking_back_changes_nothing() {
    let (mut branches, mut mirror) = banks();
    branches.act(pay(5), &mut mirror).expect("she may");
    run(&mut branches, &mut mirror, 1_000);
    let (kept, end) = (mirror.storage().clone(), all_of(branches.shown()));
    look_at(&mut branches, Moment::Time(Time(1_500_000)));
    assert!(branches.viewed().looks_back() && !branches.is_live_now());
    assert_eq!(branches.shown().world().now(), Time(1_500_000));
    assert!(branches.shown().world().actions().is_empty());
    // It plays on as it did, up to the end and no further.
    run(&mut branches, &mut mirror, 1_499);
    assert!(branches.viewed().looks_back());
    assert_eq!(*mirror.storage(), kept, "the storage has not been touched");
    branches.back_to_now();
    assert!(all_of(branches.shown()) == end && branches.is_live_now());
    assert_mirrors(&mirror, branches.shown());
}

/// What crashes and comes back by itself is kept as what somebody crashes.
#[test]
fn the_storage_follows_load_and_chaos() {
    let (mut branches, mut mirror) = banks();
    let rate = LoadRate::per_second(40);
    branches.act(Action::Load { rate }, &mut mirror).expect("it is a rate");
    let strength = Chaos::Hostile;
    branches.act(Action::Chaos { strength }, &mut mirror).expect("it is a strength");
    for _ in 0..3_000 {
        run(&mut branches, &mut mirror, 10);
        assert_mirrors(&mirror, branches.shown());
    }
    let crashes = |it: &&Mark| it.kind == MarkKind::Crashed;
    let crashed = branches.live().history().marks().iter().filter(crashes).count();
    assert!(crashed > 3, "{crashed} servers crashed");
}

/// Somebody edits what a server keeps while chaos has it down. It reads that, as after any restart.
#[test]
fn an_edit_of_the_storage_is_read_when_chaos_lets_a_server_come_back() {
    let (mut branches, mut mirror) = banks();
    let strength = Chaos::Hostile;
    branches.act(Action::Chaos { strength }, &mut mirror).expect("it is a strength");
    let is_down = |branches: &Branches| {
        let mut nodes = branches.shown().world().nodes();
        nodes.find(|(_, node)| node.server().is_none()).map(|(id, _)| id)
    };
    while is_down(&branches).is_none() {
        run(&mut branches, &mut mirror, 10);
    }
    let id = is_down(&branches).expect("one is down");
    let key = format!("raftbank/{id}/state");
    mirror.storage_mut().write(&key, "rubbish").expect("there is room");
    while branches.shown().world().actions().len() == 1 {
        run(&mut branches, &mut mirror, 10);
    }
    let edited = &branches.shown().world().actions()[1].action;
    assert!(matches!(edited, Action::Edit { server, .. } if *server == id), "{edited}");
    run(&mut branches, &mut mirror, 10);
    let node = branches.shown().world().node(id).expect("it is one of the cluster's");
    let stopped = format!("{:?}", node.down());
    assert!(stopped.contains("Unreadable"), "{stopped}");
    let again = history_of(&branches.live().history().tip().to_run());
    assert!(all_of(again.tip()) == all_of(branches.live().history().tip()));
}

#[test]
fn what_is_played_to_its_end_goes_on_live() {
    let (mut branches, mut mirror) = banks();
    look_at(&mut branches, Moment::Time(Time(1_900_000)));
    run(&mut branches, &mut mirror, 500);
    assert!(branches.is_live_now());
    assert_eq!(branches.live().history().tip().world().now(), Time(2_400_000));
    assert_mirrors(&mirror, branches.shown());
}

#[test]
fn acting_in_the_past_leaves_what_came_of_it_alone() {
    let (mut branches, mut mirror) = banks();
    branches.act(pay(5), &mut mirror).expect("she may");
    run(&mut branches, &mut mirror, 1_000);
    let (kept, end, main) =
        (mirror.storage().clone(), all_of(branches.shown()), branches.viewed().id());
    look_at(&mut branches, Moment::Time(Time(1_500_000)));
    let refused =
        branches.act(Action::Restart { server: ServerId::new(1).expect("S1") }, &mut mirror);
    assert!(matches!(refused, Err(BranchError::Act(_))), "{refused:?}");
    assert_eq!(branches.iter().len(), 1, "what is not possible begins no branch");

    let id = branches.act(pay(30), &mut mirror).expect("she may").expect("that is a branch");
    assert_eq!(branches.viewed().id(), id);
    assert_eq!(branches.viewed().name(), "Branch 2");
    let fork = branches.viewed().fork().expect("it left Main");
    assert_eq!((fork.parent, fork.at), (main, Time(1_500_000)));
    run(&mut branches, &mut mirror, 1_500);
    assert_eq!(*mirror.storage(), kept, "only the live branch is kept");
    assert!(all_of(branches.live().shown()) == end, "Main is as it was");

    // Both repeat themselves as runs of their own.
    for branch in branches.iter() {
        let again = history_of(&branch.history().tip().to_run());
        assert!(all_of(again.tip()) == all_of(branch.history().tip()), "{}", branch.name());
    }
    branches.compare(Some(main)).expect("Main is another");
    let comparison = branches.comparison().expect("two are shown");
    assert_eq!(comparison.left.at, comparison.right.at);
    let balance = |standing: &Standing| standing.balances[&AccountId::new(2).expect("Bob")];
    assert_eq!((balance(&comparison.left), balance(&comparison.right)), (130, 105));
    assert_eq!(comparison.common, Some(crate::base::Index(1)), "the opening block of the term");
}

#[test]
fn the_branch_that_is_made_live_is_what_is_kept() {
    let (mut branches, mut mirror) = banks();
    branches.act(pay(5), &mut mirror).expect("she may");
    run(&mut branches, &mut mirror, 1_000);
    look_at(&mut branches, Moment::Time(Time(1_500_000)));
    let main = branches.live().id();
    let id = branches.act(pay(30), &mut mirror).expect("she may").expect("that is a branch");
    run(&mut branches, &mut mirror, 1_000);
    branches.make_live(id, &mut mirror).expect("there is room");
    assert!(branches.is_live_now());
    assert_mirrors(&mirror, branches.shown());
    run(&mut branches, &mut mirror, 1_000);
    assert_mirrors(&mirror, branches.shown());
    // Back again: Alice has asked nothing since, and what is kept for her must be there.
    branches.make_live(main, &mut mirror).expect("there is room");
    assert_mirrors(&mirror, branches.live().shown());
    assert_eq!(branches.remove(main), Err(RemoveError::Live));
}

#[test]
fn branches_have_names_and_a_bound() {
    let (mut branches, mut mirror) = banks();
    let main = branches.live().id();
    for made in 2..=BRANCHES_MAX {
        branches.view(main).expect("it is there");
        look_at(&mut branches, Moment::Time(Time(1_000_000)));
        branches.act(pay(1), &mut mirror).expect("she may").expect("that is a branch");
        assert_eq!(branches.viewed().name(), format!("Branch {made}"));
    }
    branches.view(main).expect("it is there");
    look_at(&mut branches, Moment::Time(Time(1_000_000)));
    assert_eq!(branches.act(pay(1), &mut mirror), Err(BranchError::TooMany));
    assert!(branches.viewed().looks_back(), "it is left where it was");

    let second = branches.iter().nth(1).expect("it was made").id();
    assert_eq!(branches.rename(second, " \n"), Err(BranchError::Name));
    assert_eq!(branches.rename(second, &"é".repeat(NAME_MAX + 1)), Err(BranchError::Name));
    assert_eq!(branches.rename(second, "Main"), Err(BranchError::NameTaken("Main".to_owned())));
    branches.rename(second, "  Without S1 ").expect("it is free");
    assert_eq!(branches.get(second).expect("it is there").name(), "Without S1");
    branches.remove(second).expect("it is not live");
    assert_eq!(branches.remove(second), Err(RemoveError::Unknown));
    branches.act(pay(1), &mut mirror).expect("there is room").expect("that is a branch");
    assert_eq!(branches.viewed().name(), format!("Branch {}", BRANCHES_MAX + 1));
}

#[test]
fn what_left_a_branch_that_is_gone_left_what_it_left() {
    let (mut branches, mut mirror) = banks();
    let main = branches.live().id();
    look_at(&mut branches, Moment::Time(Time(1_000_000)));
    let second = branches.act(pay(1), &mut mirror).expect("she may").expect("a branch");
    run(&mut branches, &mut mirror, 500);
    look_at(&mut branches, Moment::Time(Time(1_200_000)));
    let third = branches.act(pay(2), &mut mirror).expect("she may").expect("a branch");
    assert_eq!(branches.viewed().fork().expect("it left another").parent, second);
    // Of a moment before the branch parted, the parent is the one that it left.
    branches.view(second).expect("it is there");
    look_at(&mut branches, Moment::Time(Time(600_000)));
    branches.act(pay(3), &mut mirror).expect("she may").expect("a branch");
    assert_eq!(branches.viewed().fork().expect("it left another").parent, main);

    let parted = branches.get(second).expect("it is there").fork().expect("it left Main");
    branches.remove(second).expect("it is not live");
    assert_eq!(branches.get(third).expect("it is there").fork(), Some(parted));
}

#[test]
fn two_branches_go_by_one_clock() {
    let (mut branches, mut mirror) = banks();
    let main = branches.live().id();
    look_at(&mut branches, Moment::Time(Time(1_000_000)));
    branches.act(pay(1), &mut mirror).expect("she may").expect("a branch");
    branches.compare(Some(main)).expect("it is another");
    assert_eq!(branches.compare(Some(branches.viewed().id())), Err(BranchError::Itself));
    let compared = branches.compared().expect("it is shown");
    let there = arrive(compared.seek(Moment::Time(Time(1_000_000))), compared.history().tip());
    branches.look_at(main, there);
    for _ in 0..15 {
        run(&mut branches, &mut mirror, 100);
        while branches.follow(&mut mirror) {}
        let shown = branches.compared().expect("it is shown").shown();
        assert_eq!(shown.world().now(), branches.shown().world().now());
    }
    // It went beyond its end, and what is kept went with it.
    assert_eq!(branches.live().history().tip().world().now(), Time(2_500_000));
    assert_mirrors(&mirror, branches.live().history().tip());
    assert!(mirror.storage().keys().expect("it can be read").len() > 3);
}
