//! What a run may begin with: disks that an earlier run left behind, each in a state of its own.

use crate::bank::{Ledger, Reply, Verdict};
use crate::base::{AccountId, Index};
use crate::check::Property::*;
use crate::check::testing::{OPENING, Story, block, checkpoint, paid, request};
use crate::server::{Checkpoint, Fact};
use std::sync::Arc;

/// After a reload the disks may hold different snapshots of one chain.
#[test]
fn snapshots_of_an_earlier_run_are_taken_over() {
    let receipts = [paid(1, 1, 2, 10)];
    let genesis = Story::new().genesis;
    let first = block(&genesis, 1, &receipts);
    let second = block(&first, 1, &[paid(2, 1, 3, 1)]);
    let third = block(&second, 2, &[paid(1, 2, 2, 5)]);
    let early = checkpoint(&first, &receipts);
    let late = checkpoint(&second, &[receipts[0], paid(2, 1, 3, 1)]);
    for early_first in [true, false] {
        let mut story = Story::new();
        if early_first {
            story.recovers_from(1, 2, &early, &[&second, &third]);
        }
        story.recovers_from(2, 2, &late, &[&third]);
        if !early_first {
            story.recovers_from(1, 2, &early, &[&second, &third]);
        }
        story.leads(1, 3).commits(1, 3).commits(2, 3).applies(2, &third, [85, 114, 101]);
        story.answered(1, 1, Verdict::Committed { height: Index(1) });
        story.answered(1, 2, Verdict::Committed { height: Index(3) }).is_clean();
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
    story.recovers(1, 1, &[&stale]);
    story.recovers_from(2, 2, &checkpoint(&first, &[]), &[&second]);
    story.recovers(3, 2, &[&first, &second]).leads(2, 3);
    for id in [2, 3] {
        story.appends(id, &[&third]).persists(id, &[&third]);
    }
    story.commits(2, 3).applies(2, &second, OPENING).applies(2, &third, OPENING);
    story.fact(2, Fact::SnapshotTaken(checkpoint(&third, &[])));
    story.truncates(1, 1).appends(1, &[&first, &second, &third]);
    story.persists(1, &[&first, &second, &third]).commits(1, 3).is_clean();
}

/// Of what lies before a snapshot the sessions in it still tell the height.
#[test]
fn a_reply_about_what_a_snapshot_stands_for_is_believed_only_at_its_height() {
    let receipts = [paid(1, 1, 2, 10)];
    let first = block(&Story::new().genesis, 1, &receipts);
    let second = block(&first, 1, &[paid(2, 1, 3, 1)]);
    let late = checkpoint(&second, &[receipts[0], paid(2, 1, 3, 1)]);
    for (client, height, expected) in
        [(1, 1, &[][..]), (2, 2, &[]), (1, 2, &[NoPhantoms]), (3, 1, &[NoPhantoms])]
    {
        let mut story = Story::new();
        story.recovers_from(1, 2, &late, &[]);
        let verdict = Verdict::Committed { height: Index(height) };
        story.fact(1, Fact::Replied(Reply { id: request(client, 1), verdict })).breaks(expected);
    }
}

/// The block that a snapshot ends with is the oldest about which promises are kept.
#[test]
fn a_promise_about_the_block_of_a_snapshot_outlives_the_next_commit() {
    let first = block(&Story::new().genesis, 1, &[paid(3, 1, 1, 1)]);
    let second = block(&first, 1, &[paid(1, 1, 2, 10)]);
    let snapshot = checkpoint(&second, &[paid(3, 1, 1, 1), paid(1, 1, 2, 10)]);
    let third = block(&second, 2, &[]);
    let mut story = Story::new();
    story.recovers_from(1, 2, &snapshot, &[]);
    story.answered(1, 1, Verdict::Committed { height: Index(2) });
    story.leads(1, 2).appends(1, &[&third]).persists(1, &[&third]).commits(1, 3).is_clean();
    let other = block(&first, 1, &[]);
    story.appends(2, &[&first, &other]).applies(2, &other, OPENING);
    story.breaks(&[StateMachineSafety, AcknowledgedStays]);
}

/// What an earlier run left behind is believed, but for the sum of all money.
#[test]
fn a_snapshot_with_money_from_nowhere_breaks_conservation() {
    let genesis = Story::new().genesis;
    let first = block(&genesis, 1, &[]);
    let second = block(&first, 1, &[]);
    let richer = AccountId::first(3).zip([100, 100, 101]).collect();
    let ledger = Ledger::open(&richer).expect("a bank");
    let honest = Checkpoint::clone(&checkpoint(&first, &[]));
    let forged = Arc::new(Checkpoint { ledger, ..honest });
    let mut story = Story::new();
    story.recovers_from(1, 1, &forged, &[&second]).commits(1, 2);
    // Its block names the accounts as they were, so that is noticed too.
    story.breaks(&[ValidChain, Conservation, TrueSnapshot]);
    let found = story.judges.violations().find(|found| found.property == Conservation);
    let what = found.map(|found| found.what.as_str());
    assert_eq!(what, Some("the chain leads to 301 at height 2, not 300"));
}
