//! The same run gives the same events here as natively; see `tests/same_everywhere.rs`.

#[path = "../golden/digests.rs"]
mod digests;

use raftbank::sim::swarm;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn a_run_gives_the_digest_that_every_machine_gives() {
    for (seed, expected) in digests::DIGESTS {
        let report = swarm::run(seed).unwrap_or_else(|failure| panic!("{seed}: {}", failure.wrong));
        assert_eq!(report.digest.expect("it is asked for").to_string(), expected, "seed {seed}");
    }
    assert_eq!(digests::restless(), digests::RESTLESS_DIGEST);
}
