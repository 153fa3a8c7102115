//! What a leader knows of one follower, and how much it may send.

use super::Entry;
use super::config::Config;
use super::log::Log;
use super::message::Round;
use super::snapshot::Snapshot;
use crate::base::{Index, Time};
use std::collections::VecDeque;

/// An append counts as lost once a message of so many rounds later was answered and it was not.
///
/// One round would do if messages never overtook each other.
const ROUNDS_UNTIL_LOST: u64 = 2;

/// What a leader knows of one follower.
///
/// Replies may come late, twice or out of order. Everything here only moves on what a reply
/// proves, so that such replies change nothing.
#[derive(Clone, Debug)]
pub struct Progress {
    match_index: Index,
    next_index: Index,
    flow: Flow,
    acknowledged_round: Round,
    matched_in: Round,
    heard: Time,
}

/// How entries flow to a follower.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flow {
    /// The leader does not know yet where the follower's log agrees with its own. It tries one
    /// append at a time.
    Probe {
        /// The round in which the try was sent that is still unanswered.
        sent_in: Option<Round>,
    },
    /// The follower's log agrees up to `match_index`. Appends are sent one behind the other,
    /// without waiting for answers.
    Replicate {
        /// The unanswered appends, the oldest first.
        in_flight: VecDeque<InFlight>,
    },
    /// The follower needs entries that the leader has no more. It is sent a snapshot, one part at
    /// a time. The leader may compact its log again meanwhile; what it has begun to send, it
    /// sends to the end, or a slow follower would never see one whole.
    Snapshot {
        /// The snapshot.
        snapshot: Snapshot,
        /// Where the next part begins.
        offset: u64,
        /// The leader's newest round when `offset` last changed.
        moved_in: Round,
        /// The round in which a part was sent that is still unanswered.
        sent_in: Option<Round>,
    },
}

/// An append that was sent and not answered yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InFlight {
    /// The last index that it carries.
    pub last: Index,
    /// The round in which it was sent.
    pub sent_in: Round,
}

/// What to send next.
#[derive(Clone, Debug)]
pub(super) enum Send {
    /// Entries.
    Append(Batch),
    /// The part of a snapshot that begins there.
    Chunk(Snapshot, u64),
}

/// Which entries to send next: those after `previous`, up to and with `last`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Batch {
    pub previous: Index,
    pub last: Index,
}

impl Progress {
    /// A new leader knows nothing, and begins where its own log ends (paper §5.3).
    pub(super) fn new(last_index: Index, now: Time) -> Self {
        Self {
            match_index: Index::ZERO,
            next_index: last_index.next(),
            flow: Flow::Probe { sent_in: None },
            acknowledged_round: Round(0),
            matched_in: Round(0),
            heard: now,
        }
    }

    /// The highest index that the follower is known to have durably, as the leader has it.
    pub fn match_index(&self) -> Index {
        self.match_index
    }

    /// The next index to send.
    pub fn next_index(&self) -> Index {
        self.next_index
    }

    /// How entries flow.
    pub fn flow(&self) -> &Flow {
        &self.flow
    }

    /// The newest round that the follower has answered.
    pub fn acknowledged_round(&self) -> Round {
        self.acknowledged_round
    }

    /// When the follower was last heard of, or when the leader began to listen.
    pub fn heard(&self) -> Time {
        self.heard
    }

    /// The follower is there.
    pub(super) fn hear(&mut self, now: Time) {
        self.heard = self.heard.max(now);
    }

    /// The next append or part of a snapshot, if one may be sent now; it then counts as sent in
    /// `round`.
    pub(super) fn take_send<E: Entry>(
        &mut self,
        log: &Log<E>,
        snapshot: Option<&Snapshot>,
        config: &Config,
        round: Round,
    ) -> Option<Send> {
        let previous = Index(self.next_index.0 - 1);
        let lacks_entries = previous < log.base().index;
        if lacks_entries && !matches!(self.flow, Flow::Snapshot { .. }) {
            let snapshot = snapshot.expect("a log with a base has a snapshot that ends there");
            let snapshot = snapshot.clone();
            self.flow = Flow::Snapshot { snapshot, offset: 0, moved_in: round, sent_in: None };
        }
        match &mut self.flow {
            Flow::Probe { sent_in } if sent_in.is_none() => {
                *sent_in = Some(round);
                Some(Send::Append(Batch { previous, last: batch_end(log, previous, config) }))
            }
            Flow::Replicate { in_flight } if in_flight.len() < config.max_inflight_appends => {
                let last = batch_end(log, previous, config);
                if last == previous {
                    return None;
                }
                in_flight.push_back(InFlight { last, sent_in: round });
                self.next_index = last.next();
                Some(Send::Append(Batch { previous, last }))
            }
            Flow::Snapshot { snapshot, offset, sent_in, .. } if sent_in.is_none() => {
                *sent_in = Some(round);
                Some(Send::Chunk(snapshot.clone(), *offset))
            }
            _ => None,
        }
    }

