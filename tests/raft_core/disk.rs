//! What the cores under test replicate, and the disks that keep it.

use raftbank::base::{Index, Membership, Term};
use raftbank::raft::{Entry, HardState, Snapshot, Writes};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// An entry: the term that it needs, and a name to know it by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    pub term: Term,
    pub name: String,
    pub membership: Option<Membership>,
}

impl Proposal {
    pub fn new(term: Term, name: &str) -> Self {
        Self { term, name: name.to_owned(), membership: None }
    }

    /// An entry that changes the membership. It is named after what it brings.
    pub fn change(term: Term, membership: Membership) -> Self {
        Self { term, name: membership.to_string(), membership: Some(membership) }
    }
}

impl Entry for Proposal {
    fn term(&self) -> Term {
        self.term
    }

    fn size(&self) -> usize {
        self.name.len()
    }

    fn membership(&self) -> Option<&Membership> {
        self.membership.as_ref()
    }
}

/// What a server has that survives a crash.
#[derive(Clone, Debug, Default)]
pub struct Disk {
    pub hard_state: HardState,
    pub snapshot: Option<Snapshot>,
    /// What follows the snapshot.
    pub log: Vec<Proposal>,
}

/// One write of a Ready. A crash comes before it or after it.
#[derive(Clone, Debug)]
pub enum Write {
    HardState(HardState),
    Truncate(Index),
    Snapshot(Snapshot),
    Append(Index, Proposal),
}

impl Disk {
    pub fn apply(&mut self, write: Write) {
        match write {
            Write::HardState(hard_state) => self.hard_state = hard_state,
            Write::Truncate(from) => {
                assert!(from <= self.last_index(), "a truncation that takes nothing away");
                assert!(from > self.base(), "a truncation of what a snapshot stands for");
                self.log.truncate((from.0 - self.base().0) as usize - 1);
            }
            Write::Snapshot(snapshot) => {
                assert!(snapshot.last.index > self.base(), "a snapshot that goes back");
                let replaced = snapshot.last.index.0 - self.base().0;
                self.log.drain(..self.log.len().min(replaced as usize));
                self.snapshot = Some(snapshot);
            }
            Write::Append(index, entry) => {
                assert!(entry.term <= self.hard_state.term, "an entry before its term");
                self.log.push(entry);
                assert_eq!(index, self.last_index(), "an append that does not follow");
            }
        }
    }

    /// Where the log begins.
    pub fn base(&self) -> Index {
        self.snapshot.as_ref().map_or(Index::ZERO, |snapshot| snapshot.last.index)
    }

    pub fn last_index(&self) -> Index {
        Index(self.base().0 + self.log.len() as u64)
    }
}

/// The state machine is the list of the names applied. This is how a snapshot writes it down.
pub fn state_as_bytes<'a>(names: impl Iterator<Item = &'a String>) -> Arc<[u8]> {
    names.map(|name| format!("{name}\n")).collect::<String>().into_bytes().into()
}

pub fn state_of(snapshot: &Snapshot) -> Vec<String> {
    String::from_utf8_lossy(&snapshot.data).lines().map(str::to_owned).collect()
}

pub fn in_order(writes: Writes<Proposal>) -> impl Iterator<Item = Write> {
    let hard_state = writes.hard_state.map(Write::HardState);
    let truncation = writes.truncate_from.map(Write::Truncate);
    let snapshot = writes.snapshot.map(Write::Snapshot);
    let appends = writes.append.into_iter().map(|(index, entry)| Write::Append(index, entry));
    hard_state.into_iter().chain(truncation).chain(snapshot).chain(appends)
}
