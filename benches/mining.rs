//! How fast the miner hashes natively, beside plain `sha2`: `cargo bench --bench mining`.
//!
//! Plain `sha2` uses the processor's SHA instructions where it has them, so this comparison says
//! little about a browser; `mining_web` is the one for that.

#[cfg(not(target_arch = "wasm32"))]
mod work;

#[cfg(not(target_arch = "wasm32"))]
mod native {
    use super::work;
    use criterion::{Criterion, Throughput, criterion_group};

    fn mining(criterion: &mut Criterion) {
        let miner = work::miner();
        let mut group = criterion.benchmark_group("mining");
        group.throughput(Throughput::Elements(work::ATTEMPTS));
        group.bench_function("sha2", |bencher| bencher.iter(|| work::digest(&miner)));
        group.bench_function("miner", |bencher| bencher.iter(|| work::mine(&miner)));
        group.finish();
    }

    criterion_group!(benches, mining);
}

#[cfg(not(target_arch = "wasm32"))]
criterion::criterion_main!(native::benches);

#[cfg(target_arch = "wasm32")]
fn main() {}
