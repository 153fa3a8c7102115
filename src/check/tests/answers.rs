//! What clients are answered.

use crate::bank::{Invalid, MAX_OUTSTANDING, Refusal, Reply, Transaction, Verdict};
use crate::base::Index;
use crate::check::Property::*;
use crate::check::testing::{OPENING, Story, block, paid, request};
use crate::server::Fact;

#[test]
fn an_answer_that_the_chain_does_not_hold_is_not_acknowledged() {
    let height = Index(1);
    let refusal = Refusal::InsufficientFunds { balance: 0 };
    let chain = [paid(1, 1, 2, 10)];
    for (seq, verdict, expected) in [
        (1, Verdict::Committed { height: Index(2) }, &[ExactlyOnce, AcknowledgedStays][..]),
        (2, Verdict::Committed { height }, &[ExactlyOnce, AcknowledgedStays, Linearizability]),
        (1, Verdict::Refused { height, refusal }, &[AcknowledgedStays, Linearizability]),
        (
            3,
            Verdict::Balance { committed: 91, pending: 90, height },
            &[AcknowledgedStays, Linearizability],
        ),
        (
            3,
            Verdict::Balance { committed: 90, pending: 90, height: Index(2) },
            &[AcknowledgedStays],
        ),
    ] {
        let (mut story, _) = Story::told(&chain, [90, 110, 100]);
        story.answered(1, seq, verdict).breaks(expected);
    }
}

#[test]
fn the_opening_balances_are_an_answer_too() {
    for (balance, expected) in [(100, &[][..]), (99, &[AcknowledgedStays, Linearizability])] {
        let mut story = Story::new();
        let verdict = Verdict::Balance { committed: balance, pending: balance, height: Index(0) };
        story.asks_balance(1, 1).answered(1, 1, verdict).breaks(expected);
    }
}

#[test]
fn what_was_acknowledged_is_not_taken_back() {
    let (mut story, _) = Story::told(&[paid(1, 1, 2, 10)], [90, 110, 100]);
    let other = block(&story.genesis, 0, &[]);
    story.appends(2, &[&other]).applies(2, &other, OPENING).breaks(&[StateMachineSafety]);
    story.answered(1, 1, Verdict::Committed { height: Index(1) });
    story.breaks(&[StateMachineSafety]);
    story.appends(3, &[&other]).applies(3, &other, OPENING);
    story.breaks(&[StateMachineSafety, AcknowledgedStays]);
}

/// That a request is over excuses no answer about a block that can be looked up.
#[test]
fn an_answer_to_what_is_over_must_still_be_true() {
    let (transaction, outcome) = paid(1, 2, 2, 10);
    let later = [(Transaction { lowest_unanswered: 2, ..transaction }, outcome)];
    let (mut story, _) = Story::told(&later, [90, 110, 100]);
    story.answered(1, 1, Verdict::Committed { height: Index(1) });
    story.breaks(&[ExactlyOnce, AcknowledgedStays, Linearizability]);
}

#[test]
fn a_reply_without_a_receipt_is_a_phantom() {
    let refusal = Refusal::InsufficientFunds { balance: 9 };
    let height = Index(1);
    for (seq, verdict, expected) in [
        (1, Verdict::Committed { height }, &[][..]),
        (1, Verdict::Committed { height: Index(2) }, &[NoPhantoms]),
        (1, Verdict::Refused { height, refusal }, &[NoPhantoms]),
        (2, Verdict::Committed { height }, &[NoPhantoms]),
        (2, Verdict::Busy, &[]),
    ] {
        let (mut story, _) = Story::told(&[paid(1, 1, 2, 10)], [90, 110, 100]);
        story.fact(1, Fact::Replied(Reply { id: request(1, seq), verdict })).breaks(expected);
    }
}

/// A balance may be old when it is asked for, but not older than what anybody knows by then.
#[test]
fn a_balance_from_before_the_question_breaks_linearizability() {
    let (mut story, _) = Story::told(&[paid(1, 1, 2, 10)], [90, 110, 100]);
    let old = |balance| Verdict::Balance { committed: balance, pending: 100, height: Index(0) };
    story.asks_balance(2, 1).answered(1, 1, Verdict::Committed { height: Index(1) });
    story.answered(2, 1, old(100)).is_clean();
    story.asks_balance(3, 1).answered(3, 1, old(100));
    let what = story.breaks(&[Linearizability]);
    assert_eq!(
        what,
        "Carol #1 was answered from height 0, after height 1 had been answered when it was asked"
    );
    let (mut story, _) = Story::told(&[paid(1, 1, 2, 10)], [90, 110, 100]);
    story.answered(1, 1, Verdict::Committed { height: Index(1) }).asks_balance(2, 2);
    let stale = Verdict::Balance { committed: 100, pending: 100, height: Index(1) };
    let what = story.answered(2, 2, stale).breaks(&[AcknowledgedStays, Linearizability]);
    assert!(what.ends_with("where Bob held 110"), "{what}");
}

