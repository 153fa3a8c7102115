//! Raft: servers that keep one log between them, though any minority of them may be down.
//!
//! This is the algorithm of Ongaro and Ousterhout, *In Search of an Understandable Consensus
//! Algorithm (Extended Version)*, called "the paper" here, with parts of Ongaro's *Consensus:
//! Bridging Theory and Practice*, called "the dissertation".
//!
//! # The algorithm in a minute
//! Time is cut into **terms**. In each, at most one server is **leader**: a server that hears
//! from no leader for a random while becomes a **candidate** of the next term and asks the others
//! for votes; each votes at most once a term, and only for one whose log is at least as complete
//! as its own; a majority elects (`election`). The leader alone adds **entries** to the log. It
//! sends them on, along with the place before them; a **follower** that has another entry at that
//! place refuses, the leader goes back until the two agree, and what differs behind is replaced
//! (`replication`, `progress`, `log`). An entry that a majority has durably is **committed**, if
//! it is of the leader's own term, and with it all before it: whoever can be elected from then on
//! has it. Committed entries are applied in order, and so every server applies the same ones.
//!
//! # How this core is driven
//! [`Raft`] does no I/O, reads no clock and has no threads. It is given messages
//! ([`Raft::step`]), proposals ([`Raft::propose`]), reads ([`Raft::read`]) and moments
//! ([`Raft::wake`], due at [`Raft::next_wake`]). What it wants done, it says as a [`Ready`]:
//!
//! ```text
//! raft.step(..) or .wake(..) or .propose(..) or .read(..)
//! loop:
//!     raft.take_ready() ─► Writes, Held            nothing: wait for the next input
//!     persist the Writes: hard state, truncation, entries; sync
//!     raft.persisted(Held) ─► Outbox: send messages, then apply entries, then answer reads
//! ```
//!
//! The order persist → send → apply is in the types: a vote or an acknowledgement lies in the
//! closed [`Held`], which opens only against the report that the writes are durable. While a slow
//! disk is busy, the loop may take more Readys; they are persisted in the order in which they
//! were taken. A server that crashes drops its `Raft`; what it had made durable goes into
//! [`Raft::new`]. After every input, and after `persisted`, ask for a Ready again.
//!
//! # Three decisions
//! - **A leader is a follower of its own disk.** Its own vote and its own entries count when they
//!   are durable, like everyone else's, and it never commits beyond its own disk.
//! - **Deadlines, not ticks.** A [`Timer`] says when it was armed and when it is due, and nothing
//!   happens in between, so an idle cluster costs nothing and a picture can show the time left.
//! - **Bad messages do nothing.** What is late or doubled is told from terms, places and rounds.
//!   What no correct server could have sent is dropped without an answer. Raft does not guard
//!   against servers that lie plausibly; a chain of verified blocks on top does, in part.
//!
//! # Caveats
//! - A leader's entries leave only when its own disk has them, and no message, not even a
//!   heartbeat, overtakes a write that was wanted before it. Writing and sending side by side
//!   (dissertation §10.2.1) would save a delay.
//! - A server that comes back from a partition deposes the leader, because it has counted terms
//!   up meanwhile; there is no PreVote and no CheckQuorum yet (dissertation §9.6, §6.2). A leader
//!   in a minority goes on believing that it leads, though it can neither commit nor read.
//! - Candidates ask once an election. A lost request or vote is made up for by the next election.
//! - The log is never compacted and membership never changes. [`Log`] has a base for a snapshot to
//!   come; majorities are counted in one place (`quorum`) for joint consensus to come.

mod config;
mod drive;
mod election;
mod inspect;
mod log;
mod message;
mod progress;
mod quorum;
mod read;
mod ready;
mod replication;

pub use config::Config;
pub use log::{Conflict, Log, Position};
pub use message::{
    AppendEntries, AppendEntriesReply, AppendOutcome, Message, RequestVote, RequestVoteReply, Round,
};
pub use progress::{Flow, InFlight, Progress};
pub use quorum::{majority, reached_by_majority};
pub use read::ReadId;
pub use ready::{HardState, Held, Outbox, Ready, Writes};

use crate::base::random::Rng;
use crate::base::{Index, ServerId, Span, Term, Time};
use read::Reads;
use ready::Durability;
use std::collections::BTreeMap;
use std::fmt;

