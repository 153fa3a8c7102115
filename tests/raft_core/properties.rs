//! Random steps, some hundred at a time, under the eyes of the judge.

use crate::cluster::{Cluster, Pace, Proposal};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use raftbank::base::{Index, Membership, ServerId, Span, Term};
use raftbank::raft::{
    AppendEntries, AppendEntriesReply, AppendOutcome, Config, Conflict, Incarnation,
    InstallSnapshot, InstallSnapshotReply, Message, Position, ReadId, ReadIndex, ReadIndexReply,
    RequestVote, RequestVoteReply, Role, Round, TimeoutNow,
};

/// Something that can happen. Numbers choose among the servers or messages that there are.
#[derive(Clone, Debug)]
enum Step {
    Deliver(u16),
    /// Delivers all that is under way.
    Exchange,
    /// Does so several times: enough for an election and an append.
    Settle,
    Duplicate(u16),
    Lose(u16),
    Elapse(u64),
    Campaign(u8),
    Propose(u8),
    Read(u8),
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
}

fn pace() -> impl Strategy<Value = Pace> {
    prop_oneof![3 => Just(Pace::Fast), 1 => Just(Pace::Slow), 1 => Just(Pace::Busy)]
}

fn honest_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        20 => any::<u16>().prop_map(Step::Deliver),
        // The oldest message: most networks keep most of the order.
        20 => Just(Step::Deliver(0)),
        10 => Just(Step::Exchange),
        3 => Just(Step::Settle),
        4 => any::<u16>().prop_map(Step::Duplicate),
        4 => any::<u16>().prop_map(Step::Lose),
        10 => (1..60_u64).prop_map(Step::Elapse),
        4 => any::<u8>().prop_map(Step::Campaign),
        12 => any::<u8>().prop_map(Step::Propose),
        4 => any::<u8>().prop_map(Step::Read),
        2 => (any::<u8>(), pace()).prop_map(|(server, pace)| Step::Disk(server, pace)),
        6 => (any::<u8>(), 1..4_usize).prop_map(|(server, count)| Step::Sync(server, count)),
        1 => (any::<u8>(), 0..4_usize).prop_map(|(server, keep)| Step::Crash { server, keep }),
        4 => any::<u8>().prop_map(Step::Restart),
        1 => any::<u8>().prop_map(Step::Isolate),
        1 => any::<u8>().prop_map(Step::IsolateLeader),
        4 => any::<u8>().prop_map(Step::Reconnect),
    ]
}

/// Sizes of clusters, those the most in which the most can happen.
fn size() -> impl Strategy<Value = u8> {
    prop_oneof![1 => Just(1), 1 => Just(2), 6 => Just(3), 1 => Just(4), 4 => Just(5)]
}

/// Numbers that are likely to mean something, and some that mean nothing.
fn number() -> impl Strategy<Value = u64> {
    prop_oneof![8 => 0..8_u64, 1 => Just(u64::MAX), 1 => Just(u64::MAX / 2), 1 => any::<u64>()]
}

fn position() -> impl Strategy<Value = Position> {
    (number(), number())
        .prop_map(|(term, index)| Position { term: Term(term), index: Index(index) })
}

fn append_entries() -> impl Strategy<Value = AppendEntries<Proposal>> {
    let entry = number().prop_map(|term| Proposal::new(Term(term), "forged"));
    let entries = prop::collection::vec(entry, 0..4);
    (number(), position(), entries, number(), number()).prop_map(
        |(term, prev_log, entries, commit, round)| AppendEntries {
            term: Term(term),
            prev_log,
            entries,
            leader_commit: Index(commit),
            round: Round(round),
        },
    )
}

/// Parts of snapshots that fit together, some of them, and some that do not.
fn install_snapshot() -> impl Strategy<Value = InstallSnapshot> {
    let membership = prop::collection::btree_set(any_server(), 1..4).prop_map(Membership::of);
    let place = prop_oneof![3 => Just((8, 0, 8)), 1 => Just((8, 0, 4)), 1 => Just((8, 4, 4))];
    let nonsense = (number(), number(), 0..9_usize);
    let place = prop_oneof![3 => place, 1 => nonsense];
    (number(), position(), membership, place, number()).prop_map(
        |(term, last, membership, (total, offset, length), round)| InstallSnapshot {
            term: Term(term),
            last,
            membership,
            total,
            offset,
            data: vec![0; length].into(),
            round: Round(round),
        },
    )
}

