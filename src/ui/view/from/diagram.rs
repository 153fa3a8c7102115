//! The space-time diagram, from the trace.

use super::diagram_bands::Bands;
use super::lanes::source;
use super::{Watch, faults, motion};
use crate::base::{Endpoint, Time};
use crate::channel::DropReason;
use crate::client;
use crate::server::{Fact, PacketKind};
use crate::sim::Simulation;
use crate::sim::history::Branches;
use crate::trace::{Event, EventId, Passage, What};
use crate::ui::view::diagram::{
    Deed, Diagram, EVENTS_MAX, Fate, HEARTBEATS_MAX, KINDS, Lane, Line, Mark, Readout, place_of,
};
use crate::ui::view::geometry::Form;
use crate::ui::view::lanes::{Horizon, Window};
use crate::ui::view::motion::MarkKind;
use crate::ui::view::timeline::clock;

/// How many events after a window are searched for the arrivals of what was sent in it.
const LOOKED_AHEAD: usize = 3_000;

/// What it shows of the stretch that is looked at.
pub fn of(branches: &Branches, watch: &Watch) -> Diagram {
    let simulation = source(branches);
    let (horizon, view) = (Horizon::of(branches), &watch.explore.lanes);
    let window = view.window(&horizon);
    let trace = simulation.trace();
    let in_window = || trace.since(window.from).take_while(|event| event.at <= window.to);
    let (first, last) = (in_window().next(), trace.since(Time(window.to.0 + 1)).next());
    let end = last.map_or(trace.last_id().0 + 1, |event| event.id.0);
    let events = first.map_or(0, |event| end.saturating_sub(event.id.0));
    let mut scene = Scene::new(simulation, window);
    let mut bands = Bands::new(simulation, window);
    let is_crowded = events as usize > EVENTS_MAX;
    for event in in_window() {
        bands.hear(event);
        scene.mark(event);
        if !is_crowded {
            scene.pass(event);
        }
    }
    if !is_crowded {
        scene.look_ahead();
    }
    scene.judge();
    let Scene { lines, marks, .. } = scene;
    let mut counts = [0; KINDS.len()];
    lines.iter().for_each(|line| counts[place_of(line.kind)] += 1);
    let shown = shown(&watch.explore.diagram.wished, &counts, watch.form);
    let (bands, works) = bands.finish();
    Diagram {
        horizon,
        window,
        buttons: view.buttons(&horizon),
        lanes: lanes(simulation),
        bands,
        works,
        lines: lines.into_iter().filter(|line| shown[place_of(line.kind)]).collect(),
        marks,
        faults: faults::of(branches, &window),
        shown,
        counts,
        events: events as usize,
        forgotten: trace.forgotten(),
        jumped: watch.jumped,
        readout: watch.explore.diagram.pointed.and_then(|event| readout(simulation, event)),
    }
}

/// Which kinds are shown: as somebody wished, and heartbeats while they are few for the room.
fn shown(
    wished: &[Option<bool>; KINDS.len()],
    counts: &[usize],
    form: Form,
) -> [bool; KINDS.len()] {
    let most = if form == Form::Narrow { HEARTBEATS_MAX / 4 } else { HEARTBEATS_MAX };
    KINDS.map(|kind| {
        let place = place_of(kind);
        let is_sparse = kind != MarkKind::Heartbeat || counts[place] <= most;
        wished[place].unwrap_or(is_sparse)
    })
}

fn lanes(simulation: &Simulation) -> Vec<Lane> {
    let servers = simulation.world().nodes().map(|(id, _)| (id.to_string(), true));
    let clients = simulation.world().clients().map(|client| (client.id().to_string(), false));
    servers.chain(clients).map(|(name, is_server)| Lane { name, is_server }).collect()
}

/// What an event says, in words.
pub fn readout(simulation: &Simulation, event: u64) -> Option<Readout> {
    let trace = simulation.trace();
    let event = trace.get(EventId(event))?;
    let sent = match &event.what {
        What::Arrived(_) | What::Dropped(..) | What::Tampered(_) => sending(simulation, event),
        _ => None,
    };
    let way = sent.filter(|sent| sent.at < event.at).map(|sent| {
        let us = event.at.since(sent.at).0;
        format!("after {}.{} ms", us / 1000, us / 100 % 10)
    });
    Some(Readout {
        event: event.id.0,
        at: event.at,
        when: clock(event.at),
        what: event.what.to_string(),
        way,
    })
}

