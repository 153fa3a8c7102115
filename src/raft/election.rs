//! Elections: who leads, in which term (paper §5.2 and §5.4.1).

use super::config::Config;
use super::message::{MAX_TERM, Message, RequestVote, RequestVoteReply, Round};
use super::progress::Progress;
use super::quorum::majority;
use super::read::Reads;
use super::ready::HardState;
use super::{Candidate, Entry, Follower, Leader, Raft, State, Timer};
use crate::base::random::span_between;
use crate::base::{ServerId, Term, Time};
use std::collections::BTreeMap;
use std::mem;

impl<E: Entry> Raft<E> {
    /// Stands for election in a new term.
    ///
    /// Its own vote counts once it is durable, like any other; the requests leave then too.
    pub(super) fn stand_for_election(&mut self, now: Time) {
        let election_timer = self.draw_election_timer(now);
        if self.term() >= MAX_TERM {
            // No correct cluster gets here. Waiting is all that is left.
            self.state = State::Follower(Follower { leader: None, election_timer });
            return;
        }
        self.hard_state = HardState { term: self.term().next(), vote: Some(self.config.id) };
        self.state = State::Candidate(Candidate { votes: BTreeMap::new(), election_timer });
        let request = RequestVote { term: self.term(), last_log: self.log.last() };
        let requests = self.config.peers().map(|peer| (peer, Message::RequestVote(request)));
        self.messages.extend(requests);
    }

    /// A candidate asks for this server's vote, in the current term.
    pub(super) fn handle_request_vote(&mut self, from: ServerId, request: RequestVote, now: Time) {
        let free = self.hard_state.vote.is_none_or(|vote| vote == from);
        let up_to_date = request.last_log >= self.log.last();
        let granted = free && up_to_date;
        if granted {
            self.hard_state.vote = Some(from);
            self.rearm_election_timer(now);
        }
        let reply = RequestVoteReply { term: self.term(), granted };
        self.messages.push((from, Message::RequestVoteReply(reply)));
    }

    /// A voter answers, in the current term.
    pub(super) fn handle_request_vote_reply(
        &mut self,
        from: ServerId,
        reply: RequestVoteReply,
        now: Time,
    ) {
        // Requests leave with the candidate's own vote. No answer to one can come before.
        if self.votes().contains_key(&self.config.id) {
            self.count_vote(from, reply.granted, now);
        }
    }

    /// The candidate's own vote counts once it is durable. If it counted before, a crash could
    /// make the server forget that it had led this term, and lead it again with other entries.
    pub(super) fn count_own_vote(&mut self, now: Time) {
        if self.durability.hard_state() == self.hard_state {
            self.count_vote(self.config.id, true, now);
        }
    }

    /// Counts a vote if this server is a candidate, and takes the lead if it has won. Only a
    /// voter's first answer counts.
    fn count_vote(&mut self, voter: ServerId, granted: bool, now: Time) {
        let State::Candidate(candidate) = &mut self.state else { return };
        candidate.votes.entry(voter).or_insert(granted);
        let votes = candidate.votes.values().filter(|granted| **granted).count();
        if votes >= majority(self.config.voters.len()) {
            self.become_leader(now);
        }
    }

    /// Takes the lead: knows nothing of the followers yet and asks each, which also tells them.
    fn become_leader(&mut self, now: Time) {
        assert!(matches!(self.state, State::Candidate(_)), "only a candidate wins an election");
        assert!(self.vote() == Some(self.config.id), "a candidate votes for itself");
        assert!(self.last_term() < self.term(), "a new leader's term has no entries yet");
        assert!(self.durable() == self.last_index(), "its vote was made durable after its log");
        let progress = Progress::new(self.last_index());
        let peers = self.config.peers();
        self.state = State::Leader(Leader {
            progress: peers.map(|peer| (peer, progress.clone())).collect(),
            heartbeat_timer: Timer::new(now, self.config.heartbeat_interval),
            heartbeat_due: false,
            round: Round(1),
            reads: Reads::default(),
        });
    }

    /// Learns of a later term, and follows whoever leads it.
    pub(super) fn enter_term(&mut self, term: Term, now: Time) {
        assert!(term > self.term(), "terms never go back");
        self.hard_state = HardState { term, vote: None };
        self.follow(None, now);
    }

    /// Follows `leader`, if one is known. The election timer runs on; a leader, who has none,
    /// starts it.
    pub(super) fn follow(&mut self, leader: Option<ServerId>, now: Time) {
        let timer = self.election_timer();
        let election_timer = timer.unwrap_or_else(|| self.draw_election_timer(now));
        let follower = State::Follower(Follower { leader, election_timer });
        if let State::Leader(deposed) = mem::replace(&mut self.state, follower) {
            self.aborted_reads.extend(deposed.reads.abort());
        }
    }

    /// Recognises the sender of an append in the current term as its leader. False if that cannot
    /// be, because the term has another.
    pub(super) fn recognise(&mut self, from: ServerId, now: Time) -> bool {
        match &self.state {
            State::Leader(_) => return false,
            State::Follower(follower) if follower.leader.is_some_and(|leader| leader != from) => {
                return false;
            }
            State::Follower(_) | State::Candidate(_) => self.follow(Some(from), now),
        }
        self.rearm_election_timer(now);
        true
    }

    /// Waits a whole election timeout again, drawn anew.
    pub(super) fn rearm_election_timer(&mut self, now: Time) {
        let timer = self.draw_election_timer(now);
        match &mut self.state {
            State::Follower(follower) => follower.election_timer = timer,
            State::Candidate(candidate) => candidate.election_timer = timer,
            State::Leader(_) => {}
        }
    }

    /// An election timer that starts now, with a random patience.
    pub(super) fn draw_election_timer(&mut self, now: Time) -> Timer {
        let Config { election_timeout_min: min, election_timeout_max: max, .. } = self.config;
        Timer::new(now, span_between(&mut self.rng, min, max))
    }
}
