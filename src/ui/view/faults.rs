//! What befell the whole cluster while clients asked: crashes, pauses, partitions, losses, and who
//! leads. The space-time diagram and the clients' history show it on their axis.

use super::lanes::Window;
use crate::base::Time;

/// The most faults that are shown.
pub const FAULTS_MAX: usize = 60;

/// Something that befell the cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The event that began it.
    pub event: u64,
    /// Since when.
    pub from: Time,
    /// Until when: until now if it has not ended, and at once if it has no length.
    pub to: Time,
    /// What kind of thing.
    pub kind: FaultKind,
    /// In words.
    pub words: String,
}

/// The kinds of faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// A server is down.
    Down,
    /// A server stands still.
    Paused,
    /// Messages do not pass everywhere.
    Cut,
    /// Messages are lost, doubled or altered by chance.
    Lossy,
    /// A server was elected: no fault, but what clients notice of one.
    Elected,
}

impl FaultKind {
    /// The name of its style.
    pub fn class(self) -> &'static str {
        match self {
            Self::Down => "down",
            Self::Paused => "paused",
            Self::Cut => "cut",
            Self::Lossy => "lossy",
            Self::Elected => "elected",
        }
    }

    /// The sign that stands for it, as on the timeline.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Down => "✕",
            Self::Paused => "‖",
            Self::Cut => "⌁",
            Self::Lossy => "≈",
            Self::Elected => "★",
        }
    }
}

/// Puts faults into rows, so that none covers another's words: each into the first row that is free
/// where it begins. `letter` is the width of a letter, as a part of the window.
pub fn rows(faults: &[Fault], window: &Window, letter: f64, most: usize) -> Vec<usize> {
    let mut ends: Vec<f64> = Vec::new();
    let place_of = |fault: &Fault| {
        let from = window.place(fault.from).max(0.0);
        let words = from + letter * (fault.words.chars().count() as f64 + 4.0);
        (from, window.place(fault.to).min(1.0).max(words))
    };
    let mut rows = Vec::with_capacity(faults.len());
    for fault in faults {
        let (from, to) = place_of(fault);
        let free = ends.iter().position(|end| *end <= from);
        let row = free.unwrap_or(ends.len()).min(most.saturating_sub(1));
        if row == ends.len() {
            ends.push(to);
        } else {
            ends[row] = ends[row].max(to);
        }
        rows.push(row);
    }
    rows
}
