//! Random steps, some hundred at a time, under the eyes of the judge.

use crate::forgeries::{forged_step, hostile_step, without_plausible_lies};
use crate::run::{Run, Step, honest_step, shape, shape_without_a_rule};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use raftbank::base::Term;

fn settings() -> ProptestConfig {
    // A failure becomes a test with a name, here, rather than a file of seeds.
    ProptestConfig { failure_persistence: None, ..ProptestConfig::default() }
}

/// Runs in which little happens would pass the judge too. These are the same kind of runs, always
/// the same ones, and what matters happens in them often.
#[test]
fn random_runs_reach_what_matters() {
    let mut runner = TestRunner::deterministic();
    let strategy = (shape(), prop::collection::vec(honest_step(), 400));
    let mut story = Vec::new();
    for seed in 0..100 {
        let (shape, steps) = strategy.new_tree(&mut runner).expect("no filters").current();
        let mut run = Run::new(&shape, seed);
        steps.into_iter().for_each(|step| run.take(step));
        story.append(&mut run.cluster.story);
    }
    let matters: [(&[&str], usize); 16] = [
        (&["is leader"], 100),
        (&["applies"], 1000),
        (&["truncation"], 5),
        (&["append"], 800),
        (&["lacks"], 60),
        (&["would not vote so"], 100),
        (&["answers read"], 60),
        (&["aborts read"], 30),
        (&["passes read"], 30),
        (&["in a later term"], 8),
        (&["crashes"], 100),
        (&["wants it to lead"], 5),
        (&["compacts"], 50),
        (&["restores a snapshot"], 2),
        (&["applies", " and S"], 8),
        (&["applies", "learners"], 8),
    ];
    for (words, least) in matters {
        let has = |line: &&String| words.iter().all(|word| line.contains(word));
        let count = story.iter().filter(has).count();
        assert!(count >= least, "{words:?} only {count} times in {} lines", story.len());
    }
}

proptest! {
    #![proptest_config(settings())]

    /// Whatever the network, the disks and the crashes do, the five properties hold after each
    /// step; and when all is well again, the cluster works and agrees.
    #[test]
    fn safe_always_and_live_when_healed(
        shape in shape(),
        seed in any::<u64>(),
        steps in prop::collection::vec(honest_step(), 0..400),
    ) {
        let mut run = Run::new(&shape, seed);
        steps.into_iter().for_each(|step| run.take(step));
        run.recovers();
    }

    /// Forged messages that no peer need lie plausibly for change nothing about the five
    /// properties, be they malformed, from strangers, from oneself or out of their time.
    #[test]
    fn safe_among_harmless_forgeries(
        shape in shape(),
        seed in any::<u64>(),
        steps in prop::collection::vec(prop_oneof![3 => honest_step(), 1 => forged_step()], 0..400),
    ) {
        let mut run = Run::new(&shape, seed);
        for step in steps {
            let step = match step {
                Step::Inject { to, from, message } => {
                    let to_id = run.server(to);
                    let is_peer = from != to_id;
                    let term = run.cluster.raft(to_id).map_or(Term(0), |raft| raft.term());
                    let message = match is_peer {
                        true => without_plausible_lies(message, term),
                        false => Some(message),
                    };
                    let Some(message) = message else { continue };
                    Step::Inject { to, from, message }
                }
                honest => honest,
            };
            run.take(step);
        }
    }

    /// No message whatever makes a server panic, or act before its disk has what it promises.
    #[test]
    fn no_forgery_makes_a_server_panic(
        shape in shape(),
        seed in any::<u64>(),
        steps in prop::collection::vec(prop_oneof![1 => honest_step(), 1 => hostile_step()], 0..400),
    ) {
        let mut run = Run::new(&shape, seed);
        run.cluster.expect_lies();
        steps.into_iter().for_each(|step| run.take(step));
    }

    /// Without a rule, no promise holds, but no server panics.
    #[test]
    fn no_server_panics_without_a_rule(
        shape in shape_without_a_rule(),
        seed in any::<u64>(),
        steps in prop::collection::vec(honest_step(), 0..400),
    ) {
        let mut run = Run::new(&shape, seed);
        run.cluster.expect_nothing();
        steps.into_iter().for_each(|step| run.take(step));
    }
}
