//! A whole run, in which a rule that is off is found out, becomes a short one.

use super::*;
use crate::base::{Rule, Rules};
use crate::sim::swarm::{Options, run_with};

/// Executions that do not take long in a test.
const FEW: u32 = 400;

/// The first seed that finds a rule out.
fn failure(rule: Rule) -> Failure {
    let options = Options { rules: Rules::ALL_ON.without(rule), digest: false, sought: None };
    let found = (0..200).find_map(|seed| run_with(seed, &options).err());
    found.expect("one of the first seeds finds it")
}

#[test]
fn a_shrunk_run_breaks_the_same_promise_and_replays() {
    let failure = failure(Rule::ExactlyOnce);
    let shrunk = shrink(&failure, FEW);
    assert!(shrunk.executions <= FEW);
    assert_eq!(shrunk.wrong.kind, failure.wrong.kind);
    assert!(shrunk.run.actions.len() * 2 < failure.run.actions.len());

    let again = shrink(&failure, FEW);
    assert_eq!(again.run, shrunk.run, "shrinking draws nothing");

    let mut replay = shrunk.run.clone().replay().expect("it can begin");
    while !replay.advance(u64::MAX).expect("it is exact") {}
    let Kind::Broken(property) = failure.wrong.kind else { panic!("a judge objects") };
    let simulation = replay.into_simulation();
    assert!(simulation.judges().violations().any(|violation| violation.property == property));
}

/// The engine keeps its assertions, so one is broken here in its stead.
#[test]
fn a_broken_assertion_is_what_is_wrong() {
    let wrong = guarded(|| panic!("{} must not be", "this")).unwrap_err();
    assert_eq!(wrong, Wrong { kind: Kind::Assertion, why: "this must not be".to_owned() });
    assert_eq!(guarded(|| Ok(())), Ok(()));
}

/// What no candidate shows again is given back as it was.
#[test]
fn a_run_that_fails_no_more_is_left_as_it_is() {
    let mut failure = failure(Rule::ExactlyOnce);
    failure.wrong = guarded(|| panic!("once only")).unwrap_err();
    let shrunk = shrink(&failure, FEW);
    assert_eq!((shrunk.run, shrunk.executions), (*failure.run, 1));
    assert_eq!(shrunk.wrong.kind, Kind::Assertion);
}
