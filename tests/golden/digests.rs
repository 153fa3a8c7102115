//! Digests of runs of the swarm, by seed. They change only when the engine's behaviour does.

/// Seed, and the digest of all events of its run.
pub const DIGESTS: [(u64, &str); 4] = [
    (1, "e865a3bd9d8b6db1fd7e69613e649f6097d83db2a2983375fdea5d4004ae12f1"),
    (6, "17b52509beaf9013153d210a2b7b2e90c6c85b7e49802e6835d76ae363e28d3a"),
    (10, "58717fdd18ec4273dc5536418fff43826a7d1788c18b2b566206a424e018c2f1"),
    (37, "367de3110ef7a8b2fe18dad9ff9d09e71b025cb7fc6fc5b0202e035e2133c25d"),
];
