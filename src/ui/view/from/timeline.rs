//! The timeline, from the marks of the branch that is looked at.

use crate::base::{Map, Time};
use crate::sim::history::{Branch, Branches, MarkKind};
use crate::ui::view::timeline::{
    Happening, HappeningKind, MARKS_MAX, PLACES, Timeline, Whereabouts, clock,
};

/// How near to each other two marks may stand, as a part of the strip.
const NEAR: f64 = 0.011;

/// The same for a commit, which is drawn smaller.
const NEAR_COMMIT: f64 = 0.006;

impl Timeline {
    /// Time in the branch that is looked at. On the way to a moment the strip shows that already.
    pub fn of(branches: &Branches, goes_to: Option<Time>) -> Self {
        let (viewed, shown) = (branches.viewed(), branches.shown());
        let end = viewed.history().tip().world().now();
        let now = goes_to.unwrap_or(shown.world().now()).min(end);
        let is_past = viewed.looks_back() || goes_to.is_some();
        let place = match is_past {
            true => place_of(now, end).min(PLACES - 1),
            false => PLACES,
        };
        let turn = shown.world().turn();
        Self {
            clock: clock(now),
            end: clock(end),
            until: end,
            place,
            says: match is_past {
                true => format!("{} of {}", clock(now), clock(end)),
                false => format!("{}, now", clock(now)),
            },
            where_it_is: whereabouts(branches, is_past.then_some(now)),
            has_event_before: shown.event_turn() > 0,
            has_mark_before: viewed.history().marks().before(turn).is_some(),
            marks: marks(branches, viewed, end),
        }
    }
}

fn place_of(time: Time, end: Time) -> u32 {
    let end = u128::from(end.0.max(1));
    let place = (u128::from(time.0) * u128::from(PLACES) + end / 2) / end;
    u32::try_from(place).unwrap_or(PLACES)
}

fn whereabouts(branches: &Branches, past: Option<Time>) -> Option<Whereabouts> {
    let (viewed, live) = (branches.viewed(), branches.live());
    let end = clock(viewed.history().tip().world().now());
    let other = viewed.id() != live.id();
    let of = if other { format!(" of {}", viewed.name()) } else { String::new() };
    match past {
        Some(now) => Some(Whereabouts {
            words: format!("Looking at {} of {end}{of}. Acting here starts a branch.", clock(now)),
            past: true,
        }),
        None if other => Some(Whereabouts {
            words: format!(
                "{} is in memory, for as long as this page is open. What is kept is {}.",
                viewed.name(),
                live.name()
            ),
            past: false,
        }),
        None => None,
    }
}

/// What happened, as far as there is room for it: what matters most finds room first.
fn marks(branches: &Branches, branch: &Branch, end: Time) -> Vec<Happening> {
    let part = |at: Time| at.0 as f64 / end.0.max(1) as f64;
    // The newest of equal weight come first.
    let of_weight = |weighs| {
        let newest = branch.history().marks().iter().rev();
        newest.filter(move |mark| weight(mark.kind) == weighs)
    };
    let mut found: Map<(Time, u64), Happening> = Map::new();
    if let (Some(happening), Some(fork)) = (forked(branches, branch, &part), branch.fork()) {
        found.insert((fork.at, happening.event), happening);
    }
    for mark in (0..=WEIGHT_MAX).rev().flat_map(of_weight) {
        if found.len() >= MARKS_MAX {
            break;
        }
        let (kind, at) = (kind(mark.kind), part(mark.at));
        let near = if kind == HappeningKind::Committed { NEAR_COMMIT } else { NEAR };
        if kind == HappeningKind::Violated || found.values().all(|it| (it.part - at).abs() >= near)
        {
            let words = format!("{} ({})", mark.words, clock(mark.at));
            let happening = Happening { event: mark.event.0, part: at, kind, words };
            found.insert((mark.at, mark.event.0), happening);
        }
    }
    found.into_values().collect()
}

/// Where the branch left another.
fn forked(branches: &Branches, branch: &Branch, part: &dyn Fn(Time) -> f64) -> Option<Happening> {
    let fork = branch.fork()?;
    let parent = branches.get(fork.parent)?;
    Some(Happening {
        event: fork.event.0,
        part: part(fork.at),
        kind: HappeningKind::Forked,
        words: format!("{} leaves {} ({})", branch.name(), parent.name(), clock(fork.at)),
    })
}

/// The most that a mark weighs.
const WEIGHT_MAX: u8 = 4;

fn weight(kind: MarkKind) -> u8 {
    match kind {
        MarkKind::Violated => WEIGHT_MAX,
        MarkKind::Elected | MarkKind::Crashed => 3,
        MarkKind::Network => 2,
        MarkKind::Recovered => 1,
        MarkKind::Committed => 0,
    }
}

fn kind(kind: MarkKind) -> HappeningKind {
    match kind {
        MarkKind::Committed => HappeningKind::Committed,
        MarkKind::Elected => HappeningKind::Elected,
        MarkKind::Crashed => HappeningKind::Crashed,
        MarkKind::Recovered => HappeningKind::Recovered,
        MarkKind::Network => HappeningKind::Network,
        MarkKind::Violated => HappeningKind::Violated,
    }
}
