//! Digests of runs of the swarm, by seed, and of a run under load and chaos. They change only when
//! the engine's behaviour does, or the words in which its events are told.

use raftbank::scenario::{Scenario, tell};

/// Seed, and the digest of all events of its run.
pub const DIGESTS: [(u64, &str); 4] = [
    (1, "5508d978c037d378e88daef758d0be90433354e01014e069e0cd459a3d3138f5"),
    (6, "1a3d2aef64751ae62e7b463cf000910f6fddd203058ed113a7a53a43fe77acf0"),
    (10, "7e161fcaab3728d6f6965489883fdb582496d081e8c399bb6942a416b32a1b9e"),
    (37, "cb4db958236bff6d0767d17849046fc0d1b8a76ac7b84bd5b7d64b4ad5f1dcd8"),
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
