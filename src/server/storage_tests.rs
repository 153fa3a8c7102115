//! Every prefix of every batch of writes is a disk to recover from.

use super::*;
use crate::bank::{Ledger, Operation, Request, RequestId, Transaction};
use crate::base::{AccountId, ClientId, Membership, ServerId, Term};
use crate::chain::{Candidate, Miner};
use crate::disk::MemoryDisk;
use crate::server::Setup;
use crate::server::recovery::Kept;
use crate::server::recovery::tests::{DIFFICULTY, setup};
use proptest::prelude::*;

/// A log in memory, and the disk that follows it.
struct Follower {
    setup: Setup,
    term: Term,
    /// The block and ledger at the base, and those after it.
    log: Vec<(Block, Ledger)>,
    stored: Stored,
    disk: MemoryDisk,
}

#[derive(Clone, Debug)]
enum Step {
    /// So many new blocks, after so many are taken off the end.
    Replace { off: usize, on: usize },
    /// A snapshot of this place, counted from the base.
    Compact { up: usize },
    /// A leader's snapshot, so many blocks above a place of this log.
    Install { from: usize, up: usize },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0..3usize, 1..4usize).prop_map(|(off, on)| Step::Replace { off, on }),
        1 => (1..6usize).prop_map(|up| Step::Compact { up }),
        1 => (0..6usize, 1..6usize).prop_map(|(from, up)| Step::Install { from, up }),
    ]
}

impl Follower {
    fn new() -> Self {
        let setup = setup();
        let log = vec![(setup.genesis.clone(), setup.opening.clone())];
        let (stored, disk) = (Stored::default(), MemoryDisk::new());
        Self { setup, term: Term(1), log, stored, disk }
    }

    /// The next block after a place, of the current term.
    fn next(&self, (parent, ledger): &(Block, Ledger)) -> (Block, Ledger) {
        let seq = parent.height().0 + 1;
        let id = RequestId { client: ClientId::new(1).unwrap(), seq };
        let operation = Operation::Transfer { to: AccountId::new(2).unwrap(), amount: 5 };
        let request = Request { id, lowest_unanswered: seq, operation };
        let transaction = Transaction::from_request(&request);
        let candidate = Candidate::build(parent, self.term, DIFFICULTY, ledger, transaction);
        let after = candidate.ledger_after().clone();
        let mut miner = Miner::new(candidate);
        let found = miner.attempt(1 << 20).expect("4 bits are found soon");
        (miner.into_block(found.nonce), after)
    }

    fn base(&self) -> Index {
        self.log[0].0.height()
    }

    fn checkpoint(&self, (block, ledger): &(Block, Ledger)) -> Checkpoint {
        let membership = Membership::of(ServerId::first(3));
        Checkpoint { block: block.clone(), ledger: ledger.clone(), membership }
    }

    fn take(&mut self, step: &Step) {
        self.term = self.term.next();
        let hard_state = Some(HardState { term: self.term, vote: ServerId::new(1) });
        match *step {
            Step::Replace { off, on } => {
                let keep = self.log.len().saturating_sub(off).max(1);
                let truncated = keep < self.log.len();
                let truncate_from = truncated.then(|| Index(self.base().0 + keep as u64));
                self.log.truncate(keep);
                for _ in 0..on {
                    let tip = self.log.last().expect("a log has a base").clone();
                    self.log.push(self.next(&tip));
                }
                let new = self.log[keep..].iter().map(|(block, _)| (block.height(), block.clone()));
                let append: Vec<_> = new.collect();
                let append = append.as_slice();
                self.write(Changes { hard_state, truncate_from, snapshot: None, append });
            }
            Step::Compact { up } if up < self.log.len() => {
                let checkpoint = self.checkpoint(&self.log[up]);
                self.log.drain(..up);
                let snapshot = Some(&checkpoint);
                self.write(Changes { hard_state, snapshot, ..Changes::default() });
            }
            Step::Compact { .. } => {}
            Step::Install { from, up } => {
                let mut last = self.log[from.min(self.log.len() - 1)].clone();
                for _ in 0..up {
                    last = self.next(&last);
                }
                let height = last.0.height();
                let truncate_from = (height <= self.stored.last).then_some(height);
                let checkpoint = self.checkpoint(&last);
                self.log = vec![last];
                let snapshot = Some(&checkpoint);
                self.write(Changes { hard_state, truncate_from, snapshot, append: &[] });
            }
        }
    }

    /// Writes, one key at a time, and recovers after each.
    fn write(&mut self, changes: Changes) {
        let writes = super::writes(&changes, Rules::ALL_ON, &mut self.stored);
        for write in writes {
            self.disk.stage(write);
            self.disk.sync().expect("there is room");
            let kept = Kept::read(&self.setup, &self.disk).expect("each prefix can be recovered");
            assert!(kept.blocks.len() <= 64, "what is void is not read");
        }
        let kept = Kept::read(&self.setup, &self.disk).expect("the whole can be recovered");
        assert_eq!(kept.void, [], "what is void has been removed");
        let held: Vec<&Block> = self.log[1..].iter().map(|(block, _)| block).collect();
        assert_eq!(kept.blocks.iter().collect::<Vec<_>>(), held);
        let base = kept.checkpoint.map_or(Index::ZERO, |checkpoint| checkpoint.height());
        assert_eq!(base, self.base());
        let last = self.log.last().expect("a log has a base").0.height();
        assert_eq!(self.stored, Stored { base, last });
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_prefix_of_the_writes_can_be_recovered(steps in prop::collection::vec(step(), 1..12)) {
        let mut follower = Follower::new();
        steps.iter().for_each(|step| follower.take(step));
    }
}
