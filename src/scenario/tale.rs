//! A run as people would tell it: the events that matter, a short line for each.
//!
//! Told are requests and their answers, elections, blocks mined, committed, dropped and refused,
//! and servers that go down and come back. Left out is how it came about: messages, votes,
//! writes, the followers' steps. So a change of the engine that does not change the story does
//! not change the tale.

use crate::bank::{Operation, Outcome, RequestId};
use crate::base::{Index, Map, Membership, ServerId, Set, Term, Time};
use crate::chain::Block;
use crate::check::{Property, Violation};
use crate::client;
use crate::server::Fact;
use crate::trace::{Event, Passage, What};
use std::fmt;

/// What was told since it was last taken, and what must be remembered to go on.
#[derive(Clone, Debug, Default)]
pub(super) struct Tale {
    lines: Vec<Line>,
    /// Where each server's log ends.
    ends: Map<ServerId, Index>,
    /// Who led or stood for election last.
    ambitious: Set<ServerId>,
    /// Servers of which it is worth telling whom they follow: they led, stood or were away.
    strays: Set<ServerId>,
    /// The height of the last block of which it was told that it is committed.
    committed: Index,
    /// Promises of which it was told that they are broken.
    broken: Set<Property>,
    /// Refusals that were told of: who refused what height from whom. A leader sends a block again
    /// and again.
    refused: Set<(ServerId, ServerId, Index)>,
    /// The membership that was told of last.
    membership: Option<Membership>,
}

#[derive(Clone, Debug)]
enum Line {
    Text(String),
    /// A server stood for election, perhaps again and again.
    Stood {
        server: ServerId,
        first: Term,
        last: Term,
        times: u64,
    },
    /// A client sent a request again, perhaps more than once.
    Again {
        id: RequestId,
        to: Vec<ServerId>,
    },
    /// A server mined a block, and perhaps it was committed.
    Mined {
        server: ServerId,
        block: Block,
        committed_by: Option<ServerId>,
    },
}

impl Tale {
    /// Takes in the next event.
    pub(super) fn hear(&mut self, event: &Event) {
        match &event.what {
            What::Client(_, event) => self.hear_client(event),
            What::Server(server, Fact::Recovered { term, snapshot, blocks, .. }) => {
                let base = snapshot.as_ref().map_or(0, |checkpoint| checkpoint.height().0);
                let end = base + blocks.len() as u64;
                self.ends.insert(*server, Index(end));
                if event.at > Time::ZERO {
                    self.strays.insert(*server);
                    let after = match base {
                        0 => String::new(),
                        _ => format!(", snapshot {base}"),
                    };
                    self.tell(format!("{server} recovers: term {term}, log {end}{after}"));
                }
            }
            What::Server(server, fact) => self.hear_server(*server, fact),
            What::Crashed { server, kept, lost } => {
                self.ambitious.remove(server);
                self.tell(match (kept.len(), *lost) {
                    (0, 0) => format!("{server} crashes"),
                    (kept, lost) => {
                        format!("{server} crashes in a sync: {kept} of {} writes kept", kept + lost)
                    }
                });
            }
            What::Stopped(server, reason) => {
                self.ambitious.remove(server);
                self.tell(format!("{server} stops: {reason}"));
            }
            What::Tampered(Passage { from, to, .. }) => {
                self.tell(format!("somebody alters a block on its way from {from} to {to}"));
            }
            What::Acted(_)
            | What::Sent(_)
            | What::Duplicated(_)
            | What::Arrived(_)
            | What::Dropped(..)
            | What::Timer(_)
            | What::Persisted(..) => {}
        }
    }

    /// What was told since this was last asked.
    pub(super) fn take(&mut self) -> Vec<String> {
        std::mem::take(&mut self.lines).iter().map(ToString::to_string).collect()
    }

    /// Adds a line that is not an event's.
    pub(super) fn tell(&mut self, line: String) {
        self.lines.push(Line::Text(line));
    }

    /// Takes in that a promise was broken. It is told the first time.
    pub(super) fn broken(&mut self, violation: &Violation) {
        if self.broken.insert(violation.property) {
            self.tell(format!("BROKEN: {}: {}", violation.property, violation.what));
        }
    }

    fn hear_client(&mut self, event: &client::Event) {
        match event {
            client::Event::Submitted { request, to } => {
                let id = request.id;
                self.tell(match request.operation {
                    Operation::Transfer { to: payee, amount } => {
                        format!("{id} → {to}: pays {payee} {amount}")
                    }
                    Operation::Balance => format!("{id} → {to}: asks for the balance"),
                });
            }
            client::Event::Resent { id, to, .. } => self.resent(*id, *to),
            client::Event::Busy { id, from, .. } => self.tell(format!("{id} ← {from}: busy")),
            client::Event::Answered { id, from, verdict, .. } => {
                self.tell(format!("{id} ← {from}: {verdict}"));
            }
            client::Event::Ignored { .. } => {}
        }
    }

