//! The timeline, from the newest events.

use crate::base::{Span, Time};
use crate::server::Fact;
use crate::sim::Simulation;
use crate::trace::{Event, What};
use crate::ui::view::timeline::{Happening, HappeningKind, MARKS_MAX, Timeline, clock};
use std::collections::BTreeSet;

pub fn of(simulation: &Simulation) -> Timeline {
    let world = simulation.world();
    let now = world.now();
    let span = world.config().election_timeout_max.times(12).0.min(now.0).max(1);
    let from = Time(now.0 - span.min(now.0));
    let mut marks = Vec::new();
    let mut heights = BTreeSet::new();
    for event in simulation.trace().iter().rev().take_while(|event| event.at >= from) {
        let Some(kind) = kind(event) else { continue };
        // Every server commits every block: the strip shows the first to do so.
        if let What::Server(_, Fact::Committed(height)) = &event.what
            && !heights.insert(*height)
        {
            marks.retain(|mark: &Happening| {
                mark.kind != HappeningKind::Committed || mark.height != Some(height.0)
            });
        }
        marks.push(happening(event, kind, from, Span(span)));
        if marks.len() == MARKS_MAX {
            break;
        }
    }
    for broken in simulation.judges().violations().filter(|broken| broken.at >= from) {
        marks.push(Happening {
            event: broken.event.0,
            part: broken.at.since(from).0 as f64 / span as f64,
            kind: HappeningKind::Violated,
            height: None,
            words: format!("{} is violated ({})", broken.property, clock(broken.at)),
        });
    }
    marks.sort_by_key(|mark| mark.event);
    Timeline { clock: clock(now), from: clock(from), marks }
}

fn happening(event: &Event, kind: HappeningKind, from: Time, span: Span) -> Happening {
    let height = match &event.what {
        What::Server(_, Fact::Committed(height)) => Some(height.0),
        _ => None,
    };
    let words = match height {
        Some(height) => format!("block {height} is committed"),
        None => event.what.to_string(),
    };
    Happening {
        event: event.id.0,
        part: event.at.since(from).0 as f64 / span.0 as f64,
        kind,
        height,
        words: format!("{words} ({})", clock(event.at)),
    }
}

fn kind(event: &Event) -> Option<HappeningKind> {
    match &event.what {
        What::Server(_, Fact::BecameLeader(_)) => Some(HappeningKind::Elected),
        What::Server(_, Fact::Committed(_)) => Some(HappeningKind::Committed),
        What::Server(_, Fact::Recovered { .. }) if event.cause.is_some() => {
            Some(HappeningKind::Recovered)
        }
        What::Crashed { .. } | What::Stopped(..) => Some(HappeningKind::Crashed),
        What::Acted(text) => {
            let network = ["partition", "heal", "isolate", "cut", "mend", "network"];
            network.iter().any(|verb| text.starts_with(verb)).then_some(HappeningKind::Network)
        }
        _ => None,
    }
}
