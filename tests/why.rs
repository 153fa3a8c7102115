//! What 'Why?' answers, held against the world: everything is asked about everything, at random
//! moments of random runs, and what an answer claims must be so.
//!
//! Whole answers are in `tests/why`, and played with the scenarios.

#![cfg(not(target_arch = "wasm32"))]

use raftbank::bank::RequestId;
use raftbank::base::random::stream;
use raftbank::base::{Hash, Index, Membership, Rule, Rules, ServerId, Set};
use raftbank::client::Status;
use raftbank::raft::Role;
use raftbank::scenario::{Scenario, play};
use raftbank::server::Fact;
use raftbank::sim::{Node, Simulation, World, swarm};
use raftbank::trace::{Event, EventId, Trace, What};
use raftbank::why::{Answer, Claim, Question, Reason, answer};
use rand::RngExt;

/// How many runs are looked at.
const RUNS: u64 = 60;

/// At how many moments of each, about.
const MOMENTS: u64 = 20;

#[test]
fn what_is_answered_is_so() {
    let mut given = Set::new();
    for seed in 0..RUNS {
        given.extend(look_into(seed, Rules::ALL_ON));
    }
    // So many runs give every kind of answer.
    let kinds = [
        "nothing",
        "no_leader",
        "leads",
        "follows",
        "campaigns",
        "down",
        "voted",
        "no_vote",
        "mining",
        "not_committed",
        "committed",
        "dropped",
        "refused",
        "waits",
        "answered",
    ];
    assert_eq!(given, kinds.map(str::to_owned).into());
}

/// Without a rule promises break, but whoever asks is still answered.
#[test]
fn whatever_breaks_there_is_an_answer() {
    for (seed, rule) in Rule::ALL.into_iter().enumerate() {
        look_into(seed as u64, Rules::ALL_ON.without(rule));
    }
}

/// Asks at random moments of one run. Returns the kinds of answers that were given.
fn look_into(seed: u64, rules: Rules) -> Set<String> {
    let mut given = Set::new();
    let run = swarm::sample(seed, rules);
    let pace = (run.steps / MOMENTS).max(1);
    let mut rng = stream(seed, "questions");
    let mut replay = run.replay().expect("a run that was made can be replayed");
    loop {
        let is_over = replay
            .advance(rng.random_range(1..=2 * pace))
            .unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        let simulation = replay.simulation();
        for question in questions(simulation.world()) {
            let answer = answer(simulation.world(), simulation.trace(), &question);
            let claim = serde_json::to_value(&answer.claim).expect("a claim can be written");
            given.insert(claim["is"].as_str().unwrap_or_default().to_owned());
            let wrong = wrong(simulation, &answer, rules.all_on());
            let now = simulation.world().now();
            assert_eq!(wrong, None, "seed {seed}, at {now}, {question}: {answer:#}");
        }
        if is_over {
            return given;
        }
    }
}

/// Everything that can be asked, about what is there and a little beyond.
fn questions(world: &World) -> Vec<Question> {
    let servers: Vec<ServerId> = world.nodes().map(|(id, _)| id).collect();
    let mut questions = vec![Question::NoLeader];
    let last = servers.iter().filter_map(|id| world.server(*id));
    let last = last.map(|server| server.raft().last_index().0).max().unwrap_or(0);
    for server in &servers {
        questions.push(Question::Server(*server));
        let others =
            servers.iter().map(|other| Question::Vote { voter: *other, candidate: *server });
        questions.extend(others);
        let heights = last.saturating_sub(3)..=last + 2;
        questions.extend(
            heights.map(|height| Question::Block { server: *server, height: Index(height) }),
        );
        questions.push(Question::Block { server: *server, height: Index(1) });
        let tip = world.server(*server).map(|server| server.tip().hash());
        questions.extend(tip.map(|hash| Question::Hash(hash.to_string()[..12].to_owned())));
    }
    for client in world.clients() {
        let pending = client.requests().into_iter().rev().take(6);
        questions.extend(pending.map(|state| Question::Request(state.request.id)));
        questions.push(Question::Request(RequestId { client: client.id(), seq: 999 }));
    }
    questions
}

