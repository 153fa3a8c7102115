//! The rules that keep a replicated bank right, each of which can be switched off.
//!
//! Whoever wonders what a rule is for may run the bank without it and watch what breaks. A rule
//! is on unless a run says otherwise; each is looked at in one place of the engine alone, the one
//! that it governs. A run with a rule off is marked as such wherever it is shown.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A rule of the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// Votes go only to those whose log is at least as complete as the voter's.
    ElectionRestriction,
    /// Only entries of the leader's own term are committed by counting servers.
    CommitCurrentTerm,
    /// Entries are accepted only where the entry before them is the leader's.
    AppendConsistency,
    /// A vote is on the disk before it is given.
    PersistentVote,
    /// Entries are on the disk before they are acknowledged.
    PersistentLog,
    /// A leader or candidate that hears of a higher term follows.
    StepDown,
    /// A candidate stands in a new term.
    TermIncrease,
    /// A leader asks a majority whether it still leads before it answers a read.
    ReadConfirmation,
    /// A request that took effect once has no effect again.
    ExactlyOnce,
    /// A refusal takes a place in the log before it is answered.
    ReceiptsInLog,
    /// Followers check the work, the links and the outcomes of every block.
    Verification,
    /// A change of the voters passes through a time in which both majorities are needed.
    JointConsensus,
    /// A server asks whether it could win before it starts a new term.
    PreVote,
    /// A leader that a majority no longer answers steps down, and who hears a leader votes for
    /// nobody else.
    CheckQuorum,
    /// A new leader first commits a block of its own term, if only an empty one.
    OpeningBlock,
}

impl Rule {
    /// All rules, in the order of the enum.
    pub const ALL: [Self; 15] = [
        Self::ElectionRestriction,
        Self::CommitCurrentTerm,
        Self::AppendConsistency,
        Self::PersistentVote,
        Self::PersistentLog,
        Self::StepDown,
        Self::TermIncrease,
        Self::ReadConfirmation,
        Self::ExactlyOnce,
        Self::ReceiptsInLog,
        Self::Verification,
        Self::JointConsensus,
        Self::PreVote,
        Self::CheckQuorum,
        Self::OpeningBlock,
    ];

    /// Its name in run files, scenarios and on the command line.
    pub fn name(self) -> &'static str {
        self.text()[0]
    }

    /// What it says, in one sentence.
    pub fn meaning(self) -> &'static str {
        self.text()[1]
    }

    /// Where it is demanded.
    pub fn source(self) -> &'static str {
        self.text()[2]
    }

    /// Name, meaning and source.
    fn text(self) -> [&'static str; 3] {
        match self {
            Self::ElectionRestriction => [
                "election-restriction",
                "Votes go only to servers whose log is at least as complete as the voter's.",
                "Raft paper, §5.4.1",
            ],
            Self::CommitCurrentTerm => [
                "commit-current-term",
                "Only entries of the leader's own term are committed by counting servers.",
                "Raft paper, §5.4.2 and figure 8",
            ],
            Self::AppendConsistency => [
                "append-consistency",
                "Entries are accepted only where the entry before them is the leader's.",
                "Raft paper, §5.3",
            ],
            Self::PersistentVote => [
                "persistent-vote",
                "A vote is on the disk before it is given.",
                "Raft paper, figure 2",
            ],
            Self::PersistentLog => [
                "persistent-log",
                "Entries are on the disk before they are acknowledged.",
                "Raft paper, figure 2",
            ],
            Self::StepDown => [
                "step-down",
                "A leader or candidate that hears of a higher term follows.",
                "Raft paper, §5.1",
            ],
            Self::TermIncrease => {
                ["term-increase", "A candidate stands in a new term.", "Raft paper, §5.2"]
            }
            Self::ReadConfirmation => [
                "read-confirmation",
                "A leader asks a majority whether it still leads before it answers a read.",
                "Raft dissertation, §6.4",
            ],
            Self::ExactlyOnce => [
                "exactly-once",
                "A request that took effect once has no effect again.",
                "Raft dissertation, §6.3",
            ],
            Self::ReceiptsInLog => [
                "receipts-in-log",
                "A refusal takes a place in the log before it is answered.",
                "Raft paper, §8",
            ],
            Self::Verification => [
                "verification",
                "Followers check the work, the links and the outcomes of every block.",
                "Bitcoin paper, §5",
            ],
            Self::JointConsensus => [
                "joint-consensus",
                "A change of the voters passes through a time in which both majorities are needed.",
                "Raft paper, §6",
            ],
            Self::PreVote => [
                "pre-vote",
                "A server asks whether it could win before it starts a new term.",
                "Raft dissertation, §9.6",
            ],
            Self::CheckQuorum => [
                "check-quorum",
                "A leader that a majority no longer answers steps down, and who hears a leader \
                 votes for nobody else.",
                "Raft dissertation, §6.2 and §4.2.3",
            ],
            Self::OpeningBlock => [
                "opening-block",
                "A new leader first commits a block of its own term, if only an empty one.",
                "Raft paper, §8",
            ],
        }
    }
}

