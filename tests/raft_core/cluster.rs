//! A cluster of cores, with a network and disks that do what they are told and nothing else.

use crate::judge::Judge;
use crate::show;
use raftbank::base::random::stream;
use raftbank::base::{Index, MAX_SERVERS, Membership, Rules, ServerId, Span, Term, Time};
use raftbank::raft::{
    Config, Entry, HardState, Held, Message, NotLeader, ProposeError, Raft, ReadId, Role, Snapshot,
    TransferRefused, Writes,
};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

/// An entry: the term that it needs, and a name to know it by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    pub term: Term,
    pub name: String,
    pub membership: Option<Membership>,
}

impl Proposal {
    pub fn new(term: Term, name: &str) -> Self {
        Self { term, name: name.to_owned(), membership: None }
    }

    /// An entry that changes the membership. It is named after what it brings.
    fn change(term: Term, membership: Membership) -> Self {
        Self { term, name: membership.to_string(), membership: Some(membership) }
    }
}

impl Entry for Proposal {
    fn term(&self) -> Term {
        self.term
    }

    fn size(&self) -> usize {
        self.name.len()
    }

    fn membership(&self) -> Option<&Membership> {
        self.membership.as_ref()
    }
}

/// What a server has that survives a crash.
#[derive(Clone, Debug, Default)]
pub struct Disk {
    pub hard_state: HardState,
    pub snapshot: Option<Snapshot>,
    /// What follows the snapshot.
    pub log: Vec<Proposal>,
}

/// One write of a Ready. A crash comes before it or after it.
#[derive(Clone, Debug)]
enum Write {
    HardState(HardState),
    Truncate(Index),
    Snapshot(Snapshot),
    Append(Index, Proposal),
}

impl Disk {
    fn apply(&mut self, write: Write) {
        match write {
            Write::HardState(hard_state) => {
                assert!(hard_state.term >= self.hard_state.term, "a durable term went back");
                self.hard_state = hard_state;
            }
            Write::Truncate(from) => {
                assert!(from <= self.last_index(), "a truncation that takes nothing away");
                assert!(from > self.base(), "a truncation of what a snapshot stands for");
                self.log.truncate((from.0 - self.base().0) as usize - 1);
            }
            Write::Snapshot(snapshot) => {
                assert!(snapshot.last.index > self.base(), "a snapshot that goes back");
                let replaced = snapshot.last.index.0 - self.base().0;
                self.log.drain(..self.log.len().min(replaced as usize));
                self.snapshot = Some(snapshot);
            }
            Write::Append(index, entry) => {
                assert!(entry.term <= self.hard_state.term, "an entry before its term");
                self.log.push(entry);
                assert_eq!(index, self.last_index(), "an append that does not follow");
            }
        }
    }

    /// Where the log begins.
    pub fn base(&self) -> Index {
        self.snapshot.as_ref().map_or(Index::ZERO, |snapshot| snapshot.last.index)
    }

    pub fn last_index(&self) -> Index {
        Index(self.base().0 + self.log.len() as u64)
    }
}

/// The state machine is the list of the names applied. This is how a snapshot writes it down.
pub fn state_as_bytes<'a>(names: impl Iterator<Item = &'a String>) -> Arc<[u8]> {
    names.map(|name| format!("{name}\n")).collect::<String>().into_bytes().into()
}

fn state_of(snapshot: &Snapshot) -> Vec<String> {
    String::from_utf8_lossy(&snapshot.data).lines().map(str::to_owned).collect()
}

fn in_order(writes: Writes<Proposal>) -> impl Iterator<Item = Write> {
    let hard_state = writes.hard_state.map(Write::HardState);
    let truncation = writes.truncate_from.map(Write::Truncate);
    let snapshot = writes.snapshot.map(Write::Snapshot);
    let appends = writes.append.into_iter().map(|(index, entry)| Write::Append(index, entry));
    hard_state.into_iter().chain(truncation).chain(snapshot).chain(appends)
}

/// One server: its core, if it is up, and its disk.
pub struct Server {
    pub raft: Option<Raft<Proposal>>,
    pub disk: Disk,
    /// The state machine: the names of all that is applied.
    pub state: Vec<String>,
    /// Readys that were taken and are not durable yet.
    pub pending: VecDeque<(Writes<Proposal>, Held<Proposal>)>,
    pub pace: Pace,
}

