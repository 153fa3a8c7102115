//! Digests of runs of the swarm, by seed, and of a run under load and chaos. They change only when
//! the engine's behaviour does, or the words in which its events are told.

use raftbank::scenario::{Scenario, tell};

/// Seed, and the digest of all events of its run.
pub const DIGESTS: [(u64, &str); 4] = [
    (1, "5e6b17afd873041414e1bc19481ce4184f2ac5d6da160c8295e5e385cdc40a0a"),
    (6, "aa9196de5304a2df801c658f26412de7b52f8ea09c7214b1fff7c56b07c17ab2"),
    (10, "9e0d744dd4c79822741c7aae7576033e8af0099332ec3564d3680e06c108305d"),
    (37, "b98d5f560ca6f8157651d72fed62b91bdb0d008ffa70d241465a2b96ffadfcdf"),
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
    "e90a8303951aab60125871d62841dfa1d03e71362349f21c25651157b000a28b";

/// The same, computed here.
pub fn restless() -> String {
    let scenario = Scenario::parse(RESTLESS).expect("it can be read");
    let run = tell(&scenario).expect("it goes well").run;
    let mut replay = run.replay_sealing().expect("it can begin");
    while !replay.advance(1000).expect("it repeats itself") {}
    replay.seal().expect("it was asked for").hash.to_string()
}
