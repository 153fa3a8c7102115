//! Some servers together, without a world: snapshots, members that come and go, leadership that
//! is handed over, and crashes between any two writes.

use super::*;
use crate::bank::{Operation, Request, RequestId, Verdict};
use crate::base::random::stream;
use crate::base::{AccountId, ClientId, Map, Membership, Rules, Set, Span};
use crate::chain;
use crate::disk::MemoryDisk;
use crate::raft::Message;

/// How long a message takes.
const DELAY: Span = Span::ms(5);

fn id(number: u8) -> ServerId {
    ServerId::new(number).expect("a server's number")
}

fn members(numbers: &[u8]) -> Membership {
    Membership::of(numbers.iter().map(|number| id(*number)))
}

/// A few servers with disks that sync at once, and a network that delivers in order.
struct Cluster {
    setup: Arc<Setup>,
    servers: Map<ServerId, Server>,
    disks: Map<ServerId, MemoryDisk>,
    in_flight: VecDeque<(Time, Endpoint, Endpoint, Packet)>,
    now: Time,
    lives: u64,
    seq: u64,
    facts: Vec<(ServerId, Fact)>,
    /// Of this server's writes, only so many more reach its disk; then it crashes.
    crash: Option<(ServerId, usize)>,
    /// About every second part of a snapshot is lost, and every second answer to one.
    loses_parts: bool,
    parts: u64,
    /// Parts of snapshots are altered on their way.
    alters_parts: bool,
}

impl Cluster {
    /// `servers` in all, of which the first `voters` are members.
    fn new(servers: u8, voters: u8) -> Self {
        let balances = AccountId::first(2).map(|account| (account, 1_000_000)).collect();
        let opening = Ledger::open(&balances).expect("a bank");
        let setup = Arc::new(Setup {
            rules: Rules::ALL_ON,
            servers: 9,
            membership: Membership::of(ServerId::first(voters)),
            genesis: chain::genesis(&opening),
            opening,
            timing: Timing {
                election_timeout_min: Span::ms(150),
                election_timeout_max: Span::ms(300),
                heartbeat_interval: Span::ms(30),
            },
            work: Work { difficulty: 2, attempts_per_second: 10_000, block_capacity: 3 },
            limits: Limits { compact_after: 4, keep_behind: 2, ..Limits::default() },
        });
        let mut cluster = Self {
            setup,
            servers: Map::new(),
            disks: ServerId::first(servers).map(|id| (id, MemoryDisk::new())).collect(),
            in_flight: VecDeque::new(),
            now: Time::ZERO,
            lives: 0,
            seq: 0,
            facts: Vec::new(),
            crash: None,
            loses_parts: false,
            parts: 0,
            alters_parts: false,
        };
        ServerId::first(servers).for_each(|id| cluster.start(id));
        cluster.run(Span::secs(2));
        cluster
    }

    fn start(&mut self, id: ServerId) {
        self.lives += 1;
        let rng = stream(self.lives, "test");
        let server = Server::recover(self.setup.clone(), id, &self.disks[&id], rng, self.now);
        self.servers.insert(id, server.expect("the disk is readable"));
        self.carry_out(id);
    }

    fn stop(&mut self, id: ServerId) {
        self.servers.remove(&id);
    }

    fn carry_out(&mut self, id: ServerId) {
        while let Some(server) = self.servers.get_mut(&id) {
            let Output { batches, sends, facts } = server.take_output();
            self.facts.extend(facts.into_iter().map(|fact| (id, fact)));
            let at = self.now + DELAY;
            let own = Endpoint::Server(id);
            self.in_flight.extend(sends.into_iter().map(|(to, packet)| (at, own, to, packet)));
            let Some(ticket) = batches.last().map(|batch| batch.ticket) else { return };
            for write in batches.into_iter().flat_map(|batch| batch.writes) {
                if let Some((crashing, left)) = &mut self.crash
                    && *crashing == id
                {
                    if *left == 0 {
                        self.crash = None;
                        return self.stop(id);
                    }
                    *left -= 1;
                }
                let disk = self.disks.get_mut(&id).expect("each server has a disk");
                disk.stage(write);
                disk.sync().expect("there is room");
            }
            let now = self.now;
            self.servers.get_mut(&id).expect("it is up").synced(ticket, now);
        }
    }

