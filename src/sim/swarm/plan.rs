//! What a seed draws before its run begins.

use super::super::Config;
use crate::base::random::{CERTAIN, Ppm, Rng, happens, span_between};
use crate::base::{MAX_SERVERS, Span, Time};
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
    /// How much of each kind of deed there is, relative to the others. 0: none.
    weights: [u32; Deed::ALL.len()],
}

/// Something that may happen in the hostile phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    Submit,
    Crash,
    Bounce,
    PowerCut,
    Restart,
    Pause,
    Clock,
    Nudge,
    Partition,
    Bridge,
    OneWay,
    Isolate,
    Flap,
    Cut,
    Heal,
    Clog,
    Drop,
    Tamper,
    Network,
    Reform,
    ReformApart,
    HandOver,
    Stop,
    Snapshot,
    Succession,
    Overtake,
    Mend,
    Unite,
    Delay,
    Duplicate,
    FillDisk,
    Load,
    Chaos,
}

impl Deed {
    const ALL: [Self; 33] = [
        Self::Submit,
        Self::Crash,
        Self::Bounce,
        Self::PowerCut,
        Self::Restart,
        Self::Pause,
        Self::Clock,
        Self::Nudge,
        Self::Partition,
        Self::Bridge,
        Self::OneWay,
        Self::Isolate,
        Self::Flap,
        Self::Cut,
        Self::Heal,
        Self::Clog,
        Self::Drop,
        Self::Tamper,
        Self::Network,
        Self::Reform,
        Self::ReformApart,
        Self::HandOver,
        Self::Stop,
        Self::Snapshot,
        Self::Succession,
        Self::Overtake,
        Self::Mend,
        Self::Unite,
        Self::Delay,
        Self::Duplicate,
        Self::FillDisk,
        Self::Load,
        Self::Chaos,
    ];

    /// How much of it there is in a run. Each kind of fault is there in two runs of five, in a
    /// strength of its own; load and the ways back are always there.
    fn draw_weight(self, rng: &mut Rng) -> u32 {
        let (there, strength) = (happens(rng, CERTAIN / 5 * 2), rng.random_range(1..=10));
        match self {
            Self::Submit => 10 + strength * 3,
            Self::Restart => 2 + strength,
            Self::Heal => strength,
            _ if there => strength,
            _ => 0,
        }
    }
}

impl Plan {
    /// Draws a plan.
    pub fn draw(rng: &mut Rng) -> Self {
        let network = draw_network(rng);
        let delay = network.delay_max;
        let election_timeout_min = span_between(rng, Span::ms(50), Span::ms(300)) + delay.times(3);
        let (servers, spares) = draw_servers(rng);
        let (difficulty, attempts_per_second) = draw_work(rng);
        let config = Config {
            servers,
            spares,
            clients: rng.random_range(1..=5),
            opening_balance: rng.random_range(0..=200),
            difficulty,
            attempts_per_second,
            block_capacity: rng.random_range(1..=6),
            mempool_capacity: rng.random_range(2..=64),
            election_timeout_max: election_timeout_min.times(2),
            election_timeout_min,
            heartbeat_interval: span_between(rng, Span::ms(20), Span::ms(45)),
            client_timeout: span_between(rng, Span::ms(100), Span::secs(1)) + delay.times(2),
            disk_sync: span_between(rng, Span::us(50), Span::ms(15)),
            compact_after: draw_compact_after(rng),
            network,
            ..Config::default()
        };
        Self {
            config,
            hostile_until: Time::ZERO + span_between(rng, Span::secs(2), Span::secs(12)),
            pause_max: span_between(rng, Span::ms(20), Span::ms(400)),
            weights: Deed::ALL.map(|deed| deed.draw_weight(rng)),
        }
    }

    /// Draws the next deed.
    pub(super) fn deed(&self, rng: &mut Rng) -> Deed {
        let total: u32 = self.weights.iter().sum();
        let mut drawn = rng.random_range(0..total);
        for (deed, weight) in Deed::ALL.into_iter().zip(self.weights) {
            match drawn.checked_sub(weight) {
                None => return deed,
                Some(rest) => drawn = rest,
            }
        }
        unreachable!("the number drawn is below the sum of the weights");
    }
}

/// Small clusters, in which most of what can go wrong goes wrong sooner, in three runs of four.
/// In half of all runs some more servers wait until they are made members.
fn draw_servers(rng: &mut Rng) -> (u8, u8) {
    let (small, servers) = (happens(rng, CERTAIN / 4 * 3), rng.random_range(1..=9));
    let (spared, spares) = (happens(rng, CERTAIN / 2), rng.random_range(1..=2));
    let (three, five) = (3, 5);
    let members = match servers {
        _ if !small => servers,
        1..=6 => three,
        _ => five,
    };
    let all = if spared { (members + spares).min(MAX_SERVERS) } else { members };
    (all, all - members)
}

/// How hard a block is to mine. In one run of four it takes longer than a message, so that a
/// leader without a block of its own is seen.
fn draw_work(rng: &mut Rng) -> (u8, u64) {
    let slow = happens(rng, CERTAIN / 4);
    let (bits, fast_bits) = (rng.random_range(5..=8), rng.random_range(0..=6));
    let (speed, fast_speed) = (rng.random_range(1_000..=3_000), rng.random_range(1_000..=100_000));
    if slow { (bits, speed) } else { (fast_bits, fast_speed) }
}

/// In half of all runs snapshots are taken all the time.
fn draw_compact_after(rng: &mut Rng) -> u64 {
    let (often, blocks) = (happens(rng, CERTAIN / 2), rng.random_range(2..=12));
    if often { blocks } else { Config::default().compact_after }
}

/// Draws delays, and rates that are zero in half of all networks.
pub(super) fn draw_network(rng: &mut Rng) -> Settings {
    let delay_min = span_between(rng, Span::us(500), Span::ms(15));
    let delay_max = delay_min + span_between(rng, Span::ZERO, Span::ms(50));
    let rate = |rng: &mut Rng, most: Ppm| {
        let (there, rate) = (happens(rng, CERTAIN / 2), rng.random_range(0..=most));
        if there { rate } else { 0 }
    };
    let loss = rate(rng, CERTAIN / 10 * 3);
    let duplication = rate(rng, CERTAIN / 2);
    let corruption = rate(rng, CERTAIN / 20);
    Settings { delay_min, delay_max, loss, duplication, corruption }
}
