//! What is said to be dropped was in some log, and is in the chain of none.

use super::super::{History, Moment};
use super::*;
use crate::sim::Run;
use crate::sim::swarm::hostile_run;

fn history_of(run: &Run) -> History {
    let mut replay = History::replay(run.clone()).expect("it can begin");
    while !replay.advance(10_000).expect("it repeats itself") {}
    replay.into_history()
}

fn facts(history: &History) -> impl Iterator<Item = &Fact> {
    history.tip().trace().iter().filter_map(|event| match &event.what {
        What::Server(_, fact) => Some(fact),
        _ => None,
    })
}

#[test]
fn what_was_dropped_was_never_committed() {
    let (mut overwritten, mut crashed) = (0, 0);
    for seed in 0..64 {
        let history = history_of(&hostile_run(seed));
        let turn = history.tip().world().turn();
        for dropped in history.dropped().up_to(turn) {
            let block = &dropped.block;
            let is = |fact: &Fact, block: &Block| match fact {
                Fact::Applied { block: applied, .. } => applied == block,
                _ => false,
            };
            assert!(!facts(&history).any(|fact| is(fact, block)), "seed {seed}: {block}");
            match dropped.why {
                Loss::Overwritten => overwritten += 1,
                Loss::Crashed => crashed += 1,
                Loss::Snapshot => {}
            }
        }
        assert!(history.dropped().up_to(turn).count() <= DROPPED_MAX);
    }
    assert!(overwritten > 5 && crashed > 0, "{overwritten} overwritten, {crashed} crashed");
}

#[test]
fn a_branch_knows_what_was_dropped_before_it_and_goes_on() {
    for seed in 0..12 {
        let history = history_of(&hostile_run(seed));
        let turn = history.tip().world().turn() / 2;
        let mut seek = history.seek(Moment::Turn(turn), None);
        while !seek.advance(history.tip(), 1_000) {}
        let branch = history.fork(seek.into_simulation());
        let before: Vec<&Dropped> = history.dropped().up_to(turn).collect();
        let kept: Vec<&Dropped> = branch.dropped().up_to(u64::MAX).collect();
        assert_eq!(before, kept, "seed {seed}");
        for tail in &branch.dropped().tails {
            let raft = branch.tip().world().server(tail.server).expect("it is up").raft();
            assert!(tail.blocks.iter().all(|block| block.height() > raft.applied()));
            assert_eq!(
                tail.blocks.back(),
                raft.log()
                    .get(raft.last_index())
                    .filter(|_| { raft.last_index() > raft.applied() })
            );
        }
    }
}
