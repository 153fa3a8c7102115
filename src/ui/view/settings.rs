//! The settings as people edit them: texts in fields, each checked where it stands.

use super::words;
use crate::base::{Rules, Span};
use crate::channel::{self, DELAY_LONGEST, DELAY_SHORTEST};
use crate::sim::Config;

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are those of Config")]
pub enum Field {
    DelayMin,
    DelayMax,
    Loss,
    Duplication,
    Corruption,
    Servers,
    Spares,
    Clients,
    Difficulty,
    Capacity,
    Compact,
    HashRate,
    ElectionMin,
    ElectionMax,
    Heartbeat,
    Opening,
    History,
}

/// How many fields there are.
const FIELDS: usize = 17;

impl Field {
    /// The network's fields, which act at once.
    pub const NETWORK: [Self; 5] =
        [Self::DelayMin, Self::DelayMax, Self::Loss, Self::Duplication, Self::Corruption];

    /// The cluster's fields of one line, which act with the next reset.
    pub const CLUSTER: [Self; 11] = [
        Self::Servers,
        Self::Spares,
        Self::Clients,
        Self::Difficulty,
        Self::Capacity,
        Self::Compact,
        Self::HashRate,
        Self::ElectionMin,
        Self::ElectionMax,
        Self::Heartbeat,
        Self::Opening,
    ];

    /// Its label.
    pub fn label(self) -> &'static str {
        match self {
            Self::DelayMin => "Shortest delay (ms)",
            Self::DelayMax => "Longest delay (ms)",
            Self::Loss => "Loss (%)",
            Self::Duplication => "Duplication (%)",
            Self::Corruption => "Corruption (%)",
            Self::Servers => "Servers (1–9)",
            Self::Spares => "Spares among the servers",
            Self::Clients => "Clients (1–8)",
            Self::Difficulty => "Difficulty (0–24 bits)",
            Self::Capacity => "Transfers per block",
            Self::Compact => "Blocks between snapshots",
            Self::HashRate => "Hash rate (tries/s)",
            Self::ElectionMin => "Shortest timeout (ms)",
            Self::ElectionMax => "Longest timeout (ms)",
            Self::Heartbeat => "Heartbeat (ms)",
            Self::Opening => "Opening balance",
            Self::History => "Payments before the first block, one a line: from to amount",
        }
    }

    /// How many of its smallest steps make the unit in which it is written.
    fn parts(self) -> u64 {
        match self {
            Self::DelayMin | Self::DelayMax => 1000,
            Self::ElectionMin | Self::ElectionMax | Self::Heartbeat => 1000,
            Self::Loss | Self::Duplication | Self::Corruption => 10_000,
            _ => 1,
        }
    }

    /// The field that a complaint of [`Config::validate`] is about.
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "servers" => Self::Servers,
            "spares" => Self::Spares,
            "clients" => Self::Clients,
            "difficulty" => Self::Difficulty,
            "block_capacity" => Self::Capacity,
            "compact_after" => Self::Compact,
            "attempts_per_second" => Self::HashRate,
            "election_timeout_min" => Self::ElectionMin,
            "election_timeout_max" => Self::ElectionMax,
            "heartbeat_interval" => Self::Heartbeat,
            "opening_balance" | "opening_exceptions" => Self::Opening,
            "history" => Self::History,
            _ => return None,
        })
    }

    /// The id of the element that holds it.
    pub fn id(self) -> String {
        format!("setting-{}", self as usize)
    }

    /// What it shows of a configuration.
    fn text(self, config: &Config) -> String {
        let whole = match self {
            Self::DelayMin => config.network.delay_min.0,
            Self::DelayMax => config.network.delay_max.0,
            Self::Loss => config.network.loss.into(),
            Self::Duplication => config.network.duplication.into(),
            Self::Corruption => config.network.corruption.into(),
            Self::Servers => config.servers.into(),
            Self::Spares => config.spares.into(),
            Self::Clients => config.clients.into(),
            Self::Difficulty => config.difficulty.into(),
            Self::Capacity => config.block_capacity,
            Self::Compact => config.compact_after,
            Self::HashRate => config.attempts_per_second,
            Self::ElectionMin => config.election_timeout_min.0,
            Self::ElectionMax => config.election_timeout_max.0,
            Self::Heartbeat => config.heartbeat_interval.0,
            Self::Opening => config.opening_balance,
            Self::History => return config.history.clone(),
        };
        decimal(whole, self.parts())
    }
}

