//! The library: stories to watch, questions to answer, and tasks to solve.
//!
//! Each is a text of its own beside this file, in the language of [`scenario`](super), which the
//! page, the command line and the tests share. They are grouped, and in each group the easiest
//! comes first.

/// A scenario of the library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The name of its file, without the ending.
    pub file: &'static str,
    /// What it is about.
    pub group: Group,
    /// The scenario.
    pub text: &'static str,
}

/// What scenarios are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// The bank while all is well.
    Basics,
    /// Servers and disks that fail.
    Failures,
    /// Networks that fail.
    Partitions,
    /// The cluster while it is looked after.
    Operations,
    /// What each rule is for: it is switched off.
    RulesOff,
    /// Tasks for the reader.
    Challenges,
}

impl Group {
    /// All of them, in the order of reading.
    pub const ALL: [Self; 6] = [
        Self::Basics,
        Self::Failures,
        Self::Partitions,
        Self::Operations,
        Self::RulesOff,
        Self::Challenges,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Basics => "Basics",
            Self::Failures => "Failures",
            Self::Partitions => "Partitions",
            Self::Operations => "Operations",
            Self::RulesOff => "Rules off",
            Self::Challenges => "Challenges",
        }
    }
}

impl Entry {
    /// What it shows, in a sentence: its first line.
    pub fn claim(&self) -> &'static str {
        let first = self.text.lines().next().unwrap_or_default();
        first.trim_start_matches('#').trim()
    }

    /// Its name.
    pub fn title(&self) -> &'static str {
        let mut lines = self.text.lines();
        let title = lines.find_map(|line| line.strip_prefix("title \"")?.strip_suffix('"'));
        title.unwrap_or(self.file)
    }

    /// True if it asks the reader to predict something.
    pub fn asks(&self) -> bool {
        self.text.lines().any(|line| line.trim_start().starts_with("predict "))
    }
}

/// The entry with this file's name, or this title.
pub fn find(name: &str) -> Option<&'static Entry> {
    LIBRARY.iter().find(|entry| entry.file == name || entry.title() == name)
}

macro_rules! library {
    ($($group:ident: $($file:literal)*;)*) => {
        /// All of them, by groups.
        pub const LIBRARY: &[Entry] = &[$($(Entry {
            file: $file,
            group: Group::$group,
            text: include_str!(concat!($file, ".txt")),
        },)*)*];
    };
}

library! {
    Basics:
        "first_election"
        "transfer_from_click_to_commit"
        "transfers_are_pipelined_and_may_be_reordered"
        "two_clients_drain_one_account"
        "refusals_wait_for_their_commit"
        "resends_never_pay_twice"
        "split_vote"
        "single_server_is_its_own_majority"
        "original_program";
    Failures:
        "follower_crashes_and_catches_up"
        "leader_crashes_and_nothing_is_lost"
        "without_a_majority_nothing_commits"
        "power_cut_loses_nothing"
        "every_role_restarts_from_disk"
        "full_disk_stops_one_server_alone"
        "slow_disk"
        "edited_block_is_refused_on_restart"
        "tampered_block_is_refused_and_sent_again";
    Partitions:
        "minority_leader_cannot_commit_and_its_late_block_is_dropped"
        "even_split_of_four_stops_both_sides"
        "partition_after_partition"
        "one_way_link_keeps_the_bank_going"
        "bridge_partition"
        "returning_server_disrupts_nobody"
        "mining_race_lost_by_a_deposed_leader"
        "clients_stand_outside_partitions"
        "lossy_network_delivers_in_the_end"
        "flapping_network"
        "deposed_leader_answers_no_balance"
        "figure_7"
        "figure_8";
    Operations:
        "rolling_restart"
        "planned_stop_hands_leadership_over_first"
        "server_long_away_gets_a_snapshot"
        "new_server_learns_first_and_then_votes"
        "leader_that_is_removed_hands_over_and_leaves";
    RulesOff:
        "exactly_once"
        "read_confirmation"
        "verification"
        "pre_vote"
        "persistent_vote"
        "commit_current_term"
        "joint_consensus";
    Challenges:
        "depose_the_leader"
        "two_leaders"
        "drop_a_block"
        "elect_the_third"
        "stop_the_bank"
        "read_what_is_gone";
}
