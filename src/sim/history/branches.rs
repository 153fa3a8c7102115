//! The runs that came of one: which is looked at, which is live, and what may be done to them.

use super::{Comparison, History, Moment, Seek, seek::repeat};
use crate::base::Time;
use crate::disk::{Disk, DiskError};
use crate::sim::run::Turned;
use crate::sim::{ActError, Action, Mirror, Simulation};
use crate::trace::EventId;
use std::fmt;

/// The most branches that there can be at a time.
pub const BRANCHES_MAX: usize = 6;

/// The name of the first branch.
pub const MAIN: &str = "Main";

/// The longest name of a branch, in letters.
pub const NAME_MAX: usize = 40;

/// A branch, for as long as it exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BranchId(u32);

/// Where a branch left another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fork {
    /// The other.
    pub parent: BranchId,
    /// The last turn that both have.
    pub turn: u64,
    /// When that was.
    pub at: Time,
    /// The last event that both have.
    pub event: EventId,
}

/// A run among those that came of one.
#[derive(Clone, Debug)]
pub struct Branch {
    id: BranchId,
    name: String,
    fork: Option<Fork>,
    history: History,
    /// Where somebody looks at its past; nothing if he looks at its end.
    past: Option<Box<Simulation>>,
}

/// All of them.
#[derive(Clone, Debug)]
pub struct Branches {
    /// Never empty, in the order in which they were made.
    all: Vec<Branch>,
    live: BranchId,
    viewed: BranchId,
    compared: Option<BranchId>,
    /// How many were ever made.
    made: u32,
}

/// Why something cannot be done to branches. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BranchError {
    /// The action itself is not possible.
    Act(ActError),
    /// There is no room for another branch.
    TooMany,
    /// There is no such branch any more.
    Unknown,
    /// A name has letters, and not too many.
    Name,
    /// Another branch has this name.
    NameTaken(String),
    /// A branch cannot be compared with itself.
    Itself,
}

/// Why a branch cannot be removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RemoveError {
    /// There is no such branch any more.
    Unknown,
    /// It is the live one.
    Live,
}

impl fmt::Display for BranchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Act(error) => error.fmt(f),
            Self::TooMany => write!(
                f,
                "acting in the past begins a branch, and there are {BRANCHES_MAX} already; delete \
                 one that is not needed, or go back to now"
            ),
            Self::Unknown => f.write_str("this branch is gone"),
            Self::Name => write!(f, "write a name of 1 to {NAME_MAX} letters"),
            Self::NameTaken(name) => write!(f, "another branch is named '{name}'"),
            Self::Itself => f.write_str("a branch cannot be compared with itself; choose another"),
        }
    }
}

impl std::error::Error for BranchError {}

impl fmt::Display for RemoveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unknown => "this branch is gone",
            Self::Live => "the live branch is what the browser keeps; make another live first",
        })
    }
}

impl std::error::Error for RemoveError {}

impl Branch {
    /// Which it is.
    pub fn id(&self) -> BranchId {
        self.id
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where it left another, unless it is the first.
    pub fn fork(&self) -> Option<Fork> {
        self.fork
    }

    /// Its run, with its past.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// The moment that is looked at.
    pub fn shown(&self) -> &Simulation {
        self.past.as_deref().unwrap_or(self.history.tip())
    }

    /// True if somebody looks at its past.
    pub fn looks_back(&self) -> bool {
        self.past.is_some()
    }

    /// Sets out for a moment of it.
    pub fn seek(&self, to: Moment) -> Seek {
        self.history.seek(to, self.past.as_deref())
    }

    /// Looks at a moment of it, which a seek has reached.
    fn look_at(&mut self, moment: Simulation) {
        let (tip, world) = (self.history.tip().world(), moment.world());
        let is_end = world.turn() == tip.turn() && world.now() >= tip.now();
        self.past = (!is_end).then(|| Box::new(moment));
    }

    /// Makes the next turn if it is due at or before `limit`: in its past the one that was made
    /// then. `mirror` is given if it is the live one.
    fn step_by(&mut self, limit: Time, mirror: Option<&mut Mirror<impl Disk>>) -> bool {
        if let Some(past) = &mut self.past {
            let tip = self.history.tip();
            match repeat(past, tip, limit) {
                Turned::Made => return true,
                Turned::Later => return false,
                Turned::End if limit < tip.world().now() => return false,
                // The next turn is a new one, if whoever drives the run wants one.
                Turned::End => {
                    self.past = None;
                    return true;
                }
            }
        }
        match mirror {
            Some(mirror) => self.history.drive(|tip| mirror.step_by(tip, limit)),
            None => self.history.step_by(limit),
        }
    }

    fn set_clock(&mut self, time: Time) {
        match &mut self.past {
            Some(past) => past.set_clock(time),
            None => self.history.set_clock(time),
        }
    }
}

impl Branches {
    /// One branch, live and looked at.
    pub fn new(history: History) -> Self {
        let id = BranchId(1);
        let main = Branch { id, name: MAIN.to_owned(), fork: None, history, past: None };
        Self { all: vec![main], live: id, viewed: id, compared: None, made: 1 }
    }

