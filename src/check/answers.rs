//! Acknowledged Stays, and of Exactly Once the part that an answer can break.

use super::Property::{AcknowledgedStays, ExactlyOnce};
use super::committed::Committed;
use super::docket::Docket;
use crate::bank::{Operation, Outcome, Request, RequestId, Verdict};
use crate::base::{Index, ServerId};
use crate::chain::Block;
use std::collections::{BTreeMap, BTreeSet};

/// What clients were answered, and what they may therefore expect.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Answers {
    /// The transfers whose outcome some client knows, by height. They grow with the chain, which
    /// holds them all too.
    promised: BTreeMap<Index, BTreeSet<RequestId>>,
    /// The highest height that any client was told of.
    highest: Index,
    /// For each balance check that is under way, what was `highest` when it was asked.
    floors: BTreeMap<RequestId, Index>,
}

impl Answers {
    /// A client asks something new.
    pub fn asked(&mut self, request: &Request) {
        if request.operation == Operation::Balance {
            self.floors.insert(request.id, self.highest);
        }
    }

    /// A client has its answer.
    pub fn answered(
        &mut self,
        docket: &mut Docket,
        committed: &Committed,
        id: RequestId,
        verdict: Verdict,
    ) {
        let floor = self.floors.remove(&id).unwrap_or_default();
        match verdict {
            Verdict::Committed { height } => {
                self.promise(docket, committed, id, height, Outcome::Applied);
            }
            Verdict::Refused { height, refusal } => {
                self.promise(docket, committed, id, height, Outcome::Refused(refusal));
            }
            Verdict::Balance { committed: balance, pending: _, height } => {
                let told = Told { balance, height, floor };
                self.told_balance(docket, committed, id, told);
            }
            Verdict::Invalid { .. } | Verdict::Stale { .. } | Verdict::Busy => {}
        }
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
        let found = committed.block(height).and_then(|block| outcome_in(block, id));
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
        let place = committed.replay().place(id);
        docket.check(ExactlyOnce, place == Some(height), || match place {
            Some(place) => {
                format!("{id} was answered at height {height}, but took effect at height {place}")
            }
            None => format!("{id} was answered at height {height}, but took effect nowhere"),
        });
        if found == Some(outcome) {
            self.promised.entry(height).or_default().insert(id);
            self.highest = self.highest.max(height);
        }
    }

    /// A client was told its balance.
    fn told_balance(
        &mut self,
        docket: &mut Docket,
        committed: &Committed,
        id: RequestId,
        Told { balance, height, floor }: Told,
    ) {
        let account = id.client.account();
        let held = committed.balance_at(account, height);
        docket.check(AcknowledgedStays, held == Some(balance), || {
            let truth = match held {
                Some(held) => format!("{account} held {held}"),
                None => format!("nothing was known there of {account}"),
            };
            format!(
                "{id} was answered with a balance of {balance} at height {height}, where {truth}"
            )
        });
        docket.check(AcknowledgedStays, height >= floor, || {
            format!(
                "{id} was answered from height {height}, after height {floor} had been answered \
                 when it was asked"
            )
        });
        if held.is_some() {
            self.highest = self.highest.max(height);
        }
    }
}

/// What a client was told of its balance.
struct Told {
    balance: u64,
    height: Index,
    /// The height that had been answered when it asked.
    floor: Index,
}

/// What a block says came of a request.
fn outcome_in(block: &Block, id: RequestId) -> Option<Outcome> {
    let mut receipts = block.receipts();
    receipts.find(|(transaction, _)| transaction.id == id).map(|(_, outcome)| outcome)
}
