//! How the world goes on: what is due happens, and what follows from it is arranged.

use super::World;
use super::node::Down;
use super::queue::{Due, Entry};
use super::world::Flight;
use crate::base::{ClientId, Endpoint, ServerId, Span, Time};
use crate::channel::{Arrival, DropReason, Fate};
use crate::disk::{DiskError, Write, record};
use crate::server::{Output, Packet, Server};
use crate::trace::{Event, EventId, Kept, MessageId, Passage, StopReason, What};
use std::sync::Arc;

impl World {
    /// Lets the next thing happen, and the clock go there. False if nothing is due, ever.
    ///
    /// A server may be woken and have nothing to tell of: not every step has an event.
    pub fn step(&mut self) -> bool {
        self.step_by(Time(u64::MAX))
    }

    /// Lets everything happen that is due up to `time`, and sets the clock to it.
    pub fn run_until(&mut self, time: Time) {
        while self.step_by(time) {}
        self.set_clock(time);
    }

    /// Lets the clock go on to a time before which nothing is due.
    pub(super) fn set_clock(&mut self, time: Time) {
        assert!(
            self.next_due().is_none_or(|due| due >= time || time <= self.now),
            "what is due must happen first"
        );
        self.now = self.now.max(time);
    }

    /// Like [`World::step`], but only if the next thing happens at or before `limit`.
    pub fn step_by(&mut self, limit: Time) -> bool {
        let (waits, next) = self.next_entry();
        if next.is_none_or(|next| next.at > limit) {
            return false;
        }
        let Entry { at, due, .. } = self.take_next(waits);
        self.now = self.now.max(at);
        self.steps += 1;
        self.happen(due);
        true
    }

    /// When the next thing is due.
    pub fn next_due(&mut self) -> Option<Time> {
        // What was due while its server stood still happens now.
        self.next_entry().1.map(|next| next.at.max(self.now))
    }

    /// If the next thing to happen is the end of a sync: whose, and the writes that will be
    /// durable then.
    pub fn next_sync(&mut self) -> Option<(ServerId, Vec<Write>)> {
        match self.next_entry().1?.due {
            Due::Sync(server, _) => Some((server, self.nodes[&server].syncing())),
            _ => None,
        }
    }

    fn happen(&mut self, due: Due) {
        match due {
            Due::Arrival(message) => self.arrive(message),
            Due::Wake(Endpoint::Server(server)) => self.wake_server(server),
            Due::Wake(Endpoint::Client(client)) => self.wake_client(client),
            Due::Sync(server, _) => self.finish_sync(server),
            Due::Load => {
                self.load.wake = None;
                self.add_load();
            }
            Due::Chaos => {
                self.weather.wake = None;
                self.stir();
            }
        }
    }

    fn arrive(&mut self, message: MessageId) {
        let flight = self.in_flight.remove(&message).expect("a live arrival is in flight");
        if let Some(reason) = self.why_dropped(&flight) {
            self.channel.discard(reason);
            let Flight { from, to, packet, cause, .. } = flight;
            let passage = Passage { message, from, to, packet };
            self.record(Some(cause), What::Dropped(passage, reason));
            return;
        }
        let Flight { from, to, packet, cause, .. } = flight;
        self.channel.arrive(from, to).expect("the link was just seen to be whole");
        let mut passage = Passage { message, from, to, packet };
        let cause = self.tamper(&mut passage, cause);
        let packet = passage.packet.clone();
        let cause = self.record(Some(cause), What::Arrived(passage));
        match to {
            Endpoint::Server(server) => {
                let now = self.local(server);
                self.up(server).receive(from, &packet, now);
                self.after_server(server, Some(cause));
            }
            Endpoint::Client(client) => {
                let (Endpoint::Server(server), Packet::Reply(reply)) = (from, &*packet) else {
                    return;
                };
                let now = self.now;
                self.desk(client).client.receive(server, *reply, now);
                self.after_client(client, Some(cause));
            }
        }
    }

