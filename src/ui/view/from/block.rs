//! An opened block, from the logs.

use super::logs::{Held, Log, Logs};
use super::{opening, payment};
use crate::bank::Outcome;
use crate::base::{Index, ServerId};
use crate::chain;
use crate::ui::view::block::{Block, Card, Content, Which, Work};
use crate::ui::view::words::list;

/// What a server has at a height, opened.
pub(super) fn held(logs: &Logs, server: ServerId, height: u64) -> Card {
    let which = Which::At(server, height);
    let content = match logs.get(server) {
        None => Content::Nothing(format!("There is no server {server}.")),
        Some(log) => match logs.at(log, Index(height)) {
            Held::Block(block) => {
                let here = |height| Some(Which::At(server, height));
                let parent = height.checked_sub(1).filter(|parent| *parent >= log.base.0);
                let child = Some(height + 1).filter(|child| *child <= log.last.0);
                let (state, committed) = state(log, height);
                Content::Block(Box::new(Block {
                    parent: parent.and_then(here),
                    child: child.and_then(here),
                    ..of(logs, &block, state, committed)
                }))
            }
            Held::Damaged(text, why) => Content::Damaged { text: text.to_string(), why },
            Held::Pruned => Content::Nothing(format!(
                "{server} keeps this block no longer: its snapshot of height {} stands for all \
                 blocks up to there.",
                log.base
            )),
            Held::Nothing => Content::Nothing(format!(
                "{server} has no block there: its log ends at {}.",
                log.last
            )),
        },
    };
    Card { which, server: Some(server), height, content }
}

/// A block, whoever has it.
pub(super) fn of(logs: &Logs, block: &chain::Block, state: &'static str, committed: bool) -> Block {
    let header = block.header();
    let transactions = block.receipts().map(|(transaction, outcome)| {
        let refused = match outcome {
            Outcome::Applied => None,
            Outcome::Refused(why) => Some(why.to_string()),
        };
        (format!("{}: {}", transaction.id, payment(transaction)), refused)
    });
    let (same, other): (Vec<_>, Vec<_>) = holders(logs, block.height())
        .map(|(id, held)| (id.to_string(), held == *block))
        .partition(|(_, same)| *same);
    let names = |some: Vec<(String, bool)>| some.into_iter().map(|(id, _)| id).collect::<Vec<_>>();
    let (same, other) = (names(same), names(other));
    Block {
        term: block.term().0,
        state,
        committed,
        header: vec![
            ("height", block.height().to_string()),
            ("term", block.term().to_string()),
            ("body root", header.body_root.to_string()),
            ("state root", block.body().state_root.to_string()),
            ("difficulty", format!("{} bits", header.difficulty)),
            ("nonce", header.nonce.to_string()),
            ("size", format!("{} bytes are hashed", chain::Header::LEN)),
        ],
        hash: Work::of(block.hash(), header.difficulty),
        parent_hash: header.parent.to_string(),
        parent: None,
        child: None,
        transactions: transactions.collect(),
        note: opening(block.height()),
        members: block.body().membership.as_ref().map(ToString::to_string),
        holders: match same.len() {
            0 => "No server has it.".to_owned(),
            1 => format!("{} alone has it.", same[0]),
            all if all == logs.all.len() => "All servers have it.".to_owned(),
            _ => format!("{} have it.", list(&same)),
        },
        others: (!other.is_empty()).then(|| {
            let verb = if other.len() == 1 { "has" } else { "have" };
            format!("{} {verb} another block there.", list(&other))
        }),
    }
}

/// Who has a block at a height, and which.
fn holders(logs: &Logs, height: Index) -> impl Iterator<Item = (ServerId, chain::Block)> {
    logs.all.iter().filter_map(move |log| Some((log.id, logs.at(log, height).block()?)))
}

fn state(log: &Log, height: u64) -> (&'static str, bool) {
    match (log.server().is_some(), height <= log.commit().0) {
        (_, true) => ("committed", true),
        (true, false) => ("not known to be committed", false),
        (false, false) => ("on its disk", false),
    }
}
