//! The library as the page shows it: by groups, and as far as a search goes.

use crate::scenario::library::{Entry, Group, LIBRARY};

/// A group, and what of it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shelf {
    /// Its name.
    pub name: &'static str,
    /// Its scenarios, the easiest first.
    pub entries: Vec<&'static Entry>,
}

/// The scenarios in which every word of a search stands, in name, claim, group or text. Those in
/// whose name all of it stands come first.
pub fn shelves(search: &str) -> Vec<Shelf> {
    let words: Vec<String> = search.split_whitespace().map(str::to_ascii_lowercase).collect();
    let all_in = |text: &str, group: &str| {
        let (text, group) = (text.to_ascii_lowercase(), group.to_ascii_lowercase());
        words.iter().all(|word| text.contains(word) || group.contains(word))
    };
    let mut shelves = [Vec::new(), Vec::new()];
    for group in Group::ALL {
        let mut found = [Vec::new(), Vec::new()];
        for entry in LIBRARY.iter().filter(|entry| entry.group == group) {
            if all_in(entry.text, group.name()) {
                found[usize::from(!all_in(entry.title(), ""))].push(entry);
            }
        }
        let [mut entries, others] = found;
        let shelves = &mut shelves[usize::from(entries.is_empty())];
        entries.extend(others);
        if !entries.is_empty() {
            shelves.push(Shelf { name: group.name(), entries });
        }
    }
    let [mut found, others] = shelves;
    found.extend(others);
    found
}

/// What sets a scenario apart from one that is only watched.
pub fn mark(entry: &Entry) -> Option<&'static str> {
    match entry.group {
        Group::Challenges => Some("You act"),
        _ if entry.asks() => Some("Asks you"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titles(search: &str) -> Vec<&'static str> {
        let shelves = shelves(search);
        shelves.iter().flat_map(|shelf| &shelf.entries).map(|entry| entry.title()).collect()
    }

    #[test]
    fn without_a_search_all_is_there_in_order() {
        let all: Vec<_> = LIBRARY.iter().map(Entry::title).collect();
        assert_eq!(titles(""), all);
        let names: Vec<_> = shelves(" ").iter().map(|shelf| shelf.name).collect();
        assert_eq!(names, Group::ALL.map(Group::name));
    }

    #[test]
    fn a_search_narrows_by_every_word_and_empty_groups_go() {
        assert_eq!(titles("FIGURE 7"), ["Figure 7"]);
        assert_eq!(titles("no such thing"), [""; 0]);
        assert_eq!(titles("figure 8")[0], "Figure 8");
        assert_eq!(titles("leader crashes")[0], "The leader crashes");
        assert_eq!(titles("minority")[0], "A leader in the minority");
        assert!(titles("challenges").len() >= 4);
        assert!(shelves("figure").iter().all(|shelf| shelf.name != "Basics"));
    }
}
