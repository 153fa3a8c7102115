//! The clients' history as operations, from the trace and the judges.

use super::lanes::source;
use super::operations_found::{Found, find};
use super::{Watch, faults};
use crate::bank::{Operation as Asked, RequestId, Verdict as Answer};
use crate::base::{ClientId, Time};
use crate::check::Property;
use crate::client;
use crate::sim::Simulation;
use crate::sim::history::Branches;
use crate::trace::What;
use crate::ui::view::faults::rows;
use crate::ui::view::lanes::{Horizon, Window};
use crate::ui::view::operations::{
    Details, Guilt, Lane, OPERATIONS_MAX, Operation, Operations, Outcome, ROWS_MAX, Verdict,
    Violation,
};
use crate::ui::view::timeline::exact;

/// How wide a letter above the lanes is, as a part of the width, about.
const LETTER: f64 = 0.0062;

/// What it shows of the stretch that is looked at.
pub fn of(branches: &Branches, watch: &Watch) -> Operations {
    let simulation = source(branches);
    let (horizon, view) = (Horizon::of(branches), &watch.explore.lanes);
    let window = view.window(&horizon);
    let selected = watch.explore.operations.selected;
    let found = find(simulation, &window);
    let verdict = verdict(simulation);
    let witness = verdict.violation.as_ref().and_then(|wrong| witness(&found, wrong.id?));
    let guilt = |id: RequestId| match &verdict.violation {
        Some(wrong) if wrong.id == Some(id) => Guilt::Wrong,
        Some(_) if witness == Some(id) => Guilt::Witness,
        _ => Guilt::None,
    };
    let mut scene = Scene { window, end: horizon.end, lanes: Vec::new(), rows: 0, left_out: 0 };
    let mut operations = Vec::new();
    for (client, own) in simulation.world().clients().zip(&found) {
        scene.lane(client.id(), own, &guilt, &mut operations);
    }
    let Scene { lanes, rows: count, mut left_out, .. } = scene;
    if operations.len() > OPERATIONS_MAX {
        let all = operations.len();
        let oldest = cutoff(&operations, window.place(Time::ZERO));
        operations.retain(|one| one.from > oldest);
        left_out += all - operations.len();
    }
    let order = selected.map_or(Vec::new(), |_| order(&operations));
    let details = selected.and_then(|id| details(&found, id));
    let faults = faults::of(branches, &window);
    let places = rows(&faults, &window, LETTER, 4);
    Operations {
        horizon,
        window,
        buttons: view.buttons(&horizon),
        lanes,
        rows: count,
        operations,
        left_out,
        order,
        faults: faults.into_iter().zip(places).collect(),
        verdict,
        details,
        forgotten: simulation.trace().forgotten(),
    }
}

/// Lays the lanes out.
struct Scene {
    window: Window,
    end: Time,
    lanes: Vec<Lane>,
    rows: usize,
    left_out: usize,
}

impl Scene {
    /// One client's operations: each in the first row that is free when it is asked.
    fn lane(
        &mut self,
        client: ClientId,
        own: &[Found],
        guilt: &dyn Fn(RequestId) -> Guilt,
        operations: &mut Vec<Operation>,
    ) {
        let mut ends: Vec<Time> = Vec::new();
        let mut used = 1;
        for found in own {
            let begin = found.asked.map_or(Time::ZERO, |(at, _)| at);
            let free = ends.iter().position(|end| *end <= begin);
            let row = free.unwrap_or(ends.len());
            let end = found.end(self.end);
            match ends.get_mut(row) {
                Some(last) => *last = end,
                None => ends.push(end),
            }
            if begin > self.window.to || end < self.window.from {
                continue;
            }
            if row >= ROWS_MAX {
                self.left_out += 1;
                continue;
            }
            used = used.max(row + 1);
            operations.push(self.operation(found, row, guilt(found.id)));
        }
        self.lanes.push(Lane { name: client.to_string(), top: self.rows, rows: used });
        self.rows += used;
    }

    fn operation(&self, found: &Found, row: usize, guilt: Guilt) -> Operation {
        let place = |at: Time| self.window.place(at);
        let (outcome, answer) = found.outcome();
        Operation {
            id: found.id,
            row: self.rows + row,
            from: found.asked.map_or(-0.1, |(at, _)| place(at)),
            to: place(found.end(self.end)),
            point: found.point.map(|(at, _)| place(at)),
            asked: found.words(),
            answer,
            outcome,
            guilt,
            name: found.name(),
            event: found.event(),
        }
    }
}

impl Found {
    /// When it ends: with its answer, or not before now.
    fn end(&self, now: Time) -> Time {
        self.answered.map_or(if self.is_open { now } else { Time(u64::MAX) }, |(at, ..)| at)
    }

    /// The event that shows it best.
    fn event(&self) -> u64 {
        let answered = self.answered.map(|(_, event, _)| event);
        answered.or(self.asked.map(|(_, event)| event)).unwrap_or_default()
    }

    /// What was asked.
    fn words(&self) -> String {
        match self.operation {
            Some(Asked::Transfer { to, amount }) => format!("pay {to} {amount}"),
            Some(Asked::Balance) => "balance".to_owned(),
            None => format!("#{}", self.id.seq),
        }
    }

