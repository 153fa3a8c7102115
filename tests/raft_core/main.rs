//! Tests of the consensus core on a cluster in which everything happens by hand: each delivery,
//! each sync, each crash.
//!
//! - `golden` plays the scripts beside this file, each a claim and the play that shows it. Their
//!   output was generated, read and found right; `UPDATE_GOLDENFILES=1` generates it anew. What a
//!   script can say is in `script`, and `player` does it.
//! - `properties` does the same things at random, some hundred at a time, and tells servers lies,
//!   too. What can happen in such a run is in `run`, what can be forged in `forgeries`.
//! - `traps` has one test for each mistake that others have made before.
//!
//! In all of them, `judge` looks at the cluster after every step and knows the paper's figure 3.

mod cluster;
mod disk;
mod forgeries;
mod golden;
mod judge;
mod player;
mod properties;
mod run;
mod script;
mod show;
mod traps;
