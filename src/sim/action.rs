//! What somebody outside can do to a world.

use super::chaos::Chaos;
use super::clock::{RATE_FASTEST, RATE_SLOWEST};
use super::load::LoadRate;
use crate::bank::Operation;
use crate::base::random::{Ppm, percent};
use crate::base::{ClientId, Endpoint, Fields, Membership, ServerId, Span, Time};
use crate::channel::{DELAY_LONGEST, DELAY_SHORTEST, Groups, GroupsError, LinkSettings, Settings};
use crate::client::SubmitError;
use crate::raft::{ChangeRefused, TransferRefused};
use crate::trace::MessageId;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The only way into a world, for people, scripts and the page alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// The server loses everything but its disk, at once.
    Crash {
        /// Which.
        server: ServerId,
    },
    /// A server that is down recovers from its disk.
    Restart {
        /// Which.
        server: ServerId,
    },
    /// Cuts a server's links to and from all other servers. Clients still reach it.
    Isolate {
        /// Which.
        server: ServerId,
    },
    /// Divides the network into these groups, instead of any partition before.
    Partition {
        /// The groups.
        groups: Groups,
    },
    /// Ends the partition and mends all cut links.
    Heal,
    /// Ends the partition, and leaves cut links as they are.
    Unite,
    /// Cuts one link in one direction.
    Cut {
        /// The sender whose messages no longer arrive.
        from: Endpoint,
        /// Where they no longer arrive.
        to: Endpoint,
    },
    /// Mends one link in one direction.
    Mend {
        /// The sender.
        from: Endpoint,
        /// The receiver.
        to: Endpoint,
    },
    /// A client asks for something.
    Submit {
        /// Who.
        client: ClientId,
        /// What.
        operation: Operation,
        /// The server to ask first; otherwise the one that the client thinks best.
        #[serde(skip_serializing_if = "Option::is_none")]
        via: Option<ServerId>,
    },
    /// Gives the network other delays and rates.
    Network {
        /// From now on.
        settings: Settings,
    },
    /// Makes one link, in one direction, differ from the others, or not any more.
    Link {
        /// The sender.
        from: Endpoint,
        /// The receiver.
        to: Endpoint,
        /// Its own delays and loss; nothing makes it like the others.
        settings: Option<LinkSettings>,
    },
    /// Lets somebody alter the next append with blocks that arrives over this link. He mends the
    /// checksums, and does not do the work again.
    Tamper {
        /// The sender.
        from: ServerId,
        /// The receiver.
        to: ServerId,
    },
    /// Lets a server's process stand still. Its timers, its messages and its disk's answers wait.
    Pause {
        /// Which.
        server: ServerId,
    },
    /// Lets a server that stands still go on. What waited comes at once.
    Resume {
        /// Which.
        server: ServerId,
    },
    /// Lets a machine's clock run at another rate from now on.
    Clock {
        /// Whose.
        server: ServerId,
        /// How much it goes on in a million microseconds: 1000000 is true.
        rate: Ppm,
    },
    /// Asks the leader for another membership of the cluster.
    Members {
        /// Who is to belong to it.
        membership: Membership,
    },
    /// Asks the leader to hand its leadership over.
    TransferLeadership {
        /// To whom.
        to: ServerId,
    },
    /// Lets a server end its work in order; one that leads hands over first.
    Stop {
        /// Which.
        server: ServerId,
    },
    /// Lets a server take a snapshot of what it has applied, and forget the blocks before it.
    Snapshot {
        /// Which.
        server: ServerId,
    },
    /// Takes a message off its link.
    Drop {
        /// Which.
        message: MessageId,
    },
    /// Holds a message back on its link: it arrives so much later.
    Delay {
        /// Which.
        message: MessageId,
        /// By how much.
        by: Span,
    },
    /// Sends a copy after a message that is on its way.
    Duplicate {
        /// Which.
        message: MessageId,
    },
    /// Lets a server's election timer run out now. The election is an ordinary one.
    Nudge {
        /// Which.
        server: ServerId,
    },
    /// Changes what the disk of a server holds while the server is down.
    Edit {
        /// Whose disk.
        server: ServerId,
        /// The key on it.
        key: String,
        /// Its new value; nothing removes it.
        value: Option<String>,
    },
    /// Lets clients ask by themselves at a rate, or not any more.
    Load {
        /// How much.
        rate: LoadRate,
    },
    /// Lets faults come and go by themselves, or not any more, and ends those that did.
    Chaos {
        /// How strong.
        strength: Chaos,
    },
    /// The server's disk takes no more: what is being synced is not kept, and the server stops.
    FillDisk {
        /// Which.
        server: ServerId,
    },
}

