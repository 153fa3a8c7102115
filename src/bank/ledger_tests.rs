//! What the ledger promises: nothing twice, nothing lost, nothing below zero.

use super::*;
use crate::bank::MAX_OUTSTANDING;
use std::collections::BTreeMap;

fn account(number: u8) -> AccountId {
    AccountId::new(number).expect("an account's number")
}

fn client(number: u8) -> ClientId {
    ClientId::new(number).expect("a client's number")
}

/// A bank in which Alice, Bob, … open with these balances.
fn bank_of(balances: &[u64]) -> Ledger {
    let accounts = AccountId::first(u8::MAX);
    Ledger::open(&accounts.zip(balances.iter().copied()).collect()).expect("a bank")
}

fn balances(ledger: &Ledger) -> Vec<u64> {
    ledger.balances().values().copied().collect()
}

fn transfer(from: u8, seq: u64, lowest_unanswered: u64, to: u8, amount: u64) -> Transaction {
    let id = RequestId { client: client(from), seq };
    Transaction { id, lowest_unanswered, to: account(to), amount }
}

#[test]
fn a_bank_opens_if_its_money_can_be_counted() {
    let open = |balances: &[u64]| {
        let accounts = AccountId::first(u8::MAX);
        Ledger::open(&accounts.zip(balances.iter().copied()).collect())
    };
    assert_eq!(open(&[]), Err(OpenError::NoAccount));
    assert_eq!(open(&[u64::MAX, 1]), Err(OpenError::TotalTooLarge));
    assert_eq!(open(&[u64::MAX, 0]).map(|ledger| ledger.total()), Ok(u64::MAX));
    assert_eq!(open(&[0]).map(|ledger| ledger.total()), Ok(0));
}

#[test]
fn money_moves_or_is_refused_at_its_place() {
    let mut ledger = bank_of(&[10, 0]);
    assert_eq!(ledger.execute(&transfer(1, 1, 1, 2, 7), Index(1)), Ok(Outcome::Applied));
    let refused = Outcome::Refused(Refusal::InsufficientFunds { balance: 3 });
    assert_eq!(ledger.execute(&transfer(1, 2, 1, 2, 4), Index(1)), Ok(refused));
    assert_eq!(ledger.execute(&transfer(1, 3, 1, 2, 3), Index(2)), Ok(Outcome::Applied));
    assert_eq!(balances(&ledger), [0, 10]);
    assert_eq!(ledger.total(), 10);
}

#[test]
fn all_the_money_there_can_be_moves_without_overflow() {
    let mut ledger = bank_of(&[u64::MAX, 0]);
    let all = transfer(1, 1, 1, 2, u64::MAX);
    assert_eq!(ledger.execute(&all, Index(1)), Ok(Outcome::Applied));
    assert_eq!(balances(&ledger), [0, u64::MAX]);
}

#[test]
fn a_resend_is_told_what_became_of_it_and_pays_nothing() {
    let mut ledger = bank_of(&[10, 10]);
    let payment = transfer(1, 1, 1, 2, 4);
    ledger.execute(&payment, Index(5)).expect("fresh");
    let after = ledger.clone();

    let height = Index(5);
    let recorded = Seen::Recorded { height, outcome: Outcome::Applied };
    assert_eq!(ledger.seen(payment.id), recorded);
    assert_eq!(ledger.execute(&payment, Index(6)), Err(Inadmissible::Recorded { height }));
    assert_eq!(ledger, after);
}

#[test]
fn a_refusal_is_as_final_as_a_payment() {
    let mut ledger = bank_of(&[1, 10]);
    let payment = transfer(1, 1, 1, 2, 4);
    ledger.execute(&payment, Index(1)).expect("fresh");
    ledger.execute(&transfer(2, 1, 1, 1, 10), Index(2)).expect("fresh");

    let again = ledger.execute(&payment, Index(3));
    assert_eq!(again, Err(Inadmissible::Recorded { height: Index(1) }), "though it could pay now");
    assert_eq!(balances(&ledger), [11, 0]);
}

#[test]
fn a_late_twin_of_an_acknowledged_transfer_never_pays() {
    let mut ledger = bank_of(&[10, 10]);
    let first = transfer(1, 1, 1, 2, 4);
    ledger.execute(&first, Index(1)).expect("fresh");
    ledger.execute(&transfer(1, 2, 2, 2, 1), Index(2)).expect("fresh");

    let forgotten = Err(Inadmissible::Forgotten);
    assert_eq!(ledger.execute(&first, Index(3)), forgotten);
    assert_eq!(balances(&ledger), [5, 15]);
}

