//! A value as it is kept: readable JSON beside a checksum.
//!
//! ```json
//! {"checksum":"d80e341acf58c107","value":{"term":3,"vote":"S1"}}
//! ```
//!
//! The checksum is the first sixteen hexadecimal digits of the SHA-256 of the value's text, byte
//! for byte as it stands in the record. So any edit shows, even one of blanks alone.

use crate::base::Hash;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::error::Category;
use serde_json::value::RawValue;
use std::fmt;

/// How many hexadecimal digits of the hash are kept.
const CHECKSUM_DIGITS: usize = 16;

/// The record of a value.
///
/// # Panics
/// If the value cannot be JSON, such as a map whose keys are no strings: that is a bug in its
/// type, not in its content.
pub fn write<T: Serialize>(value: &T) -> String {
    let value = serde_json::to_string(value).expect("what is kept can be written as JSON");
    format!(r#"{{"checksum":"{}","value":{value}}}"#, checksum(&value))
}

/// The value of a record, or precisely what is wrong with it.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, RecordError> {
    let envelope =
        serde_json::from_str::<Envelope>(text).map_err(|error| match error.classify() {
            Category::Data => RecordError::NoRecord(error.to_string()),
            _ => RecordError::NoJson(error.to_string()),
        })?;
    let written = envelope.checksum.ok_or(RecordError::NoChecksum)?;
    let value = envelope.value.ok_or(RecordError::NoValue)?.get();
    let computed = checksum(value);
    if written != computed {
        return Err(RecordError::WrongChecksum { written, computed });
    }
    serde_json::from_str(value).map_err(|error| RecordError::WrongShape(error.to_string()))
}

/// The outer form of a record. Both parts are optional here so that what is missing can be named.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope<'a> {
    checksum: Option<String>,
    #[serde(borrow, default, deserialize_with = "present")]
    value: Option<&'a RawValue>,
}

/// A value that is there, even if it is `null`.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'de RawValue>, D::Error> {
    Deserialize::deserialize(deserializer).map(Some)
}

/// Why a text is not the record of a value. The first that holds, in this order, is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RecordError {
    /// It is not JSON at all; what the parser said.
    NoJson(String),
    /// It is JSON, but not a checksum and a value; what the parser said.
    NoRecord(String),
    /// It has no checksum.
    NoChecksum,
    /// It has no value.
    NoValue,
    /// The value is not the one that the checksum was made for.
    WrongChecksum {
        /// The checksum in the record.
        written: String,
        /// The checksum of the value in the record.
        computed: String,
    },
    /// The value is intact, but not of the expected type: another version may have written it.
    WrongShape(String),
}

impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoJson(why) => write!(f, "it is not JSON ({why})"),
            Self::NoRecord(why) => write!(f, "it is not a record of checksum and value ({why})"),
            Self::NoChecksum => f.write_str("it has no checksum"),
            Self::NoValue => f.write_str("it has no value"),
            Self::WrongChecksum { written, computed } => write!(
                f,
                "it was changed: its checksum says '{written}', its value makes '{computed}'"
            ),
            Self::WrongShape(why) => write!(f, "its value is not what belongs there ({why})"),
        }
    }
}

impl std::error::Error for RecordError {}

fn checksum(text: &str) -> String {
    let mut digits = Hash::of(text.as_bytes()).to_string();
    digits.truncate(CHECKSUM_DIGITS);
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Vote {
        term: u64,
        vote: Option<String>,
    }

    fn vote() -> Vote {
        Vote { term: u64::MAX, vote: Some("S1 “é”".to_owned()) }
    }

    #[test]
    fn a_record_is_read_back() {
        assert_eq!(read(&write(&vote())), Ok(vote()));
        assert_eq!(read::<Option<u8>>(&write(&None::<u8>)), Ok(None));
    }

    #[test]
    fn a_record_looks_as_documented() {
        let value = serde_json::json!({"term": 3, "vote": "S1"});
        let text = r#"{"checksum":"d80e341acf58c107","value":{"term":3,"vote":"S1"}}"#;
        assert_eq!(write(&value), text);
    }

    #[test]
    fn what_is_wrong_is_said_precisely() {
        let good = write(&vote());
        let stranger = write(&"a text");
        for (text, expected) in [
            ("", "it is not JSON (EOF while parsing a value at line 1 column 0)"),
            ("{{", "it is not JSON (key must be a string at line 1 column 2)"),
            (&good[..good.len() - 1], "it is not JSON (EOF while parsing an object"),
            ("7", "it is not a record of checksum and value (invalid type: integer"),
            (r#"{"checksum":"","sum":1}"#, "it is not a record of checksum and value (unknown"),
            (r#"{"checksum":7,"value":1}"#, "it is not a record of checksum and value (invalid"),
            (r#"{"value":1}"#, "it has no checksum"),
            (r#"{"checksum":null,"value":1}"#, "it has no checksum"),
            (r#"{"checksum":"00"}"#, "it has no value"),
            (r#"{"checksum":"00","value":1}"#, "it was changed: its checksum says '00', its"),
            (&good.replace("S1", "S2"), "it was changed: its checksum says '"),
            (&good.replace(r#","vote"#, r#", "vote"#), "it was changed: its checksum says '"),
            (&stranger, "its value is not what belongs there (invalid type: string"),
        ] {
            let said = read::<Vote>(text).unwrap_err().to_string();
            assert!(said.starts_with(expected), "{text}: {said}");
        }
    }
}
