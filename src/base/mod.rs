//! What every other module may use: ids, virtual time, seeded randomness, hashes, memberships,
//! and the rules that can be switched off.
//!
//! Nothing here knows of banks, blocks or consensus. Three decisions are made once, here:
//!
//! - **Time is a number.** [`Time`] counts microseconds since the run began. Nothing in the
//!   engine reads a clock; `now` is an argument.
//! - **Chance is a number.** Every random draw comes from a [`random::Rng`] that was seeded from
//!   the run's seed and the name of its user, so that one user's draws never shift another's.
//! - **Order is the id's order.** Ids are small ordered numbers, kept in sorted lists ([`Map`],
//!   [`Set`]), because the iteration order of hash tables differs from one machine to the next.

mod fields;
mod hash;
mod id;
mod map;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod map_tests;
mod membership;
pub mod random;
mod rule;
mod set;
mod time;

pub use fields::Fields;
pub use hash::{Digest, Hash};
pub use id::{AccountId, ClientId, Endpoint, Index, MAX_CLIENTS, MAX_SERVERS, ServerId, Term};
pub use map::{Entry, Iter, Map};
pub use membership::{Membership, MembershipError};
pub use rule::{Rule, Rules};
pub use set::Set;
pub use time::{Span, Time};