/// How fast a server's disk is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// Readys are durable at once.
    Fast,
    /// They are taken at once, and durable when there is a sync.
    Slow,
    /// They are not even taken.
    Busy,
}

/// A message under way.
#[derive(Clone, Debug)]
pub struct Envelope {
    pub number: u64,
    pub from: ServerId,
    pub to: ServerId,
    pub message: Message<Proposal>,
}

/// The whole cluster.
pub struct Cluster {
    pub servers: BTreeMap<ServerId, Server>,
    /// Messages under way, the oldest first.
    pub network: Vec<Envelope>,
    /// Servers from and to which no message gets onto the network.
    pub isolated: BTreeSet<ServerId>,
    pub now: Time,
    /// What has happened, as lines to read.
    pub story: Vec<String>,
    settings: Config,
    /// The rules of those that have others than the settings say.
    rules: BTreeMap<ServerId, Rules>,
    seed: u64,
    sent: u64,
    judge: Judge,
}

impl Cluster {
    /// A cluster with empty disks. `settings` are everyone's, but for the id.
    pub fn new(settings: Config, seed: u64) -> Self {
        Self::with_spares(settings, 0, seed)
    }

    /// A cluster with so many servers more, which are no members yet.
    pub fn with_spares(settings: Config, spares: u8, seed: u64) -> Self {
        let members = settings.membership.clone();
        let others = ServerId::first(MAX_SERVERS).filter(|id| !members.contains(*id));
        let ids: Vec<_> = members.all().chain(others.take(spares.into())).collect();
        let servers = ids.iter().map(|id| {
            let (disk, state, pending) = (Disk::default(), Vec::new(), VecDeque::new());
            (*id, Server { raft: None, disk, state, pending, pace: Pace::Fast })
        });
        let mut cluster = Self {
            servers: servers.collect(),
            network: Vec::new(),
            isolated: BTreeSet::new(),
            now: Time::ZERO,
            story: Vec::new(),
            judge: Judge::new(members),
            settings,
            rules: BTreeMap::new(),
            seed,
            sent: 0,
        };
        ids.into_iter().for_each(|id| cluster.start(id));
        cluster.story.clear();
        cluster
    }

    /// Starts a server anew with rules of its own.
    pub fn restart_with_rules(&mut self, id: ServerId, rules: Rules) {
        self.rules.insert(id, rules);
        self.crash(id, 0);
        self.start(id);
    }

    pub fn raft(&self, id: ServerId) -> Option<&Raft<Proposal>> {
        self.servers[&id].raft.as_ref()
    }

    fn server(&mut self, id: ServerId) -> &mut Server {
        self.servers.get_mut(&id).expect("a server of the cluster")
    }

    /// Starts a server that is down from what is on its disk.
    pub fn start(&mut self, id: ServerId) {
        if self.raft(id).is_some() {
            return;
        }
        let rules = self.rules.get(&id).copied().unwrap_or(self.settings.rules);
        let config = Config { id, rules, ..self.settings.clone() };
        let rng = stream(self.seed, &format!("{id} at {} after {}", self.now, self.sent));
        let now = self.now;
        let server = self.server(id);
        let Disk { hard_state, snapshot, log } = server.disk.clone();
        server.state = snapshot.as_ref().map(state_of).unwrap_or_default();
        server.raft = Some(Raft::new(config, hard_state, snapshot, log, rng, now));
        let disk = show::disk(&self.servers[&id].disk);
        self.story.push(format!("{id} starts with {disk}"));
        self.judge.begins_after(id, self.servers[&id].disk.base());
        self.after_input(id);
    }

    /// Starts a server anew from another disk, to set the scene.
    pub fn start_from(&mut self, id: ServerId, disk: Disk) {
        let server = self.server(id);
        server.raft = None;
        server.pending.clear();
        server.disk = disk;
        self.start(id);
    }

