//! Every key that is kept, in one place.
//!
//! | key | holds |
//! |---|---|
//! | `raftbank/cluster` | the cluster's configuration |
//! | `raftbank/S1/state` | the server's term and vote |
//! | `raftbank/S1/snapshot` | the server's ledger, and the last block that is in it |
//! | `raftbank/S1/block/7` | the server's block at height 7 |
//! | `raftbank/Alice/requests` | the client's next number and unanswered requests |
//!
//! A server's own disk holds the part after `raftbank/S1/`. Heights are written as plain numbers,
//! as a reader of the browser's storage expects them; [`ServerKey`] puts them into their numeric
//! order. Each key has one spelling: `block/07` is none of ours.

use crate::base::{ClientId, Index, ServerId};
use std::fmt;
use std::str::FromStr;

/// What all keys begin with, to live beside other pages of the same origin.
pub const PREFIX: &str = "raftbank/";

/// A key of the whole cluster, as it stands in `localStorage`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// The cluster's configuration.
    Cluster,
    /// Something that a server keeps.
    Server(ServerId, ServerKey),
    /// A client's next number and unanswered requests.
    Requests(ClientId),
}

/// A key on a server's own disk. The order is: state, snapshot, then blocks by height.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ServerKey {
    /// The term and the vote.
    State,
    /// What stands for all blocks up to some height, which are kept no longer.
    Snapshot,
    /// The block at this height, from 1 on: genesis follows from the configuration.
    Block(Index),
}

/// What a server's keys begin with in `localStorage`.
pub fn server_prefix(server: ServerId) -> String {
    format!("{PREFIX}{server}/")
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(PREFIX)?;
        match self {
            Self::Cluster => f.write_str("cluster"),
            Self::Server(server, key) => write!(f, "{server}/{key}"),
            Self::Requests(client) => write!(f, "{client}/requests"),
        }
    }
}

impl fmt::Display for ServerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::State => f.write_str("state"),
            Self::Snapshot => f.write_str("snapshot"),
            Self::Block(height) => write!(f, "block/{height}"),
        }
    }
}

impl FromStr for Key {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let key = text.strip_prefix(PREFIX).and_then(|rest| match rest.split_once('/') {
            None => (rest == "cluster").then_some(Self::Cluster),
            Some((client, "requests")) => client.parse().ok().map(Self::Requests),
            Some((server, key)) => Some(Self::Server(server.parse().ok()?, key.parse().ok()?)),
        });
        key.filter(|key| key.to_string() == text).ok_or_else(|| unknown(text))
    }
}

impl FromStr for ServerKey {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let key = match text.split_once('/') {
            None if text == "state" => Some(Self::State),
            None if text == "snapshot" => Some(Self::Snapshot),
            None => None,
            Some(("block", height)) => height.parse().ok().map(Index).map(Self::Block),
            Some(_) => None,
        };
        key.filter(|key| *key != Self::Block(Index::ZERO))
            .filter(|key| key.to_string() == text)
            .ok_or_else(|| unknown(text))
    }
}

fn unknown(text: &str) -> String {
    format!("'{text}' is not a key that Raftbank writes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_back_as_they_are_written() {
        for text in [
            "raftbank/cluster",
            "raftbank/S1/state",
            "raftbank/S1/snapshot",
            "raftbank/S9/block/1",
            "raftbank/S2/block/18446744073709551615",
            "raftbank/Alice/requests",
        ] {
            let key = text.parse::<Key>().unwrap();
            assert_eq!(key.to_string(), text);
        }
        let server = ServerId::new(1).unwrap();
        let key = Key::Server(server, ServerKey::Block(Index(7)));
        assert_eq!(key.to_string(), format!("{}block/7", server_prefix(server)));
    }

    #[test]
    fn what_is_not_ours_is_refused_by_name() {
        for text in [
            "",
            "raftbank",
            "raftbank/",
            "raftbank/clusters",
            "raftbank/S1",
            "raftbank/S1/",
            "raftbank/s1/state",
            "raftbank/1/state",
            "raftbank/S10/state",
            "raftbank/S1/snapshot/",
            "raftbank/S1/block/",
            "raftbank/S1/block/0",
            "raftbank/S1/block/07",
            "raftbank/S1/block/+7",
            "raftbank/S1/block/7/8",
            "raftbank/S1/block/18446744073709551616",
            "raftbank/alice/requests",
            "raftbank/1/requests",
            "raftbank/S1/requests",
            "other/cluster",
        ] {
            assert_eq!(text.parse::<Key>(), Err(unknown(text)), "{text}");
        }
    }

    #[test]
    fn blocks_are_ordered_by_height_not_by_text() {
        let mut keys: Vec<ServerKey> =
            ["block/10", "block/9", "snapshot", "state"].map(|text| text.parse().unwrap()).to_vec();
        keys.sort();
        let texts: Vec<String> = keys.iter().map(ToString::to_string).collect();
        assert_eq!(texts, ["state", "snapshot", "block/9", "block/10"]);
    }
}