fn append_outcome() -> impl Strategy<Value = AppendOutcome> {
    prop_oneof![
        number().prop_map(|index| AppendOutcome::Accepted { match_index: Index(index) }),
        (number(), prop::option::of(number()), number()).prop_map(|(prev, term, index)| {
            let conflict = Conflict { term: term.map(Term), index: Index(index) };
            AppendOutcome::Rejected { prev_index: Index(prev), conflict }
        }),
        Just(AppendOutcome::Stale),
    ]
}

fn any_message() -> impl Strategy<Value = Message<Proposal>> {
    let reply = |(term, outcome, round)| AppendEntriesReply {
        term: Term(term),
        outcome,
        round: Round(round),
    };
    prop_oneof![
        (number(), position(), any::<bool>(), any::<bool>()).prop_map(
            |(term, last_log, pre_vote, transfer)| {
                let term = Term(term);
                Message::RequestVote(RequestVote { term, last_log, pre_vote, transfer })
            }
        ),
        (number(), any::<bool>(), any::<bool>()).prop_map(|(term, granted, pre_vote)| {
            Message::RequestVoteReply(RequestVoteReply { term: Term(term), granted, pre_vote })
        }),
        append_entries().prop_map(Message::AppendEntries),
        (number(), append_outcome(), number())
            .prop_map(move |parts| Message::AppendEntriesReply(reply(parts))),
        install_snapshot().prop_map(Message::InstallSnapshot),
        (number(), position(), number(), number()).prop_map(|(term, last, received, round)| {
            let (term, round) = (Term(term), Round(round));
            Message::InstallSnapshotReply(InstallSnapshotReply { term, last, received, round })
        }),
        number().prop_map(|term| Message::TimeoutNow(TimeoutNow { term: Term(term) })),
        (number(), number()).prop_map(|(term, id)| {
            let (term, id) = (Term(term), ReadId(id));
            Message::ReadIndex(ReadIndex { term, id, incarnation: Incarnation(0) })
        }),
        (number(), number(), number()).prop_map(|(term, id, index)| {
            let (term, id, index) = (Term(term), ReadId(id), Index(index));
            Message::ReadIndexReply(ReadIndexReply { term, id, incarnation: Incarnation(0), index })
        }),
    ]
}

fn any_server() -> impl Strategy<Value = ServerId> {
    (1..=9_u8).prop_map(|number| ServerId::new(number).expect("a number of a server"))
}

fn hostile_step() -> impl Strategy<Value = Step> {
    (any::<u8>(), any_server(), any_message()).prop_map(|(to, from, message)| Step::Inject {
        to,
        from,
        message,
    })
}

/// Makes a forged message one that must do no harm at a receiver in `term`, even to the
/// cluster's promises. What a peer would have to lie about to break them is taken out of it: a
/// vote, a log, an acknowledgement, an echo.
fn without_plausible_lies(message: Message<Proposal>, term: Term) -> Option<Message<Proposal>> {
    Some(match message {
        Message::RequestVote(request) => {
            Message::RequestVote(RequestVote { last_log: Position::default(), ..request })
        }
        Message::RequestVoteReply(reply) => {
            Message::RequestVoteReply(RequestVoteReply { granted: false, ..reply })
        }
        Message::AppendEntries(append) if append.term < term => Message::AppendEntries(append),
        Message::InstallSnapshot(part) if part.term < term => Message::InstallSnapshot(part),
        Message::AppendEntries(_) | Message::InstallSnapshot(_) | Message::ReadIndexReply(_) => {
            return None;
        }
        Message::InstallSnapshotReply(reply) => {
            Message::InstallSnapshotReply(InstallSnapshotReply { received: 0, ..reply })
        }
        Message::TimeoutNow(_) | Message::ReadIndex(_) => message,
        Message::AppendEntriesReply(reply) => {
            if let AppendOutcome::Accepted { .. } = reply.outcome {
                return None;
            }
            Message::AppendEntriesReply(AppendEntriesReply { round: Round(0), ..reply })
        }
    })
}

fn a_cluster(servers: u8, seed: u64) -> Cluster {
    let first = ServerId::new(1).expect("S1 is a server");
    let voters = Membership::of(ServerId::first(servers));
    // Small limits, so that they are met.
    let limits =
        Config { max_append_entries: 2, max_inflight_appends: 2, ..Config::new(first, voters) };
    Cluster::new(limits, seed)
}

/// Plays steps, and counts them to name entries and reads.
struct Run {
    cluster: Cluster,
    steps: u64,
}

impl Run {
    fn new(servers: u8, seed: u64) -> Self {
        Self { cluster: a_cluster(servers, seed), steps: 0 }
    }

