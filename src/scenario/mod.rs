//! Actions and whole runs as text.
//!
//! One text form serves people, tests and the page: what [`Action`](crate::sim::Action) prints,
//! [`parse_action`] reads.

mod action;
mod cursor;
mod error;
mod values;

pub use action::parse_action;
pub use error::ScenarioError;
