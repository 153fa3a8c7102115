//! How long it takes to find out whether a long history is linearizable.
//!
//! `cargo bench --bench history` checks a true history of a million requests, of which a third are
//! balance checks; eight clients ask, each with up to eight requests under way.

#[cfg(not(target_arch = "wasm32"))]
mod native {
    use criterion::{Criterion, Throughput, criterion_group};
    use raftbank::bank::{self, Outcome, Refusal, RequestId};
    use raftbank::base::random::stream;
    use raftbank::base::{AccountId, ClientId};
    use raftbank::check::history::{Answer, History, Operation, Returned, Write};
    use raftbank::trace::EventId;
    use rand::RngExt;
    use std::hint::black_box;

    const REQUESTS: u64 = 1_000_000;
    const CLIENTS: u8 = 8;

    /// What a bank that does one thing at a time gives, with operations that overlap.
    fn history() -> History {
        let mut rng = stream(1, "a long history");
        let opening = AccountId::first(CLIENTS).map(|account| (account, 100)).collect();
        let mut history = History { opening, ..History::default() };
        let mut balances = history.opening.clone();
        for step in 0..REQUESTS {
            let client = ClientId::new(rng.random_range(1..=CLIENTS)).expect("a client");
            let (id, from) = (RequestId { client, seq: step + 1 }, client.account());
            let moment = (step + 100) * 100;
            let invoked = EventId(moment - rng.random_range(1..3200));
            let at = EventId(moment + rng.random_range(1..3200));
            let balance = balances[&from];
            let (asked, answer) = if rng.random_range(0..3) == 0 {
                (bank::Operation::Balance, Answer::Balance(balance))
            } else {
                let to = (client.number() + rng.random_range(1..CLIENTS) - 1) % CLIENTS + 1;
                let to = AccountId::new(to).expect("an account");
                let amount = rng.random_range(1..60);
                history.writes.push(Write { id, to, amount });
                let outcome = if balance < amount {
                    Outcome::Refused(Refusal::InsufficientFunds { balance })
                } else {
                    balances.insert(from, balance - amount);
                    *balances.get_mut(&to).expect("an account") += amount;
                    Outcome::Applied
                };
                (bank::Operation::Transfer { to, amount }, Answer::Transfer(outcome))
            };
            let returned = Some(Returned { at, answer });
            history.operations.push(Operation { id, asked, invoked, returned });
        }
        history
    }

    fn check(criterion: &mut Criterion) {
        let history = history();
        let mut group = criterion.benchmark_group("history");
        group.throughput(Throughput::Elements(REQUESTS)).sample_size(10);
        group.bench_function("a million requests", |bencher| {
            bencher.iter(|| black_box(&history).check().expect("the history is true"));
        });
        group.finish();
    }

    criterion_group!(benches, check);
}

#[cfg(not(target_arch = "wasm32"))]
criterion::criterion_main!(native::benches);

#[cfg(target_arch = "wasm32")]
fn main() {}
