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
//! # Beyond the minute
//! - A server asks whether it would win before it stands (`election`), and helps nobody to depose
//!   a leader that it hears; a leader that no quorum answers steps down (`check_quorum`).
//! - A leader can hand over to a server of one's choice (`transfer`).
//! - Reads are confirmed by rounds of heartbeats, and take no place in the log; a follower has its
//!   own confirmed by the leader (`read`).
//! - What is applied can be replaced by a snapshot, which is sent to those too far behind
//!   (`snapshot`).
//! - Entries may change the membership, through two majorities at once (`membership`, `quorum`).
//! - Each rule of [`Rule`](crate::base::Rule) that is the core's can be switched off, and is looked
//!   at in one place. Then what follows from it is not asserted any more: the judges outside are
//!   to see what breaks.
//!
//! # Caveats
//! - A leader's entries leave only when its own disk has them, and no message, not even a
//!   heartbeat, overtakes a write that was wanted before it. Writing and sending side by side
//!   (dissertation §10.2.1) would save a delay.
//! - Candidates ask once an election. A lost request or vote is made up for by the next election.
//! - A snapshot travels one part at a time, and is held in memory at both ends.
//! - A new voter is not made to catch up before it counts (dissertation §4.2.1): make it a learner
//!   first, and look at its [`Progress`].
//! - A server that was removed, and did not hear that its removal is committed, asks now and then
//!   whether it would win. It would not.

mod check_quorum;
mod config;
mod drive;
mod durability;
mod election;
mod inspect;
mod log;
mod membership;
mod message;
mod progress;
mod quorum;
mod read;
mod ready;
mod refusal;
mod replication;
mod snapshot;
mod transfer;

pub use config::Config;
pub use log::{Conflict, Log, Position};
pub use message::{
    AppendEntries, AppendEntriesReply, AppendOutcome, InstallSnapshot, InstallSnapshotReply,
    MAX_SNAPSHOT_BYTES, Message, ReadIndex, ReadIndexReply, RequestVote, RequestVoteReply, Round,
    TimeoutNow,
};
pub use progress::{Flow, InFlight, Progress};
pub use quorum::{majority, reached_by_quorum};
pub use read::{Incarnation, ReadId, ReadStage};
pub use ready::{HardState, Held, Outbox, Ready, Writes};
pub use refusal::{ChangeRefused, NotLeader, ProposeError, TransferRefused};
pub use snapshot::Snapshot;

use crate::base::random::Rng;
use crate::base::{Index, Map, Membership, ServerId, Span, Term, Time};
use durability::Durability;
use membership::Memberships;
use rand::RngExt;
use read::{PassedOn, Reads};
use snapshot::Incoming;
use transfer::Transfer;

/// What Raft must know of a log entry. Cloning should be cheap.
pub trait Entry: Clone {
    /// The term in which a leader made it, from 1 on.
    fn term(&self) -> Term;

    /// About how many bytes it takes in a message.
    fn size(&self) -> usize;

    /// The membership that is in force from this entry on, if it changes it.
    fn membership(&self) -> Option<&Membership>;
}

