//! Mistakes that other implementations have made, one a test. In each the judge looks on.
//!
//! Some have a script of their own:
//! - `read_waits_for_own_term` and `read_of_a_follower_waits_for_the_leaders_own_term`;
//! - `vote_survives_restart` and `vote_given_late_in_a_term_survives_restart`, with the restart
//!   inside one term;
//! - `commit_only_current_term`;
//! - `prevote_of_a_server_in_a_former_term_learns_the_term`;
//! - `snapshot_answers_that_are_doubled_double_nothing`.

use crate::cluster::Cluster;
use crate::disk::{Disk, Proposal, state_as_bytes};
use raftbank::base::{Index, Membership, Rule, Rules, ServerId, Span, Term};
use raftbank::raft::{
    AppendEntries, AppendEntriesReply, AppendOutcome, ChangeRefused, Config, Conflict, HardState,
    Message, Position, ProposeError, ReadId, Role, Round, Snapshot,
};

fn id(number: u8) -> ServerId {
    ServerId::new(number).expect("a number of a server")
}

fn voters<const N: usize>(numbers: [u8; N]) -> Membership {
    Membership::of(numbers.map(id))
}

fn cluster(members: u8, spares: u8) -> Cluster {
    let settings = Config {
        snapshot_chunk_bytes: 8,
        ..Config::new(id(1), Membership::of(ServerId::first(members)))
    };
    Cluster::with_spares(settings, spares, 1)
}

/// Lets the servers talk until they have nothing more to say.
fn talk(cluster: &mut Cluster) {
    for _ in 0..20 {
        cluster.exchange();
    }
}

fn elect(cluster: &mut Cluster, number: u8) {
    cluster.campaign(id(number));
    talk(cluster);
    assert_eq!(role(cluster, number), Role::Leader, "{}", cluster.standing());
}

fn propose(cluster: &mut Cluster, number: u8, name: &str) {
    cluster.propose(id(number), &[name.to_owned()]).expect("it leads");
    talk(cluster);
}

fn role(cluster: &Cluster, number: u8) -> Role {
    cluster.raft(id(number)).expect("it is up").role()
}

fn commit(cluster: &Cluster, number: u8) -> Index {
    cluster.raft(id(number)).expect("it is up").commit()
}

/// Nothing fails any more: a leader emerges, the members agree.
fn recovers(cluster: &mut Cluster) {
    assert!(cluster.heal_until(Cluster::follows_one_leader), "{}", cluster.standing());
    assert!(cluster.heal_until(Cluster::agrees), "{}", cluster.standing());
}

/// Ongaro's note of 2015 on the dissertation's single-server changes: two leaders could each
/// change the members on top of what the other did not know.
#[test]
fn members_change_only_after_an_entry_of_the_own_term_is_committed() {
    let mut cluster = cluster(3, 1);
    elect(&mut cluster, 1);
    let early = cluster.change(id(1), &voters([1, 2, 3, 4]));
    assert_eq!(early, Err(ProposeError::Change(ChangeRefused::TooEarly)));
    propose(&mut cluster, 1, "own");
    cluster.change(id(1), &voters([1, 2, 3, 4])).expect("now it may");
    let second = cluster.change(id(1), &voters([1, 2]));
    assert!(matches!(second, Err(ProposeError::Change(ChangeRefused::UnderWay(_)))), "{second:?}");
    recovers(&mut cluster);
    assert_eq!(cluster.raft(id(4)).expect("it is up").membership(), &voters([1, 2, 3, 4]));
}

#[test]
fn a_joint_membership_commits_nothing_without_both_majorities() {
    for missing in [[2, 3], [4, 5]] {
        let mut cluster = cluster(3, 2);
        elect(&mut cluster, 1);
        propose(&mut cluster, 1, "own");
        cluster.isolated.extend(missing.map(id));
        cluster.change(id(1), &voters([1, 4, 5])).expect("it leads");
        for _ in 0..3 {
            talk(&mut cluster);
            cluster.elapse(Span::ms(60));
        }
        assert_eq!(commit(&cluster, 1), Index(1), "without {missing:?}");
        cluster.isolated.clear();
        recovers(&mut cluster);
        assert_eq!(cluster.raft(id(4)).expect("it is up").membership(), &voters([1, 4, 5]));
    }
}

