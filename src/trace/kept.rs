//! What a write leaves on a server's disk.

use crate::base::{Hash, Index, ServerId, Term};
use crate::disk::Write;
use crate::disk::layout::ServerKey;
use serde::Deserialize;

/// A write that is durable, as far as one must know it to say what a server's disk promises: of a
/// block its place and its hash, of a snapshot its last block's.
///
/// It is read from the bytes that were written, not from what the server meant to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// The term, and whom the server voted for in it.
    State {
        /// The term.
        term: Term,
        /// The candidate, if it voted.
        vote: Option<ServerId>,
    },
    /// A block, under the height of its key.
    Block {
        /// The key's height.
        height: Index,
        /// The block's term.
        term: Term,
        /// The block's hash, as it is written.
        hash: Hash,
    },
    /// The block at this height is gone.
    Removed(Index),
    /// What stands for all blocks up to this one.
    Snapshot {
        /// The height of its block.
        height: Index,
        /// The term of its block.
        term: Term,
        /// The hash of its block.
        hash: Hash,
    },
    /// Something that no server of this version writes.
    Other,
}

/// A record, without its checksum.
#[derive(Deserialize)]
struct Record<T> {
    value: T,
}

#[derive(Deserialize)]
struct State {
    term: Term,
    vote: Option<ServerId>,
}

/// Where a block stands. The rest of it is passed over.
#[derive(Deserialize)]
struct Head {
    height: Index,
    term: Term,
    hash: Hash,
}

#[derive(Deserialize)]
struct Snapshot {
    block: Head,
}

impl Kept {
    /// What a write leaves.
    pub fn of(write: &Write) -> Self {
        let Ok(key) = write.key().parse::<ServerKey>() else { return Self::Other };
        let read = match write {
            Write::Remove { .. } => Self::removed(key),
            Write::Put { value, .. } => Self::put(key, value),
        };
        read.unwrap_or(Self::Other)
    }

    fn removed(key: ServerKey) -> Option<Self> {
        match key {
            ServerKey::Block(height) => Some(Self::Removed(height)),
            ServerKey::State | ServerKey::Snapshot => None,
        }
    }

    fn put(key: ServerKey, value: &str) -> Option<Self> {
        match key {
            ServerKey::State => {
                let Record { value: State { term, vote } } = serde_json::from_str(value).ok()?;
                Some(Self::State { term, vote })
            }
            ServerKey::Block(height) => {
                let Head { term, hash, .. } = serde_json::from_str(value).ok()?;
                Some(Self::Block { height, term, hash })
            }
            ServerKey::Snapshot => {
                let record: Record<Snapshot> = serde_json::from_str(value).ok()?;
                let Head { height, term, hash } = record.value.block;
                Some(Self::Snapshot { height, term, hash })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bank::Ledger;
    use crate::base::{AccountId, Membership};
    use crate::chain;
    use crate::disk::record;
    use crate::raft::HardState;
    use crate::server::Checkpoint;

    #[test]
    fn what_a_server_writes_is_read() {
        let s1 = ServerId::new(1);
        let state = HardState { term: Term(3), vote: s1 };
        let opening = AccountId::first(2).map(|account| (account, 10)).collect();
        let ledger = Ledger::open(&opening).unwrap();
        let block = chain::genesis(&ledger);
        let (height, term, hash) = (block.height(), block.term(), block.hash());
        let text = serde_json::to_string(&block).unwrap();
        let membership = Membership::of(s1);
        let checkpoint = record::write(&Checkpoint { block, ledger, membership });
        for (write, expected) in [
            (Write::put("state", record::write(&state)), Kept::State { term: Term(3), vote: s1 }),
            (Write::put("block/7", text), Kept::Block { height: Index(7), term, hash }),
            (Write::remove("block/7"), Kept::Removed(Index(7))),
            (Write::put("snapshot", checkpoint), Kept::Snapshot { height, term, hash }),
            (Write::put("block/7", "{}"), Kept::Other),
            (Write::put("state", "rubbish"), Kept::Other),
            (Write::remove("state"), Kept::Other),
            (Write::remove("block/07"), Kept::Other),
        ] {
            assert_eq!(Kept::of(&write), expected, "{write:?}");
        }
    }
}
