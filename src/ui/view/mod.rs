//! View models: what the page shows, as plain values.
//!
//! Between the world and the components stand these structs. They are made from the world by
//! pure functions, know nothing of browsers, compile natively, and are tested there; a component
//! gets one and draws it, and decides nothing. Two rates run through them: a [`motion::Motion`]
//! for every frame, and a [`Page`] for everything else, made anew when something changed and at
//! most some ten times a second, since nobody reads faster. Every list is bounded: a log shows a
//! window, an inspector some blocks, a table some heights.

pub mod address;
pub mod banner;
pub mod block;
pub mod branches;
pub mod chain;
pub mod charts;
pub mod client;
pub mod decimal;
pub mod diagram;
pub mod diagram_svg;
pub mod drawing;
pub mod drawing_marks;
mod drawing_pen;
pub mod drawing_shapes;
pub mod drawing_style;
pub mod editor;
pub mod explore;
pub mod faults;
pub mod follow;
pub mod from;
pub mod geometry;
pub mod guest;
pub mod hand;
pub mod input;
pub mod inspector;
pub mod interest;
pub mod lanes;
pub mod ledger;
pub mod library;
pub mod links;
pub mod log;
pub mod motion;
pub mod opening;
pub mod operations;
pub mod reader;
pub mod safety;
pub mod settings;
pub mod share;
pub mod shortcut;
pub mod stage;
pub mod state;
pub mod story;
pub mod table;
pub mod tamper;
pub mod timeline;
pub mod tour;
pub mod traffic;
pub mod turn;
pub mod why;
pub mod words;

use std::rc::Rc;

/// Everything that the page shows, apart from what moves with every frame.
///
/// Parts are shared, so that a part that did not change costs its component one comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// What is happening now, in a sentence.
    pub now: Rc<str>,
    /// What to try next.
    pub hint: Rc<str>,
    /// True if the sentence says what promise is broken.
    pub violated: bool,
    /// True if nobody leads, so that one may ask why.
    pub leaderless: bool,
    /// The answer to the question that somebody asked last, as of now.
    pub why: Option<Rc<why::Why>>,
    /// The picture.
    pub stage: Rc<stage::Stage>,
    /// The logs side by side.
    pub table: Rc<table::Table>,
    /// Load and chaos.
    pub traffic: traffic::Traffic,
    /// The clients.
    pub clients: Rc<Vec<Rc<client::Card>>>,
    /// What is longer.
    pub lists: Lists,
}

/// What is longer, and may be made anew in another frame than the picture and what stands about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Lists {
    /// A server from inside.
    pub inspector: Rc<inspector::Inspector>,
    /// The judges' findings.
    pub safety: Rc<safety::Safety>,
    /// The log.
    pub log: Rc<log::Log>,
}
