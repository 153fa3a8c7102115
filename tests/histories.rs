//! A second opinion on histories: whatever the commit order shows to be linearizable, a search
//! through all orders must find linearizable too.
#![cfg(not(target_arch = "wasm32"))]

#[path = "histories/make.rs"]
mod make;
#[path = "histories/porcupine.rs"]
mod porcupine;

use make::{Made, altered, honest};

const SEEDS: u64 = 4_000;

#[test]
fn true_histories_are_accepted_by_both() {
    for seed in 0..SEEDS {
        let Made { history, .. } = honest(seed);
        let order = history.check().unwrap_or_else(|why| panic!("seed {seed}: {why}"));
        let placed = order.positions.iter().flatten().count();
        assert!(placed >= history.writes.len(), "seed {seed}");
        assert!(porcupine::accepts(&history), "seed {seed}");
    }
}

/// The witness may reject what another order could save; it must not accept what none can.
#[test]
fn altered_histories_are_never_accepted_against_the_second_opinion() {
    let (mut accepted, mut both_reject, mut saved) = (0, 0, 0);
    for seed in 0..SEEDS {
        let history = altered(seed);
        match (history.check(), porcupine::accepts(&history)) {
            (Ok(_), true) => accepted += 1,
            (Ok(_), false) => panic!("seed {seed}: no order exists, but the witness accepts"),
            (Err(_), false) => both_reject += 1,
            (Err(_), true) => saved += 1,
        }
    }
    // Alterations of all kinds are met.
    assert!(accepted > SEEDS / 50, "{accepted} are still linearizable");
    assert!(both_reject > SEEDS / 5, "{both_reject} are rejected by both");
    assert!(saved > SEEDS / 50, "{saved} would be saved by another order");
}
