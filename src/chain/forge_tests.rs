//! Each step of a forgery passes one check more.

use super::*;
use crate::bank::Transaction;
use crate::base::Term;
use crate::chain::testing::{bank, mine, transfer};
use crate::chain::{BlockError, genesis, verify};

const DIFFICULTY: u8 = 8;

/// Three blocks after genesis, and the ledger before the first.
fn chain() -> (Block, Ledger, Vec<Block>) {
    let (mut parent, mut ledger) = (genesis(&bank()), bank());
    let (root, opening) = (parent.clone(), ledger.clone());
    let mut blocks = Vec::new();
    for seq in 1..=3 {
        let transfers = [transfer(1, seq, 2, 10)];
        let candidate = Candidate::build(&parent, Term(1), DIFFICULTY, &ledger, transfers);
        ledger = candidate.ledger_after().clone();
        parent = mine(candidate);
        blocks.push(parent.clone());
    }
    (root, opening, blocks)
}

fn more(block: &Block) -> Transaction {
    Transaction { amount: 90, ..block.body().transactions[0] }
}

fn read(block: &Block) -> Result<Block, String> {
    serde_json::from_str(&block.text()).map_err(|error: serde_json::Error| error.to_string())
}

#[test]
fn a_changed_amount_contradicts_the_body_root() {
    let (_, _, blocks) = chain();
    let changed = edit(&blocks[0], 0, more(&blocks[0]));
    assert_eq!(changed.hash(), blocks[0].hash());
    assert!(read(&changed).unwrap_err().contains("the body of the block at height 1 was changed"));
    assert_eq!(edit(&blocks[0], 9, more(&blocks[0])).body(), blocks[0].body());
}

#[test]
fn mended_roots_lack_the_work() {
    let (_, _, blocks) = chain();
    let changed = edit_and_mend(&blocks[0], 0, more(&blocks[0]));
    assert_ne!(changed.hash(), blocks[0].hash());
    assert!(read(&changed).unwrap_err().contains("lacks work"));
}

#[test]
fn a_block_mined_anew_stands_and_the_next_one_does_not() {
    let (root, ledger, blocks) = chain();
    let changed = edit(&blocks[0], 0, more(&blocks[0]));
    let mut forgery = Forgery::begin(&root, &ledger, vec![changed]);
    assert!(forgery.attempt(1 << 20));
    let [forged] = forgery.blocks() else { panic!("one block was to be forged") };
    let after = verify(&root, forged, &ledger).expect("it stands");
    let error = verify(forged, &blocks[1], &after).expect_err("it links to another block");
    assert!(matches!(error, BlockError::Parent { .. }));
}

#[test]
fn a_chain_forged_to_its_end_proves_itself_however_it_is_sliced() {
    let (root, ledger, blocks) = chain();
    let forge = |slice: u64| {
        let mut changed = blocks.clone();
        changed[0] = edit(&blocks[0], 0, more(&blocks[0]));
        let mut forgery = Forgery::begin(&root, &ledger, changed);
        assert_eq!(forgery.total(), 3);
        let mut slices = 1;
        while !forgery.attempt(slice) {
            slices += 1;
        }
        assert!(slices as u64 >= forgery.attempts() / slice);
        (forgery.blocks().to_vec(), forgery.attempts())
    };
    let (forged, attempts) = forge(1 << 20);
    assert!(attempts >= 3);
    for slice in [1, 7, 64] {
        assert_eq!(forge(slice), (forged.clone(), attempts), "in slices of {slice}");
    }
    let (mut parent, mut ledger) = (root, ledger);
    for block in &forged {
        ledger = verify(&parent, block, &ledger).expect("the chain proves itself");
        assert!(read(block).is_ok());
        parent = block.clone();
    }
    // Alice cannot pay again what she has paid already: the later receipts say so.
    assert_ne!(forged[2].body().outcomes, blocks[2].body().outcomes);
}

#[test]
fn nothing_to_forge_is_done_at_once() {
    let (root, ledger, _) = chain();
    let mut forgery = Forgery::begin(&root, &ledger, Vec::new());
    assert!(forgery.attempt(0) && forgery.blocks().is_empty() && forgery.total() == 0);
}
