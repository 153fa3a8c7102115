//! Runs of random steps: what a run begins with, what can happen in it, and how it ends.

use crate::cluster::{Cluster, Envelope, Pace};
use crate::disk::Proposal;
use crate::forgeries::altered;
use proptest::prelude::*;
use raftbank::base::{Membership, Rule, Rules, ServerId, Set, Span};
use raftbank::raft::{Config, Message, ReadId, Role};

/// Something that can happen. Numbers choose among the servers or messages that there are.
#[derive(Clone, Debug)]
pub enum Step {
    Deliver(u16),
    /// Delivers all that is under way.
    Exchange,
    /// Does so several times: enough for an election and an append.
    Settle,
    Duplicate(u16),
    Lose(u16),
    Elapse(u64),
    Campaign(u8),
    /// A leader adds so many entries together, each of about so many bytes.
    Propose {
        leader: u8,
        count: usize,
        bytes: usize,
    },
    /// A leader takes a read.
    Read(u8),
    /// Whoever it is takes a read.
    ReadAnywhere(u8),
    /// Replaces all that is applied by a snapshot, but for so many entries.
    Compact {
        server: u8,
        keep: u64,
    },
    /// The servers whose bits are set shall vote, and learn.
    Change {
        leader: u8,
        voters: u8,
        learners: u8,
    },
    /// The same with only one server more or less than there are.
    ChangeOne {
        leader: u8,
        server: u8,
    },
    CompleteChange(u8),
    Transfer {
        leader: u8,
        to: u8,
    },
    Disk(u8, Pace),
    Sync(u8, usize),
    Crash {
        server: u8,
        keep: usize,
    },
    Restart(u8),
    Isolate(u8),
    IsolateLeader(u8),
    Reconnect(u8),
    /// A message that nobody sent.
    Inject {
        to: u8,
        from: ServerId,
        message: Message<Proposal>,
    },
    /// Delivers a message under way with one field changed, and leaves the true one.
    Alter {
        message: u16,
        field: u16,
        value: u64,
    },
    /// Delivers a copy of a message under way to another server, or as if from another.
    Readdress {
        message: u16,
        from: ServerId,
        to: u8,
    },
}

fn pace() -> impl Strategy<Value = Pace> {
    prop_oneof![3 => Just(Pace::Fast), 1 => Just(Pace::Slow), 1 => Just(Pace::Busy)]
}

pub fn honest_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        20 => any::<u16>().prop_map(Step::Deliver),
        // The oldest message: most networks keep most of the order.
        20 => Just(Step::Deliver(0)),
        10 => Just(Step::Exchange),
        3 => Just(Step::Settle),
        4 => any::<u16>().prop_map(Step::Duplicate),
        4 => any::<u16>().prop_map(Step::Lose),
        10 => (1..60_u64).prop_map(Step::Elapse),
        1 => (300..700_u64).prop_map(Step::Elapse),
        4 => any::<u8>().prop_map(Step::Campaign),
        12 => (any::<u8>(), 1..4_usize, 1..30_usize)
            .prop_map(|(leader, count, bytes)| Step::Propose { leader, count, bytes }),
        4 => any::<u8>().prop_map(Step::Read),
        3 => any::<u8>().prop_map(Step::ReadAnywhere),
        2 => (any::<u8>(), 0..4_u64).prop_map(|(server, keep)| Step::Compact { server, keep }),
        1 => (any::<u8>(), any::<u8>(), any::<u8>(), any::<u8>()).prop_map(
            |(leader, voters, some, more)| Step::Change { leader, voters, learners: some & more }
        ),
        1 => (any::<u8>(), any::<u8>())
            .prop_map(|(leader, server)| Step::ChangeOne { leader, server }),
        4 => any::<u8>().prop_map(Step::CompleteChange),
        1 => (any::<u8>(), any::<u8>()).prop_map(|(leader, to)| Step::Transfer { leader, to }),
        2 => (any::<u8>(), pace()).prop_map(|(server, pace)| Step::Disk(server, pace)),
        6 => (any::<u8>(), 1..4_usize).prop_map(|(server, count)| Step::Sync(server, count)),
        1 => (any::<u8>(), 0..4_usize).prop_map(|(server, keep)| Step::Crash { server, keep }),
        4 => any::<u8>().prop_map(Step::Restart),
        1 => any::<u8>().prop_map(Step::Isolate),
        1 => any::<u8>().prop_map(Step::IsolateLeader),
        4 => any::<u8>().prop_map(Step::Reconnect),
    ]
}

/// What a run begins with.
#[derive(Clone, Debug)]
pub struct Shape {
    members: u8,
    spares: u8,
    /// Each server's rules, the first being S1's. The last are also those of all servers behind.
    rules: Vec<Rules>,
}

/// Sizes of clusters, those the most in which the most can happen.
fn members() -> impl Strategy<Value = u8> {
    prop_oneof![1 => Just(1), 1 => Just(2), 6 => Just(3), 1 => Just(4), 4 => Just(5)]
}