    /// What came of it, and what was answered.
    fn outcome(&self) -> (Outcome, String) {
        let Some((.., answer)) = self.answered else {
            let words = if self.is_open { "no answer yet" } else { "answered later" };
            return (Outcome::Open, words.to_owned());
        };
        let (outcome, words) = match answer {
            Answer::Committed { .. } => (Outcome::Applied, "applied"),
            Answer::Refused { .. } => (Outcome::Refused, "refused"),
            Answer::Balance { committed, .. } => return (Outcome::Told, committed.to_string()),
            Answer::Invalid { .. } => (Outcome::Void, "never valid"),
            Answer::Stale { .. } => (Outcome::Void, "outcome forgotten"),
            Answer::Busy => (Outcome::Open, "busy"),
        };
        (outcome, words.to_owned())
    }

    /// The whole of it, beginning with the words that stand in its bar.
    fn name(&self) -> String {
        let mut name = format!("{}: {} → {}", self.id, self.words(), self.outcome().1);
        if let Some((at, _)) = self.asked {
            name += &format!(", asked at {}", exact(at));
        }
        if self.attempts > 1 {
            name += &format!(", sent {} times", self.attempts);
        }
        if let Some((at, _)) = self.point {
            name += &format!(", took effect at {}", exact(at));
        }
        if let Some((at, _, answer)) = self.answered {
            name += &format!(", answered at {}: {answer}", exact(at));
        }
        name
    }
}

/// A place after which no more operations begin than there is room for, and hardly fewer.
fn cutoff(operations: &[Operation], begin: f64) -> f64 {
    let (mut too_many, mut few) = (begin.min(-0.2), 1.0);
    // Halved so often, what is between is less than a pixel.
    for _ in 0..24 {
        let middle = (too_many + few) / 2.0;
        let count = operations.iter().filter(|one| one.from > middle).count();
        if count > OPERATIONS_MAX { too_many = middle } else { few = middle }
    }
    few
}

/// Where operations took effect, in that order.
fn order(operations: &[Operation]) -> Vec<(f64, usize)> {
    let mut order: Vec<(f64, usize)> = Vec::new();
    for (point, row) in operations.iter().filter_map(|one| Some((one.point?, one.row))) {
        let place = order.partition_point(|(other, _)| *other <= point);
        order.insert(place, (point, row));
    }
    order
}

fn details(found: &[Vec<Found>], id: RequestId) -> Option<Details> {
    let one = found.iter().flatten().find(|one| one.id == id)?;
    let mut moments = Vec::new();
    if let Some((at, event)) = one.asked {
        moments.push(("asked", exact(at), (event > 0).then_some(event)));
    }
    if let Some((at, event)) = one.point {
        moments.push(("took effect", exact(at), event));
    }
    if let Some((at, event, _)) = one.answered {
        moments.push(("answered", exact(at), Some(event)));
    }
    Some(Details { id, says: one.name(), moments })
}

/// What the judges say of what clients saw.
fn verdict(simulation: &Simulation) -> Verdict {
    let mut rulings = simulation.judges().verdicts();
    let Some(ruling) = rulings.find(|one| one.property == Property::Linearizability) else {
        return Verdict::default();
    };
    let Some(first) = ruling.violation else {
        let checked = ruling.checked;
        let says = match checked {
            0 => "Nothing to judge yet.".to_owned(),
            1 => "Linearizable so far: the one judgement holds.".to_owned(),
            _ => format!("Linearizable so far: all {checked} judgements hold."),
        };
        return Verdict { says, waits: checked == 0, violation: None };
    };
    // An answer names its request; for a block that cannot be, the finding does.
    let answered = simulation.trace().get(first.event).and_then(|event| match &event.what {
        What::Client(_, client::Event::Answered { id, .. }) => Some(*id),
        _ => None,
    });
    let violation = Violation {
        what: crate::ui::view::words::sentence(&first.what),
        event: first.event.0,
        id: answered.or_else(|| named(&first.what)),
    };
    let says = format!("VIOLATED at {}", exact(first.at));
    Verdict { says, waits: false, violation: Some(violation) }
}

/// The request that a finding begins with: `Alice #3 …`.
fn named(what: &str) -> Option<RequestId> {
    let (name, rest) = what.split_once(" #")?;
    let end = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
    Some(RequestId { client: name.parse().ok()?, seq: rest[..end].parse().ok()? })
}

/// The operation that makes another impossible: it was answered, from a later height, before that
/// one was asked.
fn witness(found: &[Vec<Found>], wrong: RequestId) -> Option<RequestId> {
    let all = || found.iter().flatten();
    let wrong = all().find(|one| one.id == wrong)?;
    let (asked, height) = (wrong.asked?.0, wrong.height()?);
    let earlier = all().filter(|one| one.answered.is_some_and(|(at, ..)| at <= asked));
    let known = earlier.filter_map(|one| Some((one.height()?, one.id)));
    known.filter(|(its, _)| *its > height).max().map(|(_, id)| id)
}
