//! The judge: the five properties of the paper's figure 3, as that figure defines them, and what
//! the core promises beside them.
//!
//! It looks at all servers at once, as nobody in the cluster can, and remembers what it has seen.

use crate::cluster::Server;
use crate::disk::{Disk, Proposal, state_as_bytes};
use raftbank::base::{Index, Membership, ServerId, Set, Term};
use raftbank::raft::{AppendOutcome, HardState, Message, Raft, ReadId, Role, Snapshot};
use std::collections::BTreeMap;

pub struct Judge {
    /// Who belonged to the cluster at its beginning.
    first: Membership,
    /// Who led each term.
    leaders: BTreeMap<Term, ServerId>,
    /// The last that was seen of each term's leader's log, and where it began.
    leader_logs: BTreeMap<Term, (Index, Vec<Proposal>)>,
    /// What is committed, from index 1 on, each with the term in which it was first seen to be.
    committed: Vec<(Proposal, Term)>,
    /// What has been applied by anyone, from index 1 on.
    applied: Vec<Proposal>,
    /// How far each server has applied since it started.
    applied_by: BTreeMap<ServerId, u64>,
    /// What each server was seen to be last in its present life.
    standing: BTreeMap<ServerId, Standing>,
    /// For each unanswered read, how far was committed when it began.
    reads: BTreeMap<ReadId, u64>,
    /// True if messages may be lies: then nothing can be said of the cluster as a whole.
    pub trusts_nobody: bool,
    /// True if a rule is off that makes a server keep its own promises.
    pub expects_nothing: bool,
}

/// What never goes back while a server lives, from what is most certain on.
#[derive(Clone, Copy)]
struct Standing {
    base: Index,
    applied: Index,
    commit: Index,
    term: Term,
}

impl Standing {
    fn of(raft: &Raft<Proposal>) -> Self {
        let base = raft.log().base().index;
        Self { base, applied: raft.applied(), commit: raft.commit(), term: raft.term() }
    }
}

fn log_of(raft: &Raft<Proposal>) -> Vec<Proposal> {
    raft.log().iter().map(|(_, entry)| entry.clone()).collect()
}

/// The membership in force at the end of entries that begin with `first` in force.
fn latest<'a>(
    first: &'a Membership,
    entries: impl Iterator<Item = &'a Proposal>,
) -> &'a Membership {
    entries.filter_map(|entry| entry.membership.as_ref()).last().unwrap_or(first)
}

impl Disk {
    /// True if the entry is here, or in the snapshot. What is in snapshots is judged elsewhere.
    fn has(&self, index: Index, entry: &Proposal) -> bool {
        match index.0.checked_sub(self.base().0 + 1) {
            Some(offset) => self.log.get(offset as usize) == Some(entry),
            None => true,
        }
    }
}

impl Judge {
    pub fn new(first: Membership) -> Self {
        Self {
            first,
            leaders: BTreeMap::new(),
            leader_logs: BTreeMap::new(),
            committed: Vec::new(),
            applied: Vec::new(),
            applied_by: BTreeMap::new(),
            standing: BTreeMap::new(),
            reads: BTreeMap::new(),
            trusts_nobody: false,
            expects_nothing: false,
        }
    }