/// Writes its name.
impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Reads its name.
impl FromStr for Rule {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let named = Self::ALL.into_iter().find(|rule| rule.name() == text);
        named.ok_or_else(|| {
            let names = Self::ALL.map(Self::name).join(", ");
            format!("'{text}' is no rule: write one of {names}")
        })
    }
}

/// Which rules are on. By default all are.
///
/// It is written down as the list of those that are off, so that an ordinary run has an empty
/// list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub struct Rules {
    /// One bit a rule, set where it is off.
    off: u16,
}

impl Rules {
    /// Every rule is on.
    pub const ALL_ON: Self = Self { off: 0 };

    /// The same, but for one rule, which is off.
    pub const fn without(self, rule: Rule) -> Self {
        Self { off: self.off | 1 << rule as u16 }
    }

    /// The same, with one rule on in any case.
    pub const fn with(self, rule: Rule) -> Self {
        Self { off: self.off & !(1 << rule as u16) }
    }

    /// True if this rule is on.
    pub const fn is_on(self, rule: Rule) -> bool {
        self.off & (1 << rule as u16) == 0
    }

    /// True if no rule is off.
    pub const fn all_on(&self) -> bool {
        self.off == 0
    }

    /// The rules that are off, in the order of [`Rule::ALL`].
    pub fn off(self) -> impl Iterator<Item = Rule> {
        Rule::ALL.into_iter().filter(move |rule| !self.is_on(*rule))
    }
}

impl From<Rules> for Vec<String> {
    fn from(rules: Rules) -> Self {
        rules.off().map(|rule| rule.name().to_owned()).collect()
    }
}

impl TryFrom<Vec<String>> for Rules {
    type Error = String;

    fn try_from(names: Vec<String>) -> Result<Self, String> {
        names.iter().try_fold(Self::ALL_ON, |rules, name| Ok(rules.without(name.parse()?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn all_lists_every_rule_at_its_place_under_a_name_of_its_own() {
        for (position, rule) in Rule::ALL.into_iter().enumerate() {
            assert_eq!(rule as usize, position, "{rule}");
            assert_eq!(rule.name().parse(), Ok(rule));
        }
        let names: BTreeSet<_> = Rule::ALL.map(Rule::name).into();
        assert_eq!(names.len(), Rule::ALL.len());
    }

    #[test]
    fn switching_one_off_leaves_the_others_on() {
        for rule in Rule::ALL {
            let rules = Rules::ALL_ON.without(rule);
            assert_eq!(rules.off().collect::<Vec<_>>(), [rule]);
            assert_eq!(rules.with(rule), Rules::ALL_ON);
            let text = serde_json::to_string(&rules).unwrap();
            assert_eq!(text, format!("[\"{rule}\"]"));
            assert_eq!(serde_json::from_str::<Rules>(&text).unwrap(), rules);
        }
        assert!(Rules::default().all_on());
        assert_eq!(serde_json::to_string(&Rules::ALL_ON).unwrap(), "[]");
    }

    #[test]
    fn an_unknown_rule_is_named() {
        let error = serde_json::from_str::<Rules>(r#"["pre-vote","gravity"]"#).unwrap_err();
        assert!(error.to_string().starts_with("'gravity' is no rule"), "{error}");
    }
}
