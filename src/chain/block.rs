//! A block: sealed, immutable, and shared.

use super::Header;
use crate::bank::{Outcome, Transaction};
use crate::base::{Digest, Fields, Hash, Index, Membership, Term};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::{Arc, Mutex, Weak};

/// The most transactions that a block may hold, whatever capacity the leader is set to.
pub const MAX_TRANSACTIONS: usize = 256;

/// What a block says: transactions, what became of each, and the ledger after them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// In the order of their execution. None in genesis and in the opening block of a term.
    pub transactions: Vec<Transaction>,
    /// Each transaction's receipt, at the same position.
    pub outcomes: Vec<Outcome>,
    /// The ledger's [state root](crate::bank::Ledger::state_root) after them.
    pub state_root: Hash,
    /// Who belongs to the cluster from this block on, if it changes that (Raft paper §6).
    pub membership: Option<Membership>,
}

impl Body {
    /// The hash that the header holds. Both lists enter with their lengths, and a membership
    /// comes last, so that no two bodies are fed in as the same bytes.
    pub fn root(&self) -> Hash {
        let mut digest = Digest::new();
        digest.number(self.transactions.len() as u64);
        self.transactions.iter().for_each(|transaction| transaction.digest_into(&mut digest));
        digest.number(self.outcomes.len() as u64);
        self.outcomes.iter().for_each(|outcome| outcome.digest_into(&mut digest));
        digest.hash(&self.state_root);
        if let Some(membership) = &self.membership {
            membership.digest_into(&mut digest);
        }
        digest.finish()
    }
}

/// A block with its hash. A clone is a copied pointer: a block exists once in memory, however
/// many servers, checkpoints and views hold it.
///
/// Two blocks are equal if their hashes are. As JSON, its fields lie side by side under readable
/// names; reading it back checks hash, body and work, so a block is its own checksum.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Block(Arc<Sealed>);

struct Sealed {
    header: Header,
    body: Body,
    hash: Hash,
    /// As it is written down, while anybody keeps that.
    text: Mutex<Option<Weak<str>>>,
}

impl Block {
    /// Puts header and body together and computes the hash. It judges nothing: whether they fit
    /// each other, and the chain, is for [`verify`](super::verify()) to say.
    pub fn seal(header: Header, body: Body) -> Self {
        let (hash, text) = (header.hash(), Mutex::default());
        Self(Arc::new(Sealed { header, body, hash, text }))
    }

    /// Its header.
    pub fn header(&self) -> &Header {
        &self.0.header
    }

    /// Its body.
    pub fn body(&self) -> &Body {
        &self.0.body
    }

    /// As it is written down, in JSON. All disks that hold it share one text.
    pub fn text(&self) -> Arc<str> {
        let mut kept = self.0.text.lock().expect("nobody panics while he holds it");
        if let Some(text) = kept.as_ref().and_then(Weak::upgrade) {
            return text;
        }
        let text = serde_json::to_string(self).expect("a block can be written as JSON");
        let text: Arc<str> = text.into();
        *kept = Some(Arc::downgrade(&text));
        text
    }

    /// The hash of its header.
    pub fn hash(&self) -> Hash {
        self.0.hash
    }

    /// Its place in the chain.
    pub fn height(&self) -> Index {
        self.0.header.height
    }

    /// The term whose leader mined it.
    pub fn term(&self) -> Term {
        self.0.header.term
    }

    /// The work that its hash proves, in leading zero bits; chance may give it more than its
    /// difficulty asks for.
    pub fn work_bits(&self) -> u32 {
        self.hash().leading_zero_bits()
    }

    /// Its transactions, each with its receipt.
    pub fn receipts(&self) -> impl Iterator<Item = (&Transaction, Outcome)> {
        self.body().transactions.iter().zip(self.body().outcomes.iter().copied())
    }

    /// True if its hash has the leading zero bits that its header asks for.
    pub(super) fn has_work(&self) -> bool {
        self.work_bits() >= u32::from(self.header().difficulty)
    }
}

impl PartialEq for Block {
    fn eq(&self, other: &Self) -> bool {
        self.hash() == other.hash()
    }
}

impl Eq for Block {}

/// As people tell blocks apart: `block 7 of term 3, 00a1b2c3`.
impl fmt::Display for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "block {} of term {}, {}", self.height(), self.term(), self.hash().short())
    }
}

impl fmt::Debug for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Block")
            .field("hash", &self.0.hash)
            .field("header", &self.0.header)
            .field("body", &self.0.body)
            .finish()
    }
}

/// A block as it is written down.
#[derive(Serialize, Deserialize)]
#[serde(try_from = "Fields<'de>")]
struct Written {
    height: Index,
    term: Term,
    hash: Hash,
    parent: Hash,
    difficulty: u8,
    nonce: u64,
    body_root: Hash,
    transactions: Vec<Transaction>,
    outcomes: Vec<Outcome>,
    state_root: Hash,
    #[serde(skip_serializing_if = "Option::is_none")]
    membership: Option<Membership>,
}

impl TryFrom<Fields<'_>> for Written {
    type Error = String;

    fn try_from(mut fields: Fields<'_>) -> Result<Self, String> {
        let read = Self {
            height: fields.take("height")?,
            term: fields.take("term")?,
            hash: fields.take("hash")?,
            parent: fields.take("parent")?,
            difficulty: fields.take("difficulty")?,
            nonce: fields.take("nonce")?,
            body_root: fields.take("body_root")?,
            transactions: fields.take("transactions")?,
            outcomes: fields.take("outcomes")?,
            state_root: fields.take("state_root")?,
            membership: fields.or("membership", None)?,
        };
        fields.end(read)
    }
}

impl From<Block> for Written {
    fn from(block: Block) -> Self {
        let Header { parent, body_root, height, term, difficulty, nonce } = *block.header();
        let Body { transactions, outcomes, state_root, membership } = block.body().clone();
        let hash = block.hash();
        #[rustfmt::skip]
        let written = Self {
            height, term, hash, parent, difficulty, nonce, body_root,
            transactions, outcomes, state_root, membership,
        };
        written
    }
}

impl TryFrom<Written> for Block {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        #[rustfmt::skip]
        let Written {
            height, term, hash, parent, difficulty, nonce, body_root,
            transactions, outcomes, state_root, membership,
        } = written;
        let header = Header { parent, body_root, height, term, difficulty, nonce };
        let block = Self::seal(header, Body { transactions, outcomes, state_root, membership });

        if block.hash() != hash {
            let computed = block.hash();
            return Err(format!(
                "the block at height {height} was changed: it names itself {hash}, \
                 but its header hashes to {computed}"
            ));
        }
        let computed = block.body().root();
        if computed != body_root {
            return Err(format!(
                "the body of the block at height {height} was changed: its header asks for \
                 {body_root}, but its content hashes to {computed}"
            ));
        }
        if !block.has_work() {
            let bits = block.work_bits();
            return Err(format!(
                "the block at height {height} lacks work: its hash has {bits} leading zero bits \
                 where its difficulty asks for {difficulty}"
            ));
        }
        Ok(block)
    }
}

#[cfg(test)]
#[path = "block_tests.rs"]
mod tests;
