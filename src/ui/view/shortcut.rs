//! The keys that work wherever the focus is, but in a field or a dialog.
//!
//! One table says what they do: the handler looks in it, and the list that `?` shows is made from
//! it, so the two cannot differ. None of the keys needs a modifier, and all of them can be switched
//! off, for those whose voice or hand presses keys unmeant (WCAG 2.1.4).

use crate::base::ServerId;

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Lets time pass, or stops it.
    PlayOrPause,
    /// Lets the next thing happen.
    Step,
    /// Looks at the moment before the last event.
    StepBack,
    /// Looks at the mark before this moment.
    PreviousMark,
    /// Looks at the mark after this moment.
    NextMark,
    /// Looks at the end of the branch.
    Now,
    /// Lets time pass more slowly.
    Slower,
    /// Lets time pass faster.
    Faster,
    /// Chooses the server with the key's number.
    Choose,
    /// Crashes the chosen server, or restarts it.
    Power,
    /// Cuts the chosen server off from the others, or mends its links.
    Isolate,
    /// Mends all links.
    Heal,
    /// Moves the focus to the tabs of the Explore region.
    Explore,
    /// Moves the focus to the events of the log.
    Log,
    /// Moves the focus to the search of the log.
    Search,
    /// Shows this list.
    Keys,
    /// Leaves the lecture.
    Leave,
}

impl Deed {
    /// True if it is done again and again while its key is held down. What would undo itself is
    /// not, nor what nobody wants twice.
    fn may_repeat(self) -> bool {
        matches!(self, Self::Step | Self::StepBack | Self::PreviousMark | Self::NextMark)
    }
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Shortcut {
    /// The keys, as the browser calls them. `1` stands for all digits from 1 on.
    pub keys: &'static [&'static str],
    /// What they do.
    pub deed: Deed,
    /// What they do, for people.
    pub about: &'static str,
}

/// A part of the table.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    /// What its keys are about.
    pub name: &'static str,
    /// Its rows.
    pub rows: &'static [Shortcut],
    /// True if they work only while the page is shown as a lecture.
    pub in_lecture: bool,
}

const fn row(keys: &'static [&'static str], deed: Deed, about: &'static str) -> Shortcut {
    Shortcut { keys, deed, about }
}

/// The table.
pub const GROUPS: [Group; 4] = [
    Group {
        name: "Time",
        in_lecture: false,
        rows: &[
            row(&[" ", "k"], Deed::PlayOrPause, "Play, or pause"),
            row(&["]", "."], Deed::Step, "Step: let the next thing happen"),
            row(&["[", ","], Deed::StepBack, "Step back"),
            row(&["n"], Deed::NextMark, "Next mark of the timeline"),
            row(&["p"], Deed::PreviousMark, "Previous mark"),
            row(&["0"], Deed::Now, "Back to now"),
            row(&["+", "="], Deed::Faster, "Faster"),
            row(&["-"], Deed::Slower, "Slower"),
        ],
    },
    Group {
        name: "Servers",
        in_lecture: false,
        rows: &[
            row(&["1"], Deed::Choose, "Choose server S1, S2, …"),
            row(&["c"], Deed::Power, "Crash or restart the chosen server"),
            row(&["i"], Deed::Isolate, "Isolate it, or mend its links"),
            row(&["h"], Deed::Heal, "Heal the network"),
        ],
    },
    Group {
        name: "Around the page",
        in_lecture: false,
        rows: &[
            row(&["e"], Deed::Explore, "To the tabs of Explore"),
            row(&["l"], Deed::Log, "To the log"),
            row(&["/"], Deed::Search, "Search the log"),
            row(&["?"], Deed::Keys, "This list"),
        ],
    },
    Group {
        name: "In a lecture",
        in_lecture: true,
        rows: &[
            row(&["ArrowRight", "PageDown"], Deed::Step, "Step"),
            row(&["Escape"], Deed::Leave, "Leave it"),
        ],
    },
];

/// What has the focus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focus {
    /// Nothing that takes keys.
    Nothing,
    /// Something that can be pressed: the space bar is its own.
    Control,
    /// A field, or something in a dialog: all keys are its own.
    Field,
}

