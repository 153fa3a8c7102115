//! What a leader knows of one follower, and how much it may send.

use super::config::Config;
use super::message::Round;
use crate::base::Index;
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
}

/// An append that was sent and not answered yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InFlight {
    /// The last index that it carries.
    pub last: Index,
    /// The round in which it was sent.
    pub sent_in: Round,
}

/// Which entries to send next: those after `previous`, up to and with `last`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Batch {
    pub previous: Index,
    pub last: Index,
}

impl Progress {
    /// A new leader knows nothing, and begins where its own log ends (paper §5.3).
    pub(super) fn new(last_index: Index) -> Self {
        Self {
            match_index: Index::ZERO,
            next_index: last_index.next(),
            flow: Flow::Probe { sent_in: None },
            acknowledged_round: Round(0),
            matched_in: Round(0),
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

    /// The next append, if one may be sent now; it then counts as sent in `round`.
    pub(super) fn take_batch(
        &mut self,
        last_index: Index,
        config: &Config,
        round: Round,
    ) -> Option<Batch> {
        let previous = Index(self.next_index.0 - 1);
        let full = previous.0.saturating_add(config.max_append_entries as u64);
        let last = last_index.min(Index(full));
        match &mut self.flow {
            Flow::Probe { sent_in } if sent_in.is_none() => *sent_in = Some(round),
            Flow::Replicate { in_flight }
                if last > previous && in_flight.len() < config.max_inflight_appends =>
            {
                in_flight.push_back(InFlight { last, sent_in: round });
                self.next_index = last.next();
            }
            _ => return None,
        }
        Some(Batch { previous, last })
    }

    /// The follower has answered a message of `round`, whatever it said. An append that is much
    /// older and still unanswered is lost: it is tried again, one at a time.
    pub(super) fn answered(&mut self, round: Round) {
        self.acknowledged_round = self.acknowledged_round.max(round);
        let lost = |sent_in: Round| round.0 >= sent_in.0 + ROUNDS_UNTIL_LOST;
        match &mut self.flow {
            Flow::Probe { sent_in } => {
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
        }
        self.assert_consistent();
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
