//! Blocks as values and as JSON.

use super::*;
use crate::base::{Membership, ServerId};
use crate::chain::genesis;
use crate::chain::testing::{bank, chain_of_two};

#[test]
fn a_block_comes_back_from_json() {
    let (genesis, _, block, _) = chain_of_two();
    for block in [genesis, block] {
        let text = serde_json::to_string(&block).expect("JSON");
        let back: Block = serde_json::from_str(&text).expect("the same block");
        assert_eq!(back, block);
        assert_eq!(back.header(), block.header());
        assert_eq!(back.body(), block.body());
    }
}

#[test]
fn the_json_is_readable() {
    let text = serde_json::to_string_pretty(&genesis(&bank())).expect("JSON");
    let expected = r#"{
  "height": 0,
  "term": 0,
  "hash": "da6c86fdf6ab25486ef377d9762f1beda2d06b129788c90c82977c6b180867bc",
  "parent": "0000000000000000000000000000000000000000000000000000000000000000",
  "difficulty": 0,
  "nonce": 0,
  "body_root": "a73770fae8cf9cc7763cce1f28ff99371c16deedfc441fde2fda40f1a20c4a1f",
  "transactions": [],
  "outcomes": [],
  "state_root": "801787066ddcaed35349f828967af0ee7d49bc74312cd3359de0586ccb1638a3"
}"#;
    assert_eq!(text, expected);
}

#[test]
fn an_edited_block_says_what_was_changed() {
    let (_, _, block, _) = chain_of_two();
    let text = serde_json::to_string(&block).expect("JSON");
    let hash = format!(r#""hash":"{}""#, block.hash());
    let other_hash = format!(r#""hash":"{}""#, Hash::ZERO);
    for (from, to, reason) in [
        (r#""term":2"#, r#""term":3"#, "block at height 1 was changed"),
        (r#""difficulty":8"#, r#""difficulty":7"#, "block at height 1 was changed"),
        (&hash, &other_hash, "block at height 1 was changed"),
        (r#""amount":30"#, r#""amount":31"#, "body of the block at height 1 was changed"),
        (r#""applied""#, r#""rejected""#, "unknown variant"),
        (r#""balance":130"#, r#""balance":1"#, "body of the block at height 1 was changed"),
        (r#""to":"Bob""#, r#""to":"Mallory""#, "'Mallory' is no account"),
        (r#""height""#, r#""weight":1,"height""#, "unknown field"),
        (r#""difficulty":8"#, r#""difficulty":256"#, "invalid value"),
    ] {
        assert!(text.contains(from), "{from} is in {text}");
        let error = serde_json::from_str::<Block>(&text.replacen(from, to, 1)).unwrap_err();
        assert!(error.to_string().contains(reason), "{error}");
    }
}

#[test]
fn a_block_without_work_is_not_read() {
    let (_, _, block, _) = chain_of_two();
    let nonces = 0..;
    let unworked = nonces
        .map(|nonce| Block::seal(Header { nonce, ..*block.header() }, block.body().clone()))
        .find(|block| !block.has_work())
        .expect("most nonces do not fit");
    let text = serde_json::to_string(&unworked).expect("JSON");
    let error = serde_json::from_str::<Block>(&text).unwrap_err().to_string();
    assert!(error.contains("the block at height 1 lacks work"), "{error}");
}

#[test]
fn the_body_root_covers_every_field() {
    let (_, _, block, _) = chain_of_two();
    let body = block.body();
    let root = body.root();
    type Change = (&'static str, fn(&mut Body));
    let changes: [Change; 11] = [
        ("client", |body| body.transactions[0].id.client = body.transactions[1].id.client),
        ("number", |body| body.transactions[0].id.seq += 1),
        ("lowest unanswered", |body| body.transactions[0].lowest_unanswered += 1),
        ("receiver", |body| body.transactions[0].to = body.transactions[1].to),
        ("amount", |body| body.transactions[0].amount += 1),
        ("order", |body| body.transactions.swap(0, 1)),
        ("outcome", |body| body.outcomes.swap(0, 1)),
        ("length", |body| body.outcomes.truncate(2)),
        ("state", |body| body.state_root.0[31] ^= 1),
        ("one voter", |body| body.membership = Some(Membership::of(ServerId::new(1)))),
        ("another", |body| body.membership = Some(Membership::of(ServerId::new(2)))),
    ];
    for (what, change) in changes {
        let mut changed = body.clone();
        change(&mut changed);
        assert_ne!(changed.root(), root, "{what}");
    }
}

#[test]
fn people_tell_blocks_apart_by_height_term_and_hash() {
    let (_, _, block, _) = chain_of_two();
    let short = block.hash().short().to_string();
    assert_eq!(block.to_string(), format!("block 1 of term 2, {short}"));
    // When a test fails, it shows what the block holds as well.
    let whole = format!("{block:?}");
    assert!(whole.contains(&short) && whole.contains("state_root"), "{whole}");
}
