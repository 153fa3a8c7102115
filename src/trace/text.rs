//! Events as lines of text, for logs that people read and digests that machines compare.

use super::{Event, Passage, What};
use crate::bank::{Operation, Outcome, Reply, Request, Verdict};
use crate::chain::Block;
use crate::client;
use crate::raft::{AppendOutcome, Message};
use crate::server::{Fact, Packet};
use std::fmt;

/// `12.345ms S1 became leader of term 3`
impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.at, self.what)
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Acted(action) => write!(f, "action: {action}"),
            Self::Sent(passage) => write!(f, "{passage}: sent"),
            Self::Duplicated(passage) => write!(f, "{passage}: duplicated"),
            Self::Arrived(passage) => write!(f, "{passage}: arrived"),
            Self::Tampered(passage) => write!(f, "{passage}: altered by somebody on the way"),
            Self::Dropped(passage, reason) => write!(f, "{passage}: dropped, {reason}"),
            Self::Timer(owner) => write!(f, "{owner} timer"),
            Self::Server(server, fact) => write!(f, "{server} {fact}"),
            Self::Client(client, event) => write!(f, "{client} {event}"),
            Self::Persisted(server, writes) => {
                write!(f, "{server} persisted {} writes", writes.len())
            }
            Self::Crashed { server, kept, lost } => {
                let kept = kept.len();
                write!(f, "{server} crashed; of its unsynced writes {kept} kept, {lost} lost")
            }
            Self::Stopped(server, reason) => write!(f, "{server} stopped: {reason}"),
        }
    }
}

impl fmt::Display for Passage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "m{} {}→{} {}", self.message.0, self.from, self.to, self.packet)
    }
}

impl fmt::Display for Packet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Raft(message) => raft_message(f, message),
            Self::Request(request) => write!(f, "request {request}"),
            Self::Relay { request, .. } => write!(f, "relay {request}"),
            Self::Reply(reply) => write!(f, "reply {reply}"),
        }
    }
}

fn raft_message(f: &mut fmt::Formatter<'_>, message: &Message<Block>) -> fmt::Result {
    match message {
        Message::RequestVote(vote) => {
            let (index, term) = (vote.last_log.index, vote.last_log.term);
            let kind = if vote.pre_vote { "pre-vote" } else { "vote" };
            write!(f, "{kind} request term {}, log ends {index} of term {term}", vote.term)?;
            f.write_str(if vote.transfer { ", at the leader's wish" } else { "" })
        }
        Message::RequestVoteReply(reply) => {
            let answer = if reply.granted { "yes" } else { "no" };
            let kind = if reply.pre_vote { "pre-vote" } else { "vote" };
            write!(f, "{kind} reply term {}: {answer}", reply.term)
        }
        Message::AppendEntries(append) => {
            let (kind, prev) = if append.is_heartbeat() {
                ("heartbeat", append.prev_log)
            } else {
                ("append", append.prev_log)
            };
            write!(f, "{kind} term {}, after {} of term {}", append.term, prev.index, prev.term)?;
            append.entries.iter().try_for_each(|block| write!(f, ", {}", Whole(block)))?;
            write!(f, ", commit {}, round {}", append.leader_commit, append.round.0)
        }
        Message::AppendEntriesReply(reply) => {
            write!(f, "append reply term {}, round {}: ", reply.term, reply.round.0)?;
            match reply.outcome {
                AppendOutcome::Accepted { match_index } => write!(f, "matches to {match_index}"),
                AppendOutcome::Rejected { prev_index, .. } => {
                    write!(f, "does not match at {prev_index}")
                }
                AppendOutcome::Stale => f.write_str("your term is over"),
            }
        }
        Message::InstallSnapshot(part) => {
            let (last, end) = (part.last, part.offset + part.data.len() as u64);
            let (term, offset, total) = (part.term, part.offset, part.total);
            write!(f, "snapshot term {term}, height {} of term {}", last.index, last.term)?;
            write!(f, ", bytes {offset} to {end} of {total}, round {}", part.round.0)
        }
        Message::InstallSnapshotReply(reply) => {
            let (term, round) = (reply.term, reply.round.0);
            write!(f, "snapshot reply term {term}, round {round}: height {}", reply.last.index)?;
            write!(f, ", has {} bytes", reply.received)
        }
        Message::TimeoutNow(message) => write!(f, "timeout now term {}", message.term),
        Message::ReadIndex(read) => write!(f, "read index term {}: read {}", read.term, read.id.0),
        Message::ReadIndexReply(reply) => {
            let (term, id) = (reply.term, reply.id.0);
            write!(f, "read index reply term {term}: read {id} at {}", reply.index)
        }
    }
}

/// A block with what is in it: `block 2 of term 1, 00a3f2c9 [Alice #1 pays Bob 4]`.
struct Whole<'a>(&'a Block);

