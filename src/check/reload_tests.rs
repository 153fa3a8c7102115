//! What a run may begin with: disks that an earlier run left behind, each in a state of its own.

use super::testing::{Story, block, paid};
use super::tests::checkpoint;
use crate::base::Term;
use crate::chain::Block;
use crate::server::{Checkpoint, Fact};
use std::sync::Arc;

fn recovered(snapshot: &Arc<Checkpoint>, blocks: &[&Block]) -> Fact {
    Fact::Recovered {
        term: Term(2),
        vote: None,
        snapshot: Some(snapshot.clone()),
        blocks: blocks.iter().map(|block| (*block).clone()).collect(),
    }
}

/// S2 has a snapshot, S3 the same blocks in full, and S1 another block where they begin. When it
/// has put that right, nobody has a snapshot of just that height any more.
#[test]
fn a_log_that_catches_up_where_a_snapshot_stood_matches_the_others() {
    let mut story = Story::new();
    let stale = block(&story.genesis, 1, &[paid(1, 1, 2, 3)]);
    let first = block(&story.genesis, 2, &[]);
    let second = block(&first, 2, &[]);
    let third = block(&second, 3, &[]);
    story.recovers(1, 1, &[&stale]).fact(2, recovered(&checkpoint(&first, &[]), &[&second]));
    story.recovers(3, 2, &[&first, &second]).leads(2, 3);
    for id in [2, 3] {
        story.appends(id, &[&third]).persists(id, &[&third]);
    }
    let balances = [100, 100, 100];
    story.commits(2, 3).applies(2, &second, balances).applies(2, &third, balances);
    story.fact(2, Fact::SnapshotTaken(checkpoint(&third, &[])));
    story.truncates(1, 1).appends(1, &[&first, &second, &third]);
    story.persists(1, &[&first, &second, &third]).commits(1, 3).is_clean();
}
