//! Valid Chain: every block by itself, and its link to the one before it.
//!
//! Headers and bodies are encoded here once more, from the documented layout, so that an error
//! in the engine's encoding does not hide itself.

use super::Property::ValidChain;
use super::docket::Docket;
use crate::bank::{Outcome, Refusal};
use crate::base::{Index, ServerId};
use crate::chain::{Block, Body, Header};
use sha2::{Digest, Sha256};

/// Judges a block that stands at `height` in a server's log, after `parent`: its hash has at least
/// `difficulty` leading zero bits, whatever it asks for itself. If the same block stands in another
/// log, it was judged there: then it must only be the same in every part.
pub(super) fn judge(
    docket: &mut Docket,
    (server, height, difficulty): (ServerId, Index, u8),
    parent: &Block,
    block: &Block,
    known: Option<&Block>,
) {
    let flaw = link_flaw(height, parent, block).or_else(|| match known {
        Some(known) if known.header() == block.header() && known.body() == block.body() => None,
        _ => own_flaw(block, difficulty),
    });
    docket.check(ValidChain, flaw.is_none(), || {
        let flaw = flaw.unwrap_or_default();
        format!("{block} in the log of {server} is not valid: {flaw}")
    });
}

/// What is wrong between a block and its parent.
fn link_flaw(height: Index, parent: &Block, block: &Block) -> Option<String> {
    let header = block.header();
    if header.height != height {
        return Some(format!("it stands at height {height}"));
    }
    if header.parent != parent.hash() {
        let (named, found) = (header.parent.short(), parent.hash().short());
        return Some(format!("it links to {named}, but after {found} it stands"));
    }
    if header.term < parent.header().term {
        return Some(format!("the block before it is of the later term {}", parent.term()));
    }
    None
}

/// What is wrong with a block by itself.
fn own_flaw(block: &Block, least: u8) -> Option<String> {
    let hash = header_hash(block.header());
    if hash != block.hash().0 {
        return Some("its header has another hash".to_owned());
    }
    let (work, difficulty) = (leading_zero_bits(&hash), block.header().difficulty.max(least));
    if work < u32::from(difficulty) {
        return Some(format!("its hash has {work} leading zero bits instead of {difficulty}"));
    }
    if body_root(block.body()) != block.header().body_root.0 {
        return Some("its body is not the one that its header names".to_owned());
    }
    if block.body().transactions.len() != block.body().outcomes.len() {
        return Some("not every transaction in it has one outcome".to_owned());
    }
    None
}

/// The hash of 92 bytes: parent, body root, height, term, difficulty (four bytes) and nonce.
fn header_hash(header: &Header) -> [u8; 32] {
    let mut digest = Sha256::new();
    digest.update(header.parent.0);
    digest.update(header.body_root.0);
    digest.update(header.height.0.to_le_bytes());
    digest.update(header.term.0.to_le_bytes());
    digest.update([header.difficulty, 0, 0, 0]);
    digest.update(header.nonce.to_le_bytes());
    digest.finalize().into()
}

/// The hash of both lists, each after its length, of the state root, and of the membership, if
/// there is one: each of its sets after its size. All numbers take eight bytes.
fn body_root(body: &Body) -> [u8; 32] {
    let mut bytes: Vec<u8> = Vec::with_capacity(64 + 56 * body.transactions.len());
    let mut numbers = |numbers: &[u64]| {
        numbers.iter().for_each(|number| bytes.extend(number.to_le_bytes()));
    };
    numbers(&[body.transactions.len() as u64]);
    for it in &body.transactions {
        let (from, to) = (it.id.client.number().into(), it.to.number().into());
        numbers(&[from, it.id.seq, it.lowest_unanswered, to, it.amount]);
    }
    numbers(&[body.outcomes.len() as u64]);
    for outcome in &body.outcomes {
        numbers(&match outcome {
            Outcome::Applied => [0, 0],
            Outcome::Refused(Refusal::InsufficientFunds { balance }) => [1, *balance],
        });
    }
    bytes.extend(body.state_root.0);
    if let Some(membership) = &body.membership {
        for set in [membership.voters(), membership.outgoing(), membership.learners()] {
            bytes.extend((set.len() as u64).to_le_bytes());
            set.iter().for_each(|id| bytes.extend(u64::from(id.number()).to_le_bytes()));
        }
    }
    Sha256::digest(&bytes).into()
}

fn leading_zero_bits(hash: &[u8; 32]) -> u32 {
    let mut bits = 0;
    for byte in hash {
        bits += byte.leading_zeros();
        if *byte != 0 {
            break;
        }
    }
    bits
}
