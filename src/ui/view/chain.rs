//! The chain that the servers agree on, the forks that were dropped, balances at any height, and a
//! search. What happens to a block that is altered is in [`tamper`].

use super::block::{Card, Which};
use super::tamper;
use crate::base::Hash;
use std::rc::Rc;

/// How many blocks fit before anybody has measured it.
pub const COLUMNS: u64 = 10;
/// The most heights that are shown.
pub const COLUMNS_MAX: u64 = 24;
/// How many forks are drawn beside each other.
pub const LANES_MAX: u64 = 4;
/// How many finds are listed.
pub const HITS_MAX: usize = 12;

/// What somebody looks at in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Watch {
    /// The newest height that is shown; nothing follows the tip.
    pub newest: Option<u64>,
    /// How many heights fit, once that is known.
    pub columns: Option<u64>,
    /// Where the keys are: a height and a lane.
    pub cursor: Option<(u64, u64)>,
    /// The block that is opened.
    pub open: Option<Which>,
    /// After which block balances are asked for; nothing follows what is committed.
    pub balances_at: Option<u64>,
    /// What is searched for.
    pub search: String,
    /// What is tampered with.
    pub tamper: tamper::Watch,
}

/// What is asked of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Shows the heights up to this one.
    To(u64),
    /// Shows the newest heights, and goes along with them.
    Follow,
    /// So many heights fit.
    Fit(u64),
    /// The keys go to a block: a height and a lane.
    Cursor(u64, u64),
    /// Opens a block in this tab, or none.
    Open(Option<Which>),
    /// Opens what was found, and shows where it stands.
    Find(Which, u64),
    /// Balances after this block, or after what is committed.
    BalancesAt(Option<u64>),
    /// Searches.
    Search(String),
    /// Tampers.
    Tamper(tamper::Ask),
}

impl Watch {
    /// How many heights are shown.
    pub fn columns(&self) -> u64 {
        self.columns.unwrap_or(COLUMNS)
    }

    /// The first height that is shown of a chain that ends at `tip`. Genesis is one of them.
    pub fn first_of(&self, tip: u64) -> u64 {
        let newest = self.newest.map_or(tip, |newest| newest.min(tip));
        (newest + 1).saturating_sub(self.columns())
    }

    /// Does what is asked, but for tampering, of a chain that ends at `tip`.
    pub fn take(&mut self, ask: Ask, tip: u64) {
        let columns = self.columns();
        match ask {
            Ask::To(newest) => {
                self.newest = Some(newest.max(columns - 1)).filter(|newest| *newest < tip);
            }
            Ask::Follow => self.newest = None,
            Ask::Fit(columns) => self.columns = Some(columns.clamp(2, COLUMNS_MAX)),
            Ask::Cursor(height, lane) => self.go(height, lane, tip),
            Ask::Open(which) => self.open = which,
            Ask::Find(which, height) => {
                self.open = Some(which);
                self.go(height, 0, tip);
            }
            Ask::BalancesAt(height) => self.balances_at = height,
            Ask::Search(text) => self.search = text,
            Ask::Tamper(_) => {}
        }
    }

    /// Moves the keys to a block, and the window with them.
    fn go(&mut self, height: u64, lane: u64, tip: u64) {
        let (height, columns) = (height.min(tip), self.columns());
        let first = self.first_of(tip);
        self.cursor = Some((height, lane));
        let newest = if height < first {
            height + columns - 1
        } else if height >= first + columns {
            height
        } else {
            first + columns - 1
        };
        // Whoever looks at the newest block goes along; elsewhere the blocks would run away.
        self.newest = (height < tip && tip >= columns).then_some(newest);
    }
}

/// What it shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chain {
    /// The first height that is shown.
    pub first: u64,
    /// How many heights are shown.
    pub columns: u64,
    /// The highest height.
    pub tip: u64,
    /// True while it goes along with the tip.
    pub follows: bool,
    /// What it shows, in a sentence.
    pub summary: String,
    /// The blocks, those of the chain first.
    pub nodes: Vec<Node>,
    /// How many lanes there are, the chain's own among them.
    pub lanes: u64,
    /// Where the keys are: a place among the nodes.
    pub cursor: usize,
    /// The opened block.
    pub open: Option<Rc<Card>>,
    /// The balances.
    pub balances: Balances,
    /// What is searched for.
    pub search: String,
    /// What was found.
    pub found: Option<Found>,
    /// What is tampered with.
    pub tamper: tamper::Tamper,
}

/// What a block is to the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// In it, and known to be committed.
    Committed,
    /// At its end, not known to be committed.
    Pending,
    /// In it, and kept by nobody any more.
    Pruned,
    /// Beside it; some server still has it.
    Beside,
    /// Beside it, and dropped.
    Dropped,
}

impl Kind {
    /// The name of its style.
    pub fn class(self) -> &'static str {
        match self {
            Self::Committed => "committed",
            Self::Pending => "pending",
            Self::Pruned => "pruned",
            Self::Beside => "beside",
            Self::Dropped => "dropped",
        }
    }
}

/// A block in the picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Which; a block that is pruned everywhere cannot be opened.
    pub which: Option<Which>,
    /// Its hash.
    pub hash: Hash,
    /// Its height.
    pub height: u64,
    /// Its term.
    pub term: u64,
    /// How many transactions it holds.
    pub transactions: usize,
    /// What it is to the chain.
    pub kind: Kind,
    /// Its lane; the chain's is 0.
    pub lane: u64,
    /// The lane of its parent.
    pub from_lane: u64,
    /// Who had it and what became of it, for a fork.
    pub note: String,
    /// All of that in words.
    pub says: String,
}

/// The accounts after a block.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Balances {
    /// After which.
    pub at: u64,
    /// True while that is what is committed last.
    pub follows: bool,
    /// Each account: its name, before the block if that is known, and after it.
    pub rows: Vec<(String, Option<u64>, u64)>,
    /// What it comes from, or why it is not known.
    pub note: String,
}

/// What a search found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// In a sentence: how many, or why none.
    pub says: String,
    /// Up to so many finds, the newest first.
    pub hits: Vec<Hit>,
}

/// A find.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// The block.
    pub which: Which,
    /// Its height.
    pub height: u64,
    /// What it says.
    pub words: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_follows_the_tip_or_stays() {
        let mut watch = Watch { columns: Some(5), ..Watch::default() };
        assert_eq!([0, 4, 5, 90].map(|tip| watch.first_of(tip)), [0, 0, 1, 86]);
        watch.take(Ask::To(40), 90);
        assert_eq!(watch.first_of(91), 36);
        watch.take(Ask::Cursor(20, 0), 91);
        assert_eq!((watch.first_of(91), watch.cursor), (20, Some((20, 0))));
        watch.take(Ask::Cursor(25, 1), 91);
        assert_eq!(watch.first_of(91), 21);
        watch.take(Ask::To(1), 91);
        assert_eq!(watch.first_of(91), 0);
        watch.take(Ask::To(91), 91);
        assert_eq!(watch.newest, None);
    }
}
