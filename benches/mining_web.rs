//! How fast the miner hashes in a browser, beside plain `sha2` in the same wasm:
//! `cargo bench --target wasm32-unknown-unknown --bench mining_web`.
//!
//! It fails if the miner is not five times as fast, which is what happens when its loops are no
//! longer vectorised.

// Natively there is nothing to run.
#[cfg(target_arch = "wasm32")]
mod work;

#[cfg(target_arch = "wasm32")]
mod web {
    use super::work;
    use wasm_bindgen_test::{Criterion, Instant, console_log, wasm_bindgen_bench};

    wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

    /// How many times as fast as plain `sha2` the miner must be.
    const LEAST_RATIO: f64 = 5.0;

    /// Rounds of each kind. Few enough not to hold the browser up until the driver gives up.
    const ROUNDS: usize = 60;

    /// Rounds of each kind before the measured ones, while the browser still optimises the code.
    const WARM_UP_ROUNDS: usize = 20;

    /// Both kinds take turns, and the quickest rounds are compared: whatever else the machine does
    /// can only make a round slower.
    #[wasm_bindgen_bench]
    fn mining(_: &mut Criterion) {
        let miner = work::miner();
        let (mut digest_us, mut mine_us) = (f64::MAX, f64::MAX);
        for _ in 0..WARM_UP_ROUNDS {
            work::digest(&miner);
            work::mine(&miner);
        }
        for _ in 0..ROUNDS {
            digest_us = digest_us.min(time_us(|| work::digest(&miner)));
            mine_us = mine_us.min(time_us(|| work::mine(&miner)));
        }
        let ratio = digest_us / mine_us;
        console_log!("sha2:  {:.2} million attempts a second", work::ATTEMPTS as f64 / digest_us);
        console_log!("miner: {:.2} million attempts a second", work::ATTEMPTS as f64 / mine_us);
        console_log!("the miner is {ratio:.2} times as fast");
        assert!(ratio >= LEAST_RATIO, "it must be {LEAST_RATIO} times as fast, and is {ratio:.2}");
    }

    fn time_us<T>(round: impl Fn() -> T) -> f64 {
        let start = Instant::now();
        round();
        start.elapsed().as_secs_f64() * 1e6
    }
}

fn main() {}
