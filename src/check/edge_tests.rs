//! Where a judgement turns: the last case that is allowed beside the first that is not.

use super::Property::*;
use super::testing::{Story, block, changing, header, paid, request, server};
use super::tests::{checkpoint, told};
use crate::bank::{Invalid, Ledger, Reply, Transaction, Verdict};
use crate::base::{AccountId, Index, Membership, ServerId, Term};
use crate::chain::{Block, Body, Header};
use crate::server::{Checkpoint, Fact};
use crate::trace::Kept;
use std::sync::Arc;

/// It leads an older term and has not heard that it is over, or follows in a later one.
#[test]
fn only_leaders_of_later_terms_owe_what_is_committed() {
    let mut story = Story::new();
    let first = block(&story.genesis, 2, &[]);
    story.leads(2, 1).follows(3, 3).leads(1, 2).appends(1, &[&first]).commits(1, 1).is_clean();
    story.leads(3, 3).breaks(&[LeaderCompleteness]);
}

#[test]
fn a_log_that_ends_like_the_committed_one_may_lead_too() {
    let (mut story, _) = told(&[], [100, 100, 100]);
    let other = block(&story.genesis, 1, &[paid(1, 1, 2, 1)]);
    story.appends(3, &[&other]).breaks(&[LogMatching, LeaderCompleteness]);
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
fn a_committed_block_that_is_overwritten_on_the_disks_is_missed() {
    let (mut story, first) = told(&[], [100, 100, 100]);
    let other = block(&story.genesis, 2, &[]);
    // Written again as it is, it stays.
    story.persists(2, &[&first]).is_clean();
    story.persists(2, &[&other]).breaks(&[Durability]);
}

#[test]
fn a_snapshot_of_another_block_keeps_nothing() {
    let (mut story, first) = told(&[], [100, 100, 100]);
    let other = block(&story.genesis, 2, &[]);
    let (height, term) = (first.height(), first.term());
    story.writes(2, &[Kept::Snapshot { height, term, hash: first.hash() }]).is_clean();
    story.writes(2, &[Kept::Snapshot { height, term, hash: other.hash() }]);
    story.breaks(&[Durability]);
}

#[test]
fn half_of_the_servers_are_no_quorum() {
    for (holders, expected) in [(&[1, 2][..], &[Durability][..]), (&[1, 2, 4], &[])] {
        let mut story = Story::new();
        let four = Membership::of(ServerId::first(4));
        let first = changing(&story.genesis, 1, &[], Some(four));
        for id in 1..=4 {
            story.recovers(id, 0, &[]);
        }
        story.leads(1, 1).appends(1, &[&first]);
        for holder in holders {
            story.persists(*holder, &[&first]);
        }
        story.commits(1, 1).breaks(expected);
    }
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
        story.applies(1, &first, [100, 100, 100]).fact(1, Fact::SnapshotTaken(taken));
        story.appends(1, &[&second]).is_clean();
        for holder in holders {
            story.persists(*holder, &[&second]);
        }
        story.commits(1, 2).breaks(expected);
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
    story.applies(1, &first, [90, 110, 100]).applies(1, &second, [100, 100, 100]);
    story.fact(1, Fact::SnapshotTaken(checkpoint(&second, &receipts))).is_clean();
    story.fact(1, Fact::SnapshotTaken(checkpoint(&second, &[])));
    let what = story.breaks(&[TrueSnapshot]);
    assert!(what.ends_with("but its block names another state root"), "{what}");
}

#[test]
fn the_opening_balances_are_an_answer_too() {
    for (balance, expected) in [(100, &[][..]), (99, &[AcknowledgedStays, Linearizability])] {
        let mut story = Story::new();
        let verdict = Verdict::Balance { committed: balance, pending: balance, height: Index(0) };
        story.asks_balance(1, 1).answered(1, 1, verdict).breaks(expected);
    }
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
        let (term, snapshot) = (Term(2), Some(late.clone()));
        story.fact(1, Fact::Recovered { term, vote: None, snapshot, blocks: [].into() });
        let verdict = Verdict::Committed { height: Index(height) };
        story.fact(1, Fact::Replied(Reply { id: request(client, 1), verdict })).breaks(expected);
    }
}

/// Bits are counted across bytes, and one too few is too few.
#[test]
fn a_block_has_just_the_work_that_it_asks_for_or_breaks_the_chain() {
    let genesis = Story::new().genesis;
    let body = block(&genesis, 1, &[]).body().clone();
    let asks = |difficulty| Header { difficulty, ..header(&genesis, 1, &body) };
    for difficulty in [1, 7, 8, 9] {
        for (work, expected) in
            [(difficulty, &[][..]), (difficulty + 1, &[]), (difficulty - 1, &[ValidChain])]
        {
            let nonces = (0..).map(|nonce| Header { nonce, ..asks(difficulty) });
            let mut blocks = nonces.map(|header| Block::seal(header, body.clone()));
            let block = blocks.find(|block| block.work_bits() == u32::from(work));
            let mut story = Story::new();
            story.appends(1, &[&block.expect("one of many")]).breaks(expected);
        }
    }
}

