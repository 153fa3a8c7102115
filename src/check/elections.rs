//! Election Safety, and Leader Append-Only.

use super::Property::{ElectionSafety, LeaderAppendOnly};
use super::docket::Docket;
use super::replica::Replica;
use crate::base::{Index, Map, ServerId, Term};

/// How many elected leaders are remembered. An older term comes back only if a server forgot
/// thousands of elections; a day's page must not remember every one of them.
const REMEMBERED: usize = 4096;

/// Who was elected in which term, for the latest terms.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Elections {
    leaders: Map<Term, ServerId>,
}

impl Elections {
    /// A server won an election. Nobody else may have won that of the same term, nor may it
    /// itself in an earlier life, since it might then make other blocks in the same term.
    pub fn won(&mut self, docket: &mut Docket, server: ServerId, term: Term) {
        let former = self.leaders.get(&term).copied();
        docket.check(ElectionSafety, former.is_none(), || match former {
            Some(former) if former != server => {
                format!("{server} was elected in term {term}, which {former} had won already")
            }
            _ => format!("{server} was elected twice in term {term}"),
        });
        self.leaders.entry(term).or_insert(server);
        if self.leaders.len() > REMEMBERED {
            self.leaders.pop_first();
        }
    }
}

/// A server puts a block at the end of its log: what any leader may do.
pub(super) fn appended(docket: &mut Docket, replica: &Replica) {
    if replica.leads() {
        docket.check(LeaderAppendOnly, true, String::new);
    }
}

/// A server removes or overwrites its log from a height on: what no leader may do.
pub(super) fn truncated(docket: &mut Docket, replica: &Replica, from: Index) {
    let Replica { id, term, .. } = replica;
    docket.check(LeaderAppendOnly, !replica.leads(), || {
        format!("{id} leads term {term}, and dropped its blocks from height {from} on")
    });
}
