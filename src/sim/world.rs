//! The world itself: what there is, and how it begins.

use super::action::Stamped;
use super::chaos::Weather;
use super::load::Load;
use super::node::{Node, State};
use super::queue::{Due, Entry, Queue, Wake};
use super::{Config, Disks};
use crate::base::random::{Rng, stream};
use crate::base::{ClientId, Endpoint, Map, ServerId, Set, Time};
use crate::channel::Channel;
use crate::client::{Client, Saved};
use crate::disk::layout::Key;
use crate::disk::{MemoryDisk, record};
use crate::server::{Packet, Server, Setup};
use crate::trace::{Event, EventId, MessageId, StopReason};
use std::fmt;
use std::sync::Arc;

/// A whole cluster with its clients and its network, at one moment of virtual time.
#[derive(Clone, Debug)]
pub struct World {
    pub(super) config: Arc<Config>,
    pub(super) setup: Arc<Setup>,
    pub(super) seed: u64,
    pub(super) now: Time,
    pub(super) steps: u64,
    pub(super) queue: Queue,
    pub(super) nodes: Map<ServerId, Node>,
    pub(super) clients: Map<ClientId, Desk>,
    pub(super) channel: Channel,
    pub(super) in_flight: Map<MessageId, Flight>,
    /// Links on which somebody waits for an append to alter: from, to.
    pub(super) tampers: Set<(ServerId, ServerId)>,
    /// What clients ask by themselves.
    pub(super) load: Load,
    /// The faults that come and go by themselves.
    pub(super) weather: Weather,
    pub(super) last_message: MessageId,
    pub(super) last_event: EventId,
    /// Draws for the channel.
    pub(super) channel_rng: Rng,
    /// Draws for what a crash leaves on a disk.
    pub(super) fault_rng: Rng,
    pub(super) actions: Vec<Stamped>,
    /// Events that nobody has taken yet.
    pub(super) events: Vec<Event>,
    /// Clients whose record has changed since somebody asked.
    pub(super) unsaved: Set<ClientId>,
}

/// A client, and the record of its session that outlives a reload.
#[derive(Clone, Debug)]
pub(super) struct Desk {
    pub(super) client: Client,
    pub(super) record: Arc<str>,
    pub(super) wake: Option<Wake>,
}

/// A message on its way.
#[derive(Clone, Debug)]
pub struct Flight {
    /// Who sent it.
    pub from: Endpoint,
    /// To whom.
    pub to: Endpoint,
    /// What it says.
    pub packet: Arc<Packet>,
    /// When it was sent.
    pub sent_at: Time,
    /// When it will arrive, or did: a message to a server that stands still waits there.
    pub arrives_at: Time,
    /// True if its bytes were altered on the way.
    pub(super) corrupted: bool,
    pub(super) cause: EventId,
}

/// Why a world cannot begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WorldError {
    /// The settings are out of bounds.
    Config(Vec<super::ConfigError>),
    /// What is kept for a client cannot be read.
    Unreadable {
        /// The whole key, as it stands in the browser's storage.
        key: String,
        /// What is wrong with its value.
        why: String,
    },
}

impl fmt::Display for WorldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Config(errors) => {
                f.write_str("the settings are out of bounds")?;
                errors.iter().try_for_each(|error| write!(f, "; {error}"))
            }
            Self::Unreadable { key, why } => write!(f, "'{key}' cannot be read: {why}"),
        }
    }
}

impl std::error::Error for WorldError {}

impl World {
    /// A world at time 0: every server recovers from its disk, every client from its record.
    ///
    /// A server that cannot read its disk stays down and says why; that is not an error here.
    pub fn new(config: Config, seed: u64, disks: Disks) -> Result<Self, WorldError> {
        let errors = config.validate();
        if !errors.is_empty() {
            return Err(WorldError::Config(errors));
        }
        let mut world = Self {
            setup: Arc::new(config.setup()),
            seed,
            now: Time::ZERO,
            steps: 0,
            queue: Queue::default(),
            nodes: Map::new(),
            clients: Map::new(),
            channel: Channel::new(config.network),
            in_flight: Map::new(),
            tampers: Set::new(),
            load: Load::new(seed),
            weather: Weather::new(seed),
            last_message: MessageId(0),
            last_event: EventId(0),
            channel_rng: stream(seed, "channel"),
            fault_rng: stream(seed, "faults"),
            actions: Vec::new(),
            events: Vec::new(),
            unsaved: Set::new(),
            config: Arc::new(config),
        };
        let Disks { mut servers, clients } = disks;
        for id in world.config.server_ids() {
            let mut disk = MemoryDisk::from_image(servers.remove(&id).unwrap_or_default());
            disk.set_quota(world.config.disk_quota);
            world.nodes.insert(id, Node::new(disk));
            world.boot(id, None);
        }
        for id in world.config.client_ids() {
            world.open_desk(id, clients.get(&id).cloned())?;
        }
        Ok(world)
    }

