//! Messages that no server sent: all kinds, with likely and unlikely numbers in every field.

use crate::disk::Proposal;
use crate::run::Step;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use raftbank::base::{Index, Membership, ServerId, Set, Term};
use raftbank::raft::{
    AppendEntries, AppendEntriesReply, AppendOutcome, Conflict, Incarnation, InstallSnapshot,
    InstallSnapshotReply, Message, Position, ReadId, ReadIndex, ReadIndexReply, RequestVote,
    RequestVoteReply, Round, TimeoutNow,
};
use serde_json::Value;

/// Numbers that are likely to mean something, and some that mean nothing.
fn number() -> impl Strategy<Value = u64> {
    prop_oneof![8 => 0..8_u64, 1 => Just(u64::MAX), 1 => Just(u64::MAX / 2), 1 => any::<u64>()]
}

fn position() -> impl Strategy<Value = Position> {
    (number(), number())
        .prop_map(|(term, index)| Position { term: Term(term), index: Index(index) })
}

/// Any membership, at rest or joint, that may leave out everybody who is there.
fn membership() -> impl Strategy<Value = Membership> {
    let at_rest = || {
        let some = || prop::collection::btree_set(any_server(), 0..4);
        (any_server(), some(), some()).prop_map(|(one, mut voters, learners)| {
            voters.insert(one);
            let learners = learners.difference(&voters).copied().collect();
            Membership::new(voters.into_iter().collect(), learners)
                .expect("somebody votes, and nobody twice")
        })
    };
    prop_oneof![
        2 => at_rest(),
        1 => (at_rest(), at_rest()).prop_map(|(old, new)| old.joint_with(&new)),
    ]
}

fn entry() -> impl Strategy<Value = Proposal> {
    let change = prop_oneof![4 => Just(None), 1 => membership().prop_map(Some)];
    (number(), 0..40_usize, change).prop_map(|(term, size, membership)| {
        let (term, name) = (Term(term), "x".repeat(size));
        Proposal { term, name, membership }
    })
}

fn append_entries() -> impl Strategy<Value = AppendEntries<Proposal>> {
    let entries = prop::collection::vec(entry(), 0..4);
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
    let place = prop_oneof![3 => Just((8, 0, 8)), 1 => Just((8, 0, 4)), 1 => Just((8, 4, 4))];
    let nonsense = (number(), number(), 0..9_usize);
    let place = prop_oneof![3 => place, 1 => nonsense];
    (number(), position(), membership(), place, number()).prop_map(
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
        (number(), number(), number()).prop_map(|(term, id, incarnation)| {
            let (term, id, incarnation) = (Term(term), ReadId(id), Incarnation(incarnation));
            Message::ReadIndex(ReadIndex { term, id, incarnation })
        }),
        (number(), number(), number(), number()).prop_map(|(term, id, incarnation, index)| {
            let (term, index) = (Term(term), Index(index));
            let (id, incarnation) = (ReadId(id), Incarnation(incarnation));
            Message::ReadIndexReply(ReadIndexReply { term, id, incarnation, index })
        }),
    ]
}

fn any_server() -> impl Strategy<Value = ServerId> {
    (1..=9_u8).prop_map(|number| ServerId::new(number).expect("a number of a server"))
}

/// A message out of nothing.
pub fn forged_step() -> impl Strategy<Value = Step> {
    (any::<u8>(), any_server(), any_message()).prop_map(|(to, from, message)| Step::Inject {
        to,
        from,
        message,
    })
}

/// A message out of nothing, or one that is under way and is not what it was.
pub fn hostile_step() -> impl Strategy<Value = Step> {
    let altered = (any::<u16>(), any::<u16>(), number())
        .prop_map(|(message, field, value)| Step::Alter { message, field, value });
    let readdressed = (any::<u16>(), any_server(), any::<u8>())
        .prop_map(|(message, from, to)| Step::Readdress { message, from, to });
    prop_oneof![3 => forged_step(), 2 => altered, 1 => readdressed]
}

/// The message with one of its fields, in whatever depth, set to another value, or a list cut
/// short. Nothing if that makes no message.
pub fn altered(message: &Message<Proposal>, field: u16, value: u64) -> Option<Message<Proposal>> {
    let mut written = serde_json::to_value(message).expect("messages can be written");
    let mut fields = Vec::new();
    list_fields(&written, String::new(), &mut fields);
    let field = &fields[usize::from(field) % fields.len()];
    let place = written.pointer_mut(field).expect("it was there when it was listed");
    match place {
        Value::Bool(truth) => *truth = !*truth,
        Value::Array(list) => list.truncate(list.len() / 2),
        _ => *place = value.into(),
    }
    serde_json::from_value(written).ok()
}

