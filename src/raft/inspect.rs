//! What may be seen of a [`Raft`] from outside. Nothing here changes anything.

use super::{Entry, HardState, Log, Progress, Raft, Role, State, Timer};
use crate::base::{Index, ServerId, Term};
use std::collections::BTreeMap;

/// The votes of one who does not stand for election.
static NO_VOTES: BTreeMap<ServerId, bool> = BTreeMap::new();

impl<E: Entry> Raft<E> {
    /// This server.
    pub fn id(&self) -> ServerId {
        self.config.id
    }

    /// The settings.
    pub fn config(&self) -> &super::Config {
        &self.config
    }

    /// What this server is in the current term.
    pub fn role(&self) -> Role {
        match self.state {
            State::Follower(_) => Role::Follower,
            State::Candidate(_) => Role::Candidate,
            State::Leader(_) => Role::Leader,
        }
    }

    /// The latest term that it has seen. It may not be durable yet.
    pub fn term(&self) -> Term {
        self.hard_state.term
    }

    /// Whom it has voted for in this term. It may not be durable yet.
    pub fn vote(&self) -> Option<ServerId> {
        self.hard_state.vote
    }

    /// Term and vote as they are on the disk.
    pub fn durable_hard_state(&self) -> HardState {
        self.durability.hard_state()
    }

    /// The leader of this term as far as this server knows.
    pub fn leader(&self) -> Option<ServerId> {
        match &self.state {
            State::Follower(follower) => follower.leader,
            State::Candidate(_) => None,
            State::Leader(_) => Some(self.config.id),
        }
    }

    /// How far this server knows the log to be committed.
    pub fn commit(&self) -> Index {
        self.commit
    }

    /// How far committed entries have been given out to be applied.
    pub fn applied(&self) -> Index {
        self.applied
    }

    /// How far the log is durable here.
    pub fn durable(&self) -> Index {
        self.durability.last_index()
    }

    /// Where the log ends, durable or not.
    pub fn last_index(&self) -> Index {
        self.log.last_index()
    }

    /// The term of the log's last entry, or 0.
    pub fn last_term(&self) -> Term {
        self.log.last_term()
    }

    /// The log, durable or not.
    pub fn log(&self) -> &Log<E> {
        &self.log
    }

    /// What this server, if it leads, knows of a follower.
    pub fn progress(&self, peer: ServerId) -> Option<&Progress> {
        match &self.state {
            State::Leader(leader) => leader.progress.get(&peer),
            State::Follower(_) | State::Candidate(_) => None,
        }
    }

    /// If this server stands for election: the answers so far, true for a vote that it got.
    pub fn votes(&self) -> &BTreeMap<ServerId, bool> {
        match &self.state {
            State::Candidate(candidate) => &candidate.votes,
            State::Follower(_) | State::Leader(_) => &NO_VOTES,
        }
    }

    /// When it will stand for election unless it hears from a leader. Leaders have no such timer.
    pub fn election_timer(&self) -> Option<Timer> {
        match &self.state {
            State::Follower(follower) => Some(follower.election_timer),
            State::Candidate(candidate) => Some(candidate.election_timer),
            State::Leader(_) => None,
        }
    }

    /// When it will send heartbeats again. Only leaders have such a timer.
    pub fn heartbeat_timer(&self) -> Option<Timer> {
        match &self.state {
            State::Leader(leader) => Some(leader.heartbeat_timer),
            State::Follower(_) | State::Candidate(_) => None,
        }
    }

    /// How many reads this server has taken, as leader, and not confirmed yet.
    pub fn unconfirmed_reads(&self) -> usize {
        match &self.state {
            State::Leader(leader) => leader.reads.len(),
            State::Follower(_) | State::Candidate(_) => 0,
        }
    }
}
