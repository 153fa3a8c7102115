//! The browser's `localStorage` as a disk.

use super::{Disk, DiskError, layout::PREFIX};
use crate::base::Set;
use std::sync::Arc;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Storage;

/// The key under which [`LocalStorageDisk::open`] tries whether writing works.
const PROBE: &str = "raftbank/probe";

/// The keys of `localStorage` that begin with [`PREFIX`]. Other pages' keys are neither listed
/// nor touched.
///
/// Each write is durable when it returns, and they become so in the order in which they were
/// made. The browser limits the room, usually to 5,242,880 UTF-16 units of keys and values for
/// all pages of one origin.
#[derive(Clone, Debug)]
pub struct LocalStorageDisk {
    storage: Storage,
}

impl LocalStorageDisk {
    /// The page's storage, once it has proved that it can be written.
    ///
    /// Storage that is full is open all the same, because what it holds must stay readable.
    pub fn open() -> Result<Self, DiskError> {
        let window = web_sys::window().ok_or_else(|| blocked("there is no window"))?;
        let storage = window.local_storage().map_err(|error| blocked(&reason(&error)))?;
        let storage = storage.ok_or_else(|| blocked("the browser has no localStorage"))?;
        let disk = Self { storage };
        disk.probe()?;
        Ok(disk)
    }

    fn probe(&self) -> Result<(), DiskError> {
        let tried =
            self.storage.set_item(PROBE, "1").and_then(|()| self.storage.remove_item(PROBE));
        match tried {
            Ok(()) => Ok(()),
            // Some browsers forbid storage by giving it no room at all: then it is empty.
            Err(error) if is_full(&error) && self.length()? > 0 => Ok(()),
            Err(error) => Err(blocked(&reason(&error))),
        }
    }

    fn length(&self) -> Result<u32, DiskError> {
        self.storage.length().map_err(|error| blocked(&reason(&error)))
    }
}

impl Disk for LocalStorageDisk {
    fn keys(&self) -> Result<Vec<Arc<str>>, DiskError> {
        let mut keys = Set::new();
        for position in 0..self.length()? {
            let key = self.storage.key(position).map_err(|error| blocked(&reason(&error)))?;
            keys.extend(key.filter(|key| key.starts_with(PREFIX)).map(Arc::from));
        }
        Ok(keys.into_iter().collect())
    }

    fn read(&self, key: &str) -> Result<Option<Arc<str>>, DiskError> {
        let value = self.storage.get_item(key).map_err(|error| blocked(&reason(&error)))?;
        Ok(value.map(Arc::from))
    }

    /// # Panics
    /// If the key is outside [`PREFIX`]: another page's keys are not ours to write.
    fn write(&mut self, key: &str, value: &str) -> Result<(), DiskError> {
        assert!(key.starts_with(PREFIX), "'{key}' is outside {PREFIX}");
        self.storage.set_item(key, value).map_err(|error| {
            if is_full(&error) {
                DiskError::Full { key: key.to_owned() }
            } else {
                blocked(&reason(&error))
            }
        })
    }

    /// # Panics
    /// If the key is outside [`PREFIX`]: another page's keys are not ours to remove.
    fn remove(&mut self, key: &str) -> Result<(), DiskError> {
        assert!(key.starts_with(PREFIX), "'{key}' is outside {PREFIX}");
        self.storage.remove_item(key).map_err(|error| blocked(&reason(&error)))
    }
}

fn blocked(why: &str) -> DiskError {
    DiskError::Blocked { why: why.to_owned() }
}

/// Whether an exception says that there is no room. Firefox has a name of its own for it.
fn is_full(error: &JsValue) -> bool {
    let name = property(error, "name");
    matches!(name.as_deref(), Some("QuotaExceededError" | "NS_ERROR_DOM_QUOTA_REACHED"))
}

/// What an exception says of itself.
fn reason(error: &JsValue) -> String {
    match (property(error, "name"), property(error, "message")) {
        (Some(name), Some(message)) => format!("{name}: {message}"),
        _ => format!("{error:?}"),
    }
}

fn property(value: &JsValue, name: &str) -> Option<String> {
    value.is_object().then_some(())?;
    js_sys::Reflect::get(value.unchecked_ref(), &name.into()).ok()?.as_string()
}
