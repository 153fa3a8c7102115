//! Searching the chain, and what was dropped beside it.

use super::chain::holder;
use super::chain_forks::Fork;
use super::contents;
use super::logs::Logs;
use crate::bank::RequestId;
use crate::base::{AccountId, ClientId, Index};
use crate::chain::Block;
use crate::ui::view::block::Which;
use crate::ui::view::chain::{Found, HITS_MAX, Hit};
use crate::ui::view::words::count;

/// How far back the chain is searched.
const BLOCKS_MAX: u64 = 10_000;

/// How many digits of a hash are needed at least.
const DIGITS_MIN: usize = 4;

/// What somebody searches for.
enum Wanted {
    Request(RequestId),
    Account(AccountId),
    /// A height, or the beginning of a hash, or both.
    Block(Option<u64>, Option<String>),
}

impl Wanted {
    fn read(text: &str) -> Result<Self, String> {
        const FORMS: &str = "Search for a transfer (Alice #3), an account (Alice), a height (12), \
                             or the first digits of a hash (00a3f2).";
        if let Some((client, seq)) = text.split_once('#') {
            let client = client.trim().parse::<ClientId>().map_err(|_| FORMS.to_owned())?;
            let seq = seq.trim().parse().map_err(|_| FORMS.to_owned())?;
            return Ok(Self::Request(RequestId { client, seq }));
        }
        // A height is written without zeros before it; a hash begins with some.
        let height = text.parse().ok().filter(|_| text == "0" || !text.starts_with('0'));
        let is_hash = text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let hash = (is_hash && text.len() >= DIGITS_MIN).then(|| text.to_ascii_lowercase());
        if height.is_some() || hash.is_some() {
            return Ok(Self::Block(height, hash));
        }
        match text.parse() {
            Ok(account) if !is_hash => Ok(Self::Account(account)),
            _ if is_hash => Err(format!("A hash needs {DIGITS_MIN} digits at least.")),
            _ => Err(format!("'{text}' cannot be searched for. {FORMS}")),
        }
    }

    fn fits(&self, block: &Block) -> bool {
        let mut transactions = block.body().transactions.iter();
        match self {
            Self::Request(id) => transactions.any(|it| it.id == *id),
            Self::Account(account) => {
                transactions.any(|it| it.from() == *account || it.to == *account)
            }
            Self::Block(height, hash) => {
                *height == Some(block.height().0)
                    || hash.as_ref().is_some_and(|hash| block.hash().to_string().starts_with(hash))
            }
        }
    }
}

/// What a search finds; nothing if nothing is asked.
pub(super) fn search(logs: &Logs, forks: &[Fork], text: &str) -> Option<Found> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let wanted = match Wanted::read(text) {
        Ok(wanted) => wanted,
        Err(says) => return Some(Found { says, hits: Vec::new() }),
    };
    let tip = logs.reference.map_or(logs.tip(), |server| server.raft().last_index()).0;
    let lowest = logs.lowest().0.max(tip.saturating_sub(BLOCKS_MAX));
    let (mut hits, mut found) = (Vec::new(), 0);
    let mut add = |block: &Block, which: Option<Which>, beside: &str| {
        found += 1;
        if let Some(which) = which.filter(|_| hits.len() < HITS_MAX) {
            let height = block.height().0;
            let words =
                format!("Block {height}, term {}{beside}: {}", block.term(), contents(block));
            hits.push(Hit { which, height, words });
        }
    };
    for height in (lowest..=tip).rev() {
        if let Some(block) = logs.agreed(Index(height)).filter(|block| wanted.fits(block)) {
            let server = holder(logs, &block);
            add(&block, server.map(|server| Which::At(server, height)), "");
        }
    }
    for fork in forks.iter().rev().filter(|fork| wanted.fits(&fork.block)) {
        add(&fork.block, Some(fork.which()), &format!(", beside the chain, {}", fork.note()));
    }
    let pruned = logs.lowest().0 > 0;
    let says = match (found, hits.len()) {
        (0, _) if pruned => format!(
            "Nothing found for '{text}' in the blocks that are kept. Those before {} are pruned.",
            logs.lowest()
        ),
        (0, _) => format!("Nothing found for '{text}'."),
        (all, shown) if all > shown => {
            format!("{} found, of which the newest {shown} are listed.", count(all, "block"))
        }
        (all, _) => format!("{} found.", count(all, "block")),
    };
    Some(Found { says, hits })
}
