//! What a server did, as it reports it to the trace.
//!
//! Facts are for readers outside: judges, logs, pictures. Nothing in the engine reads them.

use super::Checkpoint;
use crate::bank::{Reply, Request, RequestId};
use crate::base::{AccountId, Index, Membership, ServerId, Term};
use crate::chain::Block;
use std::sync::Arc;

/// Something that a server did or decided.
#[derive(Clone, Debug)]
pub enum Fact {
    /// It came up with this on its disk.
    Recovered {
        /// The term it had seen.
        term: Term,
        /// Whom it voted for in that term.
        vote: Option<ServerId>,
        /// What stands for the blocks that it keeps no longer, all of which are committed.
        snapshot: Option<Arc<Checkpoint>>,
        /// Its log: from height 1 on, or from the one after the snapshot's.
        blocks: Arc<[Block]>,
    },
    /// It entered a term that is higher than the one before.
    EnteredTerm(Term),
    /// It follows, in this term, the leader if one is known.
    BecameFollower(Term, Option<ServerId>),
    /// It asks whether it could win an election, before it begins a term for it. This is the term
    /// that it is in.
    BecamePreCandidate(Term),
    /// It asks for votes in this term.
    BecameCandidate(Term),
    /// It won the election of this term.
    BecameLeader(Term),
    /// It gave its vote in this term.
    Voted(Term, ServerId),
    /// It began to mine the block for this height.
    MiningBegan {
        /// Height of the block.
        height: Index,
        /// How many transactions are in it. None: the opening block of a term (paper §8).
        transactions: usize,
    },
    /// It found a nonce.
    Mined {
        /// The finished block.
        block: Block,
        /// How many nonces it tried.
        attempts: u64,
    },
    /// It gave up a block before finding its nonce, because it would not be taken: it leads no
    /// longer, or is handing over.
    MiningDropped {
        /// Height of the block.
        height: Index,
        /// How many nonces it had tried.
        attempts: u64,
    },
    /// It removed all blocks from this height on from its log: they conflict with the leader's.
    Truncated(Index),
    /// It put a block at the end of its log.
    Appended(Block),
    /// It refused a block that a leader sent.
    BlockRefused {
        /// Who sent it.
        from: ServerId,
        /// Where it would have stood.
        height: Index,
        /// What is wrong with it.
        why: String,
    },
    /// It put its accounts in the place of all blocks up to the checkpoint's, which it keeps no
    /// longer. As with [`Fact::Appended`], its disk follows.
    SnapshotTaken(Arc<Checkpoint>),
    /// It took over a leader's accounts, because the blocks that lead to them are not to be had.
    /// Its log now begins after the checkpoint's block; what it had below is void, and so is what
    /// it had above, if that does not continue it. As with [`Fact::Appended`], its disk follows.
    SnapshotInstalled {
        /// Who sent it.
        from: ServerId,
        /// What it now begins with.
        checkpoint: Arc<Checkpoint>,
    },
    /// It refused the accounts that a leader sent.
    SnapshotRefused {
        /// Who sent them.
        from: ServerId,
        /// After which block they are said to be.
        height: Index,
        /// What is wrong with them.
        why: String,
    },
    /// Another membership is in force, because its block was appended, or because the block that
    /// had changed it was removed again.
    MembershipChanged(Membership),
    /// It leads, and is handing its leadership over to this server.
    TransferBegan(ServerId),
    /// It knows that its log is committed up to this height.
    Committed(Index),
    /// It applied a committed block to its accounts.
    Applied {
        /// The block.
        block: Block,
        /// All balances after it.
        balances: Arc<[(AccountId, u64)]>,
    },
    /// It put a request into its mempool.
    Queued(Request),
    /// It passed a request on to the leader.
    Relayed(RequestId, ServerId),
    /// It keeps a request until it knows a leader.
    Held(RequestId),
    /// It answered a client.
    Replied(Reply),
}
