//! Digests of runs of the swarm, by seed. They change only when the engine's behaviour does.

/// Seed, and the digest of all events of its run.
pub const DIGESTS: [(u64, &str); 4] = [
    (1, "cfe7850358de2b07f7eac4c8953588c81485b36bc6b8a38dde84873d539fec29"),
    (6, "56dcfbf738f6a02f5f960a8a95d180539cda18291f869270dcbb4627fb0092a1"),
    (10, "e229ba342ba8403c52d9c431b0391ed3d224e3413a9e7caf50f824454c91dbb9"),
    (37, "42e56349713e3357d641ecc8c20b572484dd5969756c08fd7069b938c8cba50d"),
];
