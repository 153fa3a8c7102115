//! For each promise, stories in which it is broken, and their honest twins.

use super::BLOCKS_KEPT;
use super::Property::*;
use super::testing::{Story, block, changing, header, paid, refused, request, server};
use crate::bank::{Ledger, Refusal, Reply, Transaction, Verdict};
use crate::base::{AccountId, Endpoint, Hash, Index, Membership, ServerId, Term};
use crate::chain::{Block, Body, Header};
use crate::raft::{Message, Position, RequestVote, RequestVoteReply};
use crate::server::{Checkpoint, Fact, Packet};
use crate::trace::{Kept, MessageId, Passage, What};
use std::sync::Arc;

const OPENING: [u64; 3] = [100, 100, 100];

/// A story in which S1 leads term 1 and has applied one block with these receipts.
pub(super) fn told(receipts: &[super::testing::Receipt], balances: [u64; 3]) -> (Story, Block) {
    let mut story = Story::new();
    let first = block(&story.genesis, 1, receipts);
    story.asked(receipts).recovers(1, 0, &[]).recovers(2, 0, &[]).recovers(3, 0, &[]).leads(1, 1);
    story.appends(1, &[&first]).persists(1, &[&first]).persists(2, &[&first]);
    story.commits(1, 1).applies(1, &first, balances);
    (story, first)
}

#[test]
fn an_honest_story_is_clean_and_counts() {
    let receipts = [paid(1, 1, 2, 30), refused(1, 2, 2, 71, 70)];
    let (mut story, first) = told(&receipts, [70, 130, 100]);
    story.answered(1, 1, Verdict::Committed { height: Index(1) });
    let refusal = Refusal::InsufficientFunds { balance: 70 };
    story.answered(1, 2, Verdict::Refused { height: Index(1), refusal });
    story.commits(2, 1).appends(2, &[&first]).applies(2, &first, [70, 130, 100]);
    story.crashes(2).recovers(2, 1, &[&first]).commits(2, 1).applies(2, &first, [70, 130, 100]);
    story.is_clean();
    let told = [OneVote, TrueSnapshot, NoPhantoms];
    for ruling in story.judges.verdicts().filter(|ruling| !told.contains(&ruling.property)) {
        assert!(ruling.checked > 0, "{}", ruling.property);
        assert_eq!((ruling.violations, ruling.violation), (0, None));
    }
    let committed = story.judges.committed();
    assert_eq!(committed.height(), Index(1));
    assert_eq!(committed.block(Index(1)), Some(&first));
    assert_eq!(committed.block(Index(0)), Some(&story.genesis));
    assert_eq!(committed.block(Index(2)), None);
    assert_eq!(committed.balances()[0].1, 70);
    assert_eq!(committed.balances_at(Index(0)).unwrap()[0].1, 100);
    assert_eq!(committed.balance_at(account(2), Index(1)), Some(130));
}

fn account(number: u8) -> AccountId {
    AccountId::new(number).expect("an account's number")
}

#[test]
fn two_leaders_of_one_term_break_election_safety() {
    let mut story = Story::new();
    story.leads(1, 1).leads(2, 2).leads(1, 3).leads(2, 3);
    let what = story.breaks(&[ElectionSafety]);
    assert_eq!(what, "S2 was elected in term 3, which S1 had won already");
    let violation = story.judges.violations().next().expect("it was just seen");
    assert_eq!((violation.event.0, violation.at.0), (4, 4000));
}

#[test]
fn a_second_election_of_one_server_in_one_term_breaks_election_safety() {
    let mut story = Story::new();
    story.recovers(1, 0, &[]).leads(1, 1).crashes(1).recovers(1, 0, &[]).leads(1, 1);
    assert_eq!(story.breaks(&[ElectionSafety]), "S1 was elected twice in term 1");
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
    let (mut story, _) = told(&[], OPENING);
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

#[test]
fn different_blocks_applied_at_one_height_break_state_machine_safety() {
    let (mut story, _) = told(&[], OPENING);
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
        let (mut story, first) = told(&[], OPENING);
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

/// A commit index is reported before the blocks of the same message, which may replace others.
#[test]
fn a_commit_index_is_judged_by_the_log_that_comes_with_it() {
    let (mut story, first) = told(&[], OPENING);
    let stale = block(&story.genesis, 0, &[]);
    story.appends(2, &[&stale]).commits(2, 1).truncates(2, 1).appends(2, &[&first]);
    story.applies(2, &first, OPENING).is_clean();
}

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
fn money_from_nowhere_breaks_conservation() {
    let (mut story, _) = told(&[], [100, 100, 101]);
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
        let what = told(&[receipt], OPENING).0.breaks(&[NoOverdraft]);
        assert!(what.ends_with(&format!("by the chain before it is {right}")), "{what}");
    }
    let refused_for_nothing = refused(1, 1, 2, 100, 100);
    let what = told(&[refused_for_nothing], [0, 200, 100]).0.breaks(&[NoOverdraft]);
    assert!(what.ends_with("is applied"), "{what}");
}

#[test]
fn a_request_with_two_places_breaks_exactly_once() {
    let (mut story, first) = told(&[paid(1, 1, 2, 10)], [90, 110, 100]);
    let again = block(&first, 1, &[paid(1, 1, 2, 10)]);
    story.appends(1, &[&again]).persists(1, &[&again]).persists(2, &[&again]).commits(1, 2);
    let what = story.breaks(&[ExactlyOnce, Linearizability]);
    assert_eq!(what, "Alice #1 takes effect at height 1, and again at height 2");
}

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
        let (mut story, _) = told(&chain, [90, 110, 100]);
        story.answered(1, seq, verdict).breaks(expected);
    }
}

