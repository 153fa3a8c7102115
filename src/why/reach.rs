//! Who can talk with whom, and why not.

use super::Reason;
use super::scene::Scene;
use super::words::{moment, percent};
use crate::base::{Endpoint, ServerId, Set, Time};
use crate::channel::DropReason;
use crate::sim::{Action, Down, Stamped};
use crate::trace::{Event, EventId, What};

impl<'a> Scene<'a> {
    /// The servers with which a running one can talk both ways at the moment, itself included.
    pub fn reached_from(&self, id: ServerId) -> Set<ServerId> {
        let servers = self.world.nodes().map(|(other, _)| other);
        servers.filter(|other| *other == id || self.apart(id, *other).is_none()).collect()
    }

    /// Why two servers cannot talk with each other, looked at from the first: the other does not
    /// run, or nothing passes in one direction at least.
    pub fn apart(&self, one: ServerId, other: ServerId) -> Option<Reason> {
        self.halted(other).or_else(|| self.link_broken(one, other))
    }

    /// Why a link between two servers does not carry messages both ways.
    pub fn link_broken(&self, one: ServerId, other: ServerId) -> Option<Reason> {
        let (one, other) = (Endpoint::Server(one), Endpoint::Server(other));
        let (there, back) = (self.gap(one, other), self.gap(other, one));
        match (there, back) {
            (Some(there), Some(back)) => {
                let before = format!("{one} is cut off from ");
                Some(Reason::of(before, other, format!(", {}", there.1)).at(there.2).at(back.2))
            }
            (Some((from, why, at)), None) => {
                let before = format!("{from}'s messages do not reach ");
                Some(Reason::of(before, other, format!(", {why}")).at(at))
            }
            (None, Some((from, why, at))) => {
                Some(Reason::new(format!("{from}'s messages do not reach {one}, {why}")).at(at))
            }
            (None, None) => None,
        }
    }

    /// Why nothing passes in one direction at the moment: the sender, the rest of the sentence, and
    /// the moment since when.
    fn gap(&self, from: Endpoint, to: Endpoint) -> Option<(Endpoint, String, Option<EventId>)> {
        let reason = self.world.channel().passes(from, to).err()?;
        let (why, at) = self.severed(from, to, reason, self.now());
        Some((from, why, at))
    }

    /// Why a link was cut at a time, with the action that did it.
    fn severed(
        &self,
        from: Endpoint,
        to: Endpoint,
        reason: DropReason,
        until: Time,
    ) -> (String, Option<EventId>) {
        let action = match reason {
            DropReason::Partition => self.divided_by(from, to, until),
            _ => self.cut_by(from, to, until),
        };
        match action {
            Some(stamped) => {
                let event = self.acted(stamped).map(|event| event.id);
                (format!("since `{}` at {}.", stamped.action, moment(stamped.at)), event)
            }
            None => match self.by_itself(from, to, reason, until) {
                Some((words, event)) => (words, Some(event)),
                None => (format!("because {reason}."), None),
            },
        }
    }

    /// The same, if chaos did it: what it does is in the trace alone.
    fn by_itself(
        &self,
        from: Endpoint,
        to: Endpoint,
        reason: DropReason,
        until: Time,
    ) -> Option<(String, EventId)> {
        let deed = match reason {
            DropReason::Partition => "partition ".to_owned(),
            _ => Action::Cut { from, to }.to_string(),
        };
        let is_it = |what: &What| matches!(what, What::Acted(text) if text.starts_with(&deed));
        let mut events = self.trace.iter().rev().filter(|event| event.at <= until);
        let event = events.find(|event| event.cause.is_some() && is_it(&event.what))?;
        let What::Acted(text) = &event.what else { return None };
        Some((format!("since chaos did `{text}` at {}.", moment(event.at)), event.id))
    }

