//! Election Safety, and Leader Append-Only.

use super::Property::{ElectionSafety, LeaderAppendOnly};
use super::docket::Docket;
use super::replica::{Replica, is_quorum};
use crate::base::{Index, Map, ServerId, Set, Term};

/// How many elected leaders are remembered. An older term comes back only if a server forgot
/// thousands of elections; a day's page must not remember every one of them.
const REMEMBERED: usize = 4096;

/// Who was elected in which term, for the latest terms, and by whom the next ones may be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Elections {
    leaders: Map<Term, ServerId>,
    /// The latest term in which a vote reached each candidate, and whose votes did.
    votes: Map<ServerId, (Term, Set<ServerId>)>,
}

impl Elections {
    /// A vote has reached its candidate.
    pub fn voted(&mut self, voter: ServerId, term: Term, candidate: ServerId) {
        let (latest, voters) = self.votes.entry(candidate).or_default();
        if term > *latest {
            (*latest, *voters) = (term, Set::new());
        }
        if term == *latest {
            voters.insert(voter);
        }
    }

    /// A server won an election, by the votes of a quorum of those that it knows as members.
    /// Nobody else may have won that of the same term, nor may it itself in an earlier life, since
    /// it might then make other blocks in the same term.
    pub fn won(&mut self, docket: &mut Docket, winner: &Replica) {
        let Replica { id, term, log, .. } = winner;
        let former = self.leaders.get(term).copied();
        let votes = self.votes.get(id).filter(|(of, _)| of == term);
        let voted = |voter| voter == *id || votes.is_some_and(|(_, them)| them.contains(&voter));
        let holds = former.is_none() && is_quorum(log.membership(), voted);
        docket.check(ElectionSafety, holds, || match former {
            Some(former) if former != *id => {
                format!("{id} was elected in term {term}, which {former} had won already")
            }
            Some(_) => format!("{id} was elected twice in term {term}"),
            None => {
                let members = log.membership();
                format!("{id} leads term {term} without the votes of a quorum of {members}")
            }
        });
        self.leaders.entry(*term).or_insert(*id);
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

/// Another log takes the place of a server's: what no leader may let happen.
pub(super) fn replaced(docket: &mut Docket, replica: &Replica) {
    let Replica { id, term, .. } = replica;
    if replica.leads() {
        docket.check(LeaderAppendOnly, false, || {
            format!("{id} leads term {term}, and put a snapshot in the place of its log")
        });
    }
}

/// A server removes or overwrites its log from a height on: what no leader may do.
pub(super) fn truncated(docket: &mut Docket, replica: &Replica, from: Index) {
    let Replica { id, term, .. } = replica;
    docket.check(LeaderAppendOnly, !replica.leads(), || {
        format!("{id} leads term {term}, and dropped its blocks from height {from} on")
    });
}
