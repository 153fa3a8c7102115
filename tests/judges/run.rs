//! Random runs with faults, and what they leave.

use raftbank::bank::Operation;
use raftbank::base::random::{Rng, stream};
use raftbank::base::{AccountId, ClientId, Endpoint, Membership, ServerId, Span};
use raftbank::chain::{self, Block};
use raftbank::channel::{self, Groups};
use raftbank::check::Judges;
use raftbank::sim::{Action, Config, Disks, World};
use raftbank::trace::Event;
use rand::RngExt;

/// What happened in a run, in the portions in which it was taken out of the world.
pub struct Recorded {
    pub config: Config,
    pub batches: Vec<Vec<Event>>,
}

impl Recorded {
    /// Judges who have seen nothing of it yet.
    pub fn judges(&self) -> Judges {
        self.judges_of(self.config.difficulty)
    }

    /// The same, had the bank asked for so much work.
    pub fn judges_of(&self, difficulty: u8) -> Judges {
        let opening = self.config.opening().expect("the configuration opens a bank");
        let founders = Membership::of(self.config.server_ids());
        Judges::new(&opening, &self.genesis(), &founders, difficulty)
    }

    pub fn genesis(&self) -> Block {
        chain::genesis(&self.config.opening().expect("the configuration opens a bank"))
    }

    pub fn events(&self) -> impl Iterator<Item = &Event> {
        self.batches.iter().flatten()
    }

    /// What the judges say of all of it.
    pub fn judged(&self) -> Judges {
        let mut judges = self.judges();
        self.events().for_each(|event| judges.observe(event));
        judges
    }
}

/// A run of a cluster of `servers` with crashes, partitions, loss and duplication, healed at the
/// end. Difficulty is low, since a little work is judged as much is.
pub fn random(seed: u64, servers: u8, rounds: u32) -> Recorded {
    let network =
        channel::Settings { loss: 20_000, duplication: 20_000, ..channel::Settings::default() };
    let config = Config { servers, difficulty: 2, network, ..Config::default() };
    let mut world = World::new(config.clone(), seed, Disks::default()).expect("a valid world");
    let mut rng = stream(seed, "judges' faults");
    let mut batches = Vec::new();
    for _ in 0..rounds {
        if let Some(action) = draw(&mut rng, &world) {
            // What is not possible just now is left out.
            let _ = world.act(action);
        }
        let pause = Span::ms(rng.random_range(1..80));
        world.run_until(world.now() + pause);
        batches.push(world.drain_events());
    }
    world.act(Action::Heal).expect("a network can always be healed");
    for server in ServerId::first(servers) {
        let _ = world.act(Action::Restart { server });
    }
    world.run_until(world.now() + Span::secs(30));
    batches.push(world.drain_events());
    Recorded { config, batches }
}

/// What is done next, if anything.
fn draw(rng: &mut Rng, world: &World) -> Option<Action> {
    let servers = world.config().servers;
    let server = ServerId::new(rng.random_range(1..=servers)).expect("a server of the cluster");
    let other = ServerId::new(rng.random_range(1..=servers)).expect("a server of the cluster");
    Some(match rng.random_range(0..24) {
        0..10 => Action::Submit {
            client: ClientId::new(rng.random_range(1..=3)).expect("a client"),
            operation: Operation::Transfer {
                to: AccountId::new(rng.random_range(1..=3)).expect("an account"),
                amount: rng.random_range(1..120),
            },
            via: None,
        },
        10..13 => Action::Submit {
            client: ClientId::new(rng.random_range(1..=3)).expect("a client"),
            operation: Operation::Balance,
            via: Some(server),
        },
        13 => Action::Crash { server },
        14 | 15 => Action::Restart { server },
        16 => Action::Isolate { server },
        17 => Action::Partition { groups: groups(rng, servers) },
        18 | 19 => Action::Heal,
        20 => Action::Nudge { server },
        21 => Action::Cut { from: Endpoint::Server(server), to: Endpoint::Server(other) },
        _ => return None,
    })
}

/// The servers in two groups.
fn groups(rng: &mut Rng, servers: u8) -> Groups {
    let (mut left, mut right) = (Vec::new(), Vec::new());
    for server in ServerId::first(servers) {
        let side = if rng.random_bool(0.5) { &mut left } else { &mut right };
        side.push(server.to_string());
    }
    let sides = [left, right];
    let sides: Vec<_> =
        sides.iter().filter(|side| !side.is_empty()).map(|side| side.join("-")).collect();
    Groups::parse(&sides.join(";"), ServerId::first(servers), ClientId::first(3))
        .expect("every server is in one group")
}
