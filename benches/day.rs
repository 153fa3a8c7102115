//! What a day of virtual time takes: time and memory, hour by hour.
//!
//! `cargo bench --bench day` lets five servers run for 24 hours under load, every event judged,
//! traced, counted in the figures and kept in a history, as on the page. It prints after each hour
//! how many events there were, how long they took, and the memory that the process holds; and at
//! the end which share of that time the figures take.
//! `cargo bench --bench day -- 3 60 hostile` does so for 3 hours at 60 requests a second, with
//! chaos.

#[cfg(not(target_arch = "wasm32"))]
#[allow(clippy::disallowed_types, reason = "what is measured is real time")]
mod native {
    use raftbank::base::{Span, Time};
    use raftbank::scenario::parse_action;
    use raftbank::sim::history::History;
    use raftbank::sim::metrics::Metrics;
    use raftbank::sim::{Config, Disks, Simulation};
    use std::fs;
    use std::hint::black_box;
    use std::time::Instant;

    pub fn main() {
        let words: Vec<String> = std::env::args().skip(1).filter(|it| it != "--bench").collect();
        let word =
            |place: usize, usual: &str| words.get(place).cloned().unwrap_or(usual.to_owned());
        let hours: u64 = word(0, "24").parse().expect("hours are a whole number");
        let simulation = Simulation::new(Config::default(), 42, Disks::default());
        let mut history = History::new(simulation.expect("the usual settings are valid"));
        for action in [format!("load {}/s", word(1, "5")), format!("chaos {}", word(2, "off"))] {
            let action = parse_action(&action).unwrap_or_else(|error| panic!("{error}"));
            history.act(action).unwrap_or_else(|error| panic!("{error}"));
        }
        let began = Instant::now();
        for hour in 1..=hours {
            history.run_until(Time::ZERO + Span::secs(3600 * hour));
            let events = history.tip().trace().last_id().0;
            let (took, held) = (began.elapsed().as_secs_f64(), resident_mb());
            let speed = events as f64 / took / 1e6;
            println!(
                "after {hour:2} h: {:6.1} million events in {took:6.1} s ({speed:.2} million/s), \
                 {held} MB resident, {} checkpoints, buckets of {}",
                events as f64 / 1e6,
                history.checkpoints().iter().len(),
                history.tip().metrics().width(),
            );
        }
        let share = cost_of_figures(history.tip()) * history.tip().trace().last_id().0 as f64;
        let share = share / began.elapsed().as_secs_f64() * 100.0;
        println!("the figures take {share:.1} % of that");
        assert!(history.tip().judges().violations().next().is_none(), "all promises were kept");
    }

    /// How long it takes, in seconds, to hear one event.
    fn cost_of_figures(simulation: &Simulation) -> f64 {
        const ROUNDS: u32 = 20;
        let (began, trace) = (Instant::now(), simulation.trace());
        for _ in 0..ROUNDS {
            let mut metrics = Metrics::default();
            trace.iter().for_each(|event| metrics.hear(event, simulation.world()));
            black_box(&metrics);
        }
        began.elapsed().as_secs_f64() / f64::from(ROUNDS) / trace.iter().len() as f64
    }

    /// The memory that the process holds, where the system tells.
    fn resident_mb() -> String {
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kb = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
        kb.map_or("?".to_owned(), |kb| (kb / 1024).to_string())
    }
}

fn main() {
    #[cfg(not(target_arch = "wasm32"))]
    native::main();
}
