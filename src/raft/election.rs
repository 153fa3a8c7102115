//! Elections: who leads, in which term (paper §5.2 and §5.4.1), and the question before one
//! (PreVote, dissertation §9.6).
//!
//! A server whose election timer runs out first asks whether it would win: it is pre-candidate.
//! That commits nobody to anything, and no term changes. So a server that was cut off, or whose
//! log is behind, counts no terms up meanwhile, and deposes nobody when it comes back. Only who is
//! promised a quorum enters the next term and stands.

use super::config::Config;
use super::message::{MAX_TERM, Message, RequestVote, RequestVoteReply, Round};
use super::quorum::reached_by_quorum;
use super::read::Reads;
use super::ready::HardState;
use super::{Asking, Entry, Follower, Leader, Raft, State, Timer};
use crate::base::random::span_between;
use crate::base::{Map, Rule, ServerId, Term, Time};
use std::mem;

impl<E: Entry> Raft<E> {
    /// Wants to lead, if it may.
    pub(super) fn begin_election(&mut self, now: Time) {
        if !self.may_campaign() {
            self.rearm_election_timer(now);
        } else if self.config.rules.is_on(Rule::PreVote) {
            self.ask_before_standing(now);
        } else {
            self.stand_for_election(false, now);
        }
    }

    /// Asks whether it would win an election.
    fn ask_before_standing(&mut self, now: Time) {
        let election_timer = self.draw_election_timer(now);
        let votes = Map::from([(self.config.id, true)]);
        self.become_other(State::PreCandidate(Asking { votes, election_timer }));
        self.ask_voters(true, false);
        self.count_votes(now);
    }

    /// Stands for election in a new term.
    ///
    /// Its own vote counts once it is durable, like any other; the requests leave then too.
    pub(super) fn stand_for_election(&mut self, transfer: bool, now: Time) {
        if self.term() >= MAX_TERM {
            // No correct cluster gets here. Waiting is all that is left.
            self.follow(None, now);
            self.rearm_election_timer(now);
            return;
        }
        let term = match self.config.rules.is_on(Rule::TermIncrease) {
            true => self.term().next(),
            false => self.term().max(Term(1)),
        };
        self.hard_state = HardState { term, vote: Some(self.config.id) };
        let election_timer = self.draw_election_timer(now);
        self.become_other(State::Candidate(Asking { votes: Map::new(), election_timer }));
        self.ask_voters(false, transfer);
    }

    fn ask_voters(&mut self, pre_vote: bool, transfer: bool) {
        let request =
            RequestVote { term: self.term(), last_log: self.log.last(), pre_vote, transfer };
        let members = self.memberships.latest();
        let others = members.all().filter(|id| *id != self.config.id && members.is_voter(*id));
        self.messages.extend(others.map(|voter| (voter, Message::RequestVote(request))));
    }

    /// A candidate of the current term asks for this server's vote; or one of the current term or
    /// a later one asks whether it would get it.
    pub(super) fn handle_request_vote(&mut self, from: ServerId, request: RequestVote, now: Time) {
        let free = request.pre_vote || self.hard_state.vote.is_none_or(|vote| vote == from);
        let up_to_date = request.last_log >= self.log.last()
            || !self.config.rules.is_on(Rule::ElectionRestriction);
        let granted = free && up_to_date;
        if granted && !request.pre_vote {
            self.hard_state.vote = Some(from);
            self.rearm_election_timer(now);
        }
        self.answer_request_vote(from, request, granted);
    }

    pub(super) fn answer_request_vote(
        &mut self,
        to: ServerId,
        request: RequestVote,
        granted: bool,
    ) {
        let pre_vote = request.pre_vote;
        let term = if pre_vote { self.term().max(request.term) } else { self.term() };
        let reply = RequestVoteReply { term, granted, pre_vote };
        self.messages.push((to, Message::RequestVoteReply(reply)));
    }

    /// A voter answers, in the current term.
    pub(super) fn handle_request_vote_reply(
        &mut self,
        from: ServerId,
        reply: RequestVoteReply,
        now: Time,
    ) {
        let (asking, is_asked) = match &mut self.state {
            State::PreCandidate(asking) => (asking, reply.pre_vote),
            State::Candidate(asking) => (asking, !reply.pre_vote),
            State::Follower(_) | State::Leader(_) => return,
        };
        // Requests leave with the candidate's own vote. No answer to one can come before.
        if is_asked && asking.votes.contains_key(&self.config.id) {
            asking.votes.entry(from).or_insert(reply.granted);
            self.count_votes(now);
        }
    }

