//! The network, as far as the bank can tell: links that delay, lose, repeat, corrupt and can be
//! cut.
//!
//! Raft assumes little of its network: messages may be late, lost, repeated or reordered, and
//! groups of servers may lose sight of each other for any length of time (paper §2, "they ensure
//! safety … including network delays, partitions, and packet loss, duplication, and reordering").
//! The [`Channel`] is all of that, and nothing but that: it says what becomes of a message, and
//! never sees what is in it. The world asks it twice about each one:
//!
//! - [`Channel::send`] when the message leaves: is it dropped at once, or when does it arrive?
//!   Each message draws its own delay, so messages overtake each other.
//! - [`Channel::arrive`] when it would be delivered: a link that was cut meanwhile takes with it
//!   what was still on the way.
//!
//! Three things keep a message from arriving, apart from chance:
//!
//! - a **partition** into [`Groups`] lets only members of one group reach each other. Setting one
//!   replaces the one before. A server in no group is alone. Clients stand outside partitions,
//!   and reach every server, unless they are put into a group;
//! - a **cut** takes one link in one direction. [`Channel::isolate`] cuts a server from all other
//!   servers, both ways; clients still reach it;
//! - its target may be down, which only the world knows: it tells with [`Channel::discard`].
//!
//! Partition and cuts add up: a message must pass both. A link may also be merely bad: with
//! [`LinkSettings`] of its own, in one direction, it is slower or loses more than the others.
//! [`Channel::heal`] ends partition and cuts and makes all links alike again.
//!
//! A message may be corrupted on its way. Whoever it reaches tells by its checksum and drops it,
//! as every real transport does; so to the layers above, corruption is a loss with another name.
//!
//! # Caveats
//!
//! - Links have no capacity: a large message takes no longer than a small one, and a thousand
//!   messages do not queue.
//! - A message that was cut is gone at the moment at which it would have arrived. A link that is
//!   cut and mended before then loses nothing.
//! - The checksum never errs here. A real one of 32 bits misses one corruption in four billion,
//!   against which only the chain's own hashes would stand; `Action::Tamper` plays that case.

mod counters;
mod groups;
mod settings;

pub use counters::Counters;
pub use groups::{Groups, GroupsError};
pub use settings::{DELAY_LONGEST, DELAY_SHORTEST, LinkSettings, RATE_HIGHEST, Settings};

use crate::base::random::{CERTAIN, Ppm, Rng};
use crate::base::{Endpoint, Map, ServerId, Set, Span, Time};
use rand::Rng as _;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The links between all servers and clients, and what is wrong with them at the moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    settings: Settings,
    /// Who can reach whom; `None` is everybody.
    groups: Option<Groups>,
    /// Links that are cut, each in one direction: from, to.
    cuts: Set<(Endpoint, Endpoint)>,
    /// Links that are not like the others, each in one direction: from, to.
    links: Map<(Endpoint, Endpoint), LinkSettings>,
    counters: Counters,
}

/// What becomes of a message that is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It goes nowhere.
    Dropped(DropReason),
    /// It is on its way. [`Channel::arrive`] is to be asked at each arrival.
    Arrives {
        /// The message.
        first: Arrival,
        /// Its duplicate, which may come earlier; `None` if it was not duplicated.
        again: Option<Arrival>,
    },
}

/// How a message comes out of its link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// When.
    pub at: Time,
    /// True if its bytes were altered on the way: its checksum will say so.
    pub corrupted: bool,
}

/// Why a message did not arrive.
///
/// Where several hold, the first in this order is given. The channel decides the first three, the
/// world the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DropReason {
    /// The link is cut in this direction.
    Cut,
    /// Sender and receiver are in different groups of a partition.
    Partition,
    /// Chance took it.
    Loss,
    /// Its target was down when it arrived.
    TargetDown,
    /// Its target stood still, and had no room for one more message.
    Backlog,
    /// Its checksum did not fit when it arrived.
    Corrupted,
    /// Somebody took it off the link.
    Removed,
}

impl DropReason {
    /// All of them, in their order.
    pub const ALL: [Self; 7] = [
        Self::Cut,
        Self::Partition,
        Self::Loss,
        Self::TargetDown,
        Self::Backlog,
        Self::Corrupted,
        Self::Removed,
    ];
}

