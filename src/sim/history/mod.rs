//! The past of a run: looking at any moment of it, and acting there.
//!
//! A run repeats itself exactly, so no picture of its past has to be kept: it is executed again. To
//! begin at its beginning each time would take longer and longer. Hence a [`History`], which owns
//! the run's simulation and lets it make its turns, keeps a [`Checkpoint`] now and then: the world
//! and its judges, as they were. A [`Seek`] begins at one shortly before the moment that is asked
//! for and goes on from there, in portions, so that a page stays alive meanwhile.
//!
//! # Where a moment is
//!
//! Several things may happen at one time. What orders a run are its *turns*: steps of the world,
//! and actions. A [`Moment`] is a number of turns, or else a time or an event, for which the turn is
//! found on the way.
//!
//! # How much is kept
//!
//! At most [`CHECKPOINTS_MAX`] checkpoints, however long a run is. When there is one too many, the
//! one goes that leaves the smallest gap. Gaps weigh less the older they are, but all the same in
//! the last hour of virtual time ([`RECENT`]), in which every moment is about as quick to reach. A
//! checkpoint shares its blocks with the others, but what the servers hold *about* them is copied.
//! A seek begins so early that the trace has about [`LEAD_IN`] events before the moment, if there
//! were so many: what led to it can be read. [`Marks`] are kept of what is worth coming back to, up to
//! [`MARKS_MAX`]; where they are too many, commits go first, and violations never. [`DroppedBlocks`] are
//! the last blocks that some log had and the chain has not.
//!
//! # Acting in the past
//!
//! [`Branches`] are the runs that came of one, each with its own history, in which what came before
//! they parted is shared. One is *live*: a storage that outlives the program holds what it holds.
//! Looking back changes no run, and acting there begins a new branch, in memory.
//!
//! # Caveats
//!
//! - A time that lies before an action of the same time is not to be reached as a time, only as a
//!   turn.
//! - The checkpoints of one run are bounded, and so is the number of branches; but each branch that
//!   goes on for long has as many of its own.

mod branches;
mod checkpoint;
mod comparison;
mod dropped;
mod mark;
mod seek;
#[cfg(test)]
mod tests;

pub use branches::{
    BRANCHES_MAX, Branch, BranchError, BranchId, Branches, Fork, MAIN, MakeLiveError, NAME_MAX,
    RemoveError,
};
pub use checkpoint::{
    CHECKPOINTS_MAX, Checkpoint, Checkpoints, LEAD_IN, Pace, RECENT, TURNS_BETWEEN,
};
pub use comparison::{Comparison, ServerStanding, Standing};
pub use dropped::{DROPPED_MAX, Dropped, DroppedBlocks, Loss};
pub use mark::{MARKS_MAX, Mark, MarkKind, Marks};
pub use seek::{Moment, Seek};

use super::run::{Course, Turned};
use super::{ActError, Action, Run, RunError, Simulation};
use crate::base::Time;
use crate::trace::EventId;

/// A run, and what it takes to look at its past.
#[derive(Clone, Debug)]
pub struct History {
    tip: Simulation,
    checkpoints: Checkpoints,
    marks: Marks,
    dropped: DroppedBlocks,
    /// The last event that was looked at for marks.
    heard: EventId,
}

impl History {
    /// The history of a run that begins.
    ///
    /// # Panics
    /// If it has made a turn already.
    pub fn new(tip: Simulation) -> Self {
        Self::paced(tip, Pace::USUAL)
    }

    /// The history of a run that begins, with its checkpoints at this pace.
    ///
    /// # Panics
    /// If it has made a turn already.
    pub fn paced(tip: Simulation, pace: Pace) -> Self {
        let checkpoints = Checkpoints::new(&tip, pace);
        let mut history = Self {
            tip,
            checkpoints,
            marks: Marks::default(),
            dropped: DroppedBlocks::default(),
            heard: EventId(0),
        };
        history.note();
        history
    }

    /// Begins the replay of a run, with its history.
    pub fn replay(run: Run) -> Result<HistoryReplay, RunError> {
        Self::replay_paced(run, Pace::USUAL)
    }

    /// Begins the replay of a run, with checkpoints of its history at this pace.
    pub fn replay_paced(run: Run, pace: Pace) -> Result<HistoryReplay, RunError> {
        let history = Self::paced(run.begin()?, pace);
        Ok(HistoryReplay { history, run })
    }