    /// The candidate's own vote counts once it is durable. If it counted before, a crash could
    /// make the server forget that it had led this term, and lead it again with other entries.
    pub(super) fn count_own_vote(&mut self, now: Time) {
        let State::Candidate(candidate) = &mut self.state else { return };
        if self.durability.hard_state() == self.hard_state {
            candidate.votes.entry(self.config.id).or_insert(true);
            self.count_votes(now);
        }
    }

    /// Goes on if a quorum says yes: from the question to the election, from there to the lead.
    /// Only a voter's first answer counts.
    fn count_votes(&mut self, now: Time) {
        let won = |asking: &Asking| {
            let says_yes = |voter| asking.votes.get(&voter) == Some(&true);
            reached_by_quorum(self.memberships.latest(), says_yes)
        };
        match &self.state {
            State::PreCandidate(asking) if won(asking) => self.stand_for_election(false, now),
            State::Candidate(asking) if won(asking) => self.become_leader(now),
            _ => {}
        }
    }

    /// Takes the lead: knows nothing of the followers yet and asks each, which also tells them.
    fn become_leader(&mut self, now: Time) {
        assert!(matches!(self.state, State::Candidate(_)), "only a candidate wins an election");
        if self.config.rules.all_on() {
            assert!(self.vote() == Some(self.config.id), "a candidate votes for itself");
            assert!(self.last_term() < self.term(), "a new leader's term has no entries yet");
        }
        assert!(self.durable() == self.last_index(), "its vote was made durable after its log");
        self.become_other(State::Leader(Leader {
            progress: Map::new(),
            heartbeat_timer: Timer::new(now, self.config.heartbeat_interval),
            heartbeat_due: false,
            quorum_timer: Timer::new(now, self.config.election_timeout_max),
            round: Round(1),
            reads: Reads::default(),
            transfer: None,
        }));
        self.follow_membership();
    }

    /// Learns of a later term, and follows whoever leads it.
    pub(super) fn enter_term(&mut self, term: Term, now: Time) {
        assert!(term > self.term(), "terms never go back");
        self.hard_state = HardState { term, vote: None };
        self.incoming = None;
        let stands_out = matches!(self.state, State::Candidate(_) | State::Leader(_));
        if !stands_out || self.config.rules.is_on(Rule::StepDown) {
            self.follow(None, now);
        }
    }

    /// Follows `leader`, if one is known. The election timer runs on; a leader, who has none,
    /// starts it.
    pub(super) fn follow(&mut self, leader: Option<ServerId>, now: Time) {
        let timer = self.state.election_timer();
        let election_timer = timer.unwrap_or_else(|| self.draw_election_timer(now));
        let (round, reads) = (Round(0), Vec::new());
        let follower = Follower { leader, election_timer, heard: now, round, reads };
        self.become_other(State::Follower(follower));
    }

    /// Takes another role. Reads that the former one had under way are lost.
    fn become_other(&mut self, state: State) {
        match mem::replace(&mut self.state, state) {
            State::Leader(deposed) => self.aborted_reads.extend(deposed.reads.abort()),
            State::Follower(follower) => {
                self.aborted_reads.extend(follower.reads.iter().map(|read| read.id));
            }
            State::PreCandidate(_) | State::Candidate(_) => {}
        }
    }

    /// Recognises the sender of an append or a snapshot in the current term as its leader. False
    /// if that cannot be, because the term has another.
    pub(super) fn recognise(&mut self, from: ServerId, round: Round, now: Time) -> bool {
        match &mut self.state {
            State::Leader(_) => return false,
            State::Follower(follower) if follower.leader == Some(from) => follower.heard = now,
            State::Follower(follower) if follower.leader.is_some() => return false,
            _ => self.follow(Some(from), now),
        }
        self.rearm_election_timer(now);
        self.note_round(round);
        true
    }

    /// Waits a whole election timeout again, drawn anew.
    pub(super) fn rearm_election_timer(&mut self, now: Time) {
        let timer = self.draw_election_timer(now);
        match &mut self.state {
            State::Follower(follower) => follower.election_timer = timer,
            State::PreCandidate(asking) | State::Candidate(asking) => {
                asking.election_timer = timer;
            }
            State::Leader(_) => {}
        }
    }

    /// An election timer that starts now, with a random patience.
    pub(super) fn draw_election_timer(&mut self, now: Time) -> Timer {
        let Config { election_timeout_min: min, election_timeout_max: max, .. } = self.config;
        Timer::new(now, span_between(&mut self.rng, min, max))
    }
}