#[test]
fn what_was_acknowledged_is_not_taken_back() {
    let (mut story, _) = told(&[paid(1, 1, 2, 10)], [90, 110, 100]);
    let other = block(&story.genesis, 0, &[]);
    story.appends(2, &[&other]).applies(2, &other, OPENING).breaks(&[StateMachineSafety]);
    story.answered(1, 1, Verdict::Committed { height: Index(1) });
    story.breaks(&[StateMachineSafety]);
    story.appends(3, &[&other]).applies(3, &other, OPENING);
    story.breaks(&[StateMachineSafety, AcknowledgedStays]);
}

/// A balance may be old when it is asked for, but not older than what anybody knows by then.
#[test]
fn a_balance_from_before_the_question_breaks_linearizability() {
    let (mut story, _) = told(&[paid(1, 1, 2, 10)], [90, 110, 100]);
    let old = |balance| Verdict::Balance { committed: balance, pending: 100, height: Index(0) };
    story.asks_balance(2, 1).answered(1, 1, Verdict::Committed { height: Index(1) });
    story.answered(2, 1, old(100)).is_clean();
    story.asks_balance(3, 1).answered(3, 1, old(100));
    let what = story.breaks(&[Linearizability]);
    assert_eq!(
        what,
        "Carol #1 was answered from height 0, after height 1 had been answered when it was asked"
    );
    let (mut story, _) = told(&[paid(1, 1, 2, 10)], [90, 110, 100]);
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
fn other_balances_than_the_chains_break_replica_agreement() {
    let (mut story, _) = told(&[paid(1, 1, 2, 10)], [100, 100, 100]);
    let what = story.breaks(&[ReplicaAgreement]);
    assert_eq!(
        what,
        "S1 has Alice 100, Bob 100, Carol 100 at height 1, but the chain leads to Alice 90, \
         Bob 110, Carol 100"
    );
}

#[test]
fn the_first_violation_is_kept_and_the_rest_counted() {
    let mut story = Story::new();
    story.leads(1, 1).leads(2, 1).leads(3, 1);
    story.breaks(&[ElectionSafety]);
    let ruling = story.judges.verdicts().next().expect("the first property");
    assert_eq!((ruling.checked, ruling.violations), (3, 2));
    assert_eq!(ruling.violation.map(|violation| violation.event.0), Some(2));
    assert!(!story.judges.is_clean());
    story.fact(1, Fact::EnteredTerm(crate::base::Term(9)));
    let shown = story.judges.violations().next().expect("it stays").to_string();
    assert!(shown.starts_with("Election Safety, at 2.000ms (event 2): S2 was"), "{shown}");
}

/// S1 sends S2 its vote, or asks for votes if the candidate is S1 itself.
fn votes(story: &mut Story, term: u64, candidate: u8) -> &mut Story {
    let (voter, term) = (server(1), Term(term));
    let message = match candidate {
        1 => {
            let last_log = Position::default();
            let request = RequestVote { term, last_log, pre_vote: false, transfer: false };
            Message::RequestVote(request)
        }
        _ => Message::RequestVoteReply(RequestVoteReply { term, granted: true, pre_vote: false }),
    };
    let to = if candidate == 1 { server(2) } else { server(candidate) };
    let (from, to) = (Endpoint::Server(voter), Endpoint::Server(to));
    let packet = Packet::Raft(message).into();
    story.event(What::Sent(Passage { message: MessageId(1), from, to, packet }))
}

#[test]
fn two_votes_of_one_term_break_one_vote() {
    let mut story = Story::new();
    votes(&mut story, 1, 2).recovers(1, 1, &[]);
    votes(&mut story, 1, 2);
    votes(&mut story, 2, 1).is_clean();
    votes(&mut story, 2, 3);
    let what = story.breaks(&[OneVote]);
    assert_eq!(what, "S1 votes for S3 in term 2, after it voted for S1");
}

#[test]
fn a_term_that_comes_back_goes_back() {
    let mut story = Story::new();
    votes(&mut story, 3, 2).recovers(1, 2, &[]);
    let what = story.breaks(&[NothingGoesBack]);
    assert_eq!(what, "S1 recovers in term 2, after it told of its vote in term 3");
    let mut story = Story::new();
    story.follows(1, 4).follows(1, 3).breaks(&[NothingGoesBack]);
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
        let (mut story, _) = told(&[paid(1, 1, 2, 10)], [90, 110, 100]);
        story.fact(1, Fact::Replied(Reply { id: request(1, seq), verdict })).breaks(expected);
    }
}