    fn hear_server(&mut self, server: ServerId, fact: &Fact) {
        match fact {
            Fact::BecameCandidate(term) => self.stood(server, *term),
            Fact::BecameLeader(term) => self.leads(server, *term),
            Fact::BecameFollower(term, leader) => self.follows(server, *term, *leader),
            Fact::Mined { block, .. } => {
                let block = block.clone();
                self.lines.push(Line::Mined { server, block, committed_by: None });
            }
            Fact::MiningDropped { height, .. } => {
                self.tell(format!("{server} gives up mining block {height}"));
            }
            Fact::Truncated(from) => self.drops(server, *from),
            Fact::Appended(block) => {
                self.refused.retain(|(refuser, _, _)| *refuser != server);
                self.ends.insert(server, block.height());
            }
            Fact::BlockRefused { from, height, why } => {
                if self.refused.insert((server, *from, *height)) {
                    self.tell(format!("{server} refuses block {height} from {from}: {why}"));
                }
            }
            Fact::SnapshotTaken(checkpoint) => {
                self.tell(format!("{server} takes a snapshot of height {}", checkpoint.height()));
            }
            Fact::SnapshotInstalled { from, checkpoint } => {
                let height = checkpoint.height();
                let end = self.ends.entry(server).or_default();
                *end = height.max(*end);
                self.tell(format!("{server} installs the snapshot of height {height} from {from}"));
            }
            Fact::SnapshotRefused { from, height, why } => {
                let what = format!("the snapshot of height {height} from {from}");
                self.tell(format!("{server} refuses {what}: {why}"));
            }
            Fact::TransferBegan(to) => {
                self.tell(format!("{server} hands its leadership over to {to}"));
            }
            Fact::MembershipChanged(membership) => {
                if self.membership.as_ref() != Some(membership) {
                    self.tell(format!("{server} goes by the members {membership}"));
                    self.membership = Some(membership.clone());
                }
            }
            Fact::Applied { block, .. } => self.commits(server, block),
            Fact::Recovered { .. }
            | Fact::BecamePreCandidate(_)
            | Fact::EnteredTerm(_)
            | Fact::Voted(..)
            | Fact::MiningBegan { .. }
            | Fact::Committed(_)
            | Fact::Queued(_)
            | Fact::Relayed(..)
            | Fact::Held(_)
            | Fact::Replied(_) => {}
        }
    }

    /// Candidacies of one server are told as one line, and so are the resends of one request,
    /// until something else is told.
    fn stood(&mut self, server: ServerId, term: Term) {
        self.ambitious.insert(server);
        for line in self.repetitions() {
            if let Line::Stood { server: candidate, last, times, .. } = line
                && *candidate == server
            {
                *last = term;
                *times += 1;
                return;
            }
        }
        self.lines.push(Line::Stood { server, first: term, last: term, times: 1 });
    }

    fn resent(&mut self, request: RequestId, target: ServerId) {
        for line in self.repetitions() {
            if let Line::Again { id, to } = line
                && *id == request
            {
                to.push(target);
                return;
            }
        }
        self.lines.push(Line::Again { id: request, to: vec![target] });
    }

    /// The last lines, as far as they are such that can be told once for many times.
    fn repetitions(&mut self) -> impl Iterator<Item = &mut Line> {
        let repeats = |line: &&mut Line| matches!(line, Line::Stood { .. } | Line::Again { .. });
        self.lines.iter_mut().rev().take_while(repeats)
    }

    /// That a leader stood before goes without saying.
    fn leads(&mut self, server: ServerId, term: Term) {
        self.ambitious.insert(server);
        self.strays.remove(&server);
        let stood_once = |line: &Line| match line {
            Line::Stood { server: candidate, times, .. } => *candidate == server && *times == 1,
            Line::Text(_) | Line::Again { .. } | Line::Mined { .. } => false,
        };
        if self.lines.last().is_some_and(stood_once) {
            self.lines.pop();
        }
        self.tell(format!("{server} leads term {term}"));
    }

    fn follows(&mut self, server: ServerId, term: Term, leader: Option<ServerId>) {
        let was_ambitious = self.ambitious.remove(&server);
        match leader {
            Some(leader) if self.strays.remove(&server) || was_ambitious => {
                self.tell(format!("{server} follows {leader} in term {term}"));
            }
            Some(_) => {}
            None if was_ambitious => {
                self.strays.insert(server);
            }
            None => {}
        }
    }

    fn drops(&mut self, server: ServerId, from: Index) {
        let end = self.ends.get(&server).copied().unwrap_or(from);
        self.tell(match end {
            end if end <= from => format!("{server} drops block {from}"),
            end => format!("{server} drops blocks {from} to {end}"),
        });
        self.ends.insert(server, from.previous().unwrap_or_default());
    }

    /// The first server that applies a block is the one that is told of.
    fn commits(&mut self, server: ServerId, applied: &Block) {
        if applied.height() <= self.committed {
            return;
        }
        self.committed = applied.height();
        for line in self.lines.iter_mut().rev() {
            if let Line::Mined { block, committed_by, .. } = line
                && block.hash() == applied.hash()
            {
                *committed_by = Some(server);
                return;
            }
        }
        self.tell(format!("{server} commits {}", Content(applied)));
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Stood { server, first, times: 1, .. } => {
                write!(f, "{server} stands for election in term {first}")
            }
            Self::Stood { server, first, last, times } => {
                write!(f, "{server} stands for election {times} times, in terms {first} to {last}")
            }
            Self::Again { id, to } => {
                let to: Vec<String> = to.iter().map(ToString::to_string).collect();
                write!(f, "{id} → {}: again", to.join(", "))
            }
            Self::Mined { server, block, committed_by } => {
                write!(f, "{server} mines {}, ", Content(block))?;
                match committed_by {
                    None => f.write_str("not committed"),
                    Some(by) if by == server => f.write_str("committed"),
                    Some(by) => write!(f, "committed by {by}"),
                }
            }
        }
    }
}

/// `block 2 [Alice→Bob 4; Bob→Carol 9 refused]`; a term's opening block is empty.
struct Content<'a>(&'a Block);

impl fmt::Display for Content<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "block {} [", self.0.height())?;
        for (position, (transaction, outcome)) in self.0.receipts().enumerate() {
            f.write_str(if position == 0 { "" } else { "; " })?;
            let payer = transaction.id.client;
            write!(f, "{payer}→{} {}", transaction.to, transaction.amount)?;
            if let Outcome::Refused(_) = outcome {
                f.write_str(" refused")?;
            }
        }
        f.write_str("]")
    }
}
