//! Random runs that look for bugs: many faults at once, then peace, then everything must be well.
//!
//! One seed draws a cluster, a network, which kinds of fault there are at all (so that some runs
//! have only crashes, say, and those in plenty), and then when each strikes. Clients ask all the
//! while. A run has two phases, as in TigerBeetle's simulator:
//!
//! 1. **Hostile.** Anything may happen. The judges watch every event: nothing may be *wrong*.
//!    In a third of all runs everything but the disks is lost at the end of it, those of the clients
//!    included, and a second hostile phase begins from what they hold ([`reload`]). The same judges
//!    watch on.
//! 2. **Healed.** Links are mended, clocks set right, servers restarted, nothing is lost any more.
//!    Now things must also go *right*: within a bound of virtual time every request is answered,
//!    new ones too, and all members of the cluster hold the same committed log. Of a server that
//!    does not belong to it at the end nothing is asked.
//!
//! Deeds come in families, each in a file: [`load`], [`network`], [`hand`], [`machines`],
//! [`members`], [`leaders`]. There is one for every action that somebody can take, but for edits
//! of a disk, which may break any promise. Crashes are aimed: a deed may wait for the moment between
//! a write and its sync, for a miner at work, or for a snapshot that is being taken or sent, before
//! it strikes.
//!
//! What a seed draws depends on the seed alone, never on which rules are on; a failing seed is a
//! bug report. [`shrink`](super::shrink) makes it short.

mod hand;
mod leaders;
mod load;
mod machines;
mod members;
mod network;
mod plan;
mod play;
mod reload;

pub use plan::Plan;
pub(super) use play::guarded;
pub use play::{Kind, PATIENCE, Play, Wrong};

use super::{Action, Disks, Run, Simulation};
use crate::base::random::{Rng, span_between, stream};
use crate::base::{ClientId, Hash, Index, Rules, ServerId, Span, Time};
use crate::check::{Judges, Property};
use plan::Deed;
use rand::RngExt;

/// How seeds are run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Which rules are on.
    pub rules: Rules,
    /// Whether the report has the hash of all events, which takes as long as the run itself.
    pub digest: bool,
    /// Ends a run at nothing but this broken promise. Without a rule several promises break, the
    /// one that the rule is for not always first.
    pub sought: Option<Property>,
}

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
    /// Requests that were made in the hostile phase; all of them were answered.
    pub requests: u64,
    /// Hash of all events, if it was asked for.
    pub digest: Option<Hash>,
}

/// What went wrong, and the run that shows it.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The seed.
    pub seed: u64,
    /// What is wrong.
    pub wrong: Wrong,
    /// The run up to there.
    pub run: Box<Run>,
    /// When everything was mended, if that had come.
    pub peace_at: Option<Time>,
    /// Events up to there.
    pub events: u64,
    /// The only promise that was looked at, if not all of them were.
    pub sought: Option<Property>,
    /// The judges of the world whose disks the run begins with, if it begins with any.
    pub before: Option<Box<Judges>>,
}

/// Runs one seed with all rules on, and hashes its events.
pub fn run(seed: u64) -> Result<Report, Failure> {
    run_with(seed, &Options { rules: Rules::ALL_ON, digest: true, sought: None })
}

/// Runs one seed.
pub fn run_with(seed: u64, options: &Options) -> Result<Report, Failure> {
    let mut swarm = Swarm::new(seed, options);
    let outcome = guarded(|| {
        swarm.hostile()?;
        swarm.reload()?;
        swarm.play.make_peace()
    });
    let Swarm { play, plan, requests, before, .. } = swarm;
    match outcome {
        Ok(()) => Ok(report(&play, &plan, requests)),
        Err(wrong) if wrong.kind == Kind::Stuck && options.sought.is_some() => {
            Ok(report(&play, &plan, requests))
        }
        Err(wrong) => Err(Failure {
            seed,
            wrong,
            run: Box::new(play.simulation.to_run()),
            peace_at: play.peace_at,
            events: play.events(),
            sought: options.sought,
            before,
        }),
    }
}

/// The run that a seed draws without a reload, the healed phase included, whatever the judges say
/// of it.
pub fn sample(seed: u64, rules: Rules) -> Run {
    let mut swarm = Swarm::new(seed, &Options { rules, digest: false, sought: None });
    let _ = swarm.hostile().and_then(|()| swarm.play.make_peace());
    swarm.play.simulation.to_run()
}

fn report(play: &Play, plan: &Plan, requests: u64) -> Report {
    let world = play.simulation.world();
    let (events, time) = play.in_all();
    let heights = world.nodes().filter_map(|(_, node)| Some(node.server()?.applied()));
    Report {
        seed: world.seed(),
        servers: plan.config.servers,
        events,
        time: Time::ZERO + time,
        height: heights.max().unwrap_or_default(),
        requests,
        digest: play.digest(),
    }
}

