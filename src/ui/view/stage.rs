//! The picture of the cluster: what stands on the stage. What moves there is a
//! [`Motion`](super::motion::Motion).
//!
//! The two are apart because they change at different rates. A [`Stage`] changes when something
//! happens (a role, a term, a vote, a commit, a cut) and is drawn by components; a motion changes
//! with every frame and is written straight to the marks' attributes.

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
    /// The servers by name.
    pub fn server_ids(&self) -> Vec<ServerId> {
        self.servers.iter().map(|node| node.id).collect()
    }

    /// The clients by name.
    pub fn client_ids(&self) -> Vec<ClientId> {
        self.clients.iter().map(|node| node.id).collect()
    }

    /// The partition after a server was dragged to a place: it joins the group on whose ground it
    /// was dropped, or stands alone. `None` if nothing changed.
    pub fn drop_server(&self, dragged: ServerId, at: Point) -> Option<Groups> {
        self.move_server(dragged, self.layout.ground_at(at, dragged))
    }

    /// Somebody on the ground after that of a server, or before it; `None` while there is one ground.
    pub fn next_ground(&self, id: ServerId, forward: bool) -> Option<ServerId> {
        let count = self.grounds.len();
        let place = self.grounds.iter().position(|ground| ground.members.contains(&id))?;
        let next = (place + if forward { 1 } else { count - 1 }) % count;
        self.grounds[next].members.first().copied().filter(|_| next != place)
    }

    /// The partition after a server has joined the group of another, or has gone to stand alone.
    /// `None` if nothing changed.
    pub fn move_server(&self, dragged: ServerId, joins: Option<ServerId>) -> Option<Groups> {
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
    /// While it stands for election, or asks whether to: the votes of those who decide, one
    /// council, or two while the membership changes.
    pub councils: Vec<Council>,
    /// True if it only asks whether it would be elected.
    pub only_asks: bool,
}

impl ServerNode {
    /// Its accessible name: `Server S1, leader, term 3, commit 7`.
    pub fn name(&self) -> String {
        format!(
            "Server {}, {}, term {}, commit {}",
            self.id, self.condition, self.term, self.commit
        )
    }

    /// The votes so far, in words, if it wants any: `2 of 3 votes`.
    pub fn votes(&self) -> Option<String> {
        let each: Vec<String> = self.councils.iter().map(Council::count).collect();
        let what = if self.only_asks { "pre-votes" } else { "votes" };
        (!each.is_empty()).then(|| format!("{} {what}", each.join(" and ")))
    }
}

/// Those whose majority elects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Council {
    /// What each voter has answered, in the order of their names; `None` for nothing yet.
    pub votes: Vec<Option<bool>>,
    /// How many must agree.
    pub needed: usize,
}

impl Council {
    /// How many have agreed of how many that must: `2 of 3`.
    pub fn count(&self) -> String {
        let granted = self.votes.iter().filter(|vote| **vote == Some(true)).count();
        format!("{granted} of {}", self.needed)
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
    /// True if it has delays or a loss of its own, in one direction at least.
    pub own: bool,
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
