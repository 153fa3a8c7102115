//! A part of a disk, seen as a disk of its own.

use super::{Disk, DiskError};
use std::sync::Arc;

/// The keys of a disk that begin with a prefix, without that prefix.
///
/// One `localStorage` holds the whole cluster; each server sees only what lies under its name.
pub struct Partial<'a, D: Disk + ?Sized> {
    disk: &'a mut D,
    prefix: String,
}

impl<'a, D: Disk + ?Sized> Partial<'a, D> {
    /// The part of `disk` whose keys begin with `prefix`.
    pub fn new(disk: &'a mut D, prefix: impl Into<String>) -> Self {
        Self { disk, prefix: prefix.into() }
    }

    fn whole(&self, key: &str) -> String {
        format!("{}{key}", self.prefix)
    }
}

impl<D: Disk + ?Sized> Disk for Partial<'_, D> {
    fn keys(&self) -> Result<Vec<Arc<str>>, DiskError> {
        let keys = self.disk.keys()?;
        Ok(keys.iter().filter_map(|key| key.strip_prefix(&self.prefix)).map(Arc::from).collect())
    }

    fn read(&self, key: &str) -> Result<Option<Arc<str>>, DiskError> {
        self.disk.read(&self.whole(key))
    }

    fn write(&mut self, key: &str, value: &str) -> Result<(), DiskError> {
        let key = self.whole(key);
        self.disk.write(&key, value)
    }

    fn remove(&mut self, key: &str) -> Result<(), DiskError> {
        let key = self.whole(key);
        self.disk.remove(&key)
    }
}

#[cfg(test)]
mod tests {
    use super::super::MemoryDisk;
    use super::*;

    #[test]
    fn a_part_sees_and_touches_only_its_own_keys() {
        let mut whole = MemoryDisk::new();
        whole.write("x/S1/state", "one").unwrap();
        whole.write("x/S2/state", "two").unwrap();

        let mut part = Partial::new(&mut whole, "x/S1/");
        assert_eq!(part.keys().unwrap(), [Arc::from("state")]);
        assert_eq!(part.read("state"), Ok(Some("one".into())));
        part.write("block/1", "new").unwrap();
        part.remove("state").unwrap();

        let keys: Vec<Arc<str>> = whole.keys().unwrap();
        assert_eq!(keys, ["x/S1/block/1".into(), "x/S2/state".into()]);
    }
}