impl fmt::Display for DropReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cut => "the link is cut",
            Self::Partition => "a partition lies between",
            Self::Loss => "lost by chance",
            Self::TargetDown => "the target is down",
            Self::Backlog => "the target stands still, and its buffer is full",
            Self::Corrupted => "corrupted on its way",
            Self::Removed => "removed by hand",
        })
    }
}

impl Channel {
    /// A whole network with these settings.
    ///
    /// # Panics
    /// If the settings are not valid: whoever takes them from people asks
    /// [`Settings::validate`] first.
    pub fn new(settings: Settings) -> Self {
        assert_eq!(settings.validate(), Ok(()), "settings are validated where they enter");
        let (cuts, links) = (Set::new(), Map::new());
        Self { settings, groups: None, cuts, links, counters: Counters::default() }
    }

    /// Decides what becomes of a message that leaves now.
    ///
    /// Takes the same number of draws whatever the settings and whatever is cut, so that a change
    /// of either does not shift the chances of the messages after it.
    ///
    /// # Panics
    /// If somebody sends to himself: such a message needs no channel.
    pub fn send(&mut self, from: Endpoint, to: Endpoint, now: Time, rng: &mut Rng) -> Fate {
        let draws = Draws::take(rng);
        self.counters.sent += 1;
        if let Err(reason) = self.passes(from, to) {
            return self.dropped(reason);
        }
        let link = self.link(from, to);
        if draws.loss.happens(link.loss) {
            return self.dropped(DropReason::Loss);
        }
        let corruption = self.settings.corruption;
        let arrival = |delay: Draw, chance: Draw| Arrival {
            at: now + delay.between(link.delay_min, link.delay_max),
            corrupted: chance.other_half().happens(corruption),
        };
        let first = arrival(draws.delay, draws.loss);
        let again = draws
            .duplication
            .happens(self.settings.duplication)
            .then(|| arrival(draws.delay_of_duplicate, draws.duplication));
        self.counters.duplicated += u64::from(again.is_some());
        Fate::Arrives { first, again }
    }

    /// Lets a message off the link where it arrives, unless the link was cut meanwhile.
    pub fn arrive(&mut self, from: Endpoint, to: Endpoint) -> Result<(), DropReason> {
        let passed = self.passes(from, to);
        match passed {
            Ok(()) => self.counters.delivered += 1,
            Err(reason) => self.counters.count_drop(reason),
        }
        passed
    }

    /// Takes a message off the link that the world does not deliver, instead of
    /// [`Channel::arrive`].
    pub fn discard(&mut self, reason: DropReason) {
        self.counters.count_drop(reason);
    }

    /// Takes in a copy of a message that somebody made by hand, which is to come out as any other.
    pub fn duplicate(&mut self) {
        self.counters.duplicated += 1;
    }

    /// Divides the network into these groups, whatever partition there was before.
    pub fn partition(&mut self, groups: Groups) {
        self.groups = Some(groups);
    }

    /// Cuts a link in one direction.
    pub fn cut(&mut self, from: Endpoint, to: Endpoint) {
        assert_ne!(from, to, "nobody has a link to himself");
        self.cuts.insert((from, to));
    }

    /// Mends a link in one direction.
    pub fn mend(&mut self, from: Endpoint, to: Endpoint) {
        self.cuts.remove(&(from, to));
    }

    /// Cuts a server's links to and from all other servers. Clients still reach it.
    pub fn isolate(&mut self, server: ServerId, servers: impl IntoIterator<Item = ServerId>) {
        let server = Endpoint::Server(server);
        let others = servers.into_iter().map(Endpoint::Server).filter(|other| *other != server);
        for other in others {
            self.cut(server, other);
            self.cut(other, server);
        }
    }

    /// Gives one link, in one direction, delays and loss of its own, or makes it like the others
    /// again. Messages that are on their way keep the delays that they have drawn.
    ///
    /// # Panics
    /// If the settings are not valid, as [`Channel::new`].
    pub fn set_link(&mut self, from: Endpoint, to: Endpoint, settings: Option<LinkSettings>) {
        assert_ne!(from, to, "nobody has a link to himself");
        match settings {
            Some(settings) => {
                assert_eq!(settings.validate(), Ok(()), "settings are validated where they enter");
                self.links.insert((from, to), settings);
            }
            None => _ = self.links.remove(&(from, to)),
        }
    }

