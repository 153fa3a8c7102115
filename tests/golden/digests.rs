//! Digests of runs of the swarm, by seed. They change only when the engine's behaviour does.

/// Seed, and the digest of all events of its run.
pub const DIGESTS: [(u64, &str); 4] = [
    (1, "9b4c848b9a03e10e5838fd10974aefc6ce995a32bc77381354b16bb9ba377d63"),
    (6, "3bed938741c3d6edd019735b69e2fd9a496556c3c18e6b086daa48f570d9f606"),
    (10, "a840c41f4b5821d4e88afec806f39b1c12fd9b9a02f6e079be718e4aa3b5d0b6"),
    (37, "4c38cd7269f7faefff63e49604a96c077b833c4bc7f283bec0ff08f0ffd0214e"),
];
