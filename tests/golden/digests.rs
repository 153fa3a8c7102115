//! Digests of runs of the swarm, by seed, and of a run under load and chaos. They change only when
//! the engine's behaviour does.

use raftbank::scenario::{Scenario, tell};

/// Seed, and the digest of all events of its run.
pub const DIGESTS: [(u64, &str); 4] = [
    (1, "275bdee2967d04680b0e22b44227c65e49ef5b7b6debfbb3885a6e9c15b4fe77"),
    (6, "584d04781e0b385511a6d5650d5437b75b4af1b56a851a12efcb6a2818cdcbbb"),
    (10, "1621034346f0459fc08366b13db807d1f1ca62ca855cdd54d606e12dc86b72cc"),
    (37, "324c167cd6bc4405c7007d91e9d35ce64b0208be4d679ed3effa863372fc9200"),
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
    "a294b33f8aa5c506b6904789edbe6a0bf3292280af5c8f4c07c8b619ea7949a3";

/// The same, computed here.
pub fn restless() -> String {
    let scenario = Scenario::parse(RESTLESS).expect("it can be read");
    let run = tell(&scenario).expect("it goes well").run;
    let mut replay = run.replay_sealing().expect("it can begin");
    while !replay.advance(1000).expect("it repeats itself") {}
    replay.seal().expect("it was asked for").hash.to_string()
}
