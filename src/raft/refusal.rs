//! What a server answers when it cannot do what it is asked.

use super::Role;
use crate::base::{Index, ServerId};
use std::error::Error;
use std::fmt;

/// The answer to what only a leader can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotLeader {
    /// Who leads, as far as is known.
    pub leader: Option<ServerId>,
}

/// Why an entry was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProposeError {
    /// Only a leader takes entries.
    NotLeader(NotLeader),
    /// This leader is handing over to that server, and takes no entries meanwhile.
    Transferring(ServerId),
    /// The entry would change the membership, and that cannot be.
    Change(ChangeRefused),
}

/// Why the membership cannot be changed. The first that applies is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeRefused {
    /// Only a leader changes it.
    NotLeader(NotLeader),
    /// The membership asked for is joint itself. That one is on the way is for the leader to see.
    Joint,
    /// Another change is under way: its entry, the last of them, is at this index.
    UnderWay(Index),
    /// No entry of the leader's own term is committed yet, so it does not know which membership
    /// its predecessors had committed.
    TooEarly,
    /// That is the membership already.
    Unchanged,
    /// The entry carries another membership than the next step towards it.
    NotTheNextStep,
}

/// Why leadership is not handed over. The first that applies is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransferRefused {
    /// Only a leader hands over.
    NotLeader(NotLeader),
    /// It leads already.
    ToItself,
    /// That server does not vote, or will not much longer.
    NotVoter(ServerId),
}

impl From<NotLeader> for ProposeError {
    fn from(refused: NotLeader) -> Self {
        Self::NotLeader(refused)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Follower => "follower",
            Self::PreCandidate => "pre-candidate",
            Self::Candidate => "candidate",
            Self::Leader => "leader",
        })
    }
}

impl fmt::Display for NotLeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.leader {
            Some(leader) => write!(f, "this server does not lead; {leader} does"),
            None => f.write_str("this server does not lead, and knows of no leader"),
        }
    }
}

impl fmt::Display for ProposeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotLeader(refused) => refused.fmt(f),
            Self::Transferring(to) => write!(f, "this server is handing leadership over to {to}"),
            Self::Change(refused) => refused.fmt(f),
        }
    }
}

impl fmt::Display for ChangeRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotLeader(refused) => refused.fmt(f),
            Self::Joint => f.write_str("name the voters that there should be in the end"),
            Self::UnderWay(index) => write!(f, "the change at {index} is not complete yet"),
            Self::TooEarly => f.write_str("nothing of this leader's own term is committed yet"),
            Self::Unchanged => f.write_str("that is the membership already"),
            Self::NotTheNextStep => f.write_str("another step comes before that membership"),
        }
    }
}

impl fmt::Display for TransferRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotLeader(refused) => refused.fmt(f),
            Self::ToItself => f.write_str("this server leads already"),
            Self::NotVoter(server) => write!(f, "{server} is no voter of the cluster to come"),
        }
    }
}

impl Error for NotLeader {}
impl Error for ProposeError {}
impl Error for ChangeRefused {}
impl Error for TransferRefused {}
