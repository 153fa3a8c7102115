//! The world in virtual time: servers on their machines, clients, and the channel between them.
//!
//! A [`World`] is plain data. It can be cloned, compared by its events, and run at any speed,
//! because nothing in it waits: [`World::step`] takes the next thing that is due out of a queue
//! and lets it happen, and the clock jumps there. [`World::act`] is the only way in. So a run is
//! a value, a [`Run`]: settings, seed, what the disks held, and the stamped actions; the same run
//! gives the same events, natively and in the browser.
//!
//! A [`Simulation`] is a world with its trace, its judges and its figures over time
//! ([`metrics`]), which is what the page, the swarm
//! and the scenarios drive. A [`Mirror`] keeps a real storage, such as the browser's, equal to
//! the disks of a world. A [`History`](history::History) makes every moment of a run's past a place
//! to look at, and to act in.
//!
//! # Machines and their clocks
//!
//! Each server runs on a machine, a [`Node`], with a disk and a clock. The clock may run fast or
//! slow, and the server knows no other. The process may be made to stand still and go on later:
//! what reaches it meanwhile waits before it, as in the buffers of a real machine.
//!
//! # What the world does by itself
//!
//! Clients may ask all the while ([`LoadRate`]), and faults may come and go ([`Chaos`]). Both are
//! switched by an action, and follow from it and from the seed: they are part of the run, and of
//! the world that a checkpoint keeps.
//!
//! # How a storage that can fail stays outside
//!
//! A write to the browser's storage may be refused at any moment, which no seed can foresee. The
//! mirror therefore writes *before* the world handles the end of a sync; if the storage refuses,
//! the mirror enters [`Action::FillDisk`] instead, and the world goes on from that. The refusal
//! is then part of the run, and replays.

mod act;
mod action;
mod action_json;
mod administer;
mod chaos;
mod clock;
mod config;
mod disks;
mod events;
mod fault;
pub mod history;
mod load;
mod messages;
pub mod metrics;
mod mirror;
mod node;
mod pause;
mod queue;
pub mod run;
pub mod shrink;
mod simulation;
pub mod swarm;
mod tamper;
mod world;

pub use action::{ActError, Action, Stamped};
pub use chaos::Chaos;
pub use clock::{Clock, RATE_FASTEST, RATE_SLOWEST, TRUE_RATE};
pub use config::{Config, ConfigError};
pub use disks::Disks;
pub use load::LoadRate;
pub use mirror::Mirror;
pub use node::{Down, Node};
pub use run::{Replay, Run, RunError};
pub use simulation::{Simulation, TRACE_CAPACITY};
pub use world::{Flight, World, WorldError};

#[cfg(test)]
mod fault_tests;
#[cfg(test)]
mod message_tests;
#[cfg(test)]
mod reload_tests;
#[cfg(test)]
mod traffic_tests;
