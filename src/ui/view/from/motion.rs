//! What moves, from the world's queue of messages and timers.

use crate::base::{Endpoint, Time};
use crate::channel::DropReason;
use crate::server::{PacketKind, Server};
use crate::sim::{Flight, Simulation};
use crate::trace::What;
use crate::ui::view::geometry::Point;
use crate::ui::view::stage::{Dial, LOST_MAX, MARKS_MAX, Mark, MarkKind, Motion, Stage};

pub fn of(simulation: &Simulation, stage: &Stage) -> Motion {
    let world = simulation.world();
    let now = world.now();
    let mut marks = Vec::new();
    let mut undrawn = 0;
    for (_, flight) in world.in_flight() {
        if marks.len() < MARKS_MAX {
            marks.push(mark(flight, stage, now));
        } else {
            undrawn += 1;
        }
    }
    marks.extend(lost(simulation, stage));
    let servers = stage.servers.iter().map(|node| world.server(node.id));
    let dials = servers.map(|server| {
        server.map_or(Dial::Still, |server| dial(server, world.local_time(server.id())))
    });
    Motion { marks, undrawn, dials: dials.collect() }
}

/// A message is where its share of the way lies: the time since it was sent, of the time that the
/// way takes. It leaves from the rim of its sender's shape and ends at its receiver's.
fn mark(flight: &Flight, stage: &Stage, now: Time) -> Mark {
    let (from, to) = (place(flight.from, stage), place(flight.to, stage));
    let way = flight.arrives_at.since(flight.sent_at).0.max(1) as f64;
    let part = (now.since(flight.sent_at).0 as f64 / way).clamp(0.0, 1.0);
    let length = from.distance(to).max(1.0);
    let rim = (stage.layout.measures.server / length).min(0.3);
    // Messages of opposite directions keep to opposite sides, as on a street.
    let aside = 3.0 / length;
    let at = from.towards(to, rim + part * (1.0 - 2.0 * rim));
    let at = Point { x: at.x - (to.y - from.y) * aside, y: at.y + (to.x - from.x) * aside };
    let kind = flight.packet.kind();
    Mark { at, kind: mark_kind(kind), reply: kind.is_reply() }
}

/// Messages that were lost a moment ago: a cross where the way ended.
fn lost(simulation: &Simulation, stage: &Stage) -> Vec<Mark> {
    let now = simulation.world().now();
    let moment = simulation.world().channel().settings().delay_max;
    let recent = simulation.trace().iter().rev().take_while(|event| now.since(event.at) < moment);
    let lost = recent.filter_map(|event| match &event.what {
        What::Dropped(passage, reason) => {
            let (from, to) = (place(passage.from, stage), place(passage.to, stage));
            let part = if *reason == DropReason::TargetDown { 0.8 } else { 0.26 };
            Some(Mark { at: from.towards(to, part), kind: MarkKind::Lost, reply: false })
        }
        _ => None,
    });
    lost.take(LOST_MAX).collect()
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

fn dial(server: &Server, now: Time) -> Dial {
    if let Some(mining) = server.mining() {
        return Dial::Mining(mining.attempts_by(now));
    }
    match server.raft().election_timer() {
        Some(timer) => {
            let whole = timer.deadline.since(timer.armed).0.max(1) as f64;
            Dial::Timer((timer.deadline.since(now).0 as f64 / whole).clamp(0.0, 1.0))
        }
        None => Dial::Still,
    }
}
