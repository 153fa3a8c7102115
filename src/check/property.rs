//! What is promised.

use std::fmt;

/// A promise of the system that must hold after every event of every run.
///
/// The first five are Raft's (paper, figure 3), the others the chain's and the bank's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Property {
    /// At most one leader is elected in a term.
    ElectionSafety,
    /// A leader never overwrites or deletes what is in its log.
    LeaderAppendOnly,
    /// Logs that agree on a height and term agree on everything up to there.
    LogMatching,
    /// What is committed in a term stands in the log of the leader of every later term.
    LeaderCompleteness,
    /// No two servers commit or apply different blocks at one height.
    StateMachineSafety,
    /// Every block in every log links to the one before it, has its work, and is what it says.
    ValidChain,
    /// All accounts together always hold what they held at the opening.
    Conservation,
    /// A transfer is paid if its account holds the money at that place, and only then.
    NoOverdraft,
    /// No request takes effect twice.
    ExactlyOnce,
    /// What a client was answered is in the committed chain, and stays there.
    AcknowledgedStays,
    /// All servers hold the same balances at the same height.
    ReplicaAgreement,
    /// To its clients the cluster is one bank that does one thing at a time.
    Linearizability,
    /// A server gives one vote in a term, restarts included.
    OneVote,
    /// Term, snapshot, commit and applied heights of a server never go back; restarts bring no term
    /// back in which it has voted.
    NothingGoesBack,
    /// Of each server: snapshot ≤ applied ≤ committed ≤ last.
    OrderedHeights,
    /// A snapshot stands for the committed chain up to its height, and holds its accounts.
    TrueSnapshot,
    /// What a server replies of a transfer stands in the committed chain by then.
    NoPhantoms,
    /// What is committed is on the leader's disk and on those of a quorum, and no quorum is ever
    /// without it.
    Durability,
}

impl Property {
    /// All of them, in order.
    pub const ALL: [Self; 18] = [
        Self::ElectionSafety,
        Self::LeaderAppendOnly,
        Self::LogMatching,
        Self::LeaderCompleteness,
        Self::StateMachineSafety,
        Self::ValidChain,
        Self::Conservation,
        Self::NoOverdraft,
        Self::ExactlyOnce,
        Self::AcknowledgedStays,
        Self::ReplicaAgreement,
        Self::Linearizability,
        Self::OneVote,
        Self::NothingGoesBack,
        Self::OrderedHeights,
        Self::TrueSnapshot,
        Self::NoPhantoms,
        Self::Durability,
    ];

    /// Its name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::ElectionSafety => "Election Safety",
            Self::LeaderAppendOnly => "Leader Append-Only",
            Self::LogMatching => "Log Matching",
            Self::LeaderCompleteness => "Leader Completeness",
            Self::StateMachineSafety => "State Machine Safety",
            Self::ValidChain => "Valid Chain",
            Self::Conservation => "Conservation of Money",
            Self::NoOverdraft => "No Overdraft",
            Self::ExactlyOnce => "Exactly Once",
            Self::AcknowledgedStays => "Acknowledged Stays",
            Self::ReplicaAgreement => "Replica Agreement",
            Self::Linearizability => "Linearizability",
            Self::OneVote => "One Vote a Term",
            Self::NothingGoesBack => "Nothing Goes Back",
            Self::OrderedHeights => "Ordered Heights",
            Self::TrueSnapshot => "True Snapshot",
            Self::NoPhantoms => "No Phantom Replies",
            Self::Durability => "Durability",
        }
    }

    /// What it says, in one sentence.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::ElectionSafety => "At most one leader is elected in a term.",
            Self::LeaderAppendOnly => "A leader never overwrites or deletes what is in its log.",
            Self::LogMatching => {
                "Logs that agree on a height and term agree on everything up to there."
            }
            Self::LeaderCompleteness => {
                "What is committed in a term stands in the log of the leader of every later term."
            }
            Self::StateMachineSafety => {
                "No two servers commit or apply different blocks at one height."
            }
            Self::ValidChain => {
                "Every block in every log links to the one before it, has its work, \
                 and is what it says."
            }
            Self::Conservation => {
                "All accounts together always hold what they held at the opening."
            }
            Self::NoOverdraft => {
                "A transfer is paid if its account holds the money at that place, \
                 and only then."
            }
            Self::ExactlyOnce => "No request takes effect twice.",
            Self::AcknowledgedStays => {
                "What a client was answered is in the committed chain, and stays there."
            }
            Self::ReplicaAgreement => "All servers hold the same balances at the same height.",
            Self::Linearizability => {
                "To its clients the cluster is one bank that does one thing at a time, \
                 after it was asked and before it answers."
            }
            Self::OneVote => "A server gives one vote in a term, restarts included.",
            Self::NothingGoesBack => {
                "Term, snapshot, commit and applied heights of a server never go back; \
                 restarts bring no term back in which it has voted."
            }
            Self::OrderedHeights => "Of each server: snapshot ≤ applied ≤ committed ≤ last.",
            Self::TrueSnapshot => {
                "A snapshot stands for the committed chain up to its height, and holds its accounts."
            }
            Self::NoPhantoms => {
                "What a server replies of a transfer stands in the committed chain by then."
            }
            Self::Durability => {
                "What is committed is on the leader's disk and on those of a quorum, \
                 and no quorum is ever without it."
            }
        }
    }

    /// Where it is stated.
    pub fn source(self) -> &'static str {
        match self {
            Self::ElectionSafety => "Raft paper, figure 3 and §5.2",
            Self::LeaderAppendOnly | Self::LogMatching => "Raft paper, figure 3 and §5.3",
            Self::LeaderCompleteness => "Raft paper, figure 3 and §5.4",
            Self::StateMachineSafety => "Raft paper, figure 3 and §5.4.3",
            Self::ValidChain => "Bitcoin paper, §3 and §4",
            Self::Conservation | Self::NoOverdraft => "The bank's own rule",
            Self::ExactlyOnce => "Raft paper, §8; dissertation, §6.3",
            Self::AcknowledgedStays => "Raft paper, §8; dissertation, §6.3 and §6.4",
            Self::ReplicaAgreement => "Raft paper, §2",
            Self::Linearizability => "Herlihy and Wing, 1990; Raft paper, §8",
            Self::OneVote => "Raft paper, figure 2; openraft and etcd-io/raft",
            Self::NothingGoesBack => "etcd-io/raft, TLA+ specification",
            Self::OrderedHeights => "openraft, log state invariants",
            Self::TrueSnapshot => "Raft paper, §7",
            Self::NoPhantoms => "Raft paper, §8",
            Self::Durability => "etcd-io/raft and openraft; Raft paper, §5.3 and §6",
        }
    }
}

impl fmt::Display for Property {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_lists_every_property_at_its_place() {
        for (position, property) in Property::ALL.into_iter().enumerate() {
            assert_eq!(property as usize, position, "{property}");
        }
        assert_eq!(Property::Durability as usize + 1, Property::ALL.len());
    }
}
