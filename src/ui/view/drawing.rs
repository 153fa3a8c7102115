//! What the space-time diagram looks like: the one geometry from which the page's canvas and the
//! exported SVG are made.
//!
//! All that is drawn alike is one path, in the words of SVG's `d`, which a canvas understands too:
//! so 10,000 events cost the browser some thirty calls. What would fall on the same pixels is drawn
//! once. Lengths are in CSS pixels at the usual text size, and grow with the text.

use super::decimal::tenths;
use super::diagram::{Band, Deed, Diagram, Fate, Line, Mark, Role};
use super::drawing_style::{Ink, Part, Style, TINTS};
use super::faults::{self, FaultKind};
use super::lanes::Window;
use super::motion::MarkKind;
use crate::base::Time;

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
    /// The lane of the first end.
    pub lane: u8,
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

/// Rows of faults above the lanes, at most.
const FAULT_ROWS: usize = 3;

/// How many events there are at most for ways to be dashed.
const DASHED_MAX: usize = 1_500;

/// How near, in pixels, a pointer must come to an event.
const REACH: f64 = 9.0;

/// How wide a digit is, as a part of the text's size, about.
const LETTER: f64 = 0.56;

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
            [(spot.event, spot.lane, spot.from.0), (spot.other, spot.lane, spot.to.0)]
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

/// Draws, part by part.
struct Pen<'a> {
    diagram: &'a Diagram,
    window: Window,
    scale: f64,
    left: f64,
    top: f64,
    wide: f64,
    /// The middle of each lane.
    lanes: Vec<f64>,
    bottom: f64,
    paths: Vec<String>,
    inside: Vec<Words>,
    around: Vec<Words>,
    spots: Vec<Spot>,
    thinned: usize,
    /// Where the last way of each part went between two lanes, and the last deed on a lane.
    last_way: Vec<(i64, i64)>,
    last_deed: Vec<f64>,
    /// The rows of the faults.
    rows: Vec<usize>,
}

impl<'a> Pen<'a> {
    fn new(diagram: &'a Diagram, room: Room) -> Self {
        let Room { width, scale } = room;
        let window = diagram.window;
        let narrow = width < 520.0 * scale;
        let left = if narrow { 46.0 } else { 76.0 } * scale;
        let wide = (width - left - 8.0 * scale).max(1.0);
        let letter = 11.0 * scale * LETTER / wide;
        let rows = faults::rows(&diagram.faults, &window, letter, FAULT_ROWS);
        let fault_rows = rows.iter().max().map_or(0, |row| row + 1);
        let top = (26.0 + 17.0 * fault_rows as f64) * scale;
        let mut y = top;
        let mut lanes = Vec::new();
        for lane in &diagram.lanes {
            let height = if lane.is_server { 50.0 } else { 36.0 } * scale;
            lanes.push(y + height / 2.0);
            y += height;
        }
        let parts = Part::all().len();
        let count = lanes.len();
        Self {
            diagram,
            window,
            scale,
            left,
            top,
            wide,
            bottom: y,
            paths: vec![String::new(); parts],
            inside: Vec::new(),
            around: Vec::new(),
            spots: Vec::with_capacity(diagram.lines.len() + diagram.marks.len()),
            thinned: 0,
            last_way: vec![(i64::MIN, 0); parts * count * count],
            last_deed: vec![f64::MIN; parts * count],
            lanes,
            rows,
        }
    }

    fn finish(self) -> Drawing {
        let Self { left, top, wide, bottom, scale, .. } = self;
        let paths = Part::all().into_iter().zip(self.paths).filter(|(_, path)| !path.is_empty());
        Drawing {
            width: left + wide + 8.0 * scale,
            height: bottom + 4.0 * scale,
            plot: (left, top.min(17.0 * scale), left + wide, bottom),
            paths: paths.collect(),
            inside: self.inside,
            around: self.around,
            spots: self.spots,
            thinned: self.thinned,
        }
    }

    fn x(&self, time: Time) -> f64 {
        self.left + self.window.place(time) * self.wide
    }

    fn lane(&self, lane: u8) -> f64 {
        self.lanes.get(usize::from(lane)).copied().unwrap_or(self.bottom)
    }

    fn path(&mut self, part: Part) -> &mut String {
        &mut self.paths[part.place()]
    }

    fn words(&self, x: f64, y: f64, text: String, ink: Ink) -> Words {
        Words { x, y, text, size: 11.0 * self.scale, heavy: false, ink, aligned: 0 }
    }

    /// The names of the lanes, their ground, and the ticks.
    fn scale(&mut self) {
        let (left, right, s) = (self.left, self.left + self.wide, self.scale);
        let most = (self.wide / (74.0 * s)).max(2.0) as u32;
        for tick in self.window.ticks(most) {
            let x = self.x(tick.at);
            let (top, bottom) = (20.0 * s, self.bottom);
            polyline(self.path(Part::Grid), &[(x, top), (x, bottom)]);
            let aligned = if x < left + 18.0 * s {
                0
            } else if x > right - 22.0 * s {
                2
            } else {
                1
            };
            let words = Words { aligned, ..self.words(x, 14.0 * s, tick.words, Ink::Faint) };
            self.around.push(words);
        }
        for (place, lane) in self.diagram.lanes.iter().enumerate() {
            let y = self.lanes[place];
            let size = 13.0 * s;
            let x = left - 10.0 * s;
            let name = self.words(x, y + 4.5 * s, lane.name.clone(), Ink::Ink);
            self.around.push(Words { size, heavy: lane.is_server, aligned: 2, ..name });
            if !lane.is_server {
                polyline(self.path(Part::Lane), &[(left, y), (right, y)]);
            }
        }
    }

