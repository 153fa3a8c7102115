//! A client of the bank: it asks until it is answered, and never asks for the same thing twice
//! under two names.
//!
//! The network loses messages and servers crash, so a client that hears nothing cannot know
//! whether its transfer was carried out. It therefore sends the *same* request again, under the
//! same number, and the bank executes each number once (Raft dissertation §6.3). This module is
//! the client's half of that bargain:
//!
//! - **A number is used for one request only**, over reloads too. What [`Client`] must not forget
//!   is [`Saved`]: the next number and the unanswered requests. It is written before anything is
//!   sent under that number.
//! - **A request ends once**, with the first final answer: committed, refused, a balance, or a
//!   reason why it can never be carried out. Answers that come later, or twice, are ignored.
//! - **Several may be outstanding**, at most [`MAX_UNANSWERED`]; delays may reorder them. Each
//!   carries the lowest number still unanswered, so that the bank knows what it may forget. The
//!   numbers in use stay within [`MAX_OUTSTANDING`] of that one, which bounds the bank's memory.
//!
//! Which server to ask? Any server takes a request and relays it to the leader, so a wrong guess
//! costs time, never correctness. A client asks the server that last gave it an outcome. After a
//! silence it asks another, drawn by chance among those that it has not asked yet for this request;
//! once it has asked all, it begins anew. So it finds the one server that can answer where the
//! others were removed and know of no leader. It waits longer each time, between the bounds of
//! [`Config`], with jitter so that clients do not all come back at once; a `Busy` answer makes it
//! wait too.
//!
//! Like the servers, a client does no I/O: requests, replies and wake-ups go in, each with the
//! time, and [`Client::take_output`] says what is to be saved and sent.
//!
//! # Caveats
//!
//! - A resend repeats the request as it was, with the lowest unanswered number of that time. That
//!   is older than the truth, and so only makes the bank remember for longer.
//! - If what was saved is older than what the bank has seen (somebody put an old copy back), the
//!   bank answers `Stale`. The request then ends without an outcome, and the client goes on with
//!   numbers that the bank has not seen. The bank can tell while it keeps the block in which the
//!   number stands, and from the commit of that block on; else the former outcome passes for it.

mod retry;
mod saved;
mod state;
#[cfg(test)]
mod tests;

pub use retry::{Config, TIMEOUT_LONGEST, TIMEOUT_SHORTEST};
pub use saved::{MAX_SEQ, Saved};
pub use state::{Event, Ignored, Output, RequestState, Status, SubmitError};

use crate::bank::{MAX_OUTSTANDING, Operation, Reply, Request, RequestId, Verdict};
use crate::base::random::{Rng, span_between};
use crate::base::{ClientId, Map, ServerId, Set, Span, Time};
use rand::RngExt;
use std::collections::VecDeque;

/// How many requests may be unanswered at once. It lies below [`MAX_OUTSTANDING`], so that one
/// request that waits long does not soon hold up those after it.
pub const MAX_UNANSWERED: usize = 32;

/// How many finished requests are kept for people to look at.
pub const MAX_FINISHED: usize = 64;

const _: () = assert!((MAX_UNANSWERED as u64) < MAX_OUTSTANDING);

/// One client's session with the bank.
#[derive(Clone, Debug)]
pub struct Client {
    id: ClientId,
    /// Who can be asked. Never empty.
    servers: Vec<ServerId>,
    config: Config,
    /// Draws servers and jitter.
    rng: Rng,
    /// The number of the next new request.
    next_seq: u64,
    /// The unanswered requests by number, at most [`MAX_UNANSWERED`].
    pending: Map<u64, Pending>,
    /// The latest finished requests, the newest last, at most [`MAX_FINISHED`].
    finished: VecDeque<RequestState>,
    /// The server that gave the latest outcome, unless it has been silent since.
    leader_guess: Option<ServerId>,
    /// Whether [`Saved`] has changed since it was last given out.
    unsaved: bool,
    sends: Vec<(ServerId, Request)>,
    events: Vec<Event>,
}

/// An unanswered request, and when to send it again.
#[derive(Clone, Debug)]
struct Pending {
    state: RequestState,
    /// When it is sent next if no answer has come.
    resend_at: Time,
    /// Whether its latest attempt was answered, if only with `Busy`.
    heard: bool,
    /// Whom it was sent to, since everybody was asked.
    asked: Set<ServerId>,
}

impl Client {
    /// A client that has never asked anything.
    ///
    /// # Panics
    /// If there are no servers, or the configuration is not valid.
    pub fn new(
        id: ClientId,
        servers: impl IntoIterator<Item = ServerId>,
        config: Config,
        rng: Rng,
    ) -> Self {
        Self::recover(id, servers, config, rng, Saved::default(), Time::ZERO)
            .expect("a client that never asked anything has nothing to contradict")
    }