/// What an answer says that is not so.
fn wrong(simulation: &Simulation, answer: &Answer, ruled: bool) -> Option<String> {
    let world = simulation.world();
    untrue(simulation, &answer.claim)
        .filter(|_| ruled)
        .or_else(|| answer.reasons.iter().find_map(|reason| baseless(simulation.trace(), reason)))
        .or_else(|| answer.remedies.iter().find_map(|remedy| useless(world, remedy)))
        .or_else(|| (!answer.headline.ends_with('.')).then(|| "no sentence".to_owned()))
}

fn untrue(simulation: &Simulation, claim: &Claim) -> Option<String> {
    let world = simulation.world();
    let up = || world.nodes().filter_map(|(_, node)| node.server());
    let raft = |id: &ServerId| world.server(*id).map(|server| server.raft());
    let is_so = match claim {
        Claim::Nothing => true,
        Claim::NoLeader => {
            let latest = up().map(|server| server.raft().term()).max();
            !up().any(|it| it.raft().role() == Role::Leader && Some(it.raft().term()) == latest)
        }
        Claim::Leads { server, term } => {
            raft(server).is_some_and(|it| it.role() == Role::Leader && it.term() == *term)
        }
        Claim::Follows { server, leader } => {
            raft(server).is_some_and(|it| it.role() == Role::Follower && it.leader() == *leader)
        }
        Claim::Campaigns { server, term } => raft(server).is_some_and(|it| {
            matches!(it.role(), Role::Candidate | Role::PreCandidate) && it.term() == *term
        }),
        Claim::Down { server } => raft(server).is_none(),
        Claim::Voted { voter, candidate } => simulation.trace().iter().any(|event| {
            let What::Server(who, Fact::Voted(_, whom)) = &event.what else { return false };
            (who, whom) == (voter, candidate)
        }),
        Claim::NoVote { voter, candidate } => raft(candidate)
            .is_none_or(|it| it.role() != Role::Candidate || it.votes().get(voter) != Some(&true)),
        Claim::Mining { server, height } => {
            let mining = world.server(*server).and_then(|server| server.mining());
            mining.is_some_and(|mining| mining.height() == *height)
        }
        Claim::NotCommitted { height, hash, have } => {
            let known = knows_committed(world, *height, *hash);
            !known && holders(world, *height, *hash) == *have
        }
        Claim::Committed { height, hash: Some(hash) } => {
            let applied = |event: &Event| {
                let What::Server(_, Fact::Applied { block, .. }) = &event.what else {
                    return false;
                };
                block.hash() == *hash
            };
            knows_committed(world, *height, *hash) || simulation.trace().iter().any(applied)
        }
        Claim::Committed { height, hash: None } => up().any(|server| server.base() > *height),
        Claim::Dropped { server, height, hash } => world.server(*server).is_some_and(|server| {
            server.block_at(*height).is_none_or(|block| block.hash() != *hash)
        }),
        Claim::Refused { server, height } => {
            let refused = |event: &Event| {
                let What::Server(who, Fact::BlockRefused { height: it, .. }) = &event.what else {
                    return false;
                };
                (who, it) == (server, height)
            };
            let missing = world.server(*server).is_some_and(|it| it.block_at(*height).is_none());
            missing && simulation.trace().iter().any(refused)
        }
        Claim::Waits { request } => status(world, *request) == Some(true),
        Claim::Answered { request } => status(world, *request) == Some(false),
    };
    (!is_so).then(|| format!("{claim:?} is not so"))
}

fn knows_committed(world: &World, height: Index, hash: Hash) -> bool {
    world.nodes().filter_map(|(_, node)| node.server()).any(|server| {
        let has = server.block_at(height).is_some_and(|block| block.hash() == hash);
        has && server.raft().commit() >= height
    })
}

