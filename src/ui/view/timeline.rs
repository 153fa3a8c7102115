//! Time: the clock, the speeds, and the whole run as a strip with what happened in it.

use crate::base::Time;

/// The speeds on offer, as (words, virtual microseconds for each real millisecond).
pub const SPEEDS: [(&str, u64); 12] = [
    ("1/1000", 1),
    ("1/500", 2),
    ("1/200", 5),
    ("1/100", 10),
    ("1/50", 20),
    ("1/20", 50),
    ("1/10", 100),
    ("1/5", 200),
    ("1/2", 500),
    ("1×", 1_000),
    ("10×", 10_000),
    ("100×", 100_000),
];

/// The place of the default speed, 1/50, among [`SPEEDS`].
pub const SPEED_DEFAULT: usize = 4;

/// The place among [`SPEEDS`] of the speed that comes closest to this many virtual microseconds
/// for each real millisecond.
pub fn nearest_speed(speed: u64) -> usize {
    let ratio = |one: u64| (one.max(1) as f64 / speed.max(1) as f64).ln().abs();
    let places = 0..SPEEDS.len();
    let nearest = places.min_by(|a, b| ratio(SPEEDS[*a].1).total_cmp(&ratio(SPEEDS[*b].1)));
    nearest.unwrap_or(SPEED_DEFAULT)
}

/// The most marks on the strip.
pub const MARKS_MAX: usize = 100;

/// How many places the strip has, from the beginning of the run to its end.
pub const PLACES: u32 = 1_000;

/// What the timeline shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Timeline {
    /// The time that is shown, in words: `1.204 s`.
    pub clock: String,
    /// Where the branch ends, in words.
    pub end: String,
    /// Where the branch ends.
    pub until: Time,
    /// The place that is shown, 0 to [`PLACES`].
    pub place: u32,
    /// That place in words.
    pub says: String,
    /// What must be said about where this is, if it is not the end of the live branch.
    pub where_it_is: Option<Whereabouts>,
    /// True if there is an event before this moment.
    pub has_event_before: bool,
    /// True if there is a mark before this moment.
    pub has_mark_before: bool,
    /// What happened, oldest first.
    pub marks: Vec<Happening>,
}

/// Where somebody looks who does not look at the end of the live branch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whereabouts {
    /// In a sentence or two.
    pub words: String,
    /// True if it is the past of a branch.
    pub past: bool,
}

/// The kinds of things that the strip shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HappeningKind {
    /// A server became leader.
    Elected,
    /// A server crashed or stopped.
    Crashed,
    /// A server came back.
    Recovered,
    /// A block was committed.
    Committed,
    /// The network was changed.
    Network,
    /// A property was violated.
    Violated,
    /// This branch left another here.
    Forked,
}

impl Timeline {
    /// The time at a place of the strip; nothing if that is the end.
    pub fn time_at(&self, place: u32) -> Option<Time> {
        let us = u128::from(self.until.0) * u128::from(place) / u128::from(PLACES);
        (place < PLACES).then(|| Time(u64::try_from(us).unwrap_or(u64::MAX)))
    }
}

impl HappeningKind {
    /// The name of its style.
    pub fn class(self) -> &'static str {
        match self {
            Self::Elected => "on-elected",
            Self::Crashed => "on-crashed",
            Self::Recovered => "on-recovered",
            Self::Committed => "on-committed",
            Self::Network => "on-network",
            Self::Violated => "on-violated",
            Self::Forked => "on-forked",
        }
    }

    /// The sign that stands for it, so that colour is not alone.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Elected => "★",
            Self::Crashed => "✕",
            Self::Recovered => "↻",
            Self::Committed => "■",
            Self::Network => "⌁",
            Self::Violated => "!",
            Self::Forked => "◆",
        }
    }
}

/// Something on the strip.
#[derive(Clone, Debug, PartialEq)]
pub struct Happening {
    /// The event's number in the run.
    pub event: u64,
    /// Where on the strip, 0 to 1.
    pub part: f64,
    /// Its kind.
    pub kind: HappeningKind,
    /// In words, with the time.
    pub words: String,
}

/// A moment in the unit that suits it: `0.412 s`, `12.050 s`, `3:05.2 min`.
pub fn clock(now: Time) -> String {
    let ms = now.0 / 1000;
    match ms {
        0..60_000 => format!("{}.{:03} s", ms / 1000, ms % 1000),
        60_000..3_600_000 => {
            format!("{}:{:02}.{:01} min", ms / 60_000, ms / 1000 % 60, ms / 100 % 10)
        }
        _ => format!("{}:{:02}:{:02} h", ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60),
    }
}

/// The same to the millisecond, however late: for events, of which a tenth of a second has many.
pub fn exact(at: Time) -> String {
    let ms = at.0 / 1000;
    if ms < 60_000 {
        return clock(at);
    }
    format!("{}:{:02}.{:03} min", ms / 60_000, ms / 1000 % 60, ms % 1000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Span;

    #[test]
    fn the_clock_keeps_its_digits_in_place() {
        let at = |ms| clock(Time::ZERO + Span::ms(ms));
        assert_eq!(at(7), "0.007 s");
        assert_eq!(at(59_999), "59.999 s");
        assert_eq!(at(185_250), "3:05.2 min");
        assert_eq!(at(3_661_000), "1:01:01 h");
        assert_eq!(exact(Time::ZERO + Span::ms(59_999)), "59.999 s");
        assert_eq!(exact(Time::ZERO + Span::ms(3_661_007)), "61:01.007 min");
    }

    #[test]
    fn the_default_speed_is_a_fiftieth() {
        assert_eq!(SPEEDS[SPEED_DEFAULT], ("1/50", 1000 / 50));
        for (place, (words, speed)) in SPEEDS.iter().enumerate() {
            assert_eq!(nearest_speed(*speed), place, "{words}");
        }
        assert_eq!(nearest_speed(0), 0);
        assert_eq!(nearest_speed(u64::MAX), SPEEDS.len() - 1);
    }
}
