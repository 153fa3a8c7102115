//! Small random histories: true ones, from a bank that does one thing at a time; and altered ones.

use raftbank::bank::{self, Outcome, Refusal, RequestId};
use raftbank::base::random::{Rng, stream};
use raftbank::base::{AccountId, ClientId};
use raftbank::check::history::{Answer, History, Operation, Returned, Write};
use raftbank::trace::EventId;
use rand::RngExt;

const CLIENTS: u8 = 3;

/// A true history, and the chance to alter it.
pub struct Made {
    pub history: History,
    rng: Rng,
}

/// Operations take effect one after the other, each at a moment of its own; each was invoked some
/// time before and returns some time after, so that they overlap.
pub fn honest(seed: u64) -> Made {
    let mut rng = stream(seed, "histories");
    let accounts = AccountId::first(CLIENTS);
    let opening = accounts.map(|account| (account, rng.random_range(0..6))).collect();
    let mut history = History { opening, ..History::default() };
    let mut balances = history.opening.clone();
    let overlap = rng.random_range(1..60u64);
    for step in 0..rng.random_range(1..12u64) {
        let client = ClientId::new(rng.random_range(1..=CLIENTS)).expect("a client");
        let id = RequestId { client, seq: step + 1 };
        // All moments are different: the last digits of an event's number tell the operation.
        let moment = (step + 10) * 1000 + step * 2;
        let invoked = EventId(moment - 100 * rng.random_range(1..=overlap).min(step * 10 + 99));
        let at = EventId(moment + 100 * rng.random_range(1..=overlap) + 1);
        let asked = draw(&mut rng, client);
        let returns = rng.random_bool(0.85);
        // Without an answer it may have had its effect or not.
        let took_effect = returns || rng.random_bool(0.5);
        let answer = took_effect.then(|| carry_out(&mut history, &mut balances, id, asked));
        let returned = answer.filter(|_| returns).map(|answer| Returned { at, answer });
        history.operations.push(Operation { id, asked, invoked, returned });
    }
    Made { history, rng }
}

fn draw(rng: &mut Rng, client: ClientId) -> bank::Operation {
    if rng.random_bool(0.4) {
        return bank::Operation::Balance;
    }
    let other = (client.number() + rng.random_range(1..CLIENTS) - 1) % CLIENTS + 1;
    let to = AccountId::new(other).expect("an account");
    bank::Operation::Transfer { to, amount: rng.random_range(1..5) }
}

fn carry_out(
    history: &mut History,
    balances: &mut raftbank::base::Map<AccountId, u64>,
    id: RequestId,
    asked: bank::Operation,
) -> Answer {
    let from = id.client.account();
    let balance = balances[&from];
    let bank::Operation::Transfer { to, amount } = asked else { return Answer::Balance(balance) };
    history.writes.push(Write { id, to, amount });
    if balance < amount {
        return Answer::Transfer(Outcome::Refused(Refusal::InsufficientFunds { balance }));
    }
    balances.insert(from, balance - amount);
    *balances.get_mut(&to).expect("the receiver has an account") += amount;
    Answer::Transfer(Outcome::Applied)
}

/// A true history in which something was changed afterwards: an answer, a moment, or the order of
/// the writes.
pub fn altered(seed: u64) -> History {
    let Made { mut history, mut rng } = honest(seed);
    let at = rng.random_range(0..history.operations.len() as u64) as usize;
    match rng.random_range(0..4) {
        0 => alter_answer(&mut history.operations[at], &mut rng),
        1 => {
            // It is now said to have happened much later, or to have returned at once.
            let operation = &mut history.operations[at];
            if let Some(returned) = &mut operation.returned {
                let later = 1000 * rng.random_range(1..8);
                (operation.invoked.0, returned.at.0) =
                    (operation.invoked.0 + later, returned.at.0 + later);
            }
        }
        2 if history.writes.len() > 1 => {
            let first = rng.random_range(0..history.writes.len() as u64 - 1) as usize;
            history.writes.swap(first, first + 1);
        }
        _ => {
            let write = rng.random_range(0..history.writes.len().max(1) as u64) as usize;
            if write < history.writes.len() {
                history.writes.remove(write);
            }
        }
    }
    history
}

fn alter_answer(operation: &mut Operation, rng: &mut Rng) {
    let Some(returned) = &mut operation.returned else { return };
    returned.answer = match returned.answer {
        Answer::Balance(_) => Answer::Balance(rng.random_range(0..8)),
        Answer::Transfer(Outcome::Applied) => {
            let refusal = Refusal::InsufficientFunds { balance: rng.random_range(0..4) };
            Answer::Transfer(Outcome::Refused(refusal))
        }
        Answer::Transfer(Outcome::Refused(_)) => Answer::Transfer(Outcome::Applied),
    };
}
