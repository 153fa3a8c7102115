//! What each rule of the engine is for.

use super::Property;
use crate::base::Rule;

/// What breaks when a rule is switched off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Defence {
    /// This promise.
    Safety(Property),
    /// Nothing that is wrong ever happens, but what should happen does not: what stalls.
    Liveness(&'static str),
}

impl Defence {
    /// What a rule defends.
    pub fn of(rule: Rule) -> Self {
        match rule {
            Rule::ElectionRestriction | Rule::CommitCurrentTerm => {
                Self::Safety(Property::LeaderCompleteness)
            }
            Rule::AppendConsistency => Self::Safety(Property::LogMatching),
            Rule::PersistentVote | Rule::TermIncrease => Self::Safety(Property::OneVote),
            Rule::PersistentLog => Self::Safety(Property::Durability),
            Rule::StepDown => Self::Safety(Property::ElectionSafety),
            Rule::ReadConfirmation => Self::Safety(Property::Linearizability),
            Rule::ExactlyOnce => Self::Safety(Property::ExactlyOnce),
            Rule::ReceiptsInLog => Self::Safety(Property::NoPhantoms),
            Rule::Verification => Self::Safety(Property::ValidChain),
            Rule::JointConsensus => Self::Safety(Property::StateMachineSafety),
            Rule::PreVote => {
                Self::Liveness("A server that returns from isolation disrupts a leader that works.")
            }
            Rule::CheckQuorum => {
                Self::Liveness("Clients stall behind a leader that cannot hear its followers.")
            }
            Rule::OpeningBlock => {
                Self::Liveness("Blocks of earlier terms, and reads, wait for the next transfer.")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_rules_defend_liveness_and_the_others_safety() {
        let is_alive = |rule: &Rule| matches!(Defence::of(*rule), Defence::Liveness(_));
        let alive: Vec<Rule> = Rule::ALL.into_iter().filter(is_alive).collect();
        assert_eq!(alive, [Rule::PreVote, Rule::CheckQuorum, Rule::OpeningBlock]);
    }
}
