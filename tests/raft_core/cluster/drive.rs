//! Takes what a core wants done, and does it: persist, then send, then apply, then answer.

use super::{Cluster, Envelope, Pace};
use crate::disk::{Proposal, in_order, state_of};
use crate::show;
use raftbank::base::{Index, ServerId, Time};
use raftbank::raft::{Message, Raft, ReadId, Snapshot};

impl Cluster {
    /// Does something with a core that is up, and what follows from it.
    pub(super) fn input<T>(
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
    pub(super) fn after_input(&mut self, id: ServerId) {
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
    pub(super) fn persist_one(&mut self, id: ServerId) {
        let now = self.now;
        let server = self.server(id);
        let Some((writes, held)) = server.pending.pop_front() else { return };
        if server.pace == Pace::Slow && !writes.is_empty() {
            self.story.push(format!("{id} has written {}", show::writes(&writes)));
        }
        let server = self.servers.get_mut(&id).expect("a server of the cluster");
        let before = server.disk.hard_state;
        self.judge.hard_state(before, writes.hard_state.unwrap_or(before));
        in_order(writes).for_each(|write| server.disk.apply(write));
        let raft = server.raft.as_mut().expect("a crash drops what is pending");
        let before = show::Facts::of(raft);
        let outbox = raft.persisted(held, now);
        before.changes(raft, &mut self.story);
        self.send(id, outbox.messages);
        self.apply(id, outbox.snapshot, outbox.committed);
        self.answer(id, outbox.reads, outbox.aborted_reads);
        self.check();
    }

    /// Messages get onto the network, unless it is cut.
    fn send(&mut self, id: ServerId, messages: Vec<(ServerId, Message<Proposal>)>) {
        for (to, message) in messages {
            self.judge.sent(&self.servers[&id].disk, to, &message);
            self.sent += 1;
            let cut = self.isolated.contains(&id) || self.isolated.contains(&to);
            let envelope = Envelope { number: self.sent, from: id, to, message };
            let fate = if cut { ", lost" } else { "" };
            self.story.push(format!("{}{fate}", show::envelope(&envelope)));
            if !cut {
                self.network.push(envelope);
            }
        }
    }

    /// A leader's snapshot takes the place of the state, and what is committed is added to it.
    fn apply(
        &mut self,
        id: ServerId,
        snapshot: Option<Snapshot>,
        committed: Vec<(Index, Proposal)>,
    ) {
        if let Some(snapshot) = snapshot {
            self.story.push(format!("{id} restores a snapshot up to {}", snapshot.last.index));
            self.judge.begins_after(id, snapshot.last.index);
            self.server(id).state = state_of(&snapshot);
        }
        for (index, entry) in committed {
            self.story.push(format!("{id} applies {}", show::entry(index, &entry)));
            self.server(id).state.push(entry.name.clone());
            self.judge.applied(id, index, entry);
        }
    }

    fn answer(&mut self, id: ServerId, reads: Vec<(ReadId, Index)>, aborted: Vec<ReadId>) {
        for (read, index) in reads {
            self.story.push(format!("{id} answers read {} as of {index}", read.0));
            let applied = self.raft(id).map(Raft::applied);
            assert!(applied >= Some(index), "a read of a state that is not there yet");
            self.judge.read_answered(read, index);
        }
        for read in aborted {
            self.story.push(format!("{id} aborts read {}", read.0));
            self.judge.read_aborted(read);
        }
    }

    pub(super) fn check(&mut self) {
        self.judge.check(&self.servers);
    }
}
