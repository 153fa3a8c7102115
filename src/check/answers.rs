//! Acknowledged Stays, and of Exactly Once the part that an answer can break.

use super::Property::{AcknowledgedStays, ExactlyOnce, NoPhantoms};
use super::committed::Committed;
use super::docket::Docket;
use crate::bank::{Operation, Outcome, Reply, RequestId, Verdict};
use crate::base::{Index, Map, ServerId, Set};
use crate::chain::Block;

/// What clients were answered, and what they may therefore expect.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Answers {
    /// The transfers whose outcome some client knows, by height, for the blocks that are kept.
    promised: Map<Index, Set<RequestId>>,
}

impl Answers {
    /// A client has its answer to what it asked, if that is known.
    pub fn answered(
        &mut self,
        docket: &mut Docket,
        committed: &Committed,
        (id, asked): (RequestId, Option<Operation>),
        verdict: Verdict,
    ) {
        match verdict {
            Verdict::Committed { height } => {
                self.promise(docket, committed, id, height, Outcome::Applied);
            }
            Verdict::Refused { height, refusal } => {
                self.promise(docket, committed, id, height, Outcome::Refused(refusal));
            }
            Verdict::Balance { committed: balance, pending: _, height } => {
                told_balance(docket, committed, id, balance, height);
            }
            Verdict::Stale { .. } => {
                docket.check(AcknowledgedStays, is_used(committed, id, asked), || {
                    format!("{id} was answered as over, which its client has never said")
                });
            }
            Verdict::Invalid { .. } | Verdict::Busy => {}
        }
    }

    /// The chain begins at this height now.
    pub fn forget_below(&mut self, base: Index) {
        self.promised.forget_below(&base);
    }

    /// A server has applied a block where another is committed: it must not go against what a
    /// client knows.
    pub fn contradicted(
        &self,
        docket: &mut Docket,
        committed: &Committed,
        server: ServerId,
        block: &Block,
    ) {
        let height = block.height();
        for id in self.promised.get(&height).into_iter().flatten() {
            let promised = committed.block(height).and_then(|agreed| outcome_in(agreed, *id));
            docket.check(AcknowledgedStays, outcome_in(block, *id) == promised, || {
                format!("{id} was answered at height {height}, where {server} now applied {block}")
            });
        }
    }

    /// A client was told that its transfer came out so at this height.
    fn promise(
        &mut self,
        docket: &mut Docket,
        committed: &Committed,
        id: RequestId,
        height: Index,
        outcome: Outcome,
    ) {
        let place = committed.replay().place(id);
        // What is over and below what is kept cannot be looked up any more.
        if height <= committed.base() && place.is_none() && committed.replay().is_over(id) {
            return;
        }
        let found = match height <= committed.base() && place == Some(height) {
            // That block is not to be had any more; its outcome is remembered.
            true => Some(outcome),
            false => committed.block(height).and_then(|block| outcome_in(block, id)),
        };
        docket.check(AcknowledgedStays, found == Some(outcome), || {
            let truth = match found {
                Some(found) => format!("it is {found}"),
                None => "it does not stand there".to_owned(),
            };
            format!(
                "{id} was answered as {outcome} at height {height}, but in the committed chain \
                 {truth}"
            )
        });
        docket.check(ExactlyOnce, place == Some(height), || match place {
            Some(place) => {
                format!("{id} was answered at height {height}, but took effect at height {place}")
            }
            None => format!("{id} was answered at height {height}, but took effect nowhere"),
        });
        if found == Some(outcome) {
            self.promised.entry(height).or_default().insert(id);
        }
    }
}

/// True if a number is over by what its client said, or stands in the chain for something else.
fn is_used(committed: &Committed, id: RequestId, asked: Option<Operation>) -> bool {
    let stands_for = |height| {
        let mut receipts = committed.block(height)?.receipts();
        let found = receipts.find(|(transaction, _)| transaction.id == id);
        found.map(|(transaction, _)| transaction.to_request().operation)
    };
    let replay = committed.replay();
    let place = replay.place(id);
    replay.is_over(id) || place.is_some_and(|at| stands_for(at).is_none_or(|it| Some(it) != asked))
}

/// A client was told its balance.
fn told_balance(
    docket: &mut Docket,
    committed: &Committed,
    id: RequestId,
    balance: u64,
    height: Index,
) {
    let account = id.client.account();
    // Of what is kept no longer, nothing can be said.
    if height < committed.base() {
        return;
    }
    let held = committed.balance_at(account, height);
    docket.check(AcknowledgedStays, held == Some(balance), || {
        let truth = match held {
            Some(held) => format!("{account} held {held}"),
            None => format!("nothing was known there of {account}"),
        };
        format!("{id} was answered with a balance of {balance} at height {height}, where {truth}")
    });
}

/// A server replies: of what it says came of a transfer, the committed chain must hold the receipt.
pub(super) fn replied(docket: &mut Docket, committed: &Committed, server: ServerId, reply: &Reply) {
    let Reply { id, verdict } = *reply;
    let (height, outcome) = match verdict {
        Verdict::Committed { height } => (height, Outcome::Applied),
        Verdict::Refused { height, refusal } => (height, Outcome::Refused(refusal)),
        Verdict::Balance { .. }
        | Verdict::Invalid { .. }
        | Verdict::Stale { .. }
        | Verdict::Busy => return,
    };
    let has_receipt = match height <= committed.base() {
        // That block is not to be had any more; its outcome may be remembered.
        true => {
            let place = committed.replay().place(id);
            place == Some(height) || place.is_none() && committed.replay().is_over(id)
        }
        false => committed.block(height).and_then(|it| outcome_in(it, id)) == Some(outcome),
    };
    docket.check(NoPhantoms, has_receipt, || {
        format!(
            "{server} replied to {id} that it is {outcome} at height {height}, of which the \
             committed chain holds no receipt"
        )
    });
}

/// What a block says came of a request.
fn outcome_in(block: &Block, id: RequestId) -> Option<Outcome> {
    let mut receipts = block.receipts();
    receipts.find(|(transaction, _)| transaction.id == id).map(|(_, outcome)| outcome)
}
