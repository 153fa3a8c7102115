//! The tests, in the order in which they run.

mod a_bug_loses_nothing;
mod a_crowd_has_room;
mod a_file_is_imported;
mod a_link_that_is_broken_changes_nothing;
mod a_request_is_followed;
mod a_shared_link_shows_the_same_run;
mod a_storage_that_fails_is_told_of;
mod a_stored_block_is_tampered_with;
mod a_story_is_read;
mod an_unanswered_request_survives_a_reload;
mod bad_input_is_answered_where_it_is_typed;
mod charts_are_read;
mod finder_agrees_with_chromium;
mod fingers_are_enough;
mod links_are_cut_in_the_matrix;
mod load_and_chaos_are_part_of_the_run;
mod messages_are_taken_in_hand;
mod motion_can_be_reduced;
mod nobody_is_kept_out;
mod one_tab_keeps_the_bank;
mod partitions_are_set_by_text;
mod scripts_use_the_page;
mod speed_follows_interest;
mod the_bank_survives_a_reload;
mod the_clients_history_shows_the_first_error;
mod the_diagram_leads_to_its_events;
mod the_keyboard_is_enough;
mod the_keys_that_are_listed_work;
mod the_ledger_shows_all_logs;
mod the_page_fits_its_window;
mod the_page_opens;
mod the_page_opens_without_a_network;
mod the_past_can_be_branched;
mod the_picture_is_saved;
mod the_theme_is_kept;
mod what_cannot_be_read_is_named;
mod why_is_answered;

use e2e::Page;
use std::pin::Pin;

/// A test of the page.
pub struct Test {
    pub name: &'static str,
    pub run: for<'a> fn(&'a Page) -> Pin<Box<dyn Future<Output = ()> + 'a>>,
}

/// Each test is the function of the same name in the module of that name.
macro_rules! tests {
    ($($name:ident),* $(,)?) => {
        &[$(Test { name: stringify!($name), run: |page| Box::pin($name::$name(page)) }),*]
    };
}

/// All tests.
pub const TESTS: &[Test] = tests![
    finder_agrees_with_chromium,
    the_page_opens,
    the_bank_survives_a_reload,
    an_unanswered_request_survives_a_reload,
    partitions_are_set_by_text,
    bad_input_is_answered_where_it_is_typed,
    what_cannot_be_read_is_named,
    a_storage_that_fails_is_told_of,
    a_file_is_imported,
    a_link_that_is_broken_changes_nothing,
    a_shared_link_shows_the_same_run,
    scripts_use_the_page,
    why_is_answered,
    a_request_is_followed,
    one_tab_keeps_the_bank,
    the_diagram_leads_to_its_events,
    the_clients_history_shows_the_first_error,
    a_story_is_read,
    the_keyboard_is_enough,
    the_keys_that_are_listed_work,
    the_past_can_be_branched,
    load_and_chaos_are_part_of_the_run,
    charts_are_read,
    speed_follows_interest,
    messages_are_taken_in_hand,
    links_are_cut_in_the_matrix,
    the_picture_is_saved,
    the_ledger_shows_all_logs,
    a_stored_block_is_tampered_with,
    fingers_are_enough,
    a_crowd_has_room,
    the_page_fits_its_window,
    the_theme_is_kept,
    motion_can_be_reduced,
    nobody_is_kept_out,
    a_bug_loses_nothing,
    the_page_opens_without_a_network,
];