    /// A client that takes up its session where it was saved. Everything unanswered is sent again
    /// within the first timeout, spread over it by chance.
    ///
    /// Fails if what was saved contradicts itself, with what is wrong.
    ///
    /// # Panics
    /// If there are no servers, or the configuration is not valid.
    pub fn recover(
        id: ClientId,
        servers: impl IntoIterator<Item = ServerId>,
        config: Config,
        mut rng: Rng,
        saved: Saved,
        now: Time,
    ) -> Result<Self, String> {
        saved.check(id)?;
        let servers: Set<ServerId> = servers.into_iter().collect();
        assert!(!servers.is_empty(), "a client needs somebody to ask");
        assert_eq!(config.validate(), Ok(()), "settings are validated where they enter");
        let mut recover = |request: &Request| Pending {
            state: RequestState::new(*request, None, now),
            resend_at: now + span_between(&mut rng, Span::ZERO, config.first_timeout),
            heard: true,
            asked: Set::new(),
        };
        let pending = saved.unanswered.iter().map(|request| (request.id.seq, recover(request)));
        let pending = pending.collect();
        Ok(Self {
            id,
            servers: servers.into_iter().collect(),
            config,
            rng,
            next_seq: saved.next_seq,
            pending,
            finished: VecDeque::new(),
            leader_guess: None,
            unsaved: false,
            sends: Vec::new(),
            events: Vec::new(),
        })
    }

    /// Asks for something new: first of `via` if given, else of the server that is thought to
    /// lead.
    pub fn submit(
        &mut self,
        operation: Operation,
        via: Option<ServerId>,
        now: Time,
    ) -> Result<RequestId, SubmitError> {
        self.may_submit(via)?;
        let seq = self.next_seq;
        let id = RequestId { client: self.id, seq };
        let request = Request { id, lowest_unanswered: self.lowest_unanswered(), operation };
        let state = RequestState::new(request, via, now);
        let pending = Pending { state, resend_at: now, heard: true, asked: Set::new() };
        self.next_seq += 1;
        self.pending.insert(seq, pending);
        self.unsaved = true;
        let (to, _) = self.attempt(seq, now);
        self.events.push(Event::Submitted { request, to });
        Ok(id)
    }

    /// Takes a reply in.
    pub fn receive(&mut self, from: ServerId, reply: Reply, now: Time) {
        let Reply { id, verdict } = reply;
        if let Err(reason) = self.expects(id) {
            self.events.push(Event::Ignored { id, from, reason });
            return;
        }
        self.learn(from, &verdict);
        if verdict.is_final() {
            self.finish(id, from, verdict, now);
        } else {
            self.wait_for_room(id, from, now);
        }
    }

    /// Sends again what has waited long enough.
    pub fn wake(&mut self, now: Time) {
        let due = |pending: &Pending| pending.resend_at <= now;
        let due: Vec<u64> =
            self.pending.iter().filter(|(_, one)| due(one)).map(|(seq, _)| *seq).collect();
        for seq in due {
            let (to, attempt) = self.attempt(seq, now);
            let id = RequestId { client: self.id, seq };
            self.events.push(Event::Resent { id, attempt, to });
        }
    }

    /// When [`Client::wake`] has something to do next; `None` if nothing is unanswered.
    pub fn next_wake(&self) -> Option<Time> {
        self.pending.values().map(|pending| pending.resend_at).min()
    }

    /// What is to be saved, then sent, and what happened, since this was last asked.
    pub fn take_output(&mut self) -> Output {
        let save = std::mem::take(&mut self.unsaved).then(|| self.saved());
        Output {
            save,
            sends: std::mem::take(&mut self.sends),
            events: std::mem::take(&mut self.events),
        }
    }

    /// What a later [`Client::recover`] needs.
    pub fn saved(&self) -> Saved {
        let unanswered = self.pending.values().map(|pending| pending.state.request).collect();
        Saved { next_seq: self.next_seq, unanswered }
    }

    /// Whose session this is.
    pub fn id(&self) -> ClientId {
        self.id
    }

    /// The unanswered requests and the latest finished ones, by number.
    pub fn requests(&self) -> Vec<&RequestState> {
        let pending = self.pending.values().map(|pending| &pending.state);
        let all = self.finished.iter().chain(pending);
        let by_number: Map<u64, _> = all.map(|state| (state.request.id.seq, state)).collect();
        by_number.into_values().collect()
    }

    /// When an unanswered request is sent again if no answer has come by then.
    pub fn resend_at(&self, seq: u64) -> Option<Time> {
        self.pending.get(&seq).map(|pending| pending.resend_at)
    }

    /// How many requests are unanswered.
    pub fn unanswered(&self) -> usize {
        self.pending.len()
    }

