//! Partitions as people write them: `S1;S2-S3`.

use crate::base::{ClientId, Endpoint, ServerId, Set};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A partition: groups whose members reach each other and nobody else.
///
/// Groups are separated by `;` and their members by `-`. A bare number is a server, so `1;2-3` is
/// `S1;S2-S3`. Clients may be named too (`S1-Alice;S2-S3`). Blanks do not matter.
///
/// Nobody is in two groups, no group is empty, and there is at least one. The groups' order means
/// nothing; they are kept in the order of their first members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Groups(Vec<Set<Endpoint>>);

impl Groups {
    /// Reads a partition of a cluster that has these servers and clients.
    pub fn parse(
        text: &str,
        servers: impl IntoIterator<Item = ServerId>,
        clients: impl IntoIterator<Item = ClientId>,
    ) -> Result<Self, GroupsError> {
        let groups = text.parse::<Self>()?;
        groups.check(servers, clients)?;
        Ok(groups)
    }

    /// A partition into these groups, of a cluster that need not be known yet.
    pub fn new<G: IntoIterator<Item = Endpoint>>(
        groups: impl IntoIterator<Item = G>,
    ) -> Result<Self, GroupsError> {
        let mut everybody = Set::new();
        let mut ordered = Set::new();
        for (position, members) in groups.into_iter().enumerate() {
            let mut group = Set::new();
            for member in members {
                if !everybody.insert(member) {
                    return Err(GroupsError::Repeated(member));
                }
                group.insert(member);
            }
            if group.is_empty() {
                return Err(GroupsError::EmptyGroup { position: position + 1 });
            }
            ordered.insert(group);
        }
        if ordered.is_empty() {
            return Err(GroupsError::NoGroups);
        }
        Ok(Self(ordered.into_iter().collect()))
    }

    /// Whether all who are named exist in a cluster that has these servers and clients.
    pub fn check(
        &self,
        servers: impl IntoIterator<Item = ServerId>,
        clients: impl IntoIterator<Item = ClientId>,
    ) -> Result<(), GroupsError> {
        let servers: Set<ServerId> = servers.into_iter().collect();
        let clients: Set<ClientId> = clients.into_iter().collect();
        for member in self.0.iter().flatten() {
            match member {
                Endpoint::Server(server) if !servers.contains(server) => {
                    return Err(GroupsError::UnknownServer { word: member.to_string(), servers });
                }
                Endpoint::Client(client) if !clients.contains(client) => {
                    return Err(GroupsError::UnknownClient { client: *client, clients });
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Whether the partition lets messages pass between these two.
    ///
    /// A client that is in no group reaches every server. A server that is in no group reaches
    /// such clients alone.
    pub fn connect(&self, one: Endpoint, other: Endpoint) -> bool {
        match (self.group_of(one), self.group_of(other)) {
            (Some(group), Some(group_of_other)) => group == group_of_other,
            (None, None) => is_client(one) || is_client(other),
            (None, Some(_)) => is_client(one),
            (Some(_), None) => is_client(other),
        }
    }

    /// The groups, each with its members in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Set<Endpoint>> + Clone {
        self.0.iter()
    }

    /// The position in [`Groups::iter`] of the group that this one is in, if any.
    pub fn group_of(&self, member: Endpoint) -> Option<usize> {
        self.0.iter().position(|group| group.contains(&member))
    }
}

fn is_client(endpoint: Endpoint) -> bool {
    matches!(endpoint, Endpoint::Client(_))
}

/// The canonical form: full names, no blanks, members and groups in order.
impl fmt::Display for Groups {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, group) in self.0.iter().enumerate() {
            let separator = if position == 0 { "" } else { ";" };
            write!(f, "{separator}{}", joined(group, "-"))?;
        }
        Ok(())
    }
}

/// Reads a partition of a cluster that need not be known yet; [`Groups::check`] holds it against
/// one.
impl FromStr for Groups {
    type Err = GroupsError;

