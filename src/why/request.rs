//! Where a request is, and why it is not answered.

use super::block::{self, being_mined};
use super::letter::{Fate, Letter};
use super::scene::{Scene, is_leader};
use super::trail::{Trail, holds};
use super::words::{count, moment, took};
use super::{Answer, Claim, Reason, committed, leader, read};
use crate::bank::{Operation, RequestId, Seen, Verdict};
use crate::base::{Endpoint, Index, ServerId};
use crate::chain::Block;
use crate::client::{self, RequestState, Status};
use crate::server::{Fact, Packet, Server};
use crate::sim::Flight;
use crate::trace::{MessageId, What};

/// How many lost sendings are told of.
const MISHAPS: usize = 3;

/// Where a request is and what it waits for; or how it was answered.
pub fn answer(scene: &Scene<'_>, id: RequestId) -> Answer {
    let Some(client) = scene.world.client(id.client) else {
        return Answer::nothing(format!("There is no client {} in this bank.", id.client));
    };
    let requests = client.requests();
    let Some(state) = requests.iter().find(|state| state.request.id == id) else {
        return unknown(id, &requests);
    };
    let trail = Trail::of(scene, id);
    let mut answer = match &state.status {
        Status::Done { verdict, at } => {
            let after = took(at.since(state.submitted_at));
            answered(scene, &trail, state, verdict, &after)
        }
        Status::Pending => {
            let place = match state.request.operation {
                Operation::Transfer { .. } => transfer(scene, &trail, id),
                Operation::Balance => balance(scene, &trail, id),
            };
            waits(scene, &trail, state, place)
        }
    };
    answer.path = trail.legs(&state.request.operation);
    if trail.submitted().is_none() {
        return answer.lacking("How it began", scene.trace);
    }
    answer
}

/// How a request stands, if its client still knows of it.
pub fn state<'a>(scene: &Scene<'a>, id: RequestId) -> Option<&'a RequestState> {
    scene.world.client(id.client)?.requests().into_iter().find(|state| state.request.id == id)
}

fn unknown(id: RequestId, requests: &[&RequestState]) -> Answer {
    let client = id.client;
    let headline = match (requests.first(), requests.last()) {
        (Some(first), Some(last)) => format!(
            "Nothing is kept of {id}: {client}'s requests go from #{} to #{}.",
            first.request.id.seq, last.request.id.seq
        ),
        _ => format!("{client} has not asked for anything yet."),
    };
    Answer::nothing(headline)
}

/// Where a request is: the rest of the headline, what it rests on, and what would help.
pub struct Place {
    pub text: String,
    pub reasons: Vec<Reason>,
    pub remedies: Vec<String>,
}

impl Place {
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), reasons: Vec::new(), remedies: Vec::new() }
    }

    pub fn because(mut self, reasons: impl IntoIterator<Item = Reason>) -> Self {
        self.reasons.extend(reasons);
        self
    }

    pub fn try_this(mut self, remedies: impl IntoIterator<Item = String>) -> Self {
        self.remedies.extend(remedies);
        self
    }
}

fn waits(scene: &Scene<'_>, trail: &Trail<'_>, state: &RequestState, place: Place) -> Answer {
    let id = state.request.id;
    let headline = format!("{id} waits: {}", place.text);
    let client = scene.world.client(id.client);
    let resend = client.and_then(|client| client.resend_at(id.seq)).map(|at| {
        let left = took(at.since(scene.now()));
        let tries = match state.attempts {
            1 => "once".to_owned(),
            2 => "twice".to_owned(),
            more => format!("{more} times"),
        };
        Reason::new(format!(
            "{} has sent it {tries}, and sends it again in {left} if no answer comes.",
            id.client
        ))
    });
    let busy =
        trail.newest(None, |what| matches!(what, What::Client(_, client::Event::Busy { .. })));
    let busy = busy.and_then(|event| match &event.what {
        What::Client(_, client::Event::Busy { from, .. }) => Some(
            Reason::new(format!(
                "{from} was too busy for it at {}: its queue was full.",
                moment(event.at)
            ))
            .at([event.id]),
        ),
        _ => None,
    });
    Answer::new(headline, Claim::Waits { request: id })
        .because(place.reasons)
        .because(busy)
        .because(trail.mishaps(MISHAPS))
        .because(resend)
        .try_this(place.remedies)
}

