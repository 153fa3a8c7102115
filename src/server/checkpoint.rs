//! What stands for a chain's beginning once its blocks are kept no longer.

use super::Setup;
use crate::bank::Ledger;
use crate::base::{Fields, Index, Membership};
use crate::chain::Block;
use crate::raft::{Position, Snapshot};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The state after a block, and that block: Raft's snapshot (paper §7), and what recovery begins
/// with.
///
/// It proves itself as far as a chain can without its beginning: the block has its work, its body
/// is the one that its header names, and the body names the state root of the ledger. Blocks
/// after it link to it. What nothing in it proves is the membership, and that the block was ever
/// committed; for that, whoever takes it trusts the disk or the leader that it comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Fields<'de>")]
pub struct Checkpoint {
    /// The last block that is in it.
    pub block: Block,
    /// The accounts and sessions after it.
    pub ledger: Ledger,
    /// Who belongs to the cluster after it.
    pub membership: Membership,
}

impl TryFrom<Fields<'_>> for Checkpoint {
    type Error = String;

    fn try_from(mut fields: Fields<'_>) -> Result<Self, String> {
        let read = Self {
            block: fields.take("block")?,
            ledger: fields.take("ledger")?,
            membership: fields.take("membership")?,
        };
        fields.end(read)
    }
}

impl Checkpoint {
    /// The height of its block.
    pub fn height(&self) -> Index {
        self.block.height()
    }

    /// Its block's place in the log.
    pub fn position(&self) -> Position {
        Position { term: self.block.term(), index: self.block.height() }
    }

    /// As bytes, for Raft.
    pub(super) fn encode(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("a checkpoint can be written as JSON")
    }

    /// Reads what [`Checkpoint::encode`] wrote. A block whose hash, body or work does not hold is
    /// not read.
    pub(super) fn decode(data: &[u8]) -> Result<Self, String> {
        let text = str::from_utf8(data).map_err(|error| error.to_string())?;
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    /// The checkpoint that Raft's snapshot holds, if it is one and is verified.
    pub(super) fn of(snapshot: &Snapshot, setup: &Setup) -> Result<Self, String> {
        let checkpoint = Self::decode(&snapshot.data)?;
        if checkpoint.position() != snapshot.last {
            return Err(format!("it is of height {}", checkpoint.height()));
        }
        if checkpoint.membership != snapshot.membership {
            return Err(format!("its members are {}", checkpoint.membership));
        }
        checkpoint.verify(setup)?;
        Ok(checkpoint)
    }

    /// As Raft keeps it and sends it.
    pub(super) fn to_snapshot(&self) -> Snapshot {
        let (last, membership) = (self.position(), self.membership.clone());
        Snapshot { last, membership, data: self.encode().into() }
    }

    /// Verifies what reading it has not (a block is read only if hash, body and work hold): that its
    /// block asks for the cluster's work, that there are all of its members, that its ledger is
    /// the one that the block leads to, and that this is a ledger of this bank.
    pub(super) fn verify(&self, setup: &Setup) -> Result<(), String> {
        setup.verify_difficulty(&self.block)?;
        setup.verify_members(&self.membership)?;
        if !self.position().may_end_snapshot() {
            let (height, term) = (self.height(), self.block.term());
            return Err(format!("no snapshot can end at height {height} of term {term}"));
        }
        let (expected, found) = (self.block.body().state_root, self.ledger.state_root());
        if found != expected {
            let (expected, found) = (expected.short(), found.short());
            return Err(format!("its ledger is {found}, but its block leads to {expected}"));
        }
        let accounts = |ledger: &Ledger| ledger.balances().keys().copied().collect::<Vec<_>>();
        if accounts(&self.ledger) != accounts(&setup.opening) {
            return Err("its accounts are not those of this bank".to_owned());
        }
        if self.ledger.total() != setup.opening.total() {
            let (found, expected) = (self.ledger.total(), setup.opening.total());
            return Err(format!("it holds {found} in all, and the bank opened with {expected}"));
        }
        Ok(())
    }
}

/// `a snapshot of height 48, 00a1b2c3`
impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a snapshot of height {}, {}", self.height(), self.block.hash().short())
    }
}
