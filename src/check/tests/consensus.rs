//! Raft's five promises.

use crate::base::{Membership, ServerId};
use crate::check::Property::*;
use crate::check::testing::{OPENING, Story, block, changing, paid, server};

#[test]
fn two_leaders_of_one_term_break_election_safety() {
    let mut story = Story::new();
    story.leads(1, 1).leads(2, 2).leads(1, 3).leads(2, 3);
    let what = story.breaks(&[ElectionSafety]);
    assert_eq!(what, "S2 was elected in term 3, which S1 had won already");
    let violation = story.judges.violations().next().expect("it was just seen");
    assert_eq!((violation.event.0, violation.at.0), (20, 20_000));
}

/// Who leads has the votes of a quorum of the members, as its own log names them.
#[test]
fn a_leader_that_too_few_elected_breaks_election_safety() {
    let what = "S1 leads term 1 without the votes of a quorum of S1-S2-S3";
    for (voters, expected) in
        [(&[2][..], &[][..]), (&[3], &[]), (&[], &[ElectionSafety]), (&[4, 5], &[ElectionSafety])]
    {
        let mut story = Story::new();
        let found = story.wins(1, 1, voters).breaks(expected);
        assert_eq!(found, if expected.is_empty() { "" } else { what });
    }
    // A vote of another term, or for somebody else, is none.
    Story::new().wins(2, 1, &[3]).wins(1, 2, &[]).breaks(&[ElectionSafety]);
    Story::new().wins(1, 1, &[2]).wins(1, 2, &[]).breaks(&[ElectionSafety]);
    Story::new().wins(1, 2, &[2]).wins(1, 3, &[2]).is_clean();
    // One vote, however often it comes, is one.
    let four = Membership::of(ServerId::first(4));
    let first = changing(&Story::new().genesis, 1, &[], Some(four));
    let mut story = Story::new();
    story.appends(1, &[&first]).wins(1, 2, &[2, 3]).is_clean();
    story.appends(2, &[&first]).wins(2, 3, &[3, 3]).breaks(&[ElectionSafety]);
    // Those of the last term do not count in the next.
    let mut story = Story::new();
    story.appends(1, &[&first]).wins(1, 2, &[2, 3]).wins(1, 3, &[4]).breaks(&[ElectionSafety]);
}

/// While the voters change, a majority of those before is needed as well.
#[test]
fn a_leader_of_a_joint_membership_has_the_votes_of_both_quorums() {
    let founders = Membership::of(ServerId::first(3));
    let joint = founders.joint_with(&Membership::of([1, 4, 5].map(server)));
    for (voters, expected) in
        [(&[2, 4][..], &[][..]), (&[2, 3], &[ElectionSafety]), (&[4, 5], &[ElectionSafety])]
    {
        let mut story = Story::new();
        let first = changing(&story.genesis, 1, &[], Some(joint.clone()));
        story.appends(1, &[&first]).wins(1, 2, voters).breaks(expected);
    }
}

#[test]
fn a_second_election_of_one_server_in_one_term_breaks_election_safety() {
    let mut story = Story::new();
    story.recovers(1, 0, &[]).leads(1, 1).crashes(1).recovers(1, 0, &[]).leads(1, 1);
    assert_eq!(story.breaks(&[ElectionSafety]), "S1 was elected twice in term 1");
}

#[test]
fn thousands_of_elections_are_remembered_and_no_more() {
    let mut story = Story::new();
    for term in 1..=4097 {
        story.leads(1, term);
    }
    // Who led term 1 is forgotten; who led term 2 is not.
    story.leads(2, 1).is_clean();
    story.leads(2, 2).breaks(&[ElectionSafety]);
}

#[test]
fn a_leader_that_truncates_breaks_leader_append_only() {
    let mut story = Story::new();
    let one = block(&story.genesis, 1, &[]);
    story.leads(1, 1).appends(1, &[&one]).follows(1, 2).truncates(1, 1).appends(1, &[&one]);
    story.is_clean();
    story.leads(1, 3).truncates(1, 1);
    let what = story.breaks(&[LeaderAppendOnly]);
    assert_eq!(what, "S1 leads term 3, and dropped its blocks from height 1 on");
}

#[test]
fn a_leader_that_overwrites_breaks_leader_append_only() {
    let mut story = Story::new();
    let one = block(&story.genesis, 1, &[]);
    let other = block(&story.genesis, 1, &[paid(1, 1, 2, 1)]);
    story.leads(1, 1).appends(1, &[&one]).appends(1, &[&other]);
    story.breaks(&[LeaderAppendOnly]);
}

#[test]
fn two_blocks_of_one_height_and_term_break_log_matching() {
    let mut story = Story::new();
    let one = block(&story.genesis, 1, &[]);
    let other = block(&story.genesis, 1, &[paid(1, 1, 2, 1)]);
    story.appends(1, &[&one]).truncates(1, 1).appends(2, &[&other]);
    story.is_clean();
    story.appends(3, &[&one]);
    let what = story.breaks(&[LogMatching]);
    assert_eq!(
        what,
        "the logs of S3 and S2 both have a block of term 1 at height 1, but are not the same up \
         to there"
    );
}

#[test]
fn the_same_block_after_different_ones_breaks_log_matching_and_the_chain() {
    let mut story = Story::new();
    let (one, other) = (block(&story.genesis, 1, &[]), block(&story.genesis, 2, &[]));
    let second = block(&one, 3, &[]);
    story.appends(1, &[&one, &second]).appends(2, &[&other, &second]);
    story.breaks(&[LogMatching, ValidChain]);
}