/// The event with which a message that arrived or got lost began its way.
fn sending<'a>(simulation: &'a Simulation, event: &'a Event) -> Option<&'a Event> {
    let mut cause = simulation.trace().get(event.cause?)?;
    if matches!(cause.what, What::Tampered(_)) {
        cause = simulation.trace().get(cause.cause?)?;
    }
    matches!(cause.what, What::Sent(_) | What::Duplicated(_)).then_some(cause)
}

/// What is seen of messages and deeds.
struct Scene<'a> {
    simulation: &'a Simulation,
    window: Window,
    servers: u8,
    /// Those sent in the window come first, in the order of their numbers.
    lines: Vec<Line>,
    marks: Vec<Mark>,
    /// Those that were sent before it.
    earlier: Vec<Line>,
}

impl<'a> Scene<'a> {
    fn new(simulation: &'a Simulation, window: Window) -> Self {
        let servers = simulation.world().nodes().count() as u8;
        let (lines, marks, earlier) = (Vec::new(), Vec::new(), Vec::new());
        Self { simulation, window, servers, lines, marks, earlier }
    }

    /// Whose lane it is. Servers and clients are numbered from 1 on, without gaps.
    fn lane(&self, end: Endpoint) -> u8 {
        match end {
            Endpoint::Server(id) => id.number() - 1,
            Endpoint::Client(id) => self.servers + id.number() - 1,
        }
    }

    /// Takes note of a message's sending, or of its end.
    fn pass(&mut self, event: &Event) {
        match &event.what {
            What::Sent(passage) | What::Duplicated(passage) => {
                let line = self.line(event, passage);
                self.lines.push(line);
            }
            What::Arrived(passage) => self.end(event, passage, Fate::Arrived),
            What::Dropped(passage, reason) => {
                let fate = Fate::Lost(self.lost_at(event, *reason));
                self.end(event, passage, fate);
            }
            _ => {}
        }
    }

    fn line(&self, event: &Event, passage: &Passage) -> Line {
        let kind = passage.packet.kind();
        let answers_heartbeat = kind == PacketKind::AppendReply && self.answers_heartbeat(event);
        Line {
            message: passage.message.0,
            from: self.lane(passage.from),
            to: self.lane(passage.to),
            sent: event.at,
            ends: event.at,
            fate: Fate::Beyond,
            kind: if answers_heartbeat { MarkKind::Heartbeat } else { motion::mark_kind(kind) },
            reply: kind.is_reply(),
            event: event.id.0,
            end_event: event.id.0,
        }
    }

    fn answers_heartbeat(&self, event: &Event) -> bool {
        let cause = event.cause.and_then(|cause| self.simulation.trace().get(cause));
        let passage = cause.and_then(|cause| cause.what.passage());
        passage.is_some_and(|passage| passage.packet.kind() == PacketKind::Heartbeat)
    }

    /// How far a message came that got lost, in thousandths of its way.
    fn lost_at(&self, event: &Event, reason: DropReason) -> u16 {
        match reason {
            DropReason::TargetDown | DropReason::Backlog | DropReason::Corrupted => 1000,
            _ => {
                let Some(sent) = sending(self.simulation, event) else { return 0 };
                let usual = self.simulation.world().channel().settings().delay_max.0.max(1);
                let part = event.at.since(sent.at).0 * 1000 / usual;
                part.min(900) as u16
            }
        }
    }

    fn end(&mut self, event: &Event, passage: &Passage, fate: Fate) {
        let message = passage.message.0;
        let sent = self.lines.binary_search_by_key(&message, |line| line.message);
        let ended = |line: &mut Line| {
            (line.ends, line.fate, line.end_event) = (event.at, fate, event.id.0);
        };
        match sent {
            Ok(place) => ended(&mut self.lines[place]),
            Err(_) => {
                let Some(sent) = sending(self.simulation, event) else { return };
                let Some(passage) = sent.what.passage() else { return };
                let mut line = self.line(sent, passage);
                ended(&mut line);
                self.earlier.push(line);
            }
        }
    }

