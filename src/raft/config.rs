//! What a server is told about its cluster and its patience.

use crate::base::{Membership, Rules, ServerId, Span};

/// The settings of one server's Raft. They do not change while it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// This server. It need not be a member: one that is not yet waits to be made one.
    pub id: ServerId,
    /// Who belongs to the cluster before the first entry of the log. Entries may change it.
    pub membership: Membership,
    /// The rules that are on. A server without all of them shows what they are for.
    pub rules: Rules,
    /// The least time without word from a leader after which a server stands for election.
    pub election_timeout_min: Span,
    /// The most. Each wait is drawn anew from between the two, so that split votes are rare and
    /// do not repeat themselves (paper §5.2).
    pub election_timeout_max: Span,
    /// The time between a leader's heartbeats. It should be well below the election timeout.
    pub heartbeat_interval: Span,
    /// The most entries that one append carries.
    pub max_append_entries: usize,
    /// The most bytes of entries that one append carries, by [`Entry::size`](super::Entry::size);
    /// but one entry always travels, however large.
    pub max_append_bytes: usize,
    /// The most appends that are on their way to one follower, unanswered.
    pub max_inflight_appends: usize,
    /// The most bytes of a snapshot that one message carries.
    pub snapshot_chunk_bytes: usize,
}

impl Config {
    /// The settings that fit a network with a one-way delay of 10 to 30 ms.
    ///
    /// The paper's 150 to 300 ms (§9.3) suit a delay of 15 ms; ours are twice that.
    pub fn new(id: ServerId, membership: Membership) -> Self {
        Self {
            id,
            membership,
            rules: Rules::ALL_ON,
            election_timeout_min: Span::ms(300),
            election_timeout_max: Span::ms(600),
            heartbeat_interval: Span::ms(50),
            max_append_entries: 32,
            max_append_bytes: 256 * 1024,
            max_inflight_appends: 8,
            snapshot_chunk_bytes: 64 * 1024,
        }
    }

    /// # Panics
    /// If a setting makes no sense. People's input is checked where it is entered.
    pub(super) fn assert_sensible(&self) {
        assert!(!self.membership.is_joint(), "a cluster does not begin amid a change");
        assert!(self.election_timeout_min > Span::ZERO, "an election timeout must take time");
        assert!(
            self.election_timeout_min <= self.election_timeout_max,
            "the least election timeout must not be above the most"
        );
        assert!(self.heartbeat_interval > Span::ZERO, "heartbeats must take time");
        assert!(self.max_append_entries > 0, "an append must be able to carry an entry");
        assert!(self.max_append_bytes > 0, "an append must be able to carry a byte");
        assert!(self.max_inflight_appends > 0, "at least one append must be able to be in flight");
        assert!(self.snapshot_chunk_bytes > 0, "a chunk must be able to carry a byte");
    }
}