/// One server's part in the cluster's consensus.
#[derive(Clone, Debug)]
pub struct Raft<E> {
    config: Config,
    rng: Rng,
    incarnation: Incarnation,
    hard_state: HardState,
    /// What stands for the entries up to the log's base.
    snapshot: Option<Snapshot>,
    log: Log<E>,
    memberships: Memberships,
    /// How far the log is known to be committed.
    commit: Index,
    /// How far it has been given out to be applied.
    applied: Index,
    state: State,
    /// A leader's snapshot, as far as it is here.
    incoming: Option<Incoming>,
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
    /// It asks whether it would win an election.
    PreCandidate,
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

/// What a server knows beyond its log, by role.
#[derive(Clone, Debug)]
enum State {
    Follower(Follower),
    PreCandidate(Asking),
    Candidate(Asking),
    Leader(Leader),
}

#[derive(Clone, Debug)]
struct Follower {
    /// The leader of this term, once it has been heard of.
    leader: Option<ServerId>,
    election_timer: Timer,
    /// When it was last heard of.
    heard: Time,
    /// The leader's newest round that is known.
    round: Round,
    /// Reads that were passed on to it and are not confirmed.
    reads: Vec<PassedOn>,
}

#[derive(Clone, Debug)]
struct Asking {
    /// Each voter's first answer.
    votes: Map<ServerId, bool>,
    /// When to try again.
    election_timer: Timer,
}

#[derive(Clone, Debug)]
struct Leader {
    /// All others that belong to the cluster.
    progress: Map<ServerId, Progress>,
    heartbeat_timer: Timer,
    /// The heartbeat timer has run out since the last Ready.
    heartbeat_due: bool,
    /// When to look whether a quorum still answers.
    quorum_timer: Timer,
    /// The newest round.
    round: Round,
    reads: Reads,
    transfer: Option<Transfer>,
}

impl State {
    fn election_timer(&self) -> Option<Timer> {
        match self {
            Self::Follower(follower) => Some(follower.election_timer),
            Self::PreCandidate(asking) | Self::Candidate(asking) => Some(asking.election_timer),
            Self::Leader(_) => None,
        }
    }
}

impl<E: Entry> Raft<E> {
    /// A server that starts, for the first time or after a crash, from what is on its disk: the
    /// hard state, the snapshot if there is one, and the log that follows it. It starts as a
    /// follower. What the snapshot stands for is applied already; what else is committed it learns
    /// again, and gives out again.
    ///
    /// `rng` must be another one in each life of a server.
    ///
    /// # Panics
    /// If the configuration makes no sense, if terms fall along the log or begin below 1, or if
    /// the log is of later terms than the hard state. A disk that may have been tampered with
    /// must be checked before.
    pub fn new(
        config: Config,
        hard_state: HardState,
        snapshot: Option<Snapshot>,
        log: Vec<E>,
        rng: Rng,
        now: Time,
    ) -> Self {
        config.assert_sensible();
        let base = snapshot.as_ref().map_or(Position::default(), |snapshot| snapshot.last);
        let first = snapshot.as_ref().map_or(&config.membership, |snapshot| &snapshot.membership);
        let log = Log::new(base, log);
        let memberships = Memberships::new(first.clone(), &log);
        let in_order = log.is_in_order() || !config.rules.all_on();
        assert!(in_order, "terms must not fall along a log");
        assert!(log.last_term() <= hard_state.term, "a term is durable before its entries are");
        let timer = Timer { armed: now, deadline: now };
        let (round, reads) = (Round(0), Vec::new());
        let state = Follower { leader: None, election_timer: timer, heard: now, round, reads };
        let incarnation = Incarnation(rng.clone().random());
        let mut raft = Self {
            config,
            rng,
            incarnation,
            hard_state,
            snapshot,
            commit: base.index,
            applied: base.index,
            state: State::Follower(state),
            incoming: None,
            durability: Durability::new(hard_state, log.last_index()),
            log,
            memberships,
            messages: Vec::new(),
            confirmed_reads: Vec::new(),
            aborted_reads: Vec::new(),
        };
        raft.rearm_election_timer(now);
        raft
    }

    /// A message has come. One that no correct server could have sent does nothing. Who is not
    /// in the membership is heard all the same: it may know of a later one (dissertation §4.1).
    pub fn step(&mut self, from: ServerId, message: Message<E>, now: Time) {
        if from == self.config.id || !message.is_well_formed() {
            return;
        }
        if message.term() < self.term() {
            self.answer_former_term(from, &message);
            return;
        }
        if let Message::RequestVote(request) = message
            && !request.transfer
            && self.sticks_to_leader(now)
        {
            self.answer_request_vote(from, request, false);
            return;
        }
        let is_question = matches!(&message, Message::RequestVote(request) if request.pre_vote);
        if message.term() > self.term() && !is_question {
            self.enter_term(message.term(), now);
        }
        match message {
            Message::RequestVote(request) => self.handle_request_vote(from, request, now),
            Message::RequestVoteReply(reply) => self.handle_request_vote_reply(from, reply, now),
            Message::AppendEntries(append) => self.handle_append_entries(from, append, now),
            Message::AppendEntriesReply(reply) => {
                self.handle_append_entries_reply(from, reply, now);
            }
            Message::InstallSnapshot(part) => self.handle_install_snapshot(from, part, now),
            Message::InstallSnapshotReply(reply) => {
                self.handle_install_snapshot_reply(from, reply, now);
            }
            Message::TimeoutNow(_) => self.handle_timeout_now(from, now),
            Message::ReadIndex(question) => self.handle_read_index(from, question),
            Message::ReadIndexReply(reply) => self.handle_read_index_reply(from, reply),
        }
        self.assert_consistent();
    }