    /// The follower has answered a message of `round`, whatever it said. An append that is much
    /// older and still unanswered is lost: it is tried again, one at a time.
    pub(super) fn answered(&mut self, round: Round) {
        self.acknowledged_round = self.acknowledged_round.max(round);
        let lost = |sent_in: Round| round.0 >= sent_in.0 + ROUNDS_UNTIL_LOST;
        match &mut self.flow {
            Flow::Probe { sent_in } | Flow::Snapshot { sent_in, .. } => {
                if sent_in.is_some_and(lost) {
                    *sent_in = None;
                }
            }
            Flow::Replicate { in_flight } => {
                if in_flight.front().is_some_and(|oldest| lost(oldest.sent_in)) {
                    self.probe_after(self.match_index);
                }
            }
        }
    }

    /// The follower has everything up to `index`. `now` is the leader's newest round.
    pub(super) fn accepted(&mut self, index: Index, now: Round) {
        let advanced = index > self.match_index;
        if advanced {
            self.match_index = index;
            self.matched_in = now;
        }
        let probe_answered = index.next() >= self.next_index;
        match &mut self.flow {
            Flow::Probe { .. } => {
                if advanced || probe_answered {
                    self.next_index = self.match_index.next();
                    self.flow = Flow::Replicate { in_flight: VecDeque::new() };
                }
            }
            Flow::Replicate { in_flight } => {
                while in_flight.front().is_some_and(|oldest| oldest.last <= self.match_index) {
                    in_flight.pop_front();
                }
                self.next_index = self.next_index.max(self.match_index.next());
            }
            Flow::Snapshot { snapshot, .. } => {
                let is_done = self.match_index >= snapshot.last.index;
                self.next_index = self.next_index.max(self.match_index.next());
                if is_done {
                    self.next_index = self.match_index.next();
                    self.flow = Flow::Replicate { in_flight: VecDeque::new() };
                }
            }
        }
        self.assert_consistent();
    }

    /// The follower has so many bytes of the snapshot that ends at `last`, says its answer to a
    /// message of `round`. `now` is the leader's newest round.
    ///
    /// Only what is news sends the next part. If each copy of an answer did, one that the network
    /// doubles would have all parts behind it sent twice.
    pub(super) fn received(&mut self, last: Index, received: u64, round: Round, now: Round) {
        let Flow::Snapshot { snapshot, offset, moved_in, sent_in } = &mut self.flow else { return };
        let total = snapshot.data.len() as u64;
        if snapshot.last.index != last || received > total {
            return;
        }
        // A follower that crashed has less than before. So does an old answer, but not one to a
        // message of a later round.
        let has_lost_some = received < *offset && round > *moved_in;
        if received == total {
            self.accepted(last, now);
        } else if received > *offset || has_lost_some {
            *offset = received;
            *moved_in = now;
            *sent_in = None;
        }
    }

    /// The follower's log does not agree at `prev_index`, says its answer to a message of
    /// `round`. The two agree at `last_agreement` at best.
    pub(super) fn rejected(&mut self, prev_index: Index, last_agreement: Index, round: Round) {
        if prev_index == self.match_index && round > self.matched_in {
            // The message was sent when the leader knew already that the follower had this
            // entry: what was durable there is gone. Someone has meddled with its disk. All that
            // a leader can do is to send everything again.
            self.match_index = Index::ZERO;
            self.probe_after(last_agreement);
            return;
        }
        match &self.flow {
            _ if prev_index <= self.match_index => {} // Late: it has been put right since.
            Flow::Probe { .. } if prev_index.next() == self.next_index => {
                self.probe_after(last_agreement.max(self.match_index));
            }
            Flow::Probe { .. } => {} // The answer to an earlier try.
            Flow::Replicate { .. } if prev_index >= self.next_index => {} // Never sent.
            // An append before this one was lost or overtaken.
            Flow::Replicate { .. } => self.probe_after(self.match_index),
            Flow::Snapshot { .. } => {} // It will have the entry with the snapshot.
        }
        self.assert_consistent();
    }

    fn probe_after(&mut self, index: Index) {
        self.next_index = index.next();
        self.flow = Flow::Probe { sent_in: None };
    }

    fn assert_consistent(&self) {
        assert!(self.match_index < self.next_index, "what is known to be there is not sent again");
        if let Flow::Replicate { in_flight } = &self.flow {
            let last_sent = in_flight.back().map_or(self.match_index, |newest| newest.last);
            assert!(
                last_sent.next() == self.next_index,
                "what was sent is in flight or has arrived"
            );
        }
    }
}

/// The last entry of a batch after `previous`: as many as the limits allow, one at least.
fn batch_end<E: Entry>(log: &Log<E>, previous: Index, config: &Config) -> Index {
    let limit = Index(previous.0.saturating_add(config.max_append_entries as u64));
    let mut bytes = 0_usize;
    let fits = |entry: &&E| {
        let is_first = bytes == 0;
        bytes = bytes.saturating_add(entry.size().max(1));
        is_first || bytes <= config.max_append_bytes
    };
    let count = log.between(previous, limit).iter().take_while(fits).count();
    Index(previous.0 + count as u64)
}
