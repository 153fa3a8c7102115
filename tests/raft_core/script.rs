//! The language of the scripts.

use raftbank::base::{Membership, ServerId, Set};
use std::str::FromStr;

/// What a script can say.
#[derive(goldenscript::Command)]
pub enum Command {
    /// A new cluster, and its limits if they are not the usual ones:
    /// cluster 3 spares=1 entries=1 bytes=10 inflight=2 chunk=8
    Cluster {
        servers: u8,
        /// Servers that run and are no members yet.
        #[arg(key, optional)]
        spares: u8,
        #[arg(key)]
        entries: Option<usize>,
        #[arg(key)]
        bytes: Option<usize>,
        #[arg(key)]
        inflight: Option<usize>,
        /// The most bytes of a snapshot that one message carries.
        #[arg(key)]
        chunk: Option<usize>,
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
    /// A server takes a read.
    Read(ServerId, u64),
    /// A leader takes the first step to another membership: change S1 "S1-S2 learners S3"
    Change(ServerId, Members),
    /// A leader whose joint membership is committed takes the step that completes the change.
    Complete(ServerId),
    /// A leader is to hand over to another server.
    Transfer(ServerId, ServerId),
    /// A snapshot takes the place of what a server has applied, but for the last so many entries.
    Compact {
        server: ServerId,
        #[arg(key, optional)]
        keep: u64,
    },
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
    /// Shows the timers of a server, its round, the answers that it has had, and what of its term
    /// and vote is durable.
    Inspect(ServerId),
    /// Shows how far a read has come: at its own server, and at others that have it in hand.
    Stages(ServerId, u64),
    /// Shows what is under way.
    Network,
}

/// A membership at rest, written `S1-S2-S3` or `S1-S2-S3 learners S4-S5`.
pub struct Members(pub Membership);

impl FromStr for Members {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (voters, learners) = text.split_once(" learners ").unwrap_or((text, ""));
        let membership = Membership::new(servers(voters)?, servers(learners)?);
        membership.map(Self).map_err(|error| error.to_string())
    }
}

fn servers(text: &str) -> Result<Set<ServerId>, String> {
    text.split('-').filter(|id| !id.is_empty()).map(str::parse).collect()
}
