//! The picture of the cluster: what stands on the stage, and what moves there.
//!
//! The two are apart because they change at different rates. A [`Stage`] changes when something
//! happens (a role, a term, a commit, a cut) and is drawn by components; [`Motion`] changes with
//! every frame and is written straight to the marks' attributes.

use super::geometry::{Form, Layout, Point};
use crate::base::{ClientId, Endpoint, ServerId};
use crate::channel::Groups;
use std::fmt;

/// What stands on the stage.
#[derive(Clone, Debug, PartialEq)]
pub struct Stage {
    /// How much room there is.
    pub form: Form,
    /// Where everything stands.
    pub layout: Layout,
    /// Its servers.
    pub servers: Vec<ServerNode>,
    /// Its clients.
    pub clients: Vec<ClientNode>,
    /// The links between servers that are on common ground.
    pub links: Vec<Link>,
    /// Stretches of ground: one while the network is whole, else one a group.
    pub grounds: Vec<Ground>,
}

impl Stage {
    /// The partition after a server was dragged to a place: it joins the group on whose ground it
    /// was dropped, or stands alone. `None` if nothing changed.
    pub fn drop_server(&self, dragged: ServerId, at: Point) -> Option<Groups> {
        let joins = self.layout.ground_at(at, dragged);
        let mut groups: Vec<Vec<Endpoint>> = Vec::new();
        for (place, ground) in self.grounds.iter().enumerate() {
            let mut group: Vec<ServerId> = ground.members.clone();
            group.retain(|id| *id != dragged);
            if joins.is_some_and(|id| group.contains(&id)) {
                group.push(dragged);
            }
            let clients = self.clients.iter().filter(|client| client.group == Some(place));
            let clients: Vec<Endpoint> =
                clients.map(|client| Endpoint::Client(client.id)).collect();
            let members = group.into_iter().map(Endpoint::Server).chain(clients);
            groups.push(members.collect());
        }
        if joins.is_none() {
            groups.push(vec![Endpoint::Server(dragged)]);
        }
        groups.retain(|group| !group.is_empty());
        let after = Groups::new(groups).ok()?;
        let before = self.grounds.iter().map(|ground| ground.members.iter());
        let same = after.iter().len() == self.grounds.len()
            && before.into_iter().all(|mut members| {
                let first = members.next().map(|id| Endpoint::Server(*id));
                let group = first.and_then(|first| after.group_of(first));
                members.all(|id| after.group_of(Endpoint::Server(*id)) == group)
            });
        (!same).then_some(after)
    }
}

/// What a server is doing, as far as a picture can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// It leads.
    Leader,
    /// It asks for votes.
    Candidate,
    /// It follows.
    Follower,
    /// It is kept up to date and has no vote.
    Learner,
    /// It runs, and does not belong to the cluster.
    Outsider,
    /// It has crashed.
    Down,
    /// It stopped because its disk is full.
    DiskFull,
    /// It could not read what its disk holds.
    Unreadable,
}

impl Condition {
    /// True if the server runs.
    pub fn is_up(self) -> bool {
        !matches!(self, Self::Down | Self::DiskFull | Self::Unreadable)
    }

