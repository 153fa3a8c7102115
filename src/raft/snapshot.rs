//! Snapshots: what stands for the beginning of a log that is kept no more (paper §7).
//!
//! Every server compacts its own log when its caller finds it long enough: what is applied is in
//! the caller's state, and that state, as bytes, replaces the entries. A leader that needs entries
//! it has no more sends its snapshot instead, in parts, each after the answer to the one before.
//! A part that is lost, or whose answer is, is sent again after two rounds, as probes are.
//!
//! A follower gathers the parts in memory. Whole, the snapshot takes the place of its log. There is
//! no suffix to keep (paper, figure 13, step 6): where the follower's log has the snapshot's last
//! entry, it lacks nothing before, so that it takes the snapshot as word that it is committed up
//! to there, and needs none of its bytes.

use super::log::Position;
use super::membership::Memberships;
use super::message::{InstallSnapshot, InstallSnapshotReply, MAX_SNAPSHOT_BYTES, Message};
use super::{Entry, Raft, State};
use crate::base::{Index, Membership, ServerId, Time};
use std::sync::Arc;

/// The state that the entries up to `last` lead to. It stands for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The last entry that it stands for.
    pub last: Position,
    /// The membership in force there.
    pub membership: Membership,
    /// The state, as the caller writes it. Raft does not look into it.
    pub data: Arc<[u8]>,
}

/// The beginning of a snapshot that is on its way here.
#[derive(Clone, Debug)]
pub(super) struct Incoming {
    last: Position,
    membership: Membership,
    total: u64,
    data: Vec<u8>,
}

impl Incoming {
    fn begin(part: &InstallSnapshot) -> Self {
        let InstallSnapshot { last, membership, total, .. } = part;
        Self { last: *last, membership: membership.clone(), total: *total, data: Vec::new() }
    }

    /// True if the part is of this snapshot and comes next.
    fn continues_with(&self, part: &InstallSnapshot) -> bool {
        self.is_of(part) && self.data.len() as u64 == part.offset
    }

    fn is_of(&self, part: &InstallSnapshot) -> bool {
        (self.last, self.total) == (part.last, part.total) && self.membership == part.membership
    }
}

impl<E: Entry> Raft<E> {
    /// The log's entries up to `at` are in the caller's state, whose bytes are `data`. The log
    /// begins after `at` from now on.
    ///
    /// # Panics
    /// If `at` is not above the log's base, or not applied yet, or if there are no data, or more
    /// than [`MAX_SNAPSHOT_BYTES`], which no follower would take.
    pub fn compact(&mut self, at: Index, data: Arc<[u8]>) {
        assert!(at > self.log.base().index, "a snapshot must replace something");
        assert!(at <= self.applied, "only what is applied can be in a snapshot");
        assert!(!data.is_empty(), "a snapshot has a content");
        assert!(data.len() as u64 <= MAX_SNAPSHOT_BYTES, "a snapshot that no follower would take");
        let membership = self.memberships.at(at).clone();
        self.log.compact(at);
        self.memberships.compact(at);
        self.snapshot = Some(Snapshot { last: self.log.base(), membership, data });
        self.durability.compacted();
        self.assert_consistent();
    }

    /// The snapshot that this part would make whole and put in place of the log, if it would. A
    /// caller that can tell a good snapshot from a bad one looks at it before it steps the part.
    pub fn completes(&self, from: ServerId, part: &InstallSnapshot) -> Option<Snapshot> {
        let may_lead = part.term > self.term()
            || (part.term == self.term() && self.leader().is_none_or(|leader| leader == from));
        if !may_lead || !part.is_last() || !self.needs_snapshot(part.last) {
            return None;
        }
        let begun = match &self.incoming {
            Some(incoming) if part.term == self.term() && incoming.continues_with(part) => {
                incoming.data.as_slice()
            }
            _ if part.offset == 0 => &[],
            _ => return None,
        };
        let data = begun.iter().chain(part.data.iter()).copied().collect();
        Some(Snapshot { last: part.last, membership: part.membership.clone(), data })
    }

    /// A leader of the current term sends a part of its snapshot.
    pub(super) fn handle_install_snapshot(
        &mut self,
        from: ServerId,
        part: InstallSnapshot,
        now: Time,
    ) {
        let completed = self.completes(from, &part);
        if !self.recognise(from, part.round, now) {
            return;
        }
        let received = if let Some(snapshot) = completed {
            self.install(snapshot);
            part.total
        } else if self.needs_snapshot(part.last) {
            self.gather(&part)
        } else {
            self.incoming = None;
            // Its last entry is here, and committed, since a snapshot is of what is applied.
            self.commit = self.commit.max(part.last.index);
            part.total
        };
        self.answer_install_snapshot(from, &part, received);
    }

    pub(super) fn answer_install_snapshot(
        &mut self,
        to: ServerId,
        part: &InstallSnapshot,
        received: u64,
    ) {
        let InstallSnapshot { last, round, .. } = *part;
        let reply = InstallSnapshotReply { term: self.term(), last, received, round };
        self.messages.push((to, Message::InstallSnapshotReply(reply)));
    }

    /// A follower answers, in the current term.
    pub(super) fn handle_install_snapshot_reply(
        &mut self,
        from: ServerId,
        reply: InstallSnapshotReply,
        now: Time,
    ) {
        let State::Leader(leader) = &mut self.state else { return };
        let Some(progress) = leader.progress.get_mut(&from) else { return };
        if reply.round > leader.round {
            return;
        }
        progress.hear(now);
        progress.received(reply.last.index, reply.received, reply.round, leader.round);
        progress.answered(reply.round);
        self.progress_made(now);
    }

