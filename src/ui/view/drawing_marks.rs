//! The messages and the deeds of the space-time diagram.

use super::diagram::{Deed, Fate, Line, Mark};
use super::drawing::Spot;
use super::drawing_pen::Pen;
use super::drawing_shapes::{cross, diamond, disc, polygon, polyline, rectangle, star};
use super::drawing_style::Part;
use super::motion::MarkKind;

impl Pen<'_> {
    pub(super) fn message(&mut self, line: &Line) {
        let (s, part) = (self.scale, Part::Way(line.kind, line.reply));
        let from = (self.x(line.sent), self.lane(line.from));
        let whole = (self.x(line.ends), self.lane(line.to));
        let (to, is_lost) = match line.fate {
            Fate::Arrived => (whole, false),
            Fate::Beyond | Fate::Flying => (self.flying(line, from, whole), false),
            Fate::Lost(part) => (self.lost(f64::from(part) / 1000.0, from, whole), true),
        };
        if from.0.max(to.0) < self.left || from.0.min(to.0) > self.left + self.wide {
            return;
        }
        let ends = (from.0.round() as i64, to.0.round() as i64);
        let count = self.lanes.len();
        let place = (part.place() * count + usize::from(line.from)) * count + usize::from(line.to);
        self.spots.push(Spot {
            event: line.event,
            other: line.end_event,
            from,
            to,
            lanes: (line.from, line.to),
        });
        if self.last_way[place] == ends {
            self.thinned += 1;
            return;
        }
        self.last_way[place] = ends;
        polyline(self.path(part), &[from, to]);
        if is_lost {
            cross(self.path(Part::Lost), to, 3.5 * s);
        } else if line.fate != Fate::Beyond && (to.0 - from.0).abs() > 5.0 * s {
            self.end(line.kind, line.reply, from, to);
        }
    }

    /// What is on its way is drawn as far as it has come.
    fn flying(&self, line: &Line, from: (f64, f64), whole: (f64, f64)) -> (f64, f64) {
        if line.fate == Fate::Beyond {
            // Nobody has looked when it arrives: it leaves the picture.
            let up = if whole.1 < from.1 { -1.0 } else { 1.0 };
            return (from.0 + 12.0 * self.scale, from.1 + up * 12.0 * self.scale);
        }
        let way = line.ends.since(line.sent).0.max(1) as f64;
        let part = (self.diagram.horizon.end.since(line.sent).0 as f64 / way).min(1.0);
        (from.0 + (whole.0 - from.0) * part, from.1 + (whole.1 - from.1) * part)
    }

    /// Where a message got lost. One that never left is drawn a little on its way.
    fn lost(&self, part: f64, from: (f64, f64), whole: (f64, f64)) -> (f64, f64) {
        let s = self.scale;
        if whole.0 - from.0 < 0.5 {
            let up = if whole.1 < from.1 { -1.0 } else { 1.0 };
            return (from.0 + 5.0 * s, from.1 + up * 15.0 * s);
        }
        // Short of the lane, where the cross would not be seen.
        let length = (whole.1 - from.1).abs().max(1.0);
        let part = part.min(1.0 - 11.0 * s / length).max(0.2);
        (whole.0, from.1 + (whole.1 - from.1) * part)
    }

    /// What stands at a message's end, a little before the lane that it reaches.
    fn end(&mut self, kind: MarkKind, reply: bool, from: (f64, f64), to: (f64, f64)) {
        let s = self.scale;
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let length = dx.hypot(dy).max(1.0);
        let back = (7.0 * s).min(length / 3.0);
        let (x, y) = (to.0 - dx / length * back, to.1 - dy / length * back);
        let r = 3.0 * s;
        let path = self.path(Part::End(kind, reply));
        match kind {
            MarkKind::Vote => {
                let (ux, uy) = (dx / length * r * 1.4, dy / length * r * 1.4);
                polygon(
                    path,
                    &[(x + ux, y + uy), (x - ux - uy, y - uy + ux), (x - ux + uy, y - uy - ux)],
                );
            }
            MarkKind::Heartbeat => disc(path, (x, y), 2.0 * s),
            MarkKind::Append => rectangle(path, x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8),
            MarkKind::Client | MarkKind::Lost => diamond(path, (x, y), r * 1.35),
        }
    }

    pub(super) fn mark(&mut self, mark: &Mark) {
        let (s, y) = (self.scale, self.lane(mark.lane));
        let x = self.x(mark.at);
        if x < self.left - 1.0 || x > self.left + self.wide + 1.0 {
            return;
        }
        let part = Part::Deed(mark.kind);
        let at = (x, y + raised(mark.kind) * s);
        self.spot(mark.event, at, mark.lane);
        let place = part.place() * self.lanes.len() + usize::from(mark.lane);
        if x - self.last_deed[place] < 8.0 * s {
            self.thinned += 1;
            return;
        }
        self.last_deed[place] = x;
        sign(self.path(part), mark.kind, at, s);
    }

    pub(super) fn spot(&mut self, event: u64, at: (f64, f64), lane: u8) {
        self.spots.push(Spot { event, other: event, from: at, to: at, lanes: (lane, lane) });
    }
}

/// How far above a lane, or below, a deed stands.
fn raised(deed: Deed) -> f64 {
    match deed {
        Deed::Stood | Deed::Elected | Deed::Voted => -17.0,
        Deed::Mined | Deed::Appended | Deed::Committed | Deed::Undone => 17.0,
        Deed::Violated => -17.0,
        _ => 0.0,
    }
}

/// The sign of a deed, some ten pixels large.
pub fn sign(path: &mut String, deed: Deed, (x, y): (f64, f64), s: f64) {
    let r = 4.0 * s;
    match deed {
        Deed::Stood => diamond(path, (x, y), r * 1.2),
        Deed::Voted => polygon(path, &[(x, y - r), (x + r, y + r * 0.8), (x - r, y + r * 0.8)]),
        Deed::Elected => star(path, (x, y), r * 1.5),
        Deed::Mined => polygon(
            path,
            &[
                (x, y - r * 1.4),
                (x + r * 0.4, y - r * 0.4),
                (x + r * 1.4, y),
                (x + r * 0.4, y + r * 0.4),
                (x, y + r * 1.4),
                (x - r * 0.4, y + r * 0.4),
                (x - r * 1.4, y),
                (x - r * 0.4, y - r * 0.4),
            ],
        ),
        Deed::Appended | Deed::Committed => {
            rectangle(path, x - r * 0.8, y - r * 0.8, r * 1.6, r * 1.6);
        }
        Deed::Undone => cross(path, (x, y), r * 0.8),
        Deed::Crashed => cross(path, (x, y), r * 1.7),
        Deed::Recovered => {
            disc(path, (x, y), r * 1.3);
            polyline(path, &[(x, y - r * 0.7), (x, y), (x + r * 0.6, y)]);
        }
        Deed::Asked => polygon(path, &[(x - r * 0.8, y - r), (x + r, y), (x - r * 0.8, y + r)]),
        Deed::AskedAgain => {
            polygon(path, &[(x - r * 0.8, y - r), (x + r, y), (x - r * 0.8, y + r)])
        }
        Deed::Answered => {
            polyline(path, &[(x - r, y), (x - r * 0.2, y + r * 0.8), (x + r, y - r)]);
        }
        Deed::Violated => {
            polygon(
                path,
                &[(x, y - r * 1.9), (x + r * 1.9, y + r * 1.4), (x - r * 1.9, y + r * 1.4)],
            );
        }
    }
}
