//! Servers and clients as lanes, messages as slanted lines, on a true scale of time.

/// What somebody looks at in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Watch {}

/// What is asked of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {}

/// What it shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Diagram {}
