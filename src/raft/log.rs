//! The log in memory: entries by index, and where two logs part.

use super::Entry;
use crate::base::{Index, Term};
use serde::{Deserialize, Serialize};

/// A place in a log and the term of the entry that stands there. Two logs with the same entry at
/// one place are equal up to it (Log Matching, paper §5.3).
///
/// The order is the one in which a voter compares logs: the later term first, then the longer
/// log (paper §5.4.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Position {
    /// The entry's term; 0 at index 0.
    pub term: Term,
    /// The entry's index, or 0 for the place before the first.
    pub index: Index,
}

impl Position {
    /// False if no log of a server in `term` can have this place.
    pub(super) fn is_possible_in(self, term: Term) -> bool {
        self.term <= term && (self.index == Index::ZERO) == (self.term == Term(0))
    }

    /// The same for one that stands for election in `term`, which has entries of earlier terms
    /// alone.
    pub(super) fn is_possible_below(self, term: Term) -> bool {
        self.is_possible_in(term) && self.term < term
    }
}

/// Where a follower's log differs from what the leader expected (paper §5.3, at the end): enough
/// to skip a whole term with each message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    /// The term of the follower's entry at that place, or nothing if its log ends before.
    pub term: Option<Term>,
    /// The first index of that term in the follower's log, or the place after its end.
    pub index: Index,
}

/// A log. Its first entry has index 1.
///
/// `base` is the place before the first entry that it holds. It is 0 throughout; once logs are
/// compacted, it will be where the snapshot ends.
#[derive(Clone, Debug)]
pub struct Log<E> {
    entries: Vec<E>,
    base: Position,
}

impl<E: Entry> Log<E> {
    /// The log with these entries, from index 1 on.
    ///
    /// # Panics
    /// If terms fall along it, or begin below 1.
    pub(super) fn new(entries: Vec<E>) -> Self {
        let mut log =
            Self { entries: Vec::with_capacity(entries.len()), base: Position::default() };
        for entry in entries {
            log.push(entry);
        }
        log
    }

    /// The entry at `index`.
    pub fn get(&self, index: Index) -> Option<&E> {
        self.entries.get(self.offset(index)?)
    }

    /// The term of the entry at `index`; at 0, the place before the first, term 0.
    pub fn term_at(&self, index: Index) -> Option<Term> {
        if index == self.base.index {
            return Some(self.base.term);
        }
        self.get(index).map(Entry::term)
    }

    /// The index of the last entry, or 0.
    pub fn last_index(&self) -> Index {
        Index(self.base.index.0 + self.entries.len() as u64)
    }

    /// The term of the last entry, or 0.
    pub fn last_term(&self) -> Term {
        self.entries.last().map_or(self.base.term, Entry::term)
    }

    /// Where the log ends.
    pub fn last(&self) -> Position {
        Position { term: self.last_term(), index: self.last_index() }
    }

    /// The entries after `after`, up to and with `last`, as far as the log has them.
    pub fn between(&self, after: Index, last: Index) -> &[E] {
        let first = self.count_up_to(after);
        let end = self.count_up_to(last);
        self.entries.get(first..end).unwrap_or_default()
    }

