//! Who belongs to the cluster, by place in the log, and how that changes (paper §6; dissertation
//! §4).
//!
//! A membership is in force on a server as soon as its entry stands in the log there, committed or
//! not; if the entry makes way, the former membership is back. A change of voters goes through a
//! joint membership, in which both the old and the new majority are needed, so that the two can
//! never decide apart; learners come and go in one step.
//!
//! One change is made at a time, and only once the leader has committed an entry of its own term.
//! Else a leader could count on a membership whose predecessor's change it cannot see, and two
//! majorities without a server in common could form. So of the memberships in a log, at most the
//! last is not committed, and only the last two ever matter.

use super::log::Log;
use super::message::{AppendEntries, Message};
use super::progress::Progress;
use super::{ChangeRefused, Entry, NotLeader, Raft, Role, State};
use crate::base::{Index, Membership, Rule, ServerId, Time};

/// The memberships that a log has had, from its base on. There is always at least one.
#[derive(Clone, Debug)]
pub(super) struct Memberships {
    /// The first is the one in force at the log's base; each other begins with the entry there.
    places: Vec<(Index, Membership)>,
}

impl Memberships {
    /// The memberships of a log that begins with `first` in force.
    pub fn new<E: Entry>(first: Membership, log: &Log<E>) -> Self {
        let mut memberships = Self { places: vec![(log.base().index, first)] };
        for (index, entry) in log.iter() {
            memberships.note(index, entry);
        }
        memberships
    }

    /// An entry is in the log now.
    pub fn note<E: Entry>(&mut self, index: Index, entry: &E) {
        if let Some(membership) = entry.membership() {
            self.places.push((index, membership.clone()));
        }
    }

    /// The log lost the entry at `from` and all after it.
    pub fn truncate(&mut self, from: Index) {
        let keep = self.places.partition_point(|(index, _)| *index < from);
        self.places.truncate(keep.max(1));
    }

    /// The log begins after `base` from now on.
    pub fn compact(&mut self, base: Index) {
        let settled = self.places.partition_point(|(index, _)| *index <= base);
        self.places.drain(..settled.saturating_sub(1));
    }

    /// The one in force at a place of the log.
    pub fn at(&self, place: Index) -> &Membership {
        let count = self.places.partition_point(|(index, _)| *index <= place);
        &self.places[count.saturating_sub(1)].1
    }

    /// The one in force.
    pub fn latest(&self) -> &Membership {
        &self.last().1
    }

    /// Where the one in force begins.
    pub fn latest_index(&self) -> Index {
        self.last().0
    }

    /// Those that the cluster may count on, seen from a server that knows `commit` committed: the
    /// latest, and the one before it while the latest is not committed.
    pub fn in_question(&self, commit: Index) -> impl Iterator<Item = &Membership> {
        let count = if self.latest_index() > commit { 2 } else { 1 };
        self.places.iter().rev().take(count).map(|(_, membership)| membership)
    }

    fn last(&self) -> &(Index, Membership) {
        self.places.last().expect("a log has a membership at every place")
    }
}

impl<E: Entry> Raft<E> {
    /// What the next entry must carry to bring the membership to `target`: the target itself, or
    /// if voters change, the joint membership on the way to it.
    ///
    /// # Errors
    /// If the membership cannot be changed to it now.
    pub fn plan_change(&self, target: &Membership) -> Result<Membership, ChangeRefused> {
        let current = self.membership();
        let latest = self.memberships.latest_index();
        if self.role() != Role::Leader {
            return Err(ChangeRefused::NotLeader(NotLeader { leader: self.leader() }));
        }
        if target.is_joint() {
            return Err(ChangeRefused::Joint);
        }
        if latest > self.commit || current.is_joint() {
            return Err(ChangeRefused::UnderWay(latest));
        }
        if !self.has_committed_in_own_term() {
            return Err(ChangeRefused::TooEarly);
        }
        if target == current {
            return Err(ChangeRefused::Unchanged);
        }
        let in_one_step =
            target.voters() == current.voters() || !self.config.rules.is_on(Rule::JointConsensus);
        Ok(if in_one_step { target.clone() } else { current.joint_with(target) })
    }

    /// If this server leads, and a joint membership is committed: the one that completes the
    /// change. The caller is to propose an entry with it now.
    pub fn due_membership(&self) -> Option<Membership> {
        let current = self.membership();
        let due = self.role() == Role::Leader
            && self.transferee().is_none()
            && current.is_joint()
            && self.memberships.latest_index() <= self.commit;
        due.then(|| current.settled())
    }

    /// An entry that is proposed would change the membership: is it the next step?
    pub(super) fn check_change(&self, proposed: &Membership) -> Result<(), ChangeRefused> {
        if self.due_membership().as_ref() == Some(proposed) {
            return Ok(());
        }
        let planned = self.plan_change(&proposed.settled())?;
        if planned == *proposed { Ok(()) } else { Err(ChangeRefused::NotTheNextStep) }
    }

    /// True if this server may be needed as leader: it votes in the latest membership, or in the
    /// one before it while the latest is not known to be committed.
    ///
    /// A server that is being removed must be able to lead until its removal is committed: nobody
    /// else may have the entry that removes it (dissertation §4.2.2 and figure 4.6).
    pub(super) fn may_campaign(&self) -> bool {
        self.memberships.in_question(self.commit).any(|members| members.is_voter(self.config.id))
    }

    /// If this server leads: sends to those that belong to the cluster from now on, and says
    /// farewell to the others.
    pub(super) fn follow_membership(&mut self) {
        let last_index = self.last_index();
        let State::Leader(leader) = &mut self.state else { return };
        let listening_since = leader.heartbeat_timer.armed;
        let mut members: Vec<ServerId> =
            self.memberships.in_question(self.commit).flat_map(Membership::all).collect();
        members.retain(|member| *member != self.config.id);
        for member in &members {
            leader
                .progress
                .entry(*member)
                .or_insert_with(|| Progress::new(last_index, listening_since));
        }
        let gone: Vec<ServerId> =
            leader.progress.keys().copied().filter(|peer| !members.contains(peer)).collect();
        for peer in &gone {
            leader.progress.remove(peer);
        }
        gone.into_iter().for_each(|peer| self.say_farewell(peer));
        self.give_up_lost_transfer();
    }

    /// Tells one that leaves the cluster that this is committed, so that it waits in silence from
    /// then on. If the message is lost, it stands for election now and then, in vain.
    pub(super) fn say_farewell(&mut self, peer: ServerId) {
        let State::Leader(leader) = &self.state else { return };
        let index = self.memberships.latest_index();
        let place = self.log.position_at(index).expect("the latest membership has its place");
        let farewell = AppendEntries {
            term: self.hard_state.term,
            prev_log: place,
            entries: Vec::new(),
            leader_commit: self.commit.min(index),
            round: leader.round,
        };
        self.messages.push((peer, Message::AppendEntries(farewell)));
    }

    /// If this server leads and the latest membership, committed now, has it as a voter no more:
    /// its work is done (dissertation §4.2.2).
    pub(super) fn leave_if_removed(&mut self, now: Time) {
        let is_settled = self.memberships.latest_index() <= self.commit;
        if self.role() != Role::Leader || !is_settled || self.membership().is_voter(self.config.id)
        {
            return;
        }
        let State::Leader(leader) = &self.state else { return };
        let peers: Vec<ServerId> = leader.progress.keys().copied().collect();
        let successor = self.most_complete_voter();
        peers.into_iter().for_each(|peer| self.say_farewell(peer));
        if let Some(successor) = successor {
            self.send_timeout_now(successor);
        }
        self.follow(None, now);
    }
}
