//! Where things stand on the stage.
//!
//! Servers stand on a ring, clients in a row below it. While the network is whole the ring is
//! even; a partition moves the members of a group next to each other and leaves a gap before
//! the next group, so that the picture shows separated ground. Units are those of the SVG's view
//! box, whose size depends on the [`Form`] alone: text keeps its size when the page is narrow.

use crate::base::{ClientId, ServerId};
use std::f64::consts::TAU;

/// How much room the stage has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// A desk or a projector.
    #[default]
    Wide,
    /// A telephone held upright.
    Narrow,
}

/// A place on the stage.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Downwards.
    pub y: f64,
}

impl Point {
    /// The place that lies `part` (0 to 1) of the way to `other`.
    pub fn towards(self, other: Self, part: f64) -> Self {
        Self { x: self.x + (other.x - self.x) * part, y: self.y + (other.y - self.y) * part }
    }

    /// The distance to `other`.
    pub fn distance(self, other: Self) -> f64 {
        (self.x - other.x).hypot(self.y - other.y)
    }
}

/// The measures of a form.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measures {
    /// The view box's width.
    pub width: f64,
    /// The view box's height.
    pub height: f64,
    /// The middle of the ring.
    pub centre: Point,
    /// The ring's half width: it is an ellipse, because screens are wide.
    pub ring_x: f64,
    /// The ring's half height.
    pub ring_y: f64,
    /// The radius of a server's shape.
    pub server: f64,
    /// Half the side of a client's shape.
    pub client: f64,
    /// The height at which clients stand.
    pub clients_y: f64,
}

/// From how many servers on a ring is crowded: smaller servers on a wider ring, their labels
/// outside, so that links and messages cross none of them.
pub const CROWDED: usize = 6;

/// How steep a way down from a server leads into a label below it.
const INTO_LABEL: f64 = 0.4;

impl Form {
    /// The measures for so many servers.
    pub fn measures_for(self, servers: usize) -> Measures {
        let measures = self.measures();
        match self {
            _ if servers < CROWDED => measures,
            Self::Wide => Measures { ring_x: 254.0, ring_y: 180.0, server: 25.0, ..measures },
            Self::Narrow => Measures { ring_x: 136.0, ring_y: 124.0, server: 18.0, ..measures },
        }
    }

    /// Its measures for few servers.
    fn measures(self) -> Measures {
        match self {
            Self::Wide => Measures {
                width: 640.0,
                height: 580.0,
                centre: Point { x: 320.0, y: 240.0 },
                ring_x: 238.0,
                ring_y: 174.0,
                server: 30.0,
                client: 19.0,
                clients_y: 524.0,
            },
            Self::Narrow => Measures {
                width: 360.0,
                height: 424.0,
                centre: Point { x: 180.0, y: 165.0 },
                ring_x: 132.0,
                ring_y: 118.0,
                server: 23.0,
                client: 14.0,
                clients_y: 376.0,
            },
        }
    }
}

/// Where everything stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// The measures that it follows.
    pub measures: Measures,
    servers: Vec<(ServerId, Point)>,
    clients: Vec<(ClientId, Point)>,
}

impl Layout {
    /// Lays out servers in their groups (one group while the network is whole) and clients.
    pub fn new(form: Form, groups: &[Vec<ServerId>], clients: &[ClientId]) -> Self {
        let measures = form.measures_for(groups.iter().map(Vec::len).sum());
        Self { measures, servers: ring(&measures, groups), clients: row(&measures, clients) }
    }

    /// Where the server stands; the ring's middle if it is not on the stage.
    pub fn server(&self, id: ServerId) -> Point {
        let found = self.servers.iter().find(|(other, _)| *other == id);
        found.map_or(self.measures.centre, |(_, point)| *point)
    }

    /// True if there is little room between servers.
    pub fn is_crowded(&self) -> bool {
        self.servers.len() >= CROWDED
    }

    /// True if a server's label stands above it: outside the ring, where it is crowded.
    pub fn label_above(&self, id: ServerId) -> bool {
        self.is_crowded() && self.server(id).y < self.measures.centre.y - 1.0
    }

    /// The way from a server to where its votes stand, one long: to the middle of the ring, upwards
    /// from the middle itself, and sideways where its label lies below it and in that way.
    pub fn inward(&self, id: ServerId) -> Point {
        let (at, centre) = (self.server(id), self.measures.centre);
        let far = at.distance(centre);
        if far < 1.0 {
            return Point { x: 0.0, y: -1.0 };
        }
        let inward = Point { x: (centre.x - at.x) / far, y: (centre.y - at.y) / far };
        if inward.y > INTO_LABEL && !self.label_above(id) {
            return Point { x: if inward.x > 0.1 { 1.0 } else { -1.0 }, y: 0.0 };
        }
        inward
    }

    /// Where the client stands; the middle of their row if it is not on the stage.
    pub fn client(&self, id: ClientId) -> Point {
        let found = self.clients.iter().find(|(other, _)| *other == id);
        let middle = Point { x: self.measures.centre.x, y: self.measures.clients_y };
        found.map_or(middle, |(_, point)| *point)
    }

