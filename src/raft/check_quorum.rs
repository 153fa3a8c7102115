//! Leaders that a quorum no longer answers, and voters that hear a leader (dissertation §6.2 and
//! §4.2.3).
//!
//! A leader cut off from its quorum can do nothing, and keeps clients waiting who could find the
//! next one: so it steps down when no quorum has answered within the longest election timeout. And
//! a voter that has heard its leader within the least election timeout helps nobody to depose it:
//! else a server that was cut off, or removed and does not know it, could do so again and again.
//! One belongs to the other: if voters stick to a leader, it must not be one that is cut off.
//!
//! Whoever sticks to a leader still answers every message of a lower term with its own. So a
//! server whose term is ahead, and which nobody follows, makes the leader step down by its answers
//! and is stuck for no longer than a heartbeat.

use super::quorum::reached_by_quorum;
use super::{Entry, Leader, Raft, State, Timer};
use crate::base::{Rule, Time};

impl<E: Entry> Raft<E> {
    fn checks_quorum(&self) -> bool {
        self.config.rules.is_on(Rule::CheckQuorum)
    }

    /// True if this server helps nobody to depose the leader, because it has heard it of late, or
    /// is it, and has heard a quorum.
    pub(super) fn sticks_to_leader(&self, now: Time) -> bool {
        let heard = match &self.state {
            State::Follower(follower) if follower.leader.is_some() => follower.heard,
            State::Leader(leader) => self.quorum_heard(leader, now),
            _ => return false,
        };
        self.checks_quorum() && now < heard + self.config.election_timeout_min
    }

    /// If this server leads: the moment of late since which a quorum has been heard. It hears
    /// itself all the time.
    fn quorum_heard(&self, leader: &Leader, now: Time) -> Time {
        let heard = |server| match leader.progress.get(&server) {
            Some(progress) => progress.heard(),
            None if server == self.config.id => now,
            None => Time::ZERO,
        };
        reached_by_quorum(self.memberships.latest(), heard)
    }

    /// If this server leads, and it is time to look: steps down unless a quorum is there.
    pub(super) fn check_quorum(&mut self, now: Time) {
        let State::Leader(leader) = &self.state else { return };
        if now < leader.quorum_timer.deadline {
            return;
        }
        let heard = self.quorum_heard(leader, now);
        let timer = Timer::new(heard, self.config.election_timeout_max);
        if timer.deadline <= now && self.checks_quorum() {
            self.follow(None, now);
        } else if let State::Leader(leader) = &mut self.state {
            let later = Timer::new(now, self.config.election_timeout_max);
            leader.quorum_timer = if timer.deadline > now { timer } else { later };
        }
    }
}
