//! What became of a message.

use super::Reason;
use super::scene::Scene;
use super::words::{list, moment, took};
use crate::base::{Endpoint, Time};
use crate::channel::DropReason;
use crate::sim::{Action, Stamped};
use crate::trace::{Event, EventId, MessageId, Passage, What};

/// A message that was sent, and what became of it. A duplicate counts as the message itself.
#[derive(Clone, Copy)]
pub struct Letter<'a> {
    pub passage: &'a Passage,
    /// The event of its sending.
    pub sent: &'a Event,
    pub fate: Fate<'a>,
}

#[derive(Clone, Copy)]
pub enum Fate<'a> {
    /// It will arrive then, or waits before its target since then; of several copies, this one.
    OnItsWay(Time, MessageId),
    Arrived(&'a Event),
    Dropped(&'a Event, DropReason),
    /// The trace does not say.
    Unknown,
}

impl<'a> Scene<'a> {
    /// The newest message of a kind.
    pub fn newest_letter(&self, is_it: impl Fn(&Passage) -> bool) -> Option<Letter<'a>> {
        let sent = self.newest(|what| matches!(what, What::Sent(passage) if is_it(passage)))?;
        self.letter(sent)
    }

    /// What became of a message, from the event of its sending.
    pub fn letter(&self, sent: &'a Event) -> Option<Letter<'a>> {
        let What::Sent(passage) = &sent.what else { return None };
        Some(Letter { passage, sent, fate: self.fate(sent, passage) })
    }

    fn fate(&self, sent: &Event, passage: &Passage) -> Fate<'a> {
        let mut copies: Vec<MessageId> = vec![passage.message];
        // A copy may be copied in its turn.
        let mut sources: Vec<EventId> = vec![sent.id];
        let mut fate = Fate::Unknown;
        for event in self.trace.after(sent.id) {
            match &event.what {
                What::Duplicated(copy)
                    if event.cause.is_some_and(|cause| sources.contains(&cause)) =>
                {
                    copies.push(copy.message);
                    sources.push(event.id);
                }
                What::Arrived(it) if copies.contains(&it.message) => return Fate::Arrived(event),
                What::Dropped(it, reason) if copies.contains(&it.message) => {
                    fate = Fate::Dropped(event, *reason);
                    copies.retain(|copy| *copy != it.message);
                    // A second copy is told of at once, if there is one.
                    if copies.is_empty() && event.at > sent.at {
                        break;
                    }
                }
                _ if copies.is_empty() && event.at > sent.at => break,
                _ => {}
            }
        }
        let flights = copies.iter().filter_map(|copy| Some((self.world.flight(*copy)?, *copy)));
        let first = flights.map(|(flight, copy)| (flight.arrives_at, copy)).min();
        first.map_or(fate, |(at, copy)| Fate::OnItsWay(at, copy))
    }

    /// What somebody did to a message by hand to hold it back.
    pub fn delays(&self, of: MessageId) -> Vec<&'a Stamped> {
        let holds =
            |action: &Action| matches!(action, Action::Delay { message, .. } if *message == of);
        self.world.actions().iter().filter(|stamped| holds(&stamped.action)).collect()
    }

    /// The event of the sending of a message that arrived or was dropped.
    pub fn sending(&self, event: &Event) -> Option<&'a Event> {
        let mut at = self.cause(event)?;
        while !matches!(at.what, What::Sent(_)) {
            if !matches!(at.what, What::Duplicated(_) | What::Tampered(_)) {
                return None;
            }
            at = self.cause(at)?;
        }
        Some(at)
    }

    /// Where a message is, if it has not arrived; `what` names it: `S1's vote request to S2`.
    pub fn not_arrived(&self, letter: &Letter<'a>, what: &str) -> Option<Reason> {
        let (rest, moments) = self.whereabouts(letter)?;
        let message = letter.passage.message.0;
        Some(Reason::new(format!("{what}, m{message}, {rest}")).at(moments))
    }

    /// The same of a message of which its sender has sent others like it: `before` is what stands
    /// before the name of the one to whom it goes.
    pub fn not_arrived_there(&self, letter: &Letter<'a>, before: String) -> Option<Reason> {
        let (rest, moments) = self.whereabouts(letter)?;
        let Passage { message, to, .. } = letter.passage;
        Some(Reason::of(before, format!("{to} (m{})", message.0), format!(" {rest}")).at(moments))
    }

    /// Where a message is, if it has not arrived, as the rest of a sentence.
    fn whereabouts(&self, letter: &Letter<'a>) -> Option<(String, Vec<EventId>)> {
        let Passage { from, to, .. } = letter.passage;
        let mut moments = vec![letter.sent.id];
        let rest = match letter.fate {
            Fate::Arrived(_) => return None,
            Fate::Unknown => "is no longer in the trace.".to_owned(),
            Fate::OnItsWay(at, _) if at <= self.now() => {
                format!("waits before {to}, which stands still.")
            }
            Fate::OnItsWay(at, copy) => {
                let left = took(at.since(self.now()));
                let doomed = self.world.channel().passes(*from, *to).is_err();
                let but = if doomed { ", but the link is cut and will take it" } else { "" };
                let delays = self.delays(copy);
                let held = match delays.as_slice() {
                    [] => String::new(),
                    _ => format!(", held back by {},", list(delays.iter().map(by_hand))),
                };
                moments.extend(delays.iter().filter_map(|delay| Some(self.acted(delay)?.id)));
                format!("is on its way{held} and arrives in {left}{but}.")
            }
            Fate::Dropped(event, reason) => {
                let why = self.why_dropped(event, *from, *to, reason);
                moments.extend(why.moments);
                format!("was dropped at {}: {}.", moment(event.at), why.text)
            }
        };
        Some((rest, moments))
    }
}

/// An action and its moment: `` `delay m12 200ms` at 0.249 s ``.
fn by_hand(stamped: &&Stamped) -> String {
    format!("`{}` at {}", stamped.action, moment(stamped.at))
}

/// True if a message goes from one server to another.
pub fn between(passage: &Passage, from: crate::base::ServerId, to: crate::base::ServerId) -> bool {
    passage.from == Endpoint::Server(from) && passage.to == Endpoint::Server(to)
}
