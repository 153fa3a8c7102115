//! A cluster in which nothing fails any more, and what is then expected of it.

use super::{Cluster, Pace, Server};
use raftbank::base::{ServerId, Span};
use raftbank::raft::{Raft, ReadId, Role};

impl Cluster {
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
}
