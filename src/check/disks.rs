//! Durability, and One Vote and Nothing Goes Back as far as they are on the disks.
//!
//! The judges follow each server's disk by the writes that became durable, and read nothing of
//! what a server has in memory. So they notice when a server counts on what it could still lose.

use super::Property::{Durability, NothingGoesBack, OneVote};
use super::committed::Committed;
use super::docket::Docket;
use super::replica::{Replica, is_quorum};
use crate::base::{Hash, Index, Map, ServerId, Term};
use crate::chain::Block;
use crate::server::Checkpoint;
use crate::trace::Kept;

/// The disks of all servers that have recovered from theirs. Of the others nothing is known, so
/// nothing is held against them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Disks {
    disks: Map<ServerId, Disk>,
}

/// What one server could recover from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Disk {
    term: Term,
    vote: Option<ServerId>,
    /// The height and hash of the last block in the snapshot.
    snapshot: Option<(Index, Hash)>,
    /// The hashes of the blocks above that.
    blocks: Map<Index, Hash>,
    /// How far all this is the committed chain.
    held: Index,
}

impl Disks {
    /// A server begins a life with what its disk holds.
    pub fn recovered(
        &mut self,
        docket: &mut Docket,
        committed: &Committed,
        server: ServerId,
        (term, vote): (Term, Option<ServerId>),
        (snapshot, blocks): (Option<&Checkpoint>, &[Block]),
    ) {
        let snapshot = snapshot.map(|it| (it.height(), it.block.hash()));
        let former = self.disks.get(&server).map_or(Index::ZERO, Disk::base);
        // What it comes up with is what was written, and no less.
        if let Some(disk) = self.disks.get_mut(&server) {
            disk.write_state(docket, server, term, vote);
        }
        let base = snapshot.map_or(Index::ZERO, |(height, _)| height);
        docket.check(NothingGoesBack, base >= former, || {
            format!("the snapshot of {server} goes back from height {former} to {base}")
        });
        let blocks = blocks.iter().map(|block| (block.height(), block.hash())).collect();
        let disk = Disk { term, vote, snapshot, blocks, held: Index::ZERO };
        self.disks.insert(server, disk);
        self.compare(committed);
        self.stays(docket, committed);
    }

    /// These writes of a server became durable. A crash may keep any of them without the next, so
    /// the promises hold after each.
    pub fn written(
        &mut self,
        docket: &mut Docket,
        committed: &Committed,
        server: ServerId,
        writes: &[Kept],
    ) {
        for write in writes {
            let Some(disk) = self.disks.get_mut(&server) else { return };
            let before = disk.held;
            disk.write(docket, server, *write);
            disk.compare(committed);
            if disk.held < before {
                self.stays(docket, committed);
            }
        }
    }

    /// A server was the first to know more of the chain as committed.
    pub fn extended(&mut self, docket: &mut Docket, committed: &Committed, first: &Replica) {
        self.compare(committed);
        let Replica { id, log, .. } = first;
        let (height, membership) = (committed.height(), log.membership());
        let is_own = !first.leads() || self.may_hold(*id, height);
        let holds = is_own && is_quorum(membership, |server| self.may_hold(server, height));
        docket.check(Durability, holds, || match is_own {
            true => {
                let holders = self.shown(|disk| disk.held >= height);
                format!(
                    "{id} knows height {height} as committed, which is on the disks of {holders}: \
                     no quorum of {membership}"
                )
            }
            false => {
                format!("{id} knows height {height} as committed, which is not on its own disk")
            }
        });
        self.stays(docket, committed);
    }

    /// No quorum is without the committed chain: it could elect a leader that does not know it.
    fn stays(&self, docket: &mut Docket, committed: &Committed) {
        let height = committed.height();
        let lacks = |server| self.disks.get(&server).is_some_and(|disk| disk.held < height);
        let Some(membership) = committed.membership_at(height) else { return };
        docket.check(Durability, !is_quorum(membership, lacks), || {
            let without = self.shown(|disk| disk.held < height);
            format!(
                "height {height} is committed, but not on the disks of {without}: they are a \
                 quorum of {membership}"
            )
        });
    }

    fn may_hold(&self, server: ServerId, height: Index) -> bool {
        self.disks.get(&server).is_none_or(|disk| disk.held >= height)
    }

    fn compare(&mut self, committed: &Committed) {
        self.disks.values_mut().for_each(|disk| disk.compare(committed));
    }

    fn shown(&self, wanted: impl Fn(&Disk) -> bool) -> String {
        let found = self.disks.iter().filter(|(_, disk)| wanted(disk));
        let found: Vec<_> = found.map(|(server, _)| server.to_string()).collect();
        if found.is_empty() { "nobody".to_owned() } else { found.join(", ") }
    }
}

impl Disk {
    /// The height that its log begins after.
    fn base(&self) -> Index {
        self.snapshot.map_or(Index::ZERO, |(height, _)| height)
    }

    fn write(&mut self, docket: &mut Docket, server: ServerId, write: Kept) {
        match write {
            Kept::State { term, vote } => self.write_state(docket, server, term, vote),
            Kept::Block { height, hash, .. } => {
                if self.blocks.insert(height, hash) != Some(hash) {
                    self.changed(height);
                }
            }
            Kept::Removed(height) => {
                // What a snapshot stands for is gone from here already.
                if self.blocks.remove(&height).is_some() {
                    self.changed(height);
                }
            }
            Kept::Snapshot { height, hash, .. } => {
                let is_own = self.blocks.get(&height) == Some(&hash);
                if !is_own {
                    self.changed(height);
                }
                self.snapshot = Some((height, hash));
                self.blocks.forget_below(&height.next());
            }
            Kept::Other => {}
        }
    }

    fn write_state(
        &mut self,
        docket: &mut Docket,
        server: ServerId,
        term: Term,
        vote: Option<ServerId>,
    ) {
        let former = self.term;
        docket.check(NothingGoesBack, term >= former, || {
            format!("the disk of {server} goes back from term {former} to {term}")
        });
        let given = self.vote.filter(|_| term == former);
        docket.check(OneVote, given.is_none() || vote == given, || {
            let shown = |vote: Option<ServerId>| vote.map_or("nobody".into(), |it| it.to_string());
            let (given, vote) = (shown(given), shown(vote));
            format!("the disk of {server} changes its vote in term {term} from {given} to {vote}")
        });
        (self.term, self.vote) = (term, vote);
    }

    /// What stands at a height is another block now, or none.
    fn changed(&mut self, height: Index) {
        let below = height.previous().unwrap_or(Index::ZERO);
        self.held = self.held.min(below);
    }

    /// Follows the committed chain from where it is known to agree. Each block is compared once.
    fn compare(&mut self, committed: &Committed) {
        let hash = |height| committed.block(height).map(Block::hash);
        let at = |disk: &Self, height| match disk.snapshot {
            Some((base, hash)) if base == height => Some(hash),
            _ => disk.blocks.get(&height).copied(),
        };
        let base = self.base();
        // What came before is stood for by the snapshot, or is not to be had.
        for start in [committed.base(), base] {
            if self.held < start && at(self, start).is_some_and(|own| hash(start) == Some(own)) {
                self.held = start;
            }
        }
        while let Some(own) = at(self, self.held.next()) {
            if hash(self.held.next()) != Some(own) {
                break;
            }
            self.held = self.held.next();
        }
    }
}
