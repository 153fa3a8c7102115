//! Every lie in a block is found, and told in the documented order.

use super::*;
use crate::bank::{Invalid, Outcome};
use crate::chain::testing::{chain_of_two, mine, transfer};
use crate::chain::{Body, Candidate, Header, genesis};

/// Seals a changed block with enough work, whatever its difficulty; its body root fits unless
/// the change is made to the header.
fn forge(block: &Block, change: impl FnOnce(&mut Header, &mut Body)) -> Block {
    let (mut header, mut body) = (*block.header(), block.body().clone());
    header.body_root = Hash::ZERO;
    change(&mut header, &mut body);
    if header.body_root == Hash::ZERO {
        header.body_root = body.root();
    }
    let sealed = (0..1 << 20).map(|nonce| Block::seal(Header { nonce, ..header }, body.clone()));
    let enough = u32::from(header.difficulty.min(8));
    sealed.into_iter().find(|block| block.work_bits() >= enough).expect("an easy block")
}

#[test]
fn an_honest_block_leads_to_the_leaders_ledger() {
    let (parent, ledger, block, after) = chain_of_two();
    assert_eq!(verify(&parent, &block, &ledger), Ok(after));
}

#[test]
fn a_block_must_stand_on_its_parent() {
    let (genesis, ledger, block, after) = chain_of_two();
    let judge = |change: fn(&mut Header)| {
        verify(&genesis, &forge(&block, |header, _| change(header)), &ledger).err()
    };

    let (expected, found) = (Index(1), Index(2));
    let skipped = judge(|header| header.height = Index(2));
    assert_eq!(skipped, Some(BlockError::Height { expected, found }));

    let (expected, found) = (genesis.hash(), Hash([9; 32]));
    let elsewhere = judge(|header| header.parent = Hash([9; 32]));
    assert_eq!(elsewhere, Some(BlockError::Parent { expected, found }));

    let child = forge(&block, |header, body| {
        (header.parent, header.height, header.term) = (block.hash(), Index(2), Term(1));
        *body = Body { transactions: vec![], outcomes: vec![], ..body.clone() };
    });
    let (least, found) = (Term(2), Term(1));
    let fell = Some(BlockError::Term { least, found });
    assert_eq!(verify(&block, &child, &after).err(), fell);

    let (least, found) = (Term(1), Term(0));
    let of_no_term = judge(|header| header.term = Term(0));
    assert_eq!(of_no_term, Some(BlockError::Term { least, found }));
}

#[test]
fn a_block_must_have_the_work_that_it_asks_for() {
    let (parent, ledger, block, _) = chain_of_two();
    let judge = |difficulty| {
        let forged = forge(&block, |header, _| header.difficulty = difficulty);
        verify(&parent, &forged, &ledger).err()
    };
    assert_eq!(judge(MAX_DIFFICULTY + 1), Some(BlockError::Difficulty { found: 25 }));
    assert!(matches!(judge(MAX_DIFFICULTY), Some(BlockError::Work { difficulty: 24, .. })));
    assert_eq!(judge(8), None);
    assert_eq!(judge(0), None, "which difficulty the cluster is set to is not known here");
}

#[test]
fn a_body_must_be_the_one_that_the_header_names() {
    let (parent, ledger, block, _) = chain_of_two();
    let judge =
        |change: fn(&mut Header, &mut Body)| verify(&parent, &forge(&block, change), &ledger).err();

    let swapped = judge(|header, body| {
        header.body_root = body.root();
        body.transactions[0].amount += 1;
    });
    assert!(matches!(swapped, Some(BlockError::BodyRoot { .. })), "{swapped:?}");

    let crowded = judge(|_, body| {
        body.transactions = vec![body.transactions[0]; MAX_TRANSACTIONS + 1];
    });
    assert_eq!(crowded, Some(BlockError::TooManyTransactions { found: MAX_TRANSACTIONS + 1 }));

    let unanswered = judge(|_, body| body.outcomes.truncate(2));
    assert_eq!(unanswered, Some(BlockError::OutcomeCount { transactions: 3, outcomes: 2 }));
}

#[test]
fn what_a_block_claims_must_come_true() {
    let (parent, ledger, block, _) = chain_of_two();
    let judge = |change: fn(&mut Body)| {
        verify(&parent, &forge(&block, |_, body| change(body)), &ledger).err()
    };

    let reason = Inadmissible::Invalid(Invalid::ToOneself);
    let to_oneself = judge(|body| body.transactions[2] = transfer(2, 2, 2, 1));
    assert_eq!(to_oneself, Some(BlockError::Inadmissible { position: 2, reason }));

    let reason = Inadmissible::Recorded { height: Index(1) };
    let twice = judge(|body| body.transactions[1] = body.transactions[0]);
    assert_eq!(twice, Some(BlockError::Inadmissible { position: 1, reason }));

    let promised = judge(|body| body.outcomes[1] = Outcome::Applied);
    assert_eq!(promised, Some(BlockError::Outcome { position: 1 }));

    let invented = judge(|body| body.state_root = Hash([7; 32]));
    assert!(matches!(invented, Some(BlockError::StateRoot { .. })), "{invented:?}");
}

#[test]
fn a_leader_mines_one_block_of_its_term_after_the_other() {
    let (_, _, block, after) = chain_of_two();
    let candidate = Candidate::build(&block, block.term(), 0, &after, [transfer(1, 2, 2, 1)]);
    let expected = candidate.ledger_after().clone();
    assert_eq!(verify(&block, &mine(candidate), &after), Ok(expected));
}

#[test]
fn the_first_fault_in_order_is_told() {
    let (parent, ledger, block, _) = chain_of_two();
    let all_wrong = forge(&block, |header, body| {
        header.height = Index(5);
        header.parent = Hash([1; 32]);
        header.difficulty = 200;
        body.outcomes.clear();
    });
    let error = verify(&parent, &all_wrong, &ledger).expect_err("a bad block");
    assert_eq!(error, BlockError::Height { expected: Index(1), found: Index(5) });
}

#[test]
#[should_panic(expected = "the ledger is the parent's")]
fn a_ledger_of_another_place_is_a_bug() {
    let (parent, _, block, after) = chain_of_two();
    let _ = verify(&parent, &block, &after);
}

#[test]
fn errors_are_sentences() {
    let (parent, ledger, block, _) = chain_of_two();
    let forged = forge(&block, |header, _| header.difficulty = 30);
    let error = verify(&parent, &forged, &ledger).expect_err("a bad block");
    assert_eq!(error.to_string(), "it asks for 30 zero bits, but the most allowed is 24");

    let other = genesis(&ledger);
    let error = verify(&other, &other, &ledger).expect_err("genesis follows nothing");
    assert_eq!(error.to_string(), "its height is 0, but height 1 comes next");
}
