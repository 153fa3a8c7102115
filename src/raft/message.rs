//! What servers say to each other: the paper's two calls and their replies, as messages.
//!
//! A message may be lost, doubled, late or overtaken; none of that does harm. Sender and receiver
//! are not in it: they are the envelope's.

use super::Entry;
use super::log::{Conflict, Position};
use crate::base::{Index, Term};
use serde::{Deserialize, Serialize};

/// No term that a message may carry is above this one, so that counting up never overflows.
pub(super) const MAX_TERM: Term = Term(u64::MAX / 2);

/// Numbers a leader's rounds of heartbeats, from 1 on within its term.
///
/// Each append and heartbeat carries the newest round and its reply echoes it. A majority of
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
    /// A candidate asks for a vote.
    RequestVote(RequestVote),
    /// A voter's answer to it.
    RequestVoteReply(RequestVoteReply),
    /// A leader sends entries, or just shows that it is there.
    AppendEntries(AppendEntries<E>),
    /// A follower's answer to it.
    AppendEntriesReply(AppendEntriesReply),
}

/// A candidate asks for a vote (paper §5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestVote {
    /// The candidate's term.
    pub term: Term,
    /// Where the candidate's log ends. Who has more does not vote for it (paper §5.4.1).
    pub last_log: Position,
}

/// A voter's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestVoteReply {
    /// The voter's term.
    pub term: Term,
    /// True if the candidate has the vote.
    pub granted: bool,
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

impl<E> Message<E> {
    /// The sender's term when it sent this.
    pub fn term(&self) -> Term {
        match self {
            Self::RequestVote(message) => message.term,
            Self::RequestVoteReply(message) => message.term,
            Self::AppendEntries(message) => message.term,
            Self::AppendEntriesReply(message) => message.term,
        }
    }
}

impl<E: Entry> Message<E> {
    /// False if no correct server could have sent this, whatever its state.
    pub(super) fn is_well_formed(&self) -> bool {
        if self.term() == Term(0) || self.term() > MAX_TERM {
            return false;
        }
        match self {
            Self::RequestVote(message) => message.last_log.is_possible_below(message.term),
            Self::AppendEntries(message) => message.is_well_formed(),
            Self::RequestVoteReply(_) | Self::AppendEntriesReply(_) => true,
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
        let fits = self.prev_log.index.0.checked_add(self.entries.len() as u64).is_some();
        ascending && fits && self.prev_log.is_possible_in(self.term)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
            ("a term beyond counting", append(u64::MAX, (0, 0), &[]), false),
            ("a place of term 0", append(1, (1, 0), &[]), false),
            ("a term before the first place", append(1, (0, 1), &[]), false),
            ("a place above the leader's term", append(1, (1, 2), &[]), false),
            ("entries beyond the last index", append(1, (u64::MAX, 1), &[1]), false),
        ];
        for (what, message, expected) in cases {
            assert_eq!(message.is_well_formed(), expected, "{what}");
        }
    }
}
