//! Load: clients that ask all the while, at a set rate.
//!
//! While load is on, the world itself takes actions: now and then a client pays another or asks
//! for its balance. When, who, what and how much is drawn from a stream of chance of its own, so
//! that load shifts no delay and no timer. What it asks is in the trace like what people ask; the
//! action that switched it on is the cause. It is not among the run's actions, since it follows
//! from that one.
//!
//! A client that has waited for [`PATIENCE`] answers in vain asks nothing more until it has some,
//! so that whoever watches can still ask for something himself.

use super::action::Action;
use super::queue::{Due, Wake};
use super::world::World;
use crate::bank::Operation;
use crate::base::random::{CERTAIN, Ppm, Rng, happens, span_between, stream};
use crate::base::{AccountId, ClientId, Span};
use crate::trace::EventId;
use rand::RngExt;
use serde::{Deserialize, Serialize};
use std::fmt;

/// How many requests of a client may be unanswered at which load still asks for more.
const PATIENCE: usize = 16;

/// How often a client asks for its balance instead of paying.
const BALANCES: Ppm = CERTAIN / 5;

/// How often it wants to pay more than anybody has: the ledger refuses that.
const LARGE: Ppm = CERTAIN / 20;

/// The most that it pays otherwise, as a part of what an account opens with.
const SMALL_PART: u64 = 10;

/// How many requests the clients make together, in thousandths of a request a second of virtual
/// time. None: load is off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LoadRate(pub u32);

impl LoadRate {
    /// No load.
    pub const OFF: Self = Self(0);

    /// The lowest rate: a request in ten seconds.
    pub const LOWEST: Self = Self(100);

    /// The highest rate.
    pub const HIGHEST: Self = Self(200_000);

    /// So many requests a second.
    pub const fn per_second(requests: u32) -> Self {
        Self(requests.saturating_mul(1_000))
    }

    /// Whether clients ask at all.
    pub fn is_on(self) -> bool {
        self > Self::OFF
    }

    /// True if a world can work at this rate.
    pub fn is_valid(self) -> bool {
        !self.is_on() || (Self::LOWEST..=Self::HIGHEST).contains(&self)
    }

    /// The time between two requests, on the average.
    fn mean(self) -> Span {
        Span::us(1_000_000_000 / u64::from(self.0.max(1)))
    }
}

/// As scenario text: `20/s`, `0.5/s`, `off`.
impl fmt::Display for LoadRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0 / 1000, self.0 % 1000) {
            (0, 0) => f.write_str("off"),
            (whole, 0) => write!(f, "{whole}/s"),
            (whole, rest) => {
                let digits = format!("{rest:03}");
                write!(f, "{whole}.{}/s", digits.trim_end_matches('0'))
            }
        }
    }
}

/// The load of a world.
#[derive(Clone, Debug)]
pub(super) struct Load {
    rate: LoadRate,
    rng: Rng,
    /// What switched it on.
    cause: Option<EventId>,
    /// When a client asks next.
    pub(super) wake: Option<Wake>,
}

impl Load {
    pub(super) fn new(seed: u64) -> Self {
        Self { rate: LoadRate::OFF, rng: stream(seed, "load"), cause: None, wake: None }
    }

    /// Who asks next, and for what.
    fn draw(&mut self, clients: u8, opening: u64, supply: u64) -> Action {
        let rng = &mut self.rng;
        let client = rng.random_range(1..=clients);
        // With one client there is nobody to pay but oneself, which the bank refuses.
        let to = (client + rng.random_range(0..clients.max(2) - 1)) % clients + 1;
        let (asks, is_large) = (happens(rng, BALANCES), happens(rng, LARGE));
        let most = (opening / SMALL_PART).max(1);
        let bounds = if is_large { supply / 2..=supply } else { 1..=most };
        let amount = rng.random_range(bounds);
        let client = ClientId::new(client).expect("it was drawn among the clients");
        let to = AccountId::new(to).expect("each client has an account");
        let operation = match asks {
            true => Operation::Balance,
            false => Operation::Transfer { to, amount },
        };
        Action::Submit { client, operation, via: None }
    }
}

impl World {
    /// How much the clients ask by themselves.
    pub fn load(&self) -> LoadRate {
        self.load.rate
    }

    pub(super) fn set_load(&mut self, rate: LoadRate, cause: EventId) {
        self.load.rate = rate;
        self.load.cause = Some(cause);
        self.load.wake = None;
        self.arrange_load();
    }

    /// Sees to it that a client asks in time.
    fn arrange_load(&mut self) {
        let Load { rate, rng, wake, .. } = &mut self.load;
        if rate.is_on() {
            let pause = span_between(rng, Span::us(1), rate.mean().times(2));
            *wake = Some(self.queue.push_tick(self.now + pause, Due::Load));
        }
    }

    /// Lets a client ask, unless it waits for too much already.
    pub(super) fn add_load(&mut self) {
        let (clients, opening) = (self.config.clients, self.config.opening_balance);
        let supply = self.setup.opening.balances().values().sum();
        let action = self.load.draw(clients, opening, supply);
        let Action::Submit { client, .. } = action else { unreachable!("load asks") };
        if self.clients[&client].client.unanswered() < PATIENCE {
            self.act_by_itself(action, self.load.cause);
        }
        self.arrange_load();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_told_as_people_say_it() {
        for (rate, text) in [
            (LoadRate::OFF, "off"),
            (LoadRate::per_second(20), "20/s"),
            (LoadRate(500), "0.5/s"),
            (LoadRate(12_345), "12.345/s"),
            (LoadRate(1_050), "1.05/s"),
            (LoadRate(1), "0.001/s"),
        ] {
            assert_eq!(rate.to_string(), text);
        }
        assert!(LoadRate::OFF.is_valid() && LoadRate::LOWEST.is_valid());
        assert!(LoadRate::HIGHEST.is_valid() && !LoadRate(200_001).is_valid());
        assert!(!LoadRate(99).is_valid());
    }

    #[test]
    fn most_pay_little_and_some_want_too_much() {
        let mut load = Load::new(1);
        let (mut asked, mut small, mut large) = (0, 0, 0);
        for _ in 0..10_000 {
            let Action::Submit { client, operation, .. } = load.draw(3, 100, 300) else {
                panic!("load asks")
            };
            match operation {
                Operation::Balance => asked += 1,
                Operation::Transfer { to, amount } => {
                    assert_ne!(to.number(), client.number(), "nobody pays himself");
                    assert!((1..=10).contains(&amount) || (150..=300).contains(&amount));
                    if amount <= 10 { small += 1 } else { large += 1 }
                }
            }
        }
        assert!((1_800..2_200).contains(&asked), "{asked} ask for a balance");
        assert!((320..480).contains(&large), "{large} want too much");
        assert!(small > 7_000, "{small} pay little");
        // Alone, or without money, a client asks all the same.
        for _ in 0..100 {
            load.draw(1, 0, 0);
        }
    }
}
