//! What the clients' history shows of short runs.

use super::explore_testing::{Bank, act, bank, go_to, pass, played};
use super::{Watch, operations};
use crate::trace::EventId;
use crate::ui::view::lanes::{self, Horizon};
use crate::ui::view::operations::{Guilt, OPERATIONS_MAX, Operations};
use expect_test::{Expect, expect};

fn all(bank: &Bank) -> Watch {
    let mut watch = Watch::default();
    watch.explore.lanes = watch.explore.lanes.asked(lanes::Ask::Fit, &Horizon::of(bank));
    watch
}

fn told(model: &Operations) -> String {
    let (count, says) = (model.operations.len(), &model.verdict.says);
    let mut text = format!("{count} operations, {}\n{says}\n", model.window.words());
    for lane in &model.lanes {
        text += &format!("{} has {} rows from {}\n", lane.name, lane.rows, lane.top);
    }
    for one in &model.operations {
        let guilt = match one.guilt {
            Guilt::None => "",
            Guilt::Wrong => " WRONG",
            Guilt::Witness => " witness",
        };
        text += &format!("row {}{guilt}: {}\n", one.row, one.name);
    }
    for (fault, row) in &model.faults {
        let (from, to) = (fault.from.0 / 1000, fault.to.0 / 1000);
        text += &format!("fault row {row}: {} {from}-{to}\n", fault.words);
    }
    text
}

fn check(model: &Operations, expected: Expect) {
    expected.assert_eq(&told(model));
}