#[test]
fn a_commit_index_that_falls_goes_back() {
    let mut story = Story::new();
    let first = block(&story.genesis, 1, &[]);
    let second = block(&first, 1, &[]);
    story.leads(1, 1).appends(1, &[&first, &second]).commits(1, 2).commits(1, 2).is_clean();
    let what = story.commits(1, 1).breaks(&[StateMachineSafety, NothingGoesBack]);
    assert_eq!(what, "S1 knew height 2 as committed, and now only 1");
}

/// That a request is over excuses no answer about a block that can be looked up.
#[test]
fn an_answer_to_what_is_over_must_still_be_true() {
    let (transaction, outcome) = paid(1, 2, 2, 10);
    let later = [(Transaction { lowest_unanswered: 2, ..transaction }, outcome)];
    let (mut story, _) = told(&later, [90, 110, 100]);
    story.answered(1, 1, Verdict::Committed { height: Index(1) });
    story.breaks(&[ExactlyOnce, AcknowledgedStays, Linearizability]);
}

/// The block that a snapshot ends with is the oldest about which promises are kept.
#[test]
fn a_promise_about_the_block_of_a_snapshot_outlives_the_next_commit() {
    let first = block(&Story::new().genesis, 1, &[paid(3, 1, 1, 1)]);
    let second = block(&first, 1, &[paid(1, 1, 2, 10)]);
    let snapshot = checkpoint(&second, &[paid(3, 1, 1, 1), paid(1, 1, 2, 10)]);
    let third = block(&second, 2, &[]);
    let mut story = Story::new();
    let (term, snapshot) = (Term(2), Some(snapshot));
    story.fact(1, Fact::Recovered { term, vote: None, snapshot, blocks: [].into() });
    story.answered(1, 1, Verdict::Committed { height: Index(2) });
    story.leads(1, 2).appends(1, &[&third]).persists(1, &[&third]).commits(1, 3).is_clean();
    let other = block(&first, 1, &[]);
    story.appends(2, &[&first, &other]).applies(2, &other, [100, 100, 100]);
    story.breaks(&[StateMachineSafety, AcknowledgedStays]);
}

#[test]
fn a_snapshot_that_falls_behind_the_former_goes_back() {
    let mut story = Story::new();
    let first = block(&story.genesis, 1, &[]);
    let second = block(&first, 1, &[]);
    story.leads(1, 1).appends(1, &[&first, &second]).commits(1, 2);
    story.applies(1, &first, [100, 100, 100]).applies(1, &second, [100, 100, 100]);
    for last in [&first, &second, &second] {
        story.fact(1, Fact::SnapshotTaken(checkpoint(last, &[])));
    }
    story.is_clean();
    story.fact(1, Fact::SnapshotTaken(checkpoint(&first, &[])));
    let what = story.breaks(&[NothingGoesBack, OrderedHeights]);
    assert_eq!(what, "the snapshot of S1 goes back from height 2 to 1");
}

#[test]
fn an_applied_block_is_in_the_log_and_agreed_on() {
    let (mut story, first) = told(&[], [100, 100, 100]);
    let second = block(&first, 1, &[]);
    let stray = block(&first, 1, &[paid(1, 1, 2, 0)]);
    story.appends(1, &[&second]).persists(1, &[&second]).persists(2, &[&second]).commits(1, 2);
    let what = story.applies(1, &stray, [100, 100, 100]).breaks(&[StateMachineSafety]);
    assert!(what.ends_with("which is not in its log"), "{what}");

    // Its log differs from what is committed: both the claim and what is done by it are wrong.
    let (mut story, _) = told(&[], [100, 100, 100]);
    let other = block(&story.genesis, 0, &[]);
    story.appends(2, &[&other]).is_clean();
    story.applies(2, &other, [100, 100, 100]).breaks(&[StateMachineSafety]);
    let mut rulings = story.judges.verdicts();
    let ruling = rulings.find(|ruling| ruling.property == StateMachineSafety);
    assert_eq!(ruling.map(|ruling| ruling.violations), Some(2));
}

#[test]
fn a_transaction_without_an_outcome_breaks_the_chain() {
    let mut story = Story::new();
    let paid = block(&story.genesis, 1, &[paid(1, 1, 2, 10)]);
    let body = Body { outcomes: [].into(), ..paid.body().clone() };
    let silent = Block::seal(header(&story.genesis, 1, &body), body);
    let what = story.appends(1, &[&silent]).breaks(&[ValidChain]);
    assert!(what.ends_with("not every transaction in it has one outcome"), "{what}");
}

#[test]
fn what_took_effect_was_not_invalid() {
    let (mut story, _) = told(&[paid(1, 1, 2, 10)], [90, 110, 100]);
    let verdict = Verdict::Invalid { reason: Invalid::ZeroAmount };
    let what = story.answered(1, 1, verdict).breaks(&[Linearizability]);
    assert!(what.ends_with("but took effect"), "{what}");
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
    let (snapshot, blocks) = (Some(forged), [second].into());
    story.fact(1, Fact::Recovered { term: Term(1), vote: None, snapshot, blocks });
    story.commits(1, 2);
    // Its block names the accounts as they were, so that is noticed too.
    story.breaks(&[ValidChain, Conservation, TrueSnapshot]);
    let found = story.judges.violations().find(|found| found.property == Conservation);
    let what = found.map(|found| found.what.as_str());
    assert_eq!(what, Some("the chain leads to 301 at height 2, not 300"));
}
