//! What each rule that a server keeps by itself changes when it is off.

use super::*;
use crate::bank::{Operation, Request, RequestId, Verdict};
use crate::base::random::stream;
use crate::base::{AccountId, ClientId, Membership, Rule, Rules, Span};
use crate::chain::{self, Header};
use crate::disk::MemoryDisk;
use crate::raft::{AppendEntries, Message, Position, RequestVote, Round};

fn id(number: u8) -> ServerId {
    ServerId::new(number).expect("a server's number")
}

fn setup(servers: u8, rules: Rules) -> Arc<Setup> {
    let balances = AccountId::first(2).map(|account| (account, 100)).collect();
    let opened = Ledger::open(&balances).expect("a bank");
    let with_sessions = rules.is_on(Rule::ExactlyOnce);
    let opening = if with_sessions { opened } else { opened.without_sessions() };
    Arc::new(Setup {
        rules,
        servers: 9,
        membership: Membership::of(ServerId::first(servers)),
        genesis: chain::genesis(&opening),
        opening,
        timing: Timing {
            election_timeout_min: Span::ms(150),
            election_timeout_max: Span::ms(300),
            heartbeat_interval: Span::ms(50),
        },
        work: Work { difficulty: 4, attempts_per_second: 10_000, block_capacity: 3 },
        limits: Limits::default(),
    })
}

/// S1, and all that it ever wanted done.
struct Driven {
    server: Server,
    disk: MemoryDisk,
    now: Time,
    syncs: bool,
    facts: Vec<Fact>,
    sends: Vec<(Endpoint, Packet)>,
}

impl Driven {
    fn new(servers: u8, rules: Rules) -> Self {
        let disk = MemoryDisk::new();
        let setup = setup(servers, rules);
        let rng = stream(7, "test");
        let server = Server::recover(setup, id(1), &disk, rng, Time::ZERO).expect("an empty disk");
        let now = Time::ZERO;
        Self { server, disk, now, syncs: true, facts: Vec::new(), sends: Vec::new() }
    }

    /// Carries out what it wants; its disk syncs at once, unless that was switched off.
    fn carry_out(&mut self) {
        loop {
            let Output { batches, sends, facts } = self.server.take_output();
            self.facts.extend(facts);
            self.sends.extend(sends);
            let Some(last) = batches.last().map(|batch| batch.ticket) else { return };
            let writes = batches.into_iter().flat_map(|batch| batch.writes);
            writes.for_each(|write| self.disk.stage(write));
            if !self.syncs {
                return;
            }
            self.disk.sync().expect("room");
            self.server.synced(last, self.now);
        }
    }

    fn run(&mut self, span: Span) {
        let end = self.now + span;
        self.carry_out();
        while let Some(at) = self.server.next_wake().filter(|at| *at <= end) {
            self.now = self.now.max(at);
            self.server.wake(self.now);
            self.carry_out();
        }
        self.now = end;
    }

    fn hear(&mut self, from: u8, message: Message<Block>) {
        self.server.receive(Endpoint::Server(id(from)), &Packet::Raft(message), self.now);
        self.carry_out();
    }

    fn asks_to_pay(&mut self, seq: u64, amount: u64) {
        let client = ClientId::new(1).expect("Alice");
        let operation = Operation::Transfer { to: AccountId::new(2).expect("Bob"), amount };
        let request = Request { id: RequestId { client, seq }, lowest_unanswered: 1, operation };
        self.server.receive(Endpoint::Client(client), &Packet::Request(request), self.now);
        self.run(Span::ms(100));
    }

    fn verdicts(&self) -> Vec<Verdict> {
        let replies = self.facts.iter().filter_map(|fact| match fact {
            Fact::Replied(reply) => Some(reply.verdict),
            _ => None,
        });
        replies.collect()
    }

    /// A leader of term 1 sends its first block.
    fn is_sent(&mut self, block: &Block) {
        self.hear(
            2,
            Message::AppendEntries(AppendEntries {
                term: Term(1),
                prev_log: Position::default(),
                entries: vec![block.clone()],
                leader_commit: Index(1),
                round: Round(1),
            }),
        );
    }
}

/// A rule's test: the same story with it on and with it off.
fn with_and_without(rule: Rule) -> [Rules; 2] {
    [Rules::ALL_ON, Rules::ALL_ON.without(rule)]
}

/// A block with a payment of 5 and the work that it takes.
fn block(setup: &Setup) -> Block {
    let client = ClientId::new(1).expect("Alice");
    let to = AccountId::new(2).expect("Bob");
    let transaction = crate::bank::Transaction {
        id: RequestId { client, seq: 1 },
        lowest_unanswered: 1,
        to,
        amount: 5,
    };
    let (genesis, opening) = (&setup.genesis, &setup.opening);
    let candidate = chain::Candidate::build(genesis, Term(1), 4, opening, [transaction]);
    let mut miner = chain::Miner::new(candidate);
    let found = miner.attempt(1 << 20).expect("4 bits are found soon");
    miner.into_block(found.nonce)
}

