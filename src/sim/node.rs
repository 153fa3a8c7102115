//! A server's machine: the disk that outlives it, and the server while it is up.

use super::clock::Clock;
use super::queue::{Entry, Life, Wake};
use crate::disk::{MemoryDisk, Write};
use crate::server::{Batch, Server, Ticket};
use crate::trace::{EventId, StopReason};
use std::collections::VecDeque;

/// A machine.
#[derive(Clone, Debug)]
pub struct Node {
    pub(super) disk: MemoryDisk,
    pub(super) state: State,
    pub(super) life: Life,
    /// Its clock, which runs on while the server is down.
    pub(super) clock: Clock,
    /// What waits, in the order in which it came, while the process stands still.
    pub(super) waiting: Option<Vec<Entry>>,
    /// True once it was asked to end its work in order.
    pub(super) is_stopping: bool,
    /// Its next wake-up, if the queue knows of one.
    pub(super) wake: Option<Wake>,
    /// Batches that are staged on the disk, oldest first.
    pub(super) batches: VecDeque<Staged>,
    /// How many of them the sync under way covers.
    pub(super) syncing: Option<usize>,
}

/// Whether a server is up.
#[derive(Clone, Debug)]
pub(super) enum State {
    Up(Box<Server>),
    Down(Down),
}

/// Why a server is down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Down {
    /// Somebody crashed it.
    Crashed,
    /// It stopped by itself or could not start.
    Stopped(StopReason),
}

/// A batch on its way to being durable.
#[derive(Clone, Copy, Debug)]
pub(super) struct Staged {
    pub(super) ticket: Ticket,
    pub(super) writes: usize,
    /// The event that led to it.
    pub(super) cause: Option<EventId>,
}

impl Node {
    pub(super) fn new(disk: MemoryDisk) -> Self {
        Self {
            disk,
            state: State::Down(Down::Crashed),
            life: Life::default(),
            clock: Clock::default(),
            waiting: None,
            is_stopping: false,
            wake: None,
            batches: VecDeque::new(),
            syncing: None,
        }
    }

    /// The server, if it is up.
    pub fn server(&self) -> Option<&Server> {
        match &self.state {
            State::Up(server) => Some(server),
            State::Down(_) => None,
        }
    }

    /// Why it is down, if it is.
    pub fn down(&self) -> Option<&Down> {
        match &self.state {
            State::Up(_) => None,
            State::Down(why) => Some(why),
        }
    }

    /// True if it is up and its process stands still.
    pub fn is_paused(&self) -> bool {
        self.waiting.is_some()
    }

    /// Its machine's clock.
    pub fn clock(&self) -> Clock {
        self.clock
    }

    /// Its disk.
    pub fn disk(&self) -> &MemoryDisk {
        &self.disk
    }

    pub(super) fn server_mut(&mut self) -> Option<&mut Server> {
        match &mut self.state {
            State::Up(server) => Some(server),
            State::Down(_) => None,
        }
    }

    /// Gives the disk a batch, which is not durable yet.
    pub(super) fn stage(&mut self, batch: Batch, cause: Option<EventId>) {
        let staged = Staged { ticket: batch.ticket, writes: batch.writes.len(), cause };
        self.batches.push_back(staged);
        batch.writes.into_iter().for_each(|write| self.disk.stage(write));
        let writes: usize = self.batches.iter().map(|batch| batch.writes).sum();
        assert_eq!(writes, self.disk.staged().len(), "every staged write belongs to a batch");
    }

    /// How many writes the sync under way covers.
    pub(super) fn syncing_writes(&self) -> usize {
        let batches = self.syncing.unwrap_or(0);
        self.batches.iter().take(batches).map(|batch| batch.writes).sum()
    }

    /// The writes that the sync under way will make durable.
    pub(super) fn syncing(&self) -> Vec<Write> {
        self.disk.staged().take(self.syncing_writes()).cloned().collect()
    }

    /// Ends the life of the server; the disk stays.
    pub(super) fn end_life(&mut self, why: Down) {
        self.state = State::Down(why);
        self.life = self.life.next();
        self.is_stopping = false;
        self.wake = None;
        self.batches.clear();
        self.syncing = None;
    }
}
