//! What the bank remembers of a client so that nothing is executed twice.

use super::{MAX_OUTSTANDING, Outcome, Verdict, in_window};
use crate::base::{Digest, Fields, Index, Map};
use serde::{Deserialize, Serialize};

/// One client's session: which of its numbers were executed, and how they came out.
///
/// Numbers may execute in any order, since the network reorders and clients do not wait for one
/// answer before they ask again. So one "last number executed" would not do; there is a record
/// for each, until the client acknowledges that it needs it no longer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Fields<'de>")]
pub struct Session {
    /// Everything below this number is over: its outcome was acknowledged and is forgotten.
    answered_below: u64,
    /// The outcomes from `answered_below` on.
    recorded: Map<u64, Recorded>,
}

/// An outcome, and where in the chain it came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Fields<'de>")]
pub struct Recorded {
    /// The height of the block that holds the transaction.
    pub height: Index,
    /// What became of it.
    pub outcome: Outcome,
}

/// What a session knows of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Never executed.
    Fresh,
    /// Executed; this came of it.
    Recorded {
        /// The height of the block that holds it.
        height: Index,
        /// What became of it.
        outcome: Outcome,
    },
    /// The client once said that it had the answer, and the outcome is forgotten.
    Forgotten {
        /// The lowest number above all that the session has seen.
        lowest_accepted: u64,
    },
}

impl Seen {
    /// The answer that the client gets again, if the request is over.
    ///
    /// It may be sent only once the ledger that it was seen in is committed.
    pub fn verdict(self) -> Option<Verdict> {
        match self {
            Self::Fresh => None,
            Self::Recorded { height, outcome } => Some(outcome.verdict(height)),
            Self::Forgotten { lowest_accepted } => Some(Verdict::Stale { lowest_accepted }),
        }
    }
}

impl TryFrom<Fields<'_>> for Session {
    type Error = String;

    fn try_from(mut fields: Fields<'_>) -> Result<Self, String> {
        let read = Self {
            answered_below: fields.take("answered_below")?,
            recorded: fields.take("recorded")?,
        };
        fields.end(read)
    }
}

impl TryFrom<Fields<'_>> for Recorded {
    type Error = String;

    fn try_from(mut fields: Fields<'_>) -> Result<Self, String> {
        let read = Self { height: fields.take("height")?, outcome: fields.take("outcome")? };
        fields.end(read)
    }
}

impl Session {
    /// A session that has seen nothing. Numbers start at 1.
    pub(super) fn new() -> Self {
        Self { answered_below: 1, recorded: Map::new() }
    }

    /// The lowest number that the session still accepts or remembers.
    pub fn answered_below(&self) -> u64 {
        self.answered_below
    }

    /// The outcomes that it remembers, under their numbers.
    pub fn recorded(&self) -> &Map<u64, Recorded> {
        &self.recorded
    }

    /// What it knows of a number.
    pub fn seen(&self, seq: u64) -> Seen {
        if seq < self.answered_below {
            return Seen::Forgotten { lowest_accepted: self.first_unseen() };
        }
        match self.recorded.get(&seq) {
            Some(Recorded { height, outcome }) => {
                Seen::Recorded { height: *height, outcome: *outcome }
            }
            None => Seen::Fresh,
        }
    }

    /// The lowest number above all that it has seen. A client that has lost count goes on there.
    pub fn first_unseen(&self) -> u64 {
        let last = self.recorded.last_key_value();
        last.map_or(self.answered_below, |(seq, _)| seq.saturating_add(1))
    }

    /// Keeps the outcome of a fresh number, and forgets what its transaction acknowledged.
    pub(super) fn record(&mut self, seq: u64, lowest_unanswered: u64, recorded: Recorded) {
        assert!(in_window(seq, lowest_unanswered), "an executed transaction was vetted");
        assert_eq!(self.seen(seq), Seen::Fresh, "a number executes once");

        // An older transaction that comes late acknowledges less; it cannot take back.
        self.answered_below = self.answered_below.max(lowest_unanswered);
        self.recorded.forget_below(&self.answered_below);
        self.recorded.insert(seq, recorded);
        assert!(self.is_bounded(), "the window bounds the session");
    }

    /// True if all that it remembers lies in the window of [`MAX_OUTSTANDING`] numbers.
    ///
    /// Recording keeps it so, whatever a client sends: each recorded number lay in the window
    /// above its own `lowest_unanswered`, and `answered_below` is the highest of these.
    pub(super) fn is_bounded(&self) -> bool {
        let inside = |seq: &u64| in_window(*seq, self.answered_below);
        self.answered_below >= 1
            && self.recorded.keys().all(inside)
            && self.recorded.len() as u64 <= MAX_OUTSTANDING
    }

    /// Adds it to a digest, its length before its content.
    pub(super) fn digest_into(&self, digest: &mut Digest) {
        digest.number(self.answered_below).number(self.recorded.len() as u64);
        for (seq, Recorded { height, outcome }) in &self.recorded {
            digest.number(*seq).number(height.0);
            outcome.digest_into(digest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(height: u64) -> Recorded {
        Recorded { height: Index(height), outcome: Outcome::Applied }
    }

    fn seen_at(height: u64) -> Seen {
        Seen::Recorded { height: Index(height), outcome: Outcome::Applied }
    }

    #[test]
    fn numbers_out_of_order_are_each_remembered() {
        let mut session = Session::new();
        session.record(3, 1, at(10));
        session.record(1, 1, at(11));

        assert_eq!(session.seen(1), seen_at(11));
        assert_eq!(session.seen(2), Seen::Fresh, "a gap is not an answer");
        assert_eq!(session.seen(3), seen_at(10));
    }

    #[test]
    fn what_is_acknowledged_is_forgotten_and_stays_so() {
        let mut session = Session::new();
        session.record(1, 1, at(10));
        session.record(5, 4, at(11));
        let forgotten = Seen::Forgotten { lowest_accepted: 6 };

        assert_eq!(session.seen(1), forgotten);
        assert_eq!(session.seen(3), forgotten, "never executed, and never will be");
        assert_eq!(session.answered_below(), 4);

        // An older transaction that arrives late does not reopen what is closed.
        session.record(4, 2, at(12));
        assert_eq!(session.seen(3), forgotten);
        assert_eq!(session.seen(5), seen_at(11));
        assert_eq!(session.recorded().len(), 2);
    }

    #[test]
    fn the_last_number_of_all_is_recorded_too() {
        let mut session = Session::new();
        session.record(u64::MAX, u64::MAX, at(1));
        assert_eq!(session.seen(u64::MAX), seen_at(1));
        assert_eq!(session.seen(1), Seen::Forgotten { lowest_accepted: u64::MAX });
    }

    #[test]
    #[should_panic(expected = "a number executes once")]
    fn a_recorded_number_cannot_be_recorded_again() {
        let mut session = Session::new();
        session.record(1, 1, at(1));
        session.record(1, 1, at(2));
    }

    #[test]
    fn the_answer_is_given_again() {
        let height = Index(7);
        let recorded = Seen::Recorded { height, outcome: Outcome::Applied };
        assert_eq!(Seen::Fresh.verdict(), None);
        assert_eq!(recorded.verdict(), Some(Verdict::Committed { height }));
        assert_eq!(
            Seen::Forgotten { lowest_accepted: 4 }.verdict(),
            Some(Verdict::Stale { lowest_accepted: 4 })
        );
    }
}