    /// A server loses all but its disk. Of what was not durable yet, the first `keep` writes
    /// got there.
    pub fn crash(&mut self, id: ServerId, keep: usize) {
        let server = self.server(id);
        if server.raft.take().is_none() {
            return;
        }
        let pending = server.pending.drain(..).flat_map(|(writes, _)| in_order(writes));
        let kept: Vec<_> = pending.take(keep).collect();
        kept.into_iter().for_each(|write| server.disk.apply(write));
        self.story.push(format!("{id} crashes"));
        self.check();
    }

    /// From now on, a server's disk is this fast.
    pub fn set_pace(&mut self, id: ServerId, pace: Pace) {
        self.server(id).pace = pace;
        self.after_input(id);
    }

    /// The oldest `count` of a server's pending Readys become durable.
    pub fn sync(&mut self, id: ServerId, count: usize) {
        for _ in 0..count {
            self.persist_one(id);
        }
        self.after_input(id);
    }

    /// Delivers a message.
    pub fn deliver(&mut self, envelope: Envelope) {
        let Envelope { from, to, message, .. } = envelope;
        if !self.servers.contains_key(&to) {
            return; // An answer to somebody who was never there.
        }
        self.input(to, |raft, now| raft.step(from, message, now));
    }

    /// Delivers all that is under way, and not what comes of it.
    pub fn exchange(&mut self) {
        for envelope in std::mem::take(&mut self.network) {
            self.deliver(envelope);
        }
    }

    /// Time passes; timers that run out meanwhile do so in their order.
    pub fn elapse(&mut self, span: Span) {
        let end = self.now + span;
        while let Some((deadline, id)) = self.next_deadline().filter(|next| next.0 <= end) {
            self.now = deadline;
            self.input(id, |raft, now| raft.wake(now));
        }
        self.now = end;
    }

    /// When the next timer runs out, and whose.
    fn next_deadline(&self) -> Option<(Time, ServerId)> {
        let up = self.servers.iter().filter_map(|(id, server)| Some((id, server.raft.as_ref()?)));
        up.filter_map(|(id, raft)| Some((raft.next_wake()?, *id))).min()
    }

    pub fn campaign(&mut self, id: ServerId) {
        self.input(id, |raft, now| raft.campaign(now));
    }

    /// A server that leads adds entries.
    pub fn propose(&mut self, id: ServerId, names: &[String]) -> Result<(), ProposeError> {
        let propose = |raft: &mut Raft<Proposal>, _| {
            for name in names {
                raft.propose(Proposal::new(raft.term(), name))?;
            }
            Ok(())
        };
        self.input(id, propose).unwrap_or(Ok(()))
    }

    /// A server takes a read.
    pub fn read(&mut self, id: ServerId, read: ReadId) -> Result<(), NotLeader> {
        if self.raft(id).is_none() {
            return Ok(());
        }
        self.judge.read_begins(read);
        let taken = self.input(id, |raft, _| raft.read(read)).unwrap_or(Ok(()));
        if taken.is_err() {
            self.judge.read_aborted(read);
        }
        taken
    }

    /// A server replaces what it has applied, but for the last `keep` entries, by a snapshot.
    pub fn compact(&mut self, id: ServerId, keep: u64) {
        let Some(raft) = self.raft(id) else { return };
        let at = Index(raft.applied().0.saturating_sub(keep));
        if at <= raft.log().base().index {
            return;
        }
        let data = state_as_bytes(self.servers[&id].state.iter().take(at.0 as usize));
        self.story.push(format!("{id} compacts its log up to {at}"));
        self.input(id, |raft, _| raft.compact(at, data));
    }

    /// A server that leads takes the first step towards another membership.
    pub fn change(&mut self, id: ServerId, target: &Membership) -> Result<(), ProposeError> {
        let change = |raft: &mut Raft<Proposal>, _| {
            let next = raft.plan_change(target).map_err(ProposeError::Change)?;
            raft.propose(Proposal::change(raft.term(), next)).map(drop)
        };
        self.input(id, change).unwrap_or(Ok(()))
    }

    /// A server that leads, and whose joint membership is committed, completes the change.
    pub fn complete_change(&mut self, id: ServerId) {
        self.input(id, |raft, _| {
            if let Some(next) = raft.due_membership() {
                let last_step = Proposal::change(raft.term(), next);
                raft.propose(last_step).expect("what is due may be proposed");
            }
        });
    }

