//! What a server is told about its cluster and its patience.

use crate::base::{MAX_SERVERS, ServerId, Span};
use std::collections::BTreeSet;

/// The settings of one server's Raft. They do not change while it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// This server.
    pub id: ServerId,
    /// Every server that votes, this one among them: 1 to [`MAX_SERVERS`].
    pub voters: BTreeSet<ServerId>,
    /// The least time without word from a leader after which a server stands for election.
    pub election_timeout_min: Span,
    /// The most. Each wait is drawn anew from between the two, so that split votes are rare and
    /// do not repeat themselves (paper §5.2).
    pub election_timeout_max: Span,
    /// The time between a leader's heartbeats. It should be well below the election timeout.
    pub heartbeat_interval: Span,
    /// The most entries that one append carries.
    pub max_append_entries: usize,
    /// The most appends that are on their way to one follower, unanswered.
    pub max_inflight_appends: usize,
}

impl Config {
    /// The settings that fit a network with a one-way delay of 10 to 30 ms.
    ///
    /// The paper's 150 to 300 ms (§9.3) suit a delay of 15 ms; ours are twice that.
    pub fn new(id: ServerId, voters: BTreeSet<ServerId>) -> Self {
        Self {
            id,
            voters,
            election_timeout_min: Span::ms(300),
            election_timeout_max: Span::ms(600),
            heartbeat_interval: Span::ms(50),
            max_append_entries: 32,
            max_inflight_appends: 8,
        }
    }

    /// All voters but this one.
    pub fn peers(&self) -> impl Iterator<Item = ServerId> + '_ {
        self.voters.iter().copied().filter(|voter| *voter != self.id)
    }

    /// # Panics
    /// If a setting makes no sense. People's input is checked where it is entered.
    pub(super) fn assert_sensible(&self) {
        assert!(self.voters.contains(&self.id), "a server must be a voter of its own cluster");
        assert!(self.voters.len() <= usize::from(MAX_SERVERS), "a cluster has 1 to 9 voters");
        assert!(self.election_timeout_min > Span::ZERO, "an election timeout must take time");
        assert!(
            self.election_timeout_min <= self.election_timeout_max,
            "the least election timeout must not be above the most"
        );
        assert!(self.heartbeat_interval > Span::ZERO, "heartbeats must take time");
        assert!(self.max_append_entries > 0, "an append must be able to carry an entry");
        assert!(self.max_inflight_appends > 0, "at least one append must be able to be in flight");
    }
}