/// Sets of rules without which Raft is safe, and with which it comes to rest when all is well.
fn safe_rules() -> impl Strategy<Value = Rules> {
    let without_either = Rules::ALL_ON.without(Rule::PreVote).without(Rule::CheckQuorum);
    prop_oneof![
        3 => Just(Rules::ALL_ON),
        2 => Just(without_either),
        1 => Just(Rules::ALL_ON.without(Rule::PreVote)),
        1 => Just(Rules::ALL_ON.without(Rule::CheckQuorum)),
    ]
}

/// Clusters whose servers have the same rules, and some in which each has its own.
pub fn shape() -> impl Strategy<Value = Shape> {
    let rules = prop_oneof![
        6 => prop::collection::vec(safe_rules(), 1),
        1 => prop::collection::vec(safe_rules(), 5),
    ];
    let spares = prop_oneof![2 => Just(0), 2 => Just(1), 2 => Just(2)];
    (members(), spares, rules).prop_map(|(members, spares, rules)| Shape { members, spares, rules })
}

/// Clusters in which all servers lack one of the rules that the core looks at.
pub fn shape_without_a_rule() -> impl Strategy<Value = Shape> {
    const OF_THE_CORE: [Rule; 9] = [
        Rule::ElectionRestriction,
        Rule::CommitCurrentTerm,
        Rule::AppendConsistency,
        Rule::StepDown,
        Rule::TermIncrease,
        Rule::ReadConfirmation,
        Rule::JointConsensus,
        Rule::PreVote,
        Rule::CheckQuorum,
    ];
    let quiet = prop_oneof![
        Just(Rules::ALL_ON),
        Just(Rules::ALL_ON.without(Rule::PreVote).without(Rule::CheckQuorum)),
    ];
    (shape(), prop::sample::select(OF_THE_CORE.to_vec()), quiet)
        .prop_map(|(shape, rule, others)| Shape { rules: vec![others.without(rule)], ..shape })
}

fn a_cluster(shape: &Shape, seed: u64) -> Cluster {
    let first = ServerId::new(1).expect("S1 is a server");
    let voters = Membership::of(ServerId::first(shape.members));
    // Small limits, so that they are met.
    let limits = Config {
        rules: *shape.rules.last().expect("everybody has rules"),
        max_append_entries: 2,
        max_append_bytes: 40,
        max_inflight_appends: 2,
        snapshot_chunk_bytes: 50,
        ..Config::new(first, voters)
    };
    let mut cluster = Cluster::with_spares(limits, shape.spares, seed);
    let ids: Vec<_> = cluster.servers.keys().copied().collect();
    for (id, rules) in ids.into_iter().zip(&shape.rules) {
        cluster.restart_with_rules(id, *rules);
    }
    cluster
}

/// Plays steps, and counts them to name entries and reads.
pub struct Run {
    pub cluster: Cluster,
    steps: u64,
}

impl Run {
    pub fn new(shape: &Shape, seed: u64) -> Self {
        Self { cluster: a_cluster(shape, seed), steps: 0 }
    }

    pub fn server(&self, number: u8) -> ServerId {
        let count = self.cluster.servers.len() as u8;
        ServerId::new(number % count + 1).expect("a server of the cluster")
    }

    /// One of those who believe that they lead, if any does.
    fn leader(&self, number: u8) -> Option<ServerId> {
        let up = self.cluster.servers.values().filter_map(|server| server.raft.as_ref());
        let leaders = up.filter(|raft| raft.role() == Role::Leader).map(|raft| raft.id());
        let leaders: Vec<_> = leaders.collect();
        Some(leaders[usize::from(number).checked_rem(leaders.len())?])
    }

    /// The servers whose bits are set, S1's being the lowest.
    fn servers(&self, bits: u8) -> Set<ServerId> {
        let ids = self.cluster.servers.keys().copied();
        ids.filter(|id| bits & (1 << (id.number() - 1)) != 0).collect()
    }

    /// Changes the membership, if a leader agrees and somebody would be left to vote.
    fn change(&mut self, leader: ServerId, voters: Set<ServerId>, learners: Set<ServerId>) {
        let learners = learners.difference(&voters).copied().collect();
        if let Ok(target) = Membership::new(voters, learners) {
            // It may not be the time for it.
            self.cluster.change(leader, &target).unwrap_or_default();
        }
    }

    /// A server that votes learns from then on, one that learns leaves, one that is no member
    /// votes.
    fn change_one(&mut self, leader: ServerId, server: ServerId) {
        let members = self.cluster.raft(leader).expect("it leads").membership();
        let (mut voters, mut learners) = (members.voters().clone(), members.learners().clone());
        if voters.remove(&server) {
            learners.insert(server);
        } else if !learners.remove(&server) {
            voters.insert(server);
        }
        self.change(leader, voters, learners);
    }

    /// The place of a message under way.
    fn message(&self, number: u16) -> Option<usize> {
        usize::from(number).checked_rem(self.cluster.network.len())
    }

