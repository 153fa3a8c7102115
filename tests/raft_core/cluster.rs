//! A cluster of cores, with a network and disks that do what they are told and nothing else.

mod drive;
mod heal;

use crate::disk::{Disk, Proposal, in_order, state_as_bytes, state_of};
use crate::judge::Judge;
use crate::show;
use raftbank::base::random::stream;
use raftbank::base::{Index, MAX_SERVERS, Membership, Rules, ServerId, Span, Time};
use raftbank::raft::{
    Config, Held, Message, NotLeader, ProposeError, Raft, ReadId, TransferRefused, Writes,
};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

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
        self.judge.crashed(id);
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
        self.judge.crashed(id);
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
