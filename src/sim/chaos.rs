//! Chaos: faults that come and go by themselves, at a set strength.
//!
//! While chaos is on, the world itself takes actions: it makes a link slow, cuts one, divides the
//! network, crashes a server, lets one stand still. Each is an ordinary [`Action`], with its event
//! in the trace, caused by the action that switched chaos on; none is among the run's actions,
//! since all follow from that one. What is drawn comes from a stream of chance of its own.
//!
//! - **Nothing lasts.** Each fault has an end that is drawn with it, where the action that undoes it
//!   is taken. Switching chaos off, or to another strength, ends all that there is at once.
//! - **What somebody else did is left alone.** A fault is undone only where the world is still as
//!   the fault left it: a server that somebody restarted meanwhile, or a network that he set
//!   otherwise, stays so.
//! - **A majority can come back.** Crashes and pauses leave more than half of all servers running;
//!   partitions may leave none of them able to decide anything, but pass.
//!
//! Times are counted in the longest election timeout of the cluster, so that a slow cluster has
//! slow chaos.

use super::action::Action;
use super::fault;
use super::node::Down;
use super::queue::{Due, Entry, Life, Wake};
use super::world::World;
use crate::base::random::{CERTAIN, Ppm, Rng, happens, span_between, stream};
use crate::base::{Endpoint, ServerId, Span, Time};
use crate::channel::{DELAY_LONGEST, DELAY_SHORTEST, Groups, LinkSettings, RATE_HIGHEST, Settings};
use crate::trace::EventId;
use rand::RngExt;
use serde::{Deserialize, Serialize};

/// How strong chaos is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Chaos {
    /// None.
    #[default]
    Off,
    /// A link is slow now and then.
    Calm,
    /// The network loses and doubles messages for a while, and links are slow.
    Lossy,
    /// Partitions, one-way cuts, crashes and pauses come on top.
    Hostile,
}

impl Chaos {
    /// All of them, from none on.
    pub const ALL: [Self; 4] = [Self::Off, Self::Calm, Self::Lossy, Self::Hostile];

    /// Its word in scenario text.
    pub fn word(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Calm => "calm",
            Self::Lossy => "lossy",
            Self::Hostile => "hostile",
        }
    }

    fn manner(self) -> Manner {
        match self {
            Self::Off => Manner { pause: (0, 0), lasts: (0, 0), most: 0, kinds: &[] },
            Self::Calm => Manner { pause: (6, 24), lasts: (2, 6), most: 1, kinds: &[Kind::Slow] },
            Self::Lossy => Manner {
                pause: (2, 6),
                lasts: (2, 6),
                most: 3,
                kinds: &[Kind::Storm, Kind::Slow, Kind::Slow],
            },
            Self::Hostile => Manner {
                pause: (1, 5),
                lasts: (1, 6),
                most: 4,
                kinds: &[
                    Kind::Partition,
                    Kind::Partition,
                    Kind::OneWay,
                    Kind::Crash,
                    Kind::Crash,
                    Kind::Crash,
                    Kind::Pause,
                    Kind::Storm,
                    Kind::Slow,
                ],
            },
        }
    }
}

/// How a strength goes about it. Times are in election timeouts.
struct Manner {
    /// Between two faults.
    pause: (u64, u64),
    /// How long a fault lasts.
    lasts: (u64, u64),
    /// The most faults at a time.
    most: usize,
    /// What may happen, what is likelier more often.
    kinds: &'static [Kind],
}

/// The kinds of faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Slow,
    Storm,
    Partition,
    OneWay,
    Crash,
    Pause,
}

/// A fault that lasts, and what it takes to know whether it is still as it was.
#[derive(Clone, Debug)]
enum Fault {
    Slow(Endpoint, Endpoint, LinkSettings),
    Storm {
        before: Settings,
        during: Settings,
    },
    Partition(Groups),
    OneWay(Vec<(Endpoint, Endpoint)>),
    /// The server, and the life after the one that ended.
    Crash(ServerId, Life),
    Pause(ServerId, Life),
}

/// A fault, and when it ends.
#[derive(Clone, Debug)]
struct Lasting {
    until: Time,
    /// The event with which it began.
    began: EventId,
    fault: Fault,
}

/// The chaos of a world.
#[derive(Clone, Debug)]
pub(super) struct Weather {
    strength: Chaos,
    rng: Rng,
    /// What switched it on.
    cause: Option<EventId>,
    /// When the next fault begins.
    next: Time,
    /// At most as many as the strength's manner says.
    lasting: Vec<Lasting>,
    /// When something begins or ends.
    pub(super) wake: Option<Wake>,
}

