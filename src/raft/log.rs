//! The log in memory: entries by index, and where two logs part.

use super::Entry;
use super::message::{MAX_INDEX, MAX_TERM};
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
    /// True if a snapshot may end here: it replaces something, and leaves room to count on.
    pub fn may_end_snapshot(self) -> bool {
        let (index, term) = (Index(1)..=MAX_INDEX, Term(1)..=MAX_TERM);
        index.contains(&self.index) && term.contains(&self.term)
    }

    /// False if no log of a server in `term` can have this place.
    pub(super) fn is_possible_in(self, term: Term) -> bool {
        self.term <= term && (self.index == Index::ZERO) == (self.term == Term(0))
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

/// A log from its base on: the place before the first entry that it holds. That is where the
/// snapshot ends that replaces the entries before, or 0 if there is none.
#[derive(Clone, Debug)]
pub struct Log<E> {
    entries: Vec<E>,
    base: Position,
}

impl<E: Entry> Log<E> {
    /// The log with these entries, which follow `base`.
    pub(super) fn new(base: Position, entries: Vec<E>) -> Self {
        Self { entries, base }
    }

    /// The place before the first entry that is here.
    pub fn base(&self) -> Position {
        self.base
    }

    /// True if terms begin at 1 and never fall along it.
    pub(super) fn is_in_order(&self) -> bool {
        let least = self.base.term.max(Term(1));
        let above_base = self.entries.first().is_none_or(|entry| entry.term() >= least);
        above_base && self.entries.is_sorted_by_key(Entry::term)
    }

    /// The entry at `index`.
    pub fn get(&self, index: Index) -> Option<&E> {
        self.entries.get(self.offset(index)?)
    }

    /// The term of the entry at `index`; at the base, the term there.
    pub fn term_at(&self, index: Index) -> Option<Term> {
        if index == self.base.index {
            return Some(self.base.term);
        }
        self.get(index).map(Entry::term)
    }

    /// The place at `index`, if it is known.
    pub fn position_at(&self, index: Index) -> Option<Position> {
        self.term_at(index).map(|term| Position { term, index })
    }

    /// The index of the last entry, or the base's.
    pub fn last_index(&self) -> Index {
        Index(self.base.index.0 + self.entries.len() as u64)
    }

    /// The term of the last entry, or the base's.
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
    pub(super) fn push(&mut self, entry: E) -> Index {
        assert!(entry.term() > Term(0), "terms of entries begin at 1");
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

    /// Forgets the entries up to `base`, which a snapshot replaces.
    ///
    /// # Panics
    /// If there is no entry at `base`.
    pub(super) fn compact(&mut self, base: Index) {
        let term = self.get(base).expect("a log is compacted at one of its entries").term();
        self.entries.drain(..self.count_up_to(base));
        self.base = Position { term, index: base };
    }

    /// Forgets all entries for a snapshot that ends at `base`.
    pub(super) fn restart_after(&mut self, base: Position) {
        self.entries.clear();
        self.base = base;
    }

    /// True if this log has the same entry at `place`, as far as can be told: what lies before the
    /// base is committed, and so the same everywhere.
    pub(super) fn agrees_at(&self, place: Position) -> bool {
        place.index < self.base.index || self.term_at(place.index) == Some(place.term)
    }

    /// Where this log, a follower's, differs from a leader's that has `place`. Nothing if it has
    /// the same entry there.
    pub(super) fn conflict_with(&self, place: Position) -> Option<Conflict> {
        if self.agrees_at(place) {
            return None;
        }
        match self.term_at(place.index) {
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

    /// How many of `entries`, which follow `previous`, this log already has. `previous` is not
    /// before the base.
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
        (index <= limit && self.term_at(index) == Some(term)).then_some(index)
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
    use crate::base::Membership;

    /// An entry that is nothing but its term.
    #[derive(Clone, Debug, PartialEq)]
    pub struct TermOnly(pub Term);

    impl Entry for TermOnly {
        fn term(&self) -> Term {
            self.0
        }

        fn size(&self) -> usize {
            1
        }

        fn membership(&self) -> Option<&Membership> {
            None
        }
    }

    fn log(terms: &[u64]) -> Log<TermOnly> {
        Log::new(Position::default(), terms.iter().map(|term| TermOnly(Term(*term))).collect())
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
    fn terms_begin_at_one_and_never_fall() {
        let above = |base: (u64, u64), terms: &[u64]| {
            Log { base: position(base.0, base.1), ..log(terms) }.is_in_order()
        };
        let cases: [((u64, u64), &[u64], bool); 7] = [
            ((0, 0), &[], true),
            ((0, 0), &[1, 1, 3], true),
            ((0, 0), &[0, 1], false),
            ((0, 0), &[1, 3, 2], false),
            ((4, 2), &[2, 3], true),
            ((4, 2), &[1, 3], false),
            ((4, 2), &[3, 2], false),
        ];
        for (base, terms, expected) in cases {
            assert_eq!(above(base, terms), expected, "{terms:?} above {base:?}");
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

    #[test]
    fn a_compacted_log_is_the_same_from_its_base_on() {
        let whole = log(&[1, 1, 2, 3, 3]);
        for base in 1..=5 {
            let mut compacted = whole.clone();
            compacted.compact(Index(base));
            assert_eq!(compacted.last(), whole.last());
            assert_eq!(compacted.base(), whole.position_at(Index(base)).unwrap());
            for index in base..=6 {
                assert_eq!(compacted.term_at(Index(index)), whole.term_at(Index(index)));
                let place = position(index, 3);
                let cut = compacted.conflict_with(place);
                let full = whole.conflict_with(place);
                assert_eq!(cut.is_some(), full.is_some(), "at {index}, base {base}");
            }
            assert_eq!(compacted.term_at(Index(base - 1)), None);
            assert!(compacted.agrees_at(position(base - 1, 9)), "what is committed agrees");
        }
    }

    #[test]
    fn a_search_may_end_at_the_base() {
        let mut leader = log(&[1, 1, 2, 3, 3]);
        leader.compact(Index(3));
        let conflict = Conflict { term: Some(Term(2)), index: Index(2) };
        assert_eq!(leader.last_agreement(Index(5), conflict), Index(3));
        let conflict = Conflict { term: Some(Term(1)), index: Index(2) };
        assert_eq!(leader.last_agreement(Index(5), conflict), Index(1), "a snapshot is needed");
    }
}
