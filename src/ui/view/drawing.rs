//! What the space-time diagram looks like: the one geometry from which the page's canvas and the
//! exported SVG are made.
//!
//! All that is drawn alike is one path, in the words of SVG's `d`, which a canvas understands too:
//! so 10,000 events cost the browser some thirty calls. What would fall on the same pixels is drawn
//! once. Lengths are in CSS pixels at the usual text size, and grow with the text.

use super::diagram::Diagram;
use super::drawing_pen::Pen;
use super::drawing_style::{Ink, Part, Style};

/// How much room there is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Room {
    /// The width, in pixels.
    pub width: f64,
    /// How large text is, compared with what is usual.
    pub scale: f64,
}

/// Some words.
#[derive(Clone, Debug, PartialEq)]
pub struct Words {
    /// Where: their beginning, middle or end, as they are `aligned`, and their baseline.
    pub x: f64,
    /// Downwards.
    pub y: f64,
    /// The words.
    pub text: String,
    /// Their size in pixels.
    pub size: f64,
    /// True for heavy ones.
    pub heavy: bool,
    /// Their colour.
    pub ink: Ink,
    /// Where `x` is: 0 at their beginning, 1 in their middle, 2 at their end.
    pub aligned: u8,
}

/// An event's place, or those of a message's two events, and the way between.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spot {
    /// The event at the first end.
    pub event: u64,
    /// The event at the other end; the same if there is but one.
    pub other: u64,
    /// The first end.
    pub from: (f64, f64),
    /// The other.
    pub to: (f64, f64),
    /// The lanes of the two ends.
    pub lanes: (u8, u8),
}

/// What is drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawing {
    /// Its size.
    pub width: f64,
    /// Downwards.
    pub height: f64,
    /// The part in which time passes: left, top, right, bottom. Paths are seen within it alone.
    pub plot: (f64, f64, f64, f64),
    /// For each part, in the order of [`Part::all`], its path.
    pub paths: Vec<(Part, String)>,
    /// Words within the plot.
    pub inside: Vec<Words>,
    /// Words around it.
    pub around: Vec<Words>,
    /// Where events are, for who points at one.
    pub spots: Vec<Spot>,
    /// How many messages and deeds fell on the same pixels as another.
    pub thinned: usize,
}

/// How many events there are at most for ways to be dashed.
const DASHED_MAX: usize = 1_500;

/// How near, in pixels, a pointer must come to an event.
const REACH: f64 = 9.0;

impl Drawing {
    /// Draws a diagram.
    pub fn of(diagram: &Diagram, room: Room) -> Self {
        let mut pen = Pen::new(diagram, room);
        pen.scale();
        pen.faults();
        pen.bands();
        diagram.lines.iter().for_each(|line| pen.message(line));
        diagram.marks.iter().for_each(|mark| pen.mark(mark));
        pen.moment();
        pen.rings();
        pen.finish()
    }

    /// How a part is drawn. Where ways are many, dashes would cost more than they tell, and lines
    /// that are wider than a pixel cost a browser without a graphics card several times as much.
    pub fn style(&self, part: Part) -> Style {
        let style = part.style();
        let is_dense = matches!(part, Part::Way(..)) && self.spots.len() > DASHED_MAX;
        if is_dense { Style { dash: &[], width: style.width.min(10), ..style } } else { style }
    }

    /// The event nearest to a place, if one is near.
    pub fn event_at(&self, x: f64, y: f64) -> Option<u64> {
        let mut best = None;
        let mut nearest = REACH;
        for spot in &self.spots {
            let (along, mut away) = spot.distance(x, y);
            // Of a deed and a message that leaves there, the deed is meant.
            if spot.from == spot.to {
                away -= 2.5;
            }
            if away < nearest {
                nearest = away;
                best = Some(if along > 0.5 { spot.other } else { spot.event });
            }
        }
        best
    }

    /// The events that are seen, with the lane of each and its place; in no order.
    fn seen(&self) -> impl Iterator<Item = (u64, u8, f64)> + '_ {
        let ends = self.spots.iter().flat_map(|spot| {
            let end = (spot.other, spot.lanes.1, spot.to.0);
            let end = Some(end).filter(|_| spot.other != spot.event);
            [Some((spot.event, spot.lanes.0, spot.from.0)), end].into_iter().flatten()
        });
        ends.filter(|(.., x)| (self.plot.0..=self.plot.2).contains(x))
    }

    /// The event before another or after it, of those that are seen; the last or the first one if
    /// none is read yet. Nothing if there is none further on.
    pub fn step(&self, from: Option<u64>, forward: bool) -> Option<u64> {
        let events = self.seen().map(|(event, ..)| event);
        if forward {
            events.filter(|event| from.is_none_or(|from| *event > from)).min()
        } else {
            events.filter(|event| from.is_none_or(|from| *event < from)).max()
        }
    }

    /// The event of a neighbouring lane that is nearest in time to another.
    pub fn neighbour(&self, from: Option<u64>, down: bool) -> Option<u64> {
        let Some(from) = from else { return self.step(None, false) };
        let (_, lane, x) = self.seen().find(|(event, ..)| *event == from)?;
        let lanes = self.seen().map(|(_, other, _)| other);
        let next = if down {
            lanes.filter(|other| *other > lane).min()
        } else {
            lanes.filter(|other| *other < lane).max()
        }?;
        let there = self.seen().filter(|(_, other, _)| *other == next);
        let nearest = there.min_by(|one, other| (one.2 - x).abs().total_cmp(&(other.2 - x).abs()));
        nearest.map(|(event, ..)| event)
    }
}

impl Spot {
    /// How far a place is from it, and where along it the nearest point lies, 0 to 1.
    fn distance(&self, x: f64, y: f64) -> (f64, f64) {
        let (ax, ay) = self.from;
        let (dx, dy) = (self.to.0 - ax, self.to.1 - ay);
        let length = dx * dx + dy * dy;
        let along = if length > 0.0 { ((x - ax) * dx + (y - ay) * dy) / length } else { 0.0 };
        let along = along.clamp(0.0, 1.0);
        (along, (ax + along * dx - x).hypot(ay + along * dy - y))
    }
}
