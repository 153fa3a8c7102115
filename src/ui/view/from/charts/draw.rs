//! Lines, lanes and bands as paths.

use super::Point;
use super::scale::{Axis, Scale};
use crate::ui::view::charts::{Chart, Line, Measure, SIDE, Tick};
use std::fmt::Write;
use std::rc::Rc;

/// How much of a lane's height its bars take.
const BAR: f64 = 0.6;

/// A line whose path is still to be drawn.
pub fn series(
    label: Rc<str>,
    tone: &'static str,
    dash: usize,
    measure: Measure,
    values: Vec<Option<f64>>,
) -> Line {
    Line { label, tone, dash, values, measure, path: String::new() }
}

/// A chart of lines, on an axis on which all have room.
pub fn chart(title: &'static str, unit: &'static str, scale: Scale, mut lines: Vec<Line>) -> Chart {
    let axis = Axis::of(scale, lines.iter().flat_map(|line| line.values.iter().flatten().copied()));
    for line in &mut lines {
        line.path = path(&line.values, &axis);
    }
    Chart { title, unit, ticks: axis.ticks(), lines, none: "nothing", is_lanes: false }
}

/// A chart of lanes, from above, each filled where something is so.
pub fn lanes(
    title: &'static str,
    unit: &'static str,
    none: &'static str,
    lanes: Vec<(String, &'static str, Vec<bool>)>,
) -> Chart {
    let height = 1.0 / lanes.len().max(1) as f64;
    let middle = |lane: usize| 1.0 - (lane as f64 + 0.5) * height;
    let ticks = lanes.iter().enumerate();
    let ticks = ticks.map(|(at, (label, ..))| Tick { at: middle(at), label: label.clone() });
    let ticks = ticks.collect();
    let lines = lanes.into_iter().enumerate().map(|(at, (label, tone, is_so))| {
        let half = height * BAR / 2.0;
        let path = bars(&is_so, middle(at) - half, middle(at) + half);
        let values = is_so.into_iter().map(|is_so| Some(f64::from(u8::from(is_so)))).collect();
        Line { path, ..series(label.into(), tone, 0, Measure::Flag, values) }
    });
    Chart { title, unit, lines: lines.collect(), ticks, none, is_lanes: true }
}

/// Bands over the whole height, where something is so.
pub fn bands(points: &[Point], is_so: impl Fn(&Point) -> bool) -> String {
    bars(&points.iter().map(is_so).collect::<Vec<_>>(), 0.0, 1.0)
}

/// A line through the middle of each point that has a value. Where one has none the line is
/// broken, and a point without neighbours is a dot.
fn path(values: &[Option<f64>], axis: &Axis) -> String {
    let mut path = String::new();
    let mut is_down = false;
    for (at, value) in values.iter().enumerate() {
        let Some(value) = value else {
            is_down = false;
            continue;
        };
        let x = whole((at as f64 + 0.5) / values.len() as f64);
        let y = whole(1.0 - axis.place(*value));
        let has_next = values.get(at + 1).is_some_and(Option::is_some);
        let written = match (is_down, has_next) {
            (true, _) if axis.has_steps() => write!(path, "H{x}V{y}"),
            (true, _) => write!(path, "L{x} {y}"),
            (false, true) => write!(path, "M{x} {y}"),
            (false, false) => write!(path, "M{x} {y}h0"),
        };
        written.expect("a String takes any text");
        is_down = true;
    }
    path
}

/// Bars from below to above, over the whole width of each point where something is so.
fn bars(is_so: &[bool], below: f64, above: f64) -> String {
    let (top, bottom) = (whole(1.0 - above), whole(1.0 - below));
    let edge = |at: usize| whole(at as f64 / is_so.len() as f64);
    let mut path = String::new();
    let mut begin = None;
    for (at, so) in is_so.iter().copied().chain([false]).enumerate() {
        match (begin, so) {
            (None, true) => begin = Some(at),
            (Some(from), false) => {
                let (left, right) = (edge(from), edge(at));
                write!(path, "M{left} {top}H{right}V{bottom}H{left}Z").expect("it is a String");
                begin = None;
            }
            _ => {}
        }
    }
    path
}

fn whole(part: f64) -> u32 {
    (part * SIDE).round() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_broken_where_a_value_is_missing() {
        let values = [Some(0.0), Some(4.0), None, Some(2.0), None];
        let axis = Axis::of(Scale::Linear, values.iter().flatten().copied());
        assert_eq!(path(&values, &axis), "M100 1000L300 0M700 500h0");
        assert_eq!(path(&[], &axis), "");
        let steps = [Some(1.0), Some(2.0)];
        let axis = Axis::of(Scale::Steps, steps.iter().flatten().copied());
        assert_eq!(path(&steps, &axis), "M250 500H750V0");
    }

    #[test]
    fn bars_that_touch_are_one() {
        assert_eq!(
            bars(&[true, true, false, true], 0.25, 0.75),
            "M0 250H500V750H0ZM750 250H1000V750H750Z"
        );
        assert_eq!(bars(&[], 0.0, 1.0), "");
    }
}
