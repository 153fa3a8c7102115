//! A message in somebody's hand: what it says, and when it arrives.
//!
//! A pointer near a mark holds the message while it stays there; a click, or Enter, keeps it in
//! hand, so that it can be dropped, delayed or copied. It flies on meanwhile. Once it has arrived
//! or was lost, the hand says so for a moment and lets go.

use super::geometry::Point;
use super::motion::{Manner, MarkKind};
use crate::base::Span;
use crate::trace::MessageId;

/// How near a pointer must be to a mark, in units of the stage; a finger is less exact.
pub const REACH: f64 = 11.0;

/// The same for a finger.
pub const REACH_OF_FINGER: f64 = 20.0;

/// What is asked of the hand.
#[derive(Clone, Debug, PartialEq)]
pub enum Reach {
    /// The pointer is there, or nowhere on the stage.
    Hover(Option<Point>),
    /// Holds the message that arrives first.
    First,
    /// Holds the message that arrives next after this one, or first.
    Next,
    /// Holds the message that arrives before this one, or last.
    Previous,
    /// Keeps the message in hand.
    Keep,
    /// Lets go of one that is only looked at.
    Leave,
    /// Lets go.
    LetGo,
    /// Shows what the log has of it.
    ShowInLog,
}

/// A message that is held.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Held {
    /// Which.
    pub message: MessageId,
    /// True if it stays in hand when the pointer goes away.
    pub kept: bool,
    /// Where it was taken.
    pub at: Point,
    /// Since when, on the browser's clock, it is on its way no more.
    pub gone_since: Option<f64>,
}

/// How many messages are on their way, and the one in hand.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hands {
    /// On their way.
    pub in_flight: usize,
    /// In hand.
    pub hand: Option<Hand>,
}

/// A message in hand.
#[derive(Clone, Debug, PartialEq)]
pub struct Hand {
    /// Which.
    pub message: MessageId,
    /// What it is called: `append m12`.
    pub name: String,
    /// From whom to whom: `S1 to S2`.
    pub way: String,
    /// How it is drawn, for a small picture of it.
    pub look: Option<(MarkKind, Manner)>,
    /// What it says, name by name.
    pub facts: Vec<(&'static str, String)>,
    /// What becomes of it, in a sentence.
    pub fate: String,
    /// True while it is on its way.
    pub flies: bool,
    /// True if it stays in hand.
    pub kept: bool,
    /// By how much a press delays it.
    pub by: Span,
    /// Where the card begins, in parts of the stage's width and height.
    pub place: (f64, f64),
}