    /// A server that leads hands over.
    pub fn transfer(&mut self, id: ServerId, to: ServerId) -> Result<(), TransferRefused> {
        self.input(id, |raft, now| raft.transfer_leadership(to, now)).unwrap_or(Ok(()))
    }

    /// A message that no server sent reaches a server.
    pub fn inject(&mut self, to: ServerId, from: ServerId, message: Message<Proposal>) {
        self.deliver(Envelope { number: 0, from, to, message });
    }

    /// Does something with a core that is up, and what follows from it.
    fn input<T>(
        &mut self,
        id: ServerId,
        act: impl FnOnce(&mut Raft<Proposal>, Time) -> T,
    ) -> Option<T> {
        let now = self.now;
        let server = self.servers.get_mut(&id).expect("a server of the cluster");
        let raft = server.raft.as_mut()?;
        let before = show::Facts::of(raft);
        let result = act(raft, now);
        before.changes(raft, &mut self.story);
        self.after_input(id);
        Some(result)
    }

    /// Takes what a core wants done, and does it as far as its disk's pace allows.
    fn after_input(&mut self, id: ServerId) {
        self.check();
        while self.server(id).pace != Pace::Busy {
            let taken = self.take_ready(id);
            let server = self.server(id);
            let writes_nothing =
                server.pending.front().is_some_and(|(writes, _)| writes.is_empty());
            let fast = server.pace == Pace::Fast && !server.pending.is_empty();
            if fast || writes_nothing {
                self.persist_one(id);
            } else if !taken {
                break;
            }
        }
        self.check();
    }

    /// Takes a Ready, if there is one.
    fn take_ready(&mut self, id: ServerId) -> bool {
        let server = self.servers.get_mut(&id).expect("a server of the cluster");
        let Some(ready) = server.raft.as_mut().and_then(Raft::take_ready) else { return false };
        let (writes, held) = ready.into_parts();
        if let Some(snapshot) = &writes.snapshot {
            self.judge.snapshot(snapshot);
        }
        if !writes.is_empty() {
            let verb = if server.pace == Pace::Slow { "will write" } else { "writes" };
            self.story.push(format!("{id} {verb} {}", show::writes(&writes)));
        }
        self.server(id).pending.push_back((writes, held));
        true
    }

    /// The oldest pending Ready becomes durable, and what it held back leaves.
    fn persist_one(&mut self, id: ServerId) {
        let now = self.now;
        let server = self.server(id);
        let Some((writes, held)) = server.pending.pop_front() else { return };
        if server.pace == Pace::Slow && !writes.is_empty() {
            self.story.push(format!("{id} has written {}", show::writes(&writes)));
        }
        let server = self.servers.get_mut(&id).expect("a server of the cluster");
        in_order(writes).for_each(|write| server.disk.apply(write));
        let raft = server.raft.as_mut().expect("a crash drops what is pending");
        let before = show::Facts::of(raft);
        let outbox = raft.persisted(held, now);
        before.changes(raft, &mut self.story);
        for (to, message) in outbox.messages {
            self.judge.sent(&server.disk, to, &message);
            self.sent += 1;
            let cut = self.isolated.contains(&id) || self.isolated.contains(&to);
            let envelope = Envelope { number: self.sent, from: id, to, message };
            let fate = if cut { ", lost" } else { "" };
            self.story.push(format!("{}{fate}", show::envelope(&envelope)));
            if !cut {
                self.network.push(envelope);
            }
        }
        if let Some(snapshot) = outbox.snapshot {
            self.story.push(format!("{id} restores a snapshot up to {}", snapshot.last.index));
            self.judge.begins_after(id, snapshot.last.index);
            self.server(id).state = state_of(&snapshot);
        }
        for (index, entry) in outbox.committed {
            self.story.push(format!("{id} applies {}", show::entry(index, &entry)));
            self.server(id).state.push(entry.name.clone());
            self.judge.applied(id, index, entry);
        }
        for (read, index) in outbox.reads {
            self.story.push(format!("{id} answers read {} as of {index}", read.0));
            let applied = self.raft(id).map(Raft::applied);
            assert!(applied >= Some(index), "a read of a state that is not there yet");
            self.judge.read_answered(read, index);
        }
        for read in outbox.aborted_reads {
            self.story.push(format!("{id} aborts read {}", read.0));
            self.judge.read_aborted(read);
        }
        self.check();
    }

