//! Tampering with a stored block, from the logs: what it changes and what it costs.

use super::chain::block_of;
use super::chain_balances::ledger_at;
use super::logs::{Log, Logs};
use super::{payment, tamper_after};
use crate::bank::{Ledger, Transaction};
use crate::base::{AccountId, ServerId};
use crate::chain::{Block, forge, verify};
use crate::sim::{Simulation, World};
use crate::ui::view::block::Work;
use crate::ui::view::input;
use crate::ui::view::tamper::{ATTEMPTS_MAX, LINKS_MAX, Link, LinkState, Outcome, Tamper, Watch};
use crate::ui::view::words::{count, list, thousands};

/// What it shows.
pub(super) fn of(simulation: &Simulation, logs: &Logs, watch: &Watch) -> Tamper {
    let world = simulation.world();
    let servers: Vec<ServerId> = logs.all.iter().map(|log| log.id).collect();
    let empty = Tamper { servers, plain: watch.plain, ..Tamper::default() };
    let Some((server, block)) = original(logs, watch) else {
        let problem = "No server has a block with a transfer yet. Let somebody pay.".to_owned();
        return Tamper { problem: Some(watch.problem.clone().unwrap_or(problem)), ..empty };
    };
    let (server, height) = watch.wanted.unwrap_or((server, block.height().0));
    let Some(log) = logs.get(server) else { return empty };
    let transactions: Vec<_> = block.body().transactions.clone();
    let position = watch.position.min(transactions.len().saturating_sub(1));
    let words = transactions.iter().map(|it| format!("{}: {}", it.id, payment(it)));
    let chosen = transactions.get(position);
    let is_up = log.server().is_some();
    let base = Tamper {
        server: Some(server),
        heights: ((log.base.0 + 1).min(log.last.0), log.last.0),
        height,
        transactions: words.collect(),
        position,
        is_up,
        aftermath: watch.written.then(|| tamper_after::of(simulation, logs, log, &block)),
        ..empty
    };
    let problem = watch.problem.clone();
    let Some(honest) = chosen.filter(|_| problem.is_none()) else {
        let none = format!("Block {} holds no transfer to change.", block.height());
        return Tamper { problem: Some(problem.unwrap_or(none)), ..base };
    };
    let accounts = world.setup().opening.balances().keys().copied();
    let recipients: Vec<AccountId> = accounts.filter(|to| *to != honest.from()).collect();
    let to = watch.to.filter(|to| recipients.contains(to)).unwrap_or(honest.to);
    let amount = watch.amount.clone().unwrap_or_else(|| honest.amount.to_string());
    let (problem, outcome) = match input::amount(&amount) {
        Err(problem) => (Some(problem), None),
        Ok(amount) => {
            let changed = Transaction { to, amount, ..*honest };
            (None, (changed != *honest).then(|| outcome(world, logs, log, watch, &block, changed)))
        }
    };
    Tamper { amount, recipients, to: Some(to), problem, outcome, ..base }
}

/// The block that is tampered with: the one that was chosen, or else the newest with a transfer
/// that the last of the followers has.
pub(super) fn original(logs: &Logs, watch: &Watch) -> Option<(ServerId, Block)> {
    if let Some(chosen) = &watch.original {
        return Some(chosen.clone());
    }
    let leader = logs.reference.map(|server| server.id());
    let follower = |log: &&Log| Some(log.id) != leader && log.server().is_some();
    let log = logs.all.iter().rev().find(follower).or(logs.all.last())?;
    let mut committed = (log.base.0 + 1..=log.commit().0).rev().take(64);
    let with_transfer = |height| {
        let block = block_of(logs, log.id, height)?;
        (!block.body().transactions.is_empty()).then_some(block)
    };
    committed.find_map(with_transfer).map(|block| (log.id, block))
}

fn changed_block(watch: &Watch, block: &Block, changed: Transaction) -> Block {
    let edit = if watch.plain { forge::edit } else { forge::edit_and_mend };
    edit(block, watch.position.min(block.body().transactions.len() - 1), changed)
}

/// The blocks that stand on a server's disk from the changed one on, with the change and what was
/// mined again.
pub(super) fn blocks(logs: &Logs, watch: &Watch) -> Option<(ServerId, Vec<Block>)> {
    let (server, block) = original(logs, watch)?;
    let honest = *block.body().transactions.get(watch.position)?;
    let to = watch.to.unwrap_or(honest.to);
    let amount = match &watch.amount {
        Some(text) => input::amount(text).ok()?,
        None => honest.amount,
    };
    let changed = Transaction { to, amount, ..honest };
    if changed == honest {
        return None;
    }
    if let Some(forged) = watch.forged.as_ref().filter(|forged| !forged.blocks.is_empty()) {
        return Some((server, forged.blocks.clone()));
    }
    Some((server, vec![changed_block(watch, &block, changed)]))
}

/// What is to be forged: the parent, the accounts after it, and the blocks from the changed one on.
pub(super) fn to_forge(
    world: &World,
    logs: &Logs,
    watch: &Watch,
) -> Option<(Block, Ledger, Vec<Block>)> {
    let fresh = Watch { forged: None, ..watch.clone() };
    let (server, mut blocks) = blocks(logs, &fresh)?;
    let log = logs.get(server)?;
    let height = blocks[0].height();
    let parent = block_of(logs, server, height.previous()?.0)?;
    let ledger = ledger_at(world, logs, log, parent.height())?;
    blocks.extend((height.0 + 1..=log.last.0).map_while(|next| block_of(logs, server, next)));
    Some((parent, ledger, blocks))
}

