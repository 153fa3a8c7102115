//! Time as the width of a picture: which stretch of it is looked at, its ticks, zoom and pan.
//!
//! The space-time diagram and the clients' history share one [`View`], so that what is looked at in
//! one is looked at in the other. Usually it follows the moment that the page shows; who pans or
//! zooms at a place pins it there. A pinned view lets go only where somebody then goes to a moment
//! of the past that lies outside of it, from the log or from the timeline: what was jumped to is
//! always to be seen.

use crate::base::{Span, Time};

/// The shortest stretch that is worth looking at.
pub const SPAN_SHORTEST: Span = Span::ms(1);

/// What is looked at to begin with: some rounds of heartbeats.
pub const SPAN_USUAL: Span = Span::secs(1);

/// How much of the view lies to the right of the moment that it follows, in thousandths.
const LEAD_NOW: u64 = 40;

/// The same while the moment lies in the past: what comes of it is known.
const LEAD_PAST: u64 = 300;

/// What there is to look at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Horizon {
    /// Where what is still remembered begins.
    pub begin: Time,
    /// Where it ends.
    pub end: Time,
    /// The moment that the page shows.
    pub moment: Time,
    /// True if that is a moment of the past.
    pub past: bool,
}

/// Which stretch of time is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct View {
    span: Span,
    pin: Option<Pin>,
}

/// Where a view stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Pin {
    from: Time,
    /// The moment that the page showed when it was pinned.
    moment: Time,
}

impl Default for View {
    fn default() -> Self {
        Self { span: SPAN_USUAL, pin: None }
    }
}

/// What the buttons beside a picture can do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Buttons {
    /// True if the view goes with the moment that the page shows.
    pub follows: bool,
    /// Those of [`Buttons::ASKS`] that would change what is seen.
    pub helps: [bool; Buttons::ASKS.len()],
}

impl Buttons {
    /// What they ask, under which name and sign.
    pub const ASKS: [(&'static str, &'static str, Ask); 5] = [
        ("Zoom out", "−", Ask::Zoom(-3)),
        ("Zoom in", "+", Ask::Zoom(3)),
        ("Earlier", "◂", Ask::Pan(-PAN)),
        ("Later", "▸", Ask::Pan(PAN)),
        ("Show all", "All", Ask::Fit),
    ];
}

/// How much a button or a key pans, in thousandths of the width.
pub const PAN: i32 = 200;

/// What is asked of a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// To come nearer by so many steps, or to go further away if there are fewer than none.
    Zoom(i32),
    /// The same about a place, in thousandths of the width, which stays where it is.
    ZoomAt(i32, u32),
    /// To come nearer by this factor, in millionths, as two fingers do that spread: what lay at one
    /// place lies at the other then, both in thousandths of the width.
    Pinch(u32, i32, i32),
    /// To go on by so many thousandths of the width, or back.
    Pan(i32),
    /// To show all that there is.
    Fit,
    /// To follow the moment that the page shows, or to stay.
    Follow(bool),
    /// To show this time, with as little change as it takes.
    Reveal(Time),
}

impl View {
    /// True if it goes with the moment that the page shows.
    pub fn follows(&self) -> bool {
        self.pin.is_none()
    }

    /// The stretch that is seen.
    pub fn window(&self, horizon: &Horizon) -> Window {
        let Horizon { begin, moment, past, .. } = *horizon;
        if let Some(pin) = self.pin {
            let pinned = Window::new(pin.from.max(begin), self.span);
            let was_left = past && pin.moment != moment && !pinned.holds(moment);
            if !was_left {
                return pinned;
            }
        }
        let lead = if past { LEAD_PAST } else { LEAD_NOW };
        let to = moment + self.part(lead);
        let from = Time(to.0.saturating_sub(self.span.0));
        Window::new(from.max(begin), self.span)
    }

