//! What all disks of a world hold before it begins.

use super::World;
use crate::base::{ClientId, Fields, Map, ServerId};
use crate::disk::layout::{Key, PREFIX};
use crate::disk::{Disk, DiskError, Image};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The servers' disks and the clients' saved sessions. Empty on a first visit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Fields<'de>")]
pub struct Disks {
    /// Each server's disk.
    pub servers: Map<ServerId, Image>,
    /// Each client's record.
    pub clients: Map<ClientId, Arc<str>>,
}

impl TryFrom<Fields<'_>> for Disks {
    type Error = String;

    fn try_from(mut fields: Fields<'_>) -> Result<Self, String> {
        let read = Self {
            servers: fields.or("servers", Map::new())?,
            clients: fields.or("clients", Map::new())?,
        };
        fields.end(read)
    }
}

impl Disks {
    /// True if nothing is kept anywhere.
    pub fn is_empty(&self) -> bool {
        self.servers.values().all(Image::is_empty) && self.clients.is_empty()
    }

    /// Reads what one storage holds for all of them.
    ///
    /// Keys that are not ours in form are left alone, but for those under a server's name: that
    /// server will say what is wrong with them.
    pub fn load(storage: &dyn Disk) -> Result<Self, DiskError> {
        let mut disks = Self::default();
        for key in storage.keys()? {
            let Some(value) = storage.read(&key)? else { continue };
            match key.parse() {
                Ok(Key::Requests(client)) => {
                    disks.clients.insert(client, value);
                }
                Ok(Key::Cluster) => {}
                Ok(Key::Server(..)) | Err(_) => {
                    if let Some((server, rest)) = server_key(&key) {
                        disks.servers.entry(server).or_default().insert(rest.into(), value);
                    }
                }
            }
        }
        Ok(disks)
    }
}

impl World {
    /// What there would be if everything lost its power now: the durable part of each server's
    /// disk, and each client's record.
    pub fn disks(&self) -> Disks {
        let servers = self.nodes().map(|(id, node)| (id, node.disk().image().clone()));
        let clients = self.clients.iter().map(|(id, desk)| (*id, desk.record.clone()));
        Disks { servers: servers.collect(), clients: clients.collect() }
    }
}

/// Splits `raftbank/S1/anything` into the server and the rest.
fn server_key(key: &str) -> Option<(ServerId, &str)> {
    let (owner, rest) = key.strip_prefix(PREFIX)?.split_once('/')?;
    Some((owner.parse().ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::MemoryDisk;

    #[test]
    fn one_storage_is_divided_among_its_owners() {
        let pairs = [
            ("raftbank/S2/block/1", "b"),
            ("raftbank/S2/rubbish", "r"),
            ("raftbank/Bob/requests", "q"),
            ("raftbank/cluster", "c"),
            ("other", "o"),
        ];
        let pairs = pairs.map(|(key, value)| (Arc::from(key), Arc::from(value)));
        let disks = Disks::load(&MemoryDisk::from_image(pairs.into())).unwrap();
        let server = ServerId::new(2).unwrap();
        let kept: Vec<&str> = disks.servers[&server].keys().map(|key| &**key).collect();
        assert_eq!(kept, ["block/1", "rubbish"]);
        assert_eq!(disks.servers.len(), 1);
        assert_eq!(&*disks.clients[&ClientId::new(2).unwrap()], "q");
    }
}