    /// Ends the partition, mends every link, and makes all links alike.
    pub fn heal(&mut self) {
        self.groups = None;
        self.cuts.clear();
        self.links.clear();
    }

    /// Ends the partition, and leaves the links as they are.
    pub fn unite(&mut self) {
        self.groups = None;
    }

    /// Changes delays and rates for the messages that are sent from now on.
    ///
    /// # Panics
    /// If the settings are not valid, as [`Channel::new`].
    pub fn set(&mut self, settings: Settings) {
        assert_eq!(settings.validate(), Ok(()), "settings are validated where they enter");
        self.settings = settings;
    }

    /// Whether messages pass from one end to the other at the moment, apart from chance.
    ///
    /// # Panics
    /// If both ends are one.
    pub fn passes(&self, from: Endpoint, to: Endpoint) -> Result<(), DropReason> {
        assert_ne!(from, to, "nobody has a link to himself");
        if self.is_cut(from, to) {
            return Err(DropReason::Cut);
        }
        if self.groups.as_ref().is_some_and(|groups| !groups.connect(from, to)) {
            return Err(DropReason::Partition);
        }
        Ok(())
    }

    /// Whether this link is cut in this direction, whatever the partition.
    pub fn is_cut(&self, from: Endpoint, to: Endpoint) -> bool {
        self.cuts.contains(&(from, to))
    }

    /// The links that are cut, each in one direction: from, to.
    pub fn cuts(&self) -> impl Iterator<Item = (Endpoint, Endpoint)> + '_ {
        self.cuts.iter().copied()
    }

    /// The partition, if there is one.
    pub fn groups(&self) -> Option<&Groups> {
        self.groups.as_ref()
    }

    /// The delays and the loss of one link, its own or those of all.
    pub fn link(&self, from: Endpoint, to: Endpoint) -> LinkSettings {
        let Settings { delay_min, delay_max, loss, .. } = self.settings;
        let common = LinkSettings { delay_min, delay_max, loss };
        self.links.get(&(from, to)).copied().unwrap_or(common)
    }

    /// What one link has of its own, if it differs from the others.
    pub fn own_settings(&self, from: Endpoint, to: Endpoint) -> Option<LinkSettings> {
        self.links.get(&(from, to)).copied()
    }

    /// True if some link differs from the others.
    pub fn has_own_links(&self) -> bool {
        !self.links.is_empty()
    }

    /// Its delays and rates.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What it has counted since the run began.
    pub fn counters(&self) -> &Counters {
        &self.counters
    }

    fn dropped(&mut self, reason: DropReason) -> Fate {
        self.counters.count_drop(reason);
        Fate::Dropped(reason)
    }
}

/// The draws that one message takes, always all of them and in this order. Whether it is
/// corrupted is decided by the other half of the draw for its loss, and by that of the draw for
/// duplication if it is a duplicate.
struct Draws {
    loss: Draw,
    delay: Draw,
    duplication: Draw,
    delay_of_duplicate: Draw,
}

impl Draws {
    fn take(rng: &mut Rng) -> Self {
        let mut draw = || Draw(rng.next_u64());
        Self { loss: draw(), delay: draw(), duplication: draw(), delay_of_duplicate: draw() }
    }
}

/// One draw, taken before it is known what for.
///
/// Sampling a range directly may take another draw now and then, depending on the range, which
/// would let settings shift what follows. Scaling one draw never does; its bias is below one in
/// 2^37 for the largest range here.
#[derive(Clone, Copy)]
struct Draw(u64);

impl Draw {
    /// Evenly from 0 to `bound`, without `bound`.
    fn below(self, bound: u64) -> u64 {
        ((u128::from(self.0) * u128::from(bound)) >> 64) as u64
    }

    /// Evenly between two spans, both included.
    fn between(self, min: Span, max: Span) -> Span {
        min + Span(self.below((max - min).0 + 1))
    }

    /// A draw for a second question. What is asked of a draw is decided by its upper bits, all
    /// but once in some thousand millions of draws, so the lower ones are as good as unused.
    fn other_half(self) -> Self {
        Self(self.0.rotate_left(32))
    }

    fn happens(self, chance: Ppm) -> bool {
        self.below(u64::from(CERTAIN)) < u64::from(chance)
    }
}

#[cfg(test)]
mod tests;
