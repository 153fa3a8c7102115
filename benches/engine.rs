//! What an event costs, and that it does not cost more as the chain grows.
//!
//! `cargo bench --bench engine` puts two clusters of five servers under the same load, one with a
//! chain of 100 blocks and one with 10,000, every event judged and traced as on the page. The
//! difficulty is 0, so that the engine is measured and not SHA-256. The two figures should be the
//! same. A third one has the judges and the trace left out: the world alone.

#[cfg(not(target_arch = "wasm32"))]
mod native {
    use criterion::{BatchSize, Criterion, Throughput, criterion_group};
    use raftbank::bank::Operation;
    use raftbank::base::{AccountId, Span, Time};
    use raftbank::sim::{Action, Config, Disks, Simulation};
    use std::hint::black_box;

    /// Steps in one measurement.
    const STEPS: u64 = 5_000;

    /// Clients ask this often.
    const PAUSE: Span = Span::ms(20);

    fn config() -> Config {
        Config { difficulty: 0, opening_balance: 1_000_000, ..Config::default() }
    }

    /// Lets every client pay the next one a coin.
    fn ask(mut act: impl FnMut(Action), config: &Config) {
        for client in config.client_ids() {
            let to = client.number() % config.clients + 1;
            let to = AccountId::new(to).expect("there is an account for each client");
            act(Action::Submit {
                client,
                operation: Operation::Transfer { to, amount: 1 },
                via: None,
            });
        }
    }

    /// A cluster whose chain has this many blocks.
    fn with_chain(blocks: u64) -> Simulation {
        let mut simulation =
            Simulation::new(config(), 1, Disks::default()).expect("valid settings");
        let mut now = Time::ZERO;
        let height = |simulation: &Simulation| {
            let servers = simulation.world().nodes().filter_map(|(_, node)| node.server());
            servers.map(|server| server.applied().0).max().unwrap_or(0)
        };
        while height(&simulation) < blocks {
            ask(|action| drop(simulation.act(action)), &config());
            now += PAUSE;
            simulation.run_until(now);
        }
        simulation
    }

    /// Handles a number of steps under load.
    fn load(simulation: &mut Simulation) {
        let end = simulation.world().steps() + STEPS;
        let mut now = simulation.world().now();
        while simulation.world().steps() < end {
            ask(|action| drop(simulation.act(action)), &config());
            now += PAUSE;
            simulation.run_until(now);
        }
    }

    fn engine(criterion: &mut Criterion) {
        let mut group = criterion.benchmark_group("step");
        group.throughput(Throughput::Elements(STEPS)).sample_size(10);
        for blocks in [100, 10_000] {
            let simulation = with_chain(blocks);
            group.bench_function(format!("judged, chain of {blocks}"), |bencher| {
                let setup = || simulation.clone();
                let routine = |mut simulation: Simulation| {
                    load(&mut simulation);
                    black_box(simulation)
                };
                bencher.iter_batched(setup, routine, BatchSize::PerIteration);
            });
        }
        let world = with_chain(100).world().clone();
        group.bench_function("world alone, chain of 100", |bencher| {
            let routine = |mut world: raftbank::sim::World| {
                let end = world.steps() + STEPS;
                let mut now = world.now();
                while world.steps() < end {
                    ask(|action| drop(world.act(action)), &config());
                    now += PAUSE;
                    world.run_until(now);
                    world.drain_events();
                }
                black_box(world)
            };
            bencher.iter_batched(|| world.clone(), routine, BatchSize::PerIteration);
        });
        group.finish();
    }

    criterion_group!(benches, engine);
}

#[cfg(not(target_arch = "wasm32"))]
criterion::criterion_main!(native::benches);

#[cfg(target_arch = "wasm32")]
fn main() {}
