//! One Vote, Nothing Goes Back and Ordered Heights: what a single server must keep to.

use super::Property::{NothingGoesBack, OneVote, OrderedHeights};
use super::docket::Docket;
use super::replica::Replica;
use crate::base::{Endpoint, Index, ServerId, Term};
use crate::raft::{Message, RequestVote, RequestVoteReply};
use crate::server::Packet;
use crate::trace::Passage;

/// A vote that a message tells of: the voter, the term and the candidate. A candidate that asks
/// for votes has given itself its own.
pub(super) fn vote_told(passage: &Passage) -> Option<(ServerId, Term, ServerId)> {
    let (Endpoint::Server(from), Endpoint::Server(to)) = (passage.from, passage.to) else {
        return None;
    };
    let Packet::Raft(message) = &*passage.packet else { return None };
    // All fields are named, so that a kind of vote that binds nobody cannot be overlooked here.
    match message {
        Message::RequestVote(RequestVote { term, pre_vote: false, last_log: _, transfer: _ }) => {
            Some((from, *term, from))
        }
        Message::RequestVoteReply(RequestVoteReply { term, granted: true, pre_vote: false }) => {
            Some((from, *term, to))
        }
        _ => None,
    }
}

/// A server tells somebody of its vote. A vote that nobody heard of may be lost in a crash.
pub(super) fn voted(docket: &mut Docket, replica: &mut Replica, term: Term, candidate: ServerId) {
    let told = replica.vote_told.filter(|(told_in, _)| *told_in == term);
    docket.check(OneVote, told.is_none_or(|(_, former)| former == candidate), || {
        let (id, former) = (replica.id, told.map_or(candidate, |(_, former)| former));
        format!("{id} votes for {candidate} in term {term}, after it voted for {former}")
    });
    if replica.vote_told.is_none_or(|(told_in, _)| told_in < term) {
        replica.vote_told = Some((term, candidate));
    }
}

/// A server begins a life in this term. What it knew of heights may have been lost in a crash.
pub(super) fn recovered(docket: &mut Docket, replica: &Replica, term: Term) {
    let Replica { id, .. } = replica;
    let told = replica.vote_told.map_or(Term(0), |(term, _)| term);
    docket.check(NothingGoesBack, term >= told, || {
        format!("{id} recovers in term {term}, after it told of its vote in term {told}")
    });
}

/// A server is in this term now.
pub(super) fn entered(docket: &mut Docket, replica: &Replica, term: Term) {
    docket.check(NothingGoesBack, term >= replica.term, || {
        format!("{} goes back from term {} to {term}", replica.id, replica.term)
    });
}

/// The log of a server begins after this height now.
pub(super) fn began_after(docket: &mut Docket, replica: &Replica, base: Index) {
    let former = replica.log.base();
    docket.check(NothingGoesBack, base >= former, || {
        format!("the snapshot of {} goes back from height {former} to {base}", replica.id)
    });
}

/// A server says that its log is committed up to a height.
pub(super) fn committed(docket: &mut Docket, replica: &Replica, height: Index) {
    docket.check(NothingGoesBack, height >= replica.committed, || {
        let Replica { id, committed, .. } = replica;
        format!("{id} knew height {committed} as committed, and now only {height}")
    });
}

/// Something about a server's heights has changed.
pub(super) fn heights(docket: &mut Docket, replica: &Replica) {
    let Replica { id, log, committed, applied, .. } = replica;
    let (base, last) = (log.base(), log.last());
    let ordered = base <= *applied && applied <= committed && *committed <= last;
    docket.check(OrderedHeights, ordered, || {
        format!(
            "{id} has its snapshot at height {base}, applied {applied}, knows {committed} as \
             committed, and its log ends at {last}"
        )
    });
}
