//! What servers say to each other: the paper's calls and their replies, as messages.
//!
//! A message may be lost, doubled, late or overtaken; none of that does harm. Sender and receiver
//! are not in it: they are the envelope's.

use super::Entry;
use super::log::{Conflict, Position};
use super::read::{Incarnation, ReadId};
use crate::base::{Index, Membership, Term};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// No term that a message may carry is above this one, so that counting up never overflows.
pub(super) const MAX_TERM: Term = Term(u64::MAX / 2);

/// No place that a message may speak of is above this one, for the same reason.
pub(super) const MAX_INDEX: Index = Index(u64::MAX / 2);

/// The most bytes that a snapshot may have. A follower holds what it has of one in memory.
pub const MAX_SNAPSHOT_BYTES: u64 = 1 << 30;

/// Numbers a leader's rounds of heartbeats, from 1 on within its term.
///
/// Each append and heartbeat carries the newest round and its reply echoes it. A quorum of
/// echoes proves that the sender was still leader when the round began (dissertation §6.4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Round(pub u64);

impl Round {
    /// The round after this one.
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// A message from one server's Raft to another's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Message<E> {
    /// A candidate asks for a vote, or whether it would get one.
    RequestVote(RequestVote),
    /// A voter's answer to it.
    RequestVoteReply(RequestVoteReply),
    /// A leader sends entries, or just shows that it is there.
    AppendEntries(AppendEntries<E>),
    /// A follower's answer to it.
    AppendEntriesReply(AppendEntriesReply),
    /// A leader sends a part of its snapshot.
    InstallSnapshot(InstallSnapshot),
    /// A follower's answer to it.
    InstallSnapshotReply(InstallSnapshotReply),
    /// A leader tells its successor to stand for election at once.
    TimeoutNow(TimeoutNow),
    /// A follower passes a read on to its leader.
    ReadIndex(ReadIndex),
    /// The leader's answer to it.
    ReadIndexReply(ReadIndexReply),
}

/// A candidate asks for a vote (paper §5.2), or whether it would get one (dissertation §9.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestVote {
    /// The sender's term. It stands in it; or, if this is a mere question, it would stand in the
    /// next.
    pub term: Term,
    /// Where the sender's log ends. Who has more does not vote for it (paper §5.4.1).
    pub last_log: Position,
    /// True if this is a question that commits nobody to anything: the sender has not entered a
    /// new term, and the receiver does not vote.
    pub pre_vote: bool,
    /// True if the leader itself wants this election: then it does not matter that the receiver
    /// hears from that leader (dissertation §4.2.3).
    pub transfer: bool,
}

/// A voter's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestVoteReply {
    /// The voter's term. In the answer to a mere question, the asker's term if that is later.
    pub term: Term,
    /// True if the candidate has the vote, or would have it.
    pub granted: bool,
    /// True if this answers a mere question.
    pub pre_vote: bool,
}

/// A leader sends entries; without any, it is a heartbeat (paper §5.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppendEntries<E> {
    /// The leader's term.
    pub term: Term,
    /// The place just before the entries. Who has another entry there refuses them.
    pub prev_log: Position,
    /// The entries that follow that place.
    pub entries: Vec<E>,
    /// How far the leader has committed, but not beyond the last place that this message speaks
    /// of: the receiver can know of nothing later that it is the leader's.
    pub leader_commit: Index,
    /// The leader's newest round.
    pub round: Round,
}

/// A follower's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppendEntriesReply {
    /// The follower's term.
    pub term: Term,
    /// What became of the entries.
    pub outcome: AppendOutcome,
    /// The round of the message that this answers.
    pub round: Round,
}

/// What became of an append.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AppendOutcome {
    /// The follower's log is the leader's up to `match_index`, and is durable that far.
    Accepted {
        /// The last place that the message spoke of. The follower may have more, but whether that
        /// is the leader's it does not know.
        match_index: Index,
    },
    /// The follower has another entry, or none, at the place before the entries.
    Rejected {
        /// That place, so that the leader knows which of its messages this is about.
        prev_index: Index,
        /// Where to go on searching.
        conflict: Conflict,
    },
    /// The message was of a former term. The reply's own term says what the sender missed.
    Stale,
}

