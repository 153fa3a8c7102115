//! The scripts, each a test.

use crate::player::Player;
use std::path::Path;

/// One test for each script, and none forgotten.
macro_rules! scripts {
    ($($name:ident),* $(,)?) => {
        $(
            #[test]
            fn $name() -> std::io::Result<()> {
                let path = Path::new(SCRIPTS).join(concat!(stringify!($name), ".txt"));
                goldenscript::run(&mut Player::new(), path)
            }
        )*

        #[test]
        fn every_script_is_played() {
            let mut played = [$(stringify!($name)),*];
            played.sort_unstable();
            let files = std::fs::read_dir(SCRIPTS).expect("the scripts' folder is there");
            let paths = files.map(|file| file.expect("a file that can be seen").path());
            let scripts = paths.filter(|path| path.extension().is_some_and(|kind| kind == "txt"));
            let names = scripts.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()));
            let mut names: Vec<_> = names.collect();
            names.sort_unstable();
            assert_eq!(names, played);
        }
    };
}

const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/raft_core");

scripts! {
    append_bounded_by_bytes,
    append_bounds,
    append_lost_is_sent_again,
    append_merges_what_waits,
    append_overtaken_is_refused_and_sent_again,
    append_pipelined,
    append_probe_divergent_long,
    append_probe_missing_long,
    append_probes_after_a_loss,
    append_that_begins_below_the_base_brings_what_is_above,
    candidate_follows_the_leader_of_its_term,
    check_quorum_leader_without_answers_steps_down,
    check_quorum_off_lets_a_leader_lead_on,
    check_quorum_voters_stick_to_a_leader_they_hear,
    commit_of_own_term_takes_the_former_along,
    commit_only_current_term,
    compaction_keeps_what_follows,
    compaction_waits_for_the_disk,
    crash_between_two_writes,
    deposed_leader_steps_down,
    down_follower_no_storm,
    down_server_costs_a_message_a_round,
    duplicate_replies_change_nothing,
    durable_is_what_the_log_has_now,
    election_prefers_the_complete_log,
    election_split_vote,
    election_three_servers,
    follower_acknowledges_only_what_is_durable,
    follower_commits_only_verified_prefix,
    late_answers_still_count,
    late_append_does_not_truncate,
    leader_counts_itself_only_when_durable,
    leader_never_commits_beyond_its_disk,
    members_are_in_force_from_their_entry_on,
    members_change_one_at_a_time,
    members_change_survives_a_restart_of_all,
    members_change_survives_the_leader,
    members_change_through_two_majorities,
    members_come_with_a_snapshot,
    members_leader_removes_itself,
    members_learner_is_added_and_promoted,
    members_removed_follower_falls_silent,
    members_removed_follower_that_was_not_told_disturbs_nobody,
    members_removed_leader_may_lead_until_that_is_committed,
    nonsense_is_ignored,
    own_vote_counts_only_when_durable,
    prevote_asks_before_it_stands,
    prevote_is_refused_to_a_log_that_is_behind,
    prevote_of_a_server_in_a_former_term_learns_the_term,
    prevote_returning_server_deposes_nobody,
    prevote_server_in_a_later_term_is_taken_back_in,
    read_aborted_on_step_down,
    read_before_a_leader_is_known_is_refused,
    read_goes_on_amid_a_transfer,
    read_in_a_minority_is_not_answered,
    read_of_a_follower_ends_with_its_leader,
    read_of_a_follower_is_confirmed_by_the_leader,
    read_of_a_follower_waits_for_the_leaders_own_term,
    read_of_followers_share_a_round,
    read_rounds_are_shared,
    read_stages_are_seen_at_both_ends,
    read_that_is_lost_is_passed_on_again,
    read_waits_for_own_term,
    single_server,
    snapshot_answer_that_is_lost_is_made_up_for,
    snapshot_answers_that_are_doubled_double_nothing,
    snapshot_begun_is_sent_to_its_end,
    snapshot_in_parts_to_one_too_far_behind,
    snapshot_of_a_new_leader_takes_the_olds_place,
    snapshot_of_entries_that_are_there_needs_no_bytes,
    snapshot_older_than_what_is_committed_is_known_already,
    snapshot_part_that_is_lost_is_sent_again,
    snapshot_parts_that_are_doubled_or_late_change_nothing,
    snapshot_receiver_starts_again_amid_the_parts,
    snapshot_replaces_a_log_that_differs,
    snapshot_that_is_durable_with_what_follows_comes_first,
    stale_rejection_changes_nothing,
    step_down_off_lets_a_leader_lead_on,
    transfer_asked_again_goes_to_the_last_named,
    transfer_is_given_up_after_an_election_timeout,
    transfer_is_refused_to_who_cannot_lead,
    transfer_message_of_a_former_term_moves_nobody,
    transfer_to_a_named_server,
    transfer_waits_until_the_log_is_complete,
    vote_given_late_in_a_term_survives_restart,
    vote_is_given_once_a_term,
    vote_leaves_only_when_durable,
    vote_survives_restart,
    what_may_be_seen_of_each_role,
    wiped_follower_is_filled_again,
}
