//! Digests of runs of the swarm, by seed, and of a run under load and chaos. They change only when
//! the engine's behaviour does.

use raftbank::scenario::{Scenario, tell};

/// Seed, and the digest of all events of its run.
pub const DIGESTS: [(u64, &str); 4] = [
    (1, "f8455bc61140cadc004bc5f91e66874b373099adca5c93b3da3b4c896d51130b"),
    (6, "3bd284c6932cf5e9cd143701c6b4bb6c2ed0ac2ce879b44093c53884987784ff"),
    (10, "1621034346f0459fc08366b13db807d1f1ca62ca855cdd54d606e12dc86b72cc"),
    (37, "64521f36fe71df34f57861bed569e7a7d15885e4949c167b4d656e4cce537d44"),
];

/// A run in which clients ask and faults come and go by themselves.
const RESTLESS: &str = "\
# What is switched on is part of the run.
cluster servers=5 seed=9
load 20/s
run 4s
chaos hostile
run 20s
load 0.5/s
chaos lossy
run 5s
chaos off
run 5s
check
";

/// The digest of all its events.
pub const RESTLESS_DIGEST: &str =
    "56e83d3f8b99beed0e1592cc2f3a1982e848e94f26f0e39eadb8c2a1e48198b8";

/// The same, computed here.
pub fn restless() -> String {
    let scenario = Scenario::parse(RESTLESS).expect("it can be read");
    let run = tell(&scenario).expect("it goes well").run;
    let mut replay = run.replay_sealing().expect("it can begin");
    while !replay.advance(1000).expect("it repeats itself") {}
    replay.seal().expect("it was asked for").hash.to_string()
}
