//! Shrinking: the shortest run that breaks the same promise.
//!
//! A run that fails has hundreds of actions, most of which do not matter. [`shrink`] first leaves out
//! what is large: the disks of a run before, then load, chaos, and every other kind of action, one
//! kind after the other. It makes the configuration simpler (fewer servers and clients, a better
//! network, no work, the usual times), takes out actions in portions ([`ddmin()`]), and begins again
//! until nothing more can go. Then it rounds the times of what is left. What remains breaks the
//! *same* promise; a candidate that breaks another one is refused, since that may be another bug.
//!
//! All chance follows from the seed, so a candidate without some action draws other delays after it,
//! and often loses the way for that reason alone. So all is done again and again: first with the
//! run's own seed, then with more and more others for each candidate that does not fail with that.
//! Then actions go in pairs too, since a crash without its restart rarely leads anywhere.
//!
//! # How a candidate is played
//!
//! A run's actions are stamped with time and steps. Taking one away changes the steps after it,
//! so candidates are played by time alone: an action comes after everything that was due by its
//! time, and one that is no longer possible is left out. What really happened is stamped anew,
//! and that is the [`Run`] that comes out: an ordinary one, which replays exactly.
//!
//! If the engine broke an assertion of its own, a candidate must break one too, whichever it is.
//!
//! If the promise was liveness, the actions that healed the world must not go, or every run would
//! be stuck. So only what came before the healing is shrunk, and then the world is healed as the
//! swarm heals it.
//!
//! # Caveats
//!
//! - With another seed than the run's own it may be another error that breaks the promise.
//! - An action in the midst of several events of one moment comes after all of them. If the run
//!   does not fail in that way, it is given back as it was.

mod ddmin;

pub use ddmin::ddmin;

use super::swarm::{Failure, Kind, Play, Wrong, guarded};
use super::{Action, Config, Disks, Run, Simulation};
use crate::base::{Span, Time};
use crate::channel::Settings;
use crate::server::Setup;
use std::mem::{Discriminant, discriminant};

/// How many candidates are played at the most, unless somebody says otherwise.
pub const EXECUTIONS: u32 = 50_000;

/// How many other seeds a candidate is given, at first and later.
const OTHER_SEEDS: [u64; 4] = [0, 4, 32, 256];

/// How many at the most where two actions go at a time: there are many pairs.
const OTHER_SEEDS_OF_PAIRS: u64 = 4;

/// A run as it is being shrunk.
#[derive(Clone, Debug)]
struct Case {
    config: Config,
    seed: u64,
    disks: Disks,
    actions: Vec<(Time, Action)>,
    until: Time,
}

/// What came of shrinking.
#[derive(Clone, Debug)]
pub struct Shrunk {
    /// The run.
    pub run: Run,
    /// What is wrong in it.
    pub wrong: Wrong,
    /// Its events.
    pub events: u64,
    /// How many candidates were played.
    pub executions: u32,
}

/// Makes a failing run as short as `executions` tries allow.
pub fn shrink(failure: &Failure, executions: u32) -> Shrunk {
    let run = &failure.run;
    let stuck = failure.wrong.kind == Kind::Stuck;
    let end = failure.peace_at.filter(|_| stuck).unwrap_or(run.until);
    let actions = run.actions.iter().filter(|action| action.at <= end);
    let mut actions: Vec<_> = actions.map(|it| (it.at, it.action.clone())).collect();
    if stuck
        && let Some(peace) =
            actions.iter().rposition(|(at, action)| *at == end && *action == Action::Heal)
    {
        actions.truncate(peace);
    }
    let (config, disks) = (run.config.clone(), run.disks.clone());
    let case = Case { config, seed: run.seed, disks, actions, until: end };
    let unshrunk = Shrunk {
        run: (**run).clone(),
        wrong: failure.wrong.clone(),
        events: failure.events,
        executions: 0,
    };
    let mut shrinker = Shrinker { failure, end, best: unshrunk, left: executions, other_seeds: 0 };
    if let Some(case) = shrinker.try_case(case) {
        shrinker.minimise(case);
    }
    let executions = executions - shrinker.left;
    Shrunk { executions, ..shrinker.best }
}

