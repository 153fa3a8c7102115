//! The accounts after any block of the chain.

use super::logs::{Held, Log, Logs};
use crate::bank::Ledger;
use crate::base::Index;
use crate::chain::Block;
use crate::sim::World;
use crate::ui::view::chain::Balances;
use crate::ui::view::words::count;

/// The accounts after a block, or after what is committed.
pub(super) fn balances(world: &World, logs: &Logs, at: Option<u64>) -> Balances {
    let committed = logs.reference.map_or(logs.tip(), |server| server.applied());
    let height = at.map_or(committed, Index);
    let follows = at.is_none();
    let known =
        log_for(logs, height).and_then(|log| Some((log, around(world, logs, log, height)?)));
    let Some((log, (before, after))) = known else {
        let note = why_unknown(logs, height);
        return Balances { at: height.0, follows, rows: Vec::new(), note };
    };
    let rows = after.balances().iter().map(|(account, held)| {
        (account.to_string(), before.as_ref().and_then(|it| it.balance(*account)), *held)
    });
    let executed = height.0.saturating_sub(log.base.0) as usize;
    let from = match (log.base, executed) {
        (Index::ZERO, 0) => "The opening balances, which genesis fixes.".to_owned(),
        (Index::ZERO, _) => {
            format!("Executed from the opening balances on: {}.", count(executed, "block"))
        }
        (base, 0) => format!(
            "From the snapshot of height {base}. What was before it, its blocks would tell: they \
             are pruned."
        ),
        (base, _) => {
            format!("Executed from the snapshot of height {base} on: {}.", count(executed, "block"))
        }
    };
    let state = if height > committed { " These blocks are not committed yet." } else { "" };
    Balances { at: height.0, follows, rows: rows.collect(), note: format!("{from}{state}") }
}

/// The accounts before a block, if they are known, and after it.
fn around(
    world: &World,
    logs: &Logs,
    log: &Log,
    height: Index,
) -> Option<(Option<Ledger>, Ledger)> {
    let Some(below) = height.previous().filter(|below| *below >= log.base) else {
        return Some((None, ledger_at(world, logs, log, height)?));
    };
    let before = ledger_at(world, logs, log, below)?;
    let mut after = before.clone();
    execute(&mut after, &logs.at(log, height).block()?)?;
    Some((Some(before), after))
}

fn execute(ledger: &mut Ledger, block: &Block) -> Option<()> {
    for transaction in &block.body().transactions {
        ledger.execute(transaction, block.height()).ok()?;
    }
    Some(())
}

fn why_unknown(logs: &Logs, height: Index) -> String {
    if height < logs.lowest() {
        format!(
            "Nobody can tell any more: the blocks up to {0} are pruned, and what is left of them \
             are the accounts after {0}.",
            logs.lowest()
        )
    } else {
        format!("There is no block {height} in the chain yet.")
    }
}

/// A log that has the chain up to a height, the reference's before others.
fn log_for<'a, 'w>(logs: &'a Logs<'w>, height: Index) -> Option<&'a Log<'w>> {
    let agreed = logs.agreed(height);
    let fits = |log: &&Log| {
        let here = logs.at(log, height);
        match (&agreed, here) {
            (Some(agreed), Held::Block(block)) => *agreed == block,
            (None, Held::Block(_)) => logs.reference.is_none(),
            _ => false,
        }
    };
    let reference = logs.reference.and_then(|server| logs.get(server.id()));
    reference.into_iter().chain(&logs.all).find(fits)
}

/// The accounts after a block of a log: executed, from where the log begins.
pub(super) fn ledger_at(world: &World, logs: &Logs, log: &Log, height: Index) -> Option<Ledger> {
    let server = log.server().filter(|server| server.applied() == height);
    if let Some(server) = server {
        return Some(server.committed_ledger().clone());
    }
    let (_, mut ledger) = log.beginning(world);
    for at in log.base.0 + 1..=height.0 {
        execute(&mut ledger, &logs.at(log, Index(at)).block()?)?;
    }
    Some(ledger)
}
