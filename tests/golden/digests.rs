//! Digests of runs of the swarm, by seed. They change only when the engine's behaviour does.

/// Seed, and the digest of all events of its run.
pub const DIGESTS: [(u64, &str); 4] = [
    (1, "0154e51e1b43149f0e200e2084fdd76e83d582e17c3c2492fa40d60bae6cf305"),
    (6, "93d8fc9a7350b6a31c2f2755ee12034fdd643a7c7d46e3c626bae797532e8b70"),
    (10, "978cbdddec96e120fd20d43c37f175b84ee663af8abc29c3e2c5e2851d27aea4"),
    (37, "7de5d80082520dfa4f2eab6c1d3d74b6d92d953c52586e51734cb1bec2c95dbe"),
];
