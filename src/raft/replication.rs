//! Replication: a leader's entries to its followers, and what is committed (paper §5.3, §5.4.2).
//!
//! A leader's messages are made in one place, `Raft::lead`, when a Ready is taken. Everything
//! else only changes what it knows of its followers. So entries proposed together travel
//! together, and what a follower is sent is bounded by what it answers: one that is down gets an
//! empty heartbeat now and then, and nothing else.

use super::log::{Log, Position};
use super::message::{AppendEntries, AppendEntriesReply, AppendOutcome, Message, Round};
use super::progress::Batch;
use super::quorum::reached_by_majority;
use super::{Entry, Raft, State};
use crate::base::{Index, ServerId, Term, Time};

impl<E: Entry> Raft<E> {
    /// If this server leads: begins a round if one is due, and sends each follower what it may
    /// have.
    pub(super) fn lead(&mut self) {
        let has_own_commit = self.has_committed_in_own_term();
        let State::Leader(leader) = &mut self.state else { return };
        let round_begins = leader.heartbeat_due || (has_own_commit && leader.reads.want_round());
        if round_begins {
            leader.heartbeat_due = false;
            leader.round = leader.round.next();
            if has_own_commit {
                leader.reads.begin_round(leader.round, self.commit);
            }
        }
        let sender = Sender {
            term: self.hard_state.term,
            log: &self.log,
            commit: self.commit,
            round: leader.round,
        };
        for (peer, progress) in &mut leader.progress {
            let sent_before = self.messages.len();
            let last_index = self.log.last_index();
            while let Some(batch) = progress.take_batch(last_index, &self.config, leader.round) {
                self.messages.push((*peer, sender.append(batch)));
            }
            let sent_nothing = self.messages.len() == sent_before;
            if round_begins && sent_nothing {
                let matched = progress.match_index();
                let heartbeat = sender.append(Batch { previous: matched, last: matched });
                self.messages.push((*peer, heartbeat));
            }
        }
        self.confirm_reads();
    }

    /// A leader of the current term sends entries, or shows that it is there.
    pub(super) fn handle_append_entries(
        &mut self,
        from: ServerId,
        message: AppendEntries<E>,
        now: Time,
    ) {
        if !self.recognise(from, now) {
            return;
        }
        let round = message.round;
        let outcome = match self.log.conflict_with(message.prev_log) {
            Some(conflict) => {
                let prev_index = message.prev_log.index;
                Some(AppendOutcome::Rejected { prev_index, conflict })
            }
            None => self.accept(message),
        };
        if let Some(outcome) = outcome {
            let reply = AppendEntriesReply { term: self.term(), outcome, round };
            self.messages.push((from, Message::AppendEntriesReply(reply)));
        }
    }

    /// Takes over the entries, which follow an entry that this log has too.
    ///
    /// Entries that are there already stay, and so does what lies behind them: a late message
    /// must not take away what a later one brought. Only an entry of another term, and what
    /// follows it, makes way. Nothing comes of a message that contradicts what is committed; no
    /// correct leader sends one.
    fn accept(&mut self, message: AppendEntries<E>) -> Option<AppendOutcome> {
        let previous = message.prev_log.index;
        let verified = Index(previous.0 + message.entries.len() as u64);
        let known = self.log.count_known(previous, &message.entries);
        let last_known = Index(previous.0 + known as u64);
        if known < message.entries.len() {
            if last_known < self.commit {
                return None;
            }
            if last_known < self.last_index() {
                self.truncate(last_known.next());
            }
            for entry in message.entries.into_iter().skip(known) {
                self.log.push(entry);
            }
        }
        self.commit = self.commit.max(message.leader_commit.min(verified));
        Some(AppendOutcome::Accepted { match_index: verified })
    }

    /// Takes away the log's end from `from` on.
    fn truncate(&mut self, from: Index) {
        assert!(from > self.commit, "what is committed is never taken away");
        self.log.truncate(from);
        self.durability.truncated(from);
    }

    /// A follower answers, in the current term.
    ///
    /// What speaks of rounds or entries that never were is no correct follower's answer, and is
    /// passed over.
    pub(super) fn handle_append_entries_reply(
        &mut self,
        from: ServerId,
        reply: AppendEntriesReply,
    ) {
        let last_index = self.last_index();
        let State::Leader(leader) = &mut self.state else { return };
        let Some(progress) = leader.progress.get_mut(&from) else { return };
        if reply.round > leader.round {
            return;
        }
        match reply.outcome {
            AppendOutcome::Accepted { match_index } if match_index <= last_index => {
                progress.accepted(match_index, leader.round);
            }
            AppendOutcome::Rejected { prev_index, conflict }
                if prev_index > Index::ZERO && prev_index <= last_index =>
            {
                let agreement = self.log.last_agreement(prev_index, conflict);
                progress.rejected(prev_index, agreement, reply.round);
            }
            _ => return,
        }
        progress.answered(reply.round);
        self.advance_commit();
        self.confirm_reads();
    }

    /// If this server leads: commits what a majority has durably, itself among them.
    ///
    /// Only an entry of the current term is committed by counting; those before it follow (paper
    /// §5.4.2, figure 8). The leader does not go beyond its own disk, even if a majority of
    /// others would allow it: what it has committed, it has.
    pub(super) fn advance_commit(&mut self) {
        let State::Leader(leader) = &self.state else { return };
        let durable = self.durability.last_index();
        let peers = leader.progress.values().map(|progress| progress.match_index());
        let replicated = reached_by_majority(peers.chain([durable]).collect()).min(durable);
        let is_own = self.log.term_at(replicated) == Some(self.term());
        if is_own && replicated > self.commit {
            self.commit = replicated;
        }
    }

    /// True if an entry of the current term is committed: then this leader knows how far its
    /// predecessors had committed (paper §8).
    pub(super) fn has_committed_in_own_term(&self) -> bool {
        self.log.term_at(self.commit) == Some(self.term())
    }

    /// If this server leads: confirms the reads of each round that a majority has answered.
    fn confirm_reads(&mut self) {
        let State::Leader(leader) = &mut self.state else { return };
        let peers = leader.progress.values().map(|progress| progress.acknowledged_round());
        let answered = reached_by_majority(peers.chain([leader.round]).collect());
        self.confirmed_reads.extend(leader.reads.confirm(answered));
    }
}

/// What every message of a leader says.
struct Sender<'a, E> {
    term: Term,
    log: &'a Log<E>,
    commit: Index,
    round: Round,
}

impl<E: Entry> Sender<'_, E> {
    /// An append with these entries; a heartbeat if there are none.
    fn append(&self, batch: Batch) -> Message<E> {
        let term = self.log.term_at(batch.previous).expect("a leader sends only what it has");
        Message::AppendEntries(AppendEntries {
            term: self.term,
            prev_log: Position { term, index: batch.previous },
            entries: self.log.between(batch.previous, batch.last).to_vec(),
            leader_commit: self.commit.min(batch.last),
            round: self.round,
        })
    }
}