/// An action, and when it was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Fields<'de>")]
pub struct Stamped {
    /// The virtual time.
    pub at: Time,
    /// How many steps the world had made. Several may fall on one moment, and the action came
    /// after just so many of them.
    pub after_steps: u64,
    /// What was done.
    pub action: Action,
}

impl TryFrom<Fields<'_>> for Stamped {
    type Error = String;

    fn try_from(mut fields: Fields<'_>) -> Result<Self, String> {
        let read = Self {
            at: fields.take("at")?,
            after_steps: fields.take("after_steps")?,
            action: fields.take("action")?,
        };
        fields.end(read)
    }
}

/// Why an action was not possible. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ActError {
    /// There is no such server.
    NoServer(ServerId),
    /// There is no such client.
    NoClient(ClientId),
    /// A link needs two ends.
    NoLink(Endpoint),
    /// It can be done only to a server that is up.
    IsDown(ServerId),
    /// It can be done only to a server that is down.
    IsUp(ServerId),
    /// It can be done only to a server that does not stand still.
    IsPaused(ServerId),
    /// It can be done only to a server that stands still.
    IsNotPaused(ServerId),
    /// No clock runs that fast or that slowly.
    Clock(Ppm),
    /// No client asks that rarely or that often.
    Load(LoadRate),
    /// It can be asked only of a leader, and there is none.
    NoLeader,
    /// The leader refuses to change the membership.
    Change(ChangeRefused),
    /// The leader refuses to hand over.
    Transfer(TransferRefused),
    /// The message was never sent.
    NoMessage(MessageId),
    /// The message is on its way no more.
    Gone(MessageId),
    /// The message has come, and waits for a server that stands still.
    Waits(MessageId, ServerId),
    /// No message is held back for so long, or for so short a time.
    Delay(Span),
    /// The groups do not fit this cluster.
    Groups(GroupsError),
    /// The network's settings are out of bounds.
    Network(String),
    /// The client cannot ask this now.
    Submit(SubmitError),
}