#[test]
fn transfers_balances_and_what_overlaps() {
    let mut bank = bank();
    pass(&mut bank, 1500);
    act(&mut bank, "Alice: transfer Bob 30");
    act(&mut bank, "Bob: balance");
    pass(&mut bank, 20);
    act(&mut bank, "Alice: transfer Bob 90");
    pass(&mut bank, 300);
    act(&mut bank, "Bob: balance");
    pass(&mut bank, 30);
    check(
        &operations::of(&bank, &all(&bank)),
        expect![[r#"
            4 operations, 0.000 s to 1.927 s
            Linearizable so far: all 8 judgements hold.
            Alice has 2 rows from 0
            Bob has 1 rows from 2
            row 0: Alice #1: pay Bob 30 → applied, asked at 1.500 s, took effect at 1.611 s, answered at 1.631 s: committed at height 2
            row 1: Alice #2: pay Bob 90 → refused, asked at 1.520 s, took effect at 1.635 s, answered at 1.647 s: refused at height 3: insufficient funds (the balance was 70)
            row 2: Bob #1: balance → 100, asked at 1.500 s, took effect at 1.554 s, answered at 1.608 s: balance 100 at height 1, 130 pending
            row 2: Bob #2: balance → no answer yet, asked at 1.820 s
            fault row 0: S2 leads term 1 410-410
        "#]],
    );
}

#[test]
fn each_operation_takes_effect_within_its_bar() {
    let mut bank = bank();
    act(&mut bank, "network delay=5ms-40ms loss=10% duplication=5%");
    for round in 0..60 {
        act(&mut bank, if round % 3 == 0 { "Bob: balance" } else { "Alice: transfer Bob 1" });
        act(&mut bank, if round % 2 == 0 { "Alice: balance" } else { "Bob: transfer Alice 2" });
        pass(&mut bank, 130);
    }
    pass(&mut bank, 4000);
    let model = operations::of(&bank, &all(&bank));
    assert!(model.verdict.violation.is_none());
    assert!(model.operations.len() > 90, "{}", model.operations.len());
    let mut effective = 0;
    for one in &model.operations {
        if let Some(point) = one.point {
            effective += 1;
            assert!(one.from <= point && point <= one.to, "{}", one.name);
        }
    }
    assert!(effective + 5 > model.operations.len(), "{effective} of {}", model.operations.len());
    assert!(model.faults.iter().any(|(fault, _)| fault.words == "loss 10%, duplication 5%"));
}

#[test]
fn a_stale_read_is_shown_with_what_makes_it_one() {
    let text = include_str!("../../../scenario/library/read_confirmation.txt");
    let mut bank = played(text);
    let hint = super::headline::hint(bank.shown());
    assert!(hint.contains("how it came to that"), "nothing else matters more: {hint}");
    let mut watch = all(&bank);
    let model = operations::of(&bank, &watch);
    check(
        &model,
        expect![[r#"
            2 operations, 0.000 s to 1.000 s
            VIOLATED at 0.750 s
            Alice has 1 rows from 0
            Bob has 1 rows from 1
            row 0 witness: Alice #1: pay Bob 4 → applied, asked at 0.617 s, took effect at 0.693 s, answered at 0.720 s: committed at height 3
            row 1 WRONG: Bob #1: balance → 0, asked at 0.720 s, answered at 0.750 s: balance 0 at height 1, 0 pending
            fault row 0: S1 leads term 1 87-87
            fault row 0: S1 isolated 211-750
            fault row 1: S2 leads term 2 617-617
        "#]],
    );
    let violation = model.verdict.violation.expect("a promise is broken");
    // The jump leads to the answer that cannot be, and shows its operation.
    go_to(&mut bank, EventId(violation.event));
    let hint = super::headline::hint(bank.shown());
    assert!(hint.contains("Step back"), "there it cannot be said to go there: {hint}");
    watch.explore.lanes = lanes::View::default();
    watch.explore.operations.selected = violation.id;
    let there = operations::of(&bank, &watch);
    let wrong = there.operations.iter().find(|one| one.guilt == Guilt::Wrong).expect("it is shown");
    assert_eq!((Some(wrong.id), wrong.event), (violation.id, violation.event));
    assert_eq!(wrong.point, None, "there is no moment at which it could have been true");
    assert!((0.0..=1.0).contains(&wrong.to), "it ends in view");
    assert_eq!(there.details.expect("it is selected").id, wrong.id);
}

#[test]
fn the_same_deeds_with_the_rule_on_break_nothing() {
    let text = include_str!("../../../scenario/library/read_confirmation.txt");
    let honest: String = text
        .replace("off=read-confirmation ", "")
        .lines()
        .filter(|line| !line.starts_with("expect") && !line.starts_with("predict"))
        .filter(|line| !line.starts_with("answer"))
        .map(|line| line.replace("run until Bob answered", "run 2s") + "\n")
        .collect();
    let bank = played(&honest);
    let model = operations::of(&bank, &all(&bank));
    assert!(model.verdict.violation.is_none(), "{}", model.verdict.says);
    assert!(model.operations.iter().all(|one| one.guilt == Guilt::None));
}

#[test]
fn a_double_payment_is_shown_at_its_operation() {
    let text = include_str!("../../../scenario/library/exactly_once.txt");
    let bank = played(text);
    let model = operations::of(&bank, &all(&bank));
    let violation = model.verdict.violation.clone().expect("a promise is broken");
    let wrong = model.operations.iter().find(|one| one.guilt == Guilt::Wrong).expect("it is shown");
    assert_eq!(Some(wrong.id), violation.id, "{}", violation.what);
}

#[test]
fn faults_lie_on_the_same_axis() {
    let mut bank = bank();
    pass(&mut bank, 1500);
    for action in ["crash S1", "pause S2", "cut S1 -> S2"] {
        act(&mut bank, action);
        pass(&mut bank, 100);
    }
    for action in
        ["restart S1", "resume S2", "mend S1 -> S2", "isolate S3", "network delay=5ms-9ms loss=20%"]
    {
        act(&mut bank, action);
        pass(&mut bank, 100);
    }
    act(&mut bank, "heal");
    act(&mut bank, "network delay=5ms-9ms");
    pass(&mut bank, 300);
    let model = operations::of(&bank, &all(&bank));
    let words: Vec<String> = model
        .faults
        .iter()
        .map(|(fault, row)| {
            let (from, to) = (fault.from.0 / 1000, fault.to.0 / 1000);
            format!("{row} {} {from}-{to}\n", fault.words)
        })
        .collect();
    expect![[r#"
        0 S2 leads term 1 410-410
        0 S1 down 1500-1800
        1 S2 stands still 1600-1900
        2 S1 → S2 cut 1700-2000
        0 S3 isolated 2100-2300
        1 loss 20% 2200-2300
    "#]]
    .assert_eq(&words.concat());
}

#[test]
fn there_are_never_more_than_can_be_read() {
    let mut bank = bank();
    pass(&mut bank, 1000);
    for _ in 0..400 {
        act(&mut bank, "Alice: balance");
        act(&mut bank, "Bob: balance");
        pass(&mut bank, 90);
    }
    let model = operations::of(&bank, &all(&bank));
    let shown = model.operations.len();
    assert!((OPERATIONS_MAX - 4..=OPERATIONS_MAX).contains(&shown), "{shown}");
    assert!(model.left_out > 0);
    let first = model.step(None, true).expect("there are some");
    let next = model.step(Some(first.id), true).expect("there are more");
    assert!(next.from >= first.from);
    assert_ne!(model.neighbour(Some(first.id), true).map(|one| one.row), Some(first.row));
}

#[test]
fn links_that_are_cut_together_are_one_fault() {
    let mut bank = bank();
    pass(&mut bank, 600);
    for link in ["S1 -> S3", "S2 -> S3"] {
        act(&mut bank, &format!("cut {link}"));
    }
    pass(&mut bank, 100);
    act(&mut bank, "cut S1 -> S2");
    pass(&mut bank, 100);
    let words = |bank: &Bank| -> Vec<String> {
        let faults = operations::of(bank, &all(bank)).faults;
        faults.into_iter().map(|(fault, _)| fault.words).filter(|it| it.contains("cut")).collect()
    };
    assert_eq!(words(&bank), ["2 links to S3 cut", "S1 → S2 cut"]);
    // Once one is mended before the other, they are two.
    act(&mut bank, "mend S2 -> S3");
    pass(&mut bank, 100);
    assert_eq!(words(&bank), ["S1 → S3 cut", "S2 → S3 cut", "S1 → S2 cut"]);
}
