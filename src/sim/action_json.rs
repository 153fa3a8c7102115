//! Actions as JSON: `{"crash":{"server":"S1"}}`, and `"heal"`.
//!
//! It is read by hand, since what serde derives for so many variants is the largest function of
//! the whole page.

use super::Action;
use crate::base::Fields;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;

impl<'de> Deserialize<'de> for Action {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Named;

        impl<'de> Visitor<'de> for Named {
            type Value = Action;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an action")
            }

            fn visit_str<E: Error>(self, name: &str) -> Result<Action, E> {
                match name {
                    "heal" => Ok(Action::Heal),
                    "unite" => Ok(Action::Unite),
                    _ => Err(E::custom(format!("there is no action `{name}` alone"))),
                }
            }

            fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Action, A::Error> {
                let entry = access.next_entry::<String, Fields<'de>>()?;
                let (name, fields) = entry.ok_or_else(|| A::Error::custom("no action is named"))?;
                let action = read(&name, fields).map_err(A::Error::custom)?;
                match access.next_key::<String>()? {
                    Some(another) => Err(A::Error::custom(format!("`{another}` is one too many"))),
                    None => Ok(action),
                }
            }
        }

        deserializer.deserialize_any(Named)
    }
}

fn read(name: &str, mut fields: Fields<'_>) -> Result<Action, String> {
    let it = &mut fields;
    let action = match name {
        "crash" => Action::Crash { server: it.take("server")? },
        "restart" => Action::Restart { server: it.take("server")? },
        "isolate" => Action::Isolate { server: it.take("server")? },
        "partition" => Action::Partition { groups: it.take("groups")? },
        "cut" => Action::Cut { from: it.take("from")?, to: it.take("to")? },
        "mend" => Action::Mend { from: it.take("from")?, to: it.take("to")? },
        "submit" => Action::Submit {
            client: it.take("client")?,
            operation: it.take("operation")?,
            via: it.or("via", None)?,
        },
        "network" => Action::Network { settings: it.take("settings")? },
        "link" => Action::Link {
            from: it.take("from")?,
            to: it.take("to")?,
            settings: it.or("settings", None)?,
        },
        "tamper" => Action::Tamper { from: it.take("from")?, to: it.take("to")? },
        "pause" => Action::Pause { server: it.take("server")? },
        "resume" => Action::Resume { server: it.take("server")? },
        "clock" => Action::Clock { server: it.take("server")?, rate: it.take("rate")? },
        "members" => Action::Members { membership: it.take("membership")? },
        "transfer_leadership" => Action::TransferLeadership { to: it.take("to")? },
        "stop" => Action::Stop { server: it.take("server")? },
        "snapshot" => Action::Snapshot { server: it.take("server")? },
        "drop" => Action::Drop { message: it.take("message")? },
        "delay" => Action::Delay { message: it.take("message")?, by: it.take("by")? },
        "duplicate" => Action::Duplicate { message: it.take("message")? },
        "nudge" => Action::Nudge { server: it.take("server")? },
        "load" => Action::Load { rate: it.take("rate")? },
        "chaos" => Action::Chaos { strength: it.take("strength")? },
        "edit" => Action::Edit {
            server: it.take("server")?,
            key: it.take("key")?,
            value: it.or("value", None)?,
        },
        "fill_disk" => Action::FillDisk { server: it.take("server")? },
        _ => return Err(format!("there is no action `{name}`")),
    };
    fields.end(action)
}