impl fmt::Display for ActError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoServer(id) => write!(f, "there is no server {id} in this cluster"),
            Self::NoClient(id) => write!(f, "there is no client {id} in this cluster"),
            Self::NoLink(end) => write!(f, "a link needs two ends, not {end} twice"),
            Self::IsDown(id) => write!(f, "{id} is down; restart it first"),
            Self::IsUp(id) => write!(f, "{id} is up; crash it first"),
            Self::IsPaused(id) => write!(f, "{id} stands still; resume it first"),
            Self::IsNotPaused(id) => write!(f, "{id} does not stand still"),
            Self::Clock(rate) => write!(
                f,
                "a clock runs at {} to {}; it cannot at {}",
                percent(RATE_SLOWEST),
                percent(RATE_FASTEST),
                percent(*rate)
            ),
            Self::Load(rate) => write!(
                f,
                "the load is off, or {} to {}; it cannot be {rate}",
                LoadRate::LOWEST,
                LoadRate::HIGHEST
            ),
            Self::NoLeader => f.write_str("no server leads at the moment; wait for an election"),
            Self::Change(refused) => refused.fmt(f),
            Self::Transfer(refused) => refused.fmt(f),
            Self::NoMessage(id) => write!(f, "no message m{} was sent yet", id.0),
            Self::Gone(id) => {
                write!(f, "message m{} is on its way no more: it has arrived or was lost", id.0)
            }
            Self::Waits(id, server) => write!(
                f,
                "message m{} has come to {server} already, which stands still; it cannot be delayed",
                id.0
            ),
            Self::Delay(by) => write!(
                f,
                "a message is delayed by {DELAY_SHORTEST} to {DELAY_LONGEST}; it cannot be by {by}"
            ),
            Self::Groups(error) => error.fmt(f),
            Self::Network(why) => f.write_str(why),
            Self::Submit(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ActError {}

/// As scenario text: `crash S1`, `Alice: transfer Bob 4 via S2`.
impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Crash { server } => write!(f, "crash {server}"),
            Self::Restart { server } => write!(f, "restart {server}"),
            Self::Isolate { server } => write!(f, "isolate {server}"),
            Self::Partition { groups } => {
                f.write_str("partition ")?;
                for (position, group) in groups.iter().enumerate() {
                    f.write_str(if position == 0 { "" } else { " | " })?;
                    for (position, member) in group.iter().enumerate() {
                        write!(f, "{}{member}", if position == 0 { "" } else { " " })?;
                    }
                }
                Ok(())
            }
            Self::Heal => f.write_str("heal"),
            Self::Unite => f.write_str("unite"),
            Self::Cut { from, to } => write!(f, "cut {from} -> {to}"),
            Self::Mend { from, to } => write!(f, "mend {from} -> {to}"),
            Self::Submit { client, operation, via } => {
                match operation {
                    Operation::Transfer { to, amount } => {
                        write!(f, "{client}: transfer {to} {amount}")?;
                    }
                    Operation::Balance => write!(f, "{client}: balance")?,
                }
                via.map_or(Ok(()), |server| write!(f, " via {server}"))
            }
            Self::Network { settings } => write!(f, "network {settings}"),
            Self::Link { from, to, settings: Some(settings) } => {
                write!(f, "link {from} -> {to} {settings}")
            }
            Self::Link { from, to, settings: None } => {
                write!(f, "link {from} -> {to} like the others")
            }
            Self::Tamper { from, to } => write!(f, "tamper {from} -> {to}"),
            Self::Pause { server } => write!(f, "pause {server}"),
            Self::Resume { server } => write!(f, "resume {server}"),
            Self::Clock { server, rate } => write!(f, "clock {server} {}", percent(*rate)),
            Self::Members { membership } => write!(f, "members {membership}"),
            Self::TransferLeadership { to } => write!(f, "transfer leadership {to}"),
            Self::Stop { server } => write!(f, "stop {server}"),
            Self::Snapshot { server } => write!(f, "snapshot {server}"),
            Self::Drop { message } => write!(f, "drop m{}", message.0),
            Self::Delay { message, by } => write!(f, "delay m{} {by}", message.0),
            Self::Duplicate { message } => write!(f, "duplicate m{}", message.0),
            Self::Nudge { server } => write!(f, "nudge {server}"),
            Self::Edit { server, key, value: Some(value) } => {
                write!(f, "edit {server} {} {value:?}", Key(key))
            }
            Self::Edit { server, key, value: None } => {
                write!(f, "edit {server} {} removed", Key(key))
            }
            Self::Load { rate } => write!(f, "load {rate}"),
            Self::Chaos { strength } => write!(f, "chaos {}", strength.word()),
            Self::FillDisk { server } => write!(f, "fill disk {server}"),
        }
    }
}

/// A key on a disk, in quotes unless it is one plain word: somebody may have put any key there.
struct Key<'a>(&'a str);

impl fmt::Display for Key<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let special =
            |c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '\'' | '|');
        let plain = !self.0.is_empty() && !self.0.contains(special);
        if plain { f.write_str(self.0) } else { write!(f, "{:?}", self.0) }
    }
}