    pub fn take(&mut self, step: Step) {
        self.steps += 1;
        let cluster = &mut self.cluster;
        match step {
            Step::Deliver(number) => {
                if let Some(place) = self.message(number) {
                    let envelope = self.cluster.network.remove(place);
                    self.cluster.deliver(envelope);
                }
            }
            Step::Exchange => cluster.exchange(),
            Step::Settle => (0..6).for_each(|_| cluster.exchange()),
            Step::Duplicate(number) => {
                if let Some(place) = self.message(number) {
                    let envelope = self.cluster.network[place].clone();
                    self.cluster.deliver(envelope);
                }
            }
            Step::Lose(number) => {
                if let Some(place) = self.message(number) {
                    self.cluster.network.remove(place);
                }
            }
            Step::Elapse(ms) => cluster.elapse(Span::ms(ms)),
            Step::Campaign(number) => self.cluster.campaign(self.server(number)),
            Step::Propose { leader, count, bytes } => {
                let name = |place| format!("{:.<bytes$}", format!("{}.{place}", self.steps));
                let names: Vec<_> = (1..=count).map(name).collect();
                if let Some(leader) = self.leader(leader) {
                    // It may be handing over.
                    self.cluster.propose(leader, &names).unwrap_or_default();
                }
            }
            Step::Read(number) => {
                if let Some(leader) = self.leader(number) {
                    self.cluster.read(leader, ReadId(self.steps)).expect("it leads");
                }
            }
            Step::ReadAnywhere(number) => {
                let server = self.server(number);
                // It may know of no leader.
                self.cluster.read(server, ReadId(self.steps)).unwrap_or_default();
            }
            Step::Compact { server, keep } => self.cluster.compact(self.server(server), keep),
            Step::Change { leader, voters, learners } => {
                if let Some(leader) = self.leader(leader) {
                    self.change(leader, self.servers(voters), self.servers(learners));
                }
            }
            Step::ChangeOne { leader, server } => {
                if let Some(leader) = self.leader(leader) {
                    self.change_one(leader, self.server(server));
                }
            }
            Step::CompleteChange(number) => {
                if let Some(leader) = self.leader(number) {
                    self.cluster.complete_change(leader);
                }
            }
            Step::Transfer { leader, to } => {
                if let Some(leader) = self.leader(leader) {
                    // The other may be no voter.
                    self.cluster.transfer(leader, self.server(to)).unwrap_or_default();
                }
            }
            Step::Disk(number, pace) => self.cluster.set_pace(self.server(number), pace),
            Step::Sync(number, count) => self.cluster.sync(self.server(number), count),
            Step::Crash { server, keep } => self.cluster.crash(self.server(server), keep),
            Step::Restart(number) => self.cluster.start(self.server(number)),
            Step::Isolate(number) => {
                let server = self.server(number);
                self.cluster.isolated.insert(server);
            }
            Step::IsolateLeader(number) => {
                let leader = self.leader(number);
                self.cluster.isolated.extend(leader);
            }
            Step::Reconnect(number) => {
                let server = self.server(number);
                self.cluster.isolated.remove(&server);
            }
            Step::Inject { to, from, message } => {
                self.cluster.inject(self.server(to), from, message);
            }
            Step::Alter { message, field, value } => {
                if let Some(place) = self.message(message) {
                    let Envelope { from, to, message, .. } = self.cluster.network[place].clone();
                    let altered = altered(&message, field, value);
                    altered.into_iter().for_each(|it| self.cluster.inject(to, from, it));
                }
            }
            Step::Readdress { message, from, to } => {
                if let Some(place) = self.message(message) {
                    let message = self.cluster.network[place].message.clone();
                    self.cluster.inject(self.server(to), from, message);
                }
            }
        }
    }

    /// Once nothing fails any more, a leader emerges, serves a proposal and reads, its own and a
    /// member's, and all members have the same state, and have applied the log to its end.
    pub fn recovers(&mut self) {
        let cluster = &mut self.cluster;
        // What is still under way may depose a leader.
        let calm = cluster.now + Span::ms(1000);
        assert!(cluster.heal_until(|cluster| cluster.now >= calm), "time stands still");
        let follows = cluster.heal_until(Cluster::follows_one_leader);
        assert!(follows, "no leader emerges: {}", cluster.standing());
        let leader = cluster.leader().expect("there is one now");
        let members = cluster.raft(leader).expect("all are up").membership();
        let member = members.all().last().expect("there are members");
        let reads = [(leader, ReadId(u64::MAX)), (member, ReadId(u64::MAX - 1))];
        cluster.propose(leader, &["last".to_owned()]).expect("it leads");
        for (server, read) in reads {
            cluster.read(server, read).expect("there is a leader");
        }
        assert!(cluster.heal_until(Cluster::agrees), "the logs do not agree");
        for (_, read) in reads {
            let is_answered = cluster.heal_until(|cluster| cluster.is_answered(read));
            assert!(is_answered, "a read is never answered");
        }
        assert!(cluster.servers[&leader].state.iter().any(|name| name == "last"), "it is lost");
    }
}
