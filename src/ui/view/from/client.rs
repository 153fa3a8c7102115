//! A client's card, from the world.

use super::{leader, most_advanced};
use crate::bank::{Operation, Verdict};
use crate::base::AccountId;
use crate::client::{Client, RequestState, Status as ClientStatus};
use crate::sim::World;
use crate::ui::view::client::{Card, Item, SHOWN, Status};

pub fn card(world: &World, client: &Client) -> Card {
    let account = client.id().account();
    let committed =
        most_advanced(world).and_then(|server| server.committed_ledger().balance(account));
    let ahead = leader(world).or_else(|| most_advanced(world));
    let pending = ahead.and_then(|server| server.pending_ledger().balance(account)).or(committed);
    let requests = client.requests();
    let newest = requests.iter().rev().take(SHOWN).map(|state| item(state)).collect();
    let shown = requests.len().min(SHOWN);
    Card {
        id: client.id(),
        committed,
        pending,
        others: AccountId::first(world.config().clients)
            .filter(|other| *other != account)
            .collect(),
        requests: newest,
        older: (requests.len() - shown) as u64,
    }
}

fn item(state: &RequestState) -> Item {
    Item {
        seq: state.request.id.seq,
        what: match state.request.operation {
            Operation::Transfer { to, amount } => format!("{amount} to {to}"),
            Operation::Balance => "balance".to_owned(),
        },
        status: match &state.status {
            ClientStatus::Pending => Status::Pending,
            ClientStatus::Done { verdict, .. } => answered(verdict),
        },
        retries: state.attempts.saturating_sub(1),
    }
}

/// How an answer stands in a list.
pub(super) fn answered(verdict: &Verdict) -> Status {
    match verdict {
        Verdict::Committed { height } => Status::Committed(height.0),
        Verdict::Refused { refusal, .. } => Status::Refused(refusal.to_string()),
        Verdict::Balance { committed, pending, height } => {
            Status::Balance { committed: *committed, pending: *pending, height: height.0 }
        }
        Verdict::Invalid { reason } => Status::Refused(reason.to_string()),
        Verdict::Stale { .. } => {
            Status::Refused("this number was used before: the saved session is older".to_owned())
        }
        Verdict::Busy => Status::Pending,
    }
}
