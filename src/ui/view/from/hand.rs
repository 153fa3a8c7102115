//! The message in hand, from the world, and once it is gone from the trace.

use super::motion::{manner, mark_kind};
use crate::base::Span;
use crate::raft::{AppendOutcome, Message};
use crate::server::Packet;
use crate::sim::{Flight, Simulation, World};
use crate::trace::{MessageId, What};
use crate::ui::view::hand::{Hand, Hands, Held};
use crate::ui::view::stage::Stage;
use crate::ui::view::timeline::clock;
use crate::ui::view::words::count;

/// How many events are looked through for what became of a message.
const LOOKED_THROUGH: usize = 4_000;

/// The delay that a press adds, where the network's own delays are not longer still.
const DELAY: Span = Span::ms(100);

impl Hands {
    /// The messages on their way, and the one in hand.
    pub fn of(simulation: &Simulation, held: Option<&Held>, stage: &Stage) -> Self {
        Self {
            in_flight: simulation.world().in_flight().count(),
            hand: held.map(|held| hand(simulation, held, stage)),
        }
    }
}

/// The message that arrives next after one, in either direction, or first or last of all.
pub fn neighbour(world: &World, from: Option<MessageId>, later: bool) -> Option<MessageId> {
    let order = |id: MessageId, flight: &Flight| (flight.arrives_at, id);
    let from = from.and_then(|id| Some(order(id, world.flight(id)?)));
    let all = || world.in_flight().map(|(id, flight)| order(id, flight));
    let found = match (from, later) {
        (Some(from), true) => all().filter(|it| *it > from).min().or_else(|| all().min()),
        (Some(from), false) => all().filter(|it| *it < from).max().or_else(|| all().max()),
        (None, true) => all().min(),
        (None, false) => all().max(),
    };
    found.map(|(_, id)| id)
}

fn hand(simulation: &Simulation, held: &Held, stage: &Stage) -> Hand {
    let world = simulation.world();
    let message = held.message;
    let measures = stage.layout.measures;
    let mut hand = Hand {
        message,
        name: format!("message m{}", message.0),
        way: String::new(),
        look: None,
        facts: Vec::new(),
        fate: "It is on its way no more.".to_owned(),
        flies: false,
        kept: held.kept,
        by: world.channel().settings().delay_max.max(DELAY),
        place: (held.at.x / measures.width, held.at.y / measures.height),
    };
    if let Some(flight) = world.flight(message) {
        hand.show(flight.from.to_string(), flight.to.to_string(), &flight.packet);
        hand.flies = true;
        hand.fate = flies(world, flight);
        return hand;
    }
    let end = simulation.trace().iter().rev().take(LOOKED_THROUGH).find_map(|event| {
        let (What::Arrived(passage) | What::Dropped(passage, _)) = &event.what else { return None };
        (passage.message == message).then_some((event, passage))
    });
    if let Some((event, passage)) = end {
        hand.show(passage.from.to_string(), passage.to.to_string(), &passage.packet);
        let at = clock(event.at);
        hand.fate = match &event.what {
            What::Dropped(_, reason) => format!("Dropped at {at}: {reason}."),
            _ => format!("Arrived at {at}."),
        };
    }
    hand
}

fn flies(world: &World, flight: &Flight) -> String {
    let now = world.now();
    if flight.arrives_at <= now {
        return format!("Waits before {}, which stands still.", flight.to);
    }
    let (left, at) = (flight.arrives_at.since(now), clock(flight.arrives_at));
    match world.channel().passes(flight.from, flight.to) {
        Ok(()) => format!("Arrives in {}, at {at}.", ms(left)),
        Err(reason) => format!("Will be lost in {}: {reason}.", ms(left)),
    }
}

impl Hand {
    fn show(&mut self, from: String, to: String, packet: &Packet) {
        let kind = packet.kind();
        self.name = format!("{} m{}", kind.name(), self.message.0);
        self.way = format!("{from} to {to}");
        self.look = Some((mark_kind(kind), manner(packet)));
        match packet {
            Packet::Raft(message) => {
                self.facts.push(("term", message.term().to_string()));
                self.facts.extend(facts(message));
            }
            Packet::Request(request) | Packet::Relay { request, .. } => {
                self.facts.push(("request", request.to_string()));
            }
            Packet::Reply(reply) => self.facts.push(("answer", reply.to_string())),
        }
    }
}

fn facts(message: &Message<crate::chain::Block>) -> Vec<(&'static str, String)> {
    let says = |yes: bool| if yes { "yes" } else { "no" }.to_owned();
    match message {
        Message::RequestVote(vote) => {
            let (index, term) = (vote.last_log.index, vote.last_log.term);
            vec![("log ends", format!("height {index}, term {term}"))]
        }
        Message::RequestVoteReply(reply) => vec![("vote", says(reply.granted))],
        Message::AppendEntries(append) => {
            let (index, term) = (append.prev_log.index, append.prev_log.term);
            let blocks = append.entries.len();
            let heights = match &append.entries[..] {
                [] => "none: a heartbeat".to_owned(),
                [one] => format!("height {}", one.height()),
                [first, .., last] => {
                    let (first, last) = (first.height(), last.height());
                    format!("{}, heights {first} to {last}", count(blocks, "block"))
                }
            };
            vec![
                ("after", format!("height {index}, term {term}")),
                ("blocks", heights),
                ("commit", append.leader_commit.to_string()),
            ]
        }
        Message::AppendEntriesReply(reply) => vec![match reply.outcome {
            AppendOutcome::Accepted { match_index } => {
                ("matches", format!("up to height {match_index}"))
            }
            AppendOutcome::Rejected { prev_index, .. } => {
                ("refused", format!("differs at height {prev_index}"))
            }
            AppendOutcome::Stale => ("refused", "the sender's term is over".to_owned()),
        }],
        Message::InstallSnapshot(part) => {
            let end = part.offset + part.data.len() as u64;
            vec![
                ("up to", format!("height {}, term {}", part.last.index, part.last.term)),
                ("bytes", format!("{} to {end} of {}", part.offset, part.total)),
            ]
        }
        Message::InstallSnapshotReply(reply) => {
            vec![
                ("up to", format!("height {}", reply.last.index)),
                ("has", format!("{} bytes", reply.received)),
            ]
        }
        Message::TimeoutNow(_) => vec![("says", "stand for election now".to_owned())],
        Message::ReadIndex(read) => vec![("read", read.id.0.to_string())],
        Message::ReadIndexReply(reply) => {
            vec![("read", reply.id.0.to_string()), ("must see", format!("height {}", reply.index))]
        }
    }
}

/// Milliseconds with one digit behind the point, and none from a hundred on.
fn ms(span: Span) -> String {
    match span.0 {
        us if us >= 100_000 => format!("{} ms", us / 1000),
        us => format!("{}.{} ms", us / 1000, us % 1000 / 100),
    }
}
