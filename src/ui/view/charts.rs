//! The Charts tab: latency, throughput, leaders, messages, mining and disks over time.
//!
//! All charts share one axis of time and one cursor: the window that is looked at is divided into
//! [`POINTS_MAX`] points at most, and every chart has a value for each. What is drawn is written
//! as paths in a square of [`SIDE`] by [`SIDE`], which the page stretches to the room that there
//! is; words and figures stand outside of it.

use super::decimal;
use crate::base::{Span, Time};
use std::rc::Rc;

/// The most points of a chart.
pub const POINTS_MAX: u64 = 128;

/// The least time that a point stands for: a rate over less would jump about.
pub const STEP_LEAST: Span = Span::ms(400);

/// The side of the square in which paths are drawn.
pub const SIDE: f64 = 1000.0;

/// The fewest points that can be zoomed to.
pub const ZOOM_LEAST: usize = 4;

/// What somebody looks at in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Watch {
    /// The stretch of time that fills the charts; nothing if that is the whole run.
    pub window: Option<(Time, Time)>,
}

/// What is asked of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Lets a stretch of time fill the charts, or the whole run.
    Zoom(Option<(Time, Time)>),
}

/// What it shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Charts {
    /// True if no client has asked anything yet.
    pub is_quiet: bool,
    /// True if not the whole run is shown.
    pub is_zoomed: bool,
    /// Where the first point begins.
    pub from: Time,
    /// How long each point stands for.
    pub step: Span,
    /// How many points there are.
    pub points: usize,
    /// Where the run ends.
    pub end: Time,
    /// Where the moment is that is looked at, from 0 to 1; nothing if it is outside.
    pub now: Option<f64>,
    /// The point of that moment, or the one next to it.
    pub here: usize,
    /// The axis of time.
    pub ticks: Vec<Tick>,
    /// Where nobody led, as a path over the whole height.
    pub leaderless: String,
    /// Where something was amiss, likewise.
    pub amiss: String,
    /// The charts.
    pub charts: Vec<Chart>,
}

/// A place on an axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// From 0 to 1.
    pub at: f64,
    /// What stands there.
    pub label: String,
}

/// A chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// What it shows.
    pub title: &'static str,
    /// In what, and on which scale.
    pub unit: &'static str,
    /// The axis of values, from below.
    pub ticks: Vec<Tick>,
    /// What is drawn.
    pub lines: Vec<Line>,
    /// What it says where there is nothing to tell.
    pub none: &'static str,
    /// True if the lines are lanes, each filled where something is so.
    pub is_lanes: bool,
}

/// A line, or a lane.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What it is.
    pub label: Rc<str>,
    /// The name of its style.
    pub tone: &'static str,
    /// Which dashes it has.
    pub dash: usize,
    /// A value for each point, where there is one.
    pub values: Vec<Option<f64>>,
    /// How a value is told.
    pub measure: Measure,
    /// As it is drawn.
    pub path: String,
}

/// What values are, and so how they are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Milliseconds.
    Ms,
    /// So many a second.
    Rate,
    /// A whole number.
    Count,
    /// So many thousand bytes.
    Kb,
    /// Whether something is so.
    Flag,
}

impl Charts {
    /// When a point begins.
    pub fn at(&self, point: usize) -> Time {
        self.from + self.step.times(point as u64)
    }

    /// The moment in the middle of a point, or the run's end if it is nearer.
    pub fn moment(&self, point: usize) -> Time {
        Time((self.at(point) + Span::us(self.step.0 / 2)).0.min(self.end.0))
    }

    /// The point at a part of the width, from 0 to 1.
    pub fn point_at(&self, part: f64) -> usize {
        let point = (part.clamp(0.0, 1.0) * self.points as f64) as usize;
        point.min(self.points.saturating_sub(1))
    }

    /// Where the middle of a point is, from 0 to 1.
    pub fn middle(&self, point: usize) -> f64 {
        (point as f64 + 0.5) / self.points.max(1) as f64
    }

    /// The window from one point to another, both included. Too few are made more.
    pub fn between(&self, one: usize, other: usize) -> (Time, Time) {
        let (first, last) = (one.min(other), one.max(other));
        let missing = ZOOM_LEAST.saturating_sub(last + 1 - first);
        let first = first.saturating_sub(missing.div_ceil(2));
        (self.at(first), self.at((last + 1).max(first + ZOOM_LEAST)))
    }

    /// Half of what is shown, with a point in its middle.
    pub fn closer(&self, point: usize) -> (Time, Time) {
        let quarter = (self.points / 4).max(ZOOM_LEAST / 2);
        self.between(point.saturating_sub(quarter), point + quarter - 1)
    }

