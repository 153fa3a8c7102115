//! The chain with its forks, balances, searches and tampering, in short runs.

use super::chain::of;
use super::ledger_tests::Bank;
use super::tampering;
use crate::base::ServerId;
use crate::sim::Action;
use crate::ui::view::block::{Content, Which};
use crate::ui::view::chain::{Chain, Kind, Watch};
use crate::ui::view::tamper;
use expect_test::expect;

fn told(chain: &Chain) -> String {
    let mut text = format!("{}\n", chain.summary);
    for node in &chain.nodes {
        let kind = format!("{:?}", node.kind).to_lowercase();
        let lane = match (node.lane, node.from_lane) {
            (0, _) => String::new(),
            (lane, from) => format!(" in lane {lane} from {from}"),
        };
        text +=
            format!("#{} term {} {kind}{lane} {}\n", node.height, node.term, node.note).as_str();
    }
    text
}

fn wide() -> Watch {
    Watch { columns: Some(8), ..Watch::default() }
}

#[test]
fn forks_are_drawn_where_they_left_the_chain_and_stay_once_dropped() {
    let (mut bank, _) = Bank::divided();
    expect![[r#"
        5 blocks committed, 2 beside the chain.
        #0 term 0 committed 
        #1 term 1 committed 
        #2 term 1 committed 
        #3 term 3 committed 
        #4 term 3 committed 
        #5 term 3 committed 
        #3 term 1 beside in lane 1 from 0 still in the log of S2
        #4 term 1 beside in lane 1 from 1 still in the log of S2
    "#]]
    .assert_eq(&told(&of(&bank.branches, &wide())));
    bank.act(Action::Heal);
    bank.pass(1_000);
    let chain = of(&bank.branches, &wide());
    expect![[r#"
        5 blocks committed, 2 blocks dropped.
        #0 term 0 committed 
        #1 term 1 committed 
        #2 term 1 committed 
        #3 term 3 committed 
        #4 term 3 committed 
        #5 term 3 committed 
        #3 term 1 dropped in lane 1 from 0 overwritten on S2
        #4 term 1 dropped in lane 1 from 1 overwritten on S2
    "#]]
    .assert_eq(&told(&chain));

    let dropped = chain.nodes.iter().find(|node| node.kind == Kind::Dropped).expect("a fork");
    let which = dropped.which.expect("it can be opened");
    let opened = of(&bank.branches, &Watch { open: Some(which), ..wide() }).open;
    let card = opened.expect("it is opened");
    let Content::Block(block) = &card.content else { panic!("a block: {card:?}") };
    assert!(matches!(which, Which::Dropped(_)));
    expect![[r#"dropped Dropped: overwritten on S2. Some("S1, S2 and S3 have another block there.") Some(At(ServerId(1), 2)) true"#]].assert_eq(&format!(
        "{} {} {:?} {:?} {}",
        block.state,
        block.holders,
        block.others,
        block.parent,
        block.child.is_some()
    ));
}

#[test]
fn balances_are_known_after_every_block_that_is_kept() {
    let mut bank = Bank::open(3, |config| config.compact_after = 4);
    bank.pass(2_000);
    for amount in 1..=6 {
        bank.pay(amount, None);
        bank.pass(300);
    }
    let at = |height| {
        let chain = of(&bank.branches, &Watch { balances_at: height, ..wide() });
        format!("{} {:?} {}", chain.balances.at, chain.balances.rows, chain.balances.note)
    };
    let all = [Some(2), Some(4), Some(5), None, Some(99)].map(at).join("\n");
    expect![[r#"
        2 [] Nobody can tell any more: the blocks up to 4 are pruned, and what is left of them are the accounts after 4.
        4 [("Alice", None, 94), ("Bob", None, 106)] From the snapshot of height 4. What was before it, its blocks would tell: they are pruned.
        5 [("Alice", Some(94), 90), ("Bob", Some(106), 110)] Executed from the snapshot of height 4 on: 1 block.
        7 [("Alice", Some(85), 79), ("Bob", Some(115), 121)] Executed from the snapshot of height 4 on: 3 blocks.
        99 [] There is no block 99 in the chain yet."#]].assert_eq(&all);
}

#[test]
fn searches_find_transfers_accounts_heights_and_hashes() {
    let (bank, _) = Bank::divided();
    let find = |text: &str| {
        let chain = of(&bank.branches, &Watch { search: text.to_owned(), ..wide() });
        let Some(found) = chain.found else { return "nothing is asked".to_owned() };
        let hits: Vec<String> = found.hits.into_iter().map(|hit| hit.words).collect();
        format!("{text}: {} {hits:?}", found.says)
    };
    let hash = of(&bank.branches, &wide()).nodes[1].hash.to_string();
    let asked = [
        "",
        "Alice #1",
        "alice #99",
        "Bob",
        "2",
        "0",
        "02",
        "0000",
        "abc",
        "the moon",
        "Alice #x",
        &hash[..6],
    ];
    expect![[r#"
        nothing is asked
        Alice #1: 1 block found. ["Block 2, term 1: Alice → Bob 5"]
        alice #99: Nothing found for 'alice #99'. []
        Bob: 5 blocks found. ["Block 5, term 3: Alice → Bob 8", "Block 4, term 3: Alice → Bob 7", "Block 2, term 1: Alice → Bob 5", "Block 4, term 1, beside the chain, still in the log of S2: Alice → Bob 8", "Block 3, term 1, beside the chain, still in the log of S2: Alice → Bob 7"]
        2: 1 block found. ["Block 2, term 1: Alice → Bob 5"]
        0: 1 block found. ["Block 0, term 0: Genesis: the opening balances."]
        02: A hash needs 4 digits at least. []
        0000: 2 blocks found. ["Block 4, term 3: Alice → Bob 7", "Block 3, term 1, beside the chain, still in the log of S2: Alice → Bob 7"]
        abc: A hash needs 4 digits at least. []
        the moon: 'the moon' cannot be searched for. Search for a transfer (Alice #3), an account (Alice), a height (12), or the first digits of a hash (00a3f2). []
        Alice #x: Search for a transfer (Alice #3), an account (Alice), a height (12), or the first digits of a hash (00a3f2). []
        000aab: 1 block found. ["Block 1, term 1: Opens a term: nothing older commits before it."]"#]].assert_eq(&asked.map(find).join("\n"));
}

/// A bank with some blocks, and a follower of it.
fn bank() -> (Bank, ServerId) {
    let mut bank = Bank::open(3, |config| config.difficulty = 8);
    bank.pass(2_000);
    for amount in [5, 6, 7] {
        bank.pay(amount, None);
        bank.pass(500);
    }
    let leader = bank.leader();
    let follower = ServerId::first(3).find(|id| *id != leader).expect("a follower");
    (bank, follower)
}

fn tampered(bank: &Bank, watch: &tamper::Watch) -> tamper::Tamper {
    of(&bank.branches, &Watch { tamper: watch.clone(), ..wide() }).tamper
}

fn says(bank: &Bank, watch: &tamper::Watch) -> String {
    let model = tampered(bank, watch);
    let mut text = String::new();
    if let Some(problem) = &model.problem {
        text += &format!("problem: {problem}\n");
    }
    if let Some(outcome) = &model.outcome {
        let links = outcome.links.iter().map(|it| format!("#{} {:?}", it.height, it.state));
        let links = links.collect::<Vec<_>>().join(", ");
        let fits = outcome.named_root == outcome.body_root;
        text +=
            &format!("{}; roots fit: {fits}; work: {}\n", outcome.change, outcome.work.is_enough());
        text += &format!("{}\n{links}\n{}\n{}\n", outcome.verdict, outcome.cost, outcome.others);
    }
    if let Some(after) = &model.aftermath {
        text += &after.says.join("\n");
    }
    text
}

fn write(bank: &mut Bank, watch: &tamper::Watch) {
    let (_, edits) = tampering::changed(&bank.branches, watch).expect("it is changed");
    edits.into_iter().for_each(|edit| bank.act(edit));
}

#[test]
fn a_changed_amount_is_found_out_and_sent_again() {
    let (mut bank, server) = bank();
    let chosen = tampering::chosen(&bank.branches, server, 2, false);
    let watch = tamper::Watch { amount: Some("50".to_owned()), ..chosen };
    expect![[r#"
        Alice → Bob 50 instead of Alice → Bob 5; roots fit: true; work: false
        S1 will refuse to start from block 2: the block at height 2 lacks work: its hash has 3 leading zero bits where its difficulty asks for 8.
        #2 Changed, #3 Broken, #4 Unfounded
        3 blocks from here on, at 2^8 attempts each on average: 768 hashes, about 7 ms at this bank's 100,000 a second.
        S1, S2 and S3 hold block 2 as it was: 3 of 3 servers, a majority. Work convinces nobody of another one: Raft takes what a majority has.
    "#]].assert_eq(&says(&bank, &watch));
    let plain = tamper::Watch { plain: true, ..watch.clone() };
    expect![[r#"
        Alice → Bob 50 instead of Alice → Bob 5; roots fit: false; work: true
        S1 will refuse to start from block 2: the body of the block at height 2 was changed: its header asks for 47be2f244a67851c88fa00337056bce50aaa8c8a5cf9d6c314643431657c87af, but its content hashes to 3c6d48cb43b09f7abdce7ac4d3397c2fa1a6e6cd4e19b59001d60c3284c60d53.
        #2 Changed, #3 Unfounded, #4 Unfounded
        3 blocks from here on, at 2^8 attempts each on average: 768 hashes, about 7 ms at this bank's 100,000 a second.
        S1, S2 and S3 hold block 2 as it was: 3 of 3 servers, a majority. Work convinces nobody of another one: Raft takes what a majority has.
    "#]].assert_eq(&says(&bank, &plain));

    bank.act(Action::Crash { server });
    write(&mut bank, &watch);
    let watch = tamper::Watch { written: true, ..watch };
    bank.act(Action::Restart { server });
    let after = tampered(&bank, &watch).aftermath.expect("it was written");
    assert!(after.can_remove && after.can_restart);
    expect![[r#"
        S1 refuses to start. 'block/2' cannot be read: the block at height 2 lacks work: its hash has 3 leading zero bits where its difficulty asks for 8.
        A server never mends its disk by itself. If somebody removes these blocks, the leader sends them again."#]].assert_eq(&after.says.join("\n"));

    tampering::removed(&bank.branches, &watch).into_iter().for_each(|edit| bank.act(edit));
    bank.act(Action::Restart { server });
    bank.pass(1_000);
    expect!["S1 has block 2 again as the others have it."]
        .assert_eq(&tampered(&bank, &watch).aftermath.expect("as before").says.join("\n"));
}

#[test]
fn a_chain_mined_again_is_believed_by_its_server_alone() {
    let (mut bank, server) = bank();
    let chosen = tampering::chosen(&bank.branches, server, 2, false);
    let watch = tamper::Watch { amount: Some("50".to_owned()), ..chosen };
    let mut forgery = tampering::forgery(&bank.branches, &watch).expect("there is work");
    assert!(forgery.attempt(1 << 20));
    let forged = tamper::Forged {
        blocks: forgery.blocks().to_vec(),
        total: forgery.total(),
        attempts: forgery.attempts(),
        is_running: false,
    };
    let watch = tamper::Watch { forged: Some(forged.into()), ..watch };
    expect![[r#"
        Alice → Bob 50 instead of Alice → Bob 5; roots fit: true; work: true
        S1 will start from it: every block proves its work and links to the one before. Only the other servers know better.
        #2 Forged, #3 Forged, #4 Forged
        3 blocks from here on, at 2^8 attempts each on average: 768 hashes, about 7 ms at this bank's 100,000 a second.
        S1, S2 and S3 hold block 2 as it was: 3 of 3 servers, a majority. Work convinces nobody of another one: Raft takes what a majority has.
    "#]].assert_eq(&says(&bank, &watch));
    bank.act(Action::Crash { server });
    write(&mut bank, &watch);
    bank.act(Action::Restart { server });
    bank.pass(300);
    bank.pay(1, None);
    bank.pass(1_000);
    let watch = tamper::Watch { written: true, ..watch };
    expect![[r#"
        S1 has started from the forged blocks, and takes them for true: all their work is done.
        S1 refuses block 5 from S2: it links to 006b5f3d, but the block before it is 0061c92d.
        The judges say: Log Matching is violated. See Safety below."#]]
    .assert_eq(&tampered(&bank, &watch).aftermath.expect("it was written").says.join("\n"));
}

#[test]
fn what_cannot_be_changed_is_told() {
    let (bank, server) = bank();
    let mut texts = Vec::new();
    for height in [0, 1, 99] {
        texts.push(says(&bank, &tampering::chosen(&bank.branches, server, height, false)));
    }
    let chosen = tampering::chosen(&bank.branches, server, 2, false);
    for amount in ["", "much", "0", "5"] {
        texts.push(says(
            &bank,
            &tamper::Watch { amount: Some(amount.to_owned()), ..chosen.clone() },
        ));
    }
    expect![[r#"
        problem: S1 keeps the blocks 1 to 4: choose one of them.

        problem: Block 1 holds no transfer to change.

        problem: S1 keeps the blocks 1 to 4: choose one of them.

        problem: The amount is missing: write a whole number from 1 on.

        problem: The amount is not a number: write a whole number, digits only.

        problem: The amount is zero: it must be at least 1.

    "#]]
    .assert_eq(&texts.join("\n"));
    let fresh = Bank::open(3, |_| {});
    expect![[r#"
        problem: No server has a block with a transfer yet. Let somebody pay.
    "#]]
    .assert_eq(&says(&fresh, &tamper::Watch::default()));
}
