//! An answer to 'Why?', from the world and its trace.

use super::condition;
use crate::sim::{Simulation, World};
use crate::trace::{EventId, Trace};
use crate::ui::view::why::{Leg, Moment, Reason, Why, of_block, of_request, of_server};
use crate::why::{self, Answer, Claim, Question};

pub fn of(simulation: &Simulation, question: &Question) -> Why {
    let (world, trace) = (simulation.world(), simulation.trace());
    let answer = why::answer(world, trace, question);
    let title = title(world, question, &answer.claim);
    let Answer { headline, reasons, path, remedies, forgotten, .. } = answer;
    let whole = path.iter().map(|leg| leg.took.0).sum::<u64>().max(1);
    Why {
        question: question.clone(),
        title,
        headline,
        reasons: reasons.iter().map(|reason| view(reason, trace)).collect(),
        path: path.iter().map(|leg| part(leg, whole)).collect(),
        remedies,
        forgotten,
    }
}

/// The question, true to how things stand now: they may have changed since it was asked.
fn title(world: &World, question: &Question, claim: &Claim) -> String {
    match question {
        Question::NoLeader => match claim {
            Claim::Leads { .. } => "Who leads?".to_owned(),
            _ => "Why is there no leader?".to_owned(),
        },
        Question::Server(id) => match world.node(*id) {
            Some(node) => of_server(*id, condition(world, *id, node)),
            None => format!("Why is there no {id}?"),
        },
        Question::Vote { voter, candidate } => match claim {
            Claim::Voted { .. } => format!("Why did {voter} vote for {candidate}?"),
            _ => format!("Why did {voter} not vote for {candidate}?"),
        },
        Question::Block { height, .. } => block_title(&format!("block {height}"), height.0, claim),
        Question::Hash(prefix) => block_title(&format!("block {prefix}…"), 0, claim),
        Question::Request(id) => {
            of_request(&id.to_string(), !matches!(claim, Claim::Answered { .. }))
        }
    }
}

fn block_title(name: &str, asked: u64, claim: &Claim) -> String {
    match claim {
        Claim::Committed { height, .. } => of_block(height.0, true),
        Claim::NotCommitted { height, .. } | Claim::Mining { height, .. } => {
            of_block(height.0, false)
        }
        Claim::Dropped { .. } => format!("Why was {name} dropped?"),
        Claim::Refused { .. } => format!("Why was {name} refused?"),
        _ if asked > 0 => format!("Why is there no {name}?"),
        _ => format!("Where is {name}?"),
    }
}

fn view(reason: &why::Reason, trace: &Trace) -> Reason {
    let mut moments: Vec<Moment> =
        reason.moments.iter().filter_map(|moment| to(*moment, trace)).collect();
    // Of what happened at one moment, one link is enough: the log shows the rest beside it.
    moments.dedup_by(|later, earlier| later.when == earlier.when);
    Reason {
        text: reason.text.clone(),
        moments,
        because: reason.because.iter().map(|reason| view(reason, trace)).collect(),
    }
}

fn to(moment: EventId, trace: &Trace) -> Option<Moment> {
    let event = trace.get(moment)?;
    let us = event.at.0;
    let when = format!("{}.{:03} s", us / 1_000_000, us / 1000 % 1000);
    Some(Moment { event: moment.0, when, what: event.what.to_string() })
}

fn part(leg: &why::Leg, whole: u64) -> Leg {
    let yet = if leg.under_way { " so far" } else { "" };
    Leg {
        part: leg.part,
        took: format!("{}{yet}", why::took(leg.took)),
        share: leg.took.0 as f64 / whole as f64,
        under_way: leg.under_way,
        text: leg.text.clone(),
    }
}