struct Shrinker<'a> {
    failure: &'a Failure,
    /// How late a run with another seed may fail: as late as this one did.
    end: Time,
    /// The shortest run so far.
    best: Shrunk,
    /// Executions that may still be made.
    left: u32,
    /// How many other seeds a candidate is given now.
    other_seeds: u64,
}

impl Shrinker<'_> {
    fn minimise(&mut self, mut case: Case) {
        case = self.no_disks(case);
        for other_seeds in OTHER_SEEDS {
            loop {
                let before = (case.actions.len(), case.config.clone());
                self.other_seeds = other_seeds;
                case = self.fewer_kinds(case);
                case = self.simpler_config(case);
                case = self.fewer_actions(case);
                if other_seeds > 0 {
                    self.other_seeds = other_seeds.min(OTHER_SEEDS_OF_PAIRS);
                    case = self.fewer_pairs(case);
                }
                let same = (case.actions.len(), &case.config) == (before.0, &before.1);
                if same || self.left == 0 {
                    break;
                }
            }
        }
        self.other_seeds = 0;
        self.rounder_times(case);
    }

    /// Begins with empty disks.
    fn no_disks(&mut self, case: Case) -> Case {
        if case.disks.is_empty() {
            return case;
        }
        let candidate = Case { disks: Disks::default(), ..case.clone() };
        self.try_case(candidate).unwrap_or(case)
    }

    /// Leaves out every kind of action that does not matter, what acts by itself first.
    fn fewer_kinds(&mut self, mut case: Case) -> Case {
        let mut kinds: Vec<Discriminant<Action>> = Vec::new();
        let acts_by_itself =
            |action: &Action| matches!(action, Action::Load { .. } | Action::Chaos { .. });
        for first in [true, false] {
            let some = case.actions.iter().filter(|(_, it)| acts_by_itself(it) == first);
            for kind in some.map(|(_, action)| discriminant(action)) {
                if !kinds.contains(&kind) {
                    kinds.push(kind);
                }
            }
        }
        for kind in kinds {
            let mut candidate = case.clone();
            candidate.actions.retain(|(_, action)| discriminant(action) != kind);
            if candidate.actions.len() < case.actions.len() {
                case = self.try_case(candidate).unwrap_or(case);
            }
        }
        case
    }

    fn fewer_actions(&mut self, case: Case) -> Case {
        let mut best = case.clone();
        ddmin(case.actions, |actions| {
            let candidate = Case { actions: actions.to_vec(), ..best.clone() };
            match self.try_case(candidate) {
                // Of the end alone is learnt here: the list must stay the one that is divided.
                Some(found) => {
                    best = found;
                    true
                }
                None => false,
            }
        });
        best
    }

    /// Takes out any two actions at a time.
    fn fewer_pairs(&mut self, mut case: Case) -> Case {
        let (mut first, mut second) = (0, 1);
        while first + 1 < case.actions.len() && self.left > 0 {
            if second >= case.actions.len() {
                (first, second) = (first + 1, first + 2);
                continue;
            }
            let mut candidate = case.clone();
            candidate.actions.remove(second);
            candidate.actions.remove(first);
            match self.try_case(candidate) {
                Some(found) => (case, second) = (found, first + 1),
                None => second += 1,
            }
        }
        case
    }

    fn simpler_config(&mut self, mut case: Case) -> Case {
        for simplify in SIMPLER {
            let config = simplify(&case.config);
            if config == case.config || !config.validate().is_empty() {
                continue;
            }
            if let Some(found) = self.try_case(Case { config, ..case.clone() }) {
                case = found;
            }
        }
        case
    }

    fn rounder_times(&mut self, mut case: Case) {
        for unit in [Span::ms(100), Span::ms(10), Span::ms(1)] {
            for position in 0..case.actions.len() {
                let mut candidate = case.clone();
                let Some((at, _)) = candidate.actions.get_mut(position) else { break };
                *at = Time(at.0 / unit.0 * unit.0);
                let ordered = candidate.actions.is_sorted_by_key(|(at, _)| *at);
                if ordered && candidate.actions != case.actions {
                    case = self.try_case(candidate).unwrap_or(case);
                }
            }
        }
    }

    /// Plays a candidate, with its own seed and then with others: if it breaks the same promise,
    /// what really happened in it.
    fn try_case(&mut self, case: Case) -> Option<Case> {
        let mut seeds = 1..=self.other_seeds;
        let later = Case { until: self.end, ..case.clone() };
        self.play(case).or_else(|| seeds.find_map(|seed| self.play(Case { seed, ..later.clone() })))
    }

    /// Plays a candidate with its seed.
    fn play(&mut self, case: Case) -> Option<Case> {
        self.left = self.left.checked_sub(1)?;
        let Case { config, seed, disks, actions, until } = case;
        let Failure { run, before, sought, .. } = self.failure;
        // What the judges before saw binds a world that goes on from the same disks of theirs.
        let witness = before.clone().filter(|_| !disks.is_empty());
        if witness.is_some() && !is_of_one_bank(&config, &run.config) {
            return None;
        }
        let simulation = Simulation::new(config, seed, disks.clone()).ok()?;
        let mut play = Play::new(simulation, false, *sought).with_witness(witness);
        let outcome = guarded(|| carry_out(&mut play, &actions, until));
        let stuck = self.failure.wrong.kind == Kind::Stuck;
        let hostile = play.simulation.world().actions().len();
        let outcome = match outcome {
            Ok(()) if stuck => guarded(|| play.make_peace()),
            outcome => outcome,
        };
        let wrong = outcome.err().filter(|wrong| wrong.kind == self.failure.wrong.kind)?;
        let run = play.simulation.to_run();
        let done = run.actions.iter().take(hostile).map(|it| (it.at, it.action.clone()));
        let until = if stuck { until } else { run.until };
        let config = run.config.clone();
        let found = Case { config, seed, disks, actions: done.collect(), until };
        self.best = Shrunk { run, wrong, events: play.events(), executions: 0 };
        Some(found)
    }
}

