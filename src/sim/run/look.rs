//! What somebody who opens a run is to look at.

use super::RunError;
use crate::base::{Fields, ServerId, Time};
use serde::{Deserialize, Serialize};

/// The longest caption, in letters.
pub const MAX_CAPTION: usize = 400;

/// What to look at. It changes nothing of what happens.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Fields<'de>")]
pub struct Look {
    /// Where to begin: what was done later is then done again while somebody watches. Nothing
    /// stands for the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Stamp>,
    /// The server to look into.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chosen: Option<ServerId>,
    /// How fast time passes, in virtual microseconds for each millisecond.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speed: Option<u64>,
    /// A sentence to stand above it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
}

/// A moment of a run. Several steps may fall on one time, so their number is part of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "Fields<'de>")]
pub struct Stamp {
    /// The virtual time.
    pub at: Time,
    /// How many steps had been made.
    pub after_steps: u64,
}

impl TryFrom<Fields<'_>> for Look {
    type Error = String;

    fn try_from(mut fields: Fields<'_>) -> Result<Self, String> {
        let read = Self {
            from: fields.or("from", None)?,
            chosen: fields.or("chosen", None)?,
            speed: fields.or("speed", None)?,
            caption: fields.or("caption", None)?,
        };
        fields.end(read)
    }
}

impl TryFrom<Fields<'_>> for Stamp {
    type Error = String;

    fn try_from(mut fields: Fields<'_>) -> Result<Self, String> {
        let read = Self { at: fields.take("at")?, after_steps: fields.take("after_steps")? };
        fields.end(read)
    }
}

impl Stamp {
    /// Before anything happened.
    pub const BEGINNING: Self = Self { at: Time::ZERO, after_steps: 0 };
}

impl Look {
    /// True if nothing is asked for.
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }

    pub(super) fn check(&self) -> Result<(), RunError> {
        let caption = self.caption.as_ref().map_or(0, |caption| caption.chars().count());
        if caption > MAX_CAPTION {
            return Err(RunError::Text("caption", MAX_CAPTION));
        }
        Ok(())
    }
}
