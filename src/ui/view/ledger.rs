//! All servers' logs side by side, aligned on height.

/// What somebody looks at in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Watch {}

/// What is asked of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {}

/// What it shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ledger {}
