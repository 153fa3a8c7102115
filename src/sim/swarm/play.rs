//! A run that is driven and judged: by the swarm as it draws, by the shrinker as it tries again.

use super::super::{Action, Chaos, Down, LoadRate, Simulation};
use crate::bank::Operation;
use crate::base::{AccountId, ServerId, Span, Time};
use crate::channel::Settings;
use crate::check::{Judges, Property};
use crate::trace::{EventId, RunDigest, StopReason};
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// How long a healed cluster may take to answer everything.
pub const PATIENCE: Span = Span::secs(120);

/// How finely the healed phase is looked at.
const GLANCE: Span = Span::ms(50);

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// Which promise was broken.
    pub kind: Kind,
    /// How, in one sentence.
    pub why: String,
}

/// The promises of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A judge objected.
    Broken(Property),
    /// After healing, something that must happen did not.
    Stuck,
    /// The engine broke one of its own assertions.
    Assertion,
}

impl Kind {
    /// Its name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Broken(property) => property.name(),
            Self::Stuck => "Liveness",
            Self::Assertion => "Assertion",
        }
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind.name(), self.why)
    }
}

/// Does something with a run, and takes a broken assertion of the engine for what is wrong in it:
/// the actions that led there are in the run by then. Where the program is built so that a panic
/// ends it, it does.
pub(in crate::sim) fn guarded(what: impl FnOnce() -> Result<(), Wrong>) -> Result<(), Wrong> {
    // Of a world that broke down, nothing is looked at but what was done to it.
    catch_unwind(AssertUnwindSafe(what)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
        let why = text.unwrap_or("no message").to_owned();
        Err(Wrong { kind: Kind::Assertion, why })
    })
}

/// A simulation under way.
pub struct Play {
    pub(in crate::sim) simulation: Simulation,
    /// The events' hash, if anybody wants it: it costs as much as the run itself.
    digest: Option<RunDigest>,
    seen: EventId,
    /// Events and time of the world before, whose disks this one began with.
    former: (u64, Span),
    /// The judges of that world, who judge on: they know what it had promised.
    witness: Option<Box<Judges>>,
    /// The only promise that is looked at, if not all of them are.
    sought: Option<Property>,
    /// When everything was mended, if it was.
    pub(in crate::sim) peace_at: Option<Time>,
}

impl Play {
    /// Begins with a simulation that has run nothing yet.
    pub fn new(simulation: Simulation, with_digest: bool, sought: Option<Property>) -> Self {
        let digest = with_digest.then(RunDigest::new);
        Self {
            simulation,
            digest,
            seen: EventId(0),
            former: (0, Span::ZERO),
            witness: None,
            sought,
            peace_at: None,
        }
    }

    /// The same, where judges of a world before have something to say.
    pub fn with_witness(self, witness: Option<Box<Judges>>) -> Self {
        let mut play = Self { witness, ..self };
        play.note_events();
        play
    }

    /// Goes on in another world, which knows of this one what the disks hold.
    pub(super) fn go_on_in(&mut self, simulation: Simulation) {
        self.former = self.in_all();
        self.witness = Some(Box::new(self.simulation.judges().clone()));
        self.simulation = simulation;
        self.seen = EventId(0);
        self.note_events();
    }

    /// True if it matters whether this is broken.
    fn seeks(&self, property: Property) -> bool {
        self.sought.is_none_or(|sought| sought == property)
    }

    /// The time.
    pub fn now(&self) -> Time {
        self.simulation.world().now()
    }

    /// Goes on to a time, with every event judged.
    pub fn run_until(&mut self, time: Time) -> Result<(), Wrong> {
        while self.simulation.step_by(time) {
            self.note_events();
        }
        self.simulation.set_clock(time);
        self.verdict()
    }

    /// Goes on by one event if one is due by `limit`; false if none is.
    pub fn step(&mut self, limit: Time) -> bool {
        let stepped = self.simulation.step_by(limit);
        self.note_events();
        stepped
    }

    /// The first objection of the judges, by the order of events.
    pub fn verdict(&self) -> Result<(), Wrong> {
        let witness = self.witness.iter().flat_map(|judges| judges.violations());
        let violations = self.simulation.judges().violations().chain(witness);
        let first = violations
            .filter(|violation| self.seeks(violation.property))
            .min_by_key(|violation| violation.event);
        first.map_or(Ok(()), |violation| {
            Err(Wrong { kind: Kind::Broken(violation.property), why: violation.to_string() })
        })
    }

