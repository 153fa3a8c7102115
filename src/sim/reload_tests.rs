//! Worlds that begin with what an earlier one left on its disks.

use super::{Action, Config, Disks, Down, Simulation};
use crate::base::{Membership, ServerId, Span, Time};
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