    /// Why a message that is due does not arrive, in the order that [`DropReason`] documents.
    fn why_dropped(&self, flight: &Flight) -> Option<DropReason> {
        if let Err(reason) = self.channel.passes(flight.from, flight.to) {
            return Some(reason);
        }
        if let Endpoint::Server(server) = flight.to {
            let node = &self.nodes[&server];
            if node.server().is_none() {
                return Some(DropReason::TargetDown);
            }
            // What still has room waits, and is not due.
            if node.is_paused() {
                return Some(DropReason::Backlog);
            }
        }
        flight.corrupted.then_some(DropReason::Corrupted)
    }

    fn wake_server(&mut self, id: ServerId) {
        let node = self.nodes.get_mut(&id).expect("only servers of the cluster are woken");
        node.wake = None;
        let local = self.local(id);
        self.up(id).wake(local);
        let output = self.up(id).take_output();
        let cause =
            (!output.is_empty()).then(|| self.record(None, What::Timer(Endpoint::Server(id))));
        self.carry_out(id, output, cause);
    }

    fn wake_client(&mut self, id: ClientId) {
        let now = self.now;
        let desk = self.desk(id);
        desk.wake = None;
        desk.client.wake(now);
        self.after_client(id, None);
    }

    fn finish_sync(&mut self, id: ServerId) {
        let node = self.nodes.get_mut(&id).expect("only servers of the cluster have disks");
        let writes = node.syncing();
        let covered = node.syncing.take().expect("a sync that ends was under way");
        let kept = |count: usize| writes.iter().take(count).map(Kept::of).collect();
        if let Err(error) = node.disk.sync_first(writes.len()) {
            let cause = node.batches.front().and_then(|batch| batch.cause);
            if error.done > 0 {
                self.record(cause, What::Persisted(id, kept(error.done)));
            }
            let key = match error.error {
                DiskError::Full { key } => key,
                DiskError::Blocked { why } => why,
            };
            return self.stop(id, StopReason::DiskFull { key }, None);
        }
        let last = node.batches.drain(..covered).next_back().expect("a sync covers some batch");
        let cause = self.record(last.cause, What::Persisted(id, kept(writes.len())));
        let now = self.local(id);
        self.up(id).synced(last.ticket, now);
        self.after_server(id, Some(cause));
    }

    /// Stops a server that cannot go on. What it had not made durable is gone.
    pub(super) fn stop(&mut self, id: ServerId, why: StopReason, cause: Option<EventId>) {
        let node = self.nodes.get_mut(&id).expect("only servers of the cluster stop");
        node.disk.lose_power(0);
        node.end_life(Down::Stopped(why.clone()));
        self.release_waiting(id);
        self.record(cause, What::Stopped(id, why));
    }

    /// Carries out what a server wants done after an input.
    pub(super) fn after_server(&mut self, id: ServerId, cause: Option<EventId>) {
        let output = self.up(id).take_output();
        self.carry_out(id, output, cause);
    }

    fn carry_out(&mut self, id: ServerId, output: Output, cause: Option<EventId>) {
        let mut cause = cause;
        for fact in output.facts {
            let event = self.record(cause, What::Server(id, fact));
            cause = cause.or(Some(event));
        }
        let node = self.nodes.get_mut(&id).expect("only servers of the cluster have outputs");
        output.batches.into_iter().for_each(|batch| node.stage(batch, cause));
        for (to, packet) in output.sends {
            self.send(Endpoint::Server(id), to, packet, cause);
        }
        self.stop_if_done(id, cause);
        self.arrange(id);
    }