/// The accounts of three after these transfers, each in a block of its own from height 1 on, as a
/// snapshot of a block.
pub(super) fn checkpoint(block: &Block, receipts: &[super::testing::Receipt]) -> Arc<Checkpoint> {
    let opening = AccountId::first(3).map(|account| (account, 100)).collect();
    let mut ledger = Ledger::open(&opening).expect("a bank");
    for ((transaction, _), height) in receipts.iter().zip(1..) {
        ledger.execute(transaction, Index(height)).expect("the transfer may stand there");
    }
    let membership = Membership::of(ServerId::first(3));
    Arc::new(Checkpoint { block: block.clone(), ledger, membership })
}

#[test]
fn a_snapshot_stands_for_the_chain_before_it() {
    let receipts = [paid(1, 1, 2, 10)];
    let (mut story, first) = told(&receipts, [90, 110, 100]);
    let second = block(&first, 1, &[]);
    let of_first = checkpoint(&first, &receipts);
    story.appends(1, &[&second]).persists(1, &[&second]).persists(2, &[&second]);
    story.fact(1, Fact::SnapshotTaken(of_first.clone()));
    let installed = Fact::SnapshotInstalled { from: server(1), checkpoint: of_first.clone() };
    story.commits(1, 2).applies(1, &second, [90, 110, 100]).fact(2, installed);
    story.appends(2, &[&second]).commits(2, 2).applies(2, &second, [90, 110, 100]);
    let (snapshot, blocks) = (Some(of_first), [second.clone()].into());
    story.crashes(2).fact(2, Fact::Recovered { term: Term(1), vote: None, snapshot, blocks });
    story.commits(2, 2).applies(2, &second, [90, 110, 100]).leads(2, 2).is_clean();
    // Without its snapshot it would begin anew.
    story.crashes(2).recovers(2, 2, &[]).breaks(&[NothingGoesBack, Durability]);
}

#[test]
fn a_snapshot_with_other_accounts_or_another_block_is_not_true() {
    let receipts = [paid(1, 1, 2, 10)];
    for wrong in 0..4 {
        let (mut story, first) = told(&receipts, [90, 110, 100]);
        let other = block(&story.genesis, 1, &[]);
        let snapshot = match wrong {
            0 => checkpoint(&first, &[]),
            1 => checkpoint(&other, &receipts),
            2 => {
                let stranger = Membership::of([server(4)]);
                let whole = Checkpoint::clone(&checkpoint(&first, &receipts));
                Arc::new(Checkpoint { membership: stranger, ..whole })
            }
            _ => checkpoint(&block(&first, 1, &[]), &receipts),
        };
        story.fact(1, Fact::SnapshotTaken(snapshot));
        story.breaks(&[TrueSnapshot]);
    }
}

/// After a reload the disks may hold different snapshots of one chain.
#[test]
fn snapshots_of_an_earlier_run_are_taken_over() {
    let receipts = [paid(1, 1, 2, 10)];
    let genesis = Story::new().genesis;
    let first = block(&genesis, 1, &receipts);
    let second = block(&first, 1, &[paid(2, 1, 3, 1)]);
    let third = block(&second, 2, &[paid(1, 2, 2, 5)]);
    let early = checkpoint(&first, &receipts);
    let late = checkpoint(&second, &[receipts[0], paid(2, 1, 3, 1)]);
    for early_first in [true, false] {
        let mut story = Story::new();
        let recovered = |snapshot: &Arc<Checkpoint>, blocks: &[&Block]| Fact::Recovered {
            term: Term(2),
            vote: None,
            snapshot: Some(snapshot.clone()),
            blocks: blocks.iter().map(|block| (*block).clone()).collect(),
        };
        let early = (1, recovered(&early, &[&second, &third]));
        let late = (2, recovered(&late, &[&third]));
        let both = if early_first { [early, late] } else { [late, early] };
        for (id, fact) in both {
            story.fact(id, fact);
        }
        story.leads(1, 3).commits(1, 3).commits(2, 3).applies(2, &third, [85, 114, 101]);
        story.answered(1, 1, Verdict::Committed { height: Index(1) });
        story.answered(1, 2, Verdict::Committed { height: Index(3) }).is_clean();
    }
}

