//! What is worth coming back to in a run.

use crate::base::{Index, Time};
use crate::check::Judges;
use crate::server::Fact;
use crate::trace::{Event, EventId, What};
use std::sync::Arc;

/// The most marks that are kept of a run. Violations come on top: there are few.
pub const MARKS_MAX: usize = 1_024;

/// The kinds of marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MarkKind {
    /// A block was committed.
    Committed,
    /// A server became leader.
    Elected,
    /// A server crashed or stopped.
    Crashed,
    /// A server came back.
    Recovered,
    /// The network was changed.
    Network,
    /// A promise was broken.
    Violated,
}

/// Something that happened, and how to get there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// What kind of thing.
    pub kind: MarkKind,
    /// The turn after which it had happened.
    pub turn: u64,
    /// The event.
    pub event: EventId,
    /// When.
    pub at: Time,
    /// The height of the block, if one was committed.
    pub height: Option<Index>,
    /// In words.
    pub words: Arc<str>,
}

/// The marks of one run, in its order.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    kept: Vec<Mark>,
    /// How many of them are violations.
    violations: usize,
    /// The highest block that some server knew as committed.
    committed: Index,
}

impl Marks {
    /// Takes note of an event that happened in this turn.
    pub fn hear(&mut self, turn: u64, event: &Event) {
        let Some(kind) = kind(event) else { return };
        let (words, height) = match &event.what {
            What::Server(_, Fact::Committed(height)) => {
                // Every server commits every block: what counts is the first that does.
                let before = self.committed;
                self.committed = before.max(*height);
                let words = match height.0.saturating_sub(before.0) {
                    0 => return,
                    1 => format!("block {height} is committed"),
                    _ => format!("blocks {} to {height} are committed", before.next()),
                };
                (words.into(), Some(*height))
            }
            what => (what.to_string().into(), None),
        };
        let (event, at) = (event.id, event.at);
        self.kept.push(Mark { kind, turn, event, at, height, words });
        if self.kept.len() - self.violations > MARKS_MAX {
            self.thin();
        }
    }

    /// Takes note of what the judges found by the end of this turn.
    pub fn judge(&mut self, turn: u64, judges: &Judges) {
        if judges.violations().count() == self.violations {
            return;
        }
        for found in judges.violations() {
            let violation = |mark: &Mark| mark.kind == MarkKind::Violated;
            let words = format!("{} is violated", found.property);
            if !self.kept.iter().any(|mark| violation(mark) && *mark.words == *words) {
                let (event, at) = (found.event, found.at);
                let (kind, words) = (MarkKind::Violated, words.into());
                self.kept.push(Mark { kind, turn, event, at, height: None, words });
                self.violations += 1;
            }
        }
    }

    /// The marks, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Mark> + ExactSizeIterator {
        self.kept.iter()
    }

    /// The first mark after a turn.
    pub fn after(&self, turn: u64) -> Option<&Mark> {
        self.kept.get(self.kept.partition_point(|mark| mark.turn <= turn))
    }

    /// The last mark before a turn.
    pub fn before(&self, turn: u64) -> Option<&Mark> {
        let place = self.kept.partition_point(|mark| mark.turn < turn);
        self.kept.get(place.checked_sub(1)?)
    }

    /// Those up to a turn.
    pub fn up_to(&self, turn: u64) -> Self {
        let kept: Vec<Mark> =
            self.kept.iter().take_while(|mark| mark.turn <= turn).cloned().collect();
        let violations = kept.iter().filter(|mark| mark.kind == MarkKind::Violated).count();
        let committed = kept.iter().filter_map(|mark| mark.height).max().unwrap_or_default();
        Self { kept, violations, committed }
    }

    /// Drops every other commit of the older half; where they are few by now, every other of the
    /// other marks too. Violations stay, and so does what is newest.
    fn thin(&mut self) {
        let commits = self.kept.iter().filter(|mark| mark.kind == MarkKind::Committed).count();
        let only_commits = commits >= MARKS_MAX / 4;
        let goes = |mark: &Mark| match mark.kind {
            MarkKind::Violated => false,
            MarkKind::Committed => true,
            _ => !only_commits,
        };
        let older = self.kept.iter().filter(|mark| goes(mark)).count() / 2;
        let mut seen = 0;
        self.kept.retain(|mark| {
            seen += usize::from(goes(mark));
            !goes(mark) || seen > older || seen % 2 == 0
        });
    }
}

fn kind(event: &Event) -> Option<MarkKind> {
    match &event.what {
        What::Server(_, Fact::BecameLeader(_)) => Some(MarkKind::Elected),
        What::Server(_, Fact::Committed(_)) => Some(MarkKind::Committed),
        // At the beginning of a run nobody comes back.
        What::Server(_, Fact::Recovered { .. }) if event.cause.is_some() => {
            Some(MarkKind::Recovered)
        }
        What::Crashed { .. } | What::Stopped(..) => Some(MarkKind::Crashed),
        What::Acted(text) => {
            let network = [
                "partition",
                "heal",
                "unite",
                "isolate",
                "cut",
                "mend",
                "network",
                "link",
                "chaos",
            ];
            network.iter().any(|verb| text.starts_with(verb)).then_some(MarkKind::Network)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{ServerId, Term};

    fn event(id: u64, what: What) -> Event {
        Event { id: EventId(id), at: Time(id), cause: None, what }
    }

    fn server(number: u8, fact: Fact) -> What {
        What::Server(ServerId::new(number).unwrap(), fact)
    }

    #[test]
    fn a_block_is_committed_once() {
        let mut marks = Marks::default();
        for (id, number, height) in [(1, 1, 1), (2, 2, 1), (3, 3, 1), (4, 2, 4), (5, 1, 4)] {
            marks.hear(id, &event(id, server(number, Fact::Committed(Index(height)))));
        }
        let words: Vec<&str> = marks.iter().map(|mark| &*mark.words).collect();
        assert_eq!(words, ["block 1 is committed", "blocks 2 to 4 are committed"]);
        assert_eq!(marks.after(1).unwrap().turn, 4);
        assert_eq!(marks.before(4).unwrap().turn, 1);
        assert!(marks.before(1).is_none() && marks.after(4).is_none());
        assert_eq!(marks.up_to(3).iter().len(), 1);
    }

    #[test]
    fn commits_go_first_and_the_newest_stay() {
        let mut marks = Marks::default();
        let rare = 100;
        for id in 1..=20_000_u64 {
            let what = match id % rare {
                0 => server(1, Fact::BecameLeader(Term(id / rare))),
                _ => server(1, Fact::Committed(Index(id))),
            };
            marks.hear(id, &event(id, what));
            assert!(marks.iter().len() <= MARKS_MAX);
        }
        let elections = marks.iter().filter(|mark| mark.kind == MarkKind::Elected).count();
        assert_eq!(elections as u64, 20_000 / rare, "no election had to go");
        assert_eq!(marks.iter().next_back().unwrap().turn, 20_000);
        assert!(marks.iter().is_sorted_by_key(|mark| mark.turn));
    }

    #[test]
    fn elections_go_where_there_is_nothing_else() {
        let mut marks = Marks::default();
        for id in 1..=5_000_u64 {
            marks.hear(id, &event(id, server(1, Fact::BecameLeader(Term(id)))));
            assert!(marks.iter().len() <= MARKS_MAX);
        }
        assert_eq!(marks.iter().next_back().unwrap().turn, 5_000);
    }
}
