//! What stands on the page can be read: the contrast of the stylesheet's colours, in both schemes.
//!
//! WCAG 2.2 asks for 4.5 to 1 between text and its ground (1.4.3) and for 3 to 1 between a mark
//! that carries meaning and what is beside it (1.4.11). The colours are read from `www/style.css`,
//! so a colour that is changed there is measured here.

#![cfg(not(target_arch = "wasm32"))]

use palette::Srgb;
use palette::color_difference::Wcag21RelativeContrast;
use std::collections::BTreeMap;

const STYLE: &str = include_str!("../www/style.css");

const TEXT: f32 = 4.5;
const MARK: f32 = 3.0;

/// The grounds on which anything may stand.
const GROUNDS: &[&str] = &["paper", "surface", "sunken"];

/// What is written on every ground.
const INKS: &[&str] =
    &["ink", "ink-2", "ink-3", "accent", "money", "cut", "violation", "leader", "candidate"];

/// What is written on a ground of its own.
const WRITTEN: &[(&str, &str)] = &[
    ("ink", "ground"),
    ("ink-2", "ground"),
    ("cut", "ground"),
    ("ink", "accent-soft"),
    ("ink-2", "accent-soft"),
    ("ink-3", "accent-soft"),
    ("accent", "accent-soft"),
    ("ink", "cut-soft"),
    ("ink-2", "cut-soft"),
    ("cut", "cut-soft"),
    ("ink", "violation-soft"),
    ("ink-3", "violation-soft"),
    ("violation", "violation-soft"),
    ("ink", "money-soft"),
    ("money", "money-soft"),
    ("ink", "leader-soft"),
    ("leader", "leader-soft"),
    ("candidate", "candidate-soft"),
    ("ink-2", "candidate-soft"),
    ("on-solid", "accent"),
    ("on-solid", "leader"),
    ("on-solid", "violation"),
];

/// Shapes and outlines that say something, on every ground.
const MARKS: &[&str] = &[
    "accent",
    "leader",
    "candidate",
    "follower",
    "append",
    "money",
    "cut",
    "violation",
    "line-strong",
];

type Color = Srgb<f32>;

/// The colours by their names, in light and in dark.
fn colors() -> BTreeMap<String, [Color; 2]> {
    let lines = STYLE.lines().filter_map(|line| {
        let (name, value) = line.trim().strip_prefix("--")?.split_once(':')?;
        let pair = value.trim().strip_prefix("light-dark(")?.strip_suffix(");")?;
        let (light, dark) = pair.split_once(',')?;
        Some((name.to_owned(), [color(light), color(dark)]))
    });
    lines.collect()
}

fn color(text: &str) -> Color {
    let color: Srgb<u8> = text.trim().parse().unwrap_or_else(|_| panic!("'{text}' is no colour"));
    color.into_format()
}

/// Fails with all pairs that come too close to each other.
fn measure(pairs: impl IntoIterator<Item = (String, String)>, least: f32) {
    let colors = colors();
    let find = |name: &str| colors.get(name).unwrap_or_else(|| panic!("there is no --{name}"));
    let mut faults = Vec::new();
    for (front, ground) in pairs {
        for (scheme, place) in [("light", 0), ("dark", 1)] {
            let (one, other) = (find(&front)[place], find(&ground)[place]);
            let ratio = one.relative_contrast(other);
            if ratio < least {
                faults.push(format!("--{front} on --{ground}, {scheme}: {ratio:.2}"));
            }
        }
    }
    assert!(faults.is_empty(), "below {least} to 1:\n{}", faults.join("\n"));
}

fn on_every_ground(names: &[&str]) -> Vec<(String, String)> {
    let on_grounds = |name: &&str| {
        let name = (*name).to_owned();
        GROUNDS.iter().map(move |ground| (name.clone(), (*ground).to_owned()))
    };
    names.iter().flat_map(on_grounds).collect()
}

#[test]
fn text_can_be_read_in_light_and_in_dark() {
    let written = WRITTEN.iter().map(|(ink, ground)| ((*ink).to_owned(), (*ground).to_owned()));
    measure(on_every_ground(INKS).into_iter().chain(written), TEXT);
}

#[test]
fn marks_stand_out_in_light_and_in_dark() {
    let in_groups = MARKS.iter().map(|mark| ((*mark).to_owned(), "ground".to_owned()));
    measure(on_every_ground(MARKS).into_iter().chain(in_groups), MARK);
}

#[test]
fn every_terms_tint_stands_out() {
    let colors = colors();
    let tints: Vec<&str> =
        colors.keys().map(String::as_str).filter(|it| it.starts_with("term-")).collect();
    measure(on_every_ground(&tints), MARK);
}

#[test]
fn black_on_white_is_21_to_1() {
    let ratio = color("#000000").relative_contrast(color("#ffffff"));
    assert!((ratio - 21.0).abs() < 0.01, "{ratio}");
}
