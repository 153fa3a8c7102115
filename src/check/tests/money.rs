//! What the chain does with the money.

use crate::check::Property::*;
use crate::check::testing::{OPENING, Story, block, paid, refused};

#[test]
fn money_from_nowhere_breaks_conservation() {
    let (mut story, _) = Story::told(&[], [100, 100, 101]);
    let what = story.breaks(&[Conservation, ReplicaAgreement]);
    assert_eq!(what, "S1 has 301 in all accounts at height 1, not 300");
}

#[test]
fn wrong_outcomes_break_no_overdraft() {
    for (receipt, right) in [
        (paid(1, 1, 2, 101), "refused: insufficient funds (the balance was 100)"),
        (refused(1, 1, 2, 101, 99), "refused: insufficient funds (the balance was 100)"),
        (paid(1, 1, 1, 5), "a payment to oneself"),
        (paid(1, 1, 2, 0), "a payment of nothing"),
        (paid(1, 1, 4, 5), "to nobody's account"),
        (paid(4, 1, 1, 5), "from nobody's account"),
    ] {
        let what = Story::told(&[receipt], OPENING).0.breaks(&[NoOverdraft]);
        assert!(what.ends_with(&format!("by the chain before it is {right}")), "{what}");
    }
    let refused_for_nothing = refused(1, 1, 2, 100, 100);
    let what = Story::told(&[refused_for_nothing], [0, 200, 100]).0.breaks(&[NoOverdraft]);
    assert!(what.ends_with("is applied"), "{what}");
}

#[test]
fn a_request_with_two_places_breaks_exactly_once() {
    let (mut story, first) = Story::told(&[paid(1, 1, 2, 10)], [90, 110, 100]);
    let again = block(&first, 1, &[paid(1, 1, 2, 10)]);
    story.appends(1, &[&again]).persists(1, &[&again]).persists(2, &[&again]).commits(1, 2);
    let what = story.breaks(&[ExactlyOnce, Linearizability]);
    assert_eq!(what, "Alice #1 takes effect at height 1, and again at height 2");
}

#[test]
fn other_balances_than_the_chains_break_replica_agreement() {
    let (mut story, _) = Story::told(&[paid(1, 1, 2, 10)], OPENING);
    let what = story.breaks(&[ReplicaAgreement]);
    assert_eq!(
        what,
        "S1 has Alice 100, Bob 100, Carol 100 at height 1, but the chain leads to Alice 90, \
         Bob 110, Carol 100"
    );
}
