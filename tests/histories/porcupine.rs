//! The bank as a model for Porcupine, which searches through all orders (Wing and Gong; Lowe).

use porcupine_rs::{Model, Operation};
use raftbank::bank::{self, Outcome, Refusal};
use raftbank::base::AccountId;
use raftbank::check::history::{Answer, History};

/// A bank that does one thing at a time.
#[derive(Clone, Debug)]
struct Bank;

/// Something that is done.
#[derive(Clone, Debug)]
enum Step {
    /// The bank opens, before anything else.
    Open(Vec<u64>),
    /// A transfer; without an answer any outcome is right.
    Transfer { from: AccountId, to: AccountId, amount: u64, answered: Option<Outcome> },
    /// A balance check.
    Balance { of: AccountId, answered: u64 },
}

impl Model for Bank {
    type State = Vec<u64>;
    type Op = Step;
    type Metadata = ();

    fn init() -> Vec<u64> {
        Vec::new()
    }

    fn step(state: &Vec<u64>, step: &Step) -> (bool, Vec<u64>) {
        let at = |account: &AccountId| usize::from(account.number()) - 1;
        let mut after = state.clone();
        match step {
            Step::Open(balances) => (state.is_empty(), balances.clone()),
            _ if state.is_empty() => (false, after),
            Step::Balance { of, answered } => (state[at(of)] == *answered, after),
            Step::Transfer { from, to, amount, answered } => {
                let balance = state[at(from)];
                let outcome = if balance < *amount {
                    Outcome::Refused(Refusal::InsufficientFunds { balance })
                } else {
                    after[at(from)] -= amount;
                    after[at(to)] += amount;
                    Outcome::Applied
                };
                (answered.is_none_or(|answered| answered == outcome), after)
            }
        }
    }
}

/// True if there is any order at all. The writes of the history are not looked at. A transfer
/// without an answer may stand behind everything, where it is as good as never carried out; a
/// balance check without one says nothing.
pub fn accepts(history: &History) -> bool {
    let step = |op: Step, from: u64, until: Option<u64>| Operation::<Bank> {
        client_id: None,
        call_time: from as i64,
        return_time: until.map_or(i64::MAX, |until| until as i64),
        op,
        metadata: None,
    };
    let open = Step::Open(history.opening.values().copied().collect());
    let mut steps = vec![step(open, 0, Some(1))];
    for operation in &history.operations {
        let of = operation.id.client.account();
        let answer = operation.returned.map(|returned| returned.answer);
        let op = match (operation.asked, answer) {
            (bank::Operation::Balance, None) => continue,
            (bank::Operation::Balance, Some(Answer::Balance(answered))) => {
                Step::Balance { of, answered }
            }
            (bank::Operation::Transfer { to, amount }, None) => {
                Step::Transfer { from: of, to, amount, answered: None }
            }
            (bank::Operation::Transfer { to, amount }, Some(Answer::Transfer(answered))) => {
                Step::Transfer { from: of, to, amount, answered: Some(answered) }
            }
            _ => panic!("an answer to another question"),
        };
        steps.push(step(op, operation.invoked.0, operation.returned.map(|it| it.at.0)));
    }
    porcupine_rs::check_operations(&steps)
}
