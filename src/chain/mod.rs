//! Blocks that link to each other and cost work to make: the log that Raft replicates.
//!
//! A [`Block`] is one log entry. Its [`Header`] names its parent by hash and its [`Body`] by root;
//! the body lists transactions, the receipt of each, and the root of the ledger's state after
//! them. So a block's hash stands for everything up to it: two servers whose blocks at some height
//! have the same hash hold the same history and the same balances. Height is the Raft index;
//! [`genesis()`] stands at 0 and fixes the opening balances through their state root.
//!
//! # The way of a block
//!
//! The leader takes waiting transactions and executes them on its ledger: a [`Candidate`]. A
//! [`Miner`] tries nonces until the header's hash has as many leading zero bits as the difficulty
//! asks for, in slices of any size, since a page must not stall. The sealed block goes through
//! Raft. Each follower runs [`verify()`] against its own parent and ledger before it appends: link,
//! height, term, work, body, and by executing them again the receipts and the state.
//!
//! # Why the header is laid out as it is
//!
//! SHA-256 eats 64 bytes at a time. The header's first 64 bytes, two hashes, do not depend on the
//! nonce, so they are compressed once (the *midstate*); all else and the padding fit the second
//! block. An attempt so costs one compression instead of two, and four attempts run side by side
//! in the lanes of a vector register. The hash is plain SHA-256 all the same: anybody can check it
//! with any tool.
//!
//! # Caveats
//!
//! - Proof of work decides nothing here: Raft chooses the chain, not the most work. It makes
//!   blocks cost something, and tampering visible.
//! - [`verify()`] checks that a block has the work that its own header asks for, up to
//!   [`MAX_DIFFICULTY`]. It does not know which difficulty the cluster is set to.
//! - A chain whose beginning was pruned proves itself only from the block on that it was given
//!   with its ledger; see the server's checkpoints.
//! - Terms never fall along a chain, but this module does not know who led them; Raft does.

mod block;
mod candidate;
mod compress;
pub mod forge;
mod genesis;
mod header;
mod lanes;
mod miner;
mod tamper;
#[cfg(test)]
mod testing;
mod verify;

pub use block::{Block, Body, MAX_TRANSACTIONS};
pub use candidate::Candidate;
pub use genesis::genesis;
pub use header::{DEFAULT_DIFFICULTY, Header, MAX_DIFFICULTY};
pub use miner::{Found, Miner};
pub use tamper::tamper;
pub use verify::{BlockError, verify};