/// A key that was pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Press<'a> {
    /// As the browser calls it.
    pub key: &'a str,
    /// With Ctrl.
    pub ctrl: bool,
    /// With Alt.
    pub alt: bool,
    /// With the Windows or the Command key.
    pub meta: bool,
    /// True if it is held down, and repeats itself.
    pub held: bool,
}

/// What is to be done, with the server that it is done to if the key names one.
pub fn find(press: Press, focus: Focus, in_lecture: bool) -> Option<(Deed, Option<ServerId>)> {
    let Press { key, ctrl, alt, meta, held } = press;
    // Some keyboards have the brackets on AltGr, which is Ctrl with Alt.
    let with_alt_gr = ctrl && alt && !key.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let modified = meta || ((ctrl || alt) && !with_alt_gr);
    if modified || focus == Focus::Field || (focus == Focus::Control && key == " ") {
        return None;
    }
    let server = key.parse().ok().filter(|_| key.len() == 1).and_then(ServerId::new);
    let key = if server.is_some() { "1" } else { key };
    let groups = GROUPS.iter().filter(|group| in_lecture || !group.in_lecture);
    let mut rows = groups.flat_map(|group| group.rows);
    let deed = rows.find(|row| row.keys.contains(&key))?.deed;
    (!held || deed.may_repeat()).then_some((deed, server))
}

/// What is written on a key.
pub fn label(key: &str) -> &str {
    match key {
        " " => "Space",
        "1" => "1 … 9",
        "ArrowRight" => "→",
        "PageDown" => "PgDn",
        "Escape" => "Esc",
        "-" => "−",
        key => key,
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn plain(key: &str) -> Press<'_> {
        Press { key, ctrl: false, alt: false, meta: false, held: false }
    }

    fn pressed(key: &str) -> Option<Deed> {
        find(plain(key), Focus::Nothing, false).map(|(deed, _)| deed)
    }

    #[test]
    fn no_key_is_in_the_table_twice() {
        let mut seen = BTreeSet::new();
        for row in GROUPS.iter().flat_map(|group| group.rows) {
            for key in row.keys {
                assert!(seen.insert(*key), "'{key}' is there twice");
            }
        }
    }

    #[test]
    fn what_a_key_does_is_what_the_list_says() {
        for group in &GROUPS {
            for row in group.rows {
                for key in row.keys {
                    let found = find(plain(key), Focus::Nothing, group.in_lecture);
                    assert_eq!(found.map(|(deed, _)| deed), Some(row.deed), "{key}");
                }
            }
        }
    }

    #[test]
    fn every_digit_but_0_names_a_server() {
        for number in 1..=9 {
            let found = find(plain(&number.to_string()), Focus::Nothing, false);
            assert_eq!(found, Some((Deed::Choose, ServerId::new(number))));
        }
        assert_eq!(pressed("0"), Some(Deed::Now));
        assert_eq!(pressed("12"), None);
    }

    #[test]
    fn keys_of_a_field_and_the_browser_are_left_alone() {
        assert_eq!(find(plain("c"), Focus::Field, false), None);
        assert_eq!(find(plain(" "), Focus::Control, false), None);
        assert!(find(plain("k"), Focus::Control, false).is_some());
        for key in ["c", "1", "+", "["] {
            assert_eq!(find(Press { ctrl: true, ..plain(key) }, Focus::Nothing, false), None);
            assert_eq!(find(Press { alt: true, ..plain(key) }, Focus::Nothing, false), None);
            assert_eq!(find(Press { meta: true, ..plain(key) }, Focus::Nothing, false), None);
        }
        let alt_gr =
            |key| find(Press { ctrl: true, alt: true, ..plain(key) }, Focus::Nothing, false);
        assert_eq!(alt_gr("["), Some((Deed::StepBack, None)), "the brackets of a German keyboard");
        assert_eq!(alt_gr("c"), None);
    }

    #[test]
    fn a_key_that_is_held_steps_and_does_not_crash_and_restart() {
        let held = |key| find(Press { held: true, ..plain(key) }, Focus::Nothing, false);
        assert_eq!(held("]"), Some((Deed::Step, None)));
        assert_eq!(held("c"), None);
        assert_eq!(held("k"), None);
    }

    #[test]
    fn the_lecture_has_keys_of_its_own() {
        assert_eq!(pressed("Escape"), None);
        let leave = find(plain("Escape"), Focus::Nothing, true);
        assert_eq!(leave, Some((Deed::Leave, None)));
    }
}