    fn check(&mut self) {
        self.judge.check(&self.servers);
    }

    /// Lets everyone live and talk until `done`, for a minute at most: nothing is lost, and each
    /// message takes 1 ms. False if that was not enough.
    pub fn heal_until(&mut self, done: impl Fn(&Self) -> bool) -> bool {
        const PATIENCE_MS: u64 = 60_000;
        self.isolated.clear();
        let ids: Vec<_> = self.servers.keys().copied().collect();
        for id in ids {
            self.start(id);
            self.set_pace(id, Pace::Fast);
        }
        for _ in 0..PATIENCE_MS {
            if done(self) {
                return true;
            }
            self.exchange();
            self.elapse(Span::ms(1));
            self.leader().into_iter().for_each(|leader| self.govern(leader));
        }
        false
    }

    /// What a leader's application has to see to: an entry of its own term, without which nothing
    /// older is committed, and the end of a change of members.
    fn govern(&mut self, leader: ServerId) {
        let raft = self.raft(leader).expect("it leads");
        if raft.last_term() < raft.term() && raft.transferee().is_none() {
            self.propose(leader, &["opening".to_owned()]).expect("it leads");
        }
        self.complete_change(leader);
    }

    /// How each server stands, for a message.
    pub fn standing(&self) -> String {
        let stands = |(id, server): (&ServerId, &Server)| match &server.raft {
            None => format!("{id} is down"),
            Some(raft) => format!(
                "{id} is {:?} in term {}, of {} since {}, log {} durable {} commit {} applied {}",
                raft.role(),
                raft.term(),
                raft.membership(),
                raft.membership_index(),
                raft.last_index(),
                raft.durable(),
                raft.commit(),
                raft.applied(),
            ),
        };
        self.servers.iter().map(stands).collect::<Vec<_>>().join("; ")
    }

    /// The server that leads the latest term, if any does.
    pub fn leader(&self) -> Option<ServerId> {
        let up = self.servers.values().filter_map(|server| server.raft.as_ref());
        let leaders = up.filter(|raft| raft.role() == Role::Leader);
        leaders.max_by_key(|raft| raft.term()).map(Raft::id)
    }

    /// True if all members are up and follow the same leader, and the membership is at rest.
    pub fn follows_one_leader(&self) -> bool {
        let Some(leader) = self.leader().and_then(|leader| self.raft(leader)) else { return false };
        let members = leader.membership();
        let follows = |id| {
            let follower = self.servers.get(&id).and_then(|server| server.raft.as_ref());
            follower.is_some_and(|raft| raft.leader() == Some(leader.id()))
        };
        let is_at_rest = !members.is_joint() && leader.membership_index() <= leader.commit();
        is_at_rest && members.is_voter(leader.id()) && members.all().all(follows)
    }

    /// True if all members have applied the leader's whole log, and no other one.
    pub fn agrees(&self) -> bool {
        let Some(leader) = self.leader().and_then(|leader| self.raft(leader)) else { return false };
        let state = &self.servers[&leader.id()].state;
        let agrees = |id| {
            let server = &self.servers[&id];
            let is_at_end = server.raft.as_ref().is_some_and(|raft| {
                raft.applied() == leader.last_index() && raft.last_index() == leader.last_index()
            });
            is_at_end && server.state == *state && server.disk.last_index() == leader.last_index()
        };
        leader.membership().all().all(agrees)
    }

    /// True if a read was answered or aborted.
    pub fn is_answered(&self, read: ReadId) -> bool {
        !self.judge.awaits(read)
    }

    /// From now on, servers are told lies. What they do to each other is judged no more, but
    /// what each does by itself is.
    pub fn expect_lies(&mut self) {
        self.judge.trusts_nobody = true;
    }

    /// From now on, servers lack a rule: neither the cluster nor a server keeps its promises.
    pub fn expect_nothing(&mut self) {
        self.judge.trusts_nobody = true;
        self.judge.expects_nothing = true;
    }
}