impl fmt::Display for Whole<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} [", self.0)?;
        for (position, (transaction, outcome)) in self.0.receipts().enumerate() {
            f.write_str(if position == 0 { "" } else { "; " })?;
            write!(f, "{} pays {} {}", transaction.id, transaction.to, transaction.amount)?;
            if let Outcome::Refused(refusal) = outcome {
                write!(f, ", refused: {refusal}")?;
            }
        }
        f.write_str("]")
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.operation {
            Operation::Transfer { to, amount } => write!(f, "{} pays {to} {amount}", self.id),
            Operation::Balance => write!(f, "{} asks for the balance", self.id),
        }
    }
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.id, self.verdict)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Committed { height } => write!(f, "committed at height {height}"),
            Self::Refused { height, refusal } => write!(f, "refused at height {height}: {refusal}"),
            Self::Balance { committed, pending, height } => {
                write!(f, "balance {committed} at height {height}, {pending} pending")
            }
            Self::Invalid { reason } => write!(f, "refused: {reason}"),
            Self::Stale { lowest_accepted } => write!(
                f,
                "refused: this number was answered before; the next free one is {lowest_accepted}"
            ),
            Self::Busy => f.write_str("busy, try again later"),
        }
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Recovered { term, snapshot, blocks, .. } => {
                write!(f, "recovered: term {term}, {} blocks", blocks.len())?;
                match snapshot {
                    Some(checkpoint) => write!(f, " after {checkpoint}"),
                    None => Ok(()),
                }
            }
            Self::EnteredTerm(term) => write!(f, "entered term {term}"),
            Self::BecameFollower(term, Some(leader)) => {
                write!(f, "follows {leader} in term {term}")
            }
            Self::BecameFollower(term, None) => write!(f, "became follower in term {term}"),
            Self::BecamePreCandidate(term) => {
                write!(f, "asks in term {term} whether it could win an election")
            }
            Self::BecameCandidate(term) => write!(f, "became candidate in term {term}"),
            Self::BecameLeader(term) => write!(f, "became leader of term {term}"),
            Self::Voted(term, candidate) => write!(f, "voted for {candidate} in term {term}"),
            Self::MiningBegan { height, transactions } => {
                let transactions = Count(*transactions as u64, "transaction");
                write!(f, "began to mine block {height} with {transactions}")
            }
            Self::Mined { block, attempts } => {
                write!(f, "mined {} in {}", Whole(block), Count(*attempts, "attempt"))
            }
            Self::MiningDropped { height, attempts } => {
                write!(f, "gave up mining block {height} after {}", Count(*attempts, "attempt"))
            }
            Self::Truncated(from) => write!(f, "dropped its blocks from {from} on"),
            Self::Appended(block) => write!(f, "appended {}", Whole(block)),
            Self::BlockRefused { from, height, why } => {
                write!(f, "refused block {height} from {from}: {why}")
            }
            Self::SnapshotTaken(checkpoint) => write!(f, "took {checkpoint}"),
            Self::SnapshotInstalled { from, checkpoint } => {
                write!(f, "installed {checkpoint} from {from}")
            }
            Self::SnapshotRefused { from, height, why } => {
                write!(f, "refused a snapshot of height {height} from {from}: {why}")
            }
            Self::MembershipChanged(membership) => write!(f, "goes by the members {membership}"),
            Self::TransferBegan(to) => write!(f, "hands its leadership over to {to}"),
            Self::Committed(height) => write!(f, "knows blocks up to {height} as committed"),
            Self::Applied { block, balances } => {
                write!(f, "applied block {}:", block.height())?;
                let mut balances = balances.iter();
                balances.try_for_each(|(account, balance)| write!(f, " {account} {balance}"))
            }
            Self::Queued(request) => write!(f, "queued {request}"),
            Self::Relayed(request, leader) => write!(f, "passed {request} on to {leader}"),
            Self::Held(request) => write!(f, "holds {request} until it knows a leader"),
            Self::Replied(reply) => write!(f, "answered {reply}"),
        }
    }
}

/// A number with its noun: `1 attempt`, `2 attempts`.
struct Count(u64, &'static str);

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}{}", self.0, self.1, if self.0 == 1 { "" } else { "s" })
    }
}

impl fmt::Display for client::Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Submitted { request, to } => write!(f, "submitted {request} to {to}"),
            Self::Resent { id, attempt, to } => write!(f, "sent {id} to {to}, attempt {attempt}"),
            Self::Busy { id, from, resend_at } => {
                write!(f, "heard that {from} is too busy for {id}, asks again at {resend_at}")
            }
            Self::Answered { id, from, verdict, attempts } => {
                let attempts = Count(u64::from(*attempts), "attempt");
                write!(f, "has the answer to {id} from {from} after {attempts}: {verdict}")
            }
            Self::Ignored { id, from, reason } => {
                write!(f, "ignored an answer to {id} from {from}: {reason}")
            }
        }
    }
}
