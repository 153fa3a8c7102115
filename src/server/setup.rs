//! What every server of a cluster is told alike before it starts.

use crate::bank::Ledger;
use crate::base::{Membership, Rule, Rules, Span};
use crate::chain::{self, Block};

/// The cluster's constants, shared by all of its servers.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Which rules are on.
    pub rules: Rules,
    /// How many servers there are.
    pub servers: u8,
    /// Who belongs to the cluster at the beginning. A server that does not waits to be added.
    pub membership: Membership,
    /// The block at height 0.
    pub genesis: Block,
    /// The accounts as genesis opens them.
    pub opening: Ledger,
    /// Raft's timing.
    pub timing: Timing,
    /// Mining.
    pub work: Work,
    /// Bounds on what a server keeps for others.
    pub limits: Limits,
}

/// Raft's timing (paper §5.2, §5.6): broadcast time ≪ election timeout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// The shortest election timeout.
    pub election_timeout_min: Span,
    /// The longest election timeout. Each is drawn anew between the two.
    pub election_timeout_max: Span,
    /// How often an idle leader says that it is alive.
    pub heartbeat_interval: Span,
}

/// The proof of work that a block takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Work {
    /// Leading zero bits that a block's hash must have.
    pub difficulty: u8,
    /// How many nonces a server tries in a second of virtual time.
    pub attempts_per_second: u64,
    /// How many transactions fit into a block.
    pub block_capacity: usize,
}

/// Bounds, so that no queue grows without end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Requests that wait: at the leader to be mined, elsewhere for a leader to be known. Above
    /// it the answer is 'busy'.
    pub mempool: usize,
    /// Balance checks that wait for the leader's confirmation.
    pub reads: usize,
    /// Blocks of its own term that a leader mines ahead of what is committed.
    pub uncommitted_blocks: u64,
    /// Blocks from one snapshot to the next, at least 1.
    pub compact_after: u64,
    /// Blocks that are applied after a snapshot's before it is taken, so that a follower who is
    /// slightly behind is served from the log.
    pub keep_behind: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { mempool: 64, reads: 64, uncommitted_blocks: 8, compact_after: 64, keep_behind: 16 }
    }
}

impl Setup {
    /// True if blocks are verified before they enter a log.
    pub(super) fn verifies(&self) -> bool {
        self.rules.is_on(Rule::Verification)
    }

    /// True if no block enters a log unverified, so that every ledger is the one that its block
    /// names. A block whose place Raft refuses is not verified; without that refusal it gets in.
    pub(super) fn keeps_out_unverified(&self) -> bool {
        self.verifies() && self.rules.is_on(Rule::AppendConsistency)
    }

    /// Verifies a block on its parent, and that it proves the work that this cluster asks for:
    /// the ledger after it, or what is wrong.
    ///
    /// Without the second, a block could excuse itself from the work by its own header.
    pub(super) fn verify(
        &self,
        parent: &Block,
        block: &Block,
        ledger: &Ledger,
    ) -> Result<Ledger, String> {
        self.verify_difficulty(block)?;
        block.body().membership.as_ref().map_or(Ok(()), |members| self.verify_members(members))?;
        let fits = || parent.body().state_root == ledger.state_root();
        if !self.keeps_out_unverified() && !fits() {
            return Err("the block before it is not what it says".to_owned());
        }
        chain::verify(parent, block, ledger).map_err(|error| error.to_string())
    }

    /// That there are all the servers that are to belong to the cluster. A disk may come from a
    /// larger one.
    pub(super) fn verify_members(&self, membership: &Membership) -> Result<(), String> {
        match membership.all().find(|member| member.number() > self.servers) {
            Some(member) => Err(format!(
                "it names {member} as a member, and there are but {} servers",
                self.servers
            )),
            None => Ok(()),
        }
    }

    /// That a block asks for the work that this cluster asks for.
    pub(super) fn verify_difficulty(&self, block: &Block) -> Result<(), String> {
        let (found, expected) = (block.header().difficulty, self.work.difficulty);
        if found != expected {
            return Err(format!("its difficulty is {found} bits, and the cluster's is {expected}"));
        }
        Ok(())
    }
}
