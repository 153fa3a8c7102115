//! All servers' logs side by side, aligned on height.

use super::logs::{Held, Log, Logs};
use super::{block, condition, contents};
use crate::base::Index;
use crate::chain::Block;
use crate::sim::World;
use crate::sim::history::Branches;
use crate::ui::view::ledger::{Cell, Kind, Ledger, Row, Watch, known};
use crate::ui::view::words::count;
use std::rc::Rc;

/// What it shows of the moment that is looked at.
pub fn of(branches: &Branches, watch: &Watch) -> Ledger {
    let world = branches.shown().world();
    let logs = Logs::of(world);
    let (tip, columns) = (logs.tip().0, watch.columns());
    let first = watch.first_of(tip);
    let heights: Vec<Height> =
        (first..first + columns).map(|height| Height::of(&logs, Index(height))).collect();
    let rows: Vec<Row> = logs.all.iter().map(|log| row(world, &logs, log, &heights)).collect();
    let last = first + columns - 1;
    let cursor = watch.cursor.filter(|(_, height)| (first..=last).contains(height));
    let cursor = cursor.and_then(|(server, height)| {
        Some((logs.all.iter().position(|log| log.id == server)?, height - first))
    });
    Ledger {
        first,
        columns,
        tip,
        newest: watch.newest(tip),
        follows: watch.first.is_none(),
        cursor: cursor.unwrap_or((0, tip.clamp(first, last) - first)),
        summary: summary(&logs, tip),
        rows,
        open: watch.open.map(|(server, height)| Rc::new(block::held(&logs, server, height))),
    }
}

impl Ledger {
    /// The highest height of any log.
    pub fn tip_of(branches: &Branches) -> u64 {
        Logs::of(branches.shown().world()).tip().0
    }
}

fn summary(logs: &Logs, tip: u64) -> String {
    let against = match logs.reference {
        Some(server) => format!("held against {}'s log", server.id()),
        None => "no server is up: this is on their disks".to_owned(),
    };
    format!("{}, {against}", count(tip as usize, "height"))
}

/// What the chain that the logs are held against has at a height, with its words. Nearly all logs
/// have the same there, so that the words are made once.
struct Height {
    height: Index,
    agreed: Option<(Block, String)>,
}

impl Height {
    fn of(logs: &Logs, height: Index) -> Self {
        let agreed = logs.agreed(height).map(|block| {
            let words = contents(&block);
            (block, words)
        });
        Self { height, agreed }
    }
}

fn row(world: &World, logs: &Logs, log: &Log, heights: &[Height]) -> Row {
    let node = world.node(log.id).expect("every log has its server");
    let cells = heights.iter().map(|height| cell(logs, log, height));
    Row {
        id: log.id,
        condition: condition(world, log.id, node),
        note: note(log),
        cells: cells.collect(),
    }
}

fn note(log: &Log) -> String {
    match log.server() {
        Some(server) => {
            let raft = server.raft();
            format!("committed {}, disk {}", raft.commit(), raft.durable())
        }
        None if log.last == Index::ZERO => "an empty disk".to_owned(),
        None => format!("disk {}", log.last),
    }
}

fn cell(logs: &Logs, log: &Log, Height { height, agreed }: &Height) -> Cell {
    let height = *height;
    let held = logs.at(log, height);
    let kind = kind(log, height, &held);
    let progress = logs.progress(log.id);
    let at = |place: Option<Index>| place == Some(height);
    let matched = at(progress.map(|progress| progress.match_index()));
    let next = at(progress.map(|progress| progress.next_index()));
    let ends_committed = log.server().is_some() && log.commit() == height;
    let ends_durable = log.durable() == height && log.last > height;
    // The name begins with the words that are seen.
    let seen = match known(matched, next) {
        "" => String::new(),
        known => format!("{known}, "),
    };
    let mut says = format!("{} height {height}: ", log.id);
    let (mut term, mut transactions, mut differs) = (0, 0, false);
    match held {
        Held::Block(block) => {
            (term, transactions) = (block.term().0, block.body().transactions.len());
            differs = agreed.as_ref().is_some_and(|(agreed, _)| *agreed != block);
            let holds = if differs { "≠".to_owned() } else { format!("{transactions} tx") };
            says += &format!("term {term}, {holds}, {seen}{}", state(kind));
            if let Some(server) = logs.reference.filter(|_| differs) {
                says += &format!(", another block than {} has", server.id());
            }
            says += ". ";
            match agreed {
                Some((_, words)) if !differs => says += words,
                _ => says += &contents(&block),
            }
        }
        Held::Damaged(_, why) => says += &format!("{seen}cannot be read: {why}"),
        Held::Pruned => says += &format!("{seen}its snapshot of height {} stands for it", log.base),
        Held::Nothing => says += &format!("{seen}no block"),
    }
    for (is, words) in [
        (ends_committed, "committed up to here"),
        (ends_durable, "on its disk up to here"),
        (matched, "the leader knows it to match up to here"),
        (next, "the leader sends this one next"),
    ] {
        if is {
            says += "; ";
            says += words;
        }
    }
    #[rustfmt::skip]
    let cell = Cell { kind, term, transactions, differs, ends_committed, ends_durable, matched, next, says: says.into() };
    cell
}

fn kind(log: &Log, height: Index, held: &Held) -> Kind {
    match held {
        Held::Nothing => Kind::Empty,
        Held::Pruned => Kind::Pruned,
        Held::Damaged(..) => Kind::Damaged,
        Held::Block(_) if height == log.base => Kind::Snapshot,
        Held::Block(_) if height <= log.commit() => Kind::Committed,
        Held::Block(_) => Kind::Pending,
    }
}

fn state(kind: Kind) -> &'static str {
    match kind {
        Kind::Committed => "committed",
        Kind::Snapshot => "the last one in its snapshot",
        _ => "not known to be committed",
    }
}
