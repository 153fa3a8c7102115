//! Leader Completeness and State Machine Safety: what is committed stays, everywhere.

use super::Property::{LeaderCompleteness, StateMachineSafety};
use super::committed::Committed;
use super::docket::Docket;
use super::replica::{Log, Replica};
use crate::base::{Index, Term};
use crate::chain::Block;

/// A server was elected: its log must hold whatever was committed in earlier terms.
pub(super) fn elected(docket: &mut Docket, committed: &Committed, replica: &Replica) {
    must_hold(docket, committed, replica, committed.height_before(replica.term));
}

/// Blocks up to a height were committed, in this term: the leaders of later terms must hold them
/// already. Only those who still lead are asked, since the log of a deposed leader may change.
pub(super) fn extended<'a>(
    docket: &mut Docket,
    committed: &Committed,
    term: Term,
    replicas: impl Iterator<Item = &'a Replica>,
) {
    for leader in replicas.filter(|replica| replica.leads() && replica.term > term) {
        must_hold(docket, committed, leader, committed.height());
    }
}

fn must_hold(docket: &mut Docket, committed: &Committed, leader: &Replica, height: Index) {
    let holds = is_agreed(committed, &leader.log, height);
    docket.check(LeaderCompleteness, holds, || {
        let Replica { id, term, log, .. } = leader;
        let missing = first_difference(committed, log, height);
        let committed_in = committed.term_of(missing);
        format!(
            "{id} leads term {term} without the block of height {missing}, which was committed in \
             term {committed_in}"
        )
    });
}

/// A log, or what is committed, has changed: whoever has such a log may win an election by it
/// (paper §5.4.1), so it must hold what is committed.
///
/// What an earlier run committed says nothing here: its last block may have been committed along
/// with a later one that is not known any more.
pub(super) fn may_lead(docket: &mut Docket, committed: &Committed, replica: &Replica) {
    let height = committed.height();
    let Some(tip) = committed.block(height).filter(|_| height > committed.base()) else { return };
    let Replica { id, log, .. } = replica;
    let (own, agreed) = ((log.tip().block.term(), log.last()), (tip.term(), height));
    if own < agreed {
        return;
    }
    docket.check(LeaderCompleteness, is_agreed(committed, log, height), || {
        let missing = first_difference(committed, log, height);
        format!(
            "the log of {id} ends with height {} of term {}, which is enough to be elected by \
             those who know height {height} of term {} as committed; but it lacks the block of \
             height {missing}",
            own.1, own.0, agreed.0
        )
    });
}

/// The lowest height up to `height` at which a log has not what is committed. It is looked for
/// only to describe a violation.
fn first_difference(committed: &Committed, log: &Log, height: Index) -> Index {
    let heights = (committed.base().0.max(log.base().0)..=height.0).map(Index);
    let mut differing = heights.filter(|at| !is_agreed(committed, log, *at));
    differing.next().unwrap_or(height)
}

/// True if a log is the committed chain up to a height, as far as both are known there.
fn is_agreed(committed: &Committed, log: &Log, height: Index) -> bool {
    height < committed.base() || log.holds(height, committed.prefix(height))
}

/// A server says that its log is committed up to a height. True if that agrees with what others
/// said before, so that the blocks above may be taken as committed.
pub(super) fn claimed(
    docket: &mut Docket,
    committed: &Committed,
    replica: &Replica,
    height: Index,
) -> bool {
    let known = committed.height().min(height);
    let agrees = is_agreed(committed, &replica.log, known);
    let holds = agrees && replica.log.last() >= height && replica.committed <= height;
    docket.check(StateMachineSafety, holds, || {
        let Replica { id, log, committed: former, .. } = replica;
        if !agrees {
            let differing = first_difference(committed, log, known);
            format!(
                "{id} knows height {differing} as committed with another block than the servers \
                 before it"
            )
        } else if log.last() < height {
            format!("{id} knows height {height} as committed, but its log ends at {}", log.last())
        } else {
            format!("{id} knew height {former} as committed, and now only {height}")
        }
    });
    agrees
}

/// A server removes its log from a height on: it must not be known there as committed.
pub(super) fn truncated(docket: &mut Docket, replica: &Replica, from: Index) {
    let Replica { id, committed, .. } = replica;
    docket.check(StateMachineSafety, from > *committed, || {
        format!(
            "{id} dropped its blocks from height {from} on, after it knew height {committed} as \
             committed"
        )
    });
}

/// A server has applied a block: the next one of its own log, and the one that all others apply
/// at that height.
pub(super) fn applied(
    docket: &mut Docket,
    committed: &Committed,
    replica: &Replica,
    block: &Block,
) {
    let height = block.height();
    let in_order = replica.applied.next() == height;
    let is_own = replica.log.get(height).is_some_and(|entry| is_same(&entry.block, block));
    // What is kept no longer is compared by its prefix, once the log reaches what is.
    let is_agreed = height < committed.base()
        || committed.block(height).is_some_and(|agreed| is_same(agreed, block));
    docket.check(StateMachineSafety, in_order && is_own && is_agreed, || {
        let Replica { id, applied, .. } = replica;
        if !in_order {
            format!("{id} applied height {height} directly after {applied}")
        } else if !is_own {
            format!("{id} applied {block}, which is not in its log")
        } else {
            format!("{id} applied {block}, but another block was applied there before")
        }
    });
}

/// True if two blocks are the same in every part, not by their hash alone.
fn is_same(one: &Block, other: &Block) -> bool {
    one.hash() == other.hash() && one.header() == other.header() && one.body() == other.body()
}
