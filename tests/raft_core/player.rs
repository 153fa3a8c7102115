//! Plays a script on a cluster.

use crate::cluster::{Cluster, Envelope, Pace};
use crate::disk::{Disk, Proposal};
use crate::script::Command;
use crate::show;
use goldenscript::Context;
use raftbank::base::{Membership, Rules, ServerId, Span, Term};
use raftbank::raft::{Config, HardState, Message, Position, ReadId, RequestVote};
use std::error::Error;

/// Plays one script.
pub struct Player {
    cluster: Cluster,
}

impl Player {
    pub fn new() -> Self {
        let settings = settings(3);
        Self { cluster: Cluster::new(settings, 1) }
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

    fn inspect(&mut self, id: ServerId) {
        let lines = self.cluster.raft(id).map(show::inside).unwrap_or_default();
        self.cluster.story.extend(lines);
    }

    fn show_stages(&mut self, id: ServerId, read: ReadId) {
        for at in self.ids(&[]) {
            let line = self.cluster.raft(at).and_then(|raft| show::stage(raft, id, read));
            self.cluster.story.extend(line);
        }
    }

    fn show_network(&mut self) {
        let lines: Vec<_> = self.cluster.network.iter().map(show::envelope).collect();
        self.cluster.story.extend(lines);
    }
}

/// The usual settings of a cluster of so many.
fn settings(servers: u8) -> Config {
    let first = ServerId::new(1).expect("S1 is a server");
    Config::new(first, Membership::of(ServerId::first(servers)))
}

impl goldenscript::Runner for Player {
    type Command = Command;

    fn run(&mut self, command: &Command, _: &Context) -> Result<String, Box<dyn Error>> {
        let cluster = &mut self.cluster;
        match command {
            Command::Cluster { servers, spares, entries, bytes, inflight, chunk, off } => {
                let named: Vec<_> = off.split_whitespace().map(str::to_owned).collect();
                let usual = settings(*servers);
                let settings = Config {
                    rules: Rules::try_from(named)?,
                    max_append_entries: entries.unwrap_or(usual.max_append_entries),
                    max_append_bytes: bytes.unwrap_or(usual.max_append_bytes),
                    max_inflight_appends: inflight.unwrap_or(usual.max_inflight_appends),
                    snapshot_chunk_bytes: chunk.unwrap_or(usual.snapshot_chunk_bytes),
                    ..usual
                };
                *cluster = Cluster::with_spares(settings, *spares, 1);
            }
            Command::Scene { server, log, term, vote } => self.scene(*server, log, *term, *vote),
            Command::Campaign(id) => cluster.campaign(*id),
            Command::Propose(id, names) => cluster.propose(*id, names)?,
            Command::Read(id, read) => cluster.read(*id, ReadId(*read))?,
            Command::Change(id, target) => cluster.change(*id, &target.0)?,
            Command::Complete(id) => cluster.complete_change(*id),
            Command::Transfer(id, to) => cluster.transfer(*id, *to)?,
            Command::Compact { server, keep } => cluster.compact(*server, *keep),
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
            Command::Inspect(id) => self.inspect(*id),
            Command::Stages(id, read) => self.show_stages(*id, ReadId(*read)),
            Command::Network => self.show_network(),
        }
        let story = std::mem::take(&mut self.cluster.story);
        Ok(story.into_iter().map(|line| line + "\n").collect())
    }
}