    /// Lets a server recover from its disk.
    pub(super) fn boot(&mut self, id: ServerId, cause: Option<EventId>) {
        let node = self.nodes.get_mut(&id).expect("only servers of the cluster are booted");
        let rng = stream(self.seed, &format!("{id}, life {}", node.life.0));
        let local = node.clock.local(self.now);
        match Server::recover(self.setup.clone(), id, &node.disk, rng, local) {
            Ok(server) => {
                node.state = State::Up(Box::new(server));
                self.after_server(id, cause);
            }
            Err(unreadable) => self.stop(id, StopReason::Unreadable(unreadable), cause),
        }
    }

    fn open_desk(&mut self, id: ClientId, kept: Option<Arc<str>>) -> Result<(), WorldError> {
        let unreadable = |why: String| {
            let key = Key::Requests(id).to_string();
            WorldError::Unreadable { key, why }
        };
        let saved = match &kept {
            Some(text) => record::read(text).map_err(|error| unreadable(error.to_string()))?,
            None => Saved::default(),
        };
        let record = kept.unwrap_or_else(|| record::write(&saved).into());
        let rng = stream(self.seed, &id.to_string());
        let (servers, timing) = (self.config.server_ids(), self.config.client());
        let client =
            Client::recover(id, servers, timing, rng, saved, self.now).map_err(unreadable)?;
        self.clients.insert(id, Desk { client, record, wake: None });
        self.after_client(id, None);
        Ok(())
    }

    /// The settings that it began with.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// What all servers are told alike.
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// The number from which all chance in it follows.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// The time.
    pub fn now(&self) -> Time {
        self.now
    }

    /// What the clock of a server's machine shows: its timers and its mining go by it.
    ///
    /// # Panics
    /// If there is no such server.
    pub fn local_time(&self, server: ServerId) -> Time {
        self.local(server)
    }

    /// How many things have happened, those included that left no event.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// How many turns it has made: steps, and actions that were taken.
    pub fn turn(&self) -> u64 {
        self.steps + self.actions.len() as u64
    }

    /// The machines of the servers.
    pub fn nodes(&self) -> impl Iterator<Item = (ServerId, &Node)> {
        self.nodes.iter().map(|(id, node)| (*id, node))
    }

    /// The machine of one server.
    pub fn node(&self, id: ServerId) -> Option<&Node> {
        self.nodes.get(&id)
    }

    /// A server, if it is up.
    pub fn server(&self, id: ServerId) -> Option<&Server> {
        self.node(id)?.server()
    }

    /// The clients.
    pub fn clients(&self) -> impl Iterator<Item = &Client> {
        self.clients.values().map(|desk| &desk.client)
    }

    /// One client.
    pub fn client(&self, id: ClientId) -> Option<&Client> {
        self.clients.get(&id).map(|desk| &desk.client)
    }

    /// What is kept of a client's session.
    pub fn client_record(&self, id: ClientId) -> Option<&Arc<str>> {
        self.clients.get(&id).map(|desk| &desk.record)
    }

    /// The network.
    pub fn channel(&self) -> &Channel {
        &self.channel
    }

    /// Messages on their way, in the order of sending.
    pub fn in_flight(&self) -> impl Iterator<Item = (MessageId, &Flight)> {
        self.in_flight.iter().map(|(id, flight)| (*id, flight))
    }

    /// A message, if it is on its way.
    pub fn flight(&self, message: MessageId) -> Option<&Flight> {
        self.in_flight.get(&message)
    }

    /// What was done to it so far.
    pub fn actions(&self) -> &[Stamped] {
        &self.actions
    }

    /// Takes the events since this was last asked.
    pub fn drain_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }

    /// The clients whose record has changed since this was last asked.
    pub fn take_unsaved(&mut self) -> Set<ClientId> {
        std::mem::take(&mut self.unsaved)
    }

    /// The world as it is, without what was done to it.
    ///
    /// # Panics
    /// If somebody has yet to take events of it.
    pub(super) fn without_actions(&self) -> Self {
        assert!(self.events.is_empty(), "events are taken before a world is kept");
        Self {
            config: self.config.clone(),
            setup: self.setup.clone(),
            seed: self.seed,
            now: self.now,
            steps: self.steps,
            queue: self.queue.clone(),
            nodes: self.nodes.clone(),
            clients: self.clients.clone(),
            channel: self.channel.clone(),
            in_flight: self.in_flight.clone(),
            tampers: self.tampers.clone(),
            load: self.load.clone(),
            weather: self.weather.clone(),
            last_message: self.last_message,
            last_event: self.last_event,
            channel_rng: self.channel_rng.clone(),
            fault_rng: self.fault_rng.clone(),
            actions: Vec::new(),
            events: Vec::new(),
            unsaved: self.unsaved.clone(),
        }
    }

    /// True if this queue entry still matters. One that does not never will again.
    pub(super) fn is_live(&self, entry: Entry) -> bool {
        match entry.due {
            // One that was due before the message was held back is void.
            Due::Arrival(message) => {
                self.in_flight.get(&message).is_some_and(|flight| entry.at >= flight.arrives_at)
            }
            Due::Sync(server, life) => self.nodes[&server].life == life,
            Due::Load => entry.is(self.load.wake),
            Due::Chaos => entry.is(self.weather.wake),
            Due::Wake(Endpoint::Server(server)) => entry.is(self.nodes[&server].wake),
            Due::Wake(Endpoint::Client(client)) => {
                self.clients.get(&client).is_some_and(|desk| entry.is(desk.wake))
            }
        }
    }
}
