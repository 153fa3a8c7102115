//! What became of a block that was tampered with: what its server and the others do.

use super::logs::{Held, Log, Logs};
use crate::base::ServerId;
use crate::chain::Block;
use crate::server::Fact;
use crate::sim::{Down, Simulation};
use crate::trace::{StopReason, Trace, What};
use crate::ui::view::tamper::Aftermath;
use crate::ui::view::words::sentence;

/// How many events are searched for a refusal.
const EVENTS_MAX: usize = 4_000;

/// What became of the block that was `honest` once.
pub(super) fn of(simulation: &Simulation, logs: &Logs, log: &Log, honest: &Block) -> Aftermath {
    let (id, height) = (log.id, honest.height());
    let node = simulation.world().node(id).expect("every log has its server");
    let mut says = Vec::new();
    let (mut can_restart, mut can_remove) = (false, false);
    match node.down() {
        Some(_) if matches!(logs.at(log, height), Held::Nothing) => {
            says.push(format!("Block {height} is removed from {id}'s disk."));
            can_restart = true;
        }
        Some(Down::Stopped(StopReason::Unreadable(what))) => {
            says.push(format!("{id} refuses to start. {}", sentence(&what.to_string())));
            says.push(
                "A server never mends its disk by itself. If somebody removes these blocks, the \
                 leader sends them again."
                    .to_owned(),
            );
            (can_restart, can_remove) = (true, true);
        }
        Some(_) => {
            says.push(format!("It is on {id}'s disk. Nothing happens until {id} reads it."));
            can_restart = true;
        }
        None => match logs.at(log, height) {
            Held::Block(block) if block == *honest => {
                says.push(format!("{id} has block {height} again as the others have it."));
            }
            Held::Block(_) => {
                says.push(format!(
                    "{id} has started from the forged blocks, and takes them for true: all their \
                     work is done."
                ));
                says.extend(refusal(simulation.trace(), id));
                says.extend(simulation.judges().violations().next().map(|found| {
                    format!("The judges say: {} is violated. See Safety below.", found.property)
                }));
            }
            Held::Pruned => {
                says.push(format!("{id} has a snapshot in the place of block {height}."))
            }
            Held::Nothing | Held::Damaged(..) => {
                says.push(format!("{id} is up, and waits for block {height} from the leader."));
            }
        },
    }
    Aftermath { says, can_restart, can_remove }
}

/// The last refusal of a block that a server was part of.
fn refusal(trace: &Trace, id: ServerId) -> Option<String> {
    trace.iter().rev().take(EVENTS_MAX).find_map(|event| match &event.what {
        What::Server(server, Fact::BlockRefused { from, height, why })
            if *server == id || *from == id =>
        {
            Some(format!("{server} refuses block {height} from {from}: {why}."))
        }
        _ => None,
    })
}
