//! Reads that see every write acknowledged before them, without a place in the log: ReadIndex
//! (dissertation §6.4).
//!
//! A leader knows what is committed, but it may have been deposed and not know *that*. So a read
//! waits for a round of heartbeats: once a quorum has answered messages that were sent after
//! the read came in, no later leader existed when the round began, and the commit index of that
//! moment covers every write acknowledged before it. A new leader must first commit an entry of
//! its own term, since until then its commit index may be behind.
//!
//! Reads that come in while a round is under way wait for the next one together.
//!
//! A follower passes its reads on to its leader, and answers them itself once it has applied what
//! the leader's index covers. It asks again when four rounds have begun without an answer: fewer
//! are no sign of a loss, since under load there is a round for each read.

use super::message::{Message, ReadIndex, ReadIndexReply, Round};
use super::{Entry, NotLeader, Raft, State};
use crate::base::{Index, ServerId};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// A read's name, chosen by the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ReadId(pub u64);

/// Tells a server's lives apart, from one start to the next crash. It is drawn at random.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Incarnation(pub u64);

/// How far a read has come that is not answered yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadStage {
    /// The leader has not begun a round of heartbeats for it: it must commit an entry of its own
    /// term first, or this round for earlier reads is under way.
    Waiting(Option<Round>),
    /// This round will confirm it, once a quorum has answered.
    InRound(Round),
    /// A follower has passed it on to this leader, and has no answer yet.
    PassedOn(ServerId),
    /// It is confirmed, and must see what is applied up to there.
    Confirmed(Index),
}

/// The most reads of others that a leader has under way. It passes over more; they are asked
/// again.
const MAX_READS_OF_OTHERS: usize = 256;

/// A read that was passed on counts as lost once so many rounds have begun since.
///
/// If all is well, one may have begun before the read came to the leader, and the next, which
/// confirms it, when that one was answered. The heartbeat timer may begin one more in between.
const ROUNDS_UNTIL_LOST: u64 = 4;

/// Whose read it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reader {
    /// The leader's own.
    Own(ReadId),
    /// A follower's.
    Other(ServerId, ReadId, Incarnation),
}

/// A leader's reads that are not confirmed yet.
#[derive(Clone, Debug, Default)]
pub(super) struct Reads {
    /// Those that wait for a round, the oldest first.
    waiting: Vec<Reader>,
    /// Those that a round under way will confirm, the oldest first.
    in_round: VecDeque<InRound>,
}

/// A read that a round of heartbeats will confirm.
#[derive(Clone, Copy, Debug)]
struct InRound {
    reader: Reader,
    round: Round,
    /// The commit index when the round began: what the read must see.
    index: Index,
}

impl Reads {
    /// A read of the leader's own comes in.
    pub fn push(&mut self, id: ReadId) {
        self.waiting.push(Reader::Own(id));
    }

    /// A follower's read comes in. The same one again, or one too many, changes nothing.
    pub fn push_other(&mut self, from: ServerId, id: ReadId, incarnation: Incarnation) {
        let reader = Reader::Other(from, id, incarnation);
        let others = self.readers().filter(|reader| matches!(reader, Reader::Other(..))).count();
        let is_known = self.readers().any(|known| known == reader);
        if !is_known && others < MAX_READS_OF_OTHERS {
            self.waiting.push(reader);
        }
    }

    /// How many are not confirmed yet.
    pub fn len(&self) -> usize {
        self.waiting.len() + self.in_round.len()
    }

    /// True if reads wait and no round is under way that delays the next.
    pub fn want_round(&self) -> bool {
        !self.waiting.is_empty() && self.in_round.is_empty()
    }

    /// True if a round under way may confirm some.
    pub fn are_in_round(&self) -> bool {
        !self.in_round.is_empty()
    }

    /// A round begins at this commit index: it will confirm all that wait.
    pub fn begin_round(&mut self, round: Round, commit: Index) {
        let reads = self.waiting.drain(..).map(|reader| InRound { reader, round, index: commit });
        self.in_round.extend(reads);
    }

    /// A quorum has answered `round` or later ones: the reads that this confirms.
    pub fn confirm(&mut self, round: Round) -> Vec<(Reader, Index)> {
        let confirmed = self.in_round.iter().take_while(|read| read.round <= round).count();
        self.in_round.drain(..confirmed).map(|read| (read.reader, read.index)).collect()
    }

    /// The leader's own that are not confirmed, the oldest first: leadership is lost. Followers
    /// see that themselves.
    pub fn abort(&self) -> impl Iterator<Item = ReadId> {
        self.readers().filter_map(|reader| match reader {
            Reader::Own(id) => Some(id),
            Reader::Other(..) => None,
        })
    }

    /// How far a read has come.
    pub fn stage(&self, reader: Reader) -> Option<ReadStage> {
        let in_round = self.in_round.iter().find(|read| read.reader == reader);
        let before = || self.in_round.back().map(|read| read.round);
        let waits = || self.waiting.contains(&reader).then(|| ReadStage::Waiting(before()));
        in_round.map(|read| ReadStage::InRound(read.round)).or_else(waits)
    }

    /// How far a follower's read has come, in whichever of the follower's lives it was asked.
    pub fn stage_of_other(&self, from: ServerId, id: ReadId) -> Option<ReadStage> {
        let theirs = |reader: &Reader| match reader {
            Reader::Other(whose, read, _) => (*whose, *read) == (from, id),
            Reader::Own(_) => false,
        };
        self.stage(self.readers().find(theirs)?)
    }

