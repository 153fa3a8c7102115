//! Clients' requests: judged, passed on, queued, answered.

use super::mempool::Offer;
use super::packet::MAX_HOPS;
use super::{Fact, Packet, Server};
use crate::bank::{Ledger, Operation, Refusal, Reply, Request, RequestId, Seen, Verdict};
use crate::base::{Endpoint, Map, Rule};
use crate::chain::Block;
use crate::raft::ReadId;

/// Balance checks that wait until this server knows how far it must have applied to answer them,
/// and has.
#[derive(Clone, Debug, Default)]
pub(super) struct Reads {
    next: u64,
    asked: Map<ReadId, RequestId>,
}

impl Reads {
    /// How many wait.
    pub(super) fn len(&self) -> usize {
        self.asked.len()
    }

    /// Those that wait, each with the name under which Raft knows it.
    pub(super) fn iter(&self) -> impl Iterator<Item = (ReadId, RequestId)> {
        self.asked.iter().map(|(read, request)| (*read, *request))
    }

    fn is_waiting(&self, request: RequestId) -> bool {
        self.asked.values().any(|asked| *asked == request)
    }

    fn ask(&mut self, request: RequestId) -> ReadId {
        let id = ReadId(self.next);
        self.next += 1;
        self.asked.insert(id, request);
        id
    }

    /// Ends a read: it is answered, or cannot be any more and its client asks again.
    pub(super) fn end(&mut self, id: ReadId) -> Option<RequestId> {
        self.asked.remove(&id)
    }
}

impl Server {
    /// Takes a request from a client or a relaying server.
    pub(super) fn admit(&mut self, request: Request, hops: u8) {
        if let Err(reason) = self.ledgers.committed().vet(&request) {
            return self.reply(request.id, Verdict::Invalid { reason });
        }
        if self.raft.leader().is_none() {
            return self.hold(request);
        }
        match request.operation {
            Operation::Balance => self.read(request.id),
            Operation::Transfer { .. } if self.is_leader() => self.lead_transfer(request),
            Operation::Transfer { .. } => self.relay(request, hops),
        }
    }

    /// Sees to what waits here once a leader is known: balance checks become reads, and if it is
    /// not this server that leads, transfers are passed on.
    pub(super) fn sort_waiting(&mut self) {
        if self.mempool.is_empty() || self.raft.leader().is_none() {
            return;
        }
        let is_read = |request: &Request| request.operation == Operation::Balance;
        let reads: Vec<_> = self.mempool.iter().copied().filter(is_read).collect();
        self.mempool.retain(|request| !is_read(request));
        for request in reads {
            self.read(request.id);
        }
        if !self.is_leader() {
            for request in self.mempool.drain() {
                self.relay(request, 0);
            }
        }
    }

    /// Answers the clients whose transactions stand in a block that was just applied, if this
    /// server leads; and the balance checks that waited for its height.
    pub(super) fn answer(&mut self, block: &Block) {
        if !self.is_leader() {
            return;
        }
        for (transaction, outcome) in block.receipts() {
            self.reply(transaction.id, outcome.verdict(block.height()));
        }
    }

    /// Answers balance checks that are confirmed, from what is applied.
    pub(super) fn answer_reads(&mut self, reads: &[ReadId]) {
        if reads.is_empty() {
            return;
        }
        let height = self.ledgers.applied();
        let pending = self.pending_ledger();
        for read in reads {
            let Some(id) = self.reads.end(*read) else { continue };
            let account = id.client.account();
            let known = "a vetted client has an account";
            let balance = |ledger: &Ledger| ledger.balance(account).expect(known);
            let verdict = Verdict::Balance {
                committed: balance(self.ledgers.committed()),
                pending: balance(&pending),
                height,
            };
            self.reply(id, verdict);
        }
    }

    /// Queues a transfer unless its session has seen it. Only what is committed may be told: at
    /// the tip it may yet be truncated.
    fn lead_transfer(&mut self, request: Request) {
        if let Some(verdict) = self.known_verdict(&request) {
            self.reply(request.id, verdict);
        } else if self.pending_ledger().seen(request.id) == Seen::Fresh {
            match self.guess_refusal(&request) {
                Some(verdict) => self.reply(request.id, verdict),
                None => self.queue(request),
            }
        }
        // Else it stands in a block that is not committed yet; its answer comes with the commit.
    }

    /// What is committed of this request. Its number may be another's, if somebody has put an old
    /// copy of its client's record back: then the other's outcome is not its own. That can be told
    /// as long as the block is kept.
    fn known_verdict(&self, request: &Request) -> Option<Verdict> {
        let (id, ledger) = (request.id, self.ledgers.committed());
        let seen = ledger.seen(id);
        if let Seen::Recorded { height, .. } = seen
            && let Some(session) = ledger.session(id.client)
            && let Some(block) = self.block_at(height)
            && let Some(stands) = block.body().transactions.iter().find(|it| it.id == id)
            && stands.to_request().operation != request.operation
        {
            return Some(Verdict::Stale { lowest_accepted: session.first_unseen() });
        }
        seen.verdict()
    }

    /// With receipts in the log switched off: the refusal that this leader's own blocks make it
    /// expect. They may never be committed, and a copy of the request may succeed elsewhere.
    fn guess_refusal(&self, request: &Request) -> Option<Verdict> {
        if self.setup.rules.is_on(Rule::ReceiptsInLog) {
            return None;
        }
        let Operation::Transfer { amount, .. } = request.operation else { return None };
        let balance = self.pending_ledger().balance(request.id.client.account())?;
        let refusal = Refusal::InsufficientFunds { balance };
        (balance < amount).then(|| Verdict::Refused { height: self.raft.last_index(), refusal })
    }

    /// Keeps a request until a leader is known. Without room it stays silent, so that the client
    /// asks another server: this one may never hear of a leader, if it is a member no more.
    fn hold(&mut self, request: Request) {
        if self.mempool.offer(request) == Offer::Queued {
            self.output.facts.push(Fact::Held(request.id));
        }
    }

    fn queue(&mut self, request: Request) {
        match self.mempool.offer(request) {
            Offer::Queued => self.output.facts.push(Fact::Queued(request)),
            Offer::Known => {}
            Offer::Full => self.reply(request.id, Verdict::Busy),
        }
    }

    fn read(&mut self, id: RequestId) {
        if self.reads.is_waiting(id) {
            return;
        }
        if self.reads.len() >= self.setup.limits.reads {
            return self.reply(id, Verdict::Busy);
        }
        let read = self.reads.ask(id);
        if self.raft.read(read).is_err() {
            self.reads.end(read);
        }
    }

    /// Passes a request on to the leader; after too many hops the client's resend must do.
    fn relay(&mut self, request: Request, hops: u8) {
        let leader = self.raft.leader().expect("only a server that knows a leader relays");
        assert_ne!(leader, self.id, "a leader relays nothing");
        if hops < MAX_HOPS {
            self.output.facts.push(Fact::Relayed(request.id, leader));
            let packet = Packet::Relay { request, hops: hops + 1 };
            self.output.sends.push((Endpoint::Server(leader), packet));
        }
    }

    fn reply(&mut self, id: RequestId, verdict: Verdict) {
        let reply = Reply { id, verdict };
        self.output.facts.push(Fact::Replied(reply));
        self.output.sends.push((Endpoint::Client(id.client), Packet::Reply(reply)));
    }
}