    /// After every step.
    pub fn check(&mut self, servers: &BTreeMap<ServerId, Server>) {
        let up: Vec<_> = servers.values().filter_map(|server| server.raft.as_ref()).collect();
        up.iter().for_each(|raft| self.nothing_goes_back(raft));
        if self.trusts_nobody {
            return;
        }
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

    /// Whatever a server is told, what it knows for certain only grows while it lives.
    fn nothing_goes_back(&mut self, raft: &Raft<Proposal>) {
        let now = Standing::of(raft);
        let id = raft.id();
        let before = self.standing.insert(id, now).unwrap_or(now);
        assert!(before.term <= now.term, "{id}'s term goes back");
        assert!(before.commit <= now.commit, "{id} knows less committed than before");
        assert!(before.applied <= now.applied, "{id} has applied less than before");
        assert!(before.base <= now.base, "{id}'s log begins earlier than before");
        assert!(now.applied <= now.commit, "{id} applies what is not committed");
        assert!(now.commit <= raft.last_index(), "{id} knows more committed than it has");
    }

    /// A server's disk gets another term and vote. One vote a term is there, for ever.
    pub fn hard_state(&self, before: HardState, after: HardState) {
        assert!(after.term >= before.term, "a durable term went back");
        let keeps_its_vote =
            after.term > before.term || before.vote.is_none_or(|vote| after.vote == Some(vote));
        assert!(keeps_its_vote || self.expects_nothing, "a second vote in a term");
    }

    /// At most one server leads a term.
    fn election_safety(&mut self, raft: &Raft<Proposal>) {
        let leader = *self.leaders.entry(raft.term()).or_insert(raft.id());
        assert_eq!(leader, raft.id(), "Election Safety: two leaders of term {}", raft.term());
    }

    /// A leader never overwrites or deletes entries of its log; it only appends. What it replaces
    /// by a snapshot is another matter.
    fn leader_append_only(&mut self, raft: &Raft<Proposal>) {
        let (base, log) = (raft.log().base().index, log_of(raft));
        let before = self.leader_logs.insert(raft.term(), (base, log.clone()));
        let Some((former_base, former)) = before else { return };
        assert!(base >= former_base, "a log that begins earlier than before");
        let kept = former.get((base.0 - former_base.0) as usize..).unwrap_or_default();
        assert!(log.starts_with(kept), "Leader Append-Only: {} changed its log", raft.id());
    }

    /// What is committed in a term is in the logs of the leaders of all later terms, or in their
    /// snapshots.
    fn leader_completeness(&self, raft: &Raft<Proposal>) {
        let base = raft.log().base().index;
        for (offset, (entry, term)) in self.committed.iter().enumerate().skip(base.0 as usize) {
            let index = Index(offset as u64 + 1);
            if *term < raft.term() {
                let own = raft.log().get(index);
                assert_eq!(own, Some(entry), "Leader Completeness: {} at {index}", raft.id());
            }
        }
    }

    /// Remembers what a server says is committed. All servers must mean the same entries, and
    /// when one is first committed, a quorum of the membership in force must have it on its disks.
    ///
    /// The first to say so leads, or has just laid down the lead because it was removed. Its own
    /// log says which membership is in force.
    fn note_commits(&mut self, raft: &Raft<Proposal>, servers: &BTreeMap<ServerId, Server>) {
        let base = raft.log().base().index.0 as usize;
        assert!(base <= self.committed.len(), "{} has a snapshot of the future", raft.id());
        let at_base = raft.snapshot().map_or(&self.first, |snapshot| &snapshot.membership);
        let in_force = latest(at_base, raft.log().iter().map(|(_, entry)| entry));
        assert_eq!(in_force, raft.membership(), "{} has another membership", raft.id());
        for (index, entry) in raft.log().iter().take_while(|(index, _)| *index <= raft.commit()) {
            if let Some((committed, _)) = self.committed.get(index.0 as usize - 1) {
                assert_eq!(entry, committed, "{} commits another entry", raft.id());
                continue;
            }
            let has = |id: &&ServerId| {
                servers.get(*id).is_some_and(|server| server.disk.has(index, entry))
            };
            let is_majority =
                |voters: &Set<ServerId>| 2 * voters.iter().filter(has).count() > voters.len();
            let by_voters = is_majority(in_force.voters());
            assert!(by_voters, "{index} is committed without a majority of {in_force}");
            let by_outgoing = !in_force.is_joint() || is_majority(in_force.outgoing());
            assert!(by_outgoing, "{index} is committed without the old majority of {in_force}");
            self.committed.push((entry.clone(), raft.term()));
        }
    }

    /// A snapshot stands for what is committed: its state, its last term, its membership.
    pub fn snapshot(&self, snapshot: &Snapshot) {
        if self.trusts_nobody {
            return;
        }
        let last = snapshot.last;
        let entries = self.committed.get(..last.index.0 as usize);
        let entries = entries.expect("a snapshot is of what is committed");
        let end = entries.last().expect("a snapshot stands for something");
        assert_eq!(end.0.term, last.term, "a snapshot ends with another entry");
        let data = state_as_bytes(entries.iter().map(|(entry, _)| &entry.name));
        assert_eq!(data, snapshot.data, "a snapshot of another state");
        let membership = latest(&self.first, entries.iter().map(|(entry, _)| entry));
        assert_eq!(*membership, snapshot.membership, "a snapshot of another membership");
    }

    /// A server's state begins with what stands up to `applied`: at its start, or because it has
    /// a leader's snapshot.
    pub fn begins_after(&mut self, id: ServerId, applied: Index) {
        self.applied_by.insert(id, applied.0);
    }

    /// A server has lost all that is not on its disk.
    pub fn crashed(&mut self, id: ServerId) {
        self.standing.remove(&id);
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
        if self.expects_nothing {
            return;
        }
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
            Message::InstallSnapshotReply(reply) if !self.trusts_nobody => {
                let entries = self.committed.iter().take(reply.last.index.0 as usize);
                let total = state_as_bytes(entries.map(|(entry, _)| &entry.name)).len() as u64;
                let is_here =
                    reply.received < total.max(1) || reply.last.index <= disk.last_index();
                assert!(is_here, "a snapshot that may be forgotten");
            }
            Message::InstallSnapshotReply(_)
            | Message::RequestVote(_)
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

/// If two logs have an entry with the same index and term, they are equal up to it, as far as both
/// are there.
fn log_matching(up: &[&Raft<Proposal>]) {
    for (number, one) in up.iter().enumerate() {
        for other in &up[number + 1..] {
            let base = one.log().base().index.max(other.log().base().index);
            let above =
                |raft: &Raft<Proposal>| raft.log().between(base, raft.last_index()).to_vec();
            let (left, right) = (above(one), above(other));
            let pairs: Vec<_> = left.iter().zip(&right).collect();
            let agree = pairs.iter().rposition(|(left, right)| left.term == right.term);
            let common = agree.map_or(0, |last| last + 1);
            let equal = pairs[..common].iter().all(|(left, right)| left == right);
            assert!(equal, "Log Matching: {} and {}", one.id(), other.id());
        }
    }
}
