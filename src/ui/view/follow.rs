//! The Follow tab: one request's way through the bank, on a true scale of time.
//!
//! A row is a part of the way: in the client's hands, in the channel, in a queue, being mined, on
//! its way to the disks of a majority, and back. Below the replication stand the servers, each with
//! how its copy of the block came to it. All bars have one axis, so what waits for what is seen.

use super::client::Status;
use crate::bank::RequestId;

/// The most requests to choose from.
pub const SHOWN: usize = 24;

/// What somebody looks at in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Watch {
    /// The request that is followed; `None` follows the newest.
    pub chosen: Option<RequestId>,
}

/// What is asked of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Follows this request, or the newest.
    Choose(Option<RequestId>),
    /// Opens the tab, and follows this request.
    Show(RequestId),
}

/// What it shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Follow {
    /// True if the newest request is followed, whichever that is.
    pub newest: bool,
    /// Requests to choose from, the newest first.
    pub requests: Vec<Item>,
    /// The way of the one that is followed, if there is any.
    pub way: Option<Way>,
}

/// A request to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Which.
    pub id: RequestId,
    /// What it asks: `pays Bob 4`.
    pub what: String,
    /// How it stands.
    pub status: Status,
    /// True if it is followed.
    pub chosen: bool,
}

/// A request's way.
#[derive(Clone, Debug, PartialEq)]
pub struct Way {
    /// Which request.
    pub id: RequestId,
    /// Who asked what: `Alice #3 pays Bob 4`.
    pub title: String,
    /// How it stands, with the time that it took: `committed at height 5, after 120 ms`.
    pub stands: String,
    /// True if it has no answer yet.
    pub waits: bool,
    /// The axis' ticks.
    pub ticks: Vec<Tick>,
    /// The rows, in the order of time.
    pub rows: Vec<Row>,
    /// What the trace has forgotten of it, if anything.
    pub forgotten: Option<&'static str>,
}

/// A tick of the axis, at its share of the width.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// 0 to 1.
    pub at: f64,
    /// The time since the request was submitted.
    pub words: String,
}

/// A row: a part of the way, or a server's copy of the block.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// What it is called.
    pub label: String,
    /// True if it is a server's copy, which is a part of the row before.
    pub inner: bool,
    /// How long it took.
    pub took: String,
    /// What happened there.
    pub text: String,
    /// Its bars.
    pub bars: Vec<Bar>,
    /// The event that it begins with.
    pub event: Option<u64>,
}

/// A bar, at its share of the width.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// Where it begins, 0 to 1.
    pub from: f64,
    /// How wide it is, 0 to 1.
    pub wide: f64,
    /// The name of its style.
    pub class: &'static str,
    /// True if it has not ended.
    pub under_way: bool,
}
