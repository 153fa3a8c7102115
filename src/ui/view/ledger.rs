//! All servers' logs side by side, aligned on height.
//!
//! However long the logs are, only the heights that fit are in it. Where the table stands follows
//! the tip until somebody goes elsewhere.

use super::block::Card;
use super::stage::Condition;
use crate::base::ServerId;
use std::rc::Rc;

/// How many heights fit before anybody has measured it, and how many are shown at most.
pub const COLUMNS: u64 = 20;
/// The most heights that are shown, however wide the window is.
pub const COLUMNS_MAX: u64 = 60;

/// What somebody looks at in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Watch {
    /// The first height that is shown; nothing follows the tip.
    pub first: Option<u64>,
    /// How many heights fit, once that is known.
    pub columns: Option<u64>,
    /// Where the keys are.
    pub cursor: Option<(ServerId, u64)>,
    /// The block that is opened.
    pub open: Option<(ServerId, u64)>,
}

/// What is asked of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Shows the heights from here on.
    From(u64),
    /// Shows a height in the middle.
    Around(u64),
    /// Shows the newest heights, and goes along with them.
    Follow,
    /// Stays where it is.
    Stay,
    /// So many heights fit.
    Fit(u64),
    /// The keys go to a cell.
    Cursor(ServerId, u64),
    /// Opens what a server has at a height, in this tab.
    Open {
        /// Which server.
        server: ServerId,
        /// Where.
        height: u64,
    },
    /// Closes the opened block.
    Close,
}

impl Watch {
    /// Does what is asked. `first` and `tip` are of what is shown.
    pub fn take(&mut self, ask: Ask, first: u64, tip: u64) {
        let columns = self.columns();
        match ask {
            Ask::From(first) => self.stand(first, tip),
            Ask::Around(height) => {
                self.stand(height.saturating_sub(columns / 2).max(1), tip);
                self.cursor = self.cursor.map(|(server, _)| (server, height));
            }
            Ask::Follow => self.first = None,
            Ask::Stay => self.first = Some(first),
            Ask::Fit(columns) => self.columns = Some(columns.clamp(3, COLUMNS_MAX)),
            Ask::Cursor(server, height) => self.go(server, height, first, tip),
            Ask::Open { server, height } => {
                self.open = Some((server, height));
                self.go(server, height, first, tip);
            }
            Ask::Close => self.open = None,
        }
    }

    /// The first height that is shown while it follows a tip.
    pub fn newest(&self, tip: u64) -> u64 {
        newest(tip, self.columns())
    }

    /// How many heights are shown.
    pub fn columns(&self) -> u64 {
        self.columns.unwrap_or(COLUMNS)
    }

    /// The first height that is shown of a chain that ends at `tip`.
    pub fn first_of(&self, tip: u64) -> u64 {
        let newest = newest(tip, self.columns());
        self.first.map_or(newest, |first| first.clamp(1, newest))
    }

    /// Moves the keys to a cell, and the window with them.
    fn go(&mut self, server: ServerId, height: u64, first: u64, tip: u64) {
        let columns = self.columns();
        let height = height.clamp(1, tip.max(columns));
        self.cursor = Some((server, height));
        let shown = if height < first {
            height
        } else if height >= first + columns {
            height + 1 - columns
        } else {
            first
        };
        // Whoever looks at the newest block goes along; elsewhere the cells would run away.
        self.first = (height < tip && newest(tip, columns) > 1).then_some(shown);
    }

    fn stand(&mut self, first: u64, tip: u64) {
        let newest = newest(tip, self.columns());
        self.first = (first < newest).then_some(first.max(1));
    }
}

/// The first height of a window that ends with the place after the tip, which is sent next.
fn newest(tip: u64, columns: u64) -> u64 {
    (tip + 2).saturating_sub(columns).max(1)
}

