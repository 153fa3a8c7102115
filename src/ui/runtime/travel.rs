//! Looking at the past, at branches, and at another branch beside the one that is looked at.
//!
//! A seek that is near is there within the turn in which it was asked for; one that is not goes on
//! with the frames. Another seek takes its place. Meanwhile the page shows what it showed.

use super::{Inner, WORK_MS};
use crate::base::Time;
use crate::sim::history::{BranchId, Moment, Seek};
use crate::ui::browser;
use crate::ui::command::Travel;
use crate::ui::journal;
use crate::ui::view::lanes;
use crate::ui::view::motion::Motion;
use crate::ui::view::words::sentence;

/// How many turns are made again between two looks at the clock.
const TURNS_A_LOOK: u64 = 128;

/// On the way to a moment of a branch.
pub(super) struct Seeking {
    branch: BranchId,
    seek: Seek,
}

impl Inner {
    /// Looks at another moment, or at another branch.
    pub(super) fn travel(&mut self, travel: Travel) {
        let turn = self.simulation().world().turn();
        match travel {
            Travel::To(time) => self.set_out(Moment::Time(time)),
            Travel::StepBack => {
                if let Some(before) = self.simulation().event_turn().checked_sub(1) {
                    self.set_out(Moment::Turn(before));
                }
            }
            Travel::PreviousMark => {
                let mark = self.branches.viewed().history().marks().before(turn);
                if let Some(turn) = mark.map(|mark| mark.turn) {
                    self.set_out(Moment::Turn(turn));
                }
            }
            Travel::NextMark => {
                let mark = self.branches.viewed().history().marks().after(turn);
                match mark.map(|mark| mark.turn) {
                    Some(turn) => self.set_out(Moment::Turn(turn)),
                    None => self.back_to_now(),
                }
            }
            Travel::Now => self.back_to_now(),
            Travel::View(id) => {
                let viewed = self.branches.view(id);
                self.settle(viewed);
                self.play(false);
                self.look_at_another();
            }
            Travel::Compare(id) => {
                let compared = self.branches.compare(id);
                self.settle(compared);
                self.let_other_follow();
            }
            Travel::Rename(id, name) => {
                let renamed = self.branches.rename(id, &name);
                self.settle(renamed);
            }
            Travel::MakeLive(id) => {
                let made = self.branches.make_live(id, &mut self.mirror);
                self.settle(made);
                let kept = self.keep_cluster();
                self.settle(kept);
            }
            Travel::Delete(id) => {
                let removed = self.branches.remove(id);
                self.settle(removed);
                self.look_at_another();
            }
        }
    }

    /// Says why something was not possible, if it was not.
    fn settle(&mut self, done: Result<(), impl std::fmt::Display>) {
        if let Err(error) = done {
            self.notice = Some(sentence(&error.to_string()).into());
        }
    }

    /// Sets out for a moment of the branch that is looked at, and stops time.
    pub(super) fn set_out(&mut self, to: Moment) {
        self.play(false);
        let viewed = self.branches.viewed();
        self.seeking = Some(Seeking { branch: viewed.id(), seek: viewed.seek(to) });
        self.go_on_seeking(WORK_MS);
    }

    /// Goes on with what is being sought; true if nothing is any more.
    pub(super) fn go_on_seeking(&mut self, work_ms: f64) -> bool {
        let end = browser::clock_ms() + work_ms;
        while let Some(seeking) = &mut self.seeking {
            let Some(branch) = self.branches.get(seeking.branch) else {
                self.seeking = None;
                return true;
            };
            if seeking.seek.advance(branch.history().tip(), TURNS_A_LOOK) {
                self.arrived();
            }
            if browser::clock_ms() >= end {
                break;
            }
        }
        self.seeking.is_none()
    }

    fn arrived(&mut self) {
        let Some(Seeking { branch, seek }) = self.seeking.take() else { return };
        self.branches.look_at(branch, seek.into_simulation());
        if branch == self.branches.viewed().id() {
            self.come_to_rest();
            self.let_other_follow();
        }
        // It is shown with this frame.
        self.turn.all_at_once();
    }

    fn back_to_now(&mut self) {
        self.seeking = None;
        self.branches.back_to_now();
        self.watch.jumped = None;
        self.pan(lanes::Ask::Follow(true));
        self.come_to_rest();
        self.let_other_follow();
    }

    /// What happened before the moment that is shown now is not news.
    fn come_to_rest(&mut self) {
        self.heard = self.simulation().trace().last_id();
        self.remainder = 0.0;
    }

    /// Another branch is looked at than before.
    pub(super) fn look_at_another(&mut self) {
        self.seeking = None;
        journal::begin(self.tip());
        self.come_to_rest();
        self.let_other_follow();
    }

    /// What was just done in the past has begun a branch.
    pub(super) fn begin_branch(&mut self) {
        journal::begin(self.tip());
        let fork = self.branches.viewed();
        let at = fork.fork().map(|fork| crate::ui::view::timeline::clock(fork.at));
        self.said = format!("{} begins at {}", fork.name(), at.unwrap_or_default()).into();
    }

    /// Brings the other branch to the time of the one that is looked at, or to its end where that
    /// is earlier: to look changes no run. Whoever is on the way to another moment is followed there.
    pub(super) fn let_other_follow(&mut self) {
        let viewed = self.branches.viewed().id();
        if self.seeking.as_ref().is_some_and(|seeking| seeking.branch == viewed) {
            return;
        }
        let now = self.simulation().world().now();
        if let Some(other) = self.branches.compared()
            && other.shown().world().now() != now
        {
            self.seeking =
                Some(Seeking { branch: other.id(), seek: other.seek(Moment::Time(now)) });
            self.go_on_seeking(WORK_MS);
        }
    }

    /// Lets the other branch follow as time passes, until this moment of the browser's clock; true
    /// once both stand at one time. At its end it goes on.
    pub(super) fn follow(&mut self, end: f64) -> bool {
        let Some(other) = self.branches.compared() else { return true };
        let goes_on = !other.looks_back();
        if goes_on {
            // If it is this one that breaks, the journal must have its run.
            journal::begin(other.history().tip());
        }
        let mut turns = 0_u64;
        let mut is_there = true;
        while self.branches.follow(&mut self.mirror) {
            turns += 1;
            if turns.is_multiple_of(TURNS_A_LOOK) && browser::clock_ms() >= end {
                is_there = false;
                break;
            }
        }
        if goes_on {
            journal::begin(self.tip());
        }
        is_there
    }

    /// The time to which somebody is on the way.
    pub(super) fn goes_to(&self) -> Option<Time> {
        let seeking = self.seeking.as_ref()?;
        match seeking.seek.to() {
            Moment::Time(time) if seeking.branch == self.branches.viewed().id() => Some(time),
            _ => None,
        }
    }

    /// Paints what moves in the other branch, if one is shown.
    pub(super) fn paint_other(&mut self) {
        let contrast = self.shown.as_ref().and_then(|shown| shown.contrast.clone());
        if let (Some(other), Some(contrast)) = (self.branches.compared(), contrast) {
            let motion = Motion::of(other.shown(), &contrast.stage);
            self.other_painter.paint(&contrast.stage, &motion, None);
        }
    }
}
