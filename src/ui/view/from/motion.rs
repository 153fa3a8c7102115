//! What moves, from the world's queue of messages and timers.

use crate::base::{Endpoint, Span, Time};
use crate::chain::Header;
use crate::channel::DropReason;
use crate::raft::{AppendOutcome, Message};
use crate::server::{Packet, PacketKind, Server};
use crate::sim::{Flight, Simulation, World};
use crate::trace::{Event, MessageId, Passage, What};
use crate::ui::view::geometry::Point;
use crate::ui::view::motion::{
    Dial, DiskState, LOST_MAX, MARKS_MAX, Manner, Mark, MarkKind, Motion,
};
use crate::ui::view::stage::Stage;

/// How many events are looked through for what happened a moment ago.
const RECENT_MAX: usize = 400;

pub fn of(simulation: &Simulation, stage: &Stage) -> Motion {
    let world = simulation.world();
    let now = world.now();
    let mut marks = Vec::new();
    let mut undrawn = 0;
    for (message, flight) in world.in_flight() {
        if marks.len() < MARKS_MAX {
            marks.push(mark(message, flight, stage, now));
        } else {
            undrawn += 1;
        }
    }
    let servers = stage.servers.iter().map(|node| world.server(node.id));
    let dials = servers.map(|server| {
        server.map_or(Dial::Still, |server| dial(server, world.local_time(server.id())))
    });
    let (dials, disks) = (dials.collect(), disks(world, stage));
    let mut motion = Motion { marks, undrawn, dials, disks };
    add_recent(&mut motion, simulation, stage);
    motion
}

/// A message is where its share of the way lies: the time since it was sent, of the time that the
/// way takes.
fn mark(message: MessageId, flight: &Flight, stage: &Stage, now: Time) -> Mark {
    let way = flight.arrives_at.since(flight.sent_at).0.max(1) as f64;
    let part = (now.since(flight.sent_at).0 as f64 / way).clamp(0.0, 1.0);
    let at = on_the_way(flight.from, flight.to, part, stage);
    let kind = flight.packet.kind();
    Mark { at, kind: mark_kind(kind), manner: manner(&flight.packet), message }
}

/// A message leaves from the rim of its sender's shape and ends at its receiver's. Messages of
/// opposite directions keep to opposite sides, as on a street.
fn on_the_way(from: Endpoint, to: Endpoint, part: f64, stage: &Stage) -> Point {
    let (from, to) = (place(from, stage), place(to, stage));
    let length = from.distance(to).max(1.0);
    let rim = (stage.layout.measures.server / length).min(0.3);
    let aside = 3.0 / length;
    let at = from.towards(to, rim + part * (1.0 - 2.0 * rim));
    Point { x: at.x - (to.y - from.y) * aside, y: at.y + (to.x - from.x) * aside }
}

/// What is drawn of what happened a moment ago: a cross where a message was lost, and the pulse of
/// a sync that ended.
fn add_recent(motion: &mut Motion, simulation: &Simulation, stage: &Stage) {
    let now = simulation.world().now();
    let moment = simulation.world().channel().settings().delay_max;
    let recent = simulation.trace().iter().rev().take(RECENT_MAX);
    let mut lost = 0;
    for event in recent.take_while(|event| now.since(event.at) < moment) {
        match &event.what {
            What::Dropped(passage, reason) if lost < LOST_MAX => {
                lost += 1;
                motion.marks.push(cross(simulation, event, passage, *reason, stage));
            }
            What::Persisted(server, _) => {
                let place = stage.servers.iter().position(|node| node.id == *server);
                if let Some(disk) = place.and_then(|place| motion.disks.get_mut(place)) {
                    let part = now.since(event.at).0 as f64 / moment.0.max(1) as f64;
                    disk.pulse = disk.pulse.min(part);
                }
            }
            _ => {}
        }
    }
}

