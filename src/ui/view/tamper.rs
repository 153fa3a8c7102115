//! Tampering with a stored block: what it changes, what it costs, what the others do.

use super::block::Work;
use crate::base::{AccountId, ServerId};
use crate::chain::Block;
use std::rc::Rc;

/// How many blocks are shown of a chain that breaks.
pub const LINKS_MAX: usize = 6;

/// The most attempts that a forgery may take on average: more, and the page would work for minutes.
pub const ATTEMPTS_MAX: u64 = 1 << 24;

/// What somebody tampers with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Watch {
    /// The block as it was, once somebody has begun.
    pub original: Option<(ServerId, Block)>,
    /// The server and the height that somebody has asked for.
    pub wanted: Option<(ServerId, u64)>,
    /// Which of its transactions is changed.
    pub position: usize,
    /// The amount, as it was typed; nothing yet.
    pub amount: Option<String>,
    /// Who gets it instead.
    pub to: Option<AccountId>,
    /// True if nothing is changed but the transaction: neither the body root nor the hash.
    pub plain: bool,
    /// What has been mined again.
    pub forged: Option<Rc<Forged>>,
    /// True once the disk holds what was changed.
    pub written: bool,
    /// What is wrong with what was chosen.
    pub problem: Option<String>,
}

/// Blocks that are mined again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forged {
    /// The finished ones.
    pub blocks: Vec<Block>,
    /// How many there are to mine.
    pub total: usize,
    /// How many nonces were tried.
    pub attempts: u64,
    /// True while the work goes on.
    pub is_running: bool,
}

/// What is asked of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// A block of a server: whose, and where.
    Block(ServerId, u64),
    /// One of its transactions.
    Transaction(usize),
    /// Another amount, as it was typed.
    Amount(String),
    /// Another recipient.
    To(AccountId),
    /// Changes nothing but the transaction, or mends the hashes too.
    Plain(bool),
    /// Does the work again: of the block, and of all after it.
    Mine,
    /// Mines no longer.
    StopMining,
    /// Writes it to the server's disk, which is crashed first if it is up.
    Write,
    /// Removes the block and all after it from the server's disk.
    Remove,
}

/// What it shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tamper {
    /// Whose blocks can be chosen.
    pub servers: Vec<ServerId>,
    /// Whose is chosen.
    pub server: Option<ServerId>,
    /// The lowest and the highest height that it keeps.
    pub heights: (u64, u64),
    /// The height that is chosen.
    pub height: u64,
    /// The block's transactions, in words.
    pub transactions: Vec<String>,
    /// Which of them is changed.
    pub position: usize,
    /// The amount that is typed.
    pub amount: String,
    /// Whom it can be paid to.
    pub recipients: Vec<AccountId>,
    /// Whom it is paid to.
    pub to: Option<AccountId>,
    /// See [`Watch::plain`].
    pub plain: bool,
    /// Why nothing can be changed, or what is wrong with what was typed.
    pub problem: Option<String>,
    /// What comes of it.
    pub outcome: Option<Outcome>,
    /// True if the server is up, so that it must be crashed first.
    pub is_up: bool,
    /// What became of it, once it was written.
    pub aftermath: Option<Aftermath>,
}

/// What comes of a change.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The change, in words.
    pub change: String,
    /// The body root in the header.
    pub named_root: String,
    /// The root of what the body holds now.
    pub body_root: String,
    /// The hash before.
    pub old_hash: String,
    /// The hash now, and the work in it.
    pub work: Work,
    /// What a server says that starts from it.
    pub verdict: String,
    /// True if a server would start from it.
    pub is_believed: bool,
    /// The block, and those after it.
    pub links: Vec<Link>,
    /// How many more there are.
    pub more: u64,
    /// What mining them again would cost.
    pub cost: String,
    /// Who holds the block as it was.
    pub others: String,
    /// What was mined again.
    pub forged: Option<Rc<Forged>>,
    /// False if mining it again is too much for a page.
    pub can_mine: bool,
}

/// A block of the chain that breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its height.
    pub height: u64,
    /// The beginning of its hash.
    pub hash: String,
    /// The beginning of the hash that it names as its parent's.
    pub parent: String,
    /// What it is now.
    pub state: LinkState,
}

/// What became of a block of the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkState {
    /// It was changed, and nothing in it fits.
    Changed,
    /// It was mined again: it proves itself.
    Forged,
    /// It links to a block that is there no longer.
    Broken,
    /// It stands on one that does not.
    Unfounded,
}

impl LinkState {
    /// The name of its style.
    pub fn class(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Forged => "forged",
            Self::Broken => "broken",
            Self::Unfounded => "unfounded",
        }
    }

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Changed => "✗ changed",
            Self::Forged => "✓ mined again",
            Self::Broken => "✗ its parent is gone",
            Self::Unfounded => "✗ stands on it",
        }
    }
}

/// What became of it after it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Aftermath {
    /// What the server and the others do, a sentence each.
    pub says: Vec<String>,
    /// True if the server can be restarted.
    pub can_restart: bool,
    /// True if what it cannot read can be removed.
    pub can_remove: bool,
}