    /// Bars above the lanes, and a shade over them where the network is not whole.
    fn faults(&mut self) {
        let s = self.scale;
        let right = self.left + self.wide;
        for (place, fault) in self.diagram.faults.iter().enumerate() {
            let y = (31.0 + 17.0 * self.rows[place] as f64) * s;
            let (from, to) = (self.x(fault.from), self.x(fault.to));
            let (seen_from, seen_to) = (from.max(self.left), to.min(right));
            let is_cut = matches!(fault.kind, FaultKind::Cut | FaultKind::Lossy);
            if is_cut && seen_to - seen_from > 1.0 {
                let (top, bottom) = (self.top, self.bottom);
                rectangle(
                    self.path(Part::Shade),
                    seen_from,
                    top,
                    seen_to - seen_from,
                    bottom - top,
                );
            }
            if fault.kind != FaultKind::Elected {
                let path = self.path(Part::Fault);
                polyline(
                    path,
                    &[(seen_from, y + 5.0 * s), (seen_to.max(seen_from + s), y + 5.0 * s)],
                );
                for (edge, is_seen) in [(from, from >= seen_from), (to, to <= right)] {
                    if is_seen {
                        polyline(path, &[(edge, y + 2.0 * s), (edge, y + 8.0 * s)]);
                    }
                }
            }
            let ink = if fault.kind == FaultKind::Elected { Ink::Leader } else { Ink::Cut };
            let text = format!("{} {}", fault.kind.sign(), fault.words);
            let wide = text.chars().count() as f64 * 11.0 * s * LETTER;
            let x = seen_from.min(right - wide).max(self.left + 2.0 * s);
            let words = self.words(x, y + s, text, ink);
            self.inside.push(words);
            let at = (from.max(self.left), y);
            self.spot(fault.event, at, u8::MAX);
        }
    }

    /// What servers were: a thin band follows, a dashed one stands, a thick one leads; a gap is
    /// down, with hatching.
    fn bands(&mut self) {
        let right = self.left + self.wide;
        for band in &self.diagram.bands {
            let (from, to) = (self.x(band.from).max(self.left), self.x(band.to).min(right));
            if to > from {
                self.band(band, from, to);
            }
        }
        for work in &self.diagram.works {
            let (from, to) = (self.x(work.from).max(self.left), self.x(work.to).min(right));
            let y = self.lane(work.lane) + 15.0 * self.scale;
            if to > from {
                polyline(self.path(Part::Mining), &[(from, y), (to, y)]);
            }
        }
    }

    fn band(&mut self, band: &Band, from: f64, to: f64) {
        let (s, y) = (self.scale, self.lane(band.lane));
        let tint = (band.term % u64::from(TINTS)) as u8;
        let (part, half) = match band.role {
            Role::Unknown => (Part::Lane, 0.0),
            Role::Down => (Part::Down, 7.0),
            Role::Follower => (Part::Follower(tint), 2.0),
            Role::Candidate => (Part::Candidate, 5.0),
            Role::Leader => (Part::Leader(tint), 8.0),
        };
        let (top, bottom) = (y - half * s, y + half * s);
        match band.role {
            Role::Unknown => polyline(self.path(part), &[(from, y), (to, y)]),
            Role::Down => hatch(self.path(part), (from, top, to, bottom), 7.0 * s),
            _ => rectangle(self.path(part), from, top, to - from, bottom - top),
        }
        if band.paused {
            upright(self.path(Part::Paused), (from, y - 10.0 * s, to, y + 10.0 * s), 6.0 * s);
        }
        let (text, ink, up) = match band.role {
            Role::Leader => (format!("leads term {}", band.term), Ink::Surface, -4.0),
            Role::Candidate => (format!("stands, term {}", band.term), Ink::Candidate, 9.0),
            Role::Follower if band.term > 0 => (format!("term {}", band.term), Ink::Faint, 6.0),
            Role::Down => ("down".to_owned(), Ink::Faint, 10.0),
            _ => return,
        };
        let wide = text.chars().count() as f64 * 11.0 * s * LETTER + 8.0 * s;
        if wide < to - from {
            let words = self.words(from + 4.0 * s, y - up * s, text, ink);
            self.inside.push(Words { heavy: band.role == Role::Leader, ..words });
        }
    }

