//! What survives a crash: disks, the keys on them, and the form of what is kept there.
//!
//! Raft's promises rest on a few things outliving a crash: the current term, the vote and the log
//! (paper, figure 2, "persistent state"). A server therefore never answers from memory what it
//! has not put on its disk, and after a crash it knows nothing but its disk. This module is that
//! disk, and no more: it does not know what the values mean.
//!
//! A [`Disk`] is a small ordered map from key to text. There are two:
//!
//! - [`MemoryDisk`] is the disk inside a simulated world. It tells apart what was *staged*
//!   (written, but still in a buffer) from what is *durable*, and it can fail as disks do: power
//!   may be lost between a write and its sync, so that only a prefix of the staged writes is
//!   kept, and the disk may be full.
//! - `LocalStorageDisk` (wasm32 only) is the browser's `localStorage`, where each write is
//!   durable as soon as it returns. The page keeps it equal to the durable images of the world's
//!   memory disks, and reads it again when a server restarts or the tab is reloaded.
//!
//! [`layout`] names every key in one place. [`record`] is the form of each value that does not
//! prove itself: readable JSON beside a checksum. (A block needs none: its hash is one.)
//!
//! # Caveats
//!
//! - Writes become durable in the order in which they were made, one whole key at a time. Real
//!   disks can tear a write and reorder those between two syncs; `localStorage` does neither.
//! - There are no transactions over several keys. Whoever writes must choose an order in which
//!   every prefix is a state that can be recovered from.
//! - A checksum finds damage and careless edits. It does not stop somebody who means to forge.

pub mod layout;
#[cfg(target_arch = "wasm32")]
mod local_storage;
mod memory;
mod partial;
pub mod record;

#[cfg(target_arch = "wasm32")]
pub use local_storage::LocalStorageDisk;
pub use memory::{Difference, Image, MemoryDisk};
pub use partial::Partial;

use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// Keys and values that outlive a crash.
pub trait Disk {
    /// Every key that holds a durable value, in ascending order of their text.
    fn keys(&self) -> Result<Vec<Arc<str>>, DiskError>;

    /// The durable value of a key, or `None` if it has none.
    fn read(&self, key: &str) -> Result<Option<Arc<str>>, DiskError>;

    /// Gives a key a value that is durable when this returns. When it fails, the key's earlier
    /// value stays.
    fn write(&mut self, key: &str, value: &str) -> Result<(), DiskError>;

    /// Removes a key and its value, durably. Removing a key that is not there does nothing.
    fn remove(&mut self, key: &str) -> Result<(), DiskError>;

    /// Makes writes durable in their order, up to the first that fails. The error says how many
    /// were done before it.
    fn apply(&mut self, writes: &[Write]) -> Result<(), ApplyError> {
        for (done, write) in writes.iter().enumerate() {
            let result = match write {
                Write::Put { key, value } => self.write(key, value),
                Write::Remove { key } => self.remove(key),
            };
            result.map_err(|error| ApplyError { done, error })?;
        }
        Ok(())
    }
}

/// A change to one key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Write {
    /// The key takes this value, whatever it held.
    Put {
        /// The key.
        key: Arc<str>,
        /// Its new value.
        value: Arc<str>,
    },
    /// The key goes away, with its value.
    Remove {
        /// The key.
        key: Arc<str>,
    },
}

impl Write {
    /// Gives a key a value.
    pub fn put(key: impl Into<Arc<str>>, value: impl Into<Arc<str>>) -> Self {
        Self::Put { key: key.into(), value: value.into() }
    }

    /// Removes a key.
    pub fn remove(key: impl Into<Arc<str>>) -> Self {
        Self::Remove { key: key.into() }
    }

    /// The key that it changes.
    pub fn key(&self) -> &Arc<str> {
        match self {
            Self::Put { key, .. } | Self::Remove { key } => key,
        }
    }
}

/// Why a disk did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DiskError {
    /// There is no room for this key's new value. Its earlier value stays.
    Full {
        /// The key that could not be written.
        key: String,
    },
    /// The disk is missing or does not let itself be used.
    Blocked {
        /// What it said.
        why: String,
    },
}

impl fmt::Display for DiskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full { key } => write!(f, "the disk is full: there is no room for '{key}'"),
            Self::Blocked { why } => write!(f, "the disk cannot be used: {why}"),
        }
    }
}

impl std::error::Error for DiskError {}

/// How far a list of writes came, and what stopped it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplyError {
    /// How many of the writes, from the first on, are durable.
    pub done: usize,
    /// Why the next one is not.
    pub error: DiskError,
}

impl fmt::Display for ApplyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} writes before it were done)", self.error, self.done)
    }
}

impl std::error::Error for ApplyError {}
