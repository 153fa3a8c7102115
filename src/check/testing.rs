//! Made-up runs: blocks and events that no engine has to have made.

use super::{Judges, Property};
use crate::bank::{Ledger, Operation, Outcome, Refusal, Request, RequestId, Transaction, Verdict};
use crate::base::{AccountId, ClientId, Endpoint, Hash, Index, Membership, ServerId, Term, Time};
use crate::chain::{self, Block, Body, Header};
use crate::client;
use crate::raft::{Message, RequestVoteReply};
use crate::server::{Checkpoint, Fact, Packet};
use crate::trace::{Event, EventId, Kept, MessageId, Passage, What};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What Alice, Bob and Carol open with.
pub(super) const OPENING: [u64; 3] = [100, 100, 100];

/// A transaction with what a block says came of it.
pub(super) type Receipt = (Transaction, Outcome);

/// Judges, and events that are made up for them, one millisecond after the other.
pub(super) struct Story {
    pub judges: Judges,
    pub genesis: Block,
    events: u64,
}

impl Story {
    /// A bank where Alice, Bob and Carol open with 100 each, and blocks take no work.
    pub fn new() -> Self {
        Self::of_difficulty(0)
    }

    /// The same, where blocks take so much work.
    pub fn of_difficulty(difficulty: u8) -> Self {
        let opening = AccountId::first(3).zip(OPENING).collect();
        let opening = Ledger::open(&opening).expect("a bank");
        let genesis = chain::genesis(&opening);
        LEDGERS.with_borrow_mut(|ledgers| ledgers.insert(genesis.hash(), opening.clone()));
        let founders = Membership::of(ServerId::first(3));
        let judges = Judges::new(&opening, &genesis, &founders, difficulty);
        Self { judges, genesis, events: 0 }
    }

    /// S1 leads term 1, and has applied one block with these receipts.
    pub fn told(receipts: &[Receipt], balances: [u64; 3]) -> (Self, Block) {
        let mut story = Self::new();
        let first = block(&story.genesis, 1, receipts);
        story.asked(receipts);
        (1..=3).for_each(|id| _ = story.recovers(id, 0, &[]));
        story.leads(1, 1).appends(1, &[&first]).persists(1, &[&first]).persists(2, &[&first]);
        story.commits(1, 1).applies(1, &first, balances);
        (story, first)
    }

    /// S1 leads, its first block makes these the members, and it knows it as committed once it is
    /// on the disks of the holders.
    pub fn of_members(membership: &Membership, holders: &[u8]) -> Self {
        let mut story = Self::new();
        let first = changing(&story.genesis, 1, &[], Some(membership.clone()));
        for id in membership.all() {
            story.recovers(id.number(), 0, &[]);
        }
        story.leads(1, 1).appends(1, &[&first]);
        for holder in holders {
            story.persists(*holder, &[&first]);
        }
        story.commits(1, 1);
        story
    }

    pub fn event(&mut self, what: What) -> &mut Self {
        self.events += 1;
        let (id, at) = (EventId(self.events), Time(self.events * 1000));
        self.judges.observe(&Event { id, at, cause: None, what });
        self
    }

    pub fn fact(&mut self, server: u8, fact: Fact) -> &mut Self {
        self.event(What::Server(self::server(server), fact))
    }

    pub fn recovers(&mut self, server: u8, term: u64, blocks: &[&Block]) -> &mut Self {
        let blocks = blocks.iter().map(|block| (*block).clone()).collect();
        self.fact(server, Fact::Recovered { term: Term(term), vote: None, snapshot: None, blocks })
    }

    /// A server begins a life with a snapshot, and blocks after it.
    pub fn recovers_from(
        &mut self,
        server: u8,
        term: u64,
        snapshot: &Arc<Checkpoint>,
        blocks: &[&Block],
    ) -> &mut Self {
        let blocks = blocks.iter().map(|block| (*block).clone()).collect();
        let snapshot = Some(snapshot.clone());
        self.fact(server, Fact::Recovered { term: Term(term), vote: None, snapshot, blocks })
    }

    /// A server is elected by all others.
    pub fn leads(&mut self, server: u8, term: u64) -> &mut Self {
        let others: Vec<u8> = (1..=5).filter(|other| *other != server).collect();
        self.wins(server, term, &others)
    }

    /// A server is elected by these others.
    pub fn wins(&mut self, server: u8, term: u64, voters: &[u8]) -> &mut Self {
        for voter in voters {
            self.event(What::Arrived(vote(*voter, term, server)));
        }
        self.fact(server, Fact::BecameLeader(Term(term)))
    }

    /// A server gives its vote.
    pub fn votes(&mut self, voter: u8, term: u64, candidate: u8) -> &mut Self {
        self.event(What::Sent(vote(voter, term, candidate)))
    }

    pub fn follows(&mut self, server: u8, term: u64) -> &mut Self {
        self.fact(server, Fact::BecameFollower(Term(term), None))
    }

    pub fn crashes(&mut self, server: u8) -> &mut Self {
        self.event(What::Crashed { server: self::server(server), kept: [].into(), lost: 0 })
    }

    pub fn appends(&mut self, server: u8, blocks: &[&Block]) -> &mut Self {
        for block in blocks {
            self.fact(server, Fact::Appended((*block).clone()));
        }
        self
    }

    /// Blocks become durable on a server's disk.
    pub fn persists(&mut self, server: u8, blocks: &[&Block]) -> &mut Self {
        let kept = |block: &&Block| {
            let (height, term, hash) = (block.height(), block.term(), block.hash());
            Kept::Block { height, term, hash }
        };
        let kept: Vec<_> = blocks.iter().map(kept).collect();
        self.writes(server, &kept)
    }

