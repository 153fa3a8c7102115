//! Shapes, in the words of SVG's `d`.

use super::decimal::tenths;

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

pub(super) fn polygon(path: &mut String, places: &[(f64, f64)]) {
    polyline(path, places);
    path.push('Z');
}

pub(super) fn rectangle(path: &mut String, x: f64, y: f64, width: f64, height: f64) {
    polygon(path, &[(x, y), (x + width, y), (x + width, y + height), (x, y + height)]);
}

pub(super) fn diamond(path: &mut String, (x, y): (f64, f64), r: f64) {
    polygon(path, &[(x, y - r), (x + r, y), (x, y + r), (x - r, y)]);
}

pub(super) fn cross(path: &mut String, (x, y): (f64, f64), r: f64) {
    polyline(path, &[(x - r, y - r), (x + r, y + r)]);
    polyline(path, &[(x - r, y + r), (x + r, y - r)]);
}

pub(super) fn disc(path: &mut String, (x, y): (f64, f64), r: f64) {
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

pub(super) fn star(path: &mut String, (x, y): (f64, f64), r: f64) {
    polygon(path, &STAR.map(|(dx, dy)| (x + dx * r, y + dy * r)));
}

/// Slanted strokes in a frame: left, top, right, bottom.
pub(super) fn hatch(
    path: &mut String,
    (left, top, right, bottom): (f64, f64, f64, f64),
    step: f64,
) {
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
pub(super) fn upright(
    path: &mut String,
    (left, top, right, bottom): (f64, f64, f64, f64),
    step: f64,
) {
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