/// A leader sends a part of its snapshot to a follower that needs entries which the leader has
/// no more (paper §7).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstallSnapshot {
    /// The leader's term.
    pub term: Term,
    /// The last entry that the snapshot replaces.
    pub last: Position,
    /// The membership in force there.
    pub membership: Membership,
    /// How many bytes the snapshot has in all.
    pub total: u64,
    /// Where this part begins.
    pub offset: u64,
    /// The part.
    pub data: Arc<[u8]>,
    /// The leader's newest round.
    pub round: Round,
}

/// A follower's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstallSnapshotReply {
    /// The follower's term.
    pub term: Term,
    /// Which snapshot this is about.
    pub last: Position,
    /// Where the next part is to begin. The snapshot's whole length means that the follower has
    /// everything up to `last` durably.
    pub received: u64,
    /// The round of the message that this answers.
    pub round: Round,
}

/// A leader tells its successor, whose log is complete, to stand for election at once
/// (dissertation §3.10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeoutNow {
    /// The leader's term.
    pub term: Term,
}

/// A follower asks its leader how far it must have applied for a read (dissertation §6.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadIndex {
    /// The follower's term.
    pub term: Term,
    /// The read.
    pub id: ReadId,
    /// Which of the follower's lives asks, so that none takes an answer to an earlier one's read.
    pub incarnation: Incarnation,
}

/// The leader's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadIndexReply {
    /// The leader's term.
    pub term: Term,
    /// The read.
    pub id: ReadId,
    /// As in the question.
    pub incarnation: Incarnation,
    /// What the read must see.
    pub index: Index,
}

impl<E> Message<E> {
    /// The sender's term when it sent this. Only the answer to a mere question for a vote may
    /// carry a later one, the asker's.
    pub fn term(&self) -> Term {
        match self {
            Self::RequestVote(message) => message.term,
            Self::RequestVoteReply(message) => message.term,
            Self::AppendEntries(message) => message.term,
            Self::AppendEntriesReply(message) => message.term,
            Self::InstallSnapshot(message) => message.term,
            Self::InstallSnapshotReply(message) => message.term,
            Self::TimeoutNow(message) => message.term,
            Self::ReadIndex(message) => message.term,
            Self::ReadIndexReply(message) => message.term,
        }
    }
}

impl<E: Entry> Message<E> {
    fn is_pre_vote(&self) -> bool {
        match self {
            Self::RequestVote(request) => request.pre_vote,
            Self::RequestVoteReply(reply) => reply.pre_vote,
            _ => false,
        }
    }

    /// False if no correct server could have sent this, whatever its state.
    pub(super) fn is_well_formed(&self) -> bool {
        // Before the first election, one can but ask whether one would win it.
        let is_beginning = self.term() == Term(0) && !self.is_pre_vote();
        if is_beginning || self.term() > MAX_TERM {
            return false;
        }
        match self {
            Self::RequestVote(message) => message.last_log.is_possible_in(message.term),
            Self::AppendEntries(message) => message.is_well_formed(),
            Self::InstallSnapshot(message) => message.is_well_formed(),
            Self::RequestVoteReply(_)
            | Self::AppendEntriesReply(_)
            | Self::InstallSnapshotReply(_)
            | Self::TimeoutNow(_)
            | Self::ReadIndex(_)
            | Self::ReadIndexReply(_) => true,
        }
    }
}

impl<E: Entry> AppendEntries<E> {
    /// True if it carries no entries.
    pub fn is_heartbeat(&self) -> bool {
        self.entries.is_empty()
    }