    /// The server that is thought to lead, because it gave the latest outcome.
    pub fn leader_guess(&self) -> Option<ServerId> {
        self.leader_guess
    }

    /// Whether [`Client::submit`] would take a new request now.
    pub fn may_submit(&self, via: Option<ServerId>) -> Result<(), SubmitError> {
        if let Some(server) = via.filter(|server| !self.servers.contains(server)) {
            return Err(SubmitError::NoSuchServer { server });
        }
        if self.pending.len() >= MAX_UNANSWERED {
            return Err(SubmitError::TooManyUnanswered);
        }
        let oldest = self.lowest_unanswered();
        if self.next_seq - oldest >= MAX_OUTSTANDING {
            return Err(SubmitError::OldestUnanswered { seq: oldest });
        }
        if self.next_seq > MAX_SEQ {
            return Err(SubmitError::OutOfNumbers);
        }
        Ok(())
    }

    /// The lowest number that still waits for its answer; the next one if none does.
    fn lowest_unanswered(&self) -> u64 {
        self.pending.keys().next().copied().unwrap_or(self.next_seq)
    }

    fn expects(&self, id: RequestId) -> Result<(), Ignored> {
        if id.client != self.id {
            Err(Ignored::NotOurs)
        } else if id.seq == 0 || id.seq >= self.next_seq {
            Err(Ignored::NeverAsked)
        } else if !self.pending.contains_key(&id.seq) {
            Err(Ignored::AlreadyAnswered)
        } else {
            Ok(())
        }
    }

    /// Outcomes come from the leader. The other answers may come from any server.
    fn learn(&mut self, from: ServerId, verdict: &Verdict) {
        match verdict {
            Verdict::Committed { .. } | Verdict::Refused { .. } => {
                self.leader_guess = Some(from);
            }
            Verdict::Balance { .. }
            | Verdict::Invalid { .. }
            | Verdict::Stale { .. }
            | Verdict::Busy => {}
        }
    }

    fn finish(&mut self, id: RequestId, from: ServerId, verdict: Verdict, now: Time) {
        let pending = self.pending.remove(&id.seq).expect("only expected replies finish requests");
        let mut state = pending.state;
        assert_eq!(state.status, Status::Pending, "a request ends once");
        state.status = Status::Done { verdict, at: now };
        self.events.push(Event::Answered { id, from, verdict, attempts: state.attempts });
        self.finished.push_back(state);
        if self.finished.len() > MAX_FINISHED {
            self.finished.pop_front();
        }
        if let Verdict::Stale { lowest_accepted } = verdict {
            self.next_seq = self.next_seq.max(lowest_accepted.min(MAX_SEQ + 1));
        }
        self.unsaved = true;
    }

    /// The server had no room for the request: it is sent again, later than an unheard one.
    fn wait_for_room(&mut self, id: RequestId, from: ServerId, now: Time) {
        let pending = self.pending.get_mut(&id.seq).expect("only expected replies are waited on");
        let wait = self.config.wait(pending.state.attempts, &mut self.rng);
        pending.resend_at = now + wait;
        pending.heard = true;
        self.events.push(Event::Busy { id, from, resend_at: pending.resend_at });
    }

    /// Sends an unanswered request, for the first time or again. Returns whom it goes to, and how
    /// often it was sent.
    fn attempt(&mut self, seq: u64, now: Time) -> (ServerId, u32) {
        let to = self.choose(seq);
        let everybody = self.servers.len();
        let pending = self.pending.get_mut(&seq).expect("only unanswered requests are sent");
        pending.asked.insert(to);
        if pending.asked.len() == everybody {
            pending.asked.clear();
        }
        pending.heard = false;
        let state = &mut pending.state;
        state.attempts = state.attempts.saturating_add(1);
        state.last_target = Some(to);
        pending.resend_at = now + self.config.wait(state.attempts, &mut self.rng);
        self.sends.push((to, state.request));
        (to, state.attempts)
    }

    /// Whom to ask: the one that is thought to lead, but nobody again who has just kept silent.
    /// Else all others come before anybody comes again.
    fn choose(&mut self, seq: u64) -> ServerId {
        let Pending { state, heard, asked, .. } = &self.pending[&seq];
        if let Some(pinned) = state.via.filter(|_| state.attempts == 0) {
            return pinned;
        }
        let last = state.last_target;
        if !heard && self.leader_guess == last {
            self.leader_guess = None;
        }
        if let Some(leader) = self.leader_guess {
            return leader;
        }
        let is_next = |server: &ServerId| Some(*server) != last && !asked.contains(server);
        let others: Vec<ServerId> = self.servers.iter().copied().filter(is_next).collect();
        let candidates = if others.is_empty() { &self.servers } else { &others };
        candidates[self.rng.random_range(0..candidates.len() as u32) as usize]
    }
}