fn outcome(
    world: &World,
    logs: &Logs,
    log: &Log,
    watch: &Watch,
    block: &Block,
    changed: Transaction,
) -> Outcome {
    let honest =
        &block.body().transactions[watch.position.min(block.body().transactions.len() - 1)];
    let altered = match watch.forged.as_ref().and_then(|forged| forged.blocks.first()) {
        Some(forged) => forged.clone(),
        None => changed_block(watch, block, changed),
    };
    let height = block.height();
    let after = log.last.0.saturating_sub(height.0);
    let verdict = verdict(world, logs, log, watch, &altered, after);
    let difficulty = block.header().difficulty;
    let attempts = (after + 1).saturating_mul(1 << difficulty);
    Outcome {
        change: format!("{} instead of {}", payment(&changed), payment(honest)),
        named_root: altered.header().body_root.to_string(),
        body_root: altered.body().root().to_string(),
        old_hash: block.hash().to_string(),
        work: Work::of(altered.hash(), difficulty),
        is_believed: verdict.is_ok(),
        verdict: match verdict {
            Ok(words) | Err(words) => words,
        },
        links: links(logs, log, watch, &altered),
        more: (after + 1).saturating_sub(LINKS_MAX as u64),
        cost: cost(world, after + 1, difficulty, attempts),
        others: others(logs, block),
        forged: watch.forged.clone(),
        can_mine: attempts <= ATTEMPTS_MAX,
    }
}

/// What a server says that starts from the disk as it would be: why it would, or why not.
fn verdict(
    world: &World,
    logs: &Logs,
    log: &Log,
    watch: &Watch,
    altered: &Block,
    after: u64,
) -> Result<String, String> {
    let (id, height) = (log.id, altered.height());
    let refuses =
        |why: String| Err(format!("{id} will refuse to start from block {height}: {why}."));
    if let Err(error) = serde_json::from_str::<Block>(&altered.text()) {
        return refuses(error.to_string());
    }
    let below = height.previous();
    let parent = below.and_then(|below| block_of(logs, id, below.0));
    let ledger = below.and_then(|below| ledger_at(world, logs, log, below));
    if let (Some(parent), Some(ledger)) = (parent, ledger)
        && let Err(error) = verify(&parent, altered, &ledger)
    {
        return refuses(error.to_string());
    }
    let forged = watch.forged.as_ref().map_or(0, |forged| forged.blocks.len() as u64);
    if forged.max(1) > after {
        return Ok(format!(
            "{id} will start from it: every block proves its work and links to the one before. Only \
             the other servers know better."
        ));
    }
    let next = height.0 + forged.max(1);
    Err(format!(
        "Block {} proves itself now, but {id} will refuse to start from block {next}: it links to a \
         block that is there no longer.",
        next - 1
    ))
}

fn links(logs: &Logs, log: &Log, watch: &Watch, altered: &Block) -> Vec<Link> {
    let first = altered.height().0;
    let heights = (first..=log.last.0).take(LINKS_MAX);
    let mut below = altered.clone();
    let mut link = |height: u64| {
        let place = height - first;
        let mined = watch.forged.as_ref().and_then(|it| it.blocks.get(place as usize)).cloned();
        let is_mined = mined.is_some();
        let block = match place {
            0 => Some(altered.clone()),
            _ => mined.or_else(|| block_of(logs, log.id, height)),
        };
        let parent = block.as_ref().map(|it| it.header().parent);
        let state = match place {
            _ if is_mined => LinkState::Forged,
            0 => LinkState::Changed,
            _ if parent != Some(below.hash()) => LinkState::Broken,
            _ => LinkState::Unfounded,
        };
        if let Some(block) = &block {
            below = block.clone();
        }
        let short = |hash: &str| format!("{}…", &hash[..10]);
        Link {
            height,
            hash: block.as_ref().map_or("?".to_owned(), |it| short(&it.hash().to_string())),
            parent: block.map_or("?".to_owned(), |it| short(&it.header().parent.to_string())),
            state,
        }
    };
    heights.map(&mut link).collect()
}

fn cost(world: &World, blocks: u64, difficulty: u8, attempts: u64) -> String {
    let rate = world.setup().work.attempts_per_second.max(1);
    format!(
        "{} from here on, at 2^{difficulty} attempts each on average: {} hashes, {} at this bank's \
         {} a second.",
        count(blocks as usize, "block"),
        thousands(attempts),
        duration(attempts.saturating_mul(1_000) / rate),
        thousands(rate),
    )
}

/// A stretch of milliseconds, in the largest unit that gives a whole number above one.
fn duration(ms: u64) -> String {
    let units =
        [(86_400_000, "days"), (3_600_000, "hours"), (60_000, "minutes"), (1_000, "seconds")];
    match units.iter().find(|(unit, _)| ms >= 2 * unit) {
        Some((unit, name)) => format!("about {} {name}", ms / unit),
        None => format!("about {ms} ms"),
    }
}

fn others(logs: &Logs, block: &Block) -> String {
    let has = |log: &&Log| logs.at(log, block.height()).block().as_ref() == Some(block);
    let names: Vec<String> = logs.all.iter().filter(has).map(|log| log.id.to_string()).collect();
    let all = logs.all.len();
    let majority = if names.len() > all / 2 { ", a majority" } else { "" };
    let verb = if names.len() == 1 { "holds" } else { "hold" };
    format!(
        "{} {verb} block {} as it was: {} of {all} servers{majority}. Work convinces nobody of \
         another one: Raft takes what a majority has.",
        list(&names),
        block.height(),
        names.len()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_stretches_of_time() {
        assert_eq!([0, 999, 4_096, 1_234_567].map(thousands), ["0", "999", "4,096", "1,234,567"]);
        assert_eq!(duration(40), "about 40 ms");
        assert_eq!(duration(130_000), "about 2 minutes");
        assert_eq!(duration(86_400_000 * 9), "about 9 days");
    }
}