fn answered(
    scene: &Scene<'_>,
    trail: &Trail<'_>,
    state: &RequestState,
    verdict: &Verdict,
    after: &str,
) -> Answer {
    let id = state.request.id;
    let headline = format!("{id} was answered after {after}: {verdict}.");
    let answer = Answer::new(headline, Claim::Answered { request: id });
    let reason = match verdict {
        Verdict::Committed { height } => committed_at(scene, *height),
        Verdict::Refused { height, .. } => Some(
            Reason::new(format!(
                "Its place in block {height} decided: there the money was not there."
            ))
            .because(committed_at(scene, *height)),
        ),
        Verdict::Balance { .. } => Some(Reason::new(
            "Before it was read, a majority confirmed who leads (dissertation §6.4).",
        )),
        Verdict::Invalid { .. } => {
            Some(Reason::new("It could never be valid, so the first server refused it at once."))
        }
        Verdict::Stale { .. } => Some(Reason::new(
            "The bank has seen this number before, answered since or for another request: what the \
             client kept is older.",
        )),
        Verdict::Busy => None,
    };
    let replied = trail.newest(None, |what| matches!(what, What::Server(_, Fact::Replied(_))));
    let by = replied.and_then(|event| Some((event, event.what.server()?))).map(|(event, who)| {
        Reason::new(format!("{who} answered it at {}.", moment(event.at))).at([event.id])
    });
    answer.because(reason).because(by).because(trail.mishaps(MISHAPS))
}

/// How the committed block at a height came about.
fn committed_at(scene: &Scene<'_>, height: Index) -> Option<Reason> {
    let knows = scene
        .up()
        .find(|server| server.raft().commit() >= height && server.block_at(height).is_some())?;
    let inner = committed::answer(scene, knows.id(), knows.block_at(height)?);
    Some(Reason::new(inner.headline).because(inner.reasons))
}

/// Where a transfer is that waits, the farthest place first.
fn transfer(scene: &Scene<'_>, trail: &Trail<'_>, id: RequestId) -> Place {
    if let Some(height) = executed(scene, trail, id) {
        return reply_is_missing(scene, trail, height);
    }
    if let Some((holder, block)) = in_a_log(scene, id) {
        let inner = block::about(scene, holder, block);
        let text =
            format!("it stands in block {} of {holder}, which is not committed.", block.height());
        return Place::new(text)
            .because([Reason::new(inner.headline).because(inner.reasons)])
            .try_this(inner.remedies);
    }
    let miner = scene.up().find(|server| {
        let body = server.mining().map(|mining| mining.candidate().body());
        body.is_some_and(|body| body.transactions.iter().any(|one| one.id == id))
    });
    if let Some(server) = miner {
        let height = server.mining().map_or(Index::ZERO, |mining| mining.height());
        let text = format!("{} is mining block {height} with it.", server.id());
        let hardly = leader::hardly_leads(scene, server);
        return Place::new(text).because([being_mined(scene, server)]).because(hardly);
    }
    in_a_queue(scene, trail, id)
        .or_else(|| reply_under_way(scene, trail))
        .or_else(|| under_way(scene, id, "transfer"))
        .or_else(|| reply_lost(scene, trail))
        .or_else(|| sent_away(scene, trail, id))
        .unwrap_or_else(|| nowhere(scene, trail, id))
}

/// The height of the committed block with the request's outcome.
fn executed(scene: &Scene<'_>, trail: &Trail<'_>, id: RequestId) -> Option<Index> {
    let known = scene.up().find_map(|server| match server.committed_ledger().seen(id) {
        Seen::Recorded { height, .. } => Some(height),
        Seen::Fresh | Seen::Forgotten { .. } => None,
    });
    known.or_else(|| trail.applied().map(|(_, block)| block.height()))
}

/// A block with it that is not applied where it stands: of the newest leader first.
fn in_a_log<'a>(scene: &Scene<'a>, id: RequestId) -> Option<(ServerId, &'a Block)> {
    let leader = scene.newest_leader();
    leader.into_iter().chain(scene.up()).find_map(|server| {
        let log = server.raft().log().between(server.applied(), server.raft().last_index());
        let block = log.iter().rev().find(|block| holds(block, id))?;
        Some((server.id(), block))
    })
}