    /// The run as far as it has come.
    pub fn tip(&self) -> &Simulation {
        &self.tip
    }

    /// What is worth coming back to.
    pub fn marks(&self) -> &Marks {
        &self.marks
    }

    /// Blocks that were in some log and are in the chain no longer.
    pub fn dropped(&self) -> &DroppedBlocks {
        &self.dropped
    }

    /// The moments that are kept whole.
    pub fn checkpoints(&self) -> &Checkpoints {
        &self.checkpoints
    }

    /// Like [`Simulation::act`].
    pub fn act(&mut self, action: Action) -> Result<(), ActError> {
        self.drive(|tip| tip.act(action))
    }

    /// Like [`Simulation::step_by`].
    pub fn step_by(&mut self, limit: Time) -> bool {
        self.drive(|tip| tip.step_by(limit))
    }

    /// Like [`Simulation::set_clock`].
    pub fn set_clock(&mut self, time: Time) {
        self.tip.set_clock(time);
    }

    /// Like [`Simulation::run_until`].
    pub fn run_until(&mut self, time: Time) {
        while self.step_by(time) {}
        self.set_clock(time);
    }

    /// Lets somebody else drive the run for a turn, such as a [`Mirror`](super::Mirror), and takes
    /// note of what came of it.
    pub fn drive<T>(&mut self, drive: impl FnOnce(&mut Simulation) -> T) -> T {
        let result = drive(&mut self.tip);
        self.note();
        result
    }

    /// Sets out for a moment of this run. What is `shown` now, if it stands in this run a little
    /// before that moment, may be nearer than any checkpoint.
    pub fn seek(&self, to: Moment, shown: Option<&Simulation>) -> Seek {
        let checkpoint = self.checkpoints.before(to, &self.tip);
        let nearer = shown.filter(|it| {
            let (world, leads) = (
                it.world(),
                (it.trace().forgotten() == 0 || it.trace().iter().len() as u64 >= LEAD_IN),
            );
            // What is shown may stand at a time after its last turn, and then is no place to stop.
            let before = match to {
                Moment::Turn(turn) => world.turn() < turn,
                Moment::Time(time) => world.now() <= time,
                Moment::Event(event) => world.last_event < event,
            };
            before && leads && world.turn() >= checkpoint.turn()
        });
        Seek::new(nearer.cloned().unwrap_or_else(|| checkpoint.resume(&self.tip)), to)
    }

    /// Where a seek would begin that is not helped by what is shown.
    pub fn begins_at(&self, to: Moment) -> u64 {
        self.checkpoints.before(to, &self.tip).turn()
    }

    /// The history of a run that goes its own way from a moment of this one.
    fn fork(&self, from: Simulation) -> Self {
        let turn = from.world().turn();
        Self {
            checkpoints: self.checkpoints.up_to(turn),
            marks: self.marks.up_to(turn),
            dropped: self.dropped.fork(turn, from.world()),
            heard: from.trace().last_id(),
            tip: from,
        }
    }

    fn note(&mut self) {
        let Self { tip, checkpoints, marks, dropped, heard } = self;
        let turn = tip.world().turn();
        if tip.trace().last_id() > *heard {
            for event in tip.trace().after(*heard) {
                marks.hear(turn, event);
                dropped.hear(turn, event, tip.world());
            }
            *heard = tip.trace().last_id();
            marks.judge(turn, tip.judges());
        }
        checkpoints.offer(tip);
    }
}

/// A run that is being replayed, in portions, with its history.
#[derive(Clone, Debug)]
pub struct HistoryReplay {
    history: History,
    run: Run,
}

impl HistoryReplay {
    /// Goes on by at most so many turns; true once the end is reached.
    pub fn advance(&mut self, turns: u64) -> Result<bool, RunError> {
        for _ in 0..turns {
            let course = Course::of_run(&self.run);
            let turned = self.history.drive(|tip| course.turn(tip, Time(u64::MAX)))?;
            if turned == Turned::End {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// How much of the run has been replayed, from 0 to 1.
    pub fn progress(&self) -> f64 {
        self.run.part_made(&self.history.tip)
    }

    /// The run with its history, as far as it has been replayed.
    pub fn into_history(self) -> History {
        self.history
    }
}