/// The form: what is typed, right or wrong, and what no field shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    texts: [String; FIELDS],
    base: Config,
}

/// What is wrong with a form: a message at each field that has something wrong.
pub type Errors = Vec<(Field, String)>;

impl Form {
    /// The form that shows this configuration.
    pub fn of(config: &Config) -> Self {
        let mut form = Self { texts: Default::default(), base: config.clone() };
        let lines = Field::NETWORK.into_iter().chain(Field::CLUSTER);
        for field in lines.chain([Field::History]) {
            form.set(field, field.text(config));
        }
        form
    }

    /// What is typed in a field.
    pub fn text(&self, field: Field) -> &str {
        &self.texts[field as usize]
    }

    /// Types into a field.
    pub fn set(&mut self, field: Field, text: String) {
        self.texts[field as usize] = text;
    }

    /// Which rules are switched on.
    pub fn rules(&self) -> Rules {
        self.base.rules
    }

    /// Switches rules on and off.
    pub fn set_rules(&mut self, rules: Rules) {
        self.base.rules = rules;
    }

    /// The configuration that it stands for, or what is wrong with it.
    pub fn check(&self) -> Result<Config, Errors> {
        let mut errors = Errors::new();
        let config = self.read(&mut errors);
        if errors.is_empty() {
            check_network(&config.network, &mut errors);
            for error in config.validate() {
                // The network's complaints are made above, each at its own field.
                if let Some(field) = Field::named(error.field) {
                    errors.push((field, sentence(&error.why)));
                }
            }
        }
        if errors.is_empty() { Ok(config) } else { Err(errors) }
    }

    fn read(&self, errors: &mut Errors) -> Config {
        let mut number = |field: Field| {
            in_parts(self.text(field).trim(), field.parts()).unwrap_or_else(|| {
                let kind = if field.parts() == 1 { "whole number" } else { "number" };
                errors.push((field, format!("Write a {kind} in plain digits.")));
                0
            })
        };
        // A number too large for its type becomes the largest one, which is out of bounds too.
        let network = channel::Settings {
            delay_min: Span(number(Field::DelayMin)),
            delay_max: Span(number(Field::DelayMax)),
            loss: number(Field::Loss).try_into().unwrap_or(u32::MAX),
            duplication: number(Field::Duplication).try_into().unwrap_or(u32::MAX),
            corruption: number(Field::Corruption).try_into().unwrap_or(u32::MAX),
        };
        Config {
            network,
            servers: number(Field::Servers).try_into().unwrap_or(u8::MAX),
            spares: number(Field::Spares).try_into().unwrap_or(u8::MAX),
            clients: number(Field::Clients).try_into().unwrap_or(u8::MAX),
            difficulty: number(Field::Difficulty).try_into().unwrap_or(u8::MAX),
            block_capacity: number(Field::Capacity),
            compact_after: number(Field::Compact),
            attempts_per_second: number(Field::HashRate),
            election_timeout_min: Span(number(Field::ElectionMin)),
            election_timeout_max: Span(number(Field::ElectionMax)),
            heartbeat_interval: Span(number(Field::Heartbeat)),
            opening_balance: number(Field::Opening),
            history: self.text(Field::History).to_owned(),
            ..self.base.clone()
        }
    }
}

