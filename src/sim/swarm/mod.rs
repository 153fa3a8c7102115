//! Random runs that look for bugs: many faults at once, then peace, then everything must be well.
//!
//! One seed draws a cluster, a network, which kinds of fault there are at all (so that some runs
//! have only crashes, say, and those in plenty), and then when each strikes. Clients ask all the
//! while. A run has two phases, as in TigerBeetle's simulator:
//!
//! 1. **Hostile.** Anything may happen. The judges watch every event: nothing may be *wrong*.
//! 2. **Healed.** Links are mended, servers restarted, nothing is lost any more. Now things must
//!    also go *right*: within a bound of virtual time every request is answered, new ones too,
//!    and all servers hold the same committed log.
//!
//! What a seed draws never changes what another one does; a failing seed is a bug report.

mod hostile;
mod plan;

pub use plan::Plan;

use super::{Action, Disks, Run, Simulation};
use crate::bank::Operation;
use crate::base::random::{Rng, stream};
use crate::base::{Hash, Index, Span, Time};
use crate::trace::{EventId, RunDigest};

/// How long a healed cluster may take to answer everything.
const PATIENCE: Span = Span::secs(300);

/// How finely the healed phase is looked at.
const GLANCE: Span = Span::ms(50);

/// What a run that went well did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Its seed.
    pub seed: u64,
    /// Servers in it.
    pub servers: u8,
    /// Events judged.
    pub events: u64,
    /// Virtual time that passed.
    pub time: Time,
    /// Height of the agreed chain at the end.
    pub height: Index,
    /// Requests that were made; all of them were answered.
    pub requests: u64,
    /// Hash of all events.
    pub digest: Hash,
}

/// What went wrong, and the run that shows it.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The seed.
    pub seed: u64,
    /// What is wrong.
    pub why: String,
    /// The run up to there.
    pub run: Box<Run>,
}

/// Runs one seed.
pub fn run(seed: u64) -> Result<Report, Failure> {
    let mut rng = stream(seed, "swarm");
    let plan = Plan::draw(&mut rng);
    let simulation = Simulation::new(plan.config.clone(), seed, Disks::default());
    let simulation = simulation.expect("a plan draws valid settings");
    let mut swarm =
        Swarm { simulation, rng, plan, digest: RunDigest::new(), seen: EventId(0), requests: 0 };
    let outcome = swarm.hostile().and_then(|()| swarm.healed());
    match outcome {
        Ok(()) => Ok(swarm.report()),
        Err(why) => Err(Failure { seed, why, run: Box::new(swarm.simulation.to_run()) }),
    }
}

/// A run under way.
struct Swarm {
    simulation: Simulation,
    rng: Rng,
    plan: Plan,
    digest: RunDigest,
    seen: EventId,
    requests: u64,
}

impl Swarm {
    /// Mends everything, and shows that the cluster then does all it promised.
    fn healed(&mut self) -> Result<(), String> {
        self.act(Action::Heal);
        self.act(Action::Network { settings: self.plan.calm() });
        for id in self.plan.config.server_ids() {
            if self.simulation.world().server(id).is_none() {
                self.act(Action::Restart { server: id });
            }
        }
        self.wait("every request is answered", Self::all_answered)?;
        for client in self.plan.config.client_ids() {
            self.submit(client, Operation::Balance);
            self.submit_transfer(client);
        }
        self.wait("new requests are answered", Self::all_answered)?;
        self.wait("all logs agree and are committed", Self::logs_agree)
    }

    fn wait(&mut self, what: &str, done: fn(&Self) -> bool) -> Result<(), String> {
        let deadline = self.simulation.world().now() + PATIENCE;
        while !done(self) {
            let now = self.simulation.world().now();
            if now >= deadline {
                return Err(format!("{PATIENCE} after healing it is still not so that {what}"));
            }
            self.run_until(now + GLANCE)?;
        }
        Ok(())
    }

    fn all_answered(&self) -> bool {
        self.simulation.world().clients().all(|client| client.unanswered() == 0)
    }

    fn logs_agree(&self) -> bool {
        let mut tips = self.simulation.world().nodes().map(|(_, node)| {
            let server = node.server()?;
            let settled = server.applied() == server.raft().last_index();
            settled.then(|| server.tip().hash())
        });
        let first = tips.next().flatten();
        first.is_some() && tips.all(|tip| tip == first)
    }

    /// Goes on to a time, with every event judged.
    fn run_until(&mut self, time: Time) -> Result<(), String> {
        while self.simulation.step_by(time) {
            self.note_events();
        }
        self.simulation.set_clock(time);
        match self.simulation.judges().violations().next() {
            Some(violation) => Err(violation.to_string()),
            None => Ok(()),
        }
    }

    fn act(&mut self, action: Action) {
        // What is not possible at the moment is not done; that is no failure.
        let _ = self.simulation.act(action);
        self.note_events();
    }

    fn note_events(&mut self) {
        for event in self.simulation.trace().after(self.seen) {
            self.digest.add(event);
        }
        self.seen = self.simulation.trace().last_id();
    }

    fn report(&self) -> Report {
        let world = self.simulation.world();
        let heights = world.nodes().filter_map(|(_, node)| Some(node.server()?.applied()));
        Report {
            seed: world.seed(),
            servers: self.plan.config.servers,
            events: self.seen.0,
            time: world.now(),
            height: heights.max().unwrap_or_default(),
            requests: self.requests,
            digest: self.digest.finish(),
        }
    }
}