    fn run(&mut self, span: Span) {
        let end = self.now + span;
        loop {
            let wake = self.servers.values().filter_map(|it| Some((it.next_wake()?, it.id())));
            let wake = wake.min();
            let arrival = self.in_flight.front().map(|flight| flight.0);
            let Some(at) = wake.map(|wake| wake.0).into_iter().chain(arrival).min() else { break };
            if at > end {
                break;
            }
            self.now = self.now.max(at);
            if arrival == Some(at) {
                let (_, from, to, packet) = self.in_flight.pop_front().expect("one arrives");
                self.deliver(from, to, packet);
            } else if let Some((_, id)) = wake {
                let now = self.now;
                self.servers.get_mut(&id).expect("it is up").wake(now);
                self.carry_out(id);
            }
        }
        self.now = end;
    }

    fn deliver(&mut self, from: Endpoint, to: Endpoint, mut packet: Packet) {
        let is_part = matches!(packet.kind(), PacketKind::Snapshot | PacketKind::SnapshotReply);
        if is_part && self.loses_parts {
            self.parts += 1;
            // A fixed alternation could lose every answer for ever.
            if Hash::of(&self.parts.to_le_bytes()).0[0] % 2 == 1 {
                return;
            }
        }
        if let Packet::Raft(Message::InstallSnapshot(part)) = &mut packet
            && self.alters_parts
        {
            let text = String::from_utf8_lossy(&part.data).replace("\"seq\":", "\"Seq\":");
            let text = text.replacen("\"balances\":{\"Alice\":9", "\"balances\":{\"Alice\":8", 1);
            part.data = text.into_bytes().into();
        }
        let (Endpoint::Server(id), now) = (to, self.now) else { return };
        if let Some(server) = self.servers.get_mut(&id) {
            server.receive(from, &packet, now);
            self.carry_out(id);
        }
    }

    fn leader(&self) -> ServerId {
        let leads = |server: &&Server| server.raft().role() == Role::Leader;
        let leaders = self.servers.values().filter(leads);
        leaders.max_by_key(|server| server.raft().term()).expect("somebody leads").id()
    }

    fn ask(&mut self, via: ServerId, operation: Operation) {
        self.seq += 1;
        let client = ClientId::new(1).expect("Alice");
        let id = RequestId { client, seq: self.seq };
        let request = Request { id, lowest_unanswered: self.seq, operation };
        let now = self.now;
        let server = self.servers.get_mut(&via).expect("it is up");
        server.receive(Endpoint::Client(client), &Packet::Request(request), now);
        self.carry_out(via);
        self.run(Span::ms(60));
    }

    /// So many payments of 1, one block each.
    fn pay(&mut self, times: u64) {
        for _ in 0..times {
            let leader = self.leader();
            let to = AccountId::new(2).expect("Bob");
            self.ask(leader, Operation::Transfer { to, amount: 1 });
        }
    }

    /// Runs on, and expects all servers that are up to hold the same accounts and the same tip.
    fn agree(&mut self) {
        self.run(Span::secs(3));
        let leader = &self.servers[&self.leader()];
        for server in self.servers.values() {
            assert_eq!(server.tip(), leader.tip(), "{} has the leader's log", server.id());
            assert_eq!(server.applied(), leader.applied(), "{} has applied it", server.id());
            assert_eq!(server.committed_ledger(), leader.committed_ledger());
        }
    }

    fn told(&self, of: ServerId, wanted: impl Fn(&Fact) -> bool) -> usize {
        self.facts.iter().filter(|(server, fact)| *server == of && wanted(fact)).count()
    }

    fn installed(&self, of: ServerId) -> usize {
        self.told(of, |fact| matches!(fact, Fact::SnapshotInstalled { .. }))
    }

    /// A cluster in which this server has missed more than the others keep.
    fn one_behind() -> (Self, ServerId) {
        let mut cluster = Self::new(3, 3);
        let leader = cluster.leader();
        let away = ServerId::first(3).find(|id| *id != leader).expect("there are three");
        cluster.stop(away);
        cluster.pay(20);
        assert!(cluster.servers[&leader].base() > Index(8), "the log's beginning is gone");
        (cluster, away)
    }