    /// Twice what is shown; nothing if that is the whole run.
    pub fn farther(&self) -> Option<(Time, Time)> {
        let half = self.step.times(self.points as u64 / 2);
        let to = self.at(self.points) + half;
        let from = Time(self.from.0.saturating_sub(half.0));
        (from > Time::ZERO || to < self.end).then_some((from, to))
    }
}

impl Chart {
    /// What it says at a point, in words, for a reader who sees no lines.
    pub fn says(&self, point: usize) -> String {
        let told: Vec<String> = match self.is_lanes {
            true => {
                let on = self.lines.iter().filter(|line| line.value(point) == Some(1.0));
                on.map(|line| line.label.to_string()).collect()
            }
            false => {
                let known = self.lines.iter().filter(|line| line.value(point).is_some());
                known.map(|line| format!("{} {}", line.label, line.told(point))).collect()
            }
        };
        if told.is_empty() { self.none.to_owned() } else { told.join(", ") }
    }
}

impl Line {
    fn value(&self, point: usize) -> Option<f64> {
        self.values.get(point).copied().flatten()
    }

    /// Its value at a point, with its unit where that may change; a dash where there is none.
    pub fn told(&self, point: usize) -> String {
        self.value(point).map_or("–".to_owned(), |value| self.measure.told(value))
    }
}

impl Measure {
    /// A value as people read it.
    pub fn told(self, value: f64) -> String {
        match self {
            Self::Ms if value >= 10_000.0 => format!("{} s", tenths(value / 1000.0)),
            Self::Ms if value >= 100.0 => format!("{} ms", value.round() as u64),
            Self::Ms => format!("{} ms", tenths(value)),
            Self::Rate => format!("{}/s", tenths(value)),
            Self::Count => (value.round() as u64).to_string(),
            Self::Kb => format!("{} KB", tenths(value)),
            Self::Flag => (if value > 0.0 { "yes" } else { "no" }).to_owned(),
        }
    }

    /// A value on an axis, where the unit stands beside the title.
    pub fn label(self, value: f64) -> String {
        match self {
            _ if value >= 1_000_000.0 => format!("{}M", decimal::tenths(value / 1_000_000.0)),
            _ if value >= 1000.0 => format!("{}k", decimal::tenths(value / 1000.0)),
            _ => decimal::tenths(value).to_string(),
        }
    }
}

/// With one digit behind the point, even if that is 0.
fn tenths(value: f64) -> String {
    let tenths = (value * 10.0).round() as u64;
    format!("{}.{}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn charts() -> Charts {
        let (from, step) = (Time(2_000_000), Span::ms(500));
        Charts { from, step, points: 20, end: Time(20_000_000), ..Charts::default() }
    }

    #[test]
    fn points_and_places_belong_together() {
        let charts = charts();
        assert_eq!(charts.at(3), Time(3_500_000));
        for point in 0..charts.points {
            assert_eq!(charts.point_at(charts.middle(point)), point);
        }
        assert_eq!((charts.point_at(-1.0), charts.point_at(2.0)), (0, 19));
        let short = Charts { end: Time(3_600_000), ..charts };
        assert_eq!(short.moment(3), Time(3_600_000), "nobody looks beyond the end");
        assert_eq!(Charts::default().point_at(0.5), 0);
    }

    #[test]
    fn windows_are_never_too_small_and_open_up_to_the_whole_run() {
        let charts = charts();
        let s = |ms: u64| Time(ms * 1000);
        assert_eq!(charts.between(12, 4), (s(4_000), s(8_500)));
        assert_eq!(charts.between(5, 5), (s(3_500), s(5_500)));
        assert_eq!(charts.between(0, 0), (s(2_000), s(4_000)));
        assert_eq!(charts.closer(10), (s(4_500), s(9_500)));
        assert_eq!(charts.farther(), Some((s(0), s(17_000))));
        let wide = Charts { points: 40, ..charts };
        assert_eq!(wide.farther(), None);
    }

    #[test]
    fn values_are_told_as_people_read_them() {
        for (measure, value, told) in [
            (Measure::Ms, 4.56, "4.6 ms"),
            (Measure::Ms, 153.4, "153 ms"),
            (Measure::Ms, 12_345.0, "12.3 s"),
            (Measure::Rate, 20.0, "20.0/s"),
            (Measure::Count, 4.0, "4"),
            (Measure::Kb, 12.34, "12.3 KB"),
        ] {
            assert_eq!(measure.told(value), told);
        }
        for (value, label) in
            [(0.0, "0"), (0.5, "0.5"), (20.0, "20"), (1500.0, "1.5k"), (2e6, "2M")]
        {
            assert_eq!(Measure::Count.label(value), label);
        }
    }
}