    fn message(&mut self, line: &Line) {
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
            lane: line.from,
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

    fn mark(&mut self, mark: &Mark) {
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

    fn spot(&mut self, event: u64, at: (f64, f64), lane: u8) {
        self.spots.push(Spot { event, other: event, from: at, to: at, lane });
    }

    /// The moment that is looked at, and where what is remembered ends.
    fn moment(&mut self) {
        let (s, x) = (self.scale, self.x(self.diagram.horizon.moment));
        let (top, bottom) = (18.0 * s, self.bottom);
        let path = self.path(Part::Moment);
        polyline(path, &[(x, top), (x, bottom)]);
        polygon(path, &[(x - 4.0 * s, top), (x + 4.0 * s, top), (x, top + 6.0 * s)]);
    }

    /// Rings around the event that was jumped to, and the one whose words are read.
    fn rings(&mut self) {
        let s = self.scale;
        let pointed = self.diagram.readout.as_ref().map(|readout| readout.event);
        for (event, part, radius) in
            [(self.diagram.jumped, Part::Jumped, 9.0), (pointed, Part::Pointed, 7.0)]
        {
            let Some(event) = event else { continue };
            let own = |spot: &&Spot| spot.event == event || spot.other == event;
            // A deed's own place counts before the end of the message that led to it.
            let spot = self.spots.iter().filter(own).min_by_key(|spot| spot.from != spot.to);
            let Some(spot) = spot.copied() else { continue };
            let at = if spot.event == event { spot.from } else { spot.to };
            let path = self.path(part);
            disc(path, at, radius * s);
            if spot.from != spot.to {
                polyline(path, &[spot.from, spot.to]);
            }
        }
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

/// A number with one digit behind the point, as short as it can be.
fn number(path: &mut String, value: f64) {
    // What lies far outside is not seen, and a canvas need not know how far.
    let _ = tenths(value.clamp(-20_000.0, 20_000.0)).put(path);
}

fn point(path: &mut String, letter: char, (x, y): (f64, f64)) {
    path.push(letter);
    number(path, x);
    path.push(' ');
    number(path, y);
}

/// A line through some places.
pub fn polyline(path: &mut String, places: &[(f64, f64)]) {
    for (place, at) in places.iter().enumerate() {
        point(path, if place == 0 { 'M' } else { 'L' }, *at);
    }
}

fn polygon(path: &mut String, places: &[(f64, f64)]) {
    polyline(path, places);
    path.push('Z');
}

fn rectangle(path: &mut String, x: f64, y: f64, width: f64, height: f64) {
    polygon(path, &[(x, y), (x + width, y), (x + width, y + height), (x, y + height)]);
}

fn diamond(path: &mut String, (x, y): (f64, f64), r: f64) {
    polygon(path, &[(x, y - r), (x + r, y), (x, y + r), (x - r, y)]);
}

fn cross(path: &mut String, (x, y): (f64, f64), r: f64) {
    polyline(path, &[(x - r, y - r), (x + r, y + r)]);
    polyline(path, &[(x - r, y + r), (x + r, y - r)]);
}

fn disc(path: &mut String, (x, y): (f64, f64), r: f64) {
    point(path, 'M', (x - r, y));
    for side in [2.0, -2.0] {
        path.push('a');
        number(path, r);
        path.push(' ');
        number(path, r);
        path.push_str(" 0 1 0 ");
        number(path, side * r);
        path.push_str(" 0");
    }
    path.push('Z');
}

/// The corners of a star of five points, as parts of its radius.
const STAR: [(f64, f64); 10] = [
    (0.0, -1.0),
    (0.25, -0.34),
    (0.95, -0.31),
    (0.4, 0.13),
    (0.59, 0.81),
    (0.0, 0.42),
    (-0.59, 0.81),
    (-0.4, 0.13),
    (-0.95, -0.31),
    (-0.25, -0.34),
];

fn star(path: &mut String, (x, y): (f64, f64), r: f64) {
    polygon(path, &STAR.map(|(dx, dy)| (x + dx * r, y + dy * r)));
}

/// Slanted strokes in a frame: left, top, right, bottom.
fn hatch(path: &mut String, (left, top, right, bottom): (f64, f64, f64, f64), step: f64) {
    let height = bottom - top;
    let mut x = (left / step).floor() * step - height;
    while x < right {
        // Each stroke rises to the right; its ends stay within the frame.
        let (from, to) = (x.max(left), (x + height).min(right));
        if to > from {
            polyline(path, &[(from, bottom - (from - x)), (to, bottom - (to - x))]);
        }
        x += step;
    }
}

/// Upright strokes in a frame.
fn upright(path: &mut String, (left, top, right, bottom): (f64, f64, f64, f64), step: f64) {
    let mut x = (left / step).ceil() * step;
    while x < right {
        polyline(path, &[(x, top), (x, bottom)]);
        x += step;
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn hatching_stays_in_its_frame() {
        let mut path = String::new();
        hatch(&mut path, (10.0, 5.0, 30.0, 15.0), 7.0);
        let numbers = path.split(['M', 'L', ' ']).filter(|it| !it.is_empty());
        let numbers: Vec<f64> = numbers.map(|it| it.parse().expect("a number")).collect();
        assert!(numbers.len() > 8, "{path}");
        for pair in numbers.chunks(2) {
            assert!((10.0..=30.0).contains(&pair[0]) && (5.0..=15.0).contains(&pair[1]), "{path}");
        }
    }
}
