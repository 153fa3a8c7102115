//! Digests of runs of the swarm, by seed. They change only when the engine's behaviour does.

/// Seed, and the digest of all events of its run.
pub const DIGESTS: [(u64, &str); 4] = [
    (1, "6c23e05723fc9ff502f584a80e21672cc499acea6384a72c360f503d66891481"),
    (6, "d7e534e4a26abe6c815089dd7f2414cdf0c80e6eaa366068fd55f9785f961a23"),
    (10, "559cb4a9b32988a6f8c626a68cebba4329c514dab29c84645229ac31e0464501"),
    (37, "99bec86a6fe150ec228c49e351bda9dd2154f7f5dcf1d51e9fbe880defabd8a3"),
];
