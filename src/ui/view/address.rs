//! What stands behind the `#` of the page's address.
//!
//! Pairs of `key=value` with `&` between them, in any order. A key that is not known is passed
//! over, and so is a fragment without pairs, such as the place of a section.
//!
//! | key | value |
//! |---|---|
//! | `run` | a run to open: see [`crate::sim::run::link`] |
//! | `view` | `lecture` for a projector, `embed` for a frame in another page; otherwise the page |

use crate::sim::run::link::{self, parameter};

/// How much of the page is shown, and how large.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Display {
    /// All of it.
    #[default]
    Page,
    /// What a room full of people follows on a projector.
    Lecture,
    /// What fits into a frame of another page. Nothing is kept.
    Embed,
}

/// The key of the display.
const VIEW: &str = "view";

impl Display {
    /// Its value in an address; nothing for the page itself.
    pub fn word(self) -> Option<&'static str> {
        match self {
            Self::Page => None,
            Self::Lecture => Some("lecture"),
            Self::Embed => Some("embed"),
        }
    }

    /// What an address asks for.
    pub fn of(address: &str) -> Self {
        let asked = parameter(address, VIEW);
        let all = [Self::Lecture, Self::Embed];
        all.into_iter().find(|one| asked == one.word()).unwrap_or_default()
    }
}

/// The code of the run that an address asks for.
pub fn run_code(address: &str) -> Option<&str> {
    parameter(address, link::KEY)
}

/// An address without what stands behind its `#`.
pub fn base(address: &str) -> &str {
    address.split('#').next().unwrap_or_default()
}

/// The address that shows this run, if any, in this way.
pub fn write(address: &str, run: Option<&str>, display: Display) -> String {
    let pairs = [(link::KEY, run), (VIEW, display.word())];
    let pairs = pairs.into_iter().filter_map(|(key, value)| Some(format!("{key}={}", value?)));
    let fragment = pairs.collect::<Vec<_>>().join("&");
    let mark = if fragment.is_empty() { "" } else { "#" };
    format!("{}{mark}{fragment}", base(address))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "https://example.org/bank/?term=7";

    #[test]
    fn what_is_written_is_read() {
        for display in [Display::Page, Display::Lecture, Display::Embed] {
            for run in [None, Some("2.abc-_")] {
                let address = write(&format!("{PAGE}#run=old"), run, display);
                assert!(address.starts_with(PAGE), "{address}");
                assert_eq!(Display::of(&address), display, "{address}");
                assert_eq!(run_code(&address), run, "{address}");
            }
        }
        assert_eq!(write(PAGE, None, Display::Page), PAGE);
        let lecture = write(PAGE, Some("2.x"), Display::Lecture);
        assert_eq!(lecture, format!("{PAGE}#run=2.x&view=lecture"));
    }

    #[test]
    fn what_is_not_known_is_the_page() {
        for address in [PAGE, "#cluster", "#view=cinema", "#view", "#view=", "#=lecture", "#&&"] {
            assert_eq!(Display::of(address), Display::Page, "{address}");
            assert_eq!(run_code(address), None, "{address}");
        }
        assert_eq!(Display::of("#later=1&view=embed"), Display::Embed);
    }
}
