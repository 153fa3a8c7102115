//! For each promise, stories in which it is broken, and their honest twins; and where a judgement
//! turns, the last case that is allowed beside the first that is not.

mod answers;
mod chain;
mod consensus;
mod disks;
mod earlier_run;
mod money;
mod progress;
mod snapshots;

use super::Property::*;
use super::testing::{Story, paid, refused};
use crate::bank::{Refusal, Verdict};
use crate::base::{AccountId, Index, Term};
use crate::server::Fact;

#[test]
fn an_honest_story_is_clean_and_counts() {
    let receipts = [paid(1, 1, 2, 30), refused(1, 2, 2, 71, 70)];
    let (mut story, first) = Story::told(&receipts, [70, 130, 100]);
    story.answered(1, 1, Verdict::Committed { height: Index(1) });
    let refusal = Refusal::InsufficientFunds { balance: 70 };
    story.answered(1, 2, Verdict::Refused { height: Index(1), refusal });
    story.commits(2, 1).appends(2, &[&first]).applies(2, &first, [70, 130, 100]);
    story.crashes(2).recovers(2, 1, &[&first]).commits(2, 1).applies(2, &first, [70, 130, 100]);
    story.is_clean();
    let told = [OneVote, TrueSnapshot, NoPhantoms];
    for ruling in story.judges.verdicts().filter(|ruling| !told.contains(&ruling.property)) {
        assert!(ruling.checked > 0, "{}", ruling.property);
        assert_eq!((ruling.violations, ruling.violation), (0, None));
    }
    let committed = story.judges.committed();
    assert_eq!(committed.height(), Index(1));
    assert_eq!(committed.block(Index(1)), Some(&first));
    assert_eq!(committed.block(Index(0)), Some(&story.genesis));
    assert_eq!(committed.block(Index(2)), None);
    assert_eq!(committed.balances()[0].1, 70);
    assert_eq!(committed.balances_at(Index(0)).unwrap()[0].1, 100);
    assert_eq!(committed.balance_at(AccountId::new(2).unwrap(), Index(1)), Some(130));
}

#[test]
fn the_first_violation_is_kept_and_the_rest_counted() {
    let mut story = Story::new();
    story.leads(1, 1).leads(2, 1).leads(3, 1);
    story.breaks(&[ElectionSafety]);
    let ruling = story.judges.verdicts().next().expect("the first property");
    assert_eq!((ruling.checked, ruling.violations), (3, 2));
    assert_eq!(ruling.violation.map(|violation| violation.event.0), Some(10));
    assert!(!story.judges.is_clean());
    story.fact(1, Fact::EnteredTerm(Term(9)));
    let shown = story.judges.violations().next().expect("it stays").to_string();
    assert!(shown.starts_with("Election Safety, at 10.000ms (event 10): S2 was"), "{shown}");
}
