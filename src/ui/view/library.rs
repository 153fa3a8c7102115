//! The scenarios that the page offers: the very texts that the tests play.

/// A scenario of the library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name on the page.
    pub name: &'static str,
    /// The scenario.
    pub text: &'static str,
}

impl Entry {
    /// What it shows, in a sentence: its first line.
    pub fn claim(&self) -> &'static str {
        let first = self.text.lines().next().unwrap_or_default();
        first.trim_start_matches('#').trim()
    }
}

macro_rules! library {
    ($($name:literal: $file:literal,)*) => {
        /// All of them, the best to begin with first.
        pub const LIBRARY: &[Entry] = &[$(Entry {
            name: $name,
            text: include_str!(concat!("../../../tests/scenarios/", $file, ".txt")),
        },)*];
    };
}

library! {
    "The leader crashes": "leader_crashes_and_nothing_is_lost",
    "A leader in the minority": "minority_leader_cannot_commit_and_its_late_block_is_dropped",
    "Majority lost, and back": "without_a_majority_nothing_commits",
    "A follower catches up": "follower_crashes_and_catches_up",
    "Power cut": "power_cut_loses_nothing",
    "Two clients, one account": "two_clients_drain_one_account",
    "Many transfers at once": "transfers_are_pipelined_and_may_be_reordered",
    "Paid once": "resends_never_pay_twice",
    "A network that loses a third": "lossy_network_delivers_in_the_end",
    "Partition after partition": "partitions_of_three_overwrite_each_other",
    "An even split": "even_split_of_four_stops_both_sides",
    "A one-way link": "one_way_link_keeps_the_bank_going",
    "A deposed leader is asked": "deposed_leader_answers_no_balance",
    "A server returns": "returning_server_disrupts_nobody",
    "Every role restarts": "every_role_restarts_from_disk",
    "Refusals wait for their block": "refusals_wait_for_their_commit",
    "Somebody edits a block": "edited_block_is_refused_on_restart",
    "A full disk": "full_disk_stops_one_server_alone",
    "Clients in a partition": "clients_stand_outside_partitions",
    "Alone": "single_server_is_its_own_majority",
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Scenario, play};

    #[test]
    fn every_scenario_of_the_library_plays() {
        for entry in LIBRARY {
            let scenario = Scenario::parse(entry.text);
            let scenario = scenario.unwrap_or_else(|error| panic!("{}: {error}", entry.name));
            assert_eq!(scenario.claim, entry.claim());
            play(&scenario).unwrap_or_else(|error| panic!("{}: {error}", entry.name));
        }
    }
}