/// A leader that alone knows of a change must not win by it, while the others elect by the
/// members that they know.
#[test]
fn an_unknown_change_of_members_makes_no_second_leader() {
    let mut cluster = cluster(3, 0);
    elect(&mut cluster, 1);
    propose(&mut cluster, 1, "own");
    cluster.isolated.insert(id(1));
    cluster.change(id(1), &voters([1])).expect("it leads");
    cluster.elapse(Span::secs(2));
    talk(&mut cluster);
    assert_ne!(role(&cluster, 1), Role::Leader, "it hears of no quorum");
    for _ in 0..50 {
        cluster.campaign(id(1));
        cluster.elapse(Span::ms(50));
        talk(&mut cluster);
    }
    assert_ne!(role(&cluster, 1), Role::Leader, "one of three is no quorum of both");
    assert!(cluster.leader().is_some(), "the others go on: {}", cluster.standing());
    recovers(&mut cluster);
}

/// A change counts in elections as soon as it is in the log. One who counted it only once it is
/// applied, as some do, could win by the members that there were, while the new ones go on.
#[test]
fn a_change_that_is_not_applied_yet_counts_in_elections() {
    let mut cluster = cluster(3, 2);
    elect(&mut cluster, 1);
    propose(&mut cluster, 1, "own");
    cluster.isolated.insert(id(2));
    cluster.change(id(1), &voters([3, 4, 5])).expect("it leads");
    talk(&mut cluster);
    cluster.complete_change(id(1));
    talk(&mut cluster);
    assert_eq!(commit(&cluster, 1), Index(3), "the change is complete");
    // S1 starts again, with the change in its log and nothing applied, and hears S2 alone.
    cluster.restart_with_rules(id(1), Rules::ALL_ON.without(Rule::PreVote));
    cluster.isolated = [3, 4, 5].map(id).into();
    assert_eq!(cluster.raft(id(1)).expect("it is up").applied(), Index::ZERO);
    for _ in 0..10 {
        cluster.campaign(id(1));
        cluster.elapse(Span::ms(700));
        talk(&mut cluster);
        assert_ne!(role(&cluster, 1), Role::Leader, "S1 and S2 were a majority before the change");
    }
    recovers(&mut cluster);
}

/// A new voter may be needed before it knows that it is one. If it said no until then, or if only
/// members were asked that know themselves as such, nobody could ever lead again.
#[test]
fn a_change_of_members_does_not_lock_up_the_question_before_an_election() {
    let mut cluster = cluster(3, 1);
    elect(&mut cluster, 1);
    propose(&mut cluster, 1, "own");
    cluster.isolated.insert(id(4));
    cluster.change(id(1), &voters([1, 2, 3, 4])).expect("it leads");
    talk(&mut cluster);
    cluster.crash(id(1), 0);
    cluster.isolated.clear();
    // Three of S1 to S4 are needed, and S4 knows nothing of it all.
    assert_eq!(cluster.raft(id(4)).expect("it is up").membership(), &voters([1, 2, 3]));
    for _ in 0..1000 {
        cluster.elapse(Span::ms(5));
        cluster.exchange();
    }
    let leader = cluster.leader().expect("S2 or S3 leads");
    propose(&mut cluster, leader.number(), "after");
    cluster.complete_change(leader);
    talk(&mut cluster);
    assert_eq!(commit(&cluster, leader.number()), Index(4), "{}", cluster.standing());
    recovers(&mut cluster);
}

/// With PreVote a server in a higher term can neither follow nor disturb a leader of a lower one:
/// unless the leader hears of it, it is stuck for ever.
#[test]
fn a_server_in_a_higher_term_is_taken_back_in() {
    let mut cluster = cluster(3, 0);
    elect(&mut cluster, 1);
    propose(&mut cluster, 1, "own");
    let rash = Rules::ALL_ON.without(Rule::PreVote).without(Rule::CheckQuorum);
    cluster.restart_with_rules(id(3), rash);
    cluster.isolated.insert(id(3));
    for _ in 0..5 {
        cluster.campaign(id(3));
    }
    let term = |cluster: &Cluster, number| cluster.raft(id(number)).expect("it is up").term();
    cluster.restart_with_rules(id(3), Rules::ALL_ON);
    assert!(term(&cluster, 3) > term(&cluster, 1));
    recovers(&mut cluster);
    assert!(term(&cluster, 1) >= term(&cluster, 3));
}

