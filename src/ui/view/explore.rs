//! The Explore region: several ways to see the same run, one at a time.
//!
//! Each tab has a module of its own: what somebody looks at in it (`Watch`), what is asked of it
//! (`Ask`), and what it shows. Only the tab that is open is made, so the others cost nothing.

use super::{chain, charts, diagram, follow, lanes, ledger, links, operations};
use std::rc::Rc;

/// The tabs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    #[default]
    /// All servers' logs side by side, aligned on height.
    Ledger,
    /// The agreed chain, the forks that were dropped, and what happens to a block that is altered.
    Chain,
    /// One request's way through the bank, with the time that each part took.
    Follow,
    /// Servers and clients as lanes, messages as slanted lines, on a true scale of time.
    Diagram,
    /// What clients asked and were answered, as operations in time, with the verdict.
    Operations,
    /// Latency, throughput, terms, messages, mining and disks over time.
    Charts,
    /// Every directed link as a cell: up or down, delay, loss.
    Links,
}

impl Tab {
    /// All of them, in their order.
    pub const ALL: [Self; 7] = [
        Self::Ledger,
        Self::Chain,
        Self::Follow,
        Self::Diagram,
        Self::Operations,
        Self::Charts,
        Self::Links,
    ];

    /// What it is called.
    pub fn label(self) -> &'static str {
        match self {
            Self::Ledger => "Ledger",
            Self::Chain => "Chain",
            Self::Follow => "Follow",
            Self::Diagram => "Space-time",
            Self::Operations => "Client history",
            Self::Charts => "Charts",
            Self::Links => "Links",
        }
    }

    /// Its name in the document.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ledger => "ledger",
            Self::Chain => "chain",
            Self::Follow => "follow",
            Self::Diagram => "diagram",
            Self::Operations => "operations",
            Self::Charts => "charts",
            Self::Links => "links",
        }
    }
}

/// What somebody looks at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Watch {
    /// The tab that is open.
    pub tab: Tab,
    /// See [`ledger`].
    pub ledger: ledger::Watch,
    /// See [`chain`].
    pub chain: chain::Watch,
    /// See [`follow`].
    pub follow: follow::Watch,
    /// The stretch of time that the diagram and the history show.
    pub lanes: lanes::View,
    /// See [`diagram`].
    pub diagram: diagram::Watch,
    /// See [`operations`].
    pub operations: operations::Watch,
    /// See [`charts`].
    pub charts: charts::Watch,
    /// See [`links`].
    pub links: links::Watch,
}

/// What is asked of a tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Opens it.
    Open(Tab),
    /// See [`ledger`].
    Ledger(ledger::Ask),
    /// See [`chain`].
    Chain(chain::Ask),
    /// See [`follow`].
    Follow(follow::Ask),
    /// Goes to the moment of an event, and stays where it is asked for.
    Jump(u64),
    /// See [`lanes`].
    Lanes(lanes::Ask),
    /// See [`diagram`].
    Diagram(diagram::Ask),
    /// See [`operations`].
    Operations(operations::Ask),
    /// See [`charts`].
    Charts(charts::Ask),
    /// See [`links`].
    Links(links::Ask),
}

/// What the open tab shows.
#[derive(Clone, Debug, PartialEq)]
pub enum Explored {
    /// See [`ledger`].
    Ledger(Rc<ledger::Ledger>),
    /// See [`chain`].
    Chain(Rc<chain::Chain>),
    /// See [`follow`].
    Follow(Rc<follow::Follow>),
    /// See [`diagram`].
    Diagram(Rc<diagram::Diagram>),
    /// See [`operations`].
    Operations(Rc<operations::Operations>),
    /// See [`charts`].
    Charts(Rc<charts::Charts>),
    /// See [`links`].
    Links(Rc<links::Links>),
}

impl Explored {
    /// The tab.
    pub fn tab(&self) -> Tab {
        match self {
            Self::Ledger(_) => Tab::Ledger,
            Self::Chain(_) => Tab::Chain,
            Self::Follow(_) => Tab::Follow,
            Self::Diagram(_) => Tab::Diagram,
            Self::Operations(_) => Tab::Operations,
            Self::Charts(_) => Tab::Charts,
            Self::Links(_) => Tab::Links,
        }
    }
}