    /// The group whose ground lies under a point, if any: that of the nearest server within
    /// reach. `dragged` does not count, since it is the one being moved.
    pub fn ground_at(&self, at: Point, dragged: ServerId) -> Option<ServerId> {
        let others = self.servers.iter().filter(|(id, _)| *id != dragged);
        let nearest = others
            .map(|(id, point)| (*id, point.distance(at)))
            .min_by(|one, other| one.1.total_cmp(&other.1))?;
        let inside = {
            let Measures { centre, ring_x, ring_y, .. } = self.measures;
            ((at.x - centre.x) / ring_x).hypot((at.y - centre.y) / ring_y) < 1.0
        };
        let reach = self.measures.server * if inside { 4.5 } else { 2.6 };
        (nearest.1 < reach).then_some(nearest.0)
    }
}

/// Each group takes one place a member, and one more as a gap if there are several groups.
fn ring(measures: &Measures, groups: &[Vec<ServerId>]) -> Vec<(ServerId, Point)> {
    let members: usize = groups.iter().map(Vec::len).sum();
    let gap = if groups.len() > 1 && members > groups.len() { 0.75 } else { 0.0 };
    let places = members as f64 + gap * groups.len() as f64;
    let mut place = 0.0;
    let mut servers = Vec::with_capacity(members);
    for group in groups {
        for id in group {
            let (cosine, sine) = direction(place / places.max(1.0) - 0.25);
            let at = Point {
                x: measures.centre.x + measures.ring_x * cosine,
                y: measures.centre.y + measures.ring_y * sine,
            };
            servers.push((*id, if members == 1 { measures.centre } else { at }));
            place += 1.0;
        }
        place += gap;
    }
    servers
}

/// Cosine and sine of a part of a full turn, to a millionth: enough for a picture. Those of the
/// library are right to the last bit at any angle, and weigh more than all of this file.
fn direction(part: f64) -> (f64, f64) {
    let quarters = (4.0 * part + 0.5).floor();
    let angle = TAU / 4.0 * (4.0 * part - quarters);
    let square = angle * angle;
    let sine = angle * (1.0 - square / 6.0 * (1.0 - square / 20.0 * (1.0 - square / 42.0)));
    let cosine =
        1.0 - square / 2.0 * (1.0 - square / 12.0 * (1.0 - square / 30.0 * (1.0 - square / 56.0)));
    match (quarters as i64).rem_euclid(4) {
        0 => (cosine, sine),
        1 => (-sine, cosine),
        2 => (-cosine, -sine),
        _ => (sine, -cosine),
    }
}

fn row(measures: &Measures, clients: &[ClientId]) -> Vec<(ClientId, Point)> {
    let step = (measures.width / (clients.len().max(1) as f64)).min(measures.width / 4.0);
    let first = measures.centre.x - step * (clients.len() as f64 - 1.0) / 2.0;
    let at = |place| Point { x: first + step * place as f64, y: measures.clients_y };
    clients.iter().enumerate().map(|(place, id)| (*id, at(place))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(numbers: &[u8]) -> Vec<ServerId> {
        numbers.iter().filter_map(|number| ServerId::new(*number)).collect()
    }

    #[test]
    fn servers_never_overlap_and_stay_on_the_stage() {
        let all = ids(&[1, 2, 3, 4, 5, 6, 7, 8, 9]);
        let partitions = [
            vec![all.clone()],
            vec![ids(&[1, 5]), ids(&[2, 3, 4, 6, 7, 8, 9])],
            all.iter().map(|id| vec![*id]).collect(),
        ];
        for form in [Form::Wide, Form::Narrow] {
            for groups in &partitions {
                let layout = Layout::new(form, groups, &[]);
                let measures = layout.measures;
                for one in &all {
                    let at = layout.server(*one);
                    assert!(at.x > measures.server && at.x < measures.width - measures.server);
                    assert!(at.y > measures.server && at.y < measures.clients_y);
                    for other in all.iter().filter(|other| *other != one) {
                        let apart = at.distance(layout.server(*other));
                        assert!(apart > 2.4 * measures.server, "{one} {other}: {apart}");
                    }
                }
            }
        }
    }

    #[test]
    fn votes_stand_where_no_label_is() {
        let all = ids(&[1, 2, 3, 4, 5, 6, 7, 8, 9]);
        for (count, form) in (1..=9).flat_map(|count| [(count, Form::Wide), (count, Form::Narrow)])
        {
            let layout = Layout::new(form, &[all[..count].to_vec()], &[]);
            for id in &all[..count] {
                let inward = layout.inward(*id);
                let long = inward.x.hypot(inward.y);
                assert!((long - 1.0).abs() < 1e-9, "{count} {form:?} {id}: {long}");
                let down = if layout.label_above(*id) { -inward.y } else { inward.y };
                assert!(down <= INTO_LABEL, "{count} {form:?} {id}: {inward:?}");
            }
        }
    }

    #[test]
    fn directions_are_those_of_the_library() {
        for step in -100..300 {
            let part = f64::from(step) / 100.0;
            let (cosine, sine) = direction(part);
            let (right_sine, right_cosine) = (TAU * part).sin_cos();
            let wrong = (cosine - right_cosine).abs().max((sine - right_sine).abs());
            assert!(wrong < 1e-6, "{part}: {wrong}");
        }
    }

    #[test]
    fn a_server_dropped_among_others_joins_them_and_far_out_stands_alone() {
        let all = ids(&[1, 2, 3, 4, 5]);
        let layout = Layout::new(Form::Wide, std::slice::from_ref(&all), &[]);
        let beside = layout.server(all[1]).towards(layout.measures.centre, 0.2);
        assert_eq!(layout.ground_at(beside, all[0]), Some(all[1]));
        assert_eq!(layout.ground_at(Point { x: 10.0, y: 10.0 }, all[0]), None);
    }
}