    /// Time has passed: does what is due by `now`. Coming too early is harmless.
    pub fn wake(&mut self, now: Time) {
        self.check_quorum(now);
        match &mut self.state {
            State::Leader(leader) => {
                if leader.heartbeat_timer.deadline <= now {
                    leader.heartbeat_due = true;
                    leader.heartbeat_timer = Timer::new(now, self.config.heartbeat_interval);
                }
                leader.transfer.take_if(|transfer| transfer.timer.deadline <= now);
            }
            State::Follower(Follower { election_timer, .. })
            | State::PreCandidate(Asking { election_timer, .. })
            | State::Candidate(Asking { election_timer, .. }) => {
                if election_timer.deadline <= now {
                    self.begin_election(now);
                }
            }
        }
        self.assert_consistent();
    }

    /// When [`Raft::wake`] is due next. Never for those that only learn.
    pub fn next_wake(&self) -> Option<Time> {
        let timers = [
            self.election_timer(),
            self.heartbeat_timer(),
            self.quorum_timer(),
            self.transfer_timer(),
        ];
        timers.into_iter().flatten().map(|timer| timer.deadline).min()
    }

    /// A leader adds an entry to the log and says where. It is committed when it comes out of
    /// [`Outbox::committed`], if ever: another leader may replace it.
    ///
    /// # Errors
    /// If this server does not lead or is about to hand over, or if the entry changes the
    /// membership in another way than [`Raft::plan_change`] or [`Raft::due_membership`] says.
    ///
    /// # Panics
    /// If the entry is not of the current term.
    pub fn propose(&mut self, entry: E) -> Result<Index, ProposeError> {
        if self.role() != Role::Leader {
            return Err(NotLeader { leader: self.leader() }.into());
        }
        if let Some(to) = self.transferee() {
            return Err(ProposeError::Transferring(to));
        }
        assert!(entry.term() == self.term(), "a leader makes entries of its own term alone");
        let changes = entry.membership().is_some();
        entry
            .membership()
            .map_or(Ok(()), |next| self.check_change(next))
            .map_err(ProposeError::Change)?;
        let index = self.push(entry);
        if changes {
            self.follow_membership();
        }
        Ok(index)
    }

    /// A nudge from outside: the election timer runs out now. A leader just goes on, and who does
    /// not vote goes on waiting.
    pub fn campaign(&mut self, now: Time) {
        if self.role() != Role::Leader {
            self.begin_election(now);
        }
        self.assert_consistent();
    }

    /// Answers one who does not know yet that its term is over. Late replies need no answer.
    fn answer_former_term(&mut self, from: ServerId, message: &Message<E>) {
        match message {
            Message::RequestVote(request) => self.answer_request_vote(from, *request, false),
            Message::AppendEntries(append) => {
                let (term, round) = (self.term(), append.round);
                let outcome = AppendOutcome::Stale;
                let reply = AppendEntriesReply { term, outcome, round };
                self.messages.push((from, Message::AppendEntriesReply(reply)));
            }
            Message::InstallSnapshot(part) => self.answer_install_snapshot(from, part, 0),
            // A former leader's successor learns of the later term by itself, and so does a
            // follower of one.
            Message::TimeoutNow(_) | Message::ReadIndex(_) => {}
            Message::RequestVoteReply(_)
            | Message::AppendEntriesReply(_)
            | Message::InstallSnapshotReply(_)
            | Message::ReadIndexReply(_) => {}
        }
    }

    /// What must hold between any two inputs.
    fn assert_consistent(&self) {
        assert!(self.commit <= self.last_index(), "what is committed is in the log");
        assert!(self.applied <= self.commit, "only what is committed is applied");
        assert!(self.applied <= self.durable(), "only what is durable is applied");
        assert!(self.durable() <= self.last_index(), "what is durable is in the log");
        assert!(self.log.base().index <= self.commit, "only what is committed is replaced");
        assert!(self.last_term() <= self.term(), "no entry is of a term to come");
        let votes_for_itself = self.vote() == Some(self.id()) || !self.config.rules.all_on();
        match self.state {
            State::Follower(_) | State::PreCandidate(_) => {}
            State::Candidate(_) => assert!(votes_for_itself, "a candidate votes for itself"),
            State::Leader(_) => {
                assert!(votes_for_itself, "a leader has voted for itself");
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