#[test]
fn an_opening_block_is_mined_by_rule_alone() {
    let last = with_and_without(Rule::OpeningBlock).map(|rules| {
        let mut alone = Driven::new(1, rules);
        alone.run(Span::secs(1));
        assert_eq!(alone.server.raft().role(), Role::Leader);
        alone.server.raft().last_index()
    });
    assert_eq!(last, [Index(1), Index(0)]);
}

#[test]
fn a_resend_is_paid_again_without_sessions() {
    let left = with_and_without(Rule::ExactlyOnce).map(|rules| {
        let mut alone = Driven::new(1, rules);
        alone.run(Span::secs(1));
        alone.asks_to_pay(1, 5);
        alone.asks_to_pay(1, 5);
        assert_eq!(alone.verdicts().len(), 2, "each is answered");
        alone.server.committed_ledger().balance(AccountId::new(1).expect("Alice"))
    });
    assert_eq!(left, [Some(95), Some(90)]);
}

#[test]
fn a_refusal_takes_no_place_without_receipts() {
    let last = with_and_without(Rule::ReceiptsInLog).map(|rules| {
        let mut alone = Driven::new(1, rules);
        alone.run(Span::secs(1));
        alone.asks_to_pay(1, 101);
        assert!(matches!(alone.verdicts()[..], [Verdict::Refused { .. }]));
        alone.server.raft().last_index()
    });
    assert_eq!(last, [Index(2), Index(1)]);
}

#[test]
fn a_vote_is_written_by_rule_alone() {
    let written = with_and_without(Rule::PersistentVote).map(|rules| {
        let mut voter = Driven::new(3, rules);
        let last_log = Position::default();
        voter.hear(
            2,
            Message::RequestVote(RequestVote {
                term: Term(1),
                last_log,
                pre_vote: false,
                transfer: false,
            }),
        );
        assert_eq!(voter.server.raft().vote(), Some(id(2)), "it gives its vote");
        voter.disk.image()["state"].contains("S2")
    });
    assert_eq!(written, [true, false]);
}

#[test]
fn an_acknowledgement_waits_for_the_disk_by_rule_alone() {
    let early = with_and_without(Rule::PersistentLog).map(|rules| {
        let mut follower = Driven::new(3, rules);
        let heartbeat = AppendEntries {
            term: Term(1),
            prev_log: Position::default(),
            entries: Vec::new(),
            leader_commit: Index(0),
            round: Round(1),
        };
        follower.hear(2, Message::AppendEntries(heartbeat));
        follower.syncs = false;
        let sent = follower.sends.len();
        follower.is_sent(&block(&setup(3, rules)));
        assert_eq!(follower.server.raft().last_index(), Index(1), "it has the block");
        follower.sends.len() - sent
    });
    assert_eq!(early, [0, 1]);
}

#[test]
fn a_block_is_taken_unverified_without_verification() {
    let held = with_and_without(Rule::Verification).map(|rules| {
        let mut follower = Driven::new(3, rules);
        let honest = block(&setup(3, rules));
        let mut body = honest.body().clone();
        body.transactions[0].amount = 1_000;
        body.state_root.0[0] ^= 1;
        let header = Header { body_root: body.root(), ..*honest.header() };
        follower.is_sent(&Block::seal(header, body));
        follower.run(Span::ms(10));
        // What the block says is not what its own execution comes to, and that does no harm.
        assert_eq!(follower.server.pending_ledger().total(), 200);
        (follower.server.raft().last_index(), follower.server.applied())
    });
    assert_eq!(held, [(Index(0), Index(0)), (Index(1), Index(1))]);
}

/// What it mines belongs to the term in which it began, and would not be taken in a later one.
#[test]
fn a_leader_that_does_not_step_down_mines_for_the_term_that_it_is_in() {
    let mined = with_and_without(Rule::StepDown).map(|rules| {
        let mut alone = Driven::new(1, rules);
        alone.run(Span::secs(1));
        let term = Term(alone.server.raft().term().0 + 5);
        let client = ClientId::new(1).expect("Alice");
        let operation = Operation::Transfer { to: AccountId::new(2).expect("Bob"), amount: 5 };
        let id = RequestId { client, seq: 1 };
        let request = Request { id, lowest_unanswered: 1, operation };
        alone.server.receive(Endpoint::Client(client), &Packet::Request(request), alone.now);
        assert!(alone.server.mining().is_some(), "it has begun");
        let last_log = Position::default();
        alone.hear(
            2,
            Message::RequestVote(RequestVote { term, last_log, pre_vote: false, transfer: true }),
        );
        assert_eq!(alone.server.raft().term(), term);
        alone.run(Span::ms(100));
        alone.server.tip().term() == term
    });
    assert_eq!(mined, [false, true]);
}
