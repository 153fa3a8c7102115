//! How a channel treats its messages.

use crate::base::random::{CERTAIN, Ppm, percent};
use crate::base::{Fields, Span};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The shortest delay. It is above zero so that time goes on between a message and the answer to
/// it, and no exchange can last for ever within one moment.
pub const DELAY_SHORTEST: Span = Span::us(100);

/// The longest delay.
pub const DELAY_LONGEST: Span = Span::secs(60);

/// The highest rate of loss, duplication or corruption: a network where nothing ever arrives shows nothing
/// that a partition does not show better.
pub const RATE_HIGHEST: Ppm = CERTAIN / 10 * 9;

/// Delays and rates of all links.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Fields<'de>")]
pub struct Settings {
    /// The least time that a message takes one way.
    pub delay_min: Span,
    /// The most time that it takes. Each message draws its own between the two, evenly.
    pub delay_max: Span,
    /// How likely a message is lost.
    pub loss: Ppm,
    /// How likely a message that is not lost arrives twice, the second with a delay of its own.
    pub duplication: Ppm,
    /// How likely a message or its copy arrives with its bytes altered, and is then told by its
    /// checksum and dropped.
    #[serde(skip_serializing_if = "is_zero")]
    pub corruption: Ppm,
}

/// How one link, in one direction, differs from the others: a clogged line, say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Fields<'de>")]
pub struct LinkSettings {
    /// The least time that a message takes on it.
    pub delay_min: Span,
    /// The most time that it takes.
    pub delay_max: Span,
    /// How likely a message is lost on it.
    pub loss: Ppm,
}

/// So that files of a network without corruption are as they were before there was any.
fn is_zero(rate: &Ppm) -> bool {
    *rate == 0
}

impl TryFrom<Fields<'_>> for Settings {
    type Error = String;

    fn try_from(mut fields: Fields<'_>) -> Result<Self, String> {
        let read = Self {
            delay_min: fields.take("delay_min")?,
            delay_max: fields.take("delay_max")?,
            loss: fields.take("loss")?,
            duplication: fields.take("duplication")?,
            corruption: fields.or("corruption", 0)?,
        };
        fields.end(read)
    }
}

impl TryFrom<Fields<'_>> for LinkSettings {
    type Error = String;

    fn try_from(mut fields: Fields<'_>) -> Result<Self, String> {
        let read = Self {
            delay_min: fields.take("delay_min")?,
            delay_max: fields.take("delay_max")?,
            loss: fields.take("loss")?,
        };
        fields.end(read)
    }
}

impl Settings {
    /// The original's delays, slow enough to watch at real speed.
    pub const ORIGINAL: Self = Self {
        delay_min: Span::secs(1),
        delay_max: Span::secs(5),
        loss: 0,
        duplication: 0,
        corruption: 0,
    };

    /// Whether a channel can work with them; if not, what to change.
    pub fn validate(&self) -> Result<(), String> {
        validate_delays(self.delay_min, self.delay_max)?;
        validate_rate("the loss", self.loss)?;
        validate_rate("the duplication", self.duplication)?;
        validate_rate("the corruption", self.corruption)
    }
}

impl LinkSettings {
    /// Whether a link can work with them; if not, what to change.
    pub fn validate(&self) -> Result<(), String> {
        validate_delays(self.delay_min, self.delay_max)?;
        validate_rate("the loss", self.loss)
    }
}

/// As scenario text: `delay=10ms-30ms loss=0% duplication=0%`. Corruption, which is rare, is
/// named only where there is some.
impl fmt::Display for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { delay_min, delay_max, loss, duplication, corruption } = self;
        let (loss, duplication) = (percent(*loss), percent(*duplication));
        write!(f, "delay={delay_min}-{delay_max} loss={loss} duplication={duplication}")?;
        if *corruption > 0 { write!(f, " corruption={}", percent(*corruption)) } else { Ok(()) }
    }
}

/// As scenario text: `delay=200ms-500ms loss=10%`.
impl fmt::Display for LinkSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "delay={}-{} loss={}", self.delay_min, self.delay_max, percent(self.loss))
    }
}

/// Delays as between two cities of one country, and nothing lost.
impl Default for Settings {
    fn default() -> Self {
        let (delay_min, delay_max) = (Span::ms(10), Span::ms(30));
        Self { delay_min, delay_max, loss: 0, duplication: 0, corruption: 0 }
    }
}

fn validate_delays(min: Span, max: Span) -> Result<(), String> {
    validate_delay("the least delay", min)?;
    validate_delay("the most delay", max)?;
    if min > max {
        return Err(format!("the least delay ({min}) must not be above the most delay ({max})"));
    }
    Ok(())
}

fn validate_delay(field: &str, delay: Span) -> Result<(), String> {
    if (DELAY_SHORTEST..=DELAY_LONGEST).contains(&delay) {
        return Ok(());
    }
    Err(format!("{field} must be {DELAY_SHORTEST} to {DELAY_LONGEST}; it is {delay}"))
}

fn validate_rate(field: &str, rate: Ppm) -> Result<(), String> {
    if rate <= RATE_HIGHEST {
        return Ok(());
    }
    Err(format!("{field} must be 0% to {}; it is {}", percent(RATE_HIGHEST), percent(rate)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_channel_can_work_with() {
        let good = Settings::default();
        for settings in [
            good,
            Settings::ORIGINAL,
            Settings { delay_min: DELAY_SHORTEST, delay_max: DELAY_LONGEST, ..good },
            Settings { delay_min: good.delay_max, ..good },
            Settings { loss: RATE_HIGHEST, duplication: RATE_HIGHEST, ..good },
            Settings { corruption: RATE_HIGHEST, ..good },
        ] {
            assert_eq!(settings.validate(), Ok(()), "{settings:?}");
        }
    }

    #[test]
    fn what_is_out_of_range_is_named_with_its_bounds() {
        let good = Settings::default();
        for (settings, expected) in [
            (
                Settings { delay_min: Span::us(99), ..good },
                "the least delay must be 100us to 60s; it is 99us",
            ),
            (
                Settings { delay_max: Span::us(60_000_001), ..good },
                "the most delay must be 100us to 60s; it is 60000001us",
            ),
            (
                Settings { delay_min: Span::ms(31), ..good },
                "the least delay (31ms) must not be above the most delay (30ms)",
            ),
            (
                Settings { loss: RATE_HIGHEST + 1, ..good },
                "the loss must be 0% to 90%; it is 90.0001%",
            ),
            (
                Settings { duplication: u32::MAX, ..good },
                "the duplication must be 0% to 90%; it is 429496.7295%",
            ),
            (
                Settings { corruption: RATE_HIGHEST + 1, ..good },
                "the corruption must be 0% to 90%; it is 90.0001%",
            ),
        ] {
            assert_eq!(settings.validate(), Err(expected.to_owned()));
        }
    }

    #[test]
    fn settings_come_back_from_json() {
        let text = r#"{"delay_min":1000000,"delay_max":5000000,"loss":0,"duplication":0}"#;
        assert_eq!(serde_json::to_string(&Settings::ORIGINAL).unwrap(), text);
        assert_eq!(serde_json::from_str::<Settings>(text).unwrap(), Settings::ORIGINAL);
    }
}
