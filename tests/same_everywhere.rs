//! The same run gives the same events, byte for byte, on every machine: this test natively, and
//! its twin `web/same_everywhere.rs` in a browser, compare with the same digests.

#![cfg(not(target_arch = "wasm32"))]

#[path = "golden/digests.rs"]
mod digests;

use raftbank::sim::swarm;

#[test]
fn a_run_gives_the_digest_that_every_machine_gives() {
    let mut wrong = Vec::new();
    for (seed, expected) in digests::DIGESTS {
        let report = swarm::run(seed).unwrap_or_else(|failure| panic!("{seed}: {}", failure.wrong));
        let digest = report.digest.expect("it is asked for").to_string();
        if digest != expected {
            wrong.push(format!("    ({seed}, \"{digest}\"),"));
        }
    }
    if digests::restless() != digests::RESTLESS_DIGEST {
        wrong.push(format!("    restless: \"{}\"", digests::restless()));
    }
    let wrong = wrong.join("\n");
    assert!(
        wrong.is_empty(),
        "the engine's behaviour changed; if it was meant to, put these into \
         tests/golden/digests.rs:\n{wrong}"
    );
}
