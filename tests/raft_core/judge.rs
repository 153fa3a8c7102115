//! The judge: the five properties of the paper's figure 3, as that figure defines them, and what
//! the core promises beside them.
//!
//! It looks at all servers at once, as nobody in the cluster can, and remembers what it has seen.

use crate::cluster::{Disk, Proposal, Server};
use raftbank::base::{Index, ServerId, Term};
use raftbank::raft::{AppendOutcome, Message, Raft, ReadId, Role, majority};
use std::collections::BTreeMap;

pub struct Judge {
    voters: usize,
    /// Who led each term.
    leaders: BTreeMap<Term, ServerId>,
    /// The last that was seen of each term's leader's log.
    leader_logs: BTreeMap<Term, Vec<Proposal>>,
    /// What is committed, from index 1 on, each with the term in which it was first seen to be.
    committed: Vec<(Proposal, Term)>,
    /// What has been applied by anyone, from index 1 on.
    applied: Vec<Proposal>,
    /// How far each server has applied since it started.
    applied_by: BTreeMap<ServerId, u64>,
    /// For each unanswered read, how far was committed when it began.
    reads: BTreeMap<ReadId, u64>,
    /// True if messages may be lies: then nothing can be said of the cluster as a whole.
    pub trusts_nobody: bool,
}

fn log_of(raft: &Raft<Proposal>) -> Vec<Proposal> {
    raft.log().iter().map(|(_, entry)| entry.clone()).collect()
}

impl Judge {
    pub fn new(voters: usize) -> Self {
        Self {
            voters,
            leaders: BTreeMap::new(),
            leader_logs: BTreeMap::new(),
            committed: Vec::new(),
            applied: Vec::new(),
            applied_by: BTreeMap::new(),
            reads: BTreeMap::new(),
            trusts_nobody: false,
        }
    }

    /// After every step.
    pub fn check(&mut self, servers: &BTreeMap<ServerId, Server>) {
        if self.trusts_nobody {
            return;
        }
        let up: Vec<_> = servers.values().filter_map(|server| server.raft.as_ref()).collect();
        for raft in &up {
            self.note_commits(raft, servers);
            if raft.role() == Role::Leader {
                self.election_safety(raft);
                self.leader_append_only(raft);
            }
        }
        for raft in up.iter().filter(|raft| raft.role() == Role::Leader) {
            self.leader_completeness(raft);
        }
        log_matching(&up);
    }

    /// At most one server leads a term.
    fn election_safety(&mut self, raft: &Raft<Proposal>) {
        let leader = *self.leaders.entry(raft.term()).or_insert(raft.id());
        assert_eq!(leader, raft.id(), "Election Safety: two leaders of term {}", raft.term());
    }

    /// A leader never overwrites or deletes entries of its log; it only appends.
    fn leader_append_only(&mut self, raft: &Raft<Proposal>) {
        let log = log_of(raft);
        let before = self.leader_logs.insert(raft.term(), log.clone()).unwrap_or_default();
        assert!(log.starts_with(&before), "Leader Append-Only: {} changed its log", raft.id());
    }

    /// What is committed in a term is in the logs of the leaders of all later terms.
    fn leader_completeness(&self, raft: &Raft<Proposal>) {
        for (offset, (entry, term)) in self.committed.iter().enumerate() {
            let index = Index(offset as u64 + 1);
            if *term < raft.term() {
                let own = raft.log().get(index);
                assert_eq!(own, Some(entry), "Leader Completeness: {} at {index}", raft.id());
            }
        }
    }

    /// Remembers what a server says is committed. All servers must mean the same entries, and
    /// when one is first committed, a majority must have it on their disks.
    fn note_commits(&mut self, raft: &Raft<Proposal>, servers: &BTreeMap<ServerId, Server>) {
        let commit = raft.commit().0 as usize;
        for (offset, (_, entry)) in raft.log().iter().take(commit).enumerate() {
            if let Some((committed, _)) = self.committed.get(offset) {
                assert_eq!(entry, committed, "{} commits another entry", raft.id());
                continue;
            }
            let on_disk =
                servers.values().filter(|server| server.disk.log.get(offset) == Some(entry));
            let copies = on_disk.count();
            assert!(copies >= majority(self.voters), "committed with {copies} durable copies");
            self.committed.push((entry.clone(), raft.term()));
        }
    }

