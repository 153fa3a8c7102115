//! Axes: from which value to which, and where something stands.

use crate::base::{Span, Time};
use crate::ui::view::charts::{Measure, Tick};
use crate::ui::view::lanes::Window;

/// The most marks on the axis of time.
const TIME_TICKS_MAX: u32 = 5;

/// How values are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// From 0 on, evenly.
    Linear,
    /// The same, with what goes up and down at once.
    Steps,
    /// By powers of ten.
    Log,
}

/// An axis of values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axis {
    scale: Scale,
    low: f64,
    high: f64,
    /// Between two marks: a distance, or a factor.
    step: f64,
}

impl Axis {
    /// An axis on which all these values have room.
    pub fn of(scale: Scale, values: impl Iterator<Item = f64>) -> Self {
        let (low, high) =
            values.fold((f64::INFINITY, 0.0_f64), |(low, high), it| (low.min(it), high.max(it)));
        match scale {
            Scale::Linear | Scale::Steps => {
                let is_fine = scale == Scale::Linear && high > 0.0 && high <= 2.0;
                let step = nice(high / 4.0).max(if is_fine { 0.5 } else { 1.0 });
                let high = (high / step).ceil().max(1.0) * step;
                Self { scale, low: 0.0, high, step }
            }
            Scale::Log => {
                // What is 0 or missing stands at the bottom.
                let low = power_below(if low.is_finite() { low.max(0.1) } else { 1.0 });
                let mut top = low * 10.0;
                while top < high {
                    top *= 10.0;
                }
                Self { scale, low, high: top, step: 10.0 }
            }
        }
    }

    /// Where a value stands, from 0 below to 1 above.
    pub fn place(&self, value: f64) -> f64 {
        let part = match self.scale {
            Scale::Linear | Scale::Steps => value / self.high,
            Scale::Log => (value.max(self.low) / self.low).ln() / (self.high / self.low).ln(),
        };
        part.clamp(0.0, 1.0)
    }

    /// True if what is drawn on it goes up and down at once.
    pub fn has_steps(&self) -> bool {
        self.scale == Scale::Steps
    }

    /// Its marks, from below.
    pub fn ticks(&self) -> Vec<Tick> {
        let mut ticks = Vec::new();
        let mut value = self.low;
        while value <= self.high * 1.001 && ticks.len() < 12 {
            ticks.push(Tick { at: self.place(value), label: Measure::Count.label(value) });
            value = match self.scale {
                Scale::Linear | Scale::Steps => value + self.step,
                Scale::Log => value * self.step,
            };
        }
        ticks
    }
}

/// The next of 1, 2, 5, 10, 20 … that is not below.
fn nice(value: f64) -> f64 {
    let power = power_below(value.max(0.1));
    let nice = [1.0, 2.0, 5.0, 10.0].into_iter().map(|digit| digit * power);
    nice.into_iter().find(|it| *it >= value * 0.999).unwrap_or(power * 10.0)
}

/// The power of ten that is not above.
fn power_below(value: f64) -> f64 {
    let mut power = 0.1;
    while power * 10.0 <= value {
        power *= 10.0;
    }
    power
}

/// The marks of an axis of time.
pub fn time_ticks(from: Time, whole: Span) -> Vec<Tick> {
    let window = Window { from, to: from + whole };
    let ticks = window.ticks(TIME_TICKS_MAX).into_iter();
    ticks.map(|tick| Tick { at: window.place(tick.at), label: tick.words }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(ticks: &[Tick]) -> Vec<&str> {
        ticks.iter().map(|tick| &*tick.label).collect()
    }

    #[test]
    fn an_axis_has_room_for_its_values_and_round_marks() {
        for (values, expected) in [
            (&[][..], &["0", "1"][..]),
            (&[0.3], &["0", "0.5"]),
            (&[3.0, 1.0], &["0", "1", "2", "3"]),
            (&[17.0], &["0", "5", "10", "15", "20"]),
            (&[1999.0], &["0", "500", "1k", "1.5k", "2k"]),
        ] {
            let axis = Axis::of(Scale::Linear, values.iter().copied());
            assert_eq!(labels(&axis.ticks()), expected, "{values:?}");
            values.iter().for_each(|value| assert!(axis.place(*value) <= 1.0));
        }
        let axis = Axis::of(Scale::Log, [12.0, 3400.0].into_iter());
        assert_eq!(labels(&axis.ticks()), ["10", "100", "1k", "10k"]);
        assert!((axis.place(100.0) - 1.0 / 3.0).abs() < 1e-9);
        assert_eq!((axis.place(0.0), axis.place(1e9)), (0.0, 1.0));
        assert_eq!(labels(&Axis::of(Scale::Log, [].into_iter()).ticks()), ["1", "10"]);
    }

    #[test]
    fn time_has_few_and_round_marks() {
        let told = |from: u64, seconds: u64| {
            let ticks = time_ticks(Time(from * 1_000_000), Span::secs(seconds));
            ticks.into_iter().map(|tick| tick.label).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(told(0, 3), "0 s 1 s 2 s 3 s");
        assert_eq!(told(0, 51), "0 s 20 s 40 s");
        assert_eq!(told(65, 12), "1:05 1:10 1:15");
        assert_eq!(told(0, 3600), "0 s 20:00 40:00 1:00:00");
        assert_eq!(told(0, 86_400), "0 s 8:00:00 16:00:00 24:00:00");
    }
}
