//! What is on the disks.

use crate::base::{Index, Membership, ServerId, Term};
use crate::check::Property::*;
use crate::check::testing::{OPENING, Story, block, changing, checkpoint, server};
use crate::server::{Checkpoint, Fact};
use crate::trace::Kept;
use std::sync::Arc;

#[test]
fn a_commit_that_is_not_on_a_quorum_of_disks_breaks_durability() {
    for (holders, why) in [
        (&[1][..], "which is on the disks of S1: no quorum of S1-S2-S3"),
        (&[2, 3], "which is not on its own disk"),
        (&[], "which is not on its own disk"),
    ] {
        let mut story = Story::new();
        let first = block(&story.genesis, 1, &[]);
        story.recovers(1, 0, &[]).recovers(2, 0, &[]).recovers(3, 0, &[]).leads(1, 1);
        story.appends(1, &[&first]);
        for holder in holders {
            story.persists(*holder, &[&first]);
        }
        let what = story.commits(1, 1).breaks(&[Durability]);
        assert!(what.ends_with(why), "{what}");
    }
}

#[test]
fn half_of_the_servers_are_no_quorum() {
    let four = Membership::of(ServerId::first(4));
    Story::of_members(&four, &[1, 2]).breaks(&[Durability]);
    Story::of_members(&four, &[1, 2, 4]).is_clean();
}

#[test]
fn a_joint_membership_needs_both_quorums() {
    let founders = Membership::of(ServerId::first(3));
    let joint = founders.joint_with(&Membership::of([1, 4, 5].map(server)));
    Story::of_members(&joint, &[1, 2, 4]).is_clean();
    Story::of_members(&joint, &[1, 2]).breaks(&[Durability]);
    Story::of_members(&joint, &[1, 4, 5]).breaks(&[Durability]);
}

/// The members that a snapshot stands for decide on what comes after it.
#[test]
fn a_change_of_the_members_outlives_its_block() {
    for (holders, expected) in [(&[1][..], &[][..]), (&[2, 3], &[Durability])] {
        let mut story = Story::new();
        let alone = Membership::of([server(1)]);
        let first = changing(&story.genesis, 1, &[], Some(alone.clone()));
        let second = block(&first, 1, &[]);
        let whole = Checkpoint::clone(&checkpoint(&first, &[]));
        let taken = Arc::new(Checkpoint { membership: alone, ..whole });
        for id in 1..=3 {
            story.recovers(id, 0, &[]);
        }
        story.leads(1, 1).appends(1, &[&first]).persists(1, &[&first]).commits(1, 1);
        story.applies(1, &first, OPENING).fact(1, Fact::SnapshotTaken(taken));
        story.appends(1, &[&second]).is_clean();
        for holder in holders {
            story.persists(*holder, &[&second]);
        }
        story.commits(1, 2).breaks(expected);
    }
}

#[test]
fn a_quorum_without_what_is_committed_breaks_durability() {
    let (mut story, first) = Story::told(&[], OPENING);
    story.writes(2, &[Kept::Removed(Index(1))]);
    let what = story.breaks(&[Durability]);
    assert_eq!(
        what,
        "height 1 is committed, but not on the disks of S2, S3: they are a quorum of S1-S2-S3"
    );
    // With a third disk one may be lost.
    let (mut story, _) = Story::told(&[], OPENING);
    story.persists(3, &[&first]).crashes(2).recovers(2, 1, &[]).is_clean();
    story.crashes(3).recovers(3, 1, &[]).breaks(&[Durability]);
}

#[test]
fn a_committed_block_that_is_overwritten_on_the_disks_is_missed() {
    let (mut story, first) = Story::told(&[], OPENING);
    let other = block(&story.genesis, 2, &[]);
    // Written again as it is, it stays.
    story.persists(2, &[&first]).is_clean();
    story.persists(2, &[&other]).breaks(&[Durability]);
}

/// What a snapshot stands for is on the disk as well as the blocks were.
#[test]
fn a_snapshot_keeps_what_is_committed() {
    let (mut story, first) = Story::told(&[], OPENING);
    let (height, term, hash) = (first.height(), first.term(), first.hash());
    let taken = [Kept::Snapshot { height, term, hash }, Kept::Removed(height)];
    story.writes(2, &taken).writes(3, &taken[..1]).writes(1, &[Kept::Removed(height)]).is_clean();
}

#[test]
fn a_snapshot_of_another_block_keeps_nothing() {
    let (mut story, first) = Story::told(&[], OPENING);
    let other = block(&story.genesis, 2, &[]);
    let (height, term) = (first.height(), first.term());
    story.writes(2, &[Kept::Snapshot { height, term, hash: first.hash() }]).is_clean();
    story.writes(2, &[Kept::Snapshot { height, term, hash: other.hash() }]);
    story.breaks(&[Durability]);
}

#[test]
fn a_snapshot_may_be_lost_until_it_is_on_the_disk() {
    for durable in [false, true] {
        let mut story = Story::new();
        let first = block(&story.genesis, 1, &[]);
        let of_first = checkpoint(&first, &[]);
        story.recovers(1, 0, &[]).recovers(2, 0, &[]).leads(1, 1).appends(1, &[&first]);
        story.persists(1, &[&first]).persists(2, &[&first]).commits(1, 1);
        story.applies(1, &first, OPENING).fact(1, Fact::SnapshotTaken(of_first.clone()));
        if durable {
            let (height, hash) = (first.height(), first.hash());
            story.writes(1, &[Kept::Snapshot { height, term: Term(1), hash }]);
        }
        story.crashes(1).recovers(1, 1, &[&first]);
        story.breaks(if durable { &[NothingGoesBack] } else { &[] });
    }
}
