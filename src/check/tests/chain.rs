//! Blocks, each by itself and all together.

use crate::bank::{Transaction, Verdict};
use crate::base::{Hash, Index};
use crate::chain::{Block, Body, Header};
use crate::check::BLOCKS_KEPT;
use crate::check::Property::*;
use crate::check::testing::{Story, block, header, paid, request};

#[test]
fn unsound_blocks_break_the_chain() {
    let genesis = Story::new().genesis;
    let sound = block(&genesis, 2, &[]);
    let body = sound.body().clone();
    let with = |header: Header| Block::seal(header, body.clone());
    let right = header(&genesis, 2, &body);
    let unasked = block(&sound, 2, &[paid(1, 1, 2, 1)]);
    let cases = [
        (with(Header { height: Index(7), ..right }), "it stands at height 1"),
        (with(Header { parent: sound.hash(), ..right }), "it links to"),
        (with(Header { difficulty: 255, ..right }), "leading zero bits instead of 255"),
        (Block::seal(right, unasked.body().clone()), "not the one that its header names"),
    ];
    for (block, why) in cases {
        let mut story = Story::new();
        story.appends(1, &[&block]);
        let what = story.breaks(&[ValidChain]);
        assert!(what.contains(why), "{what}");
    }
    let mut story = Story::new();
    story.appends(1, &[&sound, &block(&sound, 1, &[])]);
    let what = story.breaks(&[ValidChain]);
    assert!(what.ends_with("the block before it is of the later term 2"), "{what}");
}

/// The first log that holds a block has it judged; another log must hold the very same.
#[test]
fn a_known_hash_does_not_hide_another_body() {
    let mut story = Story::new();
    let sound = block(&story.genesis, 1, &[]);
    let other = block(&story.genesis, 1, &[paid(1, 1, 2, 1)]);
    let forged = Block::seal(*sound.header(), other.body().clone());
    story.appends(1, &[&sound]).appends(2, &[&sound]).is_clean();
    story.appends(3, &[&forged]).breaks(&[ValidChain]);
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
fn a_made_up_state_root_breaks_the_chain() {
    let mut story = Story::new();
    let honest = block(&story.genesis, 1, &[]);
    let body = Body { state_root: Hash::ZERO, ..honest.body().clone() };
    let first = Block::seal(header(&story.genesis, 1, &body), body);
    let what = story.appends(1, &[&first]).commits(1, 1).breaks(&[ValidChain]);
    assert!(what.contains("but the chain leads to"), "{what}");
}

/// A page that is left open for a day must not grow. What is forgotten must not pass as wrong, and
/// a request that took effect in what is forgotten must still not do so again.
#[test]
fn the_chain_is_kept_within_a_window() {
    let mut story = Story::new();
    let transfer = |seq| {
        let ((transaction, outcome), lowest_unanswered) = (paid(1, seq, 2, 1), seq);
        [(Transaction { lowest_unanswered, amount: 1 + seq % 2, ..transaction }, outcome)]
    };
    let mut blocks = vec![story.genesis.clone()];
    for height in 1..=BLOCKS_KEPT as u64 + 10 {
        let parent = blocks.last().expect("genesis at least");
        let receipts = if height <= 20 { &transfer(height)[..] } else { &[] };
        let block = block(parent, 1, receipts);
        story.asked(receipts).appends(1, &[&block]).commits(1, height);
        if height <= 20 {
            story.answered(1, height, Verdict::Committed { height: Index(height) });
        }
        blocks.push(block);
    }
    // One that is far behind catches up.
    for block in &blocks[1..] {
        story.appends(2, &[block]).commits(2, block.height().0);
    }
    story.is_clean();
    let committed = story.judges.committed();
    assert_eq!(
        (committed.base(), committed.height()),
        (Index(10), blocks.last().unwrap().height())
    );
    assert_eq!(committed.block(Index(9)), None);
    assert_eq!(committed.block(Index(10)), Some(&blocks[10]));
    assert_eq!(committed.replay().place(request(1, 10)), None);
    assert_eq!(committed.replay().place(request(1, 11)), Some(Index(11)));
    let again = block(blocks.last().expect("genesis at least"), 1, &transfer(5));
    story.appends(1, &[&again]).commits(1, again.height().0);
    let what = story.breaks(&[ExactlyOnce, Linearizability]);
    assert!(what.ends_with("after its client had said that it was answered"), "{what}");
}

/// A header that asks for less than the bank does gets away with nothing.
#[test]
fn a_block_has_the_work_that_the_bank_asks_for_or_breaks_the_chain() {
    let genesis = Story::new().genesis;
    let body = block(&genesis, 1, &[]).body().clone();
    let nonces = (0..).map(|nonce| Header { nonce, ..header(&genesis, 1, &body) });
    let blocks: Vec<Block> = nonces.map(|it| Block::seal(it, body.clone())).take(200).collect();
    let of_work = |bits| blocks.iter().find(|block| block.work_bits() == bits);
    for (bits, expected) in [(2, &[ValidChain][..]), (3, &[]), (4, &[])] {
        let block = of_work(bits).expect("one of many");
        Story::of_difficulty(3).appends(1, &[block]).breaks(expected);
    }
}