    /// The view after somebody asked something of it.
    pub fn asked(&self, ask: Ask, horizon: &Horizon) -> Self {
        let now = self.window(horizon);
        match ask {
            Ask::Zoom(steps) if self.follows() => {
                Self { span: self.zoomed(steps, horizon), ..*self }
            }
            Ask::Zoom(steps) => self.asked(Ask::ZoomAt(steps, 500), horizon),
            Ask::ZoomAt(steps, place) => {
                let span = self.zoomed(steps, horizon);
                let middle = now.from + self.part(u64::from(place));
                let before = Self { span, ..*self }.part(u64::from(place));
                let from = Time(middle.0.saturating_sub(before.0));
                Self { span, ..*self }.pinned(from, horizon)
            }
            Ask::Pinch(factor, from, to) => {
                let span = self.span.0.saturating_mul(1_000_000) / u64::from(factor.max(1));
                let near = Self { span: within(span, horizon), ..*self };
                let place = |span: Span, places: i32| {
                    (span.0 as i64).saturating_mul(i64::from(places)) / 1000
                };
                let held = now.from.0.saturating_add_signed(place(self.span, from));
                let from = held.saturating_add_signed(-place(near.span, to));
                near.pinned(Time(from), horizon)
            }
            Ask::Pan(places) => {
                let by = self.part(u64::from(places.unsigned_abs())).0;
                let from = if places < 0 {
                    now.from.0.saturating_sub(by)
                } else {
                    now.from.0.saturating_add(by)
                };
                self.pinned(Time(from), horizon)
            }
            Ask::Fit => {
                let whole = Self { span: longest(horizon), pin: None };
                if horizon.past { whole.pinned(horizon.begin, horizon) } else { whole }
            }
            Ask::Follow(true) => Self { pin: None, ..*self },
            Ask::Follow(false) => self.pinned(now.from, horizon),
            Ask::Reveal(time) if now.holds(time) => self.pinned(now.from, horizon),
            Ask::Reveal(time) => {
                let aside = if time < now.from { LEAD_PAST / 2 } else { 1000 - LEAD_PAST / 2 };
                let from = Time(time.0.saturating_sub(self.part(aside).0));
                self.pinned(from, horizon)
            }
        }
    }

    /// What the buttons can do. Where all there is is seen none shows more, and at an end none goes
    /// further.
    pub fn buttons(&self, horizon: &Horizon) -> Buttons {
        let now = self.window(horizon);
        let helps = Buttons::ASKS.map(|(.., ask)| self.asked(ask, horizon).window(horizon) != now);
        Buttons { follows: self.follows(), helps }
    }

    /// So many thousandths of the span.
    fn part(&self, places: u64) -> Span {
        Span(self.span.0.saturating_mul(places) / 1000)
    }

    fn zoomed(&self, steps: i32, horizon: &Horizon) -> Span {
        let mut span = self.span.0;
        for _ in 0..steps.unsigned_abs().min(64) {
            span = if steps > 0 { span * 4 / 5 } else { span.saturating_mul(5) / 4 };
        }
        within(span, horizon)
    }

    /// Stays at a time, with little room after what there is.
    fn pinned(&self, from: Time, horizon: &Horizon) -> Self {
        let end = horizon.end.max(horizon.moment) + self.part(LEAD_NOW);
        let last = end.0.saturating_sub(self.span.0);
        let from = from.min(Time(last)).max(horizon.begin);
        Self { pin: Some(Pin { from, moment: horizon.moment }), ..*self }
    }
}

/// The nearest span that can be looked at.
fn within(span: u64, horizon: &Horizon) -> Span {
    Span(span.clamp(SPAN_SHORTEST.0, longest(horizon).0))
}

/// The longest stretch that can be looked at: all that there is, with a little room after it.
fn longest(horizon: &Horizon) -> Span {
    let whole = horizon.end.max(horizon.moment).since(horizon.begin).0;
    Span((whole.saturating_mul(1000) / (1000 - LEAD_NOW)).max(SPAN_USUAL.0))
}

/// A stretch of time, as wide as the picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Window {
    /// Its left edge.
    pub from: Time,
    /// Its right edge, which comes after the left one.
    pub to: Time,
}

impl Window {
    fn new(from: Time, span: Span) -> Self {
        Self { from, to: from + Span(span.0.max(1)) }
    }

    /// How long it is.
    pub fn span(&self) -> Span {
        self.to.since(self.from)
    }

    /// True if a time lies in it.
    pub fn holds(&self, time: Time) -> bool {
        (self.from..=self.to).contains(&time)
    }

    /// Where a time lies: 0 at the left edge, 1 at the right one, and beyond.
    pub fn place(&self, time: Time) -> f64 {
        (time.0 as f64 - self.from.0 as f64) / self.span().0.max(1) as f64
    }

    /// Its ticks, at most so many, at round times.
    pub fn ticks(&self, most: u32) -> Vec<Tick> {
        let step = round_step(self.span(), most).0;
        let first = self.from.0.div_ceil(step) * step;
        let times = (first..=self.to.0).step_by(usize::try_from(step).unwrap_or(usize::MAX));
        times.map(|at| Tick { at: Time(at), words: words(at, step) }).collect()
    }

    /// In words, for who does not see it: `1.2 s to 2.2 s`.
    pub fn words(&self) -> String {
        use super::timeline::clock;
        format!("{} to {}", clock(self.from), clock(self.to))
    }
}