/// What Raft must know of a log entry: its term, and nothing else. Cloning should be cheap.
pub trait Entry: Clone {
    /// The term in which a leader made it, from 1 on.
    fn term(&self) -> Term;
}

/// One server's part in the cluster's consensus.
#[derive(Clone, Debug)]
pub struct Raft<E> {
    config: Config,
    rng: Rng,
    hard_state: HardState,
    log: Log<E>,
    /// How far the log is known to be committed.
    commit: Index,
    /// How far it has been given out to be applied.
    applied: Index,
    state: State,
    durability: Durability,
    /// Messages since the last Ready.
    messages: Vec<(ServerId, Message<E>)>,
    /// Reads that are confirmed, each with the index that it must see, not given out yet.
    confirmed_reads: Vec<(ReadId, Index)>,
    /// Reads that were lost with leadership, not given out yet.
    aborted_reads: Vec<ReadId>,
}

/// What a server is in a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// It answers leaders and candidates.
    Follower,
    /// It asks for votes.
    Candidate,
    /// It makes entries and sends them.
    Leader,
}

/// A deadline, and since when it has been running.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timer {
    /// When it was started.
    pub armed: Time,
    /// When it runs out.
    pub deadline: Time,
}

/// The answer to what only a leader can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotLeader {
    /// Who leads, as far as is known.
    pub leader: Option<ServerId>,
}

/// What a server knows beyond its log, by role.
#[derive(Clone, Debug)]
enum State {
    Follower(Follower),
    Candidate(Candidate),
    Leader(Leader),
}

#[derive(Clone, Debug)]
struct Follower {
    /// The leader of this term, once it has been heard of.
    leader: Option<ServerId>,
    election_timer: Timer,
}

#[derive(Clone, Debug)]
struct Candidate {
    /// Each voter's first answer.
    votes: BTreeMap<ServerId, bool>,
    /// When to try again.
    election_timer: Timer,
}

#[derive(Clone, Debug)]
struct Leader {
    /// The followers: all voters but itself.
    progress: BTreeMap<ServerId, Progress>,
    heartbeat_timer: Timer,
    /// The heartbeat timer has run out since the last Ready.
    heartbeat_due: bool,
    /// The newest round.
    round: Round,
    reads: Reads,
}

impl<E: Entry> Raft<E> {
    /// A server that starts, for the first time or after a crash, from what is on its disk: the
    /// hard state and the log from index 1 on. It starts as a follower; what is committed it
    /// learns again, and gives out again from the beginning.
    ///
    /// # Panics
    /// If the configuration makes no sense, if terms fall along the log or begin below 1, or if
    /// the log is of later terms than the hard state. A disk that may have been tampered with
    /// must be checked before.
    pub fn new(config: Config, hard_state: HardState, log: Vec<E>, rng: Rng, now: Time) -> Self {
        config.assert_sensible();
        let log = Log::new(log);
        assert!(log.last_term() <= hard_state.term, "a term is durable before its entries are");
        let unarmed = Timer { armed: now, deadline: now };
        let mut raft = Self {
            config,
            rng,
            hard_state,
            commit: Index::ZERO,
            applied: Index::ZERO,
            state: State::Follower(Follower { leader: None, election_timer: unarmed }),
            durability: Durability::new(hard_state, log.last_index()),
            log,
            messages: Vec::new(),
            confirmed_reads: Vec::new(),
            aborted_reads: Vec::new(),
        };
        raft.rearm_election_timer(now);
        raft
    }

    /// A message has come. One from a stranger, or that no correct server could have sent, does
    /// nothing.
    pub fn step(&mut self, from: ServerId, message: Message<E>, now: Time) {
        let is_peer = from != self.config.id && self.config.voters.contains(&from);
        if !is_peer || !message.is_well_formed() {
            return;
        }
        if message.term() < self.term() {
            self.answer_former_term(from, &message);
            return;
        }
        if message.term() > self.term() {
            self.enter_term(message.term(), now);
        }
        match message {
            Message::RequestVote(request) => self.handle_request_vote(from, request, now),
            Message::RequestVoteReply(reply) => self.handle_request_vote_reply(from, reply, now),
            Message::AppendEntries(append) => self.handle_append_entries(from, append, now),
            Message::AppendEntriesReply(reply) => self.handle_append_entries_reply(from, reply),
        }
        self.assert_consistent();
    }