    /// The action by which a link was cut: the first since it was whole.
    fn cut_by(&self, from: Endpoint, to: Endpoint, until: Time) -> Option<&'a Stamped> {
        let isolates = |server: ServerId| {
            let between_servers = matches!((from, to), (Endpoint::Server(_), Endpoint::Server(_)));
            between_servers && [from, to].contains(&Endpoint::Server(server))
        };
        self.last_turn(until, |action| match action {
            Action::Cut { from: sender, to: receiver } => {
                ((*sender, *receiver) == (from, to)).then_some(true)
            }
            Action::Mend { from: sender, to: receiver } => {
                ((*sender, *receiver) == (from, to)).then_some(false)
            }
            Action::Isolate { server } => isolates(*server).then_some(true),
            Action::Heal => Some(false),
            _ => None,
        })
    }

    /// The action that put two into different groups: the first since they were together.
    fn divided_by(&self, from: Endpoint, to: Endpoint, until: Time) -> Option<&'a Stamped> {
        self.last_turn(until, |action| match action {
            Action::Partition { groups } => Some(!groups.connect(from, to)),
            Action::Heal | Action::Unite => Some(false),
            _ => None,
        })
    }

    /// The action with which something began that still was so at a time. `turns` says of each
    /// action whether it begins or ends it.
    fn last_turn(
        &self,
        until: Time,
        turns: impl Fn(&Action) -> Option<bool>,
    ) -> Option<&'a Stamped> {
        let mut since = None;
        for stamped in self.world.actions().iter().take_while(|stamped| stamped.at <= until) {
            match turns(&stamped.action) {
                Some(true) => since = since.or(Some(stamped)),
                Some(false) => since = None,
                None => {}
            }
        }
        since
    }

    /// Why a server does not run: it is down, or stands still.
    pub fn halted(&self, id: ServerId) -> Option<Reason> {
        let node = self.world.node(id)?;
        if let Some(down) = node.down() {
            let ended = self.ended(id);
            let when = ended
                .map_or("some time ago".to_owned(), |event| format!("at {}", moment(event.at)));
            let text = match down {
                Down::Crashed => format!("{id} is down: it crashed {when}."),
                Down::Stopped(reason) => format!("{id} is down: it stopped {when}, {reason}."),
            };
            return Some(Reason::new(text).at(ended.map(|event| event.id)));
        }
        node.is_paused().then(|| {
            let (since, event) = match self.paused_by(id) {
                Some((at, event)) => (format!(" since {}", moment(at)), event),
                None => (String::new(), None),
            };
            Reason::new(format!("{id} stands still{since}: what reaches it waits.")).at(event)
        })
    }

    /// The end of a server's last life, if it is down.
    pub fn ended(&self, id: ServerId) -> Option<&'a Event> {
        self.newest(|what| match what {
            What::Crashed { server, .. } | What::Stopped(server, _) => *server == id,
            _ => false,
        })
    }

    /// Since when a server stands still. Chaos may have done that too, which is in the trace alone.
    fn paused_by(&self, id: ServerId) -> Option<(Time, Option<EventId>)> {
        let action = Action::Pause { server: id };
        let words = action.to_string();
        let event = self.newest(|what| matches!(what, What::Acted(text) if **text == *words));
        let acted = || self.world.actions().iter().rev().find(|stamped| stamped.action == action);
        let seen = event.map(|event| (event.at, Some(event.id)));
        seen.or_else(|| acted().map(|stamped| (stamped.at, None)))
    }

    /// Why a message was dropped, as the rest of a sentence, with the moments behind it.
    pub fn why_dropped(
        &self,
        event: &Event,
        from: Endpoint,
        to: Endpoint,
        reason: DropReason,
    ) -> Reason {
        let mut moments = vec![event.id];
        let why = match reason {
            DropReason::Cut | DropReason::Partition => {
                let (why, at) = self.severed(from, to, reason, event.at);
                moments.extend(at);
                let what = if reason == DropReason::Cut {
                    "the link is cut"
                } else {
                    "a partition lies between"
                };
                format!("{what}, {}", why.trim_end_matches('.'))
            }
            DropReason::Loss => {
                let rate = percent(self.world.channel().link(from, to).loss);
                format!("the network loses {rate} of all messages, by chance")
            }
            DropReason::TargetDown => {
                let ended = self.before(event.id).find(|earlier| match &earlier.what {
                    What::Crashed { server, .. } | What::Stopped(server, _) => {
                        Endpoint::Server(*server) == to
                    }
                    _ => false,
                });
                moments.extend(ended.map(|ended| ended.id));
                let since =
                    ended.map_or(String::new(), |ended| format!(", since {}", moment(ended.at)));
                format!("{to} was down{since}")
            }
            DropReason::Removed => {
                moments.extend(event.cause);
                "somebody took it off the link".to_owned()
            }
            DropReason::Backlog | DropReason::Corrupted => reason.to_string(),
        };
        Reason::new(why).at(moments)
    }
}
