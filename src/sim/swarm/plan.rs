//! What a seed draws before its run begins.

use super::super::Config;
use crate::base::random::{CERTAIN, Ppm, Rng, happens, span_between};
use crate::base::{Span, Time};
use crate::channel::Settings;
use rand::RngExt;

/// A cluster, its network, and how it will be treated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The settings of the run.
    pub config: Config,
    /// When peace comes.
    pub hostile_until: Time,
    /// The longest pause between two deeds.
    pub pause_max: Span,
    /// How much of each kind of deed there is.
    pub weights: Weights,
}

/// How often each kind of deed is drawn, relative to the others. 0: never.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weights {
    /// A client asks for a transfer or a balance.
    pub submit: u32,
    /// A server crashes.
    pub crash: u32,
    /// A server that is down restarts.
    pub restart: u32,
    /// The network is divided into groups.
    pub partition: u32,
    /// A link is cut in one direction.
    pub cut: u32,
    /// A server is cut off from the others.
    pub isolate: u32,
    /// The network is whole again.
    pub heal: u32,
    /// A message is taken off its link.
    pub drop: u32,
    /// An election timer runs out.
    pub nudge: u32,
    /// The network changes its delays and rates.
    pub network: u32,
}

impl Plan {
    /// Draws a plan.
    pub fn draw(rng: &mut Rng) -> Self {
        let network = draw_network(rng);
        let delay = network.delay_max;
        let election_timeout_min = span_between(rng, Span::ms(100), Span::ms(400)) + delay.times(4);
        let config = Config {
            servers: rng.random_range(1..=7),
            clients: rng.random_range(1..=5),
            opening_balance: rng.random_range(0..=200),
            difficulty: rng.random_range(0..=6),
            attempts_per_second: rng.random_range(1_000..=100_000),
            block_capacity: rng.random_range(1..=6),
            mempool_capacity: rng.random_range(2..=64),
            election_timeout_max: election_timeout_min.times(2),
            election_timeout_min,
            heartbeat_interval: span_between(rng, Span::ms(20), Span::ms(80)),
            client_timeout: span_between(rng, Span::ms(100), Span::secs(1)) + delay.times(2),
            disk_sync: span_between(rng, Span::ZERO, Span::ms(10)),
            network,
            ..Config::default()
        };
        Self {
            config,
            hostile_until: Time::ZERO + span_between(rng, Span::secs(2), Span::secs(12)),
            pause_max: span_between(rng, Span::ms(20), Span::ms(400)),
            weights: Weights::draw(rng),
        }
    }

    /// The network as it is when peace has come: the plan's delays, and nothing lost or doubled.
    pub fn calm(&self) -> Settings {
        Settings { loss: 0, duplication: 0, corruption: 0, ..self.config.network }
    }
}

impl Weights {
    fn draw(rng: &mut Rng) -> Self {
        // Each kind of fault is there in two runs of three, and then in a strength of its own.
        let fault = |rng: &mut Rng| {
            let (there, strength) = (happens(rng, CERTAIN / 3 * 2), rng.random_range(1..=10));
            if there { strength } else { 0 }
        };
        let crash = fault(rng);
        Self {
            submit: rng.random_range(10..=40),
            crash,
            restart: if crash == 0 { 0 } else { rng.random_range(1..=12) },
            partition: fault(rng),
            cut: fault(rng),
            isolate: fault(rng) / 2,
            heal: rng.random_range(1..=10),
            drop: fault(rng),
            nudge: fault(rng) / 2,
            network: fault(rng) / 3,
        }
    }
}

/// Draws delays, and rates that are zero in half of all networks.
pub(super) fn draw_network(rng: &mut Rng) -> Settings {
    let delay_min = span_between(rng, Span::ms(1), Span::ms(20));
    let delay_max = delay_min + span_between(rng, Span::ZERO, Span::ms(60));
    let rate = |rng: &mut Rng, most: Ppm| {
        let (there, rate) = (happens(rng, CERTAIN / 2), rng.random_range(0..=most));
        if there { rate } else { 0 }
    };
    let loss = rate(rng, CERTAIN / 10 * 3);
    let duplication = rate(rng, CERTAIN / 2);
    Settings { delay_min, delay_max, loss, duplication, corruption: 0 }
}