#[test]
fn what_can_never_be_valid_is_told_in_the_documented_order() {
    let ledger = bank_of(&[10, 10]);
    for (transaction, reason) in [
        (transfer(3, 0, 9, 4, 0), Err(Invalid::UnknownSender)),
        (transfer(1, 0, 9, 4, 0), Err(Invalid::UnknownReceiver)),
        (transfer(1, 0, 9, 1, 0), Err(Invalid::ToOneself)),
        (transfer(1, 0, 9, 2, 0), Err(Invalid::ZeroAmount)),
        (transfer(1, 0, 9, 2, 21), Err(Invalid::AboveSupply)),
        (transfer(1, 0, 9, 2, 20), Err(Invalid::OutsideWindow)),
        (transfer(1, 0, 0, 2, 20), Err(Invalid::OutsideWindow)),
        (transfer(1, 1 + MAX_OUTSTANDING, 1, 2, 20), Err(Invalid::OutsideWindow)),
        (transfer(1, MAX_OUTSTANDING, 1, 2, 20), Ok(())),
    ] {
        assert_eq!(ledger.vet(&transaction.to_request()), reason, "{transaction:?}");
        let executed = ledger.clone().execute(&transaction, Index(1)).map(|_| ());
        assert_eq!(executed, reason.map_err(Inadmissible::Invalid), "{transaction:?}");
    }
}

#[test]
fn a_balance_check_needs_an_account_and_a_number() {
    let ledger = bank_of(&[10]);
    let ask = |number, seq| {
        let id = RequestId { client: client(number), seq };
        ledger.vet(&Request { id, lowest_unanswered: 1, operation: Operation::Balance })
    };
    assert_eq!(ask(1, 1), Ok(()));
    assert_eq!(ask(2, 1), Err(Invalid::UnknownSender));
    assert_eq!(ask(1, 65), Err(Invalid::OutsideWindow));
}

#[test]
fn the_state_root_covers_balances_and_sessions() {
    let ledger = bank_of(&[10, 10]);
    let there = transfer(1, 1, 1, 2, 5);
    let back = transfer(2, 1, 1, 1, 5);
    let mut moved_and_back = ledger.clone();
    moved_and_back.execute(&there, Index(1)).expect("fresh");
    moved_and_back.execute(&back, Index(1)).expect("fresh");

    assert_eq!(balances(&moved_and_back), balances(&ledger));
    assert_ne!(moved_and_back.state_root(), ledger.state_root(), "the sessions differ");
    assert_ne!(bank_of(&[9, 11]).state_root(), ledger.state_root());
    assert_ne!(bank_of(&[10, 10, 0]).state_root(), ledger.state_root());

    let mut at_another_height = ledger.clone();
    at_another_height.execute(&there, Index(1)).expect("fresh");
    at_another_height.execute(&back, Index(2)).expect("fresh");
    assert_ne!(at_another_height.state_root(), moved_and_back.state_root());
}

#[test]
fn the_state_root_is_the_same_on_every_machine() {
    let mut ledger = bank_of(&[100, 100, 100]);
    ledger.execute(&transfer(1, 2, 1, 2, 30), Index(1)).expect("fresh");
    ledger.execute(&transfer(3, 1, 1, 2, 300), Index(2)).expect("fresh");
    // Computed from the documented layout by another program.
    let root = ledger.state_root().to_string();
    assert_eq!(root, "e700ac6a7f67251120c75f6c5adc78aad0854b6d2f9e6b1cf85ac74690fc37ec");
}

#[test]
fn a_ledger_comes_back_from_json() {
    let mut ledger = bank_of(&[u64::MAX - 10, 10]);
    ledger.execute(&transfer(1, 2, 1, 2, 5), Index(1)).expect("fresh");
    ledger.execute(&transfer(2, 1, 1, 1, 500), Index(2)).expect("fresh");
    let text = serde_json::to_string(&ledger).expect("JSON");
    assert_eq!(serde_json::from_str::<Ledger>(&text).expect("the same"), ledger);
}