    /// Time has passed: does what is due by `now`. Coming too early is harmless.
    pub fn wake(&mut self, now: Time) {
        match &mut self.state {
            State::Leader(leader) if leader.heartbeat_timer.deadline <= now => {
                leader.heartbeat_due = true;
                leader.heartbeat_timer = Timer::new(now, self.config.heartbeat_interval);
            }
            State::Leader(_) => {}
            State::Follower(Follower { election_timer, .. })
            | State::Candidate(Candidate { election_timer, .. }) => {
                if election_timer.deadline <= now {
                    self.stand_for_election(now);
                }
            }
        }
        self.assert_consistent();
    }

    /// When [`Raft::wake`] is due next.
    pub fn next_wake(&self) -> Option<Time> {
        let timer = self.election_timer().or(self.heartbeat_timer());
        timer.map(|timer| timer.deadline)
    }

    /// A leader adds an entry to the log and says where. It is committed when it comes out of
    /// [`Outbox::committed`], if ever: another leader may replace it.
    ///
    /// # Panics
    /// If the entry is not of the current term.
    pub fn propose(&mut self, entry: E) -> Result<Index, NotLeader> {
        if self.role() != Role::Leader {
            return Err(NotLeader { leader: self.leader() });
        }
        assert!(entry.term() == self.term(), "a leader makes entries of its own term alone");
        Ok(self.log.push(entry))
    }

    /// A leader takes a read. It will come out of [`Outbox::reads`] or of
    /// [`Outbox::aborted_reads`]; how many wait is the caller's to bound.
    pub fn read(&mut self, id: ReadId) -> Result<(), NotLeader> {
        match &mut self.state {
            State::Leader(leader) => {
                leader.reads.push(id);
                Ok(())
            }
            State::Follower(_) | State::Candidate(_) => Err(NotLeader { leader: self.leader() }),
        }
    }

    /// A nudge from outside: the election timer runs out now. A leader just goes on.
    pub fn campaign(&mut self, now: Time) {
        if self.role() != Role::Leader {
            self.stand_for_election(now);
        }
        self.assert_consistent();
    }

    /// Answers one who does not know yet that its term is over. Late replies need no answer.
    fn answer_former_term(&mut self, from: ServerId, message: &Message<E>) {
        let term = self.term();
        let reply = match message {
            Message::RequestVote(_) => {
                Message::RequestVoteReply(RequestVoteReply { term, granted: false })
            }
            Message::AppendEntries(append) => {
                let outcome = AppendOutcome::Stale;
                let round = append.round;
                Message::AppendEntriesReply(AppendEntriesReply { term, outcome, round })
            }
            Message::RequestVoteReply(_) | Message::AppendEntriesReply(_) => return,
        };
        self.messages.push((from, reply));
    }

    /// What must hold between any two inputs.
    fn assert_consistent(&self) {
        assert!(self.commit <= self.last_index(), "what is committed is in the log");
        assert!(self.applied <= self.commit, "only what is committed is applied");
        assert!(self.applied <= self.durable(), "only what is durable is applied");
        assert!(self.durable() <= self.last_index(), "what is durable is in the log");
        assert!(self.last_term() <= self.term(), "no entry is of a term to come");
        match self.state {
            State::Follower(_) => {}
            State::Candidate(_) => {
                assert!(self.vote() == Some(self.id()), "a candidate votes for itself");
            }
            State::Leader(_) => {
                assert!(self.vote() == Some(self.id()), "a leader has voted for itself");
                assert!(self.commit <= self.durable(), "a leader has what it has committed");
            }
        }
    }
}

impl Timer {
    fn new(now: Time, span: Span) -> Self {
        Self { armed: now, deadline: now + span }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Follower => "follower",
            Self::Candidate => "candidate",
            Self::Leader => "leader",
        })
    }
}

impl fmt::Display for NotLeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.leader {
            Some(leader) => write!(f, "this server does not lead; {leader} does"),
            None => f.write_str("this server does not lead, and knows of no leader"),
        }
    }
}

impl std::error::Error for NotLeader {}