/// Tries each of the network's settings among others that are right, so that a complaint is known
/// to be about that one.
fn check_network(network: &channel::Settings, errors: &mut Errors) {
    let good = channel::Settings {
        delay_min: DELAY_SHORTEST,
        delay_max: DELAY_LONGEST,
        loss: 0,
        duplication: 0,
        corruption: 0,
    };
    let alone = [
        (Field::DelayMin, channel::Settings { delay_min: network.delay_min, ..good }),
        (Field::DelayMax, channel::Settings { delay_max: network.delay_max, ..good }),
        (Field::Loss, channel::Settings { loss: network.loss, ..good }),
        (Field::Duplication, channel::Settings { duplication: network.duplication, ..good }),
        (Field::Corruption, channel::Settings { corruption: network.corruption, ..good }),
    ];
    for (field, settings) in alone {
        if let Err(why) = settings.validate() {
            errors.push((field, sentence(&why)));
        }
    }
    if errors.is_empty()
        && let Err(why) = network.validate()
    {
        errors.push((Field::DelayMax, sentence(&why)));
    }
}

/// A complaint as a sentence of its own, without the number that was typed, which stands above it.
fn sentence(why: &str) -> String {
    let why = why.split_once(", not ").map_or(why, |(before, _)| before);
    let why = why.split_once("; it is ").map_or(why, |(before, _)| before);
    words::sentence(why)
}

/// A number in parts of which `parts` (a power of ten) make a whole, without needless digits.
pub(super) fn decimal(number: u64, parts: u64) -> String {
    if number.is_multiple_of(parts) {
        return (number / parts).to_string();
    }
    let digits = parts.ilog10() as usize;
    let text = format!("{}.{:0digits$}", number / parts, number % parts);
    text.trim_end_matches('0').to_owned()
}

/// Reads what [`decimal`] writes. `None` for rubbish, and for digits finer than the parts.
pub(super) fn in_parts(text: &str, parts: u64) -> Option<u64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let digits = parts.ilog10() as usize;
    if fraction.len() > digits || (text.contains('.') && parts == 1) {
        return None;
    }
    let fraction: u64 = format!("{fraction:0<digits$}0").parse::<u64>().ok()? / 10;
    Some(whole.parse::<u64>().unwrap_or(u64::MAX).saturating_mul(parts).saturating_add(fraction))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_comes_back_as_it_was() {
        for config in [Config::default(), Config::original()] {
            assert_eq!(Form::of(&config).check(), Ok(config));
        }
        let mut form = Form::of(&Config::default());
        form.set(Field::Loss, "0.25".to_owned());
        form.set(Field::DelayMax, "30.5".to_owned());
        let config = form.check().expect("both are in bounds");
        assert_eq!((config.network.loss, config.network.delay_max), (2500, Span(30_500)));
        assert_eq!(Form::of(&config), Form { base: config.clone(), ..form });
    }

    #[test]
    fn each_field_refuses_rubbish_and_what_is_out_of_bounds_at_its_own_place() {
        for field in Field::NETWORK.into_iter().chain(Field::CLUSTER) {
            let huge = "9".repeat(40);
            for text in ["", "-1", "ten", "1e3", "+1", huge.as_str()] {
                let mut form = Form::of(&Config::default());
                form.set(field, text.to_owned());
                let errors = form.check().expect_err(text);
                assert!(errors.iter().any(|(at, _)| *at == field), "{field:?} '{text}' {errors:?}");
            }
        }
    }

    #[test]
    fn messages_say_the_bounds() {
        for (field, text, message) in [
            (Field::Servers, "10", "Write a whole number from 1 to 9."),
            (Field::Difficulty, "25", "Write a whole number from 0 to 24 bits."),
            (Field::Loss, "91", "The loss must be 0% to 90%."),
            (Field::DelayMin, "0", "The least delay must be 100us to 60s."),
        ] {
            let mut form = Form::of(&Config::default());
            form.set(field, text.to_owned());
            assert_eq!(form.check().expect_err(text), [(field, message.to_owned())]);
        }
    }

    #[test]
    fn fields_that_contradict_each_other_are_refused() {
        for (field, text) in [
            (Field::DelayMax, "5"),
            (Field::ElectionMax, "100"),
            (Field::Heartbeat, "300"),
            (Field::History, "Alice Bob lots"),
        ] {
            let mut form = Form::of(&Config::default());
            form.set(field, text.to_owned());
            assert_eq!(form.check().expect_err(text)[0].0, field);
        }
    }
}
