//! Worlds that begin with what an earlier one left on its disks.

use super::{Action, Config, Disks, Down, Simulation};
use crate::bank::{Operation, RequestId, Verdict};
use crate::base::{AccountId, ClientId, Membership, ServerId, Span, Time};
use crate::client::Status;
use crate::trace::StopReason;

/// Somebody has lowered the number of servers, and left the disks as they were.
#[test]
fn disks_that_name_a_member_which_is_not_there_stop_their_servers() {
    let config = Config { servers: 4, spares: 1, difficulty: 0, ..Config::default() };
    let mut former = Simulation::new(config.clone(), 1, Disks::default()).expect("it is valid");
    former.run_until(Time::ZERO + Span::secs(2));
    let membership = Membership::of(ServerId::first(4));
    former.act(Action::Members { membership }).expect("there is a leader");
    former.run_until(Time::ZERO + Span::secs(4));
    for compacted in [false, true] {
        if compacted {
            for server in ServerId::first(4) {
                former.act(Action::Snapshot { server }).expect("it is up");
            }
            former.run_until(former.world().now() + Span::secs(1));
        }
        let fewer = Config { servers: 3, spares: 0, ..config.clone() };
        let simulation = Simulation::new(fewer, 1, former.world().disks());
        let mut simulation = simulation.expect("what a disk holds is for its server to say");
        simulation.run_until(Time::ZERO + Span::secs(2));
        for (id, node) in simulation.world().nodes() {
            let Some(Down::Stopped(StopReason::Unreadable(unreadable))) = node.down() else {
                panic!("{id} is up")
            };
            let said = unreadable.to_string();
            assert!(
                said.contains("it names S4 as a member, and there are but 3 servers"),
                "{id}: {said}"
            );
        }
    }
}

/// Alice pays Bob so much, and hears what became of it.
fn pays(simulation: &mut Simulation, amount: u64) -> (RequestId, Verdict) {
    let client = ClientId::new(1).expect("Alice");
    let operation = Operation::Transfer { to: AccountId::new(2).expect("Bob"), amount };
    simulation.act(Action::Submit { client, operation, via: None }).expect("she may ask");
    simulation.run_until(simulation.world().now() + Span::secs(3));
    let alice = simulation.world().client(client).expect("she is a client");
    let newest = alice.requests().into_iter().next_back().expect("she has asked");
    let Status::Done { verdict, .. } = newest.status else { panic!("it is not answered") };
    (newest.request.id, verdict)
}

/// Somebody has put an older copy of Alice's record back. Its next numbers are those of transfers
/// that are over, and none of her new ones may pass for one of them.
#[test]
fn a_transfer_under_a_number_that_was_used_is_never_said_to_be_committed() {
    let alice = ClientId::new(1).expect("Alice");
    let config = Config { servers: 3, difficulty: 0, ..Config::default() };
    let mut former = Simulation::new(config.clone(), 1, Disks::default()).expect("it is valid");
    former.run_until(Time::ZERO + Span::secs(2));
    let mut records = Vec::new();
    for amount in 1..=4 {
        let record = former.world().client_record(alice).expect("she has a record");
        records.push(record.clone());
        pays(&mut former, amount);
    }
    for record in records {
        let mut disks = former.world().disks();
        disks.clients.insert(alice, record);
        let mut simulation = Simulation::new(config.clone(), 2, disks).expect("it is valid");
        simulation.run_until(Time::ZERO + Span::secs(2));
        let (first, verdict) = pays(&mut simulation, 9);
        assert_eq!(verdict, Verdict::Stale { lowest_accepted: 5 }, "{first}");
        let (second, verdict) = pays(&mut simulation, 9);
        assert!(matches!(verdict, Verdict::Committed { .. }), "{second}: {verdict:?}");
        let mut violations = simulation.judges().violations();
        assert_eq!(violations.next(), None);
        let leader = simulation.world().leader().expect("somebody leads");
        let leader = simulation.world().server(leader).expect("it is up");
        let left = leader.committed_ledger().balance(alice.account());
        assert_eq!(left, Some(former_balance(&config) - 1 - 2 - 3 - 4 - 9));
    }
}

fn former_balance(config: &Config) -> u64 {
    let alice = AccountId::new(1).expect("Alice");
    config.setup().opening.balance(alice).expect("she has an account")
}
