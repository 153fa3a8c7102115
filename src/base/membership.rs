//! Who belongs to the cluster, and whose votes count.

use super::{Digest, MAX_SERVERS, ServerId, Set};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The servers of a cluster at some place in its log (paper §6; dissertation §4).
///
/// While the voters change, there are two sets of them and every decision needs a majority of
/// *each*: the membership is then called joint.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Membership {
    /// Those whose votes and acknowledgements count. Never none.
    voters: Set<ServerId>,
    /// While the voters change: those whose count as well, until the change is complete.
    outgoing: Set<ServerId>,
    /// Those that receive the log and do not count. One that is outgoing too counts until the
    /// change is complete, and learns from then on.
    learners: Set<ServerId>,
}

/// Why some servers cannot be a membership.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MembershipError {
    /// Nobody could decide anything.
    NoVoter,
    /// A server cannot vote and only learn.
    VoterAndLearner(ServerId),
}

impl Membership {
    /// A membership at rest.
    pub fn new(voters: Set<ServerId>, learners: Set<ServerId>) -> Result<Self, MembershipError> {
        Self { voters, outgoing: Set::new(), learners }.checked()
    }

    /// A membership of voters alone.
    ///
    /// # Panics
    /// If there are none.
    pub fn of(voters: impl IntoIterator<Item = ServerId>) -> Self {
        let voters = voters.into_iter().collect();
        Self::new(voters, Set::new()).expect("a cluster has at least one voter")
    }

    /// The way from this membership, which is at rest, to another: for a time, both decide.
    ///
    /// # Panics
    /// If this one or the other is joint.
    pub fn joint_with(&self, target: &Self) -> Self {
        assert!(!self.is_joint() && !target.is_joint(), "one change is made at a time");
        let outgoing = self.voters.clone();
        Self { voters: target.voters.clone(), outgoing, learners: target.learners.clone() }
    }

    /// What this membership becomes once its change of voters is complete.
    pub fn settled(&self) -> Self {
        Self { outgoing: Set::new(), ..self.clone() }
    }

    /// The voters.
    pub fn voters(&self) -> &Set<ServerId> {
        &self.voters
    }

    /// The voters whose majority is needed too until the change is complete. None at rest.
    pub fn outgoing(&self) -> &Set<ServerId> {
        &self.outgoing
    }

    /// Those that only learn.
    pub fn learners(&self) -> &Set<ServerId> {
        &self.learners
    }

    /// True while the voters change.
    pub fn is_joint(&self) -> bool {
        !self.outgoing.is_empty()
    }

    /// True if the server's vote counts, in either set.
    pub fn is_voter(&self, server: ServerId) -> bool {
        self.voters.contains(&server) || self.outgoing.contains(&server)
    }

    /// True if the server belongs to it at all.
    pub fn contains(&self, server: ServerId) -> bool {
        self.is_voter(server) || self.learners.contains(&server)
    }

    /// Every server that belongs to it, each once, in order.
    pub fn all(&self) -> impl Iterator<Item = ServerId> + '_ {
        ServerId::first(MAX_SERVERS).filter(|server| self.contains(*server))
    }

    /// Feeds it into a digest: each set behind its length, so that no two memberships are fed in
    /// as the same bytes.
    pub fn digest_into(&self, digest: &mut Digest) {
        for servers in [&self.voters, &self.outgoing, &self.learners] {
            digest.number(servers.len() as u64);
            servers.iter().for_each(|server| {
                digest.number(server.number().into());
            });
        }
    }

    fn checked(self) -> Result<Self, MembershipError> {
        if self.voters.is_empty() {
            return Err(MembershipError::NoVoter);
        }
        let both = self.learners.intersection(&self.voters).next().copied();
        match both {
            Some(both) => Err(MembershipError::VoterAndLearner(both)),
            None => Ok(self),
        }
    }
}

/// A membership as it is written down. What is read was perhaps edited, so it is checked.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    voters: Set<ServerId>,
    #[serde(default, skip_serializing_if = "Set::is_empty")]
    outgoing: Set<ServerId>,
    #[serde(default, skip_serializing_if = "Set::is_empty")]
    learners: Set<ServerId>,
}

