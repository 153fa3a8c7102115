//! The fields of a JSON object, read one by one.
//!
//! What serde derives for a struct is a reader of its own for every field's name and for every
//! way in which a struct may be written. That is quick, and costs the page some two thousand bytes
//! for each struct. Large structs that are read once in a while, such as a run's settings, say
//! instead which fields they take:
//!
//! ```
//! # use raftbank::base::Fields;
//! # use serde::Deserialize;
//! #[derive(Deserialize)]
//! #[serde(try_from = "Fields<'de>")]
//! struct Place {
//!     height: u64,
//!     name: Option<String>,
//! }
//!
//! impl TryFrom<Fields<'_>> for Place {
//!     type Error = String;
//!
//!     fn try_from(mut fields: Fields<'_>) -> Result<Self, String> {
//!         let place = Self { height: fields.take("height")?, name: fields.or("name", None)? };
//!         fields.end(place)
//!     }
//! }
//!
//! let place: Place = serde_json::from_str(r#"{"height": 7}"#).unwrap();
//! assert_eq!((place.height, place.name), (7, None));
//! let error = serde_json::from_str::<Place>(r#"{"height": 7, "weight": 1}"#).err().unwrap();
//! assert!(error.to_string().starts_with("unknown field `weight`"));
//! ```

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use std::fmt;

/// The fields that are not taken yet, in the order in which they were written.
pub struct Fields<'de>(Vec<(String, &'de RawValue)>);

impl<'de> Fields<'de> {
    /// A field that must be there.
    pub fn take<T: Deserialize<'de>>(&mut self, name: &str) -> Result<T, String> {
        let value = self.raw(name).ok_or_else(|| format!("missing field `{name}`"))?;
        read(name, value)
    }

    /// A field that may be left out.
    pub fn or<T: Deserialize<'de>>(&mut self, name: &str, usual: T) -> Result<T, String> {
        self.raw(name).map_or(Ok(usual), |value| read(name, value))
    }

    /// What was read, if nothing else was written.
    pub fn end<T>(&self, read: T) -> Result<T, String> {
        match self.0.first() {
            Some((name, _)) => Err(format!("unknown field `{name}`")),
            None => Ok(read),
        }
    }

    #[inline(never)]
    fn raw(&mut self, name: &str) -> Option<&'de str> {
        let place = self.0.iter().position(|(written, _)| written == name)?;
        Some(self.0.remove(place).1.get())
    }
}

fn read<'de, T: Deserialize<'de>>(name: &str, value: &'de str) -> Result<T, String> {
    serde_json::from_str(value).map_err(|error| format!("{name}: {error}"))
}

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Fields<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
                let mut fields: Vec<(String, _)> = Vec::new();
                while let Some((name, value)) = access.next_entry()? {
                    if fields.iter().any(|(written, _)| *written == name) {
                        return Err(A::Error::custom(format!("duplicate field `{name}`")));
                    }
                    fields.push((name, value));
                }
                Ok(Fields(fields))
            }
        }

        deserializer.deserialize_map(Object)
    }
}
