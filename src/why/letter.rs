//! What became of a message.

use super::Reason;
use super::scene::Scene;
use super::words::{moment, took};
use crate::base::{Endpoint, Time};
use crate::channel::DropReason;
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
    /// It will arrive then, or waits before its target since then.
    OnItsWay(Time),
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
        let flights = copies.iter().filter_map(|copy| self.world.flight(*copy));
        flights.map(|flight| flight.arrives_at).min().map_or(fate, Fate::OnItsWay)
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
            Fate::OnItsWay(at) if at <= self.now() => {
                format!("waits before {to}, which stands still.")
            }
            Fate::OnItsWay(at) => {
                let left = took(at.since(self.now()));
                let doomed = self.world.channel().passes(*from, *to).is_err();
                let but = if doomed { ", but the link is cut and will take it" } else { "" };
                format!("is on its way and arrives in {left}{but}.")
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

/// True if a message goes from one server to another.
pub fn between(passage: &Passage, from: crate::base::ServerId, to: crate::base::ServerId) -> bool {
    passage.from == Endpoint::Server(from) && passage.to == Endpoint::Server(to)
}