/// True if what one bank keeps can be another's.
fn is_of_one_bank(one: &Config, other: &Config) -> bool {
    let (one, other) = (one.setup(), other.setup());
    let of =
        |setup: &Setup| (setup.genesis.hash(), setup.membership.clone(), setup.work.difficulty);
    of(&one) == of(&other)
}

/// Plays actions by their times, up to the first objection.
fn carry_out(play: &mut Play, actions: &[(Time, Action)], until: Time) -> Result<(), Wrong> {
    for (at, action) in actions {
        play.run_until(*at)?;
        play.act(action.clone());
        play.verdict()?;
    }
    play.run_until(until)
}

/// Makes a configuration simpler in one way.
type Simplify = fn(&Config) -> Config;

/// The ways, the most telling first.
const SIMPLER: [Simplify; 19] = [
    |config| Config { spares: 0, servers: config.servers - config.spares, ..config.clone() },
    |config| Config { servers: 3.min(config.servers), ..config.clone() },
    |config| Config { servers: config.servers.saturating_sub(1).max(1), ..config.clone() },
    |config| Config { spares: config.spares.saturating_sub(1), ..config.clone() },
    |config| Config { compact_after: Config::default().compact_after, ..config.clone() },
    |config| Config { clients: 1, ..config.clone() },
    |config| Config { clients: config.clients.saturating_sub(1).max(1), ..config.clone() },
    |config| Config { network: Settings::default(), ..config.clone() },
    |config| with_network(config, |network| network.loss = 0),
    |config| with_network(config, |network| network.duplication = 0),
    |config| with_network(config, |network| network.corruption = 0),
    |config| Config { difficulty: 0, ..config.clone() },
    |config| {
        let Config { election_timeout_min, election_timeout_max, .. } = Config::default();
        Config { election_timeout_min, election_timeout_max, ..config.clone() }
    },
    |config| Config { heartbeat_interval: Config::default().heartbeat_interval, ..config.clone() },
    |config| Config { client_timeout: Config::default().client_timeout, ..config.clone() },
    |config| Config { disk_sync: Config::default().disk_sync, ..config.clone() },
    |config| {
        let Config { block_capacity, mempool_capacity, .. } = Config::default();
        Config { block_capacity, mempool_capacity, ..config.clone() }
    },
    |config| Config {
        attempts_per_second: Config::default().attempts_per_second,
        ..config.clone()
    },
    |config| Config { opening_balance: 100, ..config.clone() },
];

fn with_network(config: &Config, change: fn(&mut Settings)) -> Config {
    let mut config = config.clone();
    change(&mut config.network);
    config
}

#[cfg(test)]
mod tests;
