//! Speed that follows interest: slow while something crosses, quick while all is idle.
//!
//! It is an option. The speed that somebody chose is the slow one; while nothing but heartbeats is
//! under way, time gathers speed, up to [`QUICKER`] times as much and never beyond real time. It
//! slows down at once, since what begins may last for a few milliseconds, and speeds up gently.

use crate::server::PacketKind;
use crate::sim::World;

/// How much quicker idle time may pass.
pub const QUICKER: f64 = 10.0;

/// Real time, in virtual microseconds for each real millisecond: idle time is no quicker.
const REAL: f64 = 1000.0;

/// How long, in real milliseconds, it takes to double what time has gathered.
const GATHERS_MS: f64 = 250.0;

/// What is worth a closer look. Where there are several, the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Interest {
    /// Somebody stands for election.
    Vote,
    /// A block is being mined.
    Mining,
    /// A block is on its way to followers, or their word that they have it.
    Block,
    /// A client's request or its answer is on its way.
    Client,
}

impl Interest {
    /// What there is in a world.
    pub fn of(world: &World) -> Option<Self> {
        let mines = world.nodes().filter_map(|(_, node)| node.server()?.mining()).next();
        let mines = mines.map(|_| Self::Mining);
        // Followers answer heartbeats too: their answers count while something is to be committed.
        let spreads = world.leaders().any(|it| it.raft().commit() < it.raft().last_index());
        let kinds = world.in_flight().map(|(_, flight)| flight.packet.kind());
        kinds.filter_map(|kind| Self::of_kind(kind, spreads)).chain(mines).min()
    }

    fn of_kind(kind: PacketKind, spreads: bool) -> Option<Self> {
        match kind {
            PacketKind::VoteRequest
            | PacketKind::VoteReply
            | PacketKind::PreVoteRequest
            | PacketKind::PreVoteReply
            | PacketKind::TimeoutNow => Some(Self::Vote),
            PacketKind::Append | PacketKind::Snapshot | PacketKind::SnapshotReply => {
                Some(Self::Block)
            }
            PacketKind::AppendReply => spreads.then_some(Self::Block),
            PacketKind::Heartbeat => None,
            PacketKind::Request
            | PacketKind::Relay
            | PacketKind::ReadIndex
            | PacketKind::ReadIndexReply
            | PacketKind::Reply => Some(Self::Client),
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Vote => "votes",
            Self::Mining => "mining",
            Self::Block => "a block spreads",
            Self::Client => "a client asks",
        }
    }
}

/// How much quicker than chosen time passes at the moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace(f64);

impl Default for Pace {
    fn default() -> Self {
        Self(1.0)
    }
}

impl Pace {
    /// The factor, from 1 on.
    pub fn factor(self) -> f64 {
        self.0
    }

    /// The pace after so many real milliseconds at a speed that was chosen, in virtual
    /// microseconds for each of them.
    pub fn after(self, ms: f64, chosen: f64, interest: Option<Interest>) -> Self {
        match interest {
            Some(_) => Self::default(),
            None => {
                let most = QUICKER.min(REAL / chosen).max(1.0);
                Self((self.0 * (1.0 + ms / GATHERS_MS)).min(most))
            }
        }
    }
}

/// The speed at which time passes, and why: `1/50 · votes`, `1/5 · idle`.
pub fn words(chosen: f64, pace: Pace, interest: Option<Interest>) -> String {
    let why = interest.map_or("idle", Interest::words);
    let speed = chosen * pace.0;
    match speed {
        0.0..REAL => format!("1/{} · {why}", (REAL / speed).round() as u64),
        _ => format!("{}× · {why}", (speed / REAL).round() as u64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bank::Operation;
    use crate::base::{AccountId, ClientId, Span, Time};
    use crate::sim::{Action, Config, Disks, Simulation};

    #[test]
    fn time_slows_down_at_once_and_gathers_speed_gently() {
        let mut pace = Pace::default();
        let mut before = pace.factor();
        for _ in 0..200 {
            pace = pace.after(16.0, 20.0, None);
            assert!(pace.factor() >= before && pace.factor() < before * 1.1, "gently");
            before = pace.factor();
        }
        assert_eq!(pace.factor(), QUICKER);
        assert_eq!(pace.after(16.0, 20.0, Some(Interest::Vote)), Pace::default());
        let never_beyond =
            |chosen: f64| (0..200).fold(Pace::default(), |it, _| it.after(16.0, chosen, None));
        assert_eq!(never_beyond(500.0).factor(), 2.0);
        assert_eq!(never_beyond(100_000.0).factor(), 1.0, "what is quicker is left alone");
    }

    #[test]
    fn the_speed_is_told_with_its_reason() {
        assert_eq!(words(20.0, Pace::default(), Some(Interest::Vote)), "1/50 · votes");
        assert_eq!(words(20.0, Pace(10.0), None), "1/5 · idle");
        assert_eq!(words(500.0, Pace(2.0), None), "1× · idle");
    }

    /// What is of interest, as time goes by: an election, its opening block, rest, a transfer.
    #[test]
    fn what_crosses_is_of_interest_and_heartbeats_are_not() {
        let config = Config { servers: 3, ..Config::default() };
        let mut simulation = Simulation::new(config, 42, Disks::default()).expect("it is valid");
        let mut told: Vec<Option<Interest>> = Vec::new();
        let mut watch = |simulation: &mut Simulation, until: u64| {
            while simulation.step_by(Time::ZERO + Span::ms(until)) {
                let now = Interest::of(simulation.world());
                if told.last() != Some(&now) {
                    told.push(now);
                }
            }
        };
        assert_eq!(Interest::of(simulation.world()), None, "all wait for the first timer");
        watch(&mut simulation, 2_000);
        let client = ClientId::new(1).expect("Alice");
        let to = AccountId::new(2).expect("Bob");
        let operation = Operation::Transfer { to, amount: 4 };
        let ask = Action::Submit { client, operation, via: None };
        simulation.act(ask).expect("she may");
        watch(&mut simulation, 3_000);
        use Interest::{Block, Client, Mining, Vote};
        assert_eq!(told.last(), Some(&None), "and all is quiet at the end");
        for one in [Vote, Mining, Block, Client] {
            assert!(told.contains(&Some(one)), "{one:?} in {told:?}");
        }
        let rests = told.iter().filter(|it| it.is_none()).count();
        assert!(rests >= 2, "between them there is rest: {told:?}");
    }
}