/// The paths of all fields that are no groups of others.
fn list_fields(written: &Value, path: String, fields: &mut Vec<String>) {
    match written {
        Value::Object(group) => {
            for (name, field) in group {
                list_fields(field, format!("{path}/{name}"), fields);
            }
        }
        Value::Array(list) => {
            fields.push(path.clone());
            // Of the bytes of a snapshot, none means more than another to the core.
            let groups = list.iter().enumerate().filter(|(_, field)| field.is_object());
            for (place, field) in groups {
                list_fields(field, format!("{path}/{place}"), fields);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => fields.push(path),
    }
}

/// Makes a forged message one that must do no harm at a receiver in `term`, even to the
/// cluster's promises. What a peer would have to lie about to break them is taken out of it: a
/// vote, a log, an acknowledgement, an echo.
pub fn without_plausible_lies(message: Message<Proposal>, term: Term) -> Option<Message<Proposal>> {
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

/// Each kind of message is forged, and each number in it is small, huge and the largest there is.
/// A new kind or field does not compile here until it is listed.
#[test]
fn forgeries_leave_out_no_kind_and_no_field() {
    let mut runner = TestRunner::deterministic();
    let strategy = any_message();
    let mut seen = Set::new();
    for _ in 0..4000 {
        let message = strategy.new_tree(&mut runner).expect("no filters").current();
        for (field, value) in numbers(&message) {
            let size = match value {
                0..8 => "small",
                u64::MAX => "largest",
                8.. => "huge",
            };
            seen.insert((field, size));
        }
    }
    let fields: Set<_> = seen.iter().map(|(field, _)| *field).collect();
    assert_eq!(fields.len(), 35, "{fields:?}");
    for field in fields {
        for size in ["small", "huge", "largest"] {
            assert!(seen.contains(&(field, size)), "{field} is never {size}");
        }
    }
}

/// The numbers in a message, by name.
fn numbers(message: &Message<Proposal>) -> Vec<(&'static str, u64)> {
    match message {
        Message::RequestVote(RequestVote { term, last_log, pre_vote: _, transfer: _ }) => vec![
            ("request vote: term", term.0),
            ("request vote: last term", last_log.term.0),
            ("request vote: last index", last_log.index.0),
        ],
        Message::RequestVoteReply(RequestVoteReply { term, granted: _, pre_vote: _ }) => {
            vec![("vote: term", term.0)]
        }
        Message::AppendEntries(append) => {
            let AppendEntries { term, prev_log, entries, leader_commit, round } = append;
            let mut numbers = vec![
                ("append: term", term.0),
                ("append: previous term", prev_log.term.0),
                ("append: previous index", prev_log.index.0),
                ("append: commit", leader_commit.0),
                ("append: round", round.0),
            ];
            numbers.extend(entries.iter().map(|entry| ("append: entry's term", entry.term.0)));
            numbers
        }
        Message::AppendEntriesReply(AppendEntriesReply { term, outcome, round }) => {
            let mut numbers = vec![("appended: term", term.0), ("appended: round", round.0)];
            match outcome {
                AppendOutcome::Accepted { match_index } => {
                    numbers.push(("appended: match", match_index.0));
                }
                AppendOutcome::Rejected { prev_index, conflict } => {
                    numbers.push(("appended: previous index", prev_index.0));
                    numbers.push(("appended: conflict's index", conflict.index.0));
                    let term = conflict.term.map(|term| ("appended: conflict's term", term.0));
                    numbers.extend(term);
                }
                AppendOutcome::Stale => {}
            }
            numbers
        }
        Message::InstallSnapshot(part) => {
            let InstallSnapshot { term, last, membership: _, total, offset, data: _, round } = part;
            vec![
                ("snapshot: term", term.0),
                ("snapshot: last term", last.term.0),
                ("snapshot: last index", last.index.0),
                ("snapshot: total", *total),
                ("snapshot: offset", *offset),
                ("snapshot: round", round.0),
            ]
        }
        Message::InstallSnapshotReply(reply) => {
            let InstallSnapshotReply { term, last, received, round } = reply;
            vec![
                ("received: term", term.0),
                ("received: last term", last.term.0),
                ("received: last index", last.index.0),
                ("received: bytes", *received),
                ("received: round", round.0),
            ]
        }
        Message::TimeoutNow(TimeoutNow { term }) => vec![("timeout now: term", term.0)],
        Message::ReadIndex(ReadIndex { term, id, incarnation }) => vec![
            ("read index: term", term.0),
            ("read index: read", id.0),
            ("read index: incarnation", incarnation.0),
        ],
        Message::ReadIndexReply(ReadIndexReply { term, id, incarnation, index }) => vec![
            ("read confirmed: term", term.0),
            ("read confirmed: read", id.0),
            ("read confirmed: incarnation", incarnation.0),
            ("read confirmed: index", index.0),
        ],
    }
}
