//! What a snapshot stands for.

use crate::base::Membership;
use crate::check::Property::*;
use crate::check::testing::{OPENING, Story, block, checkpoint, paid, server};
use crate::server::{Checkpoint, Fact};
use std::sync::Arc;

#[test]
fn a_snapshot_stands_for_the_chain_before_it() {
    let receipts = [paid(1, 1, 2, 10)];
    let (mut story, first) = Story::told(&receipts, [90, 110, 100]);
    let second = block(&first, 1, &[]);
    let of_first = checkpoint(&first, &receipts);
    story.appends(1, &[&second]).persists(1, &[&second]).persists(2, &[&second]);
    story.fact(1, Fact::SnapshotTaken(of_first.clone()));
    let installed = Fact::SnapshotInstalled { from: server(1), checkpoint: of_first.clone() };
    story.commits(1, 2).applies(1, &second, [90, 110, 100]).fact(2, installed);
    story.appends(2, &[&second]).commits(2, 2).applies(2, &second, [90, 110, 100]);
    story.crashes(2).recovers_from(2, 1, &of_first, &[&second]);
    story.commits(2, 2).applies(2, &second, [90, 110, 100]).leads(2, 2).is_clean();
    // Without its snapshot it would begin anew.
    story.crashes(2).recovers(2, 2, &[]).breaks(&[NothingGoesBack, Durability]);
}

#[test]
fn a_snapshot_with_other_accounts_or_another_block_is_not_true() {
    let receipts = [paid(1, 1, 2, 10)];
    for wrong in 0..4 {
        let (mut story, first) = Story::told(&receipts, [90, 110, 100]);
        let other = block(&story.genesis, 1, &[]);
        let snapshot = match wrong {
            0 => checkpoint(&first, &[]),
            1 => checkpoint(&other, &receipts),
            2 => {
                let stranger = Membership::of([server(4)]);
                let whole = Checkpoint::clone(&checkpoint(&first, &receipts));
                Arc::new(Checkpoint { membership: stranger, ..whole })
            }
            _ => checkpoint(&block(&first, 1, &[]), &receipts),
        };
        story.follows(1, 2).fact(1, Fact::SnapshotTaken(snapshot)).breaks(&[TrueSnapshot]);
    }
}

/// Alice paid Bob, and Bob paid her back: the balances are as they were, the sessions are not.
#[test]
fn a_snapshot_that_forgot_who_was_answered_is_not_true() {
    let receipts = [paid(1, 1, 2, 10), paid(2, 1, 1, 10)];
    let mut story = Story::new();
    let first = block(&story.genesis, 1, &receipts[..1]);
    let second = block(&first, 1, &receipts[1..]);
    story.asked(&receipts).leads(1, 1).appends(1, &[&first, &second]).commits(1, 2);
    story.applies(1, &first, [90, 110, 100]).applies(1, &second, OPENING);
    story.fact(1, Fact::SnapshotTaken(checkpoint(&second, &receipts))).is_clean();
    story.fact(1, Fact::SnapshotTaken(checkpoint(&second, &[])));
    let what = story.breaks(&[TrueSnapshot]);
    assert!(what.ends_with("but its block names another state root"), "{what}");
}

#[test]
fn a_snapshot_that_falls_behind_the_former_goes_back() {
    let mut story = Story::new();
    let first = block(&story.genesis, 1, &[]);
    let second = block(&first, 1, &[]);
    story.leads(1, 1).appends(1, &[&first, &second]).commits(1, 2);
    story.applies(1, &first, OPENING).applies(1, &second, OPENING);
    for last in [&first, &second, &second] {
        story.fact(1, Fact::SnapshotTaken(checkpoint(last, &[])));
    }
    story.is_clean();
    story.follows(1, 2).fact(1, Fact::SnapshotTaken(checkpoint(&first, &[])));
    let what = story.breaks(&[NothingGoesBack, OrderedHeights]);
    assert_eq!(what, "the snapshot of S1 goes back from height 2 to 1");
}

#[test]
fn a_leader_that_puts_a_snapshot_in_the_place_of_its_log_breaks_leader_append_only() {
    let (mut story, first) = Story::told(&[], OPENING);
    let second = block(&first, 1, &[]);
    story.appends(1, &[&second]).persists(1, &[&second]).persists(2, &[&second]).commits(1, 2);
    story.applies(1, &second, OPENING);
    let from = server(1);
    let installed = |of| Fact::SnapshotInstalled { from, checkpoint: checkpoint(of, &[]) };
    story.fact(1, installed(&first)).fact(3, installed(&second)).is_clean();
    story.leads(3, 2).follows(1, 2).fact(1, installed(&second)).is_clean();
    let third = block(&second, 2, &[]);
    story.appends(3, &[&third]).persists(3, &[&first, &second, &third]);
    story.persists(2, &[&third]);
    story.commits(3, 3).applies(3, &third, OPENING);
    // It has the block already that one stands for, and lacks what the other one does.
    story.leads(1, 4).fact(1, installed(&third));
    let what = story.breaks(&[LeaderAppendOnly, LeaderCompleteness]);
    assert_eq!(what, "S1 leads term 4, and put a snapshot in the place of its log");
}
