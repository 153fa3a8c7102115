//! What happened in a run: the one thing that judges, logs, charts and pictures read.
//!
//! The world appends an [`Event`] for everything that anybody did: a message sent, arrived or
//! dropped, a timer run out, a vote, a block mined, appended, committed, applied, a write made
//! durable, a crash, an answer. Each names the event that caused it, so that one transfer can be
//! followed from the client's click to its reply by walking the causes.
//!
//! Two runs are the same if their events are. [`RunDigest`] boils a run down to one hash, which
//! tests compare between machines.
//!
//! # Architecture invariant
//!
//! Nothing in the engine reads the trace. It may be thrown away at any moment without changing
//! what happens next; [`Trace`] keeps only the newest events and counts the rest.

mod digest;
mod kept;
mod ring;
mod text;

pub use digest::RunDigest;
pub use kept::Kept;
pub use ring::Trace;

use crate::base::{ClientId, Endpoint, ServerId, Time};
use crate::channel::DropReason;
use crate::client;
use crate::server::{Fact, Packet, Unreadable};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// An event's number: 1 for the first of a run, without gaps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EventId(pub u64);

/// A message's number, in the order of sending. A duplicate made by the channel has its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MessageId(pub u64);

/// Something that happened.
#[derive(Clone, Debug)]
pub struct Event {
    /// Its number.
    pub id: EventId,
    /// When.
    pub at: Time,
    /// What led to it; nothing for what came from outside or from a timer.
    pub cause: Option<EventId>,
    /// What.
    pub what: What,
}

/// The kinds of events.
#[derive(Clone, Debug)]
pub enum What {
    /// Somebody outside acted, or what he had switched on did, which then has a cause: the
    /// action, as scenario text.
    Acted(Arc<str>),
    /// A message left its sender.
    Sent(Passage),
    /// The channel made a second copy of a message, which then arrives or is dropped by itself.
    Duplicated(Passage),
    /// A message reached its target.
    Arrived(Passage),
    /// Somebody altered a message on its way; this is how it goes on.
    Tampered(Passage),
    /// A message did not.
    Dropped(Passage, DropReason),
    /// A timer ran out, and something came of it.
    Timer(Endpoint),
    /// A server did something.
    Server(ServerId, Fact),
    /// A client did something.
    Client(ClientId, client::Event),
    /// These writes of a server became durable, in this order.
    Persisted(ServerId, Arc<[Kept]>),
    /// A server crashed. Of the writes that were not durable, some were kept, and so many lost.
    Crashed {
        /// Which.
        server: ServerId,
        /// Writes that reached the disk all the same, in this order.
        kept: Arc<[Kept]>,
        /// Writes that are gone.
        lost: usize,
    },
    /// A server stopped by itself, or could not start.
    Stopped(ServerId, StopReason),
}

/// A message on its way.
#[derive(Clone, Debug)]
pub struct Passage {
    /// The message's number.
    pub message: MessageId,
    /// Who sent it.
    pub from: Endpoint,
    /// To whom.
    pub to: Endpoint,
    /// What it says.
    pub packet: Arc<Packet>,
}

/// Why a server is down although nobody crashed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StopReason {
    /// Its disk had no room for this key. It stopped rather than promise what it could not keep.
    DiskFull {
        /// The key that could not be written.
        key: String,
    },
    /// What its disk holds cannot be believed.
    Unreadable(Unreadable),
    /// It was asked to, and has ended its work in order.
    Planned,
}

impl fmt::Display for StopReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DiskFull { key } => write!(f, "disk full: no room for '{key}'"),
            Self::Unreadable(what) => write!(f, "disk unreadable: {what}"),
            Self::Planned => f.write_str("as planned"),
        }
    }
}

impl What {
    /// The server that this is about, if it is about one.
    pub fn server(&self) -> Option<ServerId> {
        match self {
            Self::Server(server, _)
            | Self::Persisted(server, _)
            | Self::Crashed { server, .. }
            | Self::Stopped(server, _)
            | Self::Timer(Endpoint::Server(server)) => Some(*server),
            Self::Acted(_)
            | Self::Sent(_)
            | Self::Duplicated(_)
            | Self::Arrived(_)
            | Self::Tampered(_)
            | Self::Dropped(..)
            | Self::Timer(Endpoint::Client(_))
            | Self::Client(..) => None,
        }
    }

    /// The message that this is about, if it is about one.
    pub fn passage(&self) -> Option<&Passage> {
        match self {
            Self::Sent(passage)
            | Self::Duplicated(passage)
            | Self::Arrived(passage)
            | Self::Tampered(passage)
            | Self::Dropped(passage, _) => Some(passage),
            _ => None,
        }
    }
}
