//! The pen that draws the space-time diagram: where lanes and times are, and what lies around and
//! under the messages.

use super::diagram::{Band, Diagram, Role};
use super::drawing::{Drawing, Room, Spot, Words};
use super::drawing_shapes::{disc, hatch, polygon, polyline, rectangle, upright};
use super::drawing_style::{Ink, Part, TINTS};
use super::faults::{self, FaultKind};
use super::lanes::Window;
use crate::base::Time;

/// Rows of faults above the lanes, at most.
const FAULT_ROWS: usize = 3;

/// How wide a digit is, as a part of the text's size, about.
const LETTER: f64 = 0.56;

/// Draws, part by part.
pub(super) struct Pen<'a> {
    pub(super) diagram: &'a Diagram,
    pub(super) window: Window,
    pub(super) scale: f64,
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) wide: f64,
    /// The middle of each lane.
    pub(super) lanes: Vec<f64>,
    pub(super) bottom: f64,
    pub(super) paths: Vec<String>,
    pub(super) inside: Vec<Words>,
    pub(super) around: Vec<Words>,
    pub(super) spots: Vec<Spot>,
    pub(super) thinned: usize,
    /// Where the last way of each part went between two lanes, and the last deed on a lane.
    pub(super) last_way: Vec<(i64, i64)>,
    pub(super) last_deed: Vec<f64>,
    /// The rows of the faults.
    pub(super) rows: Vec<usize>,
}

impl<'a> Pen<'a> {
    pub(super) fn new(diagram: &'a Diagram, room: Room) -> Self {
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

    pub(super) fn finish(self) -> Drawing {
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

    pub(super) fn x(&self, time: Time) -> f64 {
        self.left + self.window.place(time) * self.wide
    }

    pub(super) fn lane(&self, lane: u8) -> f64 {
        self.lanes.get(usize::from(lane)).copied().unwrap_or(self.bottom)
    }

    pub(super) fn path(&mut self, part: Part) -> &mut String {
        &mut self.paths[part.place()]
    }

    pub(super) fn words(&self, x: f64, y: f64, text: String, ink: Ink) -> Words {
        Words { x, y, text, size: 11.0 * self.scale, heavy: false, ink, aligned: 0 }
    }

    /// The names of the lanes, their ground, and the ticks.
    pub(super) fn scale(&mut self) {
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
    pub(super) fn faults(&mut self) {
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
    pub(super) fn bands(&mut self) {
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

    /// The moment that is looked at, and where what is remembered ends.
    pub(super) fn moment(&mut self) {
        let (s, x) = (self.scale, self.x(self.diagram.horizon.moment));
        let (top, bottom) = (18.0 * s, self.bottom);
        let path = self.path(Part::Moment);
        polyline(path, &[(x, top), (x, bottom)]);
        polygon(path, &[(x - 4.0 * s, top), (x + 4.0 * s, top), (x, top + 6.0 * s)]);
    }

    /// Rings around the event that was jumped to, and the one whose words are read.
    pub(super) fn rings(&mut self) {
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