/// Counted again, from the texts on the disks: the voters that hold a block.
fn holders(world: &World, height: Index, hash: Hash) -> Set<ServerId> {
    let latest = world.leaders().map(|server| server.raft().term()).max();
    let servers = || world.nodes().filter_map(|(_, node)| node.server());
    let top = servers().map(|server| server.raft().term()).max();
    let leader =
        world.leaders().find(|server| Some(server.raft().term()) == latest && latest == top);
    let complete = servers().max_by_key(|server| server.raft().log().last());
    let members = leader.or(complete).map(|server| server.raft().membership().clone());
    let founders = || Membership::of(ServerId::first(world.config().members()));
    let members = members.unwrap_or_else(founders);
    let holds = |image: &raftbank::disk::Image| {
        let block = image.get(format!("block/{height}").as_str());
        let snapshot = image.get("snapshot");
        let field = |text: &str, path: &[&str]| {
            let value: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
            path.iter().try_fold(value, |value, key| value.get(*key).cloned())
        };
        let has = block.is_some_and(|text| field(text, &["hash"]) == Some(hash.to_string().into()));
        let stands_for = snapshot.is_some_and(|text| {
            let last = field(text, &["value", "block", "height"]);
            last.and_then(|last| last.as_u64()).is_some_and(|last| last >= height.0)
        });
        has || stands_for
    };
    let nodes =
        world.nodes().filter(|(id, node)| members.is_voter(*id) && holds(node.disk().image()));
    nodes.map(|(id, _)| id).collect()
}

/// True if a request waits, false if it is answered.
fn status(world: &World, id: RequestId) -> Option<bool> {
    let requests = world.client(id.client)?.requests();
    let state = requests.iter().find(|state| state.request.id == id)?;
    Some(state.status == Status::Pending)
}

/// A reason that rests on an event which the trace does not have, or that says nothing.
fn baseless(trace: &Trace, reason: &Reason) -> Option<String> {
    let unknown = reason.moments.iter().find(|moment| trace.get(**moment).is_none());
    let wrong = match unknown {
        Some(moment) => Some(format!("{moment:?} is no event of the trace")),
        None if !reason.text.ends_with('.') => Some(format!("'{}' is no sentence", reason.text)),
        None => None,
    };
    wrong.or_else(|| reason.because.iter().find_map(|reason| baseless(trace, reason)))
}

/// A remedy that nobody could carry out.
fn useless(world: &World, remedy: &str) -> Option<String> {
    let words: Vec<&str> = remedy.trim_end_matches('.').split(' ').collect();
    let all = |ids: &[&str], is_so: fn(&Node) -> bool| {
        let ids = ids.iter().filter(|word| **word != "or").map(|id| id.trim_end_matches(','));
        let nodes: Vec<_> = ids.map(|id| id.parse().ok().and_then(|id| world.node(id))).collect();
        !nodes.is_empty() && nodes.iter().all(|node| node.is_some_and(is_so))
    };
    let is_possible = match words.as_slice() {
        ["Heal", "the", "network"] => {
            world.channel().groups().is_some() || world.channel().cuts().next().is_some()
        }
        ["Restart", ids @ ..] => all(ids, |node| node.server().is_none()),
        ["Resume", ids @ ..] => all(ids, |node| node.is_paused()),
        ["Make", "room", ..] | ["Repair", ..] => true,
        _ => false,
    };
    (!is_possible).then(|| format!("'{remedy}' cannot be done"))
}

/// A page that is open for a day forgets how its blocks came about, and says so.
#[test]
fn what_the_trace_has_forgotten_is_said() {
    let text = include_str!("why/lost_reply.txt");
    let scenario = Scenario::parse(text).expect("it is a scenario");
    let (_, simulation) = play(&scenario).expect("it can be played");
    let mut trace = Trace::new(3);
    simulation.trace().iter().for_each(|event| trace.push(event.clone()));
    assert!(trace.get(EventId(1)).is_none(), "it has forgotten the beginning");

    let ask = |question: &str| {
        let question = question.parse().expect("it is a question");
        let answer = answer(simulation.world(), &trace, &question);
        assert_eq!(answer.reasons.iter().find_map(|reason| baseless(&trace, reason)), None);
        answer
    };
    for question in ["S1", "S1 block 2", "Alice #1", "S2 vote S1"] {
        let forgotten = ask(question).forgotten;
        let said = forgotten.as_deref().unwrap_or_default();
        assert!(said.contains("no longer in the trace"), "{question}: {said}");
    }
    assert_eq!(ask("no leader").claim, ask("S1").claim, "who leads is seen without a trace");
}
