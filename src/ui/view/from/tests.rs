//! What the page says of a short run, moment by moment.

use super::*;
use crate::bank::Operation;
use crate::base::{AccountId, Membership, Span};
use crate::channel::Groups;
use crate::sim::{Action, Config, Disks};
use crate::ui::view::state::State;
use expect_test::{Expect, expect};

fn server(number: u8) -> ServerId {
    ServerId::new(number).expect("a number of a server")
}

fn simulation() -> Simulation {
    let config = Config { servers: 3, clients: 2, ..Config::default() };
    Simulation::new(config, 42, Disks::default()).expect("the settings are valid")
}

fn pass(simulation: &mut Simulation, ms: u64) {
    simulation.run_until(simulation.world().now() + Span::ms(ms));
}

fn leads(simulation: &Simulation) -> ServerId {
    leader(simulation.world()).expect("somebody leads").id()
}

fn pay(simulation: &mut Simulation, amount: u64) {
    let client = ClientId::new(1).expect("there is a first client");
    let to = AccountId::new(2).expect("there is a second account");
    let operation = Operation::Transfer { to, amount };
    simulation.act(Action::Submit { client, operation, via: None }).expect("a client may ask");
}

/// The sentence and the hint, the servers' names, a line for each log, the clients' cards.
fn told(simulation: &Simulation) -> String {
    let page = Page::of(simulation, &Watch::default(), &|_| None);
    let mut text = format!("{}\nTry: {}\n", page.now, page.hint);
    for (node, row) in page.stage.servers.iter().zip(&page.table.rows) {
        let cells = row.cells.iter().flatten().map(|cell| {
            let sign = if cell.committed { "" } else { "?" };
            format!(" {}{sign}", cell.term)
        });
        text += &format!("{} |{}\n", node.name(), cells.collect::<String>());
    }
    for card in page.clients.iter() {
        let (committed, pending) = (card.committed.unwrap_or(0), card.pending.unwrap_or(0));
        text += &format!("{} {committed} ({pending})\n", card.id);
        for item in &card.requests {
            let (what, status) = (&item.what, item.status.words());
            text += &format!("  #{} {what}: {status}, {} retries\n", item.seq, item.retries);
        }
    }
    text
}

fn check(simulation: &Simulation, expected: Expect) {
    expected.assert_eq(&told(simulation));
}

