//! Raftbank: a bank that servers replicate with Raft, on a proof-of-work chain.
//!
//! Read the modules in the order in which a transfer meets them: a [`client`] sends a
//! request over the [`channel`] to a [`server`], where the [`bank`] judges it, the [`chain`]
//! mines it into a block, and [`raft`] replicates the block; the [`disk`] keeps it, and the
//! reply goes back. [`sim`] is the world in which all of that happens, [`trace`] what happened
//! there, [`check`] the judges who read it, [`why`] the answers to whoever asks what is behind it,
//! [`scenario`] its actions as text, and [`ui`] the page.
//!
//! Imports point one way only; `tests/architecture.rs` says which, and fails on any other.

pub mod bank;
pub mod base;
pub mod chain;
pub mod channel;
pub mod check;
pub mod client;
pub mod disk;
pub mod raft;
pub mod scenario;
pub mod server;
pub mod sim;
pub mod trace;
pub mod ui;
pub mod why;
