//! Plays the scripts.

use crate::cluster::{Cluster, Disk, Envelope, Pace, Proposal};
use crate::show;
use goldenscript::Context;
use raftbank::base::{Membership, Rules, ServerId, Span, Term};
use raftbank::raft::{Config, HardState, Message, Position, ReadId, RequestVote};
use std::error::Error;
use std::path::Path;

/// What a script can say.
#[derive(goldenscript::Command)]
enum Command {
    /// A new cluster: cluster 3 entries=1 inflight=2
    Cluster {
        servers: u8,
        #[arg(key, optional)]
        entries: Option<usize>,
        #[arg(key, optional)]
        inflight: Option<usize>,
        /// The rules that are off: off="pre-vote check-quorum"
        #[arg(key, optional)]
        off: String,
    },
    /// Sets the scene: a server starts with this disk, whose entries have these terms.
    /// scene S1 log="1 1 2" term=2 vote=S2
    Scene {
        server: ServerId,
        #[arg(key)]
        log: String,
        #[arg(key)]
        term: Option<u64>,
        #[arg(key)]
        vote: Option<ServerId>,
    },
    /// The election timer runs out.
    Campaign(ServerId),
    /// A leader adds entries, together.
    Propose(ServerId, Vec<String>),
    /// A leader takes a read.
    Read(ServerId, u64),
    /// Delivers what is under way now, once: all, by numbers, or by from and to.
    Deliver {
        #[arg(pos, many, optional)]
        numbers: Vec<u64>,
        #[arg(key)]
        from: Option<ServerId>,
        #[arg(key)]
        to: Option<ServerId>,
    },
    /// Delivers until nothing is under way.
    Settle,
    /// Delivers a message and leaves it under way.
    Duplicate(u64),
    /// Loses messages, chosen as in deliver.
    Lose {
        #[arg(pos, many, optional)]
        numbers: Vec<u64>,
        #[arg(key)]
        from: Option<ServerId>,
        #[arg(key)]
        to: Option<ServerId>,
    },
    /// No message gets onto the network from these or to them.
    Isolate(Vec<ServerId>),
    /// The network is whole again.
    Heal,
    /// So many milliseconds pass.
    Elapse(u64),
    /// From now on, writes wait for a sync.
    SlowDisk(ServerId),
    /// From now on, writes are durable at once.
    FastDisk(ServerId),
    /// From now on, nothing is even written.
    BusyDisk(ServerId),
    /// The oldest pending Ready becomes durable; or so many of them.
    Sync(ServerId, #[arg(optional)] Option<usize>),
    /// A server goes down. Of what waited for a sync, the first writes were kept.
    Crash {
        server: ServerId,
        #[arg(key, optional)]
        keep: usize,
    },
    /// A server comes up from its disk.
    Restart(ServerId),
    /// A request for a vote that nobody sent, but that looks as if it came from there.
    Forge {
        to: ServerId,
        #[arg(key)]
        from: ServerId,
        #[arg(key)]
        term: u64,
    },
    /// Shows servers.
    State(#[arg(optional)] Vec<ServerId>),
    /// Shows what a leader knows of its followers.
    Progress(ServerId),
    /// Shows what is under way.
    Network,
}

/// Plays one script.
struct Player {
    cluster: Cluster,
}

impl Player {
    fn new() -> Self {
        Self { cluster: new_cluster(3, None, None, Rules::ALL_ON) }
    }

    /// Takes the messages that a script names off the network.
    fn take(
        &mut self,
        numbers: &[u64],
        from: Option<ServerId>,
        to: Option<ServerId>,
    ) -> Vec<Envelope> {
        let named = |envelope: &Envelope| {
            (numbers.is_empty() || numbers.contains(&envelope.number))
                && from.is_none_or(|from| from == envelope.from)
                && to.is_none_or(|to| to == envelope.to)
        };
        let network = std::mem::take(&mut self.cluster.network);
        let (mut taken, left): (Vec<_>, _) = network.into_iter().partition(named);
        self.cluster.network = left;
        // What is named by number comes in the order of the names.
        taken.sort_by_key(|taken| numbers.iter().position(|number| *number == taken.number));
        taken
    }

    fn ids(&self, chosen: &[ServerId]) -> Vec<ServerId> {
        let all = self.cluster.servers.keys().copied();
        all.filter(|id| chosen.is_empty() || chosen.contains(id)).collect()
    }

    fn settle(&mut self) -> Result<(), Box<dyn Error>> {
        for _ in 0..100 {
            if self.cluster.network.is_empty() {
                return Ok(());
            }
            self.cluster.exchange();
        }
        Err("the cluster does not settle".into())
    }

    fn duplicate(&mut self, number: u64) -> Result<(), Box<dyn Error>> {
        let mut network = self.cluster.network.iter();
        let envelope = network.find(|envelope| envelope.number == number).cloned();
        self.cluster.deliver(envelope.ok_or("no such message is under way")?);
        Ok(())
    }

    fn scene(&mut self, id: ServerId, log: &str, term: Option<u64>, vote: Option<ServerId>) {
        let terms = log.split_whitespace().map(|term| term.parse().expect("terms are numbers"));
        let named = terms.map(|term| Proposal::new(Term(term), &format!("t{term}")));
        let log: Vec<_> = named.collect();
        let last_term = log.last().map_or(Term(0), |last| last.term);
        let hard_state = HardState { term: term.map_or(last_term, Term), vote };
        self.cluster.start_from(id, Disk { hard_state, snapshot: None, log });
    }

    fn show_states(&mut self, ids: &[ServerId]) {
        for id in self.ids(ids) {
            let disk = &self.cluster.servers[&id].disk;
            let line = show::server(id, self.cluster.raft(id), disk);
            self.cluster.story.push(line);
        }
    }

    fn show_progress(&mut self, leader: ServerId) {
        for id in self.ids(&[]) {
            let line = self.cluster.raft(leader).and_then(|raft| show::progress(raft, id));
            self.cluster.story.extend(line);
        }
    }

    fn show_network(&mut self) {
        let lines: Vec<_> = self.cluster.network.iter().map(show::envelope).collect();
        self.cluster.story.extend(lines);
    }
}

fn new_cluster(
    servers: u8,
    entries: Option<usize>,
    inflight: Option<usize>,
    rules: Rules,
) -> Cluster {
    let first = ServerId::new(1).expect("S1 is a server");
    let defaults = Config::new(first, Membership::of(ServerId::first(servers)));
    let settings = Config {
        rules,
        max_append_entries: entries.unwrap_or(defaults.max_append_entries),
        max_inflight_appends: inflight.unwrap_or(defaults.max_inflight_appends),
        ..defaults
    };
    Cluster::new(settings, 1)
}

impl goldenscript::Runner for Player {
    type Command = Command;

    fn run(&mut self, command: &Command, _: &Context) -> Result<String, Box<dyn Error>> {
        let cluster = &mut self.cluster;
        match command {
            Command::Cluster { servers, entries, inflight, off } => {
                let named: Vec<_> = off.split_whitespace().map(str::to_owned).collect();
                *cluster = new_cluster(*servers, *entries, *inflight, Rules::try_from(named)?);
            }
            Command::Scene { server, log, term, vote } => self.scene(*server, log, *term, *vote),
            Command::Campaign(id) => cluster.campaign(*id),
            Command::Propose(id, names) => cluster.propose(*id, names)?,
            Command::Read(id, read) => cluster.read(*id, ReadId(*read))?,
            Command::Deliver { numbers, from, to } => {
                let taken = self.take(numbers, *from, *to);
                taken.into_iter().for_each(|envelope| self.cluster.deliver(envelope));
            }
            Command::Settle => self.settle()?,
            Command::Duplicate(number) => self.duplicate(*number)?,
            Command::Lose { numbers, from, to } => drop(self.take(numbers, *from, *to)),
            Command::Isolate(ids) => cluster.isolated.extend(ids),
            Command::Heal => cluster.isolated.clear(),
            Command::Elapse(ms) => cluster.elapse(Span::ms(*ms)),
            Command::SlowDisk(id) => cluster.set_pace(*id, Pace::Slow),
            Command::FastDisk(id) => cluster.set_pace(*id, Pace::Fast),
            Command::BusyDisk(id) => cluster.set_pace(*id, Pace::Busy),
            Command::Sync(id, count) => cluster.sync(*id, count.unwrap_or(1)),
            Command::Crash { server, keep } => cluster.crash(*server, *keep),
            Command::Restart(id) => cluster.start(*id),
            Command::Forge { to, from, term } => {
                let (term, last_log) = (Term(*term), Position::default());
                let request = RequestVote { term, last_log, pre_vote: false, transfer: false };
                cluster.inject(*to, *from, Message::RequestVote(request));
            }
            Command::State(ids) => self.show_states(ids),
            Command::Progress(id) => self.show_progress(*id),
            Command::Network => self.show_network(),
        }
        let story = std::mem::take(&mut self.cluster.story);
        Ok(story.into_iter().map(|line| line + "\n").collect())
    }
}

/// One test for each script, and none forgotten.
macro_rules! scripts {
    ($($name:ident),* $(,)?) => {
        $(
            #[test]
            fn $name() -> std::io::Result<()> {
                let path = Path::new(SCRIPTS).join(concat!(stringify!($name), ".txt"));
                goldenscript::run(&mut Player::new(), path)
            }
        )*

        #[test]
        fn every_script_is_played() {
            let mut played = [$(stringify!($name)),*];
            played.sort_unstable();
            let files = std::fs::read_dir(SCRIPTS).expect("the scripts' folder is there");
            let paths = files.map(|file| file.expect("a file that can be seen").path());
            let scripts = paths.filter(|path| path.extension().is_some_and(|kind| kind == "txt"));
            let names = scripts.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()));
            let mut names: Vec<_> = names.collect();
            names.sort_unstable();
            assert_eq!(names, played);
        }
    };
}