    fn from_str(text: &str) -> Result<Self, GroupsError> {
        if text.trim().is_empty() {
            return Err(GroupsError::NoGroups);
        }
        let mut groups = Vec::new();
        for (position, group) in text.split(';').enumerate() {
            groups.push(parse_group(group, position + 1)?);
        }
        Self::new(groups)
    }
}

fn parse_group(text: &str, position: usize) -> Result<Vec<Endpoint>, GroupsError> {
    if text.trim().is_empty() {
        return Err(GroupsError::EmptyGroup { position });
    }
    text.split('-').map(|word| parse_member(word.trim(), text.trim())).collect()
}

fn parse_member(word: &str, group: &str) -> Result<Endpoint, GroupsError> {
    if word.is_empty() {
        return Err(GroupsError::MissingMember { group: group.to_owned() });
    }
    word.parse().map_err(|_| {
        let word = word.to_owned();
        let digits = word.strip_prefix(['S', 's']).unwrap_or(&word);
        if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            GroupsError::UnknownServer { word, servers: Set::new() }
        } else {
            GroupsError::NoName { word }
        }
    })
}

impl From<Groups> for String {
    fn from(groups: Groups) -> Self {
        groups.to_string()
    }
}

impl TryFrom<String> for Groups {
    type Error = GroupsError;

    fn try_from(text: String) -> Result<Self, GroupsError> {
        text.parse()
    }
}

/// Why a text is not a partition. Its `Display` names the word and says what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupsError {
    /// There is nothing there.
    NoGroups,
    /// A group has no members.
    EmptyGroup {
        /// Which one, from 1 on.
        position: usize,
    },
    /// There is nothing before, after or between hyphens.
    MissingMember {
        /// The group as written.
        group: String,
    },
    /// The word has the form of a server's name, but there is no such server.
    UnknownServer {
        /// The word as written.
        word: String,
        /// The servers that there are; empty if the cluster is not known yet.
        servers: Set<ServerId>,
    },
    /// There is no such client.
    UnknownClient {
        /// The one that was named.
        client: ClientId,
        /// The clients that there are.
        clients: Set<ClientId>,
    },
    /// The word is neither a server's name nor a client's.
    NoName {
        /// The word as written.
        word: String,
    },
    /// Somebody is named twice.
    Repeated(Endpoint),
}

impl fmt::Display for GroupsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoGroups => f.write_str("no groups: write them as S1;S2-S3, or heal the network"),
            Self::EmptyGroup { position } => {
                write!(f, "group {position} is empty: take away the ';' before or after it")
            }
            Self::MissingMember { group } => {
                write!(f, "a name is missing in '{group}': write one on each side of each '-'")
            }
            Self::UnknownServer { word, servers } if servers.is_empty() => {
                write!(f, "there is no server '{word}': servers are named S1, S2 and so on")
            }
            Self::UnknownServer { word, servers } => {
                write!(f, "there is no server '{word}': choose from {}", joined(servers, ", "))
            }
            Self::UnknownClient { client, clients } if clients.is_empty() => {
                write!(f, "there is no client '{client}': name servers only")
            }
            Self::UnknownClient { client, clients } => {
                write!(f, "there is no client '{client}': choose from {}", joined(clients, ", "))
            }
            Self::NoName { word } => write!(
                f,
                "'{word}' is neither a server nor a client: put ';' between groups and '-' \
                 between members, as in S1;S2-S3"
            ),
            Self::Repeated(member) => {
                write!(f, "{member} is named twice: put it into one group only")
            }
        }
    }
}

impl std::error::Error for GroupsError {}