/// Servers with and without PreVote, and the leader lost in the midst of a change.
#[test]
fn mixed_servers_elect_a_leader_amid_a_change_of_members() {
    for rash in 1..=4 {
        let mut cluster = cluster(3, 1);
        cluster.restart_with_rules(id(rash), Rules::ALL_ON.without(Rule::PreVote));
        elect(&mut cluster, 1);
        propose(&mut cluster, 1, "own");
        cluster.change(id(1), &voters([2, 3, 4])).expect("it leads");
        cluster.exchange();
        cluster.crash(id(1), 0);
        recovers(&mut cluster);
    }
}

#[test]
fn a_leader_that_is_removed_leads_until_that_is_committed() {
    let mut cluster = cluster(3, 0);
    elect(&mut cluster, 1);
    propose(&mut cluster, 1, "own");
    cluster.change(id(1), &voters([2, 3])).expect("it leads");
    talk(&mut cluster);
    cluster.complete_change(id(1));
    assert_eq!(role(&cluster, 1), Role::Leader, "nobody else knows yet");
    talk(&mut cluster);
    assert_eq!(role(&cluster, 1), Role::Follower);
    recovers(&mut cluster);
    assert_ne!(cluster.leader(), Some(id(1)));
}

/// The judge knows what was committed when a read began; whoever answers must know it too.
#[test]
fn a_read_amid_a_transfer_of_leadership_is_not_stale() {
    let mut cluster = cluster(3, 0);
    elect(&mut cluster, 1);
    propose(&mut cluster, 1, "own");
    cluster.read(id(1), ReadId(1)).expect("it leads");
    cluster.transfer(id(1), id(2)).expect("it votes");
    cluster.read(id(1), ReadId(2)).unwrap_or_default();
    cluster.read(id(3), ReadId(3)).expect("it knows a leader");
    let waiting =
        |cluster: &Cluster, number| cluster.raft(id(number)).expect("it is up").unconfirmed_reads();
    assert_eq!([waiting(&cluster, 1), waiting(&cluster, 2), waiting(&cluster, 3)], [2, 0, 1]);
    talk(&mut cluster);
    assert_eq!([waiting(&cluster, 1), waiting(&cluster, 2), waiting(&cluster, 3)], [0, 0, 0]);
    assert_eq!(role(&cluster, 2), Role::Leader, "{}", cluster.standing());
    propose(&mut cluster, 2, "after");
    recovers(&mut cluster);
    for read in 1..=3 {
        assert!(cluster.is_answered(ReadId(read)), "read {read} waits for ever");
    }
}

/// A leader of the paper's says how far it has committed, however little of that its message shows.
/// With appends cut small, what stands behind in a follower's log is another's.
#[test]
fn a_follower_commits_nothing_behind_the_last_entry_of_an_append() {
    let mut cluster = cluster(3, 0);
    let log = |terms: &[u64]| terms.iter().map(|term| Proposal::new(Term(*term), "old")).collect();
    let disk = |terms: &[u64]| Disk {
        hard_state: HardState { term: Term(2), vote: None },
        snapshot: None,
        log: log(terms),
    };
    cluster.start_from(id(1), disk(&[1, 1]));
    cluster.start_from(id(2), disk(&[1, 1, 1, 1]));
    cluster.start_from(id(3), disk(&[1, 1]));
    cluster.isolated.insert(id(2));
    elect(&mut cluster, 1);
    propose(&mut cluster, 1, "new");
    assert_eq!(commit(&cluster, 1), Index(3));
    let append = AppendEntries {
        term: cluster.raft(id(1)).expect("it is up").term(),
        prev_log: Position { term: Term(1), index: Index(1) },
        entries: log(&[1]),
        leader_commit: Index(3),
        round: Round(1),
    };
    cluster.inject(id(2), id(1), Message::AppendEntries(append));
    assert_eq!(commit(&cluster, 2), Index(2), "it was shown no more");
    recovers(&mut cluster);
}

/// An answer counts for what was sent. An acknowledgement of more would have the leader count what it
/// adds later as replicated; and all logs agree at index 0.
#[test]
fn an_answer_to_what_was_never_sent_changes_nothing() {
    let mut cluster = cluster(3, 0);
    elect(&mut cluster, 1);
    propose(&mut cluster, 1, "own");
    let term = cluster.raft(id(1)).expect("it is up").term();
    let conflict = Conflict { term: None, index: Index(1) };
    let rejected = |prev_index| AppendOutcome::Rejected { prev_index: Index(prev_index), conflict };
    let accepted = AppendOutcome::Accepted { match_index: Index(2) };
    for outcome in [accepted, rejected(0), rejected(2)] {
        let reply = AppendEntriesReply { term, outcome, round: Round(1) };
        cluster.inject(id(1), id(2), Message::AppendEntriesReply(reply));
    }
    let leader = cluster.raft(id(1)).expect("it is up");
    let progress = leader.progress(id(2)).expect("it follows");
    assert_eq!(progress.match_index(), Index(1));
    cluster.isolated.extend([2, 3].map(id));
    propose(&mut cluster, 1, "alone");
    assert_eq!(commit(&cluster, 1), Index(1));
    cluster.isolated.clear();
    recovers(&mut cluster);
}