    /// True unless the log holds, or has replaced by a snapshot of its own, what ends at `last`.
    fn needs_snapshot(&self, last: Position) -> bool {
        last.index > self.commit && !self.log.agrees_at(last)
    }

    /// Keeps a part if it comes next, and says which part should.
    fn gather(&mut self, part: &InstallSnapshot) -> u64 {
        if part.offset == 0 && !self.incoming.as_ref().is_some_and(|incoming| incoming.is_of(part))
        {
            self.incoming = Some(Incoming::begin(part));
        }
        let Some(incoming) = &mut self.incoming else { return 0 };
        // A part that ends the snapshot completes it, and is installed rather than kept.
        if incoming.continues_with(part) && !part.is_last() {
            incoming.data.extend_from_slice(&part.data);
        }
        if incoming.is_of(part) { incoming.data.len() as u64 } else { 0 }
    }

    /// Puts a leader's snapshot in place of the log, none of which agrees with it.
    fn install(&mut self, snapshot: Snapshot) {
        let last = snapshot.last;
        assert!(last.index > self.commit, "what is committed is never taken away");
        if last.index <= self.last_index() {
            self.truncate(last.index);
        }
        self.incoming = None;
        self.log.restart_after(last);
        self.memberships = Memberships::new(snapshot.membership.clone(), &self.log);
        self.durability.restarted_after(last, self.applied);
        self.commit = last.index;
        self.snapshot = Some(snapshot);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::random::stream;
    use crate::base::{Index, Term};
    use crate::raft::log::tests::TermOnly;
    use crate::raft::{Config, HardState, Round};

    fn id(number: u8) -> ServerId {
        ServerId::new(number).expect("a number of a server")
    }

    /// A follower of S1 in term 2 with one entry of term 1.
    fn follower() -> Raft<TermOnly> {
        let members = Membership::of(ServerId::first(3));
        let (config, hard_state) = (Config::new(id(2), members), HardState::default());
        let hard_state = HardState { term: Term(2), ..hard_state };
        let log = vec![TermOnly(Term(1))];
        let mut raft = Raft::new(config, hard_state, None, log, stream(1, "follower"), Time::ZERO);
        assert!(raft.recognise(id(1), Round(1), Time::ZERO));
        raft
    }

    /// Of ten bytes, those from `offset` to `end`.
    fn part(term: u64, last: u64, offset: u8, end: u8) -> InstallSnapshot {
        InstallSnapshot {
            term: Term(term),
            last: Position { term: Term(1), index: Index(last) },
            membership: Membership::of(ServerId::first(3)),
            total: 10,
            offset: offset.into(),
            data: (offset..end).collect(),
            round: Round(1),
        }
    }

    #[test]
    fn only_a_leaders_last_part_behind_all_others_completes_a_snapshot() {
        let mut raft = follower();
        let completes = |raft: &Raft<TermOnly>, from, part| {
            raft.completes(id(from), &part).map(|snapshot| snapshot.data.len())
        };
        assert_eq!(completes(&raft, 1, part(2, 5, 0, 10)), Some(10), "it comes in one part");
        assert_eq!(completes(&raft, 3, part(2, 5, 0, 10)), None, "S1 leads the term");
        assert_eq!(completes(&raft, 3, part(3, 5, 0, 10)), Some(10), "S3 may lead the next");
        assert_eq!(completes(&raft, 1, part(1, 5, 0, 10)), None, "that term is over");
        assert_eq!(completes(&raft, 1, part(2, 5, 0, 9)), None, "it is not the last part");
        assert_eq!(completes(&raft, 1, part(2, 1, 0, 10)), None, "that entry is here");
        assert_eq!(completes(&raft, 1, part(2, 5, 4, 10)), None, "the first part is missing");
        raft.handle_install_snapshot(id(1), part(2, 5, 0, 4), Time::ZERO);
        assert_eq!(completes(&raft, 1, part(2, 5, 4, 10)), Some(10), "both parts");
        assert_eq!(completes(&raft, 1, part(2, 5, 5, 10)), None, "a byte is missing");
        assert_eq!(completes(&raft, 1, part(2, 6, 4, 10)), None, "another snapshot's");
        assert_eq!(completes(&raft, 3, part(3, 5, 4, 10)), None, "another leader's");
        let other = InstallSnapshot { membership: Membership::of([id(1)]), ..part(2, 5, 4, 10) };
        assert_eq!(completes(&raft, 1, other), None, "another membership's");
        let data = raft.completes(id(1), &part(2, 5, 4, 10)).expect("both parts").data;
        assert_eq!(*data, (0..10).collect::<Vec<u8>>());
    }

    #[test]
    fn a_snapshot_is_needed_unless_its_end_is_here_or_committed() {
        let mut raft = follower();
        let place = |term, index| Position { term: Term(term), index: Index(index) };
        assert!(raft.needs_snapshot(place(1, 2)), "beyond the log's end");
        assert!(raft.needs_snapshot(place(2, 1)), "another entry is here");
        assert!(!raft.needs_snapshot(place(1, 1)), "it is here");
        raft.commit = Index(1);
        assert!(!raft.needs_snapshot(place(2, 1)), "no correct leader contradicts a commit");
    }
}