impl Weather {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            strength: Chaos::Off,
            rng: stream(seed, "chaos"),
            cause: None,
            next: Time::ZERO,
            lasting: Vec::new(),
            wake: None,
        }
    }
}

impl World {
    /// How strong the chaos is.
    pub fn chaos(&self) -> Chaos {
        self.weather.strength
    }

    /// The servers that come back up by themselves with the next step.
    pub(super) fn next_restarts(&mut self) -> Vec<ServerId> {
        if self.weather.lasting.is_empty() {
            return Vec::new();
        }
        match self.next_entry().1 {
            Some(Entry { at, due: Due::Chaos, .. }) => self.restarts_by(at.max(self.now)),
            _ => Vec::new(),
        }
    }

    /// The servers that come back up by themselves, because chaos crashed them, if it does
    /// something at `time`.
    pub(super) fn restarts_by(&self, time: Time) -> Vec<ServerId> {
        let due = self.weather.lasting.iter().filter(|it| it.until <= time);
        let crashed = due.filter_map(|it| match it.fault {
            Fault::Crash(server, life) if self.is_down_since(server, life) => Some(server),
            _ => None,
        });
        crashed.collect()
    }

    pub(super) fn set_chaos(&mut self, strength: Chaos, cause: EventId) {
        for lasting in std::mem::take(&mut self.weather.lasting) {
            self.undo(lasting.fault, cause);
        }
        self.weather.strength = strength;
        self.weather.cause = Some(cause);
        self.weather.wake = None;
        if strength != Chaos::Off {
            // Whoever switches it on need not wait for long.
            self.weather.next = self.now + self.draw_timeouts((0, 2));
            self.arrange_chaos();
        }
    }

    fn arrange_chaos(&mut self) {
        let ends = self.weather.lasting.iter().map(|lasting| lasting.until);
        let next = ends.chain([self.weather.next]).min().expect("something is always to come");
        self.weather.wake = Some(self.queue.push_tick(next.max(self.now), Due::Chaos));
    }

    /// Ends what has lasted long enough, and begins something else if it is time for that.
    pub(super) fn stir(&mut self) {
        let now = self.now;
        let lasting = std::mem::take(&mut self.weather.lasting);
        let (over, lasting): (Vec<_>, Vec<_>) = lasting.into_iter().partition(|it| it.until <= now);
        self.weather.lasting = lasting;
        for Lasting { began, fault, .. } in over {
            self.undo(fault, began);
        }
        let manner = self.weather.strength.manner();
        if self.weather.next <= now {
            if self.weather.lasting.len() < manner.most {
                self.begin_fault(&manner);
            }
            self.weather.next = now + self.draw_timeouts(manner.pause);
        }
        self.arrange_chaos();
    }

    /// So many election timeouts, at least a bit of one.
    fn draw_timeouts(&mut self, (least, most): (u64, u64)) -> Span {
        let unit = self.config.election_timeout_max;
        let least = unit.times(least) + Span::ms(1);
        span_between(&mut self.weather.rng, least, least + unit.times(most))
    }

    /// Draws a fault, and lets it begin if it is possible now.
    fn begin_fault(&mut self, manner: &Manner) {
        let kind = manner.kinds[draw(&mut self.weather.rng, manner.kinds.len())];
        let until = self.now + self.draw_timeouts(manner.lasts);
        let before = self.last_event;
        let fault = match kind {
            Kind::Slow => self.slow_a_link(),
            Kind::Storm => self.raise_a_storm(),
            Kind::Partition => self.divide(),
            Kind::OneWay => self.cut_one_way(),
            Kind::Crash => self.strike(|server| Action::Crash { server }),
            Kind::Pause => self.strike(|server| Action::Pause { server }),
        };
        if let Some(fault) = fault {
            let began = EventId(before.0 + 1);
            self.weather.lasting.push(Lasting { until, began, fault });
        }
    }

    fn take_action(&mut self, action: Action) -> bool {
        self.act_by_itself(action, self.weather.cause)
    }

    fn slow_a_link(&mut self) -> Option<Fault> {
        let (from, to) =
            (Endpoint::Server(self.draw_server()), Endpoint::Server(self.draw_server()));
        let usual = self.config.network.delay_max.max(DELAY_SHORTEST);
        let is_calm = self.weather.strength == Chaos::Calm;
        let loss_max: Ppm = if is_calm { 0 } else { CERTAIN / 5 };
        let bounds = (usual.times(2), usual.times(8));
        let drawn = fault::clogged(&mut self.weather.rng, bounds, usual.times(8), loss_max);
        let bounded = |delay: Span| delay.min(DELAY_LONGEST);
        let (delay_min, delay_max) = (bounded(drawn.delay_min), bounded(drawn.delay_max));
        let own = LinkSettings { delay_min, delay_max, ..drawn };
        if self.channel.own_settings(from, to).is_some() {
            return None;
        }
        let slow = self.take_action(Action::Link { from, to, settings: Some(own) });
        slow.then_some(Fault::Slow(from, to, own))
    }

