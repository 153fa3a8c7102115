//! What must be said before anything else.

/// A banner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Banner {
    /// The browser keeps nothing for this page.
    Blocked {
        /// Why, in the browser's words.
        why: String,
    },
    /// Another tab keeps the bank, and this one shows a copy.
    Elsewhere,
    /// There is no room left to keep more.
    Full {
        /// The servers that stopped because of it.
        servers: String,
    },
    /// What is kept cannot be read.
    Unreadable {
        /// The key that holds it.
        key: String,
        /// What is wrong with it.
        why: String,
    },
    /// The server has a newer version of the page than the one that is shown.
    NewVersion,
    /// A link or a file could not be opened.
    NotOpened {
        /// Why.
        why: String,
    },
}
