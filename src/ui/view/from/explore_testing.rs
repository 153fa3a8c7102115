//! A small bank with its history, for the tests of what the Explore region shows.

use crate::base::Span;
use crate::disk::MemoryDisk;
use crate::scenario::{Scenario, parse_action, play};
use crate::sim::history::{Branches, History, Moment};
use crate::sim::{Config, Disks, Mirror, Simulation};
use crate::trace::EventId;
use std::ops::Deref;

/// Who has an account in it.
pub const CLIENTS: [&str; 2] = ["Alice", "Bob"];

/// Branches that can be driven.
pub struct Bank {
    branches: Branches,
    mirror: Mirror<MemoryDisk>,
}

impl Deref for Bank {
    type Target = Branches;

    fn deref(&self) -> &Branches {
        &self.branches
    }
}

/// Three servers and two clients.
pub fn bank() -> Bank {
    let config = Config { servers: 3, clients: 2, ..Config::default() };
    let simulation = Simulation::new(config, 42, Disks::default()).expect("it is valid");
    of_history(History::new(simulation))
}

fn of_history(history: History) -> Bank {
    Bank { branches: Branches::new(history), mirror: Mirror::new(MemoryDisk::new()) }
}

/// The bank at the end of a scenario.
pub fn played(text: &str) -> Bank {
    let scenario = Scenario::parse(text).expect("it can be read");
    let (_, simulation) = play(&scenario).expect("it can be played");
    let mut replay = History::replay(simulation.to_run()).expect("it is a run");
    while !replay.advance(1_000).expect("it repeats itself") {}
    of_history(replay.into_history())
}

/// Lets so many milliseconds pass.
pub fn pass(bank: &mut Bank, ms: u64) {
    let until = bank.shown().world().now() + Span::ms(ms);
    while bank.branches.step_by(until, &mut bank.mirror) {}
    bank.branches.set_clock(until);
}

/// Does something, given as in a scenario.
pub fn act(bank: &mut Bank, action: &str) {
    let action = parse_action(action).expect("it is an action");
    bank.branches.act(action, &mut bank.mirror).expect("it is possible");
}

/// Looks at the moment of an event.
pub fn go_to(bank: &mut Bank, event: EventId) {
    let viewed = bank.viewed();
    let (id, mut seek) = (viewed.id(), viewed.seek(Moment::Event(event)));
    while !seek.advance(viewed.history().tip(), 1_000) {}
    bank.branches.look_at(id, seek.into_simulation());
}
