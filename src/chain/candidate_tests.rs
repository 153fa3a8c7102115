//! A candidate holds what can stand in it, in order, and nothing else.

use super::*;
use crate::bank::{Outcome, Refusal};
use crate::base::Index;
use crate::chain::testing::{bank, chain_of_two, transfer};
use crate::chain::{genesis, verify};

#[test]
fn what_waits_is_executed_in_order() {
    let (_, _, block, after) = chain_of_two();
    let outcomes = &block.body().outcomes;
    let refusal = Refusal::InsufficientFunds { balance: 130 };
    let expected = [Outcome::Applied, Outcome::Refused(refusal), Outcome::Applied];
    assert_eq!(outcomes, &expected);
    assert_eq!(after.balances().values().copied().collect::<Vec<_>>(), [70, 0, 230]);
    assert_eq!(block.height(), Index(1));
}

#[test]
fn what_the_session_has_seen_is_left_out() {
    let (_, _, parent, ledger) = chain_of_two();
    let acknowledging = Transaction { lowest_unanswered: 3, ..transfer(2, 3, 1, 1) };
    let waiting = [
        transfer(1, 1, 2, 30), // recorded in the parent
        transfer(1, 2, 2, 5),
        transfer(1, 2, 2, 5), // its twin, just before it
        acknowledging,
        transfer(2, 2, 3, 130), // forgotten, just before it
        transfer(1, 3, 1, 5),   // never valid
        transfer(3, 1, 1, 5),
    ];
    let candidate = Candidate::build(&parent, Term(2), 0, &ledger, waiting);
    let expected = [transfer(1, 2, 2, 5), acknowledging, transfer(3, 1, 1, 5)];
    assert_eq!(candidate.body().transactions, expected);
}

#[test]
fn an_opening_block_changes_no_state() {
    let (_, _, parent, ledger) = chain_of_two();
    let candidate = Candidate::build(&parent, Term(9), 0, &ledger, []);
    assert_eq!(candidate.ledger_after(), &ledger);
    let block = candidate.into_block(0);
    assert_eq!(block.term(), Term(9));
    assert_eq!(verify(&parent, &block, &ledger), Ok(ledger));
}

#[test]
fn a_block_has_an_end() {
    let many =
        (1..=3u8).flat_map(|from| (1..=64).map(move |seq| transfer(from, seq, from % 3 + 1, 1)));
    let acknowledging = (65..=128u64).map(|seq| {
        let transaction = transfer(1, seq, 2, 1);
        Transaction { lowest_unanswered: 65, ..transaction }
    });
    let more = (65..=128u64).map(|seq| {
        let transaction = transfer(2, seq, 1, 1);
        Transaction { lowest_unanswered: 65, ..transaction }
    });
    let waiting = many.chain(acknowledging).chain(more);
    let candidate = Candidate::build(&genesis(&bank()), Term(1), 0, &bank(), waiting);
    assert_eq!(candidate.body().transactions.len(), MAX_TRANSACTIONS);
    assert_eq!(candidate.body().outcomes.len(), MAX_TRANSACTIONS);
}

#[test]
#[should_panic(expected = "terms never fall")]
fn a_term_below_the_parents_is_a_bug() {
    let (_, _, parent, ledger) = chain_of_two();
    Candidate::build(&parent, Term(1), 0, &ledger, []);
}

#[test]
#[should_panic(expected = "no block may be harder")]
fn a_difficulty_beyond_the_bound_is_a_bug() {
    Candidate::build(&genesis(&bank()), Term(1), MAX_DIFFICULTY + 1, &bank(), []);
}
