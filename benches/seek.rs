//! What looking at the past costs: taking checkpoints, keeping them, and getting there.
//!
//! `cargo bench --bench seek` lets five servers run for an hour of virtual time without any load,
//! and for ten minutes and an hour with all clients paying all the time; every event is judged and
//! traced as on the page. It prints the share of the time that keeping a history takes, how many
//! bytes a checkpoint takes, how long seeks to moments all over the run take, and, beside them,
//! how long it takes to execute the run again from its beginning.

#[cfg(not(target_arch = "wasm32"))]
#[allow(unsafe_code, reason = "an allocator that counts can be written in no other way")]
mod count {
    use std::alloc::{GlobalAlloc, Layout, System};
    use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

    static HELD: AtomicUsize = AtomicUsize::new(0);

    /// The system's allocator, counting what is held.
    pub struct Counting;

    // SAFETY: everything is passed on to the system's allocator, which keeps the contract.
    unsafe impl GlobalAlloc for Counting {
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            HELD.fetch_add(layout.size(), Relaxed);
            unsafe { System.alloc(layout) }
        }

        unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
            HELD.fetch_sub(layout.size(), Relaxed);
            unsafe { System.dealloc(at, layout) }
        }
    }

    /// Bytes that are held now.
    pub fn held() -> usize {
        HELD.load(Relaxed)
    }
}

#[cfg(not(target_arch = "wasm32"))]
#[global_allocator]
static ALLOCATOR: count::Counting = count::Counting;

#[cfg(not(target_arch = "wasm32"))]
#[allow(clippy::disallowed_types, reason = "what is measured is real time")]
mod native {
    use super::count::held;
    use raftbank::bank::Operation;
    use raftbank::base::{AccountId, Span, Time};
    use raftbank::sim::history::{History, Moment};
    use raftbank::sim::{Action, Config, Disks, Simulation};
    use std::hint::black_box;
    use std::time::{Duration, Instant};

    /// Clients under load ask this often.
    const PAUSE: Span = Span::ms(50);

    /// How many moments are sought in each run.
    const MOMENTS: u64 = 100;

    fn begin() -> Simulation {
        let config = Config { difficulty: 0, opening_balance: 1_000_000_000, ..Config::default() };
        Simulation::new(config, 1, Disks::default()).expect("valid settings")
    }

    /// Every client pays the next one a coin.
    fn payments() -> impl Iterator<Item = Action> {
        let clients = Config::default().clients;
        Config::default().client_ids().map(move |client| {
            let to = AccountId::new(client.number() % clients + 1);
            let operation = Operation::Transfer { to: to.expect("an account"), amount: 1 };
            Action::Submit { client, operation, via: None }
        })
    }

    fn measure(name: &str, load: bool, span: Span) {
        let (mut executed, mut with_history) = (Duration::MAX, Duration::MAX);
        let mut history = History::new(begin());
        // The best of three, in turn: a busy machine must not count against either.
        for _ in 0..3 {
            let (start, mut plain) = (Instant::now(), begin());
            drive(&mut plain, Simulation::run_until, |it, action| drop(it.act(action)), load, span);
            executed = executed.min(start.elapsed());
            drop(black_box(plain));

            history = History::new(begin());
            let start = Instant::now();
            drive(&mut history, History::run_until, |it, action| drop(it.act(action)), load, span);
            with_history = with_history.min(start.elapsed());
        }
        let tip = history.tip().clone();
        let turns = tip.world().turn();
        let checkpoints = history.checkpoints().iter().len();

        let mut times: Vec<(Duration, u64)> = (1..=MOMENTS)
            .map(|part| {
                let to = Moment::Time(Time(tip.world().now().0 / MOMENTS * part - 1));
                let start = Instant::now();
                let mut seek = history.seek(to, None);
                while !seek.advance(&tip, 1_000) {}
                let there = black_box(seek.into_simulation());
                (start.elapsed(), there.world().turn() - history.begins_at(to))
            })
            .collect();
        times.sort_unstable();
        let ms = |time: Duration| time.as_secs_f64() * 1000.0;
        let before = held();
        drop(history);
        let bytes = (before - held()) / checkpoints;
        println!("{name}: {turns} turns, {} events", tip.trace().last_id().0);
        println!(
            "  executed in {:.0} ms, with its history in {:.0} ms ({:+.1}%)",
            ms(executed),
            ms(with_history),
            (with_history.as_secs_f64() / executed.as_secs_f64() - 1.0) * 100.0
        );
        println!(
            "  {checkpoints} checkpoints of {} kB, {:.1} MB together",
            bytes / 1000,
            (bytes * checkpoints) as f64 / 1e6
        );
        println!(
            "  seek to {MOMENTS} moments: median {:.1} ms, worst {:.1} ms for {} turns",
            ms(times[times.len() / 2].0),
            ms(times[times.len() - 1].0),
            times[times.len() - 1].1
        );
    }

    /// Lets time pass in portions, and under load every client pay before each.
    fn drive<T>(
        run: &mut T,
        run_until: impl Fn(&mut T, Time),
        act: impl Fn(&mut T, Action),
        load: bool,
        span: Span,
    ) {
        let mut now = Time::ZERO;
        while now < Time::ZERO + span {
            if load {
                payments().for_each(|payment| act(run, payment));
            }
            now += if load { PAUSE } else { Span::secs(1) };
            run_until(run, now);
        }
    }

    pub fn main() {
        // `cargo test` runs benches too, to see that they work.
        let quick = !std::env::args().any(|argument| argument == "--bench");
        if quick {
            return measure("under load, 2 s", true, Span::secs(2));
        }
        measure("idle, 1 h", false, Span::secs(3600));
        measure("under load, 10 min", true, Span::secs(600));
        measure("under load, 1 h", true, Span::secs(3600));
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    native::main();
}

#[cfg(target_arch = "wasm32")]
fn main() {}
