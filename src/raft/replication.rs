//! Replication: a leader's entries to its followers, and what is committed (paper §5.3, §5.4.2).
//!
//! A leader's messages are made in one place, `Raft::lead`, when a Ready is taken. Everything
//! else only changes what it knows of its followers. So entries proposed together travel
//! together, and what a follower is sent is bounded by what it answers: one that is down gets an
//! empty heartbeat now and then, and nothing else.

use super::log::{Log, Position};
use super::message::{
    AppendEntries, AppendEntriesReply, AppendOutcome, InstallSnapshot, Message, Round,
};
use super::progress::{Batch, Send};
use super::quorum::reached_by_quorum;
use super::{Entry, Raft, Snapshot, State};
use crate::base::{Index, Rule, ServerId, Term, Time};

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
        for (peer, progress) in leader.progress.iter_mut() {
            let sent_before = self.messages.len();
            let snapshot = self.snapshot.as_ref();
            while let Some(send) =
                progress.take_send(&self.log, snapshot, &self.config, leader.round)
            {
                let message = match send {
                    Send::Append(batch) => sender.append(batch),
                    Send::Chunk(snapshot, offset) => {
                        sender.chunk(&snapshot, offset, self.config.snapshot_chunk_bytes)
                    }
                };
                self.messages.push((*peer, message));
            }
            let sent_nothing = self.messages.len() == sent_before;
            if round_begins && sent_nothing {
                self.messages.push((*peer, sender.heartbeat(progress.match_index())));
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
        if !self.recognise(from, message.round, now) {
            return;
        }
        let round = message.round;
        let conflict = self.log.conflict_with(message.prev_log).filter(|conflict| {
            // Where there is no entry at all, nothing can follow.
            conflict.term.is_none() || self.config.rules.is_on(Rule::AppendConsistency)
        });
        let outcome = match conflict {
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
        let AppendEntries { prev_log, mut entries, leader_commit, .. } = message;
        let verified = Index(prev_log.index.0 + entries.len() as u64);
        let base = self.log.base();
        if prev_log.index < base.index {
            // What lies before the base is committed: the leader has the same there.
            let covered = usize::try_from(base.index.0 - prev_log.index.0).unwrap_or(usize::MAX);
            if entries.get(covered - 1).is_some_and(|entry| entry.term() != base.term) {
                return None;
            }
            entries.drain(..covered.min(entries.len()));
        }
        let previous = prev_log.index.max(base.index);
        let known = self.log.count_known(previous, &entries);
        let last_known = Index(previous.0 + known as u64);
        if known < entries.len() {
            if last_known < self.commit {
                return None;
            }
            if last_known < self.last_index() {
                self.truncate(last_known.next());
            }
            entries.into_iter().skip(known).for_each(|entry| _ = self.push(entry));
        }
        self.commit = self.commit.max(leader_commit.min(verified));
        Some(AppendOutcome::Accepted { match_index: verified })
    }

    /// Adds an entry to the log. If it changes the membership, that is in force at once.
    pub(super) fn push(&mut self, entry: E) -> Index {
        let in_order = entry.term() >= self.last_term() || !self.config.rules.all_on();
        assert!(in_order, "terms must not fall along a log");
        self.memberships.note(self.last_index().next(), &entry);
        self.log.push(entry)
    }

    /// Takes away the log's end from `from` on.
    pub(super) fn truncate(&mut self, from: Index) {
        assert!(from > self.commit, "what is committed is never taken away");
        self.memberships.truncate(from);
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
        now: Time,
    ) {
        let last_index = self.last_index();
        let State::Leader(leader) = &mut self.state else { return };
        let Some(progress) = leader.progress.get_mut(&from) else { return };
        if reply.round > leader.round {
            return;
        }
        progress.hear(now);
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
        self.progress_made(now);
    }

    /// A follower has come further.
    pub(super) fn progress_made(&mut self, now: Time) {
        self.advance_commit(now);
        self.confirm_reads();
        self.continue_transfer();
    }

    /// If this server leads: commits what a quorum has durably.
    ///
    /// Only an entry of the current term is committed by counting; those before it follow (paper
    /// §5.4.2, figure 8). The leader does not go beyond its own disk, even if a quorum of others
    /// would allow it: what it has committed, it has.
    pub(super) fn advance_commit(&mut self, now: Time) {
        let State::Leader(leader) = &self.state else { return };
        let durable = self.durability.last_index();
        let matched = |server| match leader.progress.get(&server) {
            Some(progress) => progress.match_index(),
            None if server == self.config.id => durable,
            None => Index::ZERO,
        };
        let replicated = reached_by_quorum(self.memberships.latest(), matched).min(durable);
        if replicated <= self.commit {
            return;
        }
        let is_own = self.log.term_at(replicated) == Some(self.term());
        if is_own || !self.config.rules.is_on(Rule::CommitCurrentTerm) {
            let former = std::mem::replace(&mut self.commit, replicated);
            if former < self.memberships.latest_index() {
                self.follow_membership();
                self.leave_if_removed(now);
            }
        }
    }

    /// True if an entry of the current term is committed: then this leader knows how far its
    /// predecessors had committed (paper §8).
    pub(super) fn has_committed_in_own_term(&self) -> bool {
        self.log.term_at(self.commit) == Some(self.term())
    }

    /// If this server leads: confirms the reads of each round that a quorum has answered.
    fn confirm_reads(&mut self) {
        let State::Leader(leader) = &mut self.state else { return };
        if !leader.reads.are_in_round() {
            return;
        }
        let round = leader.round;
        let acknowledged = |server| match leader.progress.get(&server) {
            Some(progress) => progress.acknowledged_round(),
            None if server == self.config.id => round,
            None => Round(0),
        };
        let answered = match self.config.rules.is_on(Rule::ReadConfirmation) {
            true => reached_by_quorum(self.memberships.latest(), acknowledged),
            false => round,
        };
        for (reader, index) in leader.reads.confirm(answered) {
            self.confirm(reader, index);
        }
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
    /// An append with these entries.
    fn append(&self, batch: Batch) -> Message<E> {
        let place = self.log.position_at(batch.previous).expect("a leader sends only what it has");
        self.message(place, self.log.between(batch.previous, batch.last).to_vec())
    }

    /// An append without entries, at a place where the follower agrees. All agree at 0.
    fn heartbeat(&self, matched: Index) -> Message<E> {
        self.message(self.log.position_at(matched).unwrap_or_default(), Vec::new())
    }

    fn message(&self, prev_log: Position, entries: Vec<E>) -> Message<E> {
        let last = Index(prev_log.index.0 + entries.len() as u64);
        Message::AppendEntries(AppendEntries {
            term: self.term,
            prev_log,
            entries,
            leader_commit: self.commit.min(last),
            round: self.round,
        })
    }

    /// The part of a snapshot that begins at `offset`.
    fn chunk(&self, snapshot: &Snapshot, offset: u64, bytes: usize) -> Message<E> {
        let total = snapshot.data.len();
        let begin = usize::try_from(offset).map_or(total, |begin| begin.min(total));
        let end = begin.saturating_add(bytes).min(total);
        Message::InstallSnapshot(InstallSnapshot {
            term: self.term,
            last: snapshot.last,
            membership: snapshot.membership.clone(),
            total: total as u64,
            offset,
            data: snapshot.data[begin..end].into(),
            round: self.round,
        })
    }
}
