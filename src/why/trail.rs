//! A request's way through the system, part by part.

use super::letter::Letter;
use super::scene::Scene;
use super::words::list;
use super::{Leg, Reason};
use crate::bank::{Operation, RequestId};
use crate::base::{Endpoint, Index, ServerId};
use crate::chain::Block;
use crate::client;
use crate::server::{Fact, Packet};
use crate::trace::{Event, EventId, Passage, What};

/// The most hops that are followed back. No request is relayed that often.
const MAX_HOPS: usize = 8;

/// All that the trace still has about one request, the oldest first.
pub struct Trail<'a> {
    scene: Scene<'a>,
    id: RequestId,
    pub events: Vec<&'a Event>,
}

/// How a request came to the server that dealt with it.
struct Origin<'a> {
    /// The sending by the client.
    sent: &'a Event,
    /// Through which servers it came, the first first.
    through: Vec<ServerId>,
    /// Where it was held until a leader was known: from, to.
    held: Vec<(ServerId, &'a Event, &'a Event)>,
    /// What held it back by hand, to be added to a sentence.
    held_back: String,
}

impl<'a> Trail<'a> {
    pub fn of(scene: &Scene<'a>, id: RequestId) -> Self {
        let events = scene.trace.iter().filter(|event| is_about(event, id)).collect();
        Self { scene: *scene, id, events }
    }