    fn server(&self, number: u8) -> ServerId {
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

    /// The place of a message under way.
    fn message(&self, number: u16) -> Option<usize> {
        usize::from(number).checked_rem(self.cluster.network.len())
    }

    fn take(&mut self, step: Step) {
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
            Step::Propose(number) => {
                let name = format!("entry {}", self.steps);
                if let Some(leader) = self.leader(number) {
                    self.cluster.propose(leader, &[name]).expect("it leads");
                }
            }
            Step::Read(number) => {
                if let Some(leader) = self.leader(number) {
                    self.cluster.read(leader, ReadId(self.steps)).expect("it leads");
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
        }
    }

    /// Once nothing fails any more, a leader emerges, serves a read and a proposal, and all have
    /// the same log, committed and applied to its end.
    fn recovers(&mut self) {
        let cluster = &mut self.cluster;
        assert!(cluster.heal_until(Cluster::follows_one_leader), "no leader emerges");
        let leader = cluster.leader().expect("there is one now");
        let read = ReadId(u64::MAX);
        cluster.propose(leader, &["last".to_owned()]).expect("it leads");
        cluster.read(leader, read).expect("it leads");
        assert!(cluster.heal_until(Cluster::agrees), "the logs do not agree");
        assert!(
            cluster.heal_until(|cluster| cluster.is_answered(read)),
            "a read is never answered"
        );
        let names = cluster.raft(leader).expect("all are up").log().iter();
        assert!(names.map(|(_, entry)| &entry.name).any(|name| name == "last"), "it is lost");
    }
}

fn settings() -> ProptestConfig {
    // A failure becomes a test with a name, here, rather than a file of seeds.
    ProptestConfig { failure_persistence: None, ..ProptestConfig::default() }
}

/// Runs in which little happens would pass the judge too. These are the same kind of runs, always
/// the same ones, and what matters happens in them often.
#[test]
fn random_runs_reach_what_matters() {
    let mut runner = TestRunner::deterministic();
    let strategy = (size(), prop::collection::vec(honest_step(), 400));
    let mut story = Vec::new();
    for seed in 0..100 {
        let (servers, steps) = strategy.new_tree(&mut runner).expect("no filters").current();
        let mut run = Run::new(servers, seed);
        steps.into_iter().for_each(|step| run.take(step));
        story.append(&mut run.cluster.story);
    }
    let matters = [
        ("is leader", 100),
        ("applies", 1000),
        ("truncation", 5),
        ("append", 800),
        ("lacks", 60),
        ("would not vote so", 100),
        ("answers read", 60),
        ("aborts read", 30),
        ("in a later term", 8),
        ("crashes", 100),
    ];
    for (what, least) in matters {
        let count = story.iter().filter(|line| line.contains(what)).count();
        assert!(count >= least, "'{what}' only {count} times in {} lines", story.len());
    }
}

proptest! {
    #![proptest_config(settings())]

    /// Whatever the network, the disks and the crashes do, the five properties hold after each
    /// step; and when all is well again, the cluster works and agrees.
    #[test]
    fn safe_always_and_live_when_healed(
        servers in size(),
        seed in any::<u64>(),
        steps in prop::collection::vec(honest_step(), 0..400),
    ) {
        let mut run = Run::new(servers, seed);
        steps.into_iter().for_each(|step| run.take(step));
        run.recovers();
    }

    /// Forged messages that no peer need lie plausibly for change nothing about the five
    /// properties, be they malformed, from strangers, from oneself or out of their time.
    #[test]
    fn safe_among_harmless_forgeries(
        servers in size(),
        seed in any::<u64>(),
        steps in prop::collection::vec(prop_oneof![3 => honest_step(), 1 => hostile_step()], 0..400),
    ) {
        let mut run = Run::new(servers, seed);
        for step in steps {
            let step = match step {
                Step::Inject { to, from, message } => {
                    let to_id = run.server(to);
                    let is_peer = from != to_id;
                    let term = run.cluster.raft(to_id).map_or(Term(0), |raft| raft.term());
                    let message = match is_peer {
                        true => without_plausible_lies(message, term),
                        false => Some(message),
                    };
                    let Some(message) = message else { continue };
                    Step::Inject { to, from, message }
                }
                honest => honest,
            };
            run.take(step);
        }
    }

    /// No message whatever makes a server panic, or act before its disk has what it promises.
    #[test]
    fn no_forgery_makes_a_server_panic(
        servers in size(),
        seed in any::<u64>(),
        steps in prop::collection::vec(prop_oneof![1 => honest_step(), 1 => hostile_step()], 0..400),
    ) {
        let mut run = Run::new(servers, seed);
        run.cluster.expect_lies();
        steps.into_iter().for_each(|step| run.take(step));
    }
}