/// The hostile part of the run of a seed, for tests of what runs can do.
#[cfg(test)]
pub(in crate::sim) fn hostile_run(seed: u64) -> Run {
    let options = Options { rules: Rules::ALL_ON, digest: false, sought: None };
    let mut swarm = Swarm::new(seed, &options);
    swarm.hostile().expect("the engine keeps its promises");
    swarm.play.simulation.to_run()
}

/// A run under way.
struct Swarm {
    play: Play,
    rng: Rng,
    plan: Plan,
    requests: u64,
    /// The judges when all power went, if it did.
    before: Option<Box<Judges>>,
}

impl Swarm {
    fn new(seed: u64, options: &Options) -> Self {
        let mut rng = stream(seed, "swarm");
        let mut plan = Plan::draw(&mut rng);
        plan.config.rules = options.rules;
        let simulation = Simulation::new(plan.config.clone(), seed, Disks::default());
        let simulation = simulation.expect("a plan draws valid settings");
        let play = Play::new(simulation, options.digest, options.sought);
        Self { play, rng, plan, requests: 0, before: None }
    }

    /// Does one deed after the other until peace comes.
    fn hostile(&mut self) -> Result<(), Wrong> {
        while self.play.now() < self.plan.hostile_until {
            let pause = span_between(&mut self.rng, Span::us(1), self.plan.pause_max);
            self.play.run_until(self.play.now() + pause)?;
            self.deed()?;
        }
        Ok(())
    }

    fn deed(&mut self) -> Result<(), Wrong> {
        match self.plan.deed(&mut self.rng) {
            Deed::Submit => self.submit_something(),
            Deed::Crash => self.crash(),
            Deed::Bounce => return self.bounce(),
            Deed::PowerCut => return self.power_cut(),
            Deed::Restart => self.restart(),
            Deed::Pause => self.pause_or_resume(),
            Deed::Clock => self.drift(),
            Deed::Nudge => self.nudge(),
            Deed::Partition => self.partition(),
            Deed::Bridge => self.bridge(),
            Deed::OneWay => self.one_way(),
            Deed::Isolate => self.isolate(),
            Deed::Flap => return self.flap(),
            Deed::Cut => self.cut(),
            Deed::Heal => _ = self.act(Action::Heal),
            Deed::Clog => self.clog(),
            Deed::Drop => self.drop_message(),
            Deed::Tamper => self.tamper(),
            Deed::Network => self.other_network(),
            Deed::Reform => self.reform(),
            Deed::ReformApart => return self.reform_apart(),
            Deed::HandOver => self.hand_over(),
            Deed::Stop => self.stop(),
            Deed::Snapshot => self.snapshot(),
            Deed::Succession => return self.succession(),
            Deed::Overtake => return self.overtake(),
            Deed::Mend => self.mend(),
            Deed::Unite => _ = self.act(Action::Unite),
            Deed::Delay => self.delay_message(),
            Deed::Duplicate => self.duplicate_message(),
            Deed::FillDisk => self.fill_disk(),
            Deed::Load => self.load(),
            Deed::Chaos => self.chaos(),
        }
        Ok(())
    }

    fn act(&mut self, action: Action) -> bool {
        self.play.act(action)
    }

    fn any_server(&mut self) -> ServerId {
        let number = self.rng.random_range(1..=self.plan.config.servers);
        ServerId::new(number).expect("a plan draws 1 to 9 servers")
    }

    fn any_client(&mut self) -> ClientId {
        let number = self.rng.random_range(1..=self.plan.config.clients);
        ClientId::new(number).expect("a plan draws 1 to 5 clients")
    }
}

/// A random run that was played to its end, to test with, and the digest of its events.
#[cfg(test)]
pub(in crate::sim) fn draw(seed: u64) -> (Simulation, Hash) {
    let options = Options { rules: Rules::ALL_ON, digest: true, sought: None };
    let mut swarm = Swarm::new(seed, &options);
    let played = swarm.hostile().and_then(|()| swarm.play.make_peace());
    played.expect("the engine keeps its promises");
    let digest = swarm.play.digest().expect("it was asked for");
    (swarm.play.simulation, digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What somebody exports is what everybody else sees, whatever happened in it.
    #[test]
    fn every_run_replays_to_the_byte() {
        // In run 755 what comes next was looked at between a pause and its end.
        for seed in (0..100).chain([755]) {
            let (live, _) = draw(seed);
            let live = &live;
            let run =
                Run::from_json(&live.to_run().to_json()).expect("what is exported can be read");
            let mut replay = run.replay().expect("it can begin");
            while !replay.advance(1000).unwrap_or_else(|error| panic!("seed {seed}: {error}")) {}
            let again = replay.into_simulation();
            assert_eq!(again.trace().last_id(), live.trace().last_id(), "seed {seed}");
            assert_eq!(again.world().now(), live.world().now(), "seed {seed}");
            let events =
                |it: &Simulation| it.trace().iter().map(|it| it.to_string()).collect::<Vec<_>>();
            assert!(events(&again) == events(live), "seed {seed}");
        }
    }
}
