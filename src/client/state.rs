//! What a client tells of itself: its requests' states, what happened, what is to be done.

use super::{MAX_UNANSWERED, Saved};
use crate::bank::{Request, RequestId, Verdict};
use crate::base::{ServerId, Time};
use std::fmt;

/// What the world is to do for a client, in the order of the fields: a number that is not saved
/// must not be used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Output {
    /// Replaces what was saved before; `None` if that still holds.
    pub save: Option<Saved>,
    /// Requests to send, each with the server to send it to.
    pub sends: Vec<(ServerId, Request)>,
    /// What happened, in order.
    pub events: Vec<Event>,
}

/// A request as people look at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestState {
    /// The request.
    pub request: Request,
    /// The server that somebody chose for its first attempt, if anybody did.
    pub via: Option<ServerId>,
    /// When it was submitted, or when its client recovered with it.
    pub submitted_at: Time,
    /// How often it was sent since then.
    pub attempts: u32,
    /// Whom it was sent to last.
    pub last_target: Option<ServerId>,
    /// What became of it.
    pub status: Status,
}

impl RequestState {
    pub(super) fn new(request: Request, via: Option<ServerId>, now: Time) -> Self {
        Self {
            request,
            via,
            submitted_at: now,
            attempts: 0,
            last_target: None,
            status: Status::Pending,
        }
    }
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It waits for its answer.
    Pending,
    /// It was answered, for good.
    Done {
        /// The answer; [`Verdict::is_final`] holds.
        verdict: Verdict,
        /// When it came.
        at: Time,
    },
}

/// Something that happened to a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A new request was sent for the first time.
    Submitted {
        /// The request.
        request: Request,
        /// Whom it was sent to.
        to: ServerId,
    },
    /// A request was sent again, after a silence, a `Busy` or a recovery.
    Resent {
        /// Its name.
        id: RequestId,
        /// Which attempt this is, counted from 1 and anew after a recovery.
        attempt: u32,
        /// Whom it was sent to.
        to: ServerId,
    },
    /// A server had no room for a request.
    Busy {
        /// Its name.
        id: RequestId,
        /// The server.
        from: ServerId,
        /// When it is sent again.
        resend_at: Time,
    },
    /// A request was answered, for good.
    Answered {
        /// Its name.
        id: RequestId,
        /// Who answered.
        from: ServerId,
        /// The answer; [`Verdict::is_final`] holds.
        verdict: Verdict,
        /// How often it had been sent.
        attempts: u32,
    },
    /// A reply meant nothing to this client.
    Ignored {
        /// The request that it names.
        id: RequestId,
        /// Who sent it.
        from: ServerId,
        /// Why it means nothing.
        reason: Ignored,
    },
}

/// Why a reply means nothing to a client. Where several hold, the first in this order is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ignored {
    /// It answers another client's request.
    NotOurs,
    /// No request had that number.
    NeverAsked,
    /// The request was answered before: this reply is late, or a duplicate.
    AlreadyAnswered,
}

impl fmt::Display for Ignored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotOurs => "it answers another client's request",
            Self::NeverAsked => "no request has that number",
            Self::AlreadyAnswered => "the request was answered before",
        })
    }
}

/// Why a client takes no new request now. Where several hold, the first in this order is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SubmitError {
    /// The server that it should go through is not in the cluster.
    NoSuchServer {
        /// That server.
        server: ServerId,
    },
    /// [`MAX_UNANSWERED`] requests are unanswered.
    TooManyUnanswered,
    /// The oldest unanswered request lies so far back that the bank would refuse the next number.
    OldestUnanswered {
        /// The oldest one's number.
        seq: u64,
    },
    /// The session has used up its numbers.
    OutOfNumbers,
}

impl fmt::Display for SubmitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchServer { server } => {
                write!(f, "there is no server {server}: choose one of the cluster's")
            }
            Self::TooManyUnanswered => {
                write!(f, "{MAX_UNANSWERED} requests are unanswered: wait for one of them")
            }
            Self::OldestUnanswered { seq } => {
                write!(f, "request #{seq} has waited too long: wait for its answer first")
            }
            Self::OutOfNumbers => f.write_str("this session has used up its numbers: start anew"),
        }
    }
}

impl std::error::Error for SubmitError {}