#[test]
fn a_transfer_that_nobody_asked_for_breaks_linearizability() {
    let mut story = Story::new();
    let first = block(&story.genesis, 1, &[paid(1, 1, 2, 10)]);
    story.appends(1, &[&first]).commits(1, 1);
    let what = story.breaks(&[Linearizability]);
    assert!(what.ends_with("was not asked for, or has its answer already"), "{what}");
    // What a disk brings back was asked for in an earlier run.
    let mut story = Story::new();
    story.recovers(1, 0, &[&first]).commits(1, 1);
    story.answered(1, 1, Verdict::Committed { height: Index(1) }).is_clean();
}

#[test]
fn a_commit_order_against_time_breaks_linearizability() {
    let mut story = Story::new();
    let (one, other) = (paid(1, 1, 2, 10), paid(2, 1, 3, 10));
    let first = block(&story.genesis, 1, &[one]);
    story.asked(&[one]).recovers(1, 0, &[]).recovers(2, 0, &[]);
    story.appends(1, &[&first]).persists(1, &[&first]).persists(2, &[&first]).commits(1, 1);
    story.answered(1, 1, Verdict::Committed { height: Index(1) }).asked(&[other]).is_clean();
    // Another server commits the later transfer first; Alice's stands after it.
    let mut story = Story::new();
    let first = block(&story.genesis, 1, &[other]);
    let second = block(&first, 1, &[one]);
    story.asked(&[one]).appends(1, &[&first, &second]);
    story.answered(1, 1, Verdict::Committed { height: Index(2) }).asked(&[other]);
    story.commits(1, 2);
    story.breaks(&[ExactlyOnce, AcknowledgedStays, Linearizability]);
}

#[test]
fn what_took_effect_was_not_invalid() {
    let (mut story, _) = Story::told(&[paid(1, 1, 2, 10)], [90, 110, 100]);
    let verdict = Verdict::Invalid { reason: Invalid::ZeroAmount };
    let what = story.answered(1, 1, verdict).breaks(&[Linearizability]);
    assert!(what.ends_with("but took effect"), "{what}");
    // What an earlier run asked is not known, but what became of it is.
    let mut story = Story::new();
    let first = block(&story.genesis, 1, &[paid(1, 1, 2, 10)]);
    story.recovers(1, 0, &[&first]).commits(1, 1);
    story.answered(1, 1, verdict).breaks(&[Linearizability]);
}

/// A bank may not turn a request away that it could carry out, or refuse for lack of money.
#[test]
fn what_is_called_invalid_is_so() {
    let verdict = Verdict::Invalid { reason: Invalid::ZeroAmount };
    for (receipt, expected) in [
        (paid(1, 1, 2, 0), &[][..]),
        (paid(1, 1, 1, 5), &[]),
        (paid(1, 1, 4, 5), &[]),
        (paid(4, 1, 1, 5), &[]),
        (paid(1, 1, 2, 301), &[]),
        (paid(1, 1, 2, 300), &[Linearizability]),
        (paid(1, 1, 2, 1), &[Linearizability]),
        (paid(1, MAX_OUTSTANDING, 2, 1), &[Linearizability]),
        (paid(1, MAX_OUTSTANDING + 1, 2, 1), &[]),
    ] {
        let (mut story, id) = (Story::new(), receipt.0.id);
        story.asked(&[receipt]).answered(id.client.number(), id.seq, verdict).breaks(expected);
    }
    let mut story = Story::new();
    let what = story.asks_balance(1, 1).answered(1, 1, verdict).breaks(&[Linearizability]);
    assert!(what.ends_with("but it is not so"), "{what}");
}

#[test]
fn what_is_called_over_is_so() {
    let verdict = Verdict::Stale { lowest_accepted: 2 };
    let (transaction, outcome) = paid(1, 2, 2, 10);
    for (lowest_unanswered, expected) in [(2, &[][..]), (1, &[AcknowledgedStays])] {
        let receipts = [(Transaction { lowest_unanswered, ..transaction }, outcome)];
        let (mut story, _) = Story::told(&receipts, [90, 110, 100]);
        story.answered(1, 1, verdict).breaks(expected);
    }
    // Its number stands in the chain: for another request, or for this one.
    for (amount, expected) in [(7, &[][..]), (10, &[AcknowledgedStays])] {
        let (mut story, _) = Story::told(&[paid(1, 1, 2, 10)], [90, 110, 100]);
        story.answered(1, 1, Verdict::Committed { height: Index(1) });
        story.asked(&[paid(1, 1, 2, amount)]).answered(1, 1, verdict).breaks(expected);
    }
}

/// Somebody was answered from a height that was not committed yet: what is asked for after that
/// must not take effect there.
#[test]
fn a_transfer_below_what_was_answered_breaks_linearizability() {
    for (height, expected) in [(1, &[][..]), (2, &[AcknowledgedStays, Linearizability])] {
        let (mut story, first) = Story::told(&[], OPENING);
        let later = [paid(1, 1, 2, 10)];
        let second = block(&first, 1, &later);
        let verdict = Verdict::Balance { committed: 100, pending: 100, height: Index(height) };
        story.asks_balance(3, 1).answered(3, 1, verdict).asked(&later);
        story.appends(1, &[&second]).persists(1, &[&second]).persists(2, &[&second]);
        story.commits(1, 2).breaks(expected);
        let mut found = story.judges.violations();
        let found = found.find(|found| found.property == Linearizability);
        assert!(found.is_none_or(|found| {
            found.what.ends_with(
                "takes effect at height 2, but was asked when height 2 had been answered",
            )
        }));
    }
}