    /// All entries with their indexes, the first first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (Index, &E)> + ExactSizeIterator {
        let first = self.base.index.0 + 1;
        self.entries
            .iter()
            .enumerate()
            .map(move |(offset, entry)| (Index(first + offset as u64), entry))
    }

    /// Adds an entry at the end and says where.
    ///
    /// # Panics
    /// If its term is below the last entry's, or 0.
    pub(super) fn push(&mut self, entry: E) -> Index {
        assert!(entry.term() > Term(0), "terms of entries begin at 1");
        assert!(entry.term() >= self.last_term(), "terms must not fall along a log");
        self.entries.push(entry);
        self.last_index()
    }

    /// Takes away the entry at `from` and all after it.
    ///
    /// # Panics
    /// If there is none at `from`.
    pub(super) fn truncate(&mut self, from: Index) {
        let offset = self.offset(from).expect("a truncation must lie above the log's base");
        assert!(offset < self.entries.len(), "a truncation must take something away");
        self.entries.truncate(offset);
    }

    /// Where this log, a follower's, differs from a leader's that has `place`. Nothing if it has
    /// the same entry there.
    pub(super) fn conflict_with(&self, place: Position) -> Option<Conflict> {
        match self.term_at(place.index) {
            Some(term) if term == place.term => None,
            Some(term) => Some(Conflict { term: Some(term), index: self.first_of_term(term) }),
            None => Some(Conflict { term: None, index: self.last_index().next() }),
        }
    }

    /// Where this log, a leader's, should be tried next against a follower that had a conflict
    /// at `rejected`: the new place after which to send. It is always before `rejected`.
    ///
    /// If the leader has entries of the conflicting term too, the logs may agree up to the last
    /// of them; else nothing of that term can stay.
    ///
    /// # Panics
    /// If `rejected` is 0, where nothing can conflict.
    pub(super) fn last_agreement(&self, rejected: Index, conflict: Conflict) -> Index {
        let before = rejected.previous().expect("all logs agree at index 0");
        let shared = conflict.term.and_then(|term| self.last_of_term(term, rejected));
        let after_term = conflict.index.previous().unwrap_or_default();
        shared.unwrap_or(after_term).min(before)
    }

    /// How many of `entries`, which follow `previous`, this log already has.
    pub(super) fn count_known(&self, previous: Index, entries: &[E]) -> usize {
        let own = self.between(previous, self.last_index());
        own.iter().zip(entries).take_while(|(own, other)| own.term() == other.term()).count()
    }

    /// The first index whose entry is of `term`, or where it would stand.
    fn first_of_term(&self, term: Term) -> Index {
        let before = self.entries.partition_point(|entry| entry.term() < term);
        Index(self.base.index.0 + before as u64 + 1)
    }

    /// The last index, not above `limit`, whose entry is of `term`.
    fn last_of_term(&self, term: Term, limit: Index) -> Option<Index> {
        let within = &self.entries[..self.count_up_to(limit)];
        let count = within.partition_point(|entry| entry.term() <= term);
        let index = Index(self.base.index.0 + count as u64);
        (count > 0 && self.term_at(index) == Some(term)).then_some(index)
    }

    /// How many entries stand at or before `index`.
    fn count_up_to(&self, index: Index) -> usize {
        let count = index.0.saturating_sub(self.base.index.0);
        usize::try_from(count).map_or(self.entries.len(), |count| count.min(self.entries.len()))
    }

    /// Where `index` lies in `entries`, or would lie; nothing at or below the base.
    fn offset(&self, index: Index) -> Option<usize> {
        usize::try_from(index.0.checked_sub(self.base.index.0 + 1)?).ok()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// An entry that is nothing but its term.
    #[derive(Clone, Debug, PartialEq)]
    pub struct TermOnly(pub Term);

    impl Entry for TermOnly {
        fn term(&self) -> Term {
            self.0
        }
    }

    fn log(terms: &[u64]) -> Log<TermOnly> {
        Log::new(terms.iter().map(|term| TermOnly(Term(*term))).collect())
    }

    fn position(index: u64, term: u64) -> Position {
        Position { term: Term(term), index: Index(index) }
    }

    /// The places after which a leader tries to append, one message each, until the follower
    /// agrees.
    fn tries(leader: &Log<TermOnly>, follower: &Log<TermOnly>) -> Vec<u64> {
        let mut place = leader.last();
        let mut tries = vec![place.index.0];
        while let Some(conflict) = follower.conflict_with(place) {
            let index = leader.last_agreement(place.index, conflict);
            assert!(index < place.index, "each try must go back");
            place = Position { term: leader.term_at(index).expect("a place it has"), index };
            tries.push(index.0);
        }
        tries
    }

    /// The paper's figure 7: what followers may look like when a leader of term 8 takes over.
    #[test]
    fn figure_7_back_up() {
        let leader = log(&[1, 1, 1, 4, 4, 5, 5, 6, 6, 6]);
        let cases: [(&str, &[u64], &[u64]); 6] = [
            ("a: one entry missing", &[1, 1, 1, 4, 4, 5, 5, 6, 6], &[10, 9]),
            ("b: many missing", &[1, 1, 1, 4], &[10, 4]),
            ("c: one too many", &[1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6], &[10]),
            ("d: a later term too many", &[1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7], &[10]),
            ("e: missing and too many", &[1, 1, 1, 4, 4, 4, 4], &[10, 7, 5]),
            ("f: terms of its own", &[1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3], &[10, 6, 3]),
        ];
        for (what, follower, expected) in cases {
            assert_eq!(tries(&leader, &log(follower)), expected, "{what}");
        }
    }

    #[test]
    fn conflicts_name_the_first_index_of_their_term() {
        let follower = log(&[1, 1, 2, 2, 2, 4]);
        let conflict =
            |term: u64, index| Some(Conflict { term: Some(Term(term)), index: Index(index) });
        let cases = [
            ("the place before all", position(0, 0), None),
            ("the same entry", position(2, 1), None),
            ("the same last entry", position(6, 4), None),
            ("another term inside", position(5, 3), conflict(2, 3)),
            ("another term at the front", position(1, 3), conflict(1, 1)),
            ("another term at the end", position(6, 5), conflict(4, 6)),
            ("beyond the end", position(7, 4), Some(Conflict { term: None, index: Index(7) })),
            ("far beyond", position(u64::MAX, 4), Some(Conflict { term: None, index: Index(7) })),
        ];
        for (what, place, expected) in cases {
            assert_eq!(follower.conflict_with(place), expected, "{what}");
        }
    }

    #[test]
    fn a_search_always_goes_back_and_never_below_nothing() {
        let leader = log(&[1, 1, 3, 3]);
        let rejected = Index(3);
        for term in [None, Some(0), Some(1), Some(2), Some(3), Some(9), Some(u64::MAX)] {
            for index in [0, 1, 2, 3, 4, 5, u64::MAX] {
                let conflict = Conflict { term: term.map(Term), index: Index(index) };
                let agreement = leader.last_agreement(rejected, conflict);
                assert!(agreement < rejected, "{conflict:?} gave {agreement}");
            }
        }
    }

    #[test]
    fn voters_compare_the_last_term_before_the_length() {
        assert!(position(1, 3) > position(9, 2), "a later term wins over a longer log");
        assert!(position(4, 2) > position(3, 2), "of one term, the longer log wins");
        assert!(position(0, 0) < position(1, 1), "anything wins over nothing");
    }

    #[test]
    fn entries_that_are_known_are_counted_up_to_the_first_other_term() {
        let own = log(&[1, 1, 2]);
        let cases: [(u64, &[u64], usize); 7] = [
            (0, &[1, 1, 2], 3),
            (0, &[1, 1], 2),
            (0, &[1, 2, 2], 1),
            (1, &[1, 2, 2], 2),
            (2, &[3], 0),
            (3, &[3], 0),
            (0, &[], 0),
        ];
        for (previous, entries, expected) in cases {
            let entries: Vec<_> = entries.iter().map(|term| TermOnly(Term(*term))).collect();
            assert_eq!(own.count_known(Index(previous), &entries), expected, "{previous}");
        }
    }

    #[test]
    fn indexes_begin_at_one() {
        let mut log = log(&[1, 2]);
        assert_eq!(log.get(Index(0)), None);
        assert_eq!(log.term_at(Index(0)), Some(Term(0)));
        assert_eq!(log.term_at(Index(2)), Some(Term(2)));
        assert_eq!(log.term_at(Index(3)), None);
        assert_eq!(log.term_at(Index(u64::MAX)), None);
        assert_eq!(log.iter().map(|(index, _)| index.0).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(log.push(TermOnly(Term(2))), Index(3));
        log.truncate(Index(2));
        assert_eq!(log.last(), position(1, 1));
        assert_eq!(log.between(Index(0), Index(u64::MAX)).len(), 1);
    }
}