    /// The newest event of a kind, before another if one is given.
    pub fn newest(
        &self,
        before: Option<EventId>,
        is_it: impl Fn(&What) -> bool,
    ) -> Option<&'a Event> {
        let limit = before.unwrap_or(EventId(u64::MAX));
        self.events.iter().rev().copied().find(|event| event.id < limit && is_it(&event.what))
    }

    /// The client's sendings of it, the newest first.
    pub fn attempts(&self) -> impl Iterator<Item = Letter<'a>> {
        let from_client = |event: &&&Event| {
            matches!(&event.what, What::Sent(Passage { from: Endpoint::Client(_), .. }))
        };
        let scene = self.scene;
        self.events.iter().rev().filter(from_client).filter_map(move |event| scene.letter(event))
    }

    /// The sendings of a reply to it, the newest first.
    pub fn replies(&self) -> impl Iterator<Item = Letter<'a>> {
        let is_reply = |event: &&&Event| match &event.what {
            What::Sent(passage) => matches!(&*passage.packet, Packet::Reply(_)),
            _ => false,
        };
        let scene = self.scene;
        self.events.iter().rev().filter(is_reply).filter_map(move |event| scene.letter(event))
    }

    pub fn submitted(&self) -> Option<&'a Event> {
        self.events
            .iter()
            .copied()
            .find(|event| matches!(&event.what, What::Client(_, client::Event::Submitted { .. })))
    }

    pub fn answered(&self) -> Option<&'a Event> {
        self.newest(None, |what| matches!(what, What::Client(_, client::Event::Answered { .. })))
    }

    /// The first event that says that a block with it was applied.
    pub fn applied(&self) -> Option<(&'a Event, &'a Block)> {
        self.events.iter().find_map(|event| match &event.what {
            What::Server(_, Fact::Applied { block, .. }) => Some((*event, block)),
            _ => None,
        })
    }

    /// The mining of the block that holds it: of the one that was applied, else of the newest.
    pub fn mined(&self) -> Option<(&'a Event, ServerId, &'a Block)> {
        let applied = self.applied().map(|(_, block)| block.hash());
        self.events.iter().rev().find_map(|event| match &event.what {
            What::Server(who, Fact::Mined { block, .. })
                if applied.is_none_or(|hash| hash == block.hash()) =>
            {
                Some((*event, *who, block))
            }
            _ => None,
        })
    }

    /// The parts of its way, with the time in each.
    pub fn legs(&self, operation: &Operation) -> Vec<Leg> {
        match operation {
            Operation::Transfer { .. } => self.transfer_legs(),
            Operation::Balance => self.balance_legs(),
        }
    }

    fn transfer_legs(&self) -> Vec<Leg> {
        let mut legs = Vec::new();
        let mined = self.mined();
        let at = mined.map(|(event, who, _)| (who, event.id));
        let taken = match at {
            Some((who, before)) => self.newest(Some(before), |what| takes(what, Some(who))),
            None => self.newest(None, |what| takes(what, None)),
        };
        self.way_there(taken, &mut legs);
        let Some(taken) = taken else { return legs };
        let Some(who) = taken.what.server() else { return legs };
        let until = mined.map(|(event, ..)| event);
        let height = mined.map(|(_, _, block)| block.height());
        let began = self.mining_began(who, taken, height, until);
        legs.push(self.leg("mempool", taken, began, format!("in the queue of {who}")));
        let Some(began) = began else { return legs };
        legs.push(self.leg("mining", began, until, format!("{who} searches for a nonce")));
        let Some((mined, _, block)) = mined else { return legs };
        let applied = self.applied().map(|(event, _)| event);
        let what = format!("block {} goes to a majority's disks", block.height());
        legs.push(self.leg("replication", mined, applied, what));
        let Some(applied) = applied else { return legs };
        self.way_back(applied, &mut legs);
        legs
    }

    /// A balance check is in no block: a majority confirms who leads instead.
    fn balance_legs(&self) -> Vec<Leg> {
        let mut legs = Vec::new();
        let replied = self.newest(None, |what| matches!(what, What::Server(_, Fact::Replied(_))));
        let reader = replied.and_then(|event| event.what.server());
        let before = replied.map(|event| event.id);
        let arrived = self.newest(before, |what| match what {
            What::Arrived(passage) => match passage.to {
                Endpoint::Server(to) => reader.is_none_or(|reader| reader == to),
                Endpoint::Client(_) => false,
            },
            _ => false,
        });
        let Some(arrived) = arrived else {
            self.way_there(None, &mut legs);
            return legs;
        };
        let sent = self.scene.sending(arrived);
        if let Some(sent) = sent {
            self.waiting_at_client(sent, &mut legs);
            legs.push(self.leg("channel", sent, Some(arrived), "to the server".to_owned()));
        }
        legs.push(self.leg(
            "confirmation",
            arrived,
            replied,
            "a majority confirms who leads".to_owned(),
        ));
        if let Some(replied) = replied {
            self.way_back(replied, &mut legs);
        }
        legs
    }

    /// From the client to the server that took it.
    fn way_there(&self, taken: Option<&'a Event>, legs: &mut Vec<Leg>) {
        let origin = taken.and_then(|taken| self.origin(taken));
        let Some(origin) = origin else {
            if let (Some(submitted), None) = (self.submitted(), taken) {
                let attempts = super::words::count(self.attempts().count(), "attempt");
                let part = if self.is_on_its_way() { "channel" } else { "client" };
                legs.push(self.leg(part, submitted, None, attempts));
            }
            return;
        };
        self.waiting_at_client(origin.sent, legs);
        let text = match origin.through.as_slice() {
            [] => "to the server".to_owned(),
            relays => format!("through {}", list(relays)),
        } + &origin.held_back;
        legs.push(self.leg("channel", origin.sent, taken, text));
        for (server, from, to) in origin.held {
            legs.push(self.leg(
                "held",
                from,
                Some(to),
                format!("{server} knew no leader; part of the time above"),
            ));
        }
    }

    /// True if a server may yet get it, though none has it.
    fn is_on_its_way(&self) -> bool {
        self.scene.world.in_flight().any(|(_, flight)| match &*flight.packet {
            Packet::Request(request) | Packet::Relay { request, .. } => request.id == self.id,
            Packet::Raft(_) | Packet::Reply(_) => false,
        })
    }

    fn waiting_at_client(&self, sent: &'a Event, legs: &mut Vec<Leg>) {
        let Some(submitted) = self.submitted().filter(|submitted| submitted.at < sent.at) else {
            return;
        };
        let before = self.attempts().filter(|letter| letter.sent.id < sent.id).count();
        let text = format!("{} before came to nothing", super::words::count(before, "attempt"));
        legs.push(self.leg("client", submitted, Some(sent), text));
    }

    /// From a server to the client.
    fn way_back(&self, from: &'a Event, legs: &mut Vec<Leg>) {
        let answered = self.answered();
        let text = match self.replies().count() {
            0 | 1 => "back to the client".to_owned(),
            several => format!("back to the client, in {several} replies"),
        } + &self.held_back(answered.and_then(|event| self.scene.cause(event)));
        legs.push(self.leg("reply", from, answered, text));
    }

    /// When the server began to mine the block that holds it, or what it mines now does.
    fn mining_began(
        &self,
        who: ServerId,
        taken: &Event,
        height: Option<Index>,
        until: Option<&Event>,
    ) -> Option<&'a Event> {
        let now = self.scene.server(who).and_then(|server| server.mining()).filter(|mining| {
            mining.candidate().body().transactions.iter().any(|one| one.id == self.id)
        });
        let height = height.or(now.map(|mining| mining.height()))?;
        let limit = until.map_or(EventId(u64::MAX), |event| event.id);
        let mut since_then = self.scene.before(limit).take_while(|event| event.id > taken.id);
        since_then.find(|event| match &event.what {
            What::Server(it, Fact::MiningBegan { height: at, .. }) => (*it, *at) == (who, height),
            _ => false,
        })
    }

    /// How it came to the server that took it.
    fn origin(&self, taken: &'a Event) -> Option<Origin<'a>> {
        let mut arrival = self.scene.cause(taken)?;
        let mut origin = Origin {
            sent: arrival,
            through: Vec::new(),
            held: Vec::new(),
            held_back: String::new(),
        };
        for _ in 0..MAX_HOPS {
            if !matches!(arrival.what, What::Arrived(_)) || !is_about(arrival, self.id) {
                return None;
            }
            origin.sent = self.scene.sending(arrival)?;
            origin.held_back += &self.held_back(Some(arrival));
            let Endpoint::Server(relay) = origin.sent.what.passage()?.from else {
                origin.through.reverse();
                return Some(origin);
            };
            origin.through.push(relay);
            arrival = self.newest(Some(origin.sent.id), |what| match what {
                What::Arrived(passage) => passage.to == Endpoint::Server(relay),
                _ => false,
            })?;
            let held = self.newest(
                Some(origin.sent.id),
                |what| matches!(what, What::Server(who, Fact::Held(_)) if *who == relay),
            );
            if let Some(held) = held.filter(|held| held.id > arrival.id) {
                origin.held.push((relay, held, origin.sent));
            }
        }
        None
    }

    /// Who held back by hand what then arrived, to be added to a sentence.
    fn held_back(&self, arrival: Option<&Event>) -> String {
        let passage = arrival.and_then(|event| event.what.passage());
        let delays = passage.map(|passage| self.scene.delays(passage.message)).unwrap_or_default();
        delays.iter().map(|delay| format!(", held back by `{}`", delay.action)).collect()
    }

    fn leg(&self, part: &'static str, from: &Event, to: Option<&Event>, text: String) -> Leg {
        let end = to.map_or(self.scene.now(), |event| event.at);
        // What ended before it began is a part that was passed over.
        let took = end.since(from.at.min(end));
        let moments = [Some(from.id), to.map(|event| event.id)].into_iter().flatten().collect();
        Leg { part, took, under_way: to.is_none(), text, moments }
    }

    /// What kept earlier sendings from coming to anything, the newest first.
    pub fn mishaps(&self, most: usize) -> Vec<Reason> {
        let lost = self.attempts().filter_map(|letter| {
            let (from, to) = (letter.passage.from, letter.passage.to);
            let dropped = matches!(letter.fate, super::letter::Fate::Dropped(..));
            dropped
                .then(|| self.scene.not_arrived(&letter, &format!("{from}'s request to {to}")))?
        });
        lost.take(most).collect()
    }
}