    /// Terms never fall along a log, begin at 1, and are no higher than the leader's own.
    fn is_well_formed(&self) -> bool {
        let mut term = self.prev_log.term.max(Term(1));
        let ascending = self.entries.iter().all(|entry| {
            let follows = term <= entry.term();
            term = entry.term();
            follows && term <= self.term
        });
        let fits = self.prev_log.index <= MAX_INDEX;
        ascending && fits && self.prev_log.is_possible_in(self.term)
    }
}

impl InstallSnapshot {
    /// True if this part reaches the snapshot's end.
    pub fn is_last(&self) -> bool {
        self.offset.checked_add(self.data.len() as u64) == Some(self.total)
    }

    /// A snapshot ends where one can, and its parts lie within it.
    fn is_well_formed(&self) -> bool {
        let end = self.offset.checked_add(self.data.len() as u64);
        let bounded = self.total <= MAX_SNAPSHOT_BYTES;
        let lies_within = !self.data.is_empty() && end.is_some_and(|end| end <= self.total);
        bounded && lies_within && self.last.may_end_snapshot() && self.last.term <= self.term
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::ServerId;
    use crate::raft::log::tests::TermOnly;

    fn append(term: u64, prev: (u64, u64), entries: &[u64]) -> Message<TermOnly> {
        Message::AppendEntries(AppendEntries {
            term: Term(term),
            prev_log: Position { index: Index(prev.0), term: Term(prev.1) },
            entries: entries.iter().map(|term| TermOnly(Term(*term))).collect(),
            leader_commit: Index(0),
            round: Round(1),
        })
    }

    #[test]
    fn what_no_correct_server_sends_is_malformed() {
        let cases = [
            ("a heartbeat on an empty log", append(1, (0, 0), &[]), true),
            ("entries of rising terms", append(3, (2, 1), &[1, 2, 3]), true),
            ("terms that fall", append(3, (2, 1), &[2, 1]), false),
            ("terms that fall below the place before", append(3, (2, 2), &[1]), false),
            ("an entry above the leader's term", append(2, (0, 0), &[3]), false),
            ("an entry of term 0", append(2, (0, 0), &[0]), false),
            ("term 0", append(0, (0, 0), &[]), false),
            ("the last term", append(MAX_TERM.0, (0, 0), &[]), true),
            ("a term beyond counting", append(MAX_TERM.0 + 1, (0, 0), &[]), false),
            ("a place of term 0", append(1, (1, 0), &[]), false),
            ("a term before the first place", append(1, (0, 1), &[]), false),
            ("a place above the leader's term", append(1, (1, 2), &[]), false),
            ("entries beyond the last index", append(1, (u64::MAX, 1), &[1]), false),
        ];
        for (what, message, expected) in cases {
            assert_eq!(message.is_well_formed(), expected, "{what}");
        }
    }

    #[test]
    fn a_snapshots_parts_lie_within_it() {
        let part = |last: (u64, u64), total, offset, length| {
            Message::<TermOnly>::InstallSnapshot(InstallSnapshot {
                term: Term(2),
                last: Position { index: Index(last.0), term: Term(last.1) },
                membership: Membership::of(ServerId::new(1)),
                total,
                offset,
                data: vec![0; length].into(),
                round: Round(1),
            })
        };
        let cases = [
            ("the whole", part((5, 2), 10, 0, 10), true),
            ("the end", part((5, 1), 10, 8, 2), true),
            ("beyond the end", part((5, 1), 10, 8, 3), false),
            ("far beyond the end", part((5, 1), 10, u64::MAX, 3), false),
            ("no data", part((5, 1), 10, 0, 0), false),
            ("an empty snapshot", part((5, 1), 0, 0, 0), false),
            ("too large a snapshot", part((5, 1), u64::MAX, 0, 1), false),
            ("one that replaces nothing", part((0, 0), 10, 0, 10), false),
            ("one of a term to come", part((5, 3), 10, 0, 10), false),
            ("one beyond counting", part((u64::MAX, 2), 10, 0, 10), false),
        ];
        for (what, message, expected) in cases {
            assert_eq!(message.is_well_formed(), expected, "{what}");
        }
    }
}