/// It waits in a server's queue.
fn in_a_queue(scene: &Scene<'_>, trail: &Trail<'_>, id: RequestId) -> Option<Place> {
    let position = |server: &Server| server.mempool().iter().position(|one| one.id == id);
    let leader = scene.newest_leader();
    let (server, ahead) = leader
        .into_iter()
        .chain(scene.up())
        .find_map(|server| Some((server, position(server)?)))?;
    let who = server.id();
    let taken = trail.newest(
        None,
        |what| matches!(what, What::Server(it, Fact::Queued(_) | Fact::Held(_)) if *it == who),
    );
    let long =
        taken.map_or(String::new(), |event| format!(" for {}", took(scene.now().since(event.at))));
    let moments = taken.map(|event| event.id);
    if !is_leader(server) {
        let text = format!("{who} holds it until it knows a leader.");
        let why = super::server::answer(scene, who);
        let held = Reason::new(format!("{who} has held it{long}.")).at(moments);
        return Some(
            Place::new(text)
                .because([held, Reason::new(why.headline).because(why.reasons)])
                .try_this(why.remedies),
        );
    }
    let text = match ahead {
        0 => format!("it is the first in the queue of {who}."),
        number => format!("it is in the queue of {who}, behind {}.", count(number, "other")),
    };
    let queued = Reason::new(format!("{who} has had it in its queue{long}.")).at(moments);
    let now = match server.mining() {
        Some(_) => Some(being_mined(scene, server)),
        None => server.raft().transferee().map(|to| {
            Reason::new(format!("{who} mines nothing while it hands its leadership over to {to}."))
        }),
    };
    let ahead = (server.raft().last_index() > server.raft().commit()).then(|| {
        let next = server.raft().commit().next();
        let block = server.block_at(next)?;
        let inner = block::about(scene, who, block);
        Some(Reason::new(inner.headline).because(inner.reasons))
    });
    Some(Place::new(text).because([queued]).because(now).because(ahead.flatten()))
}

/// A message with it is on its way.
fn under_way(scene: &Scene<'_>, id: RequestId, what: &str) -> Option<Place> {
    let carries = |flight: &Flight| match &*flight.packet {
        Packet::Relay { request, .. } | Packet::Request(request) => request.id == id,
        Packet::Raft(_) | Packet::Reply(_) => false,
    };
    let flights = scene.world.in_flight().filter(|(_, flight)| carries(flight));
    // What was passed on has come farther.
    let is_relay = |flight: &Flight| matches!(&*flight.packet, Packet::Relay { .. });
    let (message, flight) = flights.max_by_key(|(_, flight)| is_relay(flight))?;
    let (from, to) = (flight.from, flight.to);
    let text = if flight.arrives_at <= scene.now() {
        format!("it waits before {to}, which stands still.")
    } else if is_relay(flight) {
        format!("{from} has passed it on to {to}.")
    } else {
        format!("it is on its way to {to}.")
    };
    let halted = match to {
        Endpoint::Server(server) => scene.halted(server),
        Endpoint::Client(_) => None,
    };
    let sent = sending(scene, message);
    let letter =
        sent.and_then(|letter| scene.not_arrived(&letter, &format!("{from}'s {what} to {to}")));
    Some(Place::new(text).because(letter).because(halted))
}

fn sending<'a>(scene: &Scene<'a>, message: MessageId) -> Option<Letter<'a>> {
    let event = scene.newest(|what| match what {
        What::Sent(passage) | What::Duplicated(passage) => passage.message == message,
        _ => false,
    })?;
    match &event.what {
        What::Sent(_) => scene.letter(event),
        _ => scene.letter(scene.sending(event)?),
    }
}

/// It is committed, and the client does not know.
fn reply_is_missing(scene: &Scene<'_>, trail: &Trail<'_>, height: Index) -> Place {
    let Some(reply) = trail.replies().find(|reply| !is_busy(reply)) else {
        let why = "Whoever led when it was committed went down or was deposed before it answered. \
                   A leader that gets the request again answers at once.";
        return Place::new(format!(
            "it is committed at height {height}, but nobody has answered yet."
        ))
        .because([Reason::new(why)])
        .because(committed_at(scene, height));
    };
    let text = match reply.fate {
        Fate::OnItsWay(..) => {
            format!("it is committed at height {height}, and the reply is on its way.")
        }
        _ => format!("it is committed at height {height}, but the reply was lost."),
    };
    Place::new(text).because(missing(scene, &reply)).because(committed_at(scene, height))
}

/// No server and no message has it.
fn nowhere(scene: &Scene<'_>, trail: &Trail<'_>, id: RequestId) -> Place {
    let place = will_send_again(id);
    let last = trail.newest(None, |what| {
        matches!(
            what,
            What::Server(
                _,
                Fact::Queued(_) | Fact::Held(_) | Fact::Relayed(..) | Fact::Mined { .. }
            )
        )
    });
    let Some(last) = last else { return place.because(silent(scene, trail)) };
    let Some(who) = last.what.server() else { return place };
    let reason = match &last.what {
        What::Server(_, Fact::Relayed(_, to)) => {
            let relay = scene.newest_letter(|passage| {
                passage.from == Endpoint::Server(who)
                    && matches!(&*passage.packet, Packet::Relay { request, .. } if request.id == id)
            });
            let lost = relay
                .and_then(|letter| scene.not_arrived(&letter, &format!("{who}'s relay to {to}")));
            lost.unwrap_or_else(|| {
                Reason::new(format!("{who} passed it on to {to}, which has kept it no longer."))
                    .at([last.id])
            })
        }
        What::Server(_, Fact::Mined { block, .. }) => {
            let inner = super::fate::gone(scene, who, block);
            Reason::new(inner.headline).because(inner.reasons).at([last.id])
        }
        _ => {
            let went_down = scene.ended(who).filter(|event| event.id > last.id);
            let text = match went_down {
                Some(event) => {
                    format!("{who} had it in its queue when it went down at {}.", moment(event.at))
                }
                None => format!("{who} had it in its queue, and has it no longer."),
            };
            Reason::new(text).at([last.id]).at(went_down.map(|event| event.id))
        }
    };
    place.because([reason])
}