const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/raft_core");

scripts! {
    append_bounds,
    append_lost_is_sent_again,
    append_overtaken_is_refused_and_sent_again,
    append_pipelined,
    append_probe_divergent_long,
    append_probe_missing_long,
    candidate_follows_the_leader_of_its_term,
    commit_of_own_term_takes_the_former_along,
    commit_only_current_term,
    crash_between_two_writes,
    deposed_leader_steps_down,
    down_follower_no_storm,
    duplicate_replies_change_nothing,
    durable_is_what_the_log_has_now,
    election_prefers_the_complete_log,
    election_split_vote,
    election_three_servers,
    follower_acknowledges_only_what_is_durable,
    follower_commits_only_verified_prefix,
    late_append_does_not_truncate,
    late_answers_still_count,
    leader_counts_itself_only_when_durable,
    leader_never_commits_beyond_its_disk,
    nonsense_is_ignored,
    own_vote_counts_only_when_durable,
    read_aborted_on_step_down,
    read_in_a_minority_is_not_answered,
    read_rounds_are_shared,
    read_waits_for_own_term,
    single_server,
    stale_rejection_changes_nothing,
    vote_is_given_once_a_term,
    vote_leaves_only_when_durable,
    vote_survives_restart,
    wiped_follower_is_filled_again,
}