#[test]
fn an_edited_ledger_is_refused_with_a_reason() {
    let mut ledger = bank_of(&[10, 10]);
    ledger.execute(&transfer(1, 2, 1, 2, 5), Index(1)).expect("fresh");
    let text = serde_json::to_string(&ledger).expect("JSON");
    for (from, to, reason) in [
        (r#""Bob":15"#, r#""Bob":18446744073709551615"#, "all balances together"),
        (r#""Bob":15"#, r#""Bob":15,"Carol":1"#, "not those of the accounts' owners"),
        (r#""Bob":15"#, r#""Bob":-1"#, "invalid value"),
        (r#""recorded":{"2""#, r#""recorded":{"66""#, "Alice's session remembers"),
        (r#""answered_below":1"#, r#""answered_below":0"#, "Alice's session remembers"),
        (r#""balances""#, r#""owner":"Mallory","balances""#, "unknown field"),
    ] {
        assert!(text.contains(from), "{from} is in {text}");
        let error = serde_json::from_str::<Ledger>(&text.replacen(from, to, 1)).unwrap_err();
        assert!(error.to_string().contains(reason), "{error}");
    }
}

#[test]
fn errors_are_sentences() {
    let height = Index(4);
    for (error, sentence) in [
        (Inadmissible::Recorded { height }, "it was executed before, at height 4"),
        (Inadmissible::Forgotten, "its client has acknowledged that it is answered"),
        (Inadmissible::Invalid(Invalid::ToOneself), "sender and receiver are the same"),
    ] {
        assert_eq!(error.to_string(), sentence);
    }
    assert_eq!(OpenError::NoAccount.to_string(), "a bank needs at least one account");
}

#[cfg(not(target_arch = "wasm32"))]
mod properties {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    /// Transfers of an honest or a wild client: small numbers, so that they meet.
    fn any_transfer() -> impl Strategy<Value = Transaction> {
        (1..=4u8, 0..90u64, 0..90u64, 1..=4u8, 0..30u64)
            .prop_map(|(from, seq, lowest, to, amount)| transfer(from, seq, lowest, to, amount))
    }

    proptest! {
        #[test]
        fn nothing_pays_twice_and_no_coin_is_made(
            transfers in prop::collection::vec(any_transfer(), 0..200),
        ) {
            let mut ledger = bank_of(&[20, 20, 20]);
            let mut executed = BTreeSet::new();
            for (position, transfer) in transfers.iter().enumerate() {
                let before = ledger.clone();
                let seen = before.seen(transfer.id);
                match ledger.execute(transfer, Index(position as u64)) {
                    Ok(_) => {
                        prop_assert_eq!(seen, Seen::Fresh);
                        prop_assert!(executed.insert(transfer.id), "{} ran twice", transfer.id);
                    }
                    Err(_) => prop_assert_eq!(&before, &ledger),
                }
                let sum: u64 = ledger.balances().values().sum();
                prop_assert_eq!(sum, 60);
                let sessions = ClientId::first(3).filter_map(|client| ledger.session(client));
                for session in sessions {
                    prop_assert!(session.recorded().len() as u64 <= MAX_OUTSTANDING);
                }
            }
        }

        #[test]
        fn an_outcome_is_remembered_until_it_is_acknowledged(
            transfers in prop::collection::vec(any_transfer(), 0..200),
        ) {
            let mut ledger = bank_of(&[20, 20, 20, 20]);
            let mut outcomes = BTreeMap::new();
            let mut acknowledged = BTreeMap::new();
            let mut unseen = BTreeMap::new();
            for (position, transfer) in transfers.iter().enumerate() {
                let height = Index(position as u64);
                if let Ok(outcome) = ledger.execute(transfer, height) {
                    outcomes.insert(transfer.id, Seen::Recorded { height, outcome });
                    let below = acknowledged.entry(transfer.id.client).or_insert(1);
                    *below = transfer.lowest_unanswered.max(*below);
                    let first = unseen.entry(transfer.id.client).or_insert(1);
                    *first = (transfer.id.seq + 1).max(*first);
                }
            }
            for (id, recorded) in outcomes {
                let forgotten = Seen::Forgotten { lowest_accepted: unseen[&id.client] };
                let expected = if id.seq < acknowledged[&id.client] { forgotten } else { recorded };
                prop_assert_eq!(ledger.seen(id), expected);
            }
        }
    }
}

#[test]
fn without_sessions_what_comes_twice_is_paid_twice() {
    let mut ledger = bank_of(&[10, 0]).without_sessions();
    let payment = transfer(1, 1, 1, 2, 4);
    for _ in 0..2 {
        assert_eq!(ledger.execute(&payment, Index(1)), Ok(Outcome::Applied));
        assert_eq!(ledger.seen(payment.id), Seen::Fresh);
    }
    assert_eq!(balances(&ledger), [2, 8]);
    let text = serde_json::to_string(&ledger).unwrap();
    assert_eq!(serde_json::from_str::<Ledger>(&text).unwrap(), ledger);
}