    /// Acts. What is not possible at the moment is not done; that is no failure.
    pub fn act(&mut self, action: Action) -> bool {
        let done = self.simulation.act(action).is_ok();
        self.note_events();
        done
    }

    /// Mends everything, and shows that the cluster then does all that it promised. Nothing is
    /// drawn here, so that a shorter run ends in the same way.
    pub fn make_peace(&mut self) -> Result<(), Wrong> {
        self.peace_at = Some(self.now());
        self.mend();
        self.wait("every request is answered", Self::all_answered)?;
        let clients: Vec<_> = self.simulation.world().config().client_ids().collect();
        for client in &clients {
            let next = client.number() % clients.len() as u8 + 1;
            let to = AccountId::new(next).expect("there are as many accounts as clients");
            let transfer = Operation::Transfer { to, amount: 1 };
            for operation in [Operation::Balance, transfer] {
                self.act(Action::Submit { client: *client, operation, via: None });
            }
        }
        self.wait("new requests are answered", Self::all_answered)?;
        self.wait("all members' logs agree and are committed", Self::logs_agree)
    }

    fn mend(&mut self) {
        let network = self.simulation.world().config().network;
        let calm = Settings { loss: 0, duplication: 0, corruption: 0, ..network };
        let world = self.simulation.world();
        let (load, chaos) = (world.load().is_on(), world.chaos() != Chaos::Off);
        if load {
            self.act(Action::Load { rate: LoadRate::OFF });
        }
        if chaos {
            self.act(Action::Chaos { strength: Chaos::Off });
        }
        self.act(Action::Heal);
        self.act(Action::Network { settings: calm });
        let servers: Vec<ServerId> = self.simulation.world().config().server_ids().collect();
        for server in servers {
            let node = self.simulation.world().node(server).expect("it is one of the cluster's");
            let (down, paused) = (node.server().is_none(), node.is_paused());
            let rate = node.clock().rate();
            if rate != super::super::TRUE_RATE {
                self.act(Action::Clock { server, rate: super::super::TRUE_RATE });
            }
            if paused {
                self.act(Action::Resume { server });
            }
            if down {
                self.act(Action::Restart { server });
            }
        }
    }

    fn wait(&mut self, what: &str, done: fn(&Self) -> bool) -> Result<(), Wrong> {
        let deadline = self.now() + PATIENCE;
        while !done(self) {
            if self.now() >= deadline {
                let why = format!("{PATIENCE} after healing it is still not so that {what}");
                return Err(Wrong { kind: Kind::Stuck, why });
            }
            self.run_until(self.now() + GLANCE)?;
            self.restart_stopped();
        }
        Ok(())
    }

    /// A server that was asked to stop may do so only after everything was mended.
    fn restart_stopped(&mut self) {
        let planned = Down::Stopped(StopReason::Planned);
        let nodes = self.simulation.world().nodes();
        let stopped = nodes.filter(|(_, node)| node.down() == Some(&planned)).map(|(id, _)| id);
        for server in stopped.collect::<Vec<_>>() {
            self.act(Action::Restart { server });
        }
    }

    fn all_answered(&self) -> bool {
        self.simulation.world().clients().all(|client| client.unanswered() == 0)
    }

    /// Who leads says who belongs to the cluster. Others may lag as they like.
    fn logs_agree(&self) -> bool {
        let world = self.simulation.world();
        let leader = world.leader().and_then(|leader| world.server(leader));
        let Some(leader) = leader else { return false };
        let tip = leader.tip().hash();
        let members = leader.raft().membership();
        !members.is_joint()
            && members.all().all(|member| {
                world.server(member).is_some_and(|server| {
                    let settled = server.applied() == server.raft().last_index();
                    settled && server.tip().hash() == tip
                })
            })
    }

    fn note_events(&mut self) {
        let Self { simulation, digest, witness, seen, .. } = self;
        for event in simulation.trace().after(*seen) {
            if let Some(digest) = digest {
                digest.add(event);
            }
            if let Some(judges) = witness {
                judges.observe(event);
            }
        }
        *seen = simulation.trace().last_id();
    }

    /// How many events there were, and how much time passed, worlds before included.
    pub(super) fn in_all(&self) -> (u64, Span) {
        let (events, time) = self.former;
        (events + self.seen.0, time + self.now().since(Time::ZERO))
    }

    /// How many events there were.
    pub fn events(&self) -> u64 {
        self.seen.0
    }

    /// Their hash, if it was wanted.
    pub fn digest(&self) -> Option<crate::base::Hash> {
        self.digest.as_ref().map(RunDigest::finish)
    }
}
