//! What a single server must keep to, in memory and on its disk.

use crate::base::{Endpoint, Term};
use crate::check::Property::*;
use crate::check::testing::{Story, block, server};
use crate::raft::{Message, Position, RequestVote};
use crate::server::{Fact, Packet};
use crate::trace::{Kept, MessageId, Passage, What};

/// S1 asks S2 for its vote, and so tells that it votes for itself.
fn stands(story: &mut Story, term: u64) -> &mut Story {
    let (term, last_log) = (Term(term), Position::default());
    let request = RequestVote { term, last_log, pre_vote: false, transfer: false };
    let packet = Packet::Raft(Message::RequestVote(request)).into();
    let [from, to] = [1, 2].map(|id| Endpoint::Server(server(id)));
    story.event(What::Sent(Passage { message: MessageId(1), from, to, packet }))
}

#[test]
fn two_votes_of_one_term_break_one_vote() {
    let mut story = Story::new();
    story.votes(1, 1, 2).recovers(1, 1, &[]).votes(1, 1, 2);
    stands(&mut story, 2).is_clean();
    let what = story.votes(1, 2, 3).breaks(&[OneVote]);
    assert_eq!(what, "S1 votes for S3 in term 2, after it voted for S1");
}

#[test]
fn a_term_that_comes_back_goes_back() {
    let mut story = Story::new();
    story.votes(1, 3, 2).recovers(1, 2, &[]);
    let what = story.breaks(&[NothingGoesBack]);
    assert_eq!(what, "S1 recovers in term 2, after it told of its vote in term 3");
    let mut story = Story::new();
    story.follows(1, 4).follows(1, 3).breaks(&[NothingGoesBack]);
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

/// What a server comes up with is what its disk was given, whatever it has told anybody of.
#[test]
fn a_life_begins_with_what_the_last_one_wrote() {
    for (term, vote, expected) in [
        (2, Some(3), &[][..]),
        (2, None, &[OneVote]),
        (2, Some(1), &[OneVote]),
        (1, None, &[NothingGoesBack]),
    ] {
        let mut story = Story::new();
        story.recovers(1, 0, &[]);
        story.writes(1, &[Kept::State { term: Term(2), vote: Some(server(3)) }]).crashes(1);
        let (term, vote, blocks) = (Term(term), vote.map(server), [].into());
        story.fact(1, Fact::Recovered { term, vote, snapshot: None, blocks }).breaks(expected);
    }
}