    fn change(&mut self, target: Membership) {
        let (leader, now) = (self.leader(), self.now);
        let server = self.servers.get_mut(&leader).expect("it is up");
        server.change_membership(target, now).expect("the change is possible");
        self.carry_out(leader);
    }
}

#[test]
fn a_server_that_was_long_away_gets_a_snapshot() {
    let (mut cluster, away) = Cluster::one_behind();
    cluster.start(away);
    cluster.agree();
    let installed = cluster.installed(away);
    assert!(installed > 0, "its first blocks were not to be had");
    assert!(cluster.servers[&away].block_at(Index(1)).is_none(), "what it stands for is gone");
    let base = cluster.servers[&away].base();
    assert!(cluster.servers[&away].block_at(base).is_some());
    assert!(!cluster.disks[&away].image().contains_key("block/1"));

    // And it comes back from its own disk.
    cluster.stop(away);
    cluster.start(away);
    assert_eq!(cluster.servers[&away].base(), base);
    cluster.agree();
    assert_eq!(cluster.installed(away), installed, "once is enough");
}

#[test]
fn a_server_slightly_behind_is_served_from_the_log() {
    let mut cluster = Cluster::new(3, 3);
    let leader = cluster.leader();
    let away = ServerId::first(3).find(|id| *id != leader).expect("there are three");
    cluster.pay(6);
    cluster.stop(away);
    cluster.pay(2);
    cluster.start(away);
    cluster.agree();
    assert_eq!(cluster.installed(away), 0);
}

#[test]
fn lost_parts_of_a_snapshot_are_sent_again() {
    let (mut cluster, away) = Cluster::one_behind();
    cluster.loses_parts = true;
    cluster.start(away);
    cluster.agree();
    assert!(cluster.installed(away) > 0);
    assert!(cluster.parts >= 4, "some were lost");
}

#[test]
fn an_altered_snapshot_is_refused() {
    let (mut cluster, away) = Cluster::one_behind();
    cluster.alters_parts = true;
    cluster.start(away);
    cluster.run(Span::secs(1));
    let refused = |fact: &Fact| matches!(fact, Fact::SnapshotRefused { .. });
    assert!(cluster.told(away, refused) > 0);
    assert_eq!(cluster.installed(away), 0);
    cluster.alters_parts = false;
    cluster.agree();
    assert!(cluster.installed(away) > 0, "the true one is taken");
}

#[test]
fn a_crash_amid_an_install_or_a_snapshot_is_recovered_from() {
    let mut crashes = 0;
    for writes in 0..60 {
        let (mut cluster, away) = Cluster::one_behind();
        cluster.crash = Some((away, writes));
        cluster.start(away);
        cluster.pay(8);
        if cluster.crash.take().is_some() {
            break;
        }
        crashes += 1;
        cluster.start(away);
        cluster.agree();
    }
    assert!(crashes > 10, "it crashed at {crashes} places");
}

#[test]
fn a_disk_stays_small_for_ever() {
    let mut cluster = Cluster::new(1, 1);
    let mut most = (0, 0);
    for _ in 0..300 {
        cluster.pay(1);
        let disk = &cluster.disks[&id(1)];
        most = most.max((disk.image().len(), disk.used()));
    }
    assert!(cluster.servers[&id(1)].applied() > Index(300));
    // The state, a snapshot, and the blocks from one snapshot to the next.
    assert!(most.0 <= 2 + 4 + 2 + 2, "it held {} keys", most.0);
    assert!(most.1 <= 16 * 1024, "it held {} units", most.1);
    cluster.stop(id(1));
    cluster.start(id(1));
    cluster.run(Span::secs(1));
    let alice = AccountId::new(1).expect("Alice");
    let ledger = cluster.servers[&id(1)].committed_ledger();
    assert_eq!(ledger.balance(alice), Some(1_000_000 - 300));
}

#[test]
fn a_snapshot_can_be_asked_for() {
    let mut cluster = Cluster::new(1, 1);
    cluster.pay(1);
    let (one, now) = (id(1), cluster.now);
    let server = cluster.servers.get_mut(&one).expect("it is up");
    assert!(server.compact_now(now));
    assert!(!server.compact_now(now), "there is nothing more to compact");
    assert_eq!(server.base(), server.applied());
    cluster.carry_out(one);
    cluster.stop(one);
    cluster.start(one);
    assert_eq!(cluster.servers[&one].base(), Index(2));
}

