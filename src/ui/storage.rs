//! The storage that outlives the page: the browser's, or memory where the browser gives none.

use crate::disk::layout::{Key, PREFIX};
use crate::disk::record;
use crate::disk::{Disk, DiskError, LocalStorageDisk, MemoryDisk};
use crate::sim::{Chaos, Config, Disks, LoadRate, World};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A storage for the whole cluster.
#[derive(Debug)]
pub enum Storage {
    /// It survives a reload.
    Local(LocalStorageDisk),
    /// It does not.
    Memory(MemoryDisk),
}

impl Storage {
    /// The browser's storage, or, with the reason, memory.
    pub fn open() -> (Self, Option<DiskError>) {
        match LocalStorageDisk::open() {
            Ok(disk) => (Self::Local(disk), None),
            Err(error) => (Self::memory(), Some(error)),
        }
    }

    /// A storage in memory.
    pub fn memory() -> Self {
        Self::Memory(MemoryDisk::new())
    }

    fn disk(&self) -> &dyn Disk {
        match self {
            Self::Local(disk) => disk,
            Self::Memory(disk) => disk,
        }
    }

    fn disk_mut(&mut self) -> &mut dyn Disk {
        match self {
            Self::Local(disk) => disk,
            Self::Memory(disk) => disk,
        }
    }

    /// Removes everything of ours.
    pub fn clear(&mut self) -> Result<(), DiskError> {
        let keys = self.keys()?;
        keys.iter().filter(|key| key.starts_with(PREFIX)).try_for_each(|key| self.remove(key))
    }

    /// Keeps the settings of the cluster, to begin again with them after a reload.
    pub fn keep_cluster(&mut self, cluster: &Cluster) -> Result<(), DiskError> {
        self.write(&Key::Cluster.to_string(), &record::write(cluster))
    }
}

impl Disk for Storage {
    fn keys(&self) -> Result<Vec<Arc<str>>, DiskError> {
        self.disk().keys()
    }

    fn read(&self, key: &str) -> Result<Option<Arc<str>>, DiskError> {
        self.disk().read(key)
    }

    fn write(&mut self, key: &str, value: &str) -> Result<(), DiskError> {
        self.disk_mut().write(key, value)
    }

    fn remove(&mut self, key: &str) -> Result<(), DiskError> {
        self.disk_mut().remove(key)
    }
}

/// What is kept of the cluster beside its disks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cluster {
    /// The settings.
    pub config: Config,
    /// The seed.
    pub seed: u64,
    /// What clients ask by themselves: it goes on after a reload, as the page's switch says.
    #[serde(default)]
    pub load: LoadRate,
    /// The faults that come and go by themselves.
    #[serde(default)]
    pub chaos: Chaos,
}

impl Cluster {
    /// Of a world.
    pub fn of(world: &World) -> Self {
        let (config, seed) = (world.config().clone(), world.seed());
        Self { config, seed, load: world.load(), chaos: world.chaos() }
    }
}

/// What a storage held when the page was opened.
pub enum Found {
    /// Nothing: a first visit.
    Nothing,
    /// A bank.
    Bank(Box<Cluster>, Disks),
    /// Something that cannot be read.
    Unreadable {
        /// The key that holds it.
        key: String,
        /// What is wrong with it.
        why: String,
    },
}

impl Found {
    /// Looks into a storage, and changes nothing there.
    pub fn look(storage: &Storage) -> Result<Self, DiskError> {
        let disks = Disks::load(storage)?;
        let key = Key::Cluster.to_string();
        let Some(text) = storage.read(&key)? else {
            if disks.is_empty() {
                return Ok(Self::Nothing);
            }
            let why = "it is gone, though servers' disks are there".to_owned();
            return Ok(Self::Unreadable { key, why });
        };
        match record::read::<Cluster>(&text) {
            Ok(cluster) => Ok(Self::Bank(Box::new(cluster), disks)),
            Err(error) => Ok(Self::Unreadable { key, why: error.to_string() }),
        }
    }
}