/// The newest answer was that a server has no room for it.
fn sent_away(scene: &Scene<'_>, trail: &Trail<'_>, id: RequestId) -> Option<Place> {
    let reply = trail.replies().next().filter(is_busy)?;
    let (from, client) = (reply.passage.from, id.client);
    if trail.attempts().next().is_some_and(|again| again.sent.id > reply.sent.id) {
        return None;
    }
    let text = match reply.fate {
        Fate::Arrived(_) => {
            format!("{from} had no room for it, and {client} waits before asking again.")
        }
        _ => format!("{from} had no room for it."),
    };
    Some(Place::new(text).because(missing(scene, &reply)))
}

fn is_busy(reply: &Letter<'_>) -> bool {
    matches!(&*reply.passage.packet, Packet::Reply(reply) if reply.verdict == Verdict::Busy)
}

/// It reached a server that did nothing with it.
fn silent(scene: &Scene<'_>, trail: &Trail<'_>) -> Option<Reason> {
    // Of what happened before, nothing can be said that is not in the trace.
    trail.submitted()?;
    let arrived = trail.attempts().find_map(|letter| match letter.fate {
        Fate::Arrived(event) => Some((event, letter.passage.to)),
        _ => None,
    })?;
    let (event, to) = arrived;
    let text =
        format!("{to} got it {}, but knew no leader and had no room to keep it.", scene.ago(event));
    Some(Reason::new(text).at([event.id]))
}

/// Where a balance check is that waits.
fn balance(scene: &Scene<'_>, trail: &Trail<'_>, id: RequestId) -> Place {
    let reader = scene.up().find_map(|server| {
        let (read, _) = server.waiting_reads().find(|(_, request)| *request == id)?;
        Some((server, read))
    });
    if let Some((server, read)) = reader {
        return read::place(scene, server, read);
    }
    in_a_queue(scene, trail, id)
        .or_else(|| reply_under_way(scene, trail))
        .or_else(|| under_way(scene, id, "balance check"))
        .or_else(|| reply_lost(scene, trail))
        .or_else(|| sent_away(scene, trail, id))
        .unwrap_or_else(|| lost_read(scene, trail, id))
}

/// It is answered, without a place in a block.
fn reply_under_way(scene: &Scene<'_>, trail: &Trail<'_>) -> Option<Place> {
    let reply = trail.replies().next().filter(|reply| !is_busy(reply))?;
    let is_under_way = matches!(reply.fate, Fate::OnItsWay(..));
    is_under_way.then(|| {
        Place::new("it is answered, and the reply is on its way.").because(missing(scene, &reply))
    })
}

fn reply_lost(scene: &Scene<'_>, trail: &Trail<'_>) -> Option<Place> {
    let reply = trail.replies().next().filter(|reply| !is_busy(reply))?;
    Some(Place::new("it was answered, but the reply was lost.").because(missing(scene, &reply)))
}

/// Where a reply is that has not come.
fn missing(scene: &Scene<'_>, reply: &Letter<'_>) -> Option<Reason> {
    let (from, to) = (reply.passage.from, reply.passage.to);
    scene.not_arrived(reply, &format!("{from}'s reply to {to}"))
}

/// No server and no message has a balance check.
fn lost_read(scene: &Scene<'_>, trail: &Trail<'_>, id: RequestId) -> Place {
    let arrived = trail.attempts().find_map(|letter| match letter.fate {
        Fate::Arrived(event) => Some((event, letter.passage.to)),
        _ => None,
    });
    let lost = arrived.map(|(event, to)| {
        let text = format!(
            "{to} got it {}, and lost it with the leader that should have confirmed it, or when \
             it went down.",
            scene.ago(event)
        );
        Reason::new(text).at([event.id])
    });
    will_send_again(id).because(lost)
}

fn will_send_again(id: RequestId) -> Place {
    Place::new(format!("nobody has it, and {} will send it again.", id.client))
}