    /// All, in the order in which they were made.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Branch> {
        self.all.iter()
    }

    /// One of them.
    pub fn get(&self, id: BranchId) -> Option<&Branch> {
        self.all.iter().find(|branch| branch.id == id)
    }

    /// The one whose disks a storage holds that outlives the program.
    pub fn live(&self) -> &Branch {
        self.get(self.live).expect("the live branch is never removed")
    }

    /// The one that is looked at.
    pub fn viewed(&self) -> &Branch {
        self.get(self.viewed).expect("another is viewed when this one is removed")
    }

    /// The one that is shown beside it.
    pub fn compared(&self) -> Option<&Branch> {
        self.get(self.compared?)
    }

    /// What is looked at.
    pub fn shown(&self) -> &Simulation {
        self.viewed().shown()
    }

    /// True if what is looked at is the end of the live branch: what is done there is kept.
    pub fn is_live_now(&self) -> bool {
        self.viewed == self.live && !self.viewed().looks_back()
    }

    /// Does something at the moment that is looked at. In the past that begins a branch, which is
    /// looked at from then on; its number is given back. The storage follows the live branch alone.
    pub fn act(
        &mut self,
        action: Action,
        mirror: &mut Mirror<impl Disk>,
    ) -> Result<Option<BranchId>, BranchError> {
        if self.is_live_now() {
            let live = self.viewed_mut();
            let done = live.history.drive(|tip| mirror.act(tip, action));
            return done.map(|()| None).map_err(BranchError::Act);
        }
        if !self.viewed().looks_back() {
            return self.viewed_mut().history.act(action).map(|()| None).map_err(BranchError::Act);
        }
        if self.all.len() == BRANCHES_MAX {
            return Err(BranchError::TooMany);
        }
        let mut history = self.viewed().history.fork(self.shown().clone());
        history.act(action).map_err(BranchError::Act)?;
        Ok(Some(self.begin(history)))
    }

    /// A new branch, from what is looked at, which has just been acted in.
    fn begin(&mut self, history: History) -> BranchId {
        let shown = self.shown();
        let (turn, at) = (shown.world().turn(), shown.world().now());
        let event = shown.trace().last_id();
        // A moment that two branches share is one of the older.
        let mut parent = self.viewed();
        while let Some(fork) = parent.fork.filter(|fork| turn <= fork.turn) {
            parent = self.get(fork.parent).expect("parents of branches exist");
        }
        let fork = Some(Fork { parent: parent.id, turn, at, event });
        self.made += 1;
        let id = BranchId(self.made);
        let name = self.free_name();
        self.viewed_mut().past = None;
        self.all.push(Branch { id, name, fork, history, past: None });
        self.viewed = id;
        id
    }

    fn free_name(&self) -> String {
        let names = (self.made..).map(|number| format!("Branch {number}"));
        let mut free = names.filter(|name| self.all.iter().all(|branch| branch.name != *name));
        free.next().expect("there are few branches")
    }

    /// Lets the branch that is looked at make its next turn, if that is due at or before `limit`.
    /// In its past it makes the turn that it made then, and at its end a new one.
    pub fn step_by(&mut self, limit: Time, mirror: &mut Mirror<impl Disk>) -> bool {
        self.step_branch(self.viewed, limit, mirror)
    }

    /// Lets the clock of what is looked at go on to a time before which nothing is due.
    pub fn set_clock(&mut self, time: Time) {
        self.viewed_mut().set_clock(time);
    }

    /// Lets the branch that is shown beside the other follow its clock by a turn; false once it
    /// stands at the same time.
    ///
    /// There is one clock for both: at its end that branch goes on too, and if it is the live one,
    /// the storage follows.
    pub fn follow(&mut self, mirror: &mut Mirror<impl Disk>) -> bool {
        let (Some(id), now) = (self.compared, self.shown().world().now()) else { return false };
        if self.step_branch(id, now, mirror) {
            return true;
        }
        let branch = self.get_mut(id).expect("what is compared exists");
        if branch.shown().world().now() < now {
            branch.set_clock(now);
        }
        false
    }

    /// Two branches at one time, if two are shown.
    pub fn comparison(&self) -> Option<Comparison> {
        Some(Comparison::of(self.shown(), self.compared()?.shown()))
    }