#[test]
fn a_bank_that_just_opened() {
    check(
        &simulation(),
        expect![[r#"
        Nobody leads. The timer of S2 runs out first, in 336 ms.
        Try: watch the dials. The server whose timer runs out first asks for votes.
        Server S1, follower, term 0, commit 0 |
        Server S2, follower, term 0, commit 0 |
        Server S3, follower, term 0, commit 0 |
        Alice 100 (100)
        Bob 100 (100)
    "#]],
    );
}

#[test]
fn a_transfer_under_way_and_committed() {
    let mut simulation = simulation();
    pass(&mut simulation, 2000);
    check(
        &simulation,
        expect![[r#"
        S2 leads term 1 and all follow it. The chain of 1 block is committed.
        Try: send a transfer: Alice pays Bob 10. Follow it into a block.
        Server S1, follower, term 1, commit 1 | 1
        Server S2, leader, term 1, commit 1 | 1
        Server S3, follower, term 1, commit 1 | 1
        Alice 100 (100)
        Bob 100 (100)
    "#]],
    );
    pay(&mut simulation, 30);
    pass(&mut simulation, 100);
    check(
        &simulation,
        expect![[r#"
        S2 leads term 1 and all follow it. The chain of 2 blocks is committed.
        Try: crash S2, the leader, and see who takes over.
        Server S1, follower, term 1, commit 1 | 1 1?
        Server S2, leader, term 1, commit 2 | 1 1
        Server S3, follower, term 1, commit 1 | 1 1?
        Alice 70 (70)
          #1 30 to Bob: pending, 0 retries
        Bob 130 (130)
    "#]],
    );
    pay(&mut simulation, 90);
    pass(&mut simulation, 2000);
    check(
        &simulation,
        expect![[r#"
        S2 leads term 1 and all follow it. The chain of 3 blocks is committed.
        Try: crash S2, the leader, and see who takes over.
        Server S1, follower, term 1, commit 3 | 1 1 1
        Server S2, leader, term 1, commit 3 | 1 1 1
        Server S3, follower, term 1, commit 3 | 1 1 1
        Alice 70 (70)
          #2 90 to Bob: refused: insufficient funds (the balance was 70), 0 retries
          #1 30 to Bob: committed at height 2, 0 retries
        Bob 130 (130)
    "#]],
    );
}

#[test]
fn a_leader_alone_behind_a_partition() {
    let mut simulation = simulation();
    pass(&mut simulation, 2000);
    let old = leads(&simulation);
    let others: Vec<ServerId> = ServerId::first(3).filter(|id| *id != old).collect();
    let stage = Stage::of(simulation.world(), &Watch::default());
    let away = crate::ui::view::geometry::Point { x: 4.0, y: 4.0 };
    let groups = stage.drop_server(old, away).expect("it was dragged off the ground");
    let expected: Groups = format!("{old};{}-{}", others[0], others[1]).parse().expect("groups");
    assert_eq!(groups, expected);
    simulation.act(Action::Partition { groups }).expect("the groups fit");
    check(
        &simulation,
        expect![[r#"
        S2 still believes that it leads term 1, but it reaches nobody else: it can commit nothing.
        Try: send a transfer: Alice pays Bob 10. Follow it into a block.
        Server S1, follower, term 1, commit 1 | 1
        Server S2, leader, term 1, commit 1 | 1
        Server S3, follower, term 1, commit 1 | 1
        Alice 100 (100)
        Bob 100 (100)
    "#]],
    );
    pass(&mut simulation, 3000);
    check(
        &simulation,
        expect![[r#"
            S1 leads term 2 without S2, which is cut off from it. The chain of 2 blocks is committed.
            Try: send a transfer: Alice pays Bob 10. Follow it into a block.
            Server S1, leader, term 2, commit 2 | 1 2
            Server S2, follower, term 1, commit 1 | 1
            Server S3, follower, term 2, commit 2 | 1 2
            Alice 100 (100)
            Bob 100 (100)
        "#]],
    );
    let stage = Stage::of(simulation.world(), &Watch::default());
    let labels: Vec<_> = stage.grounds.iter().map(|ground| ground.label.as_str()).collect();
    assert_eq!(labels.iter().filter(|label| **label == "majority").count(), 1, "{labels:?}");
}

#[test]
fn a_leader_that_crashed_is_missed_before_it_is_restarted() {
    let mut simulation = simulation();
    pass(&mut simulation, 2000);
    pay(&mut simulation, 30);
    pass(&mut simulation, 2000);
    let old = leads(&simulation);
    simulation.act(Action::Crash { server: old }).expect("it is up");
    assert!(headline::hint(&simulation).starts_with("watch the dials: "));
    pass(&mut simulation, 2000);
    assert_eq!(
        headline::now(&simulation),
        "S3 leads term 2 without S2, which is down. The chain of 3 blocks is committed."
    );
    assert!(headline::hint(&simulation).starts_with("restart S2."));
    simulation.act(Action::Isolate { server: leads(&simulation) }).expect("it is up");
    assert_eq!(
        headline::now(&simulation),
        "S3 still believes that it leads term 2, but it reaches nobody else: it can commit nothing."
    );
}

#[test]
fn what_all_have_stays_in_view_of_a_long_tail() {
    let config = Config { servers: 3, clients: 2, difficulty: 4, ..Config::default() };
    let mut simulation = Simulation::new(config, 42, Disks::default()).expect("valid settings");
    pass(&mut simulation, 2000);
    let old = leads(&simulation);
    simulation.act(Action::Isolate { server: old }).expect("it is up");
    let client = ClientId::new(1).expect("there is a first client");
    let to = AccountId::new(2).expect("there is a second account");
    for _ in 0..12 {
        let operation = Operation::Transfer { to, amount: 1 };
        let via = Some(old);
        simulation.act(Action::Submit { client, operation, via }).expect("a client may ask");
        pass(&mut simulation, 20);
    }
    let page = Page::of(&simulation, &Watch::default(), &|_| None);
    let tail = simulation.world().node(old).and_then(Node::server).expect("it is up").raft();
    assert!(tail.last_index().0 > 8, "{}", tail.last_index());
    assert_eq!(page.table.heights, [1, 2, 3, 4, 5, 6, 7, 8]);
    assert!(page.table.rows.iter().all(|row| row.cells[0].is_some()), "{:?}", page.table);
}

#[test]
fn without_a_majority_and_without_anybody() {
    let mut simulation = simulation();
    pass(&mut simulation, 2000);
    simulation.act(Action::Crash { server: server(1) }).expect("it is up");
    simulation.act(Action::Crash { server: server(2) }).expect("it is up");
    check(
        &simulation,
        expect![[r#"
        Only S3 is up: without 2 servers there is no majority, and nothing can be decided.
        Try: restart S1. It comes back with what its disk holds, and catches up.
        Server S1, down, term 1, commit 0 | 1?
        Server S2, down, term 1, commit 0 | 1?
        Server S3, follower, term 1, commit 1 | 1
        Alice 100 (100)
        Bob 100 (100)
    "#]],
    );
    simulation.act(Action::Crash { server: server(3) }).expect("it is up");
    check(
        &simulation,
        expect![[r#"
        All servers are down. The bank stands still, and loses nothing.
        Try: restart S1. It comes back with what its disk holds, and catches up.
        Server S1, down, term 1, commit 0 | 1?
        Server S2, down, term 1, commit 0 | 1?
        Server S3, down, term 1, commit 0 | 1?
        Alice 0 (0)
        Bob 0 (0)
    "#]],
    );
}

#[test]
fn a_mark_is_where_its_share_of_the_way_lies() {
    let mut simulation = simulation();
    while simulation.world().in_flight().next().is_none() {
        assert!(simulation.step(), "an election sends messages");
    }
    let stage = Stage::of(simulation.world(), &Watch::default());
    // The first to arrive: nothing else happens before.
    let flights = simulation.world().in_flight().map(|(_, flight)| flight).enumerate();
    let (mark, flight) = flights.min_by_key(|(_, flight)| flight.arrives_at).expect("there is one");
    let (sent, arrives) = (flight.sent_at, flight.arrives_at);
    let place = |simulation: &Simulation| Motion::of(simulation, &stage).marks[mark].at;
    let start = place(&simulation);
    let half = crate::base::Time((sent.0 + arrives.0) / 2);
    simulation.set_clock(half);
    let middle = place(&simulation);
    simulation.set_clock(arrives);
    let end = place(&simulation);
    let (first, second) = (start.distance(middle), middle.distance(end));
    assert!(first > 10.0 && (first - second).abs() < 1.0, "{start:?} {middle:?} {end:?}");
}

#[test]
fn scripts_see_the_state_as_it_was_promised() {
    let mut simulation = simulation();
    pass(&mut simulation, 2000);
    pay(&mut simulation, 30);
    pass(&mut simulation, 2000);
    let state = serde_json::to_value(State::of(&simulation)).expect("it is plain");
    let keys = |value: &serde_json::Value| {
        let keys = value.as_object().expect("an object").keys().cloned();
        keys.collect::<Vec<String>>().join(" ")
    };
    let parts =
        [&state, &state["servers"][0], &state["clients"][0], &state["channel"], &state["safety"]];
    let shape: Vec<String> = parts.into_iter().map(keys).collect();
    expect![[r#"
        branch channel chaos clients live load looking_at_ms now_ms safety seed servers
        balances commit id last role term tip_hash up
        name requests
        delivered dropped groups in_flight sent
        checked rules_off violations"#]]
    .assert_eq(&shape.join("\n"));
    assert_eq!(state["clients"][0]["requests"][0]["status"], "committed");
    assert_eq!(state["servers"][0]["balances"]["Bob"], 130);
}

#[test]
fn who_has_no_vote_is_told_from_who_has() {
    let config = Config { servers: 4, spares: 1, ..Config::default() };
    let mut simulation = Simulation::new(config, 1, Disks::default()).expect("valid settings");
    let names = |simulation: &Simulation| {
        let stage = Stage::of(simulation.world(), &Watch::default());
        stage.servers.iter().map(|node| node.condition.word()).collect::<Vec<_>>()
    };
    pass(&mut simulation, 2000);
    let before = names(&simulation);
    assert_eq!(before[3], "no member");
    assert!(before[..3].contains(&"leader"), "{before:?}");

    let (voters, learners) = ([1, 2, 3].map(server).into(), [server(4)].into());
    let membership = Membership::new(voters, learners).expect("there are voters");
    simulation.act(Action::Members { membership }).expect("there is a leader");
    pass(&mut simulation, 2000);
    assert_eq!(names(&simulation)[3], "learner");
    assert_eq!(
        headline::now(&simulation),
        "S1 leads term 1 and all follow it. The chain of 2 blocks is committed."
    );
}

/// The answer as somebody reads it: the question, the answer, the reasons with their moments.
fn answered(simulation: &Simulation, question: &str) -> String {
    let why = Some(question.parse().expect("it is a question"));
    let page = Page::of(simulation, &Watch { why, ..Watch::default() }, &|_| None);
    let why = page.why.expect("it was asked");
    let mut text = format!("{}\n{}\n", why.title, why.headline);
    for reason in &why.reasons {
        let moments = reason.moments.iter().map(|moment| format!(" ({})", moment.when));
        text += &format!("- {}{}\n", reason.text, moments.collect::<String>());
    }
    for leg in &why.path {
        text += &format!("{} {}, {:.0} %\n", leg.part, leg.took, 100.0 * leg.share);
    }
    text.extend(why.remedies.iter().map(|remedy| format!("{remedy}\n")));
    text
}

#[test]
fn an_answer_stays_true_while_time_passes() {
    let mut simulation = simulation();
    assert!(Page::of(&simulation, &Watch::default(), &|_| None).leaderless);
    pass(&mut simulation, 2000);
    pay(&mut simulation, 30);
    pass(&mut simulation, 60);
    check_answer(
        &simulation,
        "Alice #1",
        expect![[r#"
        Why is Alice #1 waiting?
        Alice #1 waits: S2 is mining block 2 with it.
        - S2 has been searching for 16 ms for a nonce for block 2, with 1 transfer: 1576 tried, and one in 4096 fits. (2.044 s)
        - Alice has sent it once, and sends it again in 817 ms if no answer comes.
        channel 44 ms, 74 %
        mining 16 ms so far, 26 %
    "#]],
    );
    pass(&mut simulation, 2000);
    check_answer(
        &simulation,
        "Alice #1",
        expect![[r#"
        How was Alice #1 answered?
        Alice #1 was answered after 114 ms: committed at height 2.
        - Block 2 is committed, since S2 found a majority for it at 2.095 s.
        - S2 answered it at 2.095 s. (2.095 s)
        channel 44 ms, 39 %
        mining 22 ms, 19 %
        replication 29 ms, 26 %
        reply 19 ms, 16 %
    "#]],
    );
    let server = leads(&simulation);
    check_answer(
        &simulation,
        &server.to_string(),
        expect![[r#"
        Why is S2 the leader?
        S2 leads term 1: a majority voted for it.
        - S2 won the election of term 1 at 0.410 s, with the votes of S1, S2 and S3. (0.375 s) (0.394 s) (0.400 s) (0.410 s)
    "#]],
    );
    simulation.act(Action::Crash { server }).expect("it is up");
    check_answer(
        &simulation,
        &server.to_string(),
        expect![[r#"
        Why is S2 down?
        S2 is down: it crashed.
        - It went down at 4.060 s, by `crash S2`. (4.060 s)
        Restart S2.
    "#]],
    );
    assert!(Page::of(&simulation, &Watch::default(), &|_| None).why.is_none());
}

fn check_answer(simulation: &Simulation, question: &str, expected: Expect) {
    expected.assert_eq(&answered(simulation, question));
}