impl From<Membership> for Written {
    fn from(Membership { voters, outgoing, learners }: Membership) -> Self {
        Self { voters, outgoing, learners }
    }
}

impl TryFrom<Written> for Membership {
    type Error = String;

    fn try_from(Written { voters, outgoing, learners }: Written) -> Result<Self, String> {
        Self { voters, outgoing, learners }.checked().map_err(|error| error.to_string())
    }
}

/// `S1-S2-S3`, with `learners S4` behind it if there are any; `S1-S2 and S1-S2-S3` when joint.
impl fmt::Display for Membership {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_set(f, &self.voters)?;
        if self.is_joint() {
            f.write_str(" and ")?;
            write_set(f, &self.outgoing)?;
        }
        if !self.learners.is_empty() {
            f.write_str(" learners ")?;
            write_set(f, &self.learners)?;
        }
        Ok(())
    }
}

fn write_set(f: &mut fmt::Formatter<'_>, servers: &Set<ServerId>) -> fmt::Result {
    for (position, server) in servers.iter().enumerate() {
        write!(f, "{}{server}", if position == 0 { "" } else { "-" })?;
    }
    Ok(())
}

impl fmt::Display for MembershipError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoVoter => f.write_str("a cluster needs at least one voter"),
            Self::VoterAndLearner(server) => {
                write!(f, "{server} cannot both vote and only learn: name it once")
            }
        }
    }
}

impl std::error::Error for MembershipError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn servers(numbers: &[u8]) -> Set<ServerId> {
        numbers.iter().filter_map(|number| ServerId::new(*number)).collect()
    }

    fn membership(voters: &[u8], learners: &[u8]) -> Membership {
        Membership::new(servers(voters), servers(learners)).unwrap()
    }

    #[test]
    fn while_joint_both_sets_vote_and_a_demoted_voter_learns_afterwards() {
        let old = membership(&[1, 2, 3], &[4]);
        let joint = old.joint_with(&membership(&[1, 2, 4], &[3, 5]));
        assert_eq!(joint.to_string(), "S1-S2-S4 and S1-S2-S3 learners S3-S5");
        assert_eq!(joint.settled().to_string(), "S1-S2-S4 learners S3-S5");
        assert!(joint.is_joint() && joint.is_voter(ServerId::new(3).unwrap()));
        assert_eq!(joint.all().collect::<Set<_>>(), servers(&[1, 2, 3, 4, 5]));
    }

    #[test]
    fn it_is_read_back_as_it_was_written() {
        let old = membership(&[1, 2, 3], &[]);
        for case in [old.clone(), membership(&[2], &[9]), old.joint_with(&membership(&[4], &[1]))] {
            let text = serde_json::to_string(&case).unwrap();
            assert_eq!(serde_json::from_str::<Membership>(&text).unwrap(), case, "{text}");
        }
        assert_eq!(serde_json::to_string(&old).unwrap(), r#"{"voters":["S1","S2","S3"]}"#);
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        let cases = [
            (r#"{"voters":[]}"#, "a cluster needs at least one voter"),
            (r#"{"voters":["S1"],"learners":["S1"]}"#, "S1 cannot both vote and only learn"),
            (
                r#"{"voters":["S2"],"outgoing":["S1"],"learners":["S2"]}"#,
                "S2 cannot both vote and only learn",
            ),
        ];
        for (text, expected) in cases {
            let error = serde_json::from_str::<Membership>(text).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{text}: {error}");
        }
    }

    #[test]
    fn different_memberships_have_different_digests() {
        let root = |membership: &Membership| {
            let mut digest = Digest::new();
            membership.digest_into(&mut digest);
            digest.finish()
        };
        let cases = [
            membership(&[1, 2], &[]),
            membership(&[1], &[2]),
            membership(&[1], &[]).joint_with(&membership(&[2], &[])),
            membership(&[2], &[]).joint_with(&membership(&[1], &[])),
        ];
        let roots: Set<_> = cases.iter().map(root).collect();
        assert_eq!(roots.len(), cases.len());
    }
}