/// An append may begin below a follower's base. Where it reaches it, it must have the same entry; what
/// lies above may be of a later term.
#[test]
fn an_append_from_below_the_base_must_agree_with_it() {
    for (terms, last) in [([1, 2], Index(3)), ([2, 2], Index(2)), ([2, 1], Index(2))] {
        let mut cluster = cluster(3, 0);
        cluster.expect_lies();
        let snapshot = Snapshot {
            last: Position { term: Term(1), index: Index(2) },
            membership: voters([1, 2, 3]),
            data: state_as_bytes(["a".to_owned(), "b".to_owned()].iter()),
        };
        let hard_state = HardState { term: Term(2), vote: None };
        cluster.start_from(id(2), Disk { hard_state, snapshot: Some(snapshot), log: Vec::new() });
        let append = AppendEntries {
            term: Term(2),
            prev_log: Position { term: Term(1), index: Index(1) },
            entries: terms.map(|term| Proposal::new(Term(term), "entry")).into(),
            leader_commit: Index(0),
            round: Round(1),
        };
        cluster.inject(id(2), id(1), Message::AppendEntries(append));
        assert_eq!(cluster.raft(id(2)).expect("it is up").last_index(), last, "{terms:?}");
        assert_eq!(cluster.network.len(), usize::from(last == Index(3)), "{terms:?}");
    }
}

/// A term has one leader. What says that it is from another is nobody's, and is not answered.
#[test]
fn a_leader_follows_no_other_of_its_term() {
    let mut cluster = cluster(3, 0);
    elect(&mut cluster, 1);
    let append = AppendEntries {
        term: cluster.raft(id(1)).expect("it is up").term(),
        prev_log: Position::default(),
        entries: Vec::new(),
        leader_commit: Index(0),
        round: Round(1),
    };
    cluster.inject(id(1), id(2), Message::AppendEntries(append));
    assert_eq!(role(&cluster, 1), Role::Leader);
    assert!(cluster.network.is_empty(), "it does not answer");
}

/// Without the check of the place before, entries end up behind another's: it is for the judges to
/// see that, and not for the server to stop.
#[test]
fn without_the_append_check_a_log_may_be_out_of_order() {
    let mut cluster = cluster(3, 0);
    cluster.expect_nothing();
    cluster.restart_with_rules(id(2), Rules::ALL_ON.without(Rule::AppendConsistency));
    let hard_state = HardState { term: Term(2), vote: None };
    let log = vec![Proposal::new(Term(2), "other")];
    cluster.start_from(id(2), Disk { hard_state, snapshot: None, log });
    let append = AppendEntries {
        term: Term(3),
        prev_log: Position { term: Term(1), index: Index(1) },
        entries: vec![Proposal::new(Term(1), "behind")],
        leader_commit: Index(0),
        round: Round(1),
    };
    cluster.inject(id(2), id(1), Message::AppendEntries(append));
    let log = cluster.raft(id(2)).expect("it is up").log();
    assert_eq!([1, 2].map(|index| log.term_at(Index(index))), [Some(Term(2)), Some(Term(1))]);
}

#[test]
fn a_snapshot_that_is_lost_is_sent_again() {
    let mut cluster = cluster(3, 0);
    elect(&mut cluster, 1);
    cluster.crash(id(3), 0);
    for name in ["one", "two", "three", "four", "five"] {
        propose(&mut cluster, 1, name);
    }
    cluster.compact(id(1), 0);
    cluster.start(id(3));
    let mut lost = 0;
    for _ in 0..20 {
        cluster.elapse(Span::ms(10));
        let before = cluster.network.len();
        cluster.network.retain(|it| !matches!(it.message, Message::InstallSnapshot(_)));
        lost += before - cluster.network.len();
        cluster.exchange();
    }
    assert!(lost > 0, "a snapshot was on its way");
    recovers(&mut cluster);
    assert_eq!(
        cluster.servers[&id(3)].state.len(),
        5 + usize::from(cluster.leader() != Some(id(1)))
    );
}
