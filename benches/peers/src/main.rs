//! How many entries a second do three servers in one thread commit, here and with raft-rs?
//!
//! Both cores run the same job: a leader takes entries in batches, messages are handed over in
//! memory until nothing more happens, every server applies every entry, and nobody's log is
//! compacted. The two take turns in one run, so that a noisy machine is noisy to both; what
//! counts is the ratio of their best rounds. raft-rs runs in each of its three ways of proposing,
//! and the best of them is compared.
//!
//! ```text
//! cargo run --release --manifest-path benches/peers/Cargo.toml [entries [rounds]]
//! ```

mod ours;
mod raft_rs;

use std::time::Instant;

/// Three servers with a leader, ready for work.
pub trait Cluster {
    /// Hands the leader `batch` entries of `size` bytes, and lets messages pass until all is
    /// quiet.
    fn commit(&mut self, batch: usize, size: usize);

    /// Lets every server learn the last commit index, and gives what each has applied: how many
    /// entries, and a checksum of them.
    fn finish(&mut self) -> Vec<(u64, u64)>;
}

/// A checksum over applied entries that depends on their order and place.
pub fn fold(sum: u64, first_byte: u8, index: u64) -> u64 {
    sum.wrapping_mul(31).wrapping_add(u64::from(first_byte) + index)
}

/// A way to make a cluster.
type Make = fn() -> Box<dyn Cluster>;

const CONTENDERS: [(&str, Make); 4] = [
    ("raftbank", || Box::new(ours::Ours::new())),
    ("raft-rs, entry by entry", || Box::new(raft_rs::RaftRs::new(raft_rs::Mode::Single))),
    ("raft-rs, appends merged", || Box::new(raft_rs::RaftRs::new(raft_rs::Mode::Merged))),
    ("raft-rs, batch proposed", || Box::new(raft_rs::RaftRs::new(raft_rs::Mode::Batch))),
];

fn main() {
    let mut arguments = std::env::args().skip(1).map(|text| text.parse().expect("a whole number"));
    let entries = arguments.next().unwrap_or(200_000_usize);
    let rounds = arguments.next().unwrap_or(5_usize);
    println!("{entries} entries, the best of {rounds} rounds, commits a second\n");
    println!("| entries of | batch | core | commits/s | raftbank to it |");
    println!("|-:|-:|-|-:|-:|");
    for size in [64, 256] {
        for batch in [1, 64] {
            compare(entries, rounds, batch, size);
        }
    }
}

/// Lets all take turns at one job, and prints the best of each.
fn compare(entries: usize, rounds: usize, batch: usize, size: usize) {
    let mut best = [0.0_f64; CONTENDERS.len()];
    for _ in 0..rounds {
        for (rate, (_, make)) in best.iter_mut().zip(CONTENDERS) {
            *rate = rate.max(measure(make, entries, batch, size));
        }
    }
    for ((name, _), rate) in CONTENDERS.iter().zip(best) {
        println!("| {size} | {batch} | {name} | {rate:.0} | {:.2} |", best[0] / rate);
    }
}

/// Commits a second in one go.
fn measure(make: Make, entries: usize, batch: usize, size: usize) -> f64 {
    let mut cluster = make();
    let began = Instant::now();
    let mut left = entries;
    while left > 0 {
        let now = batch.min(left);
        cluster.commit(now, size);
        left -= now;
    }
    let applied = cluster.finish();
    let seconds = began.elapsed().as_secs_f64();
    for (count, sum) in &applied {
        assert_eq!(*count, entries as u64, "every server applies every entry");
        assert_eq!(*sum, applied[0].1, "all servers apply the same entries");
    }
    entries as f64 / seconds
}