    fn raise_a_storm(&mut self) -> Option<Fault> {
        let rng = &mut self.weather.rng;
        let slower = rng.random_range(1..=4);
        let (loss, duplication) =
            (rng.random_range(0..=CERTAIN / 4), rng.random_range(0..=CERTAIN / 4));
        let before = *self.channel.settings();
        let is_stormy = |it: &Lasting| matches!(it.fault, Fault::Storm { .. });
        if self.weather.lasting.iter().any(is_stormy) {
            return None;
        }
        let during = Settings {
            delay_max: before.delay_max.times(slower).min(DELAY_LONGEST),
            loss: (before.loss + loss).min(RATE_HIGHEST),
            duplication: (before.duplication + duplication).min(RATE_HIGHEST),
            ..before
        };
        let rises = self.take_action(Action::Network { settings: during });
        rises.then_some(Fault::Storm { before, during })
    }

    fn divide(&mut self) -> Option<Fault> {
        let groups = fault::divide(&mut self.weather.rng, self.config.server_ids());
        let groups = Groups::new(groups.into_iter().filter(|group| !group.is_empty())).ok()?;
        if self.channel.groups().is_some() {
            return None;
        }
        let divided = self.take_action(Action::Partition { groups: groups.clone() });
        divided.then_some(Fault::Partition(groups))
    }

    fn cut_one_way(&mut self) -> Option<Fault> {
        let (server, deaf) = (self.draw_server(), happens(&mut self.weather.rng, CERTAIN / 2));
        let links = fault::one_way(server, deaf, self.config.server_ids());
        let links: Vec<_> = links.filter(|(from, to)| !self.channel.is_cut(*from, *to)).collect();
        for (from, to) in &links {
            self.take_action(Action::Cut { from: *from, to: *to });
        }
        (!links.is_empty()).then_some(Fault::OneWay(links))
    }

    /// Crashes a server or lets it stand still, if more than half of all run without it.
    fn strike(&mut self, action: fn(ServerId) -> Action) -> Option<Fault> {
        let server = self.draw_server();
        let runs = |id: ServerId| {
            let node = &self.nodes[&id];
            node.server().is_some() && !node.is_paused()
        };
        let others = self.config.server_ids().filter(|id| *id != server && runs(*id)).count();
        if !runs(server) || others * 2 <= usize::from(self.config.servers) {
            return None;
        }
        let action = action(server);
        let crashes = matches!(action, Action::Crash { .. });
        if !self.take_action(action) {
            return None;
        }
        let life = self.nodes[&server].life;
        Some(if crashes { Fault::Crash(server, life) } else { Fault::Pause(server, life) })
    }

    /// Undoes a fault, as far as it is still there.
    fn undo(&mut self, fault: Fault, cause: EventId) {
        let cause = Some(cause);
        match fault {
            Fault::Slow(from, to, own) if self.channel.own_settings(from, to) == Some(own) => {
                self.act_by_itself(Action::Link { from, to, settings: None }, cause);
            }
            Fault::Storm { before, during } if *self.channel.settings() == during => {
                self.act_by_itself(Action::Network { settings: before }, cause);
            }
            Fault::Partition(groups) if self.channel.groups() == Some(&groups) => {
                self.act_by_itself(Action::Unite, cause);
            }
            Fault::OneWay(links) => {
                for (from, to) in links {
                    if self.channel.is_cut(from, to) {
                        self.act_by_itself(Action::Mend { from, to }, cause);
                    }
                }
            }
            Fault::Crash(server, life) if self.is_down_since(server, life) => {
                self.act_by_itself(Action::Restart { server }, cause);
            }
            Fault::Pause(server, life) if self.nodes[&server].life == life => {
                self.act_by_itself(Action::Resume { server }, cause);
            }
            _ => {}
        }
    }

    /// True if a server is down since this life began, because it crashed.
    fn is_down_since(&self, server: ServerId, life: Life) -> bool {
        let node = &self.nodes[&server];
        node.life == life && node.down() == Some(&Down::Crashed)
    }

    fn draw_server(&mut self) -> ServerId {
        let servers = usize::from(self.config.servers);
        let drawn = draw(&mut self.weather.rng, servers);
        self.config.server_ids().nth(drawn).expect("it was drawn among the servers")
    }
}

/// A number below `count`.
fn draw(rng: &mut Rng, count: usize) -> usize {
    let drawn = rng.random_range(0..count as u64);
    usize::try_from(drawn).expect("it is below a usize")
}