    /// Writes become durable on a server's disk.
    pub fn writes(&mut self, server: u8, kept: &[Kept]) -> &mut Self {
        self.event(What::Persisted(self::server(server), kept.into()))
    }

    pub fn truncates(&mut self, server: u8, from: u64) -> &mut Self {
        self.fact(server, Fact::Truncated(Index(from)))
    }

    pub fn commits(&mut self, server: u8, height: u64) -> &mut Self {
        self.fact(server, Fact::Committed(Index(height)))
    }

    /// Applies a block that leads to these balances of Alice, Bob and Carol.
    pub fn applies(&mut self, server: u8, block: &Block, balances: [u64; 3]) -> &mut Self {
        let balances = AccountId::first(3).zip(balances).collect();
        self.fact(server, Fact::Applied { block: block.clone(), balances })
    }

    /// Clients ask for these transfers.
    pub fn asked(&mut self, receipts: &[Receipt]) -> &mut Self {
        for (transaction, _) in receipts {
            self.submits(transaction.to_request());
        }
        self
    }

    /// A client asks for its balance.
    pub fn asks_balance(&mut self, client: u8, seq: u64) -> &mut Self {
        let (id, operation) = (request(client, seq), Operation::Balance);
        self.submits(Request { id, lowest_unanswered: 1, operation })
    }

    fn submits(&mut self, request: Request) -> &mut Self {
        let asked = client::Event::Submitted { request, to: server(1) };
        self.event(What::Client(request.id.client, asked))
    }

    pub fn answered(&mut self, client: u8, seq: u64, verdict: Verdict) -> &mut Self {
        let id = request(client, seq);
        let answer = client::Event::Answered { id, from: server(1), verdict, attempts: 1 };
        self.event(What::Client(id.client, answer))
    }

    /// Ends the story: nothing was wrong with it.
    pub fn is_clean(&mut self) {
        self.breaks(&[]);
    }

    /// Ends the story: exactly these promises were broken. What the judges said of the first.
    pub fn breaks(&mut self, expected: &[Property]) -> String {
        // A last commit index is judged only when something else happens.
        self.event(What::Acted("heal".into()));
        let found: Vec<_> = self.judges.violations().collect();
        let properties: Vec<_> = found.iter().map(|violation| violation.property).collect();
        assert_eq!(properties, expected, "{found:#?}");
        found.first().map_or(String::new(), |violation| violation.what.clone())
    }
}

pub(super) fn server(number: u8) -> ServerId {
    ServerId::new(number).expect("a server's number")
}

pub(super) fn request(client: u8, seq: u64) -> RequestId {
    RequestId { client: ClientId::new(client).expect("a client's number"), seq }
}

/// A transfer that was applied.
pub(super) fn paid(from: u8, seq: u64, to: u8, amount: u64) -> Receipt {
    let to = AccountId::new(to).expect("an account's number");
    (Transaction { id: request(from, seq), lowest_unanswered: 1, to, amount }, Outcome::Applied)
}

/// A transfer that was refused for lack of money.
pub(super) fn refused(from: u8, seq: u64, to: u8, amount: u64, balance: u64) -> Receipt {
    let refusal = Refusal::InsufficientFunds { balance };
    (paid(from, seq, to, amount).0, Outcome::Refused(refusal))
}

/// A vote on its way.
fn vote(voter: u8, term: u64, candidate: u8) -> Passage {
    let term = Term(term);
    let reply =
        Message::RequestVoteReply(RequestVoteReply { term, granted: true, pre_vote: false });
    let [from, to] = [voter, candidate].map(|id| Endpoint::Server(server(id)));
    Passage { message: MessageId(1), from, to, packet: Packet::Raft(reply).into() }
}

/// The accounts after these transfers, each in a block of its own from height 1 on, as a snapshot
/// of a block.
pub(super) fn checkpoint(block: &Block, receipts: &[Receipt]) -> Arc<Checkpoint> {
    let opening = AccountId::first(3).zip(OPENING).collect();
    let mut ledger = Ledger::open(&opening).expect("a bank");
    for ((transaction, _), height) in receipts.iter().zip(1..) {
        ledger.execute(transaction, Index(height)).expect("the transfer may stand there");
    }
    let membership = Membership::of(ServerId::first(3));
    Arc::new(Checkpoint { block: block.clone(), ledger, membership })
}

thread_local! {
    /// The accounts after each block that was made up here, so that the next one can name them.
    static LEDGERS: RefCell<BTreeMap<Hash, Ledger>> = const { RefCell::new(BTreeMap::new()) };
}

/// A block after another, with a sound header and no work asked for. It names the accounts as its
/// transactions leave them, whatever it says came of these.
pub(super) fn block(parent: &Block, term: u64, receipts: &[Receipt]) -> Block {
    changing(parent, term, receipts, None)
}

/// A block that changes the membership.
pub(super) fn changing(
    parent: &Block,
    term: u64,
    receipts: &[Receipt],
    membership: Option<Membership>,
) -> Block {
    let (transactions, outcomes) = receipts.iter().copied().unzip();
    LEDGERS.with_borrow_mut(|ledgers| {
        let mut ledger = ledgers.get(&parent.hash()).expect("the parent was made up here").clone();
        for (transaction, _) in receipts {
            // What may not stand in a chain changes nothing.
            let _ = ledger.execute(transaction, parent.height().next());
        }
        let body = Body { transactions, outcomes, state_root: ledger.state_root(), membership };
        let block = Block::seal(header(parent, term, &body), body);
        ledgers.insert(block.hash(), ledger);
        block
    })
}

pub(super) fn header(parent: &Block, term: u64, body: &Body) -> Header {
    Header {
        parent: parent.hash(),
        body_root: body.root(),
        height: parent.height().next(),
        term: Term(term),
        difficulty: 0,
        nonce: 0,
    }
}
