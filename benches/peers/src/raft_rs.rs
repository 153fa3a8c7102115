//! raft-rs at the job, with the settings that suit it best.

use super::{Cluster, fold};
use raft::prelude::*;
use raft::storage::MemStorage;
use raft::{Config, RawNode, StateRole};

/// How entries are handed to the leader.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Each by itself, as most users do.
    Single,
    /// Each by itself, with appends to a follower merged (`batch_append`).
    Merged,
    /// A whole batch in one proposal.
    Batch,
}

struct Node {
    raw: RawNode<MemStorage>,
    applied: u64,
    sum: u64,
}

/// Three servers; the first leads.
pub struct RaftRs {
    nodes: Vec<Node>,
    messages: Vec<Message>,
    mode: Mode,
    proposed: usize,
}

impl RaftRs {
    pub fn new(mode: Mode) -> Self {
        let logger = slog::Logger::root(slog::Discard, slog::o!());
        let node = |id| {
            let storage = MemStorage::new_with_conf_state((vec![1, 2, 3], vec![]));
            let config = Config {
                id,
                election_tick: 10,
                heartbeat_tick: 1,
                max_size_per_msg: 1 << 20,
                max_inflight_msgs: 256,
                pre_vote: true,
                check_quorum: true,
                batch_append: mode == Mode::Merged,
                ..Default::default()
            };
            let raw = RawNode::new(&config, storage, &logger).expect("valid settings");
            Node { raw, applied: 0, sum: 0 }
        };
        let nodes = (1..=3).map(node).collect();
        let mut cluster = Self { nodes, messages: Vec::new(), mode, proposed: 0 };
        cluster.nodes[0].raw.campaign().expect("a server may campaign");
        cluster.drain();
        assert!(cluster.nodes[0].raw.raft.state == StateRole::Leader, "the first is elected");
        cluster
    }

    /// Lets messages pass until nothing more happens.
    fn drain(&mut self) {
        loop {
            let mut busy = false;
            for node in &mut self.nodes {
                busy |= node.drive(&mut self.messages);
            }
            if self.messages.is_empty() && !busy {
                break;
            }
            for message in std::mem::take(&mut self.messages) {
                let node = &mut self.nodes[message.to as usize - 1];
                // An error says that the message is of no use; the peer's own drivers ignore it.
                let _ = node.raw.step(message);
            }
        }
    }

    fn next_data(&mut self, size: usize) -> Vec<u8> {
        self.proposed += 1;
        vec![((self.proposed - 1) % 251) as u8; size]
    }
}

impl Node {
    /// Does what a Ready asks, in the order that raft-rs's documentation gives. True if there was
    /// anything to do.
    fn drive(&mut self, out: &mut Vec<Message>) -> bool {
        if !self.raw.has_ready() {
            return false;
        }
        let mut ready = self.raw.ready();
        let storage = self.raw.raft.raft_log.store.clone();
        out.extend(ready.take_messages());
        self.apply(&ready.take_committed_entries());
        if !ready.entries().is_empty() {
            storage.wl().append(ready.entries()).expect("entries follow on the log");
        }
        if let Some(hard_state) = ready.hs() {
            storage.wl().set_hardstate(hard_state.clone());
        }
        out.extend(ready.take_persisted_messages());
        let mut light = self.raw.advance(ready);
        if let Some(commit) = light.commit_index() {
            storage.wl().mut_hard_state().set_commit(commit);
        }
        out.extend(light.take_messages());
        self.apply(&light.take_committed_entries());
        self.raw.advance_apply();
        true
    }

    fn apply(&mut self, entries: &[Entry]) {
        // A leader's opening entry is empty.
        for entry in entries.iter().filter(|entry| !entry.data.is_empty()) {
            self.applied += 1;
            self.sum = fold(self.sum, entry.data[0], entry.index);
        }
    }
}

impl Cluster for RaftRs {
    fn commit(&mut self, batch: usize, size: usize) {
        if self.mode == Mode::Batch {
            let mut proposal = Message { from: 1, to: 1, ..Default::default() };
            proposal.set_msg_type(MessageType::MsgPropose);
            for _ in 0..batch {
                let data = self.next_data(size).into();
                proposal.entries.push(Entry { data, ..Default::default() });
            }
            self.nodes[0].raw.raft.step(proposal).expect("the first server leads");
        } else {
            for _ in 0..batch {
                let data = self.next_data(size);
                self.nodes[0].raw.propose(vec![], data).expect("the first server leads");
            }
        }
        self.drain();
    }

    fn finish(&mut self) -> Vec<(u64, u64)> {
        for _ in 0..3 {
            for node in &mut self.nodes {
                node.raw.tick();
            }
            self.drain();
        }
        self.nodes.iter().map(|node| (node.applied, node.sum)).collect()
    }
}