    /// Sees to it that the server is woken and its disk synced in time.
    fn arrange(&mut self, id: ServerId) {
        let (now, disk_sync) = (self.now, self.config.disk_sync);
        let node = self.nodes.get_mut(&id).expect("only servers of the cluster are woken");
        if node.syncing.is_none() && !node.batches.is_empty() {
            node.syncing = Some(node.batches.len());
            self.queue.push(now + disk_sync, Due::Sync(id, node.life));
        }
        let Some(wanted) = node.server().and_then(Server::next_wake) else { return };
        let wanted = node.clock.world(wanted).max(now);
        if node.wake.is_none_or(|wake| wanted < wake.at) {
            node.wake = Some(self.queue.push_wake(wanted, Endpoint::Server(id)));
        }
    }

    /// Carries out what a client wants done after an input.
    pub(super) fn after_client(&mut self, id: ClientId, cause: Option<EventId>) {
        let desk = self.desk(id);
        let output = desk.client.take_output();
        // Saved first: a number that is not saved must not be used.
        if let Some(saved) = output.save {
            desk.record = record::write(&saved).into();
            self.unsaved.insert(id);
        }
        let mut cause = cause;
        for event in output.events {
            let event = self.record(cause, What::Client(id, event));
            cause = cause.or(Some(event));
        }
        for (to, request) in output.sends {
            let packet = Packet::Request(request);
            self.send(Endpoint::Client(id), Endpoint::Server(to), packet, cause);
        }
        let now = self.now;
        let desk = self.desk(id);
        let Some(wanted) = desk.client.next_wake().map(|wanted| wanted.max(now)) else { return };
        if desk.wake.is_none_or(|wake| wanted < wake.at) {
            let wake = self.queue.push_wake(wanted, Endpoint::Client(id));
            self.desk(id).wake = Some(wake);
        }
    }

    fn send(&mut self, from: Endpoint, to: Endpoint, packet: Packet, cause: Option<EventId>) {
        let packet = Arc::new(packet);
        let message = self.next_message();
        let passage = Passage { message, from, to, packet: packet.clone() };
        let cause = self.record(cause, What::Sent(passage.clone()));
        match self.channel.send(from, to, self.now, &mut self.channel_rng) {
            Fate::Dropped(reason) => {
                self.record(Some(cause), What::Dropped(passage, reason));
            }
            Fate::Arrives { first, again } => {
                self.take_off(passage.clone(), first, cause);
                if let Some(again) = again {
                    let copy = Passage { message: self.next_message(), ..passage };
                    let cause = self.record(Some(cause), What::Duplicated(copy.clone()));
                    self.take_off(copy, again, cause);
                }
            }
        }
    }

    fn take_off(&mut self, passage: Passage, arrival: Arrival, cause: EventId) {
        let Arrival { at: arrives_at, corrupted } = arrival;
        assert!(arrives_at.since(self.now) > Span::ZERO, "every message takes time");
        let Passage { message, from, to, packet } = passage;
        let flight = Flight { from, to, packet, sent_at: self.now, arrives_at, corrupted, cause };
        self.in_flight.insert(message, flight);
        self.queue.push(arrives_at, Due::Arrival(message));
    }

    pub(super) fn next_message(&mut self) -> MessageId {
        self.last_message.0 += 1;
        self.last_message
    }

    /// Adds an event.
    pub(super) fn record(&mut self, cause: Option<EventId>, what: What) -> EventId {
        self.last_event.0 += 1;
        let id = self.last_event;
        assert!(cause.is_none_or(|cause| cause < id), "a cause comes before what it causes");
        self.events.push(Event { id, at: self.now, cause, what });
        id
    }

    /// What the clock of a server's machine shows now.
    pub(super) fn local(&self, id: ServerId) -> Time {
        self.nodes[&id].clock.local(self.now)
    }

    /// A server that is known to be up.
    pub(super) fn up(&mut self, id: ServerId) -> &mut Server {
        let node = self.nodes.get_mut(&id).expect("only servers of the cluster have inputs");
        node.server_mut().expect("only a server that is up has inputs")
    }

    pub(super) fn desk(&mut self, id: ClientId) -> &mut super::world::Desk {
        self.clients.get_mut(&id).expect("only clients of the bank have inputs")
    }
}
