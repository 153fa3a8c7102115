//! Actions as JSON: `{"crash":{"server":"S1"}}`, and `"heal"`.
//!
//! It is read by hand, since what serde derives for so many variants is the largest function of
//! the whole page.

use super::Action;
use crate::base::{Fields, ServerId};
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
        "members" => Action::Members { membership: it.take("membership")? },
        "transfer_leadership" => Action::TransferLeadership { to: it.take("to")? },
        "drop" => Action::Drop { message: it.take("message")? },
        "delay" => Action::Delay { message: it.take("message")?, by: it.take("by")? },
        "duplicate" => Action::Duplicate { message: it.take("message")? },
        "load" => Action::Load { rate: it.take("rate")? },
        "chaos" => Action::Chaos { strength: it.take("strength")? },
        name => of_server(name, it)?,
    };
    fields.end(action)
}

/// The actions that concern one server.
fn of_server(name: &str, it: &mut Fields<'_>) -> Result<Action, String> {
    let of: fn(ServerId) -> Action = match name {
        "crash" => |server| Action::Crash { server },
        "restart" => |server| Action::Restart { server },
        "isolate" => |server| Action::Isolate { server },
        "pause" => |server| Action::Pause { server },
        "resume" => |server| Action::Resume { server },
        "stop" => |server| Action::Stop { server },
        "snapshot" => |server| Action::Snapshot { server },
        "nudge" => |server| Action::Nudge { server },
        "fill_disk" => |server| Action::FillDisk { server },
        "clock" => {
            return Ok(Action::Clock { server: it.take("server")?, rate: it.take("rate")? });
        }
        "edit" => {
            let (server, key) = (it.take("server")?, it.take("key")?);
            return Ok(Action::Edit { server, key, value: it.or("value", None)? });
        }
        _ => return Err(format!("there is no action `{name}`")),
    };
    Ok(of(it.take("server")?))
}
