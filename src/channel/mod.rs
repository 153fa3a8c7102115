//! The network, as far as the bank can tell: links that delay, lose, repeat and can be cut.
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
//! Partition and cuts add up: a message must pass both. [`Channel::heal`] ends both.
//!
//! # Caveats
//!
//! - Links have no capacity: a large message takes no longer than a small one, and a thousand
//!   messages do not queue.
//! - A message that was cut is gone at the moment at which it would have arrived. A link that is
//!   cut and mended before then loses nothing.

mod counters;
mod groups;
mod settings;

pub use counters::Counters;
pub use groups::{Groups, GroupsError};
pub use settings::{DELAY_LONGEST, DELAY_SHORTEST, RATE_HIGHEST, Settings};

use crate::base::random::{CERTAIN, Ppm, Rng};
use crate::base::{Endpoint, ServerId, Span, Time};
use rand::Rng as _;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// The links between all servers and clients, and what is wrong with them at the moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    settings: Settings,
    /// Who can reach whom; `None` is everybody.
    groups: Option<Groups>,
    /// Links that are cut, each in one direction: from, to.
    cuts: BTreeSet<(Endpoint, Endpoint)>,
    counters: Counters,
}

/// What becomes of a message that is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It goes nowhere.
    Dropped(DropReason),
    /// It is on its way. [`Channel::arrive`] is to be asked at each arrival.
    Arrives {
        /// When it arrives.
        at: Time,
        /// When its duplicate arrives, which may be earlier; `None` if it was not duplicated.
        again_at: Option<Time>,
    },
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
    /// Somebody took it off the link.
    Removed,
}

impl DropReason {
    /// All of them, in their order.
    pub const ALL: [Self; 5] =
        [Self::Cut, Self::Partition, Self::Loss, Self::TargetDown, Self::Removed];
}

impl fmt::Display for DropReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cut => "the link is cut",
            Self::Partition => "a partition lies between",
            Self::Loss => "lost by chance",
            Self::TargetDown => "the target is down",
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
        Self { settings, groups: None, cuts: BTreeSet::new(), counters: Counters::default() }
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
        if draws.loss.happens(self.settings.loss) {
            return self.dropped(DropReason::Loss);
        }
        let at = now + self.delay(draws.delay);
        let again_at = if draws.duplication.happens(self.settings.duplication) {
            self.counters.duplicated += 1;
            Some(now + self.delay(draws.delay_of_duplicate))
        } else {
            None
        };
        Fate::Arrives { at, again_at }
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

    /// Ends the partition and mends every link.
    pub fn heal(&mut self) {
        self.groups = None;
        self.cuts.clear();
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

    fn delay(&self, draw: Draw) -> Span {
        let Settings { delay_min, delay_max, .. } = self.settings;
        delay_min + Span(draw.below((delay_max - delay_min).0 + 1))
    }
}

/// The draws that one message takes, always all of them and in this order.
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

    fn happens(self, chance: Ppm) -> bool {
        self.below(u64::from(CERTAIN)) < u64::from(chance)
    }
}

#[cfg(test)]
mod tests;