#[test]
fn a_spare_waits_and_is_added_and_the_leader_removes_itself() {
    let mut cluster = Cluster::new(4, 3);
    assert_eq!(cluster.servers[&id(4)].raft().role(), Role::Follower);
    assert_eq!(cluster.servers[&id(4)].raft().last_index(), Index(0), "a spare is left alone");
    cluster.pay(12);

    cluster.change(members(&[1, 2, 3, 4]));
    cluster.agree();
    assert_eq!(*cluster.servers[&id(4)].raft().membership(), members(&[1, 2, 3, 4]));

    let leader = cluster.leader();
    let rest: Vec<u8> = (1..=4).filter(|number| id(*number) != leader).collect();
    cluster.change(members(&rest));
    cluster.run(Span::secs(2));
    assert_ne!(cluster.leader(), leader);
    assert_ne!(cluster.servers[&leader].raft().role(), Role::Leader, "it has stepped down");
    cluster.stop(leader);
    cluster.pay(3);
    cluster.agree();
    let changes = |fact: &Fact| matches!(fact, Fact::MembershipChanged(_));
    assert_eq!(cluster.told(cluster.leader(), changes), 4, "two changes, each by way of a joint");
}

#[test]
fn a_learner_learns_and_is_promoted_and_a_new_life_knows_it() {
    let mut cluster = Cluster::new(4, 3);
    let voters = ServerId::first(3).collect();
    let learning = Membership::new(voters, Set::from([id(4)])).expect("a membership");
    cluster.change(learning.clone());
    cluster.agree();
    assert_eq!(*cluster.servers[&id(4)].raft().membership(), learning);
    cluster.pay(12);
    cluster.change(members(&[1, 2, 3, 4]));
    cluster.agree();
    cluster.pay(12);
    for number in 1..=4 {
        cluster.stop(id(number));
        cluster.start(id(number));
        assert_eq!(*cluster.servers[&id(number)].raft().membership(), members(&[1, 2, 3, 4]));
    }
    cluster.agree();
}

#[test]
fn a_member_whose_disk_was_lost_is_taken_out_and_comes_back() {
    let mut cluster = Cluster::new(3, 3);
    cluster.pay(12);
    let leader = cluster.leader();
    let lost = ServerId::first(3).find(|id| *id != leader).expect("there are three");
    let rest: Vec<u8> = (1..=3).filter(|number| id(*number) != lost).collect();
    cluster.stop(lost);
    cluster.change(members(&rest));
    cluster.run(Span::secs(1));
    cluster.disks.insert(lost, MemoryDisk::new());
    cluster.change(members(&[1, 2, 3]));
    cluster.run(Span::secs(1));
    cluster.start(lost);
    cluster.agree();
    assert!(cluster.installed(lost) > 0);
}

#[test]
fn leadership_is_handed_over() {
    let mut cluster = Cluster::new(3, 3);
    cluster.pay(1);
    let leader = cluster.leader();
    let heir = ServerId::first(3).find(|id| *id != leader).expect("there are three");
    let now = cluster.now;
    let server = cluster.servers.get_mut(&leader).expect("it is up");
    server.transfer_leadership(heir, now).expect("it leads");
    cluster.carry_out(leader);
    cluster.run(Span::ms(100));
    assert_eq!(cluster.leader(), heir);
    assert_eq!(cluster.told(leader, |fact| matches!(fact, Fact::TransferBegan(_))), 1);
    cluster.agree();
}

#[test]
fn a_follower_answers_balance_checks_by_itself() {
    let mut cluster = Cluster::new(3, 3);
    cluster.pay(3);
    let leader = cluster.leader();
    let follower = ServerId::first(3).find(|id| *id != leader).expect("there are three");
    cluster.ask(follower, Operation::Balance);
    let answer = cluster.facts.iter().rev().find_map(|(server, fact)| match fact {
        Fact::Replied(reply) => Some((*server, reply.verdict)),
        _ => None,
    });
    let (server, verdict) = answer.expect("it is answered");
    assert_eq!(server, follower);
    let paid = 1_000_000 - 3;
    assert!(matches!(verdict, Verdict::Balance { committed, .. } if committed == paid));
    assert_eq!(cluster.told(follower, |fact| matches!(fact, Fact::Relayed(..))), 0);
}
