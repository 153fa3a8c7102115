//! What stands in the place of the visitor's own bank.
//!
//! A run from a link or a file, a scenario, a lesson: each is a guest. It lives in memory, while
//! the visitor's own bank waits as it was, in the browser's storage and on the page.

use crate::sim::run::Finding;
use std::rc::Rc;

/// Something shown in the place of the visitor's own bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guest {
    /// Where it came from.
    pub origin: Origin,
    /// What it is called; nothing if it has no name.
    pub name: Option<Rc<str>>,
    /// A sentence that it brings along.
    pub caption: Option<Rc<str>>,
    /// Whether it is what it was where it was made.
    pub trust: Trust,
}

/// Where a guest came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A link.
    Link,
    /// A file.
    File,
    /// The library of scenarios, or a scenario that the visitor wrote.
    Scenario,
    /// The guided tour.
    Tour,
    /// A bug, before which the visitor went back.
    Bug,
}

/// Whether a run is what it was where it was made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Trust {
    /// Nothing vouches for it: it was made here, or carries no seal.
    #[default]
    Unsealed,
    /// All of so many events are as they were.
    Same(u64),
    /// They are not; what is different, in words.
    Differs(Rc<str>),
}

impl Guest {
    /// A guest that was made here.
    pub fn of(origin: Origin, name: Option<&str>) -> Self {
        Self { origin, name: name.map(Into::into), caption: None, trust: Trust::Unsealed }
    }

    /// What it is, as the beginning of a sentence.
    pub fn title(&self) -> String {
        let what = match self.origin {
            Origin::Link => "A shared run",
            Origin::File => "A run from a file",
            Origin::Scenario => "A scenario",
            Origin::Tour => "The guided tour's bank",
            Origin::Bug => "The run before the bug",
        };
        match &self.name {
            Some(name) => format!("{what}: {name}"),
            None => what.to_owned(),
        }
    }
}

impl Trust {
    /// What a replay found, for people.
    pub fn of(finding: Finding) -> Self {
        match finding {
            Finding::Unsealed => Self::Unsealed,
            Finding::Same(seal) => Self::Same(seal.events),
            Finding::Differs { said, seen, skipped } => {
                let said =
                    said.map_or_else(|| "carries no seal".to_owned(), |it| format!("had {it}"));
                let mut text = format!(
                    "Another version of Raftbank made it, or it was altered: it {said}; here it \
                     has {seen}."
                );
                if skipped > 0 {
                    let was = if skipped == 1 { "was" } else { "were" };
                    text += &format!(" {skipped} of its actions {was} not possible here.");
                }
                Self::Differs(text.into())
            }
        }
    }

    /// What must be said, if it is not what it was.
    pub fn warning(&self) -> Option<&str> {
        match self {
            Self::Differs(what) => Some(what),
            Self::Unsealed | Self::Same(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Hash;
    use crate::sim::run::Seal;

    #[test]
    fn its_name_is_said_if_it_has_one() {
        let guest = Guest::of(Origin::Scenario, Some("Friday's lecture"));
        assert_eq!(guest.title(), "A scenario: Friday's lecture");
        let nameless = Guest { name: None, origin: Origin::Link, ..guest };
        assert_eq!(nameless.title(), "A shared run");
    }

    #[test]
    fn another_engine_is_told_of_with_what_differs() {
        let seal = |events, text: &[u8]| Seal { events, hash: Hash::of(text) };
        let (said, seen) = (seal(812, b"one"), seal(811, b"other"));
        let trust = Trust::of(Finding::Differs { said: Some(said), seen, skipped: 1 });
        let says = trust.warning().unwrap();
        assert!(says.contains("Another version of Raftbank"), "{says}");
        assert!(says.contains(&format!("had {said}; here it has {seen}.")), "{says}");
        assert!(says.ends_with("1 of its actions was not possible here."), "{says}");
        assert_eq!(Trust::of(Finding::Same(said)).warning(), None);
        assert_eq!(Trust::of(Finding::Same(said)), Trust::Same(812));
        assert_eq!(Trust::of(Finding::Unsealed).warning(), None);
    }
}