/// What it shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ledger {
    /// The first height that is shown.
    pub first: u64,
    /// How many heights are shown.
    pub columns: u64,
    /// The highest height of any log.
    pub tip: u64,
    /// The last first height.
    pub newest: u64,
    /// True while it goes along with the tip.
    pub follows: bool,
    /// Where the keys are: a row and a column.
    pub cursor: (usize, u64),
    /// What it shows, in a sentence.
    pub summary: String,
    /// One row a server.
    pub rows: Vec<Row>,
    /// The opened block.
    pub open: Option<Rc<Card>>,
}

/// A server's row.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Which server.
    pub id: ServerId,
    /// What it does.
    pub condition: Condition,
    /// What it knows of its log, in a line.
    pub note: String,
    /// One cell a height.
    pub cells: Vec<Cell>,
}

impl Row {
    /// What it has at a height, if the table begins at `first`.
    pub fn cell(&self, first: u64, height: u64) -> Option<&Cell> {
        self.cells.get(usize::try_from(height.checked_sub(first)?).ok()?)
    }
}

/// What a cell holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Nothing: the log ends before.
    Empty,
    /// A snapshot stands for it.
    Pruned,
    /// The last block of the snapshot.
    Snapshot,
    /// A block that the server knows to be committed.
    Committed,
    /// A block of which it does not know that.
    Pending,
    /// A text that is no block.
    Damaged,
}

/// A height of a server's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// What is there.
    pub kind: Kind,
    /// The block's term.
    pub term: u64,
    /// How many transactions it holds.
    pub transactions: usize,
    /// True if the chain that the logs are held against has another block there.
    pub differs: bool,
    /// True if what the server knows to be committed ends here.
    pub ends_committed: bool,
    /// True if what its disk has ends here, and its log goes on.
    pub ends_durable: bool,
    /// True if the leader knows the server's log to match its own up to here.
    pub matched: bool,
    /// True if the leader sends the block of this height next.
    pub next: bool,
    /// All of that in words.
    pub says: Rc<str>,
}

/// What is seen below a height at which the leader knows a follower's log to match its own, or whose
/// block it sends next.
pub fn known(matched: bool, next: bool) -> &'static str {
    match (matched, next) {
        (true, true) => "both",
        (true, false) => "match",
        (false, true) => "next",
        (false, false) => "",
    }
}

impl Kind {
    /// The name of its style.
    pub fn class(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Pruned => "pruned",
            Self::Snapshot => "snapshot",
            Self::Committed => "committed",
            Self::Pending => "pending",
            Self::Damaged => "damaged",
        }
    }

    /// True if there is something to open.
    pub fn can_open(self) -> bool {
        !matches!(self, Self::Empty)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server() -> ServerId {
        ServerId::new(1).expect("a server")
    }

    #[test]
    fn it_follows_the_tip_until_somebody_goes_elsewhere() {
        let mut watch = Watch { columns: Some(10), ..Watch::default() };
        assert_eq!([0, 8, 9, 10, 500].map(|tip| watch.first_of(tip)), [1, 1, 1, 2, 492]);
        watch.take(Ask::From(40), 492, 500);
        assert_eq!(watch.first_of(501), 40);
        watch.take(Ask::From(492), 40, 500);
        assert_eq!(watch.first_of(501), 493, "its end is the tip");
        watch.take(Ask::Around(1), 493, 501);
        assert_eq!(watch.first_of(501), 1);
        watch.take(Ask::Follow, 1, 501);
        watch.take(Ask::Stay, 493, 501);
        assert_eq!(watch.first_of(600), 493);
    }

    #[test]
    fn keys_take_the_window_along() {
        let mut watch = Watch { columns: Some(10), ..Watch::default() };
        watch.take(Ask::Cursor(server(), 490), 492, 500);
        assert_eq!((watch.first, watch.cursor), (Some(490), Some((server(), 490))));
        watch.take(Ask::Cursor(server(), 500), 490, 500);
        assert_eq!(watch.first, None, "at the tip it follows again");
        watch.take(Ask::Cursor(server(), 0), 492, 500);
        assert_eq!((watch.first, watch.cursor), (Some(1), Some((server(), 1))));
        watch.take(Ask::Open { server: server(), height: 300 }, 1, 500);
        assert_eq!(watch.first, Some(291));
        assert_eq!(watch.open, Some((server(), 300)));
    }
}