#[test]
fn a_leader_without_a_committed_block_breaks_leader_completeness() {
    let (mut story, _) = Story::told(&[], OPENING);
    story.leads(2, 2);
    let what = story.breaks(&[LeaderCompleteness]);
    assert_eq!(
        what,
        "S2 leads term 2 without the block of height 1, which was committed in term 1"
    );
}

/// A candidate may win a term that is over elsewhere; it owes nothing to later terms.
#[test]
fn a_late_winner_of_an_earlier_term_keeps_leader_completeness() {
    let mut story = Story::new();
    let one = block(&story.genesis, 5, &[]);
    story.leads(1, 5).appends(1, &[&one]).commits(1, 1).leads(2, 4).leads(3, 5);
    story.breaks(&[ElectionSafety]);
    story.leads(2, 6);
    story.breaks(&[ElectionSafety, LeaderCompleteness]);
}

#[test]
fn a_commit_that_a_later_leader_lacks_breaks_leader_completeness() {
    let mut story = Story::new();
    let one = block(&story.genesis, 1, &[]);
    story.leads(1, 1).appends(1, &[&one]).leads(2, 2);
    story.is_clean();
    story.commits(1, 1);
    story.breaks(&[LeaderCompleteness]);
}

/// It leads an older term and has not heard that it is over, or follows in a later one.
#[test]
fn only_leaders_of_later_terms_owe_what_is_committed() {
    let mut story = Story::new();
    let first = block(&story.genesis, 2, &[]);
    story.leads(2, 1).follows(3, 3).leads(1, 2).appends(1, &[&first]).commits(1, 1).is_clean();
    story.leads(3, 3).breaks(&[LeaderCompleteness]);
}

#[test]
fn a_log_that_could_win_without_what_is_committed_breaks_leader_completeness() {
    let (mut story, _) = Story::told(&[], OPENING);
    let later = block(&story.genesis, 2, &[]);
    let what = story.appends(3, &[&later]).breaks(&[LeaderCompleteness]);
    assert!(what.starts_with("the log of S3 ends with height 1 of term 2, which is"), "{what}");
}

#[test]
fn a_log_that_ends_like_the_committed_one_may_lead_too() {
    let (mut story, _) = Story::told(&[], OPENING);
    let other = block(&story.genesis, 1, &[paid(1, 1, 2, 1)]);
    story.appends(3, &[&other]).breaks(&[LogMatching, LeaderCompleteness]);
}

#[test]
fn different_blocks_applied_at_one_height_break_state_machine_safety() {
    let (mut story, _) = Story::told(&[], OPENING);
    let other = block(&story.genesis, 0, &[]);
    story.appends(2, &[&other]);
    story.is_clean();
    story.commits(2, 1);
    let what = story.breaks(&[StateMachineSafety]);
    assert_eq!(
        what,
        "S2 knows height 1 as committed with another block than the servers before it"
    );
}

#[test]
fn what_is_applied_is_the_next_block_of_the_log() {
    for wrong in 0..4 {
        let (mut story, first) = Story::told(&[], OPENING);
        let second = block(&first, 1, &[]);
        let stray = block(&first, 1, &[paid(1, 1, 2, 0)]);
        story.appends(1, &[&second]).persists(1, &[&second]).persists(2, &[&second]);
        if wrong == 0 {
            story.commits(1, 3).breaks(&[StateMachineSafety, OrderedHeights]);
            continue;
        }
        match wrong {
            1 => story.applies(1, &first, OPENING),
            2 => story.commits(1, 2).applies(1, &stray, OPENING),
            _ => story.follows(1, 2).truncates(1, 1),
        };
        story.breaks(&[StateMachineSafety]);
    }
}

#[test]
fn an_applied_block_is_in_the_log_and_agreed_on() {
    let (mut story, first) = Story::told(&[], OPENING);
    let second = block(&first, 1, &[]);
    let stray = block(&first, 1, &[paid(1, 1, 2, 0)]);
    story.appends(1, &[&second]).persists(1, &[&second]).persists(2, &[&second]).commits(1, 2);
    let what = story.applies(1, &stray, OPENING).breaks(&[StateMachineSafety]);
    assert!(what.ends_with("which is not in its log"), "{what}");

    // Its log differs from what is committed. To say that it is committed is wrong, and so is to
    // apply either: one is not agreed on, the other not in its log.
    for applied_own in [true, false] {
        let (mut story, first) = Story::told(&[], OPENING);
        let other = block(&story.genesis, 0, &[]);
        story.appends(2, &[&other]).is_clean();
        let applied = if applied_own { &other } else { &first };
        story.applies(2, applied, OPENING).breaks(&[StateMachineSafety]);
        let mut rulings = story.judges.verdicts();
        let ruling = rulings.find(|ruling| ruling.property == StateMachineSafety);
        assert_eq!(ruling.map(|ruling| ruling.violations), Some(2));
    }
}

/// A commit index is reported before the blocks of the same message, which may replace others.
#[test]
fn a_commit_index_is_judged_by_the_log_that_comes_with_it() {
    let (mut story, first) = Story::told(&[], OPENING);
    let stale = block(&story.genesis, 0, &[]);
    story.appends(2, &[&stale]).commits(2, 1).truncates(2, 1).appends(2, &[&first]);
    story.applies(2, &first, OPENING).is_clean();
}
