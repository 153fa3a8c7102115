//! Names of servers, clients and accounts; terms and log positions.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The most servers that a cluster may have.
pub const MAX_SERVERS: u8 = 9;

/// The most clients, and so accounts, that a bank may have.
pub const MAX_CLIENTS: u8 = 8;

/// The clients' names, in the order of their ids (the cryptographers' cast).
const NAMES: [&str; MAX_CLIENTS as usize] =
    ["Alice", "Bob", "Carol", "Dave", "Erin", "Frank", "Grace", "Heidi"];

/// A server of the cluster, `S1` to `S9`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ServerId(u8);

impl ServerId {
    /// The server with this number, if it is between 1 and [`MAX_SERVERS`].
    pub fn new(number: u8) -> Option<Self> {
        (1..=MAX_SERVERS).contains(&number).then_some(Self(number))
    }

    /// The servers `S1` to `S{count}`, at most [`MAX_SERVERS`] of them.
    pub fn first(count: u8) -> impl Iterator<Item = Self> + Clone {
        (1..=count.min(MAX_SERVERS)).map(Self)
    }

    /// Its number, 1 to [`MAX_SERVERS`].
    pub fn number(self) -> u8 {
        self.0
    }
}

impl fmt::Display for ServerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "S{}", self.0)
    }
}

impl From<ServerId> for String {
    fn from(id: ServerId) -> Self {
        id.to_string()
    }
}

impl TryFrom<String> for ServerId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

/// Reads `S1`, `s1` or plain `1`.
impl FromStr for ServerId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let digits = text.strip_prefix(['S', 's']).unwrap_or(text);
        let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let number = if plain { digits.parse().ok() } else { None };
        number
            .and_then(Self::new)
            .ok_or_else(|| format!("'{text}' is no server: write S1 to S{MAX_SERVERS}"))
    }
}

/// An account of the bank. Each belongs to the client of the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AccountId(u8);

impl AccountId {
    /// The account with this number, if it is between 1 and [`MAX_CLIENTS`].
    pub fn new(number: u8) -> Option<Self> {
        (1..=MAX_CLIENTS).contains(&number).then_some(Self(number))
    }

    /// The first `count` accounts, at most [`MAX_CLIENTS`] of them.
    pub fn first(count: u8) -> impl Iterator<Item = Self> + Clone {
        (1..=count.min(MAX_CLIENTS)).map(Self)
    }

    /// Its number, 1 to [`MAX_CLIENTS`].
    pub fn number(self) -> u8 {
        self.0
    }

    /// Its owner's name.
    pub fn name(self) -> &'static str {
        NAMES[usize::from(self.0 - 1)]
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl From<AccountId> for String {
    fn from(id: AccountId) -> Self {
        id.name().to_owned()
    }
}

impl TryFrom<String> for AccountId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

/// Reads a name in any case, or its number.
impl FromStr for AccountId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let by_name = NAMES.iter().position(|name| name.eq_ignore_ascii_case(text));
        by_name
            .map(|position| position as u8 + 1)
            .or_else(|| text.parse().ok())
            .and_then(Self::new)
            .ok_or_else(|| format!("'{text}' is no account: write one of {}", NAMES.join(", ")))
    }
}

/// A client of the bank. It owns the account of the same name and has one session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClientId(AccountId);

impl ClientId {
    /// The client with this number, if it is between 1 and [`MAX_CLIENTS`].
    pub fn new(number: u8) -> Option<Self> {
        AccountId::new(number).map(Self)
    }

    /// The first `count` clients, at most [`MAX_CLIENTS`] of them.
    pub fn first(count: u8) -> impl Iterator<Item = Self> + Clone {
        AccountId::first(count).map(Self)
    }

    /// The account that it owns, and the only one that it may take money from.
    pub fn account(self) -> AccountId {
        self.0
    }

    /// Its number, 1 to [`MAX_CLIENTS`].
    pub fn number(self) -> u8 {
        self.0.number()
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name())
    }
}

impl FromStr for ClientId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.parse().map(Self)
    }
}

/// An end of the channel: whoever can send and receive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Endpoint {
    /// A server.
    Server(ServerId),
    /// A client.
    Client(ClientId),
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Server(id) => id.fmt(f),
            Self::Client(id) => id.fmt(f),
        }
    }
}

/// Reads a server (`S1`, `1`) or a client's name. A bare number is a server.
impl FromStr for Endpoint {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(server) = text.parse() {
            return Ok(Self::Server(server));
        }
        let client = text.parse().map_err(|_| {
            format!("'{text}' is neither a server (S1 to S{MAX_SERVERS}) nor a client's name")
        })?;
        Ok(Self::Client(client))
    }
}

impl Serialize for Endpoint {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Endpoint {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A Raft term: time as the cluster counts it, one election after the other (paper §5.1).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Term(pub u64);

impl Term {
    /// The term after this one.
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A position in the replicated log, from 1 on; 0 is the place before the first entry.
///
/// It is also a block's height, because each entry is one block: genesis stands at 0.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Index(pub u64);

impl Index {
    /// The place before the first entry; the height of genesis.
    pub const ZERO: Self = Self(0);

    /// The position after this one.
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }

    /// The position before this one, or `None` at 0.
    pub fn previous(self) -> Option<Self> {
        self.0.checked_sub(1).map(Self)
    }
}

impl fmt::Display for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_read_as_people_write_them() {
        for text in ["S3", "s3", "3"] {
            assert_eq!(text.parse(), Ok(ServerId(3)), "{text}");
        }
        for text in ["", "S", "S0", "S10", "-1", "+1", "SS1", "S1 ", "S1x", "999999"] {
            assert!(text.parse::<ServerId>().is_err(), "{text}");
        }
    }

    #[test]
    fn accounts_are_read_by_name_or_number() {
        assert_eq!("alice".parse(), Ok(AccountId(1)));
        assert_eq!("Heidi".parse(), Ok(AccountId(8)));
        assert_eq!("2".parse(), Ok(AccountId(2)));
        for text in ["", "0", "9", "Mallory"] {
            assert!(text.parse::<AccountId>().is_err(), "{text}");
        }
    }

    #[test]
    fn ids_are_json_strings_that_come_back() {
        let server = ServerId(4);
        let client = ClientId(AccountId(2));
        assert_eq!(serde_json::to_string(&server).unwrap(), "\"S4\"");
        assert_eq!(serde_json::to_string(&client).unwrap(), "\"Bob\"");
        assert_eq!(serde_json::from_str::<ServerId>("\"S4\"").unwrap(), server);
        assert_eq!(serde_json::from_str::<ClientId>("\"Bob\"").unwrap(), client);
    }
}