fn joined<T: fmt::Display>(items: &Set<T>, separator: &str) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(separator)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Groups, GroupsError> {
        Groups::parse(text, ServerId::first(5), ClientId::first(3))
    }

    #[test]
    fn partitions_are_read_as_people_write_them() {
        for (text, canonical) in [
            ("S1;S2-S3", "S1;S2-S3"),
            ("1;2-3", "S1;S2-S3"),
            ("  s3 - 2 ;\t1 ", "S1;S2-S3"),
            ("S5", "S5"),
            ("1-2-3-4-5", "S1-S2-S3-S4-S5"),
            ("alice-S2;S1-Bob", "S1-Bob;S2-Alice"),
            ("Carol;S4", "S4;Carol"),
        ] {
            let groups = parse(text).unwrap();
            assert_eq!(groups.to_string(), canonical, "{text}");
            assert_eq!(parse(canonical), Ok(groups), "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_named_with_what_to_do() {
        let rubbish = "is neither a server nor a client: put ';' between groups and '-' between \
                       members, as in S1;S2-S3";
        for (text, expected) in [
            ("", "no groups: write them as S1;S2-S3, or heal the network".to_owned()),
            (" \t", "no groups: write them as S1;S2-S3, or heal the network".to_owned()),
            (";", "group 1 is empty: take away the ';' before or after it".to_owned()),
            ("1;;2", "group 2 is empty: take away the ';' before or after it".to_owned()),
            ("1;2;", "group 3 is empty: take away the ';' before or after it".to_owned()),
            ("1;2-", "a name is missing in '2-': write one on each side of each '-'".to_owned()),
            ("-1;2", "a name is missing in '-1': write one on each side of each '-'".to_owned()),
            ("1;2--3", "a name is missing in '2--3': write one on each side of each '-'".into()),
            ("1;S6", "there is no server 'S6': choose from S1, S2, S3, S4, S5".to_owned()),
            ("S0;1", "there is no server 'S0': servers are named S1, S2 and so on".to_owned()),
            ("1;123456", "there is no server '123456': servers are named S1, S2 and so on".into()),
            ("S1-Dave", "there is no client 'Dave': choose from Alice, Bob, Carol".to_owned()),
            ("S1;S2-s1", "S1 is named twice: put it into one group only".to_owned()),
            ("Bob-bob", "Bob is named twice: put it into one group only".to_owned()),
            ("S1,S2", format!("'S1,S2' {rubbish}")),
            ("S1 S2;S3", format!("'S1 S2' {rubbish}")),
            ("S1;Mallory", format!("'Mallory' {rubbish}")),
            ("S1;☃", format!("'☃' {rubbish}")),
        ] {
            assert_eq!(parse(text).unwrap_err().to_string(), expected, "{text}");
        }
        let nobody = Groups::parse("S1-Bob", ServerId::first(1), None).unwrap_err();
        assert_eq!(nobody.to_string(), "there is no client 'Bob': name servers only");
    }

    #[test]
    fn who_reaches_whom() {
        let groups = parse("S1-Alice;S2-S3").unwrap();
        for (one, other, expected) in [
            ("S2", "S3", true),
            ("S1", "S2", false),
            ("S1", "Alice", true),
            ("S2", "Alice", false),
            // In no group: a server is alone, a client stands outside.
            ("S4", "S5", false),
            ("S4", "S2", false),
            ("S4", "Alice", false),
            ("S2", "Bob", true),
            ("S4", "Bob", true),
        ] {
            let ends: (Endpoint, Endpoint) = (one.parse().unwrap(), other.parse().unwrap());
            assert_eq!(groups.connect(ends.0, ends.1), expected, "{one} to {other}");
            assert_eq!(groups.connect(ends.1, ends.0), expected, "{other} to {one}");
        }
    }

    #[test]
    fn partitions_are_json_strings_that_come_back() {
        let groups = parse("S1;S2-S3").unwrap();
        assert_eq!(serde_json::to_string(&groups).unwrap(), r#""S1;S2-S3""#);
        assert_eq!(serde_json::from_str::<Groups>(r#""2-3;1""#).unwrap(), groups);
        let error = serde_json::from_str::<Groups>(r#""1;1""#).unwrap_err().to_string();
        assert_eq!(error, "S1 is named twice: put it into one group only");
    }
}