/// True if a server took it in, or this one did.
fn takes(what: &What, who: Option<ServerId>) -> bool {
    match what {
        What::Server(server, Fact::Queued(_) | Fact::Held(_)) => {
            who.is_none_or(|who| who == *server)
        }
        _ => false,
    }
}

fn is_about(event: &Event, id: RequestId) -> bool {
    match &event.what {
        What::Client(_, told) => match told {
            client::Event::Submitted { request, .. } => request.id == id,
            client::Event::Resent { id: it, .. }
            | client::Event::Busy { id: it, .. }
            | client::Event::Answered { id: it, .. }
            | client::Event::Ignored { id: it, .. } => *it == id,
        },
        What::Server(_, fact) => match fact {
            Fact::Queued(request) => request.id == id,
            Fact::Relayed(it, _) | Fact::Held(it) => *it == id,
            Fact::Replied(reply) => reply.id == id,
            Fact::Mined { block, .. } | Fact::Applied { block, .. } => holds(block, id),
            _ => false,
        },
        other => other.passage().is_some_and(|passage| match &*passage.packet {
            Packet::Request(request) | Packet::Relay { request, .. } => request.id == id,
            Packet::Reply(reply) => reply.id == id,
            Packet::Raft(_) => false,
        }),
    }
}

/// True if a request's transaction stands in a block.
pub fn holds(block: &Block, id: RequestId) -> bool {
    block.body().transactions.iter().any(|transaction| transaction.id == id)
}
