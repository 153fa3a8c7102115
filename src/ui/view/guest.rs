//! What stands in the place of the visitor's own bank.
//!
//! A run from a link or a file, a scenario, a lesson: each is a guest. It lives in memory, while
//! the visitor's own bank waits as it was, in the browser's storage and on the page.

use std::rc::Rc;

/// Something shown in the place of the visitor's own bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guest {
    /// Where it came from.
    pub origin: Origin,
    /// What it is called; nothing if it has no name.
    pub name: Option<Rc<str>>,
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
}

impl Guest {
    /// What it is, as the beginning of a sentence.
    pub fn title(&self) -> String {
        let what = match self.origin {
            Origin::Link => "A shared run",
            Origin::File => "A run from a file",
            Origin::Scenario => "A scenario",
        };
        match &self.name {
            Some(name) => format!("{what}: {name}"),
            None => what.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_name_is_said_if_it_has_one() {
        let guest = Guest { origin: Origin::Link, name: None };
        assert_eq!(guest.title(), "A shared run");
        let named = Guest { name: Some("Friday's lecture".into()), origin: Origin::Scenario };
        assert_eq!(named.title(), "A scenario: Friday's lecture");
    }
}