    /// A server's state begins with what stands up to `applied`: at its start, or because it has
    /// a leader's snapshot.
    pub fn begins_after(&mut self, id: ServerId, applied: Index) {
        self.applied_by.insert(id, applied.0);
    }

    /// State Machine Safety: no two servers apply different entries at one index. Each server
    /// applies each entry once, in order, and only what is committed.
    pub fn applied(&mut self, id: ServerId, index: Index, entry: Proposal) {
        let applied = self.applied_by.get_mut(&id).expect("a server that was started");
        *applied += 1;
        assert_eq!(*applied, index.0, "{id} applies out of order");
        if self.trusts_nobody {
            return;
        }
        let offset = index.0 as usize - 1;
        let first = self.applied.get(offset).cloned();
        match first {
            Some(first) => assert_eq!(first, entry, "State Machine Safety: {id} at {index}"),
            None if offset == self.applied.len() => self.applied.push(entry),
            None => panic!("{id} applies {index}, and nobody has applied what is before it"),
        }
    }

    /// A message leaves a server: what it promises must be on the disk already.
    pub fn sent(&self, disk: &Disk, to: ServerId, message: &Message<Proposal>) {
        let durable_term = disk.hard_state.term;
        let is_echo = matches!(message, Message::RequestVoteReply(reply) if reply.pre_vote);
        let is_kept = message.term() <= durable_term || is_echo;
        assert!(is_kept, "a message of a term that may be forgotten");
        if message.term() < durable_term {
            return; // It left late. The later term protects what it promised.
        }
        match message {
            Message::RequestVoteReply(reply) if reply.granted && !reply.pre_vote => {
                assert_eq!(disk.hard_state.vote, Some(to), "a vote that may be forgotten");
            }
            Message::AppendEntriesReply(reply) => {
                if let AppendOutcome::Accepted { match_index } = reply.outcome {
                    let durable = disk.last_index();
                    assert!(match_index <= durable, "an entry that may be forgotten");
                }
            }
            Message::AppendEntries(append) => {
                let last = append.prev_log.index.0 + append.entries.len() as u64;
                assert!(last <= disk.last_index().0, "a leader sends what it may forget");
                assert!(append.leader_commit.0 <= last, "a commit beyond what the message has");
            }
            Message::RequestVote(_)
            | Message::InstallSnapshotReply(_)
            | Message::RequestVoteReply(_)
            | Message::InstallSnapshot(_)
            | Message::TimeoutNow(_)
            | Message::ReadIndex(_)
            | Message::ReadIndexReply(_) => {}
        }
    }

    pub fn read_begins(&mut self, read: ReadId) {
        self.reads.insert(read, self.committed.len() as u64);
    }

    /// A read sees all that was committed, anywhere, when it began.
    pub fn read_answered(&mut self, read: ReadId, index: Index) {
        let committed_before = self.reads.remove(&read).expect("a read is answered once");
        assert!(self.trusts_nobody || index.0 >= committed_before, "a read of the past");
    }

    pub fn read_aborted(&mut self, read: ReadId) {
        self.reads.remove(&read).expect("a read is aborted once");
    }

    /// True if a read has begun and not ended.
    pub fn awaits(&self, read: ReadId) -> bool {
        self.reads.contains_key(&read)
    }
}

/// If two logs have an entry with the same index and term, they are equal up to it.
fn log_matching(up: &[&Raft<Proposal>]) {
    for (number, one) in up.iter().enumerate() {
        for other in &up[number + 1..] {
            let pairs: Vec<_> = one.log().iter().zip(other.log().iter()).collect();
            let same_term = |((_, left), (_, right)): &((_, &Proposal), (_, &Proposal))| {
                left.term == right.term
            };
            let agree = pairs.iter().rposition(same_term).map_or(0, |last| last + 1);
            let equal = pairs[..agree].iter().all(|((_, left), (_, right))| left == right);
            assert!(equal, "Log Matching: {} and {}", one.id(), other.id());
        }
    }
}