#[test]
fn a_commit_that_is_not_on_a_quorum_of_disks_breaks_durability() {
    for (holders, why) in [
        (&[1][..], "which is on the disks of S1: no quorum of S1-S2-S3"),
        (&[2, 3], "which is not on its own disk"),
        (&[], "which is not on its own disk"),
    ] {
        let mut story = Story::new();
        let first = block(&story.genesis, 1, &[]);
        story.recovers(1, 0, &[]).recovers(2, 0, &[]).recovers(3, 0, &[]).leads(1, 1);
        story.appends(1, &[&first]);
        for holder in holders {
            story.persists(*holder, &[&first]);
        }
        let what = story.commits(1, 1).breaks(&[Durability]);
        assert!(what.ends_with(why), "{what}");
    }
}

#[test]
fn a_quorum_without_what_is_committed_breaks_durability() {
    let (mut story, first) = told(&[], OPENING);
    story.writes(2, &[Kept::Removed(Index(1))]);
    let what = story.breaks(&[Durability]);
    assert_eq!(
        what,
        "height 1 is committed, but not on the disks of S2, S3: they are a quorum of S1-S2-S3"
    );
    // With a third disk one may be lost.
    let (mut story, _) = told(&[], OPENING);
    story.persists(3, &[&first]).crashes(2).recovers(2, 1, &[]).is_clean();
    story.crashes(3).recovers(3, 1, &[]).breaks(&[Durability]);
}

/// What a snapshot stands for is on the disk as well as the blocks were.
#[test]
fn a_snapshot_keeps_what_is_committed() {
    let (mut story, first) = told(&[], OPENING);
    let (height, term, hash) = (first.height(), first.term(), first.hash());
    let taken = [Kept::Snapshot { height, term, hash }, Kept::Removed(height)];
    story.writes(2, &taken).writes(3, &taken[..1]).writes(1, &[Kept::Removed(height)]).is_clean();
}

#[test]
fn a_joint_membership_needs_both_quorums() {
    let founders = Membership::of(ServerId::first(3));
    let joint = founders.joint_with(&Membership::of([1, 4, 5].map(server)));
    for (holders, expected) in
        [(&[1, 2, 4][..], &[][..]), (&[1, 2], &[Durability]), (&[1, 4, 5], &[Durability])]
    {
        let mut story = Story::new();
        let first = changing(&story.genesis, 1, &[], Some(joint.clone()));
        for id in 1..=5 {
            story.recovers(id, 0, &[]);
        }
        story.leads(1, 1).appends(1, &[&first]);
        for holder in holders {
            story.persists(*holder, &[&first]);
        }
        story.commits(1, 1).breaks(expected);
    }
}

#[test]
fn a_snapshot_may_be_lost_until_it_is_on_the_disk() {
    for durable in [false, true] {
        let mut story = Story::new();
        let first = block(&story.genesis, 1, &[]);
        let of_first = checkpoint(&first, &[]);
        story.recovers(1, 0, &[]).recovers(2, 0, &[]).leads(1, 1).appends(1, &[&first]);
        story.persists(1, &[&first]).persists(2, &[&first]).commits(1, 1);
        story.applies(1, &first, [100, 100, 100]).fact(1, Fact::SnapshotTaken(of_first.clone()));
        if durable {
            let (height, hash) = (first.height(), first.hash());
            story.writes(1, &[Kept::Snapshot { height, term: Term(1), hash }]);
        }
        story.crashes(1).recovers(1, 1, &[&first]);
        story.breaks(if durable { &[NothingGoesBack] } else { &[] });
    }
}

#[test]
fn a_disk_that_changes_its_mind_is_noticed() {
    let (term, earlier) = (Term(2), Term(1));
    let state = |term, vote: Option<u8>| Kept::State { term, vote: vote.map(server) };
    for (second, expected) in [
        (state(term, Some(2)), &[][..]),
        (state(Term(3), Some(3)), &[]),
        (state(term, Some(3)), &[OneVote]),
        (state(term, None), &[OneVote]),
        (state(earlier, None), &[NothingGoesBack]),
    ] {
        let mut story = Story::new();
        story.recovers(1, 0, &[]).writes(1, &[state(term, None), state(term, Some(2)), second]);
        story.breaks(expected);
    }
}

#[test]
fn a_log_that_could_win_without_what_is_committed_breaks_leader_completeness() {
    let (mut story, _) = told(&[], OPENING);
    let later = block(&story.genesis, 2, &[]);
    let what = story.appends(3, &[&later]).breaks(&[LeaderCompleteness]);
    assert!(what.starts_with("the log of S3 ends with height 1 of term 2, which is"), "{what}");
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
