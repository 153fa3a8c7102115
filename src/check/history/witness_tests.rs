//! Small histories, each with the objection that it meets.

use super::super::Returned;
use super::Objection::*;
use super::*;
use crate::base::ClientId;

fn id(client: u8, seq: u64) -> RequestId {
    RequestId { client: ClientId::new(client).expect("a client"), seq }
}

fn account(number: u8) -> AccountId {
    AccountId::new(number).expect("an account")
}

/// A bank where Alice and Bob open with 10 each.
#[derive(Clone, Default)]
struct Told(History);

impl Told {
    fn new() -> Self {
        let opening = [(account(1), 10), (account(2), 10)].into();
        Self(History { opening, ..History::default() })
    }

    fn asks(
        mut self,
        id: RequestId,
        asked: bank::Operation,
        from: u64,
        returned: Option<(u64, Answer)>,
    ) -> Self {
        let returned = returned.map(|(at, answer)| Returned { at: EventId(at), answer });
        self.0.operations.push(Operation { id, asked, invoked: EventId(from), returned });
        self
    }

    /// Alice (1) or Bob (2) pays the other one; answered as applied at `until`.
    fn pays(self, by: u8, seq: u64, amount: u64, from: u64, until: u64) -> Self {
        self.answered(by, seq, amount, (from, until), Outcome::Applied)
    }

    fn answered(self, by: u8, seq: u64, amount: u64, over: (u64, u64), outcome: Outcome) -> Self {
        let asked = bank::Operation::Transfer { to: account(3 - by), amount };
        self.asks(id(by, seq), asked, over.0, Some((over.1, Answer::Transfer(outcome))))
    }

    fn pays_unanswered(self, by: u8, seq: u64, amount: u64, from: u64) -> Self {
        let asked = bank::Operation::Transfer { to: account(3 - by), amount };
        self.asks(id(by, seq), asked, from, None)
    }

    fn reads(self, by: u8, seq: u64, balance: u64, from: u64, until: u64) -> Self {
        let answer = Some((until, Answer::Balance(balance)));
        self.asks(id(by, seq), bank::Operation::Balance, from, answer)
    }

    fn commits(mut self, by: u8, seq: u64, amount: u64) -> Self {
        self.0.writes.push(Write { id: id(by, seq), to: account(3 - by), amount });
        self
    }

    fn positions(&self) -> Vec<Option<u64>> {
        self.0.check().expect("the history is linearizable").positions
    }

    fn objection(&self) -> Objection {
        self.0.check().expect_err("the history is not linearizable")
    }
}

#[test]
fn reads_take_the_first_place_that_fits() {
    let told = Told::new()
        .pays(1, 1, 4, 1, 4)
        .reads(1, 2, 6, 2, 3)
        .reads(2, 1, 14, 5, 6)
        .reads(2, 2, 10, 7, 8)
        .pays_unanswered(2, 3, 4, 1)
        .pays_unanswered(2, 4, 4, 1)
        .commits(1, 1, 4)
        .commits(2, 3, 4);
    assert_eq!(told.positions(), [Some(1), Some(1), Some(1), Some(2), Some(2), None]);
    assert_eq!(Told::new().positions(), []);
}

#[test]
fn a_refusal_is_a_write_that_changes_nothing() {
    let refused = Outcome::Refused(Refusal::InsufficientFunds { balance: 10 });
    let told = Told::new().answered(1, 1, 11, (1, 2), refused).reads(1, 2, 10, 3, 4);
    assert_eq!(told.clone().commits(1, 1, 11).positions(), [Some(1), Some(1)]);
    assert_eq!(told.objection(), NoPlace(id(1, 1)));
}

#[test]
fn a_stale_balance_is_met_with_an_objection() {
    let told = Told::new().pays(1, 1, 4, 1, 2).commits(1, 1, 4);
    let stale = told.clone().reads(2, 1, 10, 3, 4);
    assert_eq!(stale.objection(), NoSuchBalance { id: id(2, 1), balance: 10, floor: 1 });
    assert_eq!(told.clone().reads(2, 1, 10, 1, 4).positions()[1], Some(0));
    let invented = told.reads(2, 1, 13, 1, 4);
    assert_eq!(invented.objection(), NoSuchBalance { id: id(2, 1), balance: 13, floor: 0 });
}

#[test]
fn a_read_does_not_see_what_was_asked_after_it() {
    let told = Told::new().reads(2, 1, 14, 1, 2).pays(1, 1, 4, 3, 4).commits(1, 1, 4);
    assert_eq!(told.objection(), TooEarly { id: id(1, 1), position: 1, floor: 1 });
}

#[test]
fn two_reads_do_not_see_time_go_back() {
    let told = Told::new().pays_unanswered(1, 1, 4, 1).commits(1, 1, 4);
    let forth = told.clone().reads(2, 1, 10, 2, 3).reads(2, 2, 14, 4, 5);
    assert_eq!(forth.positions(), [Some(1), Some(0), Some(1)]);
    let back = told.reads(2, 1, 14, 2, 3).reads(2, 2, 10, 4, 5);
    assert_eq!(back.objection(), NoSuchBalance { id: id(2, 2), balance: 10, floor: 1 });
}

#[test]
fn the_commit_order_must_respect_time() {
    let told = Told::new().pays(1, 1, 1, 1, 2).pays(2, 1, 1, 3, 4);
    let backwards = told.clone().commits(2, 1, 1).commits(1, 1, 1);
    assert_eq!(backwards.objection(), TooEarly { id: id(2, 1), position: 1, floor: 2 });
    assert_eq!(told.commits(1, 1, 1).commits(2, 1, 1).positions(), [Some(1), Some(2)]);
}

#[test]
fn the_chain_holds_what_was_asked_and_once() {
    let told = Told::new().pays(1, 1, 4, 1, 2);
    let never = NeverAsked { id: id(1, 2), position: 2 };
    assert_eq!(told.clone().commits(1, 1, 4).commits(1, 2, 1).objection(), never);
    let otherwise = NeverAsked { id: id(1, 1), position: 1 };
    assert_eq!(told.clone().commits(1, 1, 5).objection(), otherwise);
    let twice = Twice { id: id(1, 1), first: 1, second: 2 };
    assert_eq!(told.clone().commits(1, 1, 4).commits(1, 1, 4).objection(), twice);
    assert_eq!(told.objection(), NoPlace(id(1, 1)));
}

#[test]
fn an_outcome_is_what_the_place_says() {
    let told = Told::new().pays(1, 1, 11, 1, 2).commits(1, 1, 11);
    let outcome = Outcome::Refused(Refusal::InsufficientFunds { balance: 10 });
    assert_eq!(told.objection(), OtherOutcome { id: id(1, 1), position: 1, outcome });
}

#[test]
fn nonsense_is_no_history() {
    let told = Told::new().reads(1, 1, 10, 1, 2);
    assert_eq!(told.clone().reads(1, 1, 10, 3, 4).objection(), SameName(id(1, 1)));
    assert_eq!(told.clone().reads(1, 2, 10, 3, 3).objection(), Impossible(id(1, 2)));
    let answer = Some((5, Answer::Balance(10)));
    let asked = bank::Operation::Transfer { to: account(2), amount: 1 };
    assert_eq!(told.asks(id(1, 2), asked, 4, answer).objection(), Impossible(id(1, 2)));
}