    /// What was sent in the window may arrive after it, or be on its way still.
    fn look_ahead(&mut self) {
        let mut missing = self.lines.iter().filter(|line| line.fate == Fate::Beyond).count();
        let trace = self.simulation.trace();
        for event in trace.since(Time(self.window.to.0 + 1)).take(LOOKED_AHEAD) {
            if missing == 0 {
                break;
            }
            if let What::Arrived(passage) | What::Dropped(passage, _) = &event.what
                && self.lines.binary_search_by_key(&passage.message.0, |line| line.message).is_ok()
            {
                self.pass(event);
                missing -= 1;
            }
        }
        for line in self.lines.iter_mut().filter(|line| line.fate == Fate::Beyond) {
            let message = crate::trace::MessageId(line.message);
            match self.simulation.world().flight(message) {
                Some(flight) => (line.ends, line.fate) = (flight.arrives_at, Fate::Flying),
                None => line.ends = self.window.to,
            }
        }
        self.fly_from_before();
        self.lines.append(&mut self.earlier);
    }

    /// What was sent before the window and is on its way when the run ends.
    fn fly_from_before(&mut self) {
        let world = self.simulation.world();
        for (message, flight) in world.in_flight() {
            if flight.sent_at >= self.window.from || flight.arrives_at < self.window.from {
                continue;
            }
            let trace = self.simulation.trace();
            let sent = trace.since(flight.sent_at).take_while(|it| it.at <= flight.sent_at);
            let mut own =
                sent.filter(|it| it.what.passage().is_some_and(|it| it.message == message));
            if let Some((event, passage)) = own.next().and_then(|it| Some((it, it.what.passage()?)))
            {
                let line = self.line(event, passage);
                let (ends, fate) = (flight.arrives_at, Fate::Flying);
                self.earlier.push(Line { ends, fate, ..line });
            }
        }
    }

    /// Takes note of what somebody did.
    fn mark(&mut self, event: &Event) {
        let Some((end, kind)) = deed(&event.what) else { return };
        // At the beginning of a run nobody comes back.
        if kind == Deed::Recovered && event.cause.is_none() {
            return;
        }
        let (lane, at, event) = (self.lane(end), event.at, event.id.0);
        self.marks.push(Mark { lane, at, kind, event });
    }

    /// Marks the promises that were broken in the window, each where it came to light.
    fn judge(&mut self) {
        for violation in self.simulation.judges().violations() {
            let event = self.simulation.trace().get(violation.event);
            let end = event.and_then(|event| match &event.what {
                What::Client(id, _) => Some(Endpoint::Client(*id)),
                what => what
                    .server()
                    .map(Endpoint::Server)
                    .or(what.passage().map(|passage| passage.from)),
            });
            if let Some(end) = end.filter(|_| self.window.holds(violation.at)) {
                let (lane, at, kind) = (self.lane(end), violation.at, Deed::Violated);
                self.marks.push(Mark { lane, at, kind, event: violation.event.0 });
            }
        }
    }
}

/// What somebody did, and who.
fn deed(what: &What) -> Option<(Endpoint, Deed)> {
    match what {
        What::Server(id, fact) => {
            let deed = match fact {
                Fact::Recovered { .. } => Deed::Recovered,
                Fact::BecameCandidate(_) => Deed::Stood,
                Fact::BecameLeader(_) => Deed::Elected,
                Fact::Voted(..) => Deed::Voted,
                Fact::Mined { .. } => Deed::Mined,
                Fact::Appended(_) | Fact::SnapshotInstalled { .. } => Deed::Appended,
                Fact::Committed(_) => Deed::Committed,
                Fact::Truncated(_) | Fact::BlockRefused { .. } | Fact::SnapshotRefused { .. } => {
                    Deed::Undone
                }
                _ => return None,
            };
            Some((Endpoint::Server(*id), deed))
        }
        What::Client(id, event) => {
            let deed = match event {
                client::Event::Submitted { .. } => Deed::Asked,
                client::Event::Resent { .. } => Deed::AskedAgain,
                client::Event::Answered { .. } => Deed::Answered,
                client::Event::Busy { .. } | client::Event::Ignored { .. } => return None,
            };
            Some((Endpoint::Client(*id), deed))
        }
        What::Crashed { server, .. } | What::Stopped(server, _) => {
            Some((Endpoint::Server(*server), Deed::Crashed))
        }
        _ => None,
    }
}
