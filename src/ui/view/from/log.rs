//! The log's window, from the trace.

use super::Watch;
use crate::client;
use crate::server::Fact;
use crate::sim::Simulation;
use crate::trace::{Event, What};
use crate::ui::view::log::{LINES, Line, Log, Query, SCANNED, Source};
use crate::ui::view::timeline::exact;
use std::rc::Rc;

pub fn of(simulation: &Simulation, watch: &Watch) -> Log {
    let trace = simulation.trace();
    let Query { source, search, before } = &watch.query;
    let search = search.trim().to_ascii_lowercase();
    let mut log = Log { forgotten: trace.forgotten() > 0, ..Log::default() };
    let mut formatted = 0;
    for event in trace.iter().rev().skip_while(|event| before.is_some_and(|end| event.id.0 >= end))
    {
        if !belongs(event, *source) {
            continue;
        }
        if log.lines.len() == LINES || formatted == SCANNED {
            log.older = Some(event.id.0 + 1);
            break;
        }
        if !search.is_empty() {
            formatted += 1;
            if !event.what.to_string().to_ascii_lowercase().contains(&search) {
                continue;
            }
        }
        log.lines.push(Rc::new(line(event, watch.jumped)));
    }
    log.lines.reverse();
    log
}

fn line(event: &Event, jumped: Option<u64>) -> Line {
    Line {
        event: event.id.0,
        time: exact(event.at),
        what: event.what.to_string(),
        tone: tone(&event.what),
        marked: jumped == Some(event.id.0),
    }
}

fn belongs(event: &Event, source: Source) -> bool {
    match source {
        Source::Highlights => is_highlight(event),
        Source::Everything => true,
        Source::Server(id) => event.what.server() == Some(id),
        Source::Client(id) => matches!(&event.what, What::Client(client, _) if *client == id),
        Source::Channel => event.what.passage().is_some(),
        Source::Actions => matches!(event.what, What::Acted(_)),
    }
}

/// What matters to somebody who watches.
pub fn is_highlight(event: &Event) -> bool {
    match &event.what {
        What::Acted(_) | What::Tampered(_) | What::Crashed { .. } | What::Stopped(..) => true,
        What::Server(_, fact) => matches!(
            fact,
            Fact::Recovered { .. }
                | Fact::BecameLeader(_)
                | Fact::BecameCandidate(_)
                | Fact::Voted(..)
                | Fact::MiningBegan { .. }
                | Fact::Mined { .. }
                | Fact::Truncated(_)
                | Fact::SnapshotTaken(_)
                | Fact::SnapshotInstalled { .. }
                | Fact::SnapshotRefused { .. }
                | Fact::MembershipChanged(_)
                | Fact::TransferBegan(_)
                | Fact::BlockRefused { .. }
                | Fact::Committed(_)
        ),
        What::Client(_, event) => !matches!(event, client::Event::Ignored { .. }),
        What::Sent(_)
        | What::Duplicated(_)
        | What::Arrived(_)
        | What::Dropped(..)
        | What::Timer(_)
        | What::Persisted(..) => false,
    }
}

fn tone(what: &What) -> &'static str {
    match what {
        What::Server(_, Fact::BecameLeader(_)) => "elected",
        What::Server(_, Fact::Committed(_) | Fact::Applied { .. } | Fact::Mined { .. })
        | What::Client(_, client::Event::Answered { .. }) => "committed",
        What::Server(
            _,
            Fact::BlockRefused { .. } | Fact::SnapshotRefused { .. } | Fact::Truncated(_),
        )
        | What::Dropped(..)
        | What::Crashed { .. }
        | What::Stopped(..) => "trouble",
        What::Sent(_) | What::Duplicated(_) | What::Arrived(_) | What::Timer(_) => "message",
        _ => "",
    }
}