    fn readers(&self) -> impl Iterator<Item = Reader> {
        let in_round = self.in_round.iter().map(|read| read.reader);
        in_round.chain(self.waiting.iter().copied())
    }
}

/// A read that a follower has passed on to its leader.
#[derive(Clone, Copy, Debug)]
pub(super) struct PassedOn {
    pub id: ReadId,
    /// The leader's newest round, as far as was known, when it was sent.
    pub sent_in: Round,
}

impl<E: Entry> Raft<E> {
    /// Takes a read. A leader has it confirmed; a follower passes it on to its leader. It will
    /// come out of [`Outbox::reads`](super::Outbox::reads) or of
    /// [`Outbox::aborted_reads`](super::Outbox::aborted_reads). How many wait is the caller's to
    /// bound, and no two reads that wait may have the same name.
    ///
    /// # Errors
    /// If this server knows of no leader.
    pub fn read(&mut self, id: ReadId) -> Result<(), NotLeader> {
        let refused = NotLeader { leader: None };
        match &mut self.state {
            State::Leader(leader) => leader.reads.push(id),
            State::Follower(follower) => {
                let to = follower.leader.ok_or(refused)?;
                follower.reads.push(PassedOn { id, sent_in: follower.round });
                self.pass_on(to, id);
            }
            State::PreCandidate(_) | State::Candidate(_) => return Err(refused),
        }
        Ok(())
    }

    fn pass_on(&mut self, to: ServerId, id: ReadId) {
        let question = ReadIndex { term: self.term(), id, incarnation: self.incarnation };
        self.messages.push((to, Message::ReadIndex(question)));
    }

    /// The leader has begun a round: asks again for what it has not answered for long.
    pub(super) fn note_round(&mut self, round: Round) {
        let State::Follower(follower) = &mut self.state else { return };
        let Some(leader) = follower.leader else { return };
        follower.round = follower.round.max(round);
        let newest = follower.round;
        let is_lost =
            |read: &PassedOn| newest.0.saturating_sub(read.sent_in.0) >= ROUNDS_UNTIL_LOST;
        let mut lost = Vec::new();
        for read in follower.reads.iter_mut().filter(|read| is_lost(read)) {
            read.sent_in = newest;
            lost.push(read.id);
        }
        lost.into_iter().for_each(|id| self.pass_on(leader, id));
    }

    /// A follower passes a read on to this server, in the current term.
    pub(super) fn handle_read_index(&mut self, from: ServerId, question: ReadIndex) {
        let State::Leader(leader) = &mut self.state else { return };
        leader.reads.push_other(from, question.id, question.incarnation);
    }

    /// The leader has confirmed a read, in the current term.
    pub(super) fn handle_read_index_reply(&mut self, from: ServerId, reply: ReadIndexReply) {
        let State::Follower(follower) = &mut self.state else { return };
        if follower.leader != Some(from) || reply.incarnation != self.incarnation {
            return;
        }
        if let Some(place) = follower.reads.iter().position(|read| read.id == reply.id) {
            follower.reads.remove(place);
            self.confirmed_reads.push((reply.id, reply.index));
        }
    }

    /// A read of this leader, or of a follower, is confirmed.
    pub(super) fn confirm(&mut self, reader: Reader, index: Index) {
        match reader {
            Reader::Own(id) => self.confirmed_reads.push((id, index)),
            Reader::Other(to, id, incarnation) => {
                let reply = ReadIndexReply { term: self.term(), id, incarnation, index };
                self.messages.push((to, Message::ReadIndexReply(reply)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn follower() -> ServerId {
        ServerId::new(2).expect("S2 is a server")
    }

    #[test]
    fn a_follower_that_asks_again_or_too_much_takes_no_more_room() {
        let mut reads = Reads::default();
        reads.push(ReadId(0));
        for _ in 0..2 {
            for id in 0..2 * MAX_READS_OF_OTHERS as u64 {
                reads.push_other(follower(), ReadId(id), Incarnation(7));
            }
        }
        assert_eq!(reads.len(), 1 + MAX_READS_OF_OTHERS);
        reads.begin_round(Round(1), Index(5));
        reads.push_other(follower(), ReadId(0), Incarnation(7));
        reads.push_other(follower(), ReadId(0), Incarnation(8));
        assert_eq!(reads.len(), 1 + MAX_READS_OF_OTHERS, "those in a round count too");
        reads.push(ReadId(1));
        assert_eq!(reads.len(), 2 + MAX_READS_OF_OTHERS, "its own are the caller's to bound");
    }

    #[test]
    fn a_round_confirms_what_waited_for_it_and_nothing_later() {
        let mut reads = Reads::default();
        reads.push(ReadId(1));
        assert!(reads.want_round() && !reads.are_in_round());
        reads.begin_round(Round(3), Index(5));
        reads.push(ReadId(2));
        assert!(!reads.want_round(), "one is under way");
        reads.begin_round(Round(4), Index(6));
        assert_eq!(reads.confirm(Round(2)), []);
        assert_eq!(reads.confirm(Round(3)), [(Reader::Own(ReadId(1)), Index(5))]);
        reads.push(ReadId(3));
        assert_eq!(reads.abort().collect::<Vec<_>>(), [ReadId(2), ReadId(3)]);
        assert_eq!(reads.confirm(Round(9)), [(Reader::Own(ReadId(2)), Index(6))]);
        assert!(reads.want_round() && !reads.are_in_round());
    }
}