/// The cross of a lost message: near its sender if it was lost at once, near its receiver if it was
/// not let in, and where it was if somebody took it off the link.
fn cross(
    simulation: &Simulation,
    event: &Event,
    passage: &Passage,
    reason: DropReason,
    stage: &Stage,
) -> Mark {
    let sent = event.cause.and_then(|cause| simulation.trace().get(cause));
    let at_once = sent.is_some_and(|sent| sent.at == event.at);
    let part = match reason {
        DropReason::Removed => part_when_removed(simulation, event, passage),
        _ if at_once => 0.12,
        DropReason::Cut | DropReason::Partition => 0.7,
        _ => 0.92,
    };
    let at = on_the_way(passage.from, passage.to, part, stage);
    let (kind, manner) = (MarkKind::Lost, Manner::Request);
    Mark { at, kind, manner, message: passage.message }
}

/// How far a message had come when somebody took it off. When it would have arrived is known no
/// more, so that its link's middle delay stands for its own.
fn part_when_removed(simulation: &Simulation, event: &Event, passage: &Passage) -> f64 {
    let is_it = |earlier: &&Event| match &earlier.what {
        What::Sent(it) | What::Duplicated(it) => it.message == passage.message,
        _ => false,
    };
    let sent = simulation.trace().iter().rev().take(RECENT_MAX).find(is_it);
    let link = simulation.world().channel().link(passage.from, passage.to);
    let way = Span((link.delay_min.0 + link.delay_max.0) / 2).0.max(1) as f64;
    sent.map_or(0.5, |sent| (event.at.since(sent.at).0 as f64 / way).clamp(0.05, 0.95))
}

fn place(end: Endpoint, stage: &Stage) -> Point {
    match end {
        Endpoint::Server(id) => stage.layout.server(id),
        Endpoint::Client(id) => stage.layout.client(id),
    }
}

/// What a message looks like.
pub(super) fn mark_kind(kind: PacketKind) -> MarkKind {
    match kind {
        PacketKind::VoteRequest
        | PacketKind::VoteReply
        | PacketKind::PreVoteRequest
        | PacketKind::PreVoteReply
        | PacketKind::TimeoutNow => MarkKind::Vote,
        PacketKind::Heartbeat | PacketKind::ReadIndex | PacketKind::ReadIndexReply => {
            MarkKind::Heartbeat
        }
        PacketKind::Append
        | PacketKind::AppendReply
        | PacketKind::Snapshot
        | PacketKind::SnapshotReply => MarkKind::Append,
        PacketKind::Request | PacketKind::Relay | PacketKind::Reply => MarkKind::Client,
    }
}

/// Requests are solid, answers hollow, and one that says no has a bar.
pub(super) fn manner(packet: &Packet) -> Manner {
    let refuses = match packet {
        Packet::Raft(Message::RequestVoteReply(reply)) => !reply.granted,
        Packet::Raft(Message::AppendEntriesReply(reply)) => {
            !matches!(reply.outcome, AppendOutcome::Accepted { .. })
        }
        _ => false,
    };
    match packet.kind().is_reply() {
        true if refuses => Manner::Refusal,
        true => Manner::Reply,
        false => Manner::Request,
    }
}

fn dial(server: &Server, now: Time) -> Dial {
    if let Some(mining) = server.mining() {
        let attempts = mining.attempts_by(now);
        let header = Header { nonce: attempts.saturating_sub(1), ..*mining.candidate().header() };
        let [first, second, third, fourth, ..] = header.hash().0;
        return Dial::Mining(attempts, u32::from_be_bytes([first, second, third, fourth]));
    }
    match server.raft().election_timer() {
        Some(timer) => {
            let whole = timer.deadline.since(timer.armed).0.max(1) as f64;
            Dial::Timer((timer.deadline.since(now).0 as f64 / whole).clamp(0.0, 1.0))
        }
        None => Dial::Still,
    }
}

fn disks(world: &World, stage: &Stage) -> Vec<DiskState> {
    let disks = stage.servers.iter().map(|node| {
        let up = world.node(node.id).filter(|node| node.server().is_some());
        DiskState { unsynced: up.map_or(0, |node| node.disk().staged().len()), pulse: 1.0 }
    });
    disks.collect()
}
