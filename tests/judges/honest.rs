//! Runs with faults, but without fault.

use super::run::random;
use raftbank::check::Property;

#[test]
fn random_runs_with_faults_keep_every_promise() {
    for seed in 0..24 {
        let servers = [3, 5, 1, 4, 7, 2][seed as usize % 6];
        let judges = random(seed, servers, 250).judged();
        let violations: Vec<_> = judges.violations().map(ToString::to_string).collect();
        assert_eq!(violations, Vec::<String>::new(), "seed {seed}, {servers} servers");
        for ruling in judges.verdicts() {
            let property = ruling.property;
            // So short a run may come without a snapshot, and a server alone without a vote told.
            if property == Property::TrueSnapshot || property == Property::OneVote {
                continue;
            }
            assert!(ruling.checked > 0, "seed {seed}: {property} was never put to the test");
        }
        assert!(judges.committed().height().0 > 5, "seed {seed}: the chain grew");
    }
}

/// The judges see one event after the other; in what portions these come, and who asks for
/// verdicts or makes copies in between, is nothing to them.
#[test]
fn it_does_not_matter_how_events_are_batched() {
    let recorded = random(7, 5, 200);
    let whole = recorded.judged();

    let mut asked = recorded.judges();
    for batch in &recorded.batches {
        batch.iter().for_each(|event| asked.observe(event));
        assert_eq!(asked.verdicts().count(), Property::ALL.len());
        asked = asked.clone();
    }
    assert_eq!(asked, whole);

    let mut uneven = recorded.judges();
    let events: Vec<_> = recorded.events().collect();
    let mut rest = &events[..];
    for size in [1, 7, 2, 64, 3].into_iter().cycle() {
        let (portion, after) = rest.split_at(size.min(rest.len()));
        portion.iter().for_each(|event| uneven.observe(event));
        rest = after;
        let before = uneven.clone();
        assert_eq!(before.is_clean(), uneven.is_clean());
        if rest.is_empty() {
            break;
        }
    }
    assert_eq!(uneven, whole);
    assert_ne!(recorded.judges(), whole, "the equality is not empty");
}
