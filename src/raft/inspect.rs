//! What may be seen of a [`Raft`] from outside. Nothing here changes anything.

use super::read::Reader;
use super::{
    Entry, HardState, Log, Progress, Raft, ReadId, ReadStage, Role, Round, Snapshot, State, Timer,
};
use crate::base::{Index, Map, Membership, ServerId, Term};

/// The votes of one who does not stand for election.
static NO_VOTES: Map<ServerId, bool> = Map::new();

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
            State::PreCandidate(_) => Role::PreCandidate,
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
            State::PreCandidate(_) | State::Candidate(_) => None,
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

    /// The snapshot that stands for what comes before the log. It ends at the log's base.
    pub fn snapshot(&self) -> Option<&Snapshot> {
        self.snapshot.as_ref()
    }

    /// The membership in force: the latest in the log, committed or not (dissertation §4.1).
    pub fn membership(&self) -> &Membership {
        self.memberships.latest()
    }

    /// Where in the log the membership in force begins: at its entry, which may be compacted away.
    /// From a snapshot on, at the log's base if it is older.
    pub fn membership_index(&self) -> Index {
        self.memberships.latest_index()
    }

    /// What this server, if it leads, knows of a follower.
    pub fn progress(&self, peer: ServerId) -> Option<&Progress> {
        match &self.state {
            State::Leader(leader) => leader.progress.get(&peer),
            _ => None,
        }
    }

    /// If this server stands for election, or asks whether to: the answers so far, true for a
    /// vote that it has, or would have.
    pub fn votes(&self) -> &Map<ServerId, bool> {
        match &self.state {
            State::PreCandidate(asking) | State::Candidate(asking) => &asking.votes,
            State::Follower(_) | State::Leader(_) => &NO_VOTES,
        }
    }

    /// When it will want to lead unless it hears from a leader. Leaders have no such timer, nor
    /// have those who do not vote.
    pub fn election_timer(&self) -> Option<Timer> {
        self.state.election_timer().filter(|_| self.may_campaign())
    }

    /// When it will send heartbeats again. Only leaders have such a timer.
    pub fn heartbeat_timer(&self) -> Option<Timer> {
        match &self.state {
            State::Leader(leader) => Some(leader.heartbeat_timer),
            _ => None,
        }
    }

    /// When a leader will look whether a quorum still answers it.
    pub fn quorum_timer(&self) -> Option<Timer> {
        match &self.state {
            State::Leader(leader) => Some(leader.quorum_timer),
            _ => None,
        }
    }

    /// When a leader will give up handing over, if it is about to.
    pub fn transfer_timer(&self) -> Option<Timer> {
        match &self.state {
            State::Leader(leader) => leader.transfer.map(|transfer| transfer.timer),
            _ => None,
        }
    }

    /// A leader's newest round of heartbeats.
    pub fn round(&self) -> Option<Round> {
        match &self.state {
            State::Leader(leader) => Some(leader.round),
            _ => None,
        }
    }

    /// How far a read that this server has taken has come. Nothing if it has none of that name.
    pub fn read_stage(&self, id: ReadId) -> Option<ReadStage> {
        let confirmed = self.confirmed_reads.iter().find(|(read, _)| *read == id);
        if let Some((_, index)) = confirmed {
            return Some(ReadStage::Confirmed(*index));
        }
        match &self.state {
            State::Leader(leader) => leader.reads.stage(Reader::Own(id)),
            State::Follower(follower) => {
                let passed_on = follower.reads.iter().any(|read| read.id == id);
                follower.leader.filter(|_| passed_on).map(ReadStage::PassedOn)
            }
            State::PreCandidate(_) | State::Candidate(_) => None,
        }
    }

    /// If this server leads: how far a read that this follower has passed on has come here.
    pub fn read_stage_of(&self, follower: ServerId, id: ReadId) -> Option<ReadStage> {
        match &self.state {
            State::Leader(leader) => leader.reads.stage_of_other(follower, id),
            _ => None,
        }
    }

    /// How many reads this server has taken or passed on that are not confirmed yet.
    pub fn unconfirmed_reads(&self) -> usize {
        match &self.state {
            State::Leader(leader) => leader.reads.len(),
            State::Follower(follower) => follower.reads.len(),
            State::PreCandidate(_) | State::Candidate(_) => 0,
        }
    }
}
