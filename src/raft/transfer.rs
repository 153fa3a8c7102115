//! Handing leadership over to a server of one's choice (dissertation §3.10).
//!
//! The leader takes no entries while it brings the successor's log up to its own, and then tells
//! it to stand for election at once. The successor asks for votes in the next term without asking
//! first whether it would get them, and voters that hear the leader vote nevertheless: it is the
//! leader's wish. If nothing has come of it after an election timeout, the leader takes entries
//! again. Reads go on throughout. They stay linearizable, since each is confirmed by a quorum that
//! knows of no later leader.

use super::message::{Message, TimeoutNow};
use super::{Entry, NotLeader, Raft, State, Timer, TransferRefused};
use crate::base::{ServerId, Time};

/// A transfer under way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Transfer {
    pub to: ServerId,
    /// When it is abandoned.
    pub timer: Timer,
    /// The successor has been told.
    told: bool,
}

impl<E: Entry> Raft<E> {
    /// A leader hands over to `to`. Another transfer that is under way is forgotten; asking for the
    /// same again changes nothing.
    ///
    /// # Errors
    /// If this server does not lead, or `to` could not.
    pub fn transfer_leadership(&mut self, to: ServerId, now: Time) -> Result<(), TransferRefused> {
        let leader = self.leader();
        let is_voter = self.membership().voters().contains(&to);
        let State::Leader(leading) = &mut self.state else {
            return Err(TransferRefused::NotLeader(NotLeader { leader }));
        };
        if to == self.config.id {
            return Err(TransferRefused::ToItself);
        }
        if !is_voter || !leading.progress.contains_key(&to) {
            return Err(TransferRefused::NotVoter(to));
        }
        if leading.transfer.is_none_or(|transfer| transfer.to != to) {
            let timer = Timer::new(now, self.config.election_timeout_max);
            leading.transfer = Some(Transfer { to, timer, told: false });
        }
        self.continue_transfer();
        Ok(())
    }

    /// To whom this server, if it leads, is handing over.
    pub fn transferee(&self) -> Option<ServerId> {
        match &self.state {
            State::Leader(leader) => leader.transfer.map(|transfer| transfer.to),
            _ => None,
        }
    }

    /// Tells the successor to stand for election, if its log is complete.
    pub(super) fn continue_transfer(&mut self) {
        let last_index = self.log.last_index();
        let State::Leader(leader) = &mut self.state else { return };
        let Some(transfer) = &mut leader.transfer else { return };
        let progress = leader.progress.get(&transfer.to);
        let is_complete = progress.is_some_and(|progress| progress.match_index() == last_index);
        if is_complete && !transfer.told {
            transfer.told = true;
            let to = transfer.to;
            self.send_timeout_now(to);
        }
    }

    /// Gives up a transfer to one that is a voter no more.
    pub(super) fn give_up_lost_transfer(&mut self) {
        let lost = self.transferee().filter(|to| !self.membership().voters().contains(to));
        if let (Some(_), State::Leader(leader)) = (lost, &mut self.state) {
            leader.transfer = None;
        }
    }

    pub(super) fn send_timeout_now(&mut self, to: ServerId) {
        self.messages.push((to, Message::TimeoutNow(TimeoutNow { term: self.hard_state.term })));
    }

    /// The voter, other than this leader, that has most of its log.
    pub(super) fn most_complete_voter(&self) -> Option<ServerId> {
        let State::Leader(leader) = &self.state else { return None };
        let voters = self.memberships.latest().voters().iter();
        let known =
            voters.filter_map(|voter| Some((leader.progress.get(voter)?.match_index(), *voter)));
        known.max().map(|(_, voter)| voter)
    }

    /// The leader wants this server to lead instead, in the current term.
    pub(super) fn handle_timeout_now(&mut self, from: ServerId, now: Time) {
        let State::Follower(follower) = &self.state else { return };
        let from_leader = follower.leader.is_none_or(|leader| leader == from);
        if from_leader && self.may_campaign() {
            self.stand_for_election(true, now);
        }
    }
}