/// A time at which the scale says what time it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tick {
    /// The time.
    pub at: Time,
    /// In words.
    pub words: String,
}

/// The shortest round distance of which fewer than so many lie in a stretch of time.
pub fn round_step(whole: Span, most: u32) -> Span {
    let least = whole.0 / u64::from(most.max(1)) + 1;
    Span(STEPS.into_iter().find(|step| *step >= least).unwrap_or(least))
}

/// The distances between two ticks, in microseconds: people count time in these.
const STEPS: [u64; 31] = [
    20,
    50,
    100,
    200,
    500,
    1_000,
    2_000,
    5_000,
    10_000,
    20_000,
    50_000,
    100_000,
    200_000,
    500_000,
    1_000_000,
    2_000_000,
    5_000_000,
    10_000_000,
    20_000_000,
    30_000_000,
    60_000_000,
    120_000_000,
    300_000_000,
    600_000_000,
    1_200_000_000,
    1_800_000_000,
    3_600_000_000,
    7_200_000_000,
    14_400_000_000,
    28_800_000_000,
    86_400_000_000,
];

/// A time with as many digits as the distance between two ticks needs.
fn words(at: u64, step: u64) -> String {
    let (seconds, rest) = (at / 1_000_000, at % 1_000_000);
    let minutes = |seconds: u64| match seconds / 3600 {
        0 => format!("{}:{:02}", seconds / 60, seconds % 60),
        hours => format!("{hours}:{:02}:{:02}", seconds / 60 % 60, seconds % 60),
    };
    match (step, seconds) {
        (1_000_000.., 60..) => minutes(seconds),
        (1_000_000.., _) => format!("{seconds} s"),
        (100_000.., _) => format!("{seconds}.{} s", rest / 100_000),
        (10_000.., _) => format!("{seconds}.{:02} s", rest / 10_000),
        (1_000.., _) => format!("{seconds}.{:03} s", rest / 1_000),
        (100.., _) => format!("{seconds}.{:04} s", rest / 100),
        _ => format!("{seconds}.{:05} s", rest / 10),
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    fn at(ms: u64) -> Time {
        Time(ms * 1000)
    }

    fn horizon(end: u64, moment: u64) -> Horizon {
        Horizon { begin: Time::ZERO, end: at(end), moment: at(moment), past: moment < end }
    }

    fn edges(view: View, horizon: &Horizon) -> (u64, u64) {
        let window = view.window(horizon);
        (window.from.0 / 1000, window.to.0 / 1000)
    }

    #[test]
    fn follows_the_moment_with_a_little_room_before_it() {
        let view = View::default();
        assert_eq!(edges(view, &horizon(300, 300)), (0, 1000), "it begins at the beginning");
        assert_eq!(edges(view, &horizon(5000, 5000)), (4040, 5040));
        assert_eq!(edges(view, &horizon(5000, 2000)), (1300, 2300), "the past has a future");
    }

    #[test]
    fn what_is_pinned_stays_unless_somebody_goes_elsewhere_in_the_past() {
        let now = horizon(5000, 5000);
        let view = View::default().asked(Ask::Pan(-1000), &now);
        assert!(!view.follows());
        assert_eq!(edges(view, &now), (3040, 4040));
        assert_eq!(edges(view, &horizon(9000, 9000)), (3040, 4040), "time goes on without it");
        assert_eq!(edges(view, &horizon(9000, 3500)), (3040, 4040), "it is in view already");
        assert_eq!(edges(view, &horizon(9000, 700)), (0, 1000), "what is jumped to is seen");
        assert_eq!(edges(view.asked(Ask::Follow(true), &now), &now), (4040, 5040));
    }

    #[test]
    fn a_zoom_keeps_the_place_that_it_is_about() {
        let now = horizon(5000, 5000);
        let view = View::default().asked(Ask::Follow(false), &now);
        let before = view.window(&now);
        for (steps, place) in [(3, 0), (3, 250), (-3, 1000), (1, 500)] {
            let after = view.asked(Ask::ZoomAt(steps, place), &now).window(&now);
            let time = |window: Window| {
                window.from.0 as f64 + window.span().0 as f64 * f64::from(place) / 1000.0
            };
            assert!((time(before) - time(after)).abs() < 10.0, "{steps} {place} {after:?}");
            assert_eq!(after.span() < before.span(), steps > 0);
        }
        let near = view.asked(Ask::Zoom(60), &now);
        assert_eq!(near.window(&now).span(), SPAN_SHORTEST);
        let far = view.asked(Ask::Zoom(-60), &now);
        assert_eq!(edges(far, &now), (0, 5208), "no further than all that there is");
        assert!(View::default().asked(Ask::Zoom(2), &now).follows());
        assert_eq!(edges(View::default().asked(Ask::Fit, &now), &now), (0, 5208));
    }

    #[test]
    fn what_two_fingers_hold_stays_under_them() {
        let now = horizon(50_000, 50_000);
        let view = View::default().asked(Ask::Pan(-5000), &now);
        let (from, to) = edges(view, &now);
        assert_eq!((from, to), (44_040, 45_040));
        let spread = view.asked(Ask::Pinch(2_000_000, 500, 500), &now);
        assert_eq!(edges(spread, &now), (from + 250, to - 250));
        let moved = view.asked(Ask::Pinch(1_000_000, 500, 700), &now);
        assert_eq!(edges(moved, &now), (from - 200, to - 200), "it goes with them");
        let back = spread.asked(Ask::Pinch(500_000, 500, 500), &now);
        assert_eq!(edges(back, &now), (from, to));
        let near = view.asked(Ask::Pinch(u32::MAX, 500, 500), &now);
        assert_eq!(near.window(&now).span(), SPAN_SHORTEST.max(Span(232)));
        let far = view.asked(Ask::Pinch(0, -3, 2000), &now);
        assert_eq!(edges(far, &now), (0, 52_083), "no further than all that there is");
    }

    #[test]
    fn an_event_outside_comes_into_view_and_one_inside_moves_nothing() {
        let now = horizon(9000, 9000);
        let view = View::default().asked(Ask::Pan(-3000), &now);
        let (from, to) = edges(view, &now);
        let same = view.asked(Ask::Reveal(at(from + 10)), &now);
        assert_eq!(edges(same, &now), (from, to));
        for wanted in [at(10), at(1200), at(to + 5), at(8999)] {
            assert!(view.asked(Ask::Reveal(wanted), &now).window(&now).holds(wanted));
        }
    }

    #[test]
    fn a_button_that_would_change_nothing_helps_nobody() {
        let helps = |view: View, horizon: &Horizon| {
            let names = Buttons::ASKS.map(|(name, ..)| name);
            let helps = names.into_iter().zip(view.buttons(horizon).helps);
            helps.filter_map(|(name, helps)| helps.then_some(name)).collect::<Vec<_>>().join(", ")
        };
        let (now, usual) = (horizon(5000, 5000), View::default());
        assert_eq!(helps(usual, &now), "Zoom out, Zoom in, Earlier, Show all", "it is the newest");
        let all = usual.asked(Ask::Fit, &now);
        assert_eq!(helps(all, &now), "Zoom in", "all there is is seen");
        assert_eq!(helps(all, &horizon(6000, 6000)), "Zoom out, Zoom in, Earlier, Show all");
        let begin = usual.asked(Ask::Pan(-9000), &now);
        assert_eq!(helps(begin, &now), "Zoom out, Zoom in, Later, Show all", "nothing was before");
        let near = usual.asked(Ask::Zoom(60), &now);
        assert_eq!(helps(near, &now), "Zoom out, Earlier, Show all");
        assert_eq!(
            helps(near.asked(Ask::Pan(-500), &now), &now),
            "Zoom out, Earlier, Later, Show all"
        );
        // A run that is shorter than what is seen to begin with.
        assert_eq!(helps(usual, &horizon(300, 300)), "Zoom in");
        // The past has a future.
        let past = horizon(5000, 2000);
        assert_eq!(helps(usual, &past), "Zoom out, Zoom in, Earlier, Later, Show all");
        assert_eq!(helps(usual.asked(Ask::Fit, &past), &past), "Zoom in");
    }

    #[test]
    fn ticks_are_round_and_few() {
        let words = |from: u64, to: u64| {
            let window = Window { from: Time(from), to: Time(to) };
            let ticks = window.ticks(6);
            assert!((1..=6).contains(&ticks.len()), "{ticks:?}");
            ticks.into_iter().map(|tick| tick.words).collect::<Vec<_>>().join(", ")
        };
        assert_eq!(words(0, 1_000_000), "0.0 s, 0.2 s, 0.4 s, 0.6 s, 0.8 s, 1.0 s");
        assert_eq!(
            words(1_234_000, 1_244_000),
            "1.234 s, 1.236 s, 1.238 s, 1.240 s, 1.242 s, 1.244 s"
        );
        assert_eq!(words(55_000_000, 65_000_000), "56 s, 58 s, 1:00, 1:02, 1:04");
        assert_eq!(words(0, 7_200_000_000), "0 s, 30:00, 1:00:00, 1:30:00, 2:00:00");
    }
}
