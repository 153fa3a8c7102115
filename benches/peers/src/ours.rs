//! Raftbank's core at the job.

use super::{Cluster, fold};
use raftbank::base::random::stream;
use raftbank::base::{Index, Membership, ServerId, Span, Term, Time};
use raftbank::raft::{Config, Entry, HardState, Message, Raft, Role};
use std::sync::Arc;

/// An entry of some bytes.
#[derive(Clone, Debug)]
struct Bytes {
    term: Term,
    data: Arc<[u8]>,
}

impl Entry for Bytes {
    fn term(&self) -> Term {
        self.term
    }

    fn size(&self) -> usize {
        self.data.len()
    }

    fn membership(&self) -> Option<&Membership> {
        None
    }
}

struct Node {
    raft: Raft<Bytes>,
    applied: u64,
    sum: u64,
}

/// Three servers; the first leads.
pub struct Ours {
    nodes: Vec<Node>,
    now: Time,
    /// Messages under way: from, to, what.
    messages: Vec<(ServerId, ServerId, Message<Bytes>)>,
    proposed: usize,
}

impl Ours {
    pub fn new() -> Self {
        let membership = Membership::of(ServerId::first(3));
        let node = |id| {
            let config = Config {
                max_append_entries: 1 << 16,
                max_append_bytes: 1 << 20,
                max_inflight_appends: 256,
                ..Config::new(id, membership.clone())
            };
            let rng = stream(1, &id.to_string());
            let raft =
                Raft::new(config, HardState::default(), None, Vec::new(), rng, Time::ZERO);
            Node { raft, applied: 0, sum: 0 }
        };
        let nodes = ServerId::first(3).map(node).collect();
        let mut cluster = Self { nodes, now: Time::ZERO, messages: Vec::new(), proposed: 0 };
        cluster.nodes[0].raft.campaign(Time::ZERO);
        cluster.drain();
        assert!(cluster.nodes[0].raft.role() == Role::Leader, "the first server is elected");
        cluster
    }

    /// Lets messages pass until nothing more happens.
    fn drain(&mut self) {
        loop {
            for node in &mut self.nodes {
                node.drive(self.now, &mut self.messages);
            }
            if self.messages.is_empty() {
                break;
            }
            for (from, to, message) in std::mem::take(&mut self.messages) {
                let node = &mut self.nodes[usize::from(to.number()) - 1];
                node.raft.step(from, message, self.now);
            }
        }
    }
}

impl Node {
    fn drive(&mut self, now: Time, out: &mut Vec<(ServerId, ServerId, Message<Bytes>)>) {
        while let Some(ready) = self.raft.take_ready() {
            // The disk is the log in memory, as raft-rs's MemStorage is.
            let (_writes, held) = ready.into_parts();
            let outbox = self.raft.persisted(held, now);
            let from = self.raft.id();
            out.extend(outbox.messages.into_iter().map(|(to, message)| (from, to, message)));
            for (Index(index), entry) in outbox.committed {
                self.applied += 1;
                self.sum = fold(self.sum, entry.data[0], index);
            }
        }
    }
}

impl Cluster for Ours {
    fn commit(&mut self, batch: usize, size: usize) {
        let leader = &mut self.nodes[0].raft;
        for _ in 0..batch {
            let data = vec![(self.proposed % 251) as u8; size].into();
            self.proposed += 1;
            leader.propose(Bytes { term: leader.term(), data }).expect("the first server leads");
        }
        self.drain();
    }

    fn finish(&mut self) -> Vec<(u64, u64)> {
        for _ in 0..3 {
            self.now += Span::ms(50);
            for node in &mut self.nodes {
                node.raft.wake(self.now);
            }
            self.drain();
        }
        self.nodes.iter().map(|node| (node.applied, node.sum)).collect()
    }
}
