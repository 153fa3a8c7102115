//! Real runs, altered afterwards: the judges notice just what was altered.

use super::run::{Recorded, random};
use raftbank::bank::{Outcome, Refusal};
use raftbank::base::{Hash, Index};
use raftbank::chain::{Block, Body, Header};
use raftbank::check::Judges;
use raftbank::check::Property::{self, *};
use raftbank::server::Fact;
use raftbank::trace::{Event, Kept, What};
use std::collections::BTreeMap;

fn honest() -> (Recorded, Judges) {
    let recorded = random(11, 5, 200);
    let judges = recorded.judged();
    assert!(judges.is_clean(), "before it is altered, the run is honest");
    (recorded, judges)
}

/// The properties that a run violates. Nobody does the work anew for what is altered.
fn violated(recorded: &Recorded, events: &[Event]) -> Vec<Property> {
    let mut judges = recorded.judges_of(0);
    events.iter().for_each(|event| judges.observe(event));
    judges.violations().map(|violation| violation.property).collect()
}

/// The same run, had the servers made other blocks: `alter` changes the bodies that it wants to
/// change, and all headers follow.
fn with_other_bodies(recorded: &Recorded, alter: impl Fn(&Block) -> Body) -> Vec<Event> {
    let mut made: BTreeMap<Hash, Block> = BTreeMap::new();
    let mut make = |block: &Block| {
        if let Some(other) = made.get(&block.hash()) {
            return other.clone();
        }
        let body = alter(block);
        let parent = block.header().parent;
        let parent = made.get(&parent).map_or(parent, Block::hash);
        let header = Header { parent, body_root: body.root(), difficulty: 0, ..*block.header() };
        let other = Block::seal(header, body);
        made.insert(block.hash(), other.clone());
        other
    };
    let mut events: Vec<_> = recorded.events().cloned().collect();
    for event in &mut events {
        match &mut event.what {
            What::Server(_, Fact::Appended(block) | Fact::Applied { block, .. }) => {
                *block = make(block);
            }
            What::Server(_, Fact::Recovered { blocks, .. }) => {
                *blocks = blocks.iter().map(&mut make).collect();
            }
            _ => {}
        }
    }
    for event in &mut events {
        let (What::Persisted(_, kept) | What::Crashed { kept, .. }) = &mut event.what else {
            continue;
        };
        let other = |kept: &Kept| match *kept {
            Kept::Block { height, term, hash } => {
                Kept::Block { height, term, hash: made.get(&hash).map_or(hash, Block::hash) }
            }
            other => other,
        };
        *kept = kept.iter().map(other).collect();
    }
    events
}

/// The lowest committed block with a transaction of this kind of outcome, and its position.
fn find(judges: &Judges, wanted: impl Fn(&Outcome) -> bool) -> (Block, usize) {
    let committed = judges.committed();
    let mut blocks = (1..=committed.height().0).filter_map(|at| committed.block(Index(at)));
    blocks
        .find_map(|block| {
            let position = block.body().outcomes.iter().position(&wanted)?;
            Some((block.clone(), position))
        })
        .expect("the run has such an outcome")
}

#[test]
fn unaltered_nothing_is_wrong() {
    let (recorded, _) = honest();
    let events = with_other_bodies(&recorded, |block| block.body().clone());
    assert_eq!(violated(&recorded, &events), []);
}

#[test]
fn a_changed_outcome_is_noticed() {
    let (recorded, judges) = honest();
    let refused = Outcome::Refused(Refusal::InsufficientFunds { balance: 0 });
    let is_applied = |outcome: &Outcome| *outcome == Outcome::Applied;
    let is_refused = |outcome: &Outcome| *outcome != Outcome::Applied;
    for ((block, position), outcome) in
        [(find(&judges, is_applied), refused), (find(&judges, is_refused), Outcome::Applied)]
    {
        let events = with_other_bodies(&recorded, |it| {
            let mut body = it.body().clone();
            if *it == block {
                body.outcomes[position] = outcome;
            }
            body
        });
        let expected = [NoOverdraft, AcknowledgedStays, NoPhantoms];
        assert_eq!(violated(&recorded, &events), expected, "{block}");
    }
}

#[test]
fn a_doubled_transaction_is_noticed() {
    let (recorded, judges) = honest();
    let (block, position) = find(&judges, |outcome| *outcome == Outcome::Applied);
    let transaction = block.body().transactions[position];
    let later = judges.committed().height();
    let later = judges.committed().block(later).expect("the last block").clone();
    assert_ne!(block, later);
    let events = with_other_bodies(&recorded, |it| {
        let mut body = it.body().clone();
        if *it == later {
            body.transactions.push(transaction);
            body.outcomes.push(Outcome::Applied);
        }
        body
    });
    assert_eq!(violated(&recorded, &events), [ExactlyOnce, Linearizability]);
}

#[test]
fn a_lost_transaction_is_noticed() {
    let (recorded, judges) = honest();
    let (block, position) = find(&judges, |outcome| *outcome != Outcome::Applied);
    let events = with_other_bodies(&recorded, |it| {
        let mut body = it.body().clone();
        if *it == block {
            body.transactions.remove(position);
            body.outcomes.remove(position);
        }
        body
    });
    let expected = [ValidChain, ExactlyOnce, AcknowledgedStays, Linearizability, NoPhantoms];
    assert_eq!(violated(&recorded, &events), expected);
}

#[test]
fn a_body_changed_behind_its_header_is_noticed() {
    let (recorded, judges) = honest();
    let (target, _) = find(&judges, |outcome| *outcome == Outcome::Applied);
    let mut body = target.body().clone();
    body.state_root = Hash::ZERO;
    let mut events: Vec<_> = recorded.events().cloned().collect();
    let appended = events.iter_mut().find_map(|event| match &mut event.what {
        What::Server(_, Fact::Appended(block)) if *block == target => Some(block),
        _ => None,
    });
    *appended.expect("the block was appended") = Block::seal(*target.header(), body);
    let violated = violated(&recorded, &events);
    assert!(violated.contains(&ValidChain), "{violated:?}");
    assert!(!violated.contains(&NoOverdraft), "{violated:?}");
}

#[test]
fn swapped_blocks_and_made_up_money_are_noticed() {
    let (recorded, _) = honest();
    let events: Vec<_> = recorded.events().cloned().collect();
    let is_applied = |event: &&Event| matches!(event.what, What::Server(_, Fact::Applied { .. }));
    let first = events.iter().find(is_applied).expect("something is applied");
    let server = first.what.server();
    let own = |event: &&Event| is_applied(event) && event.what.server() == server;
    let applied: Vec<usize> =
        events.iter().filter(own).take(2).map(|event| event.id.0 as usize - 1).collect();

    let mut swapped = events.clone();
    let [one, other] = [events[applied[0]].what.clone(), events[applied[1]].what.clone()];
    (swapped[applied[0]].what, swapped[applied[1]].what) = (other, one);
    assert!(violated(&recorded, &swapped).contains(&StateMachineSafety));

    let mut richer = events;
    let What::Server(_, Fact::Applied { balances, .. }) = &mut richer[applied[1]].what else {
        unreachable!("the event was chosen for this fact");
    };
    *balances = balances.iter().map(|(account, balance)| (*account, balance + 1)).collect();
    assert_eq!(violated(&recorded, &richer), [Conservation, ReplicaAgreement]);
}
