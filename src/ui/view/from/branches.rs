//! Branches, and two of them side by side.

use super::Watch;
use crate::base::Index;
use crate::raft::Role;
use crate::sim::history::{Branch, Branches, Comparison, ServerStanding, Standing};
use crate::ui::view::branches::{BranchList, BranchRow, Contrast, ContrastRow};
use crate::ui::view::stage::Stage;
use crate::ui::view::timeline::clock;
use std::rc::Rc;

impl BranchList {
    /// The branches, if there are several.
    pub fn of(branches: &Branches) -> Self {
        if branches.iter().len() == 1 {
            return Self::default();
        }
        let ends = branches.iter().map(|branch| branch.history().tip().world().now().0);
        let longest = ends.max().unwrap_or(0).max(1);
        let part = |us: u64| us as f64 / longest as f64;
        let row = |branch: &Branch| {
            let (viewed, compared) = (
                branch.id() == branches.viewed().id(),
                branches.compared().is_some_and(|it| it.id() == branch.id()),
            );
            let end = branch.history().tip().world().now();
            BranchRow {
                id: branch.id(),
                name: branch.name().into(),
                live: branch.id() == branches.live().id(),
                viewed,
                compared,
                came: came(branches, branch),
                from: branch.fork().map_or(0.0, |fork| part(fork.at.0)),
                to: part(end.0),
                at: (viewed || compared).then(|| part(branch.shown().world().now().0)),
            }
        };
        Self { rows: branches.iter().map(row).collect() }
    }
}

fn came(branches: &Branches, branch: &Branch) -> String {
    let end = clock(branch.history().tip().world().now());
    let parent = branch.fork().and_then(|fork| Some((branches.get(fork.parent)?, fork.at)));
    match parent {
        Some((parent, at)) => format!("left {} at {}, now at {end}", parent.name(), clock(at)),
        None => format!("from the beginning, now at {end}"),
    }
}

impl Contrast {
    /// The two branches that are shown, if two are.
    pub fn of(branches: &Branches, watch: &Watch) -> Option<Self> {
        let other = branches.compared()?;
        let Comparison { left, right, common } = branches.comparison()?;
        let watch = Watch { form: watch.form, ..Watch::default() };
        let when = match left.at == right.at {
            true => format!("Both at {}", clock(left.at)),
            false => format!("{} ends at {}", other.name(), clock(right.at)),
        };
        Some(Self {
            left: branches.viewed().name().into(),
            right: other.name().into(),
            when,
            common: in_common(common, &left, &right),
            stage: Rc::new(Stage::of(other.shown().world(), &watch)),
            rows: rows(&left, &right),
        })
    }
}

fn in_common(common: Option<Index>, left: &Standing, right: &Standing) -> String {
    let (lower, higher) =
        (left.committed.min(right.committed), left.committed.max(right.committed));
    match common {
        Some(at) if at == lower && at == higher => {
            format!("The committed chains are the same, up to height {at}.")
        }
        Some(at) if at == lower => {
            format!("The committed chains are the same up to height {at}; one goes on.")
        }
        Some(at) => format!("The committed chains part after height {at}."),
        None => "The committed chains parted long ago.".to_owned(),
    }
}

fn rows(left: &Standing, right: &Standing) -> Vec<ContrastRow> {
    let row = |what: String, left: String, right: String| ContrastRow { what, left, right };
    let leader = |it: &Standing| it.leader.map_or("nobody".to_owned(), |(id, _)| id.to_string());
    let term = |it: &Standing| it.leader.map_or("–".to_owned(), |(_, term)| term.to_string());
    let mut rows = vec![
        row("Leader".to_owned(), leader(left), leader(right)),
        row("Its term".to_owned(), term(left), term(right)),
        row("Committed height".to_owned(), left.committed.to_string(), right.committed.to_string()),
    ];
    for (one, other) in left.servers.iter().zip(&right.servers) {
        rows.push(row(one.id.to_string(), server(one), server(other)));
    }
    for (account, held) in &left.balances {
        let other = right.balances.get(account).map_or("–".to_owned(), u64::to_string);
        rows.push(row(format!("{account} holds"), held.to_string(), other));
    }
    rows
}

/// `leader, height 7 of 8`: what it knows as committed, of how much it has.
fn server(standing: &ServerStanding) -> String {
    let role = match standing.role {
        None => return "down".to_owned(),
        Some(Role::Leader) => "leader",
        Some(Role::Candidate) => "candidate",
        Some(Role::PreCandidate | Role::Follower) => "follower",
    };
    match standing.commit == standing.last {
        true => format!("{role}, height {}", standing.last),
        false => format!("{role}, height {} of {}", standing.commit, standing.last),
    }
}