    /// The word for it, and the name of its style.
    pub fn word(self) -> &'static str {
        match self {
            Self::Leader => "leader",
            Self::Candidate => "candidate",
            Self::Follower => "follower",
            Self::Learner => "learner",
            Self::Outsider => "no member",
            Self::Down => "down",
            Self::DiskFull => "disk full",
            Self::Unreadable => "unreadable",
        }
    }

    /// The word as the name of a style.
    pub fn class(self) -> &'static str {
        match self {
            Self::DiskFull => "disk-full",
            Self::Outsider => "outsider",
            other => other.word(),
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A server on the stage.
#[derive(Clone, Debug, PartialEq)]
pub struct ServerNode {
    /// Which.
    pub id: ServerId,
    /// What it does.
    pub condition: Condition,
    /// Its term.
    pub term: u64,
    /// The height up to which it knows the chain to be committed.
    pub commit: u64,
    /// True if it mines.
    pub mining: bool,
    /// True if the inspector shows it.
    pub chosen: bool,
}

impl ServerNode {
    /// Its accessible name: `Server S1, leader, term 3, commit 7`.
    pub fn name(&self) -> String {
        format!(
            "Server {}, {}, term {}, commit {}",
            self.id, self.condition, self.term, self.commit
        )
    }
}

/// A client on the stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientNode {
    /// Which.
    pub id: ClientId,
    /// Its account's committed balance as the most advanced server knows it, if one is up.
    pub committed: Option<u64>,
    /// How many of its requests are unanswered.
    pub waiting: usize,
    /// The place of its group among the grounds, if the partition names it.
    pub group: Option<usize>,
}

/// A link between two servers, drawn once for both directions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// The lower end.
    pub one: ServerId,
    /// The higher end.
    pub other: ServerId,
    /// True if nothing passes from `one` to `other`.
    pub cut_there: bool,
    /// True if nothing passes from `other` to `one`.
    pub cut_back: bool,
}

impl Link {
    /// What a click on it does, as its accessible name.
    pub fn name(&self) -> String {
        let verb = if self.cut_there || self.cut_back { "Mend" } else { "Cut" };
        format!("{verb} link {}–{}", self.one, self.other)
    }
}

/// A stretch of ground: the servers that can reach each other as the partition goes.
#[derive(Clone, Debug, PartialEq)]
pub struct Ground {
    /// Who stands on it.
    pub members: Vec<ServerId>,
    /// What it is called while there are several.
    pub label: String,
    /// True if it holds a majority of the cluster.
    pub majority: bool,
    /// Where its label stands.
    pub label_at: Point,
}

/// What moves, at one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Motion {
    /// Messages in flight.
    pub marks: Vec<Mark>,
    /// Messages in flight that are not drawn because there are too many.
    pub undrawn: usize,
    /// Each server's dial, in the order of the stage.
    pub dials: Vec<Dial>,
}

/// What goes round a server.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Dial {
    /// Nothing.
    Still,
    /// The part of its election timeout that is left, 1 to 0.
    Timer(f64),
    /// Proof of work: attempts so far.
    Mining(u64),
}

/// The most messages in flight that are drawn.
pub const MARKS_MAX: usize = 240;

/// The most crosses for lost messages that are drawn.
pub const LOST_MAX: usize = 40;

/// A message in flight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mark {
    /// Where it is.
    pub at: Point,
    /// What it carries.
    pub kind: MarkKind,
    /// True for an answer, which is drawn hollow.
    pub reply: bool,
}

/// The kinds of messages, each with a shape and a colour of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MarkKind {
    /// Asking for or giving a vote: a triangle.
    Vote,
    /// A heartbeat: a small disc.
    Heartbeat,
    /// Blocks to append: a square.
    Append,
    /// What clients ask and are answered: a diamond.
    Client,
    /// A message that was lost: a cross.
    Lost,
}

impl MarkKind {
    /// All of them, in the legend's order.
    pub const ALL: [Self; 5] =
        [Self::Vote, Self::Heartbeat, Self::Append, Self::Client, Self::Lost];

    /// The name of its style and of its shape's symbol.
    pub fn class(self) -> &'static str {
        match self {
            Self::Vote => "vote",
            Self::Heartbeat => "heartbeat",
            Self::Append => "append",
            Self::Client => "client",
            Self::Lost => "lost",
        }
    }

    /// What the legend says.
    pub fn legend(self) -> &'static str {
        match self {
            Self::Vote => "vote",
            Self::Heartbeat => "heartbeat",
            Self::Append => "blocks",
            Self::Client => "client",
            Self::Lost => "lost",
        }
    }
}
