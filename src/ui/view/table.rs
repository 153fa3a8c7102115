//! The servers' logs side by side: one row a server, one column a height.

use super::stage::Condition;
use crate::base::ServerId;

/// How many heights the table shows at most.
pub const COLUMNS: u64 = 8;

/// The table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The heights of its columns.
    pub heights: Vec<u64>,
    /// Its rows, one a server.
    pub rows: Vec<Row>,
}

/// A server's row.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Which server.
    pub id: ServerId,
    /// What it does.
    pub condition: Condition,
    /// Its term.
    pub term: u64,
    /// The height up to which it knows the chain to be committed.
    pub commit: u64,
    /// True if all its links to other servers are cut.
    pub isolated: bool,
    /// True if the inspector shows it.
    pub chosen: bool,
    /// One cell a column; `None` where its log does not reach.
    pub cells: Vec<Option<Cell>>,
}

/// A block in the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Its height.
    pub height: u64,
    /// Its term.
    pub term: u64,
    /// True if the server knows it to be committed.
    pub committed: bool,
    /// How many transactions it holds.
    pub transactions: usize,
    /// True if the other servers' majority holds another block there.
    pub differs: bool,
    /// What it holds, in words.
    pub title: String,
}
