//! The disk inside a simulated world, with the faults that disks have.

use super::{ApplyError, Disk, DiskError, Write};
use crate::base::{Map, Set};
use std::collections::VecDeque;
use std::sync::Arc;

/// What a disk holds durably: key to value.
pub type Image = Map<Arc<str>, Arc<str>>;

/// A disk that is plain data: a durable image, and the writes that wait for a sync.
///
/// Cloning it copies pointers; the texts themselves are shared.
///
/// Reading sees the durable image alone: whoever stages a write has its value in memory already,
/// and whoever recovers must not see what could still be lost.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemoryDisk {
    /// What survives a crash.
    durable: Image,
    /// What was written since the last sync, in order. The owner bounds it by syncing.
    staged: VecDeque<Write>,
    /// The room that the durable image takes, in UTF-16 units of keys and values.
    used: u64,
    /// The most room that it may take, in the same units; `None` is no limit.
    quota: Option<u64>,
}

impl MemoryDisk {
    /// An empty disk without a limit.
    pub fn new() -> Self {
        Self::default()
    }

    /// A disk that holds this image durably, without a limit.
    pub fn from_image(durable: Image) -> Self {
        let used = durable.iter().map(|(key, value)| units(key) + units(value)).sum();
        Self { durable, used, ..Self::default() }
    }

    /// What is durable.
    pub fn image(&self) -> &Image {
        &self.durable
    }

    /// What is not durable yet, in the order in which it will be.
    pub fn staged(&self) -> impl ExactSizeIterator<Item = &Write> + Clone {
        self.staged.iter()
    }

    /// Writes into the buffer. Nothing is durable until [`MemoryDisk::sync`].
    pub fn stage(&mut self, write: Write) {
        self.staged.push_back(write);
    }

    /// Makes everything that is staged durable, in order, and says how many writes that were.
    ///
    /// Where there is no room for one, it stops there: those before it are durable, and it stays
    /// staged with those after it, so that a later sync goes on in the same order.
    pub fn sync(&mut self) -> Result<usize, ApplyError> {
        self.sync_first(self.staged.len())
    }

    /// Like [`MemoryDisk::sync`], for the first `count` staged writes only: what a disk did that
    /// stopped midway.
    pub fn sync_first(&mut self, count: usize) -> Result<usize, ApplyError> {
        let count = count.min(self.staged.len());
        for done in 0..count {
            let write = self.staged.pop_front().expect("no more than are staged are synced");
            if let Err(error) = self.apply_one(&write) {
                self.staged.push_front(write);
                return Err(ApplyError { done, error });
            }
        }
        Ok(count)
    }

    /// Loses power: of the staged writes the first `keep` reached the medium, and the rest are
    /// gone. Returns how many were kept, which is fewer if there was no room.
    pub fn lose_power(&mut self, keep: usize) -> usize {
        let kept = match self.sync_first(keep) {
            Ok(kept) => kept,
            Err(stopped) => stopped.done,
        };
        self.staged.clear();
        kept
    }

    /// Limits the room that keys and values may take, in UTF-16 units, as browsers count it.
    ///
    /// A limit below what is used takes nothing away; it refuses what needs more room than now.
    pub fn set_quota(&mut self, quota: Option<u64>) {
        self.quota = quota;
    }

    /// The room that the durable image takes, in UTF-16 units of keys and values.
    pub fn used(&self) -> u64 {
        self.used
    }

    /// The keys whose durable values on `other` differ from the ones here, in ascending order.
    ///
    /// The page compares a crashed server's image with `localStorage` before a restart, because
    /// somebody may have edited that meanwhile.
    pub fn differences(&self, other: &dyn Disk) -> Result<Vec<Difference>, DiskError> {
        let mut keys: Set<_> = self.durable.keys().cloned().collect();
        keys.extend(other.keys()?);
        let mut differences = Vec::new();
        for key in keys {
            let theirs = other.read(&key)?;
            let ours = self.durable.get(&key).cloned();
            if ours != theirs {
                differences.push(Difference { key, ours, theirs });
            }
        }
        Ok(differences)
    }

    fn apply_one(&mut self, write: &Write) -> Result<(), DiskError> {
        let before = self.room(write.key());
        match write {
            Write::Put { key, value } => {
                let used = self.used - before + units(key) + units(value);
                let grows = used > self.used;
                if grows && self.quota.is_some_and(|quota| used > quota) {
                    return Err(DiskError::Full { key: key.to_string() });
                }
                self.durable.insert(key.clone(), value.clone());
                self.used = used;
            }
            Write::Remove { key } => {
                self.durable.remove(key);
                self.used -= before;
            }
        }
        Ok(())
    }

    /// The room that a key and its durable value take; nothing if it has none.
    fn room(&self, key: &str) -> u64 {
        self.durable.get(key).map_or(0, |value| units(key) + units(value))
    }
}

/// A key that two disks do not agree on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The key.
    pub key: Arc<str>,
    /// What the one that was asked holds there.
    pub ours: Option<Arc<str>>,
    /// What the one that it was compared with holds there.
    pub theirs: Option<Arc<str>>,
}

impl Disk for MemoryDisk {
    fn keys(&self) -> Result<Vec<Arc<str>>, DiskError> {
        Ok(self.durable.keys().cloned().collect())
    }

    fn read(&self, key: &str) -> Result<Option<Arc<str>>, DiskError> {
        Ok(self.durable.get(key).cloned())
    }

    /// # Panics
    /// If writes are staged: a durable write must not overtake them.
    fn write(&mut self, key: &str, value: &str) -> Result<(), DiskError> {
        assert!(self.staged.is_empty(), "a durable write would overtake the staged ones");
        self.apply_one(&Write::put(key, value))
    }

    /// # Panics
    /// If writes are staged: a durable removal must not overtake them.
    fn remove(&mut self, key: &str) -> Result<(), DiskError> {
        assert!(self.staged.is_empty(), "a durable removal would overtake the staged writes");
        self.apply_one(&Write::remove(key))
    }
}

/// The length of a text as JavaScript, and so a browser's quota, counts it.
fn units(text: &str) -> u64 {
    text.encode_utf16().count() as u64
}

#[cfg(test)]
mod tests;