    /// Looks at a moment of a branch, which a seek has reached. The branch must be one that is
    /// shown.
    pub fn look_at(&mut self, id: BranchId, moment: Simulation) {
        if (id == self.viewed || Some(id) == self.compared)
            && let Some(branch) = self.get_mut(id)
        {
            branch.look_at(moment);
        }
    }

    /// Looks at the end of the branch again.
    pub fn back_to_now(&mut self) {
        self.viewed_mut().past = None;
    }

    /// Looks at the end of another branch.
    pub fn view(&mut self, id: BranchId) -> Result<(), BranchError> {
        self.get(id).ok_or(BranchError::Unknown)?;
        if self.compared == Some(id) {
            self.compared = None;
        }
        self.viewed_mut().past = None;
        self.viewed = id;
        self.viewed_mut().past = None;
        Ok(())
    }

    /// Shows a branch beside the other, or none. It stands at its end; a seek brings it to the
    /// time of the other.
    pub fn compare(&mut self, id: Option<BranchId>) -> Result<(), BranchError> {
        if id == Some(self.viewed) {
            return Err(BranchError::Itself);
        }
        if let Some(id) = id {
            self.get(id).ok_or(BranchError::Unknown)?;
        }
        if let Some(before) = self.compared.and_then(|before| self.get_mut(before)) {
            before.past = None;
        }
        self.compared = id;
        Ok(())
    }

    /// Gives a branch another name.
    pub fn rename(&mut self, id: BranchId, name: &str) -> Result<(), BranchError> {
        let name = name.trim();
        let length = name.chars().count();
        if length == 0 || length > NAME_MAX || name.chars().any(char::is_control) {
            return Err(BranchError::Name);
        }
        if self.all.iter().any(|branch| branch.id != id && branch.name == name) {
            return Err(BranchError::NameTaken(name.to_owned()));
        }
        self.get_mut(id).ok_or(BranchError::Unknown)?.name = name.to_owned();
        Ok(())
    }

    /// Removes a branch. Those that left it are said to have left what it left.
    pub fn remove(&mut self, id: BranchId) -> Result<(), RemoveError> {
        let gone = self.get(id).ok_or(RemoveError::Unknown)?.fork;
        if id == self.live {
            return Err(RemoveError::Live);
        }
        self.all.retain(|branch| branch.id != id);
        for branch in &mut self.all {
            if let Some(fork) = branch.fork.filter(|fork| fork.parent == id) {
                // What it shares with the parent's parent ends where the earlier of both parted.
                branch.fork = gone.map(|gone| {
                    if gone.turn < fork.turn { gone } else { Fork { parent: gone.parent, ..fork } }
                });
            }
        }
        if self.compared == Some(id) {
            self.compared = None;
        }
        if self.viewed == id {
            let live = self.live;
            self.view(live).expect("the live branch exists");
        }
        Ok(())
    }

    /// Makes a branch the live one: from now on the storage holds what it holds at its end. If the
    /// storage does not take that, the one that was live stays so.
    pub fn make_live(
        &mut self,
        id: BranchId,
        mirror: &mut Mirror<impl Disk>,
    ) -> Result<(), MakeLiveError> {
        let branch = self.get_mut(id).ok_or(MakeLiveError::Unknown)?;
        mirror.take_refusal();
        if let Err(error) = branch.history.drive(|tip| mirror.copy_all(tip)) {
            // What fitted before fits again.
            let _ = self.drive_live(|tip| mirror.copy_all(tip));
            return Err(MakeLiveError::Storage(error));
        }
        self.live = id;
        Ok(())
    }

    /// Lets somebody else drive the live branch at its end, such as a mirror that begins to follow
    /// it.
    pub fn drive_live<T>(&mut self, drive: impl FnOnce(&mut Simulation) -> T) -> T {
        let live = self.live;
        self.get_mut(live).expect("the live branch is never removed").history.drive(drive)
    }

    fn step_branch(&mut self, id: BranchId, limit: Time, mirror: &mut Mirror<impl Disk>) -> bool {
        let mirror = (id == self.live).then_some(mirror);
        self.get_mut(id).is_some_and(|branch| branch.step_by(limit, mirror))
    }

    fn get_mut(&mut self, id: BranchId) -> Option<&mut Branch> {
        self.all.iter_mut().find(|branch| branch.id == id)
    }

    fn viewed_mut(&mut self) -> &mut Branch {
        let viewed = self.viewed;
        self.get_mut(viewed).expect("another is viewed when this one is removed")
    }
}

/// What went wrong when a branch was made the live one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MakeLiveError {
    /// There is no such branch any more.
    Unknown,
    /// The storage did not take all of it.
    Storage(DiskError),
}

impl fmt::Display for MakeLiveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("this branch is gone"),
            Self::Storage(error) => write!(f, "what is kept is as it was: {error}"),
        }
    }
}

impl std::error::Error for MakeLiveError {}
