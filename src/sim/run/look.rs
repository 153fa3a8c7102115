//! What somebody who opens a run is to look at.

use super::RunError;
use crate::base::{ServerId, Time};
use serde::{Deserialize, Serialize};

/// The longest caption, in letters.
pub const MAX_CAPTION: usize = 400;

/// What to look at. It changes nothing of what happens.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
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
#[serde(deny_unknown_fields)]
pub struct Stamp {
    /// The virtual time.
    pub at: Time,
    /// How many steps had been made.
    pub after_steps: u64,
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
