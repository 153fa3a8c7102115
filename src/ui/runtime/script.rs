//! Scenarios, watched live.
//!
//! A scenario is first played out of sight, at full speed (`telling`). That gives its run: what was
//! done, and when, and where the steps of its story lie. Then the page begins the same run as a
//! guest, and does the same things at the same moments while the visitor watches, at any speed.
//! Where a step ends time stands still until he goes on (`story`). Whoever does something in between
//! takes over: from then on it is another run, and the rest of the script is dropped.

use super::Inner;
use crate::base::Time;
use crate::scenario::Moment;
use crate::sim::Stamped;
use crate::sim::history::BranchId;
use crate::ui::view::reader::Reader;
use crate::ui::view::words::sentence;
use std::collections::VecDeque;

/// What is still to be done, and by whose story.
#[derive(Debug, Default)]
pub struct Script {
    /// Who reads the story; nobody if none is shown.
    pub(super) reader: Option<Reader>,
    /// What is to be done next.
    pub(super) steps: VecDeque<Stamped>,
    /// True while time stands still until the reader goes on.
    pub(super) holds: bool,
    /// The time to which it goes as fast as the engine can.
    pub(super) rushes_to: Option<Time>,
    /// True once the visitor has chosen a speed himself.
    pub(super) own_speed: bool,
    /// The branch in which it plays. Neither its past nor another branch is the story's.
    pub(super) branch: Option<BranchId>,
}

impl Script {
    /// What is to be done from now on, without a story.
    pub(super) fn of(steps: Vec<Stamped>) -> Self {
        Self { steps: steps.into(), ..Self::default() }
    }
}

impl Inner {
    pub(super) fn refuse(&mut self, why: &str) {
        self.notice = Some(sentence(why).into());
    }

    /// Lets the next thing happen if it is due by `limit`: the script's, or the world's own. In the
    /// past it is what happened then.
    pub(super) fn step_by(&mut self, limit: Time) -> bool {
        if !self.is_in_script() {
            return self.branches.step_by(limit, &mut self.mirror);
        }
        if self.script.holds {
            return false;
        }
        if let Some(stop) = self.stop_here() {
            if stop.at > limit {
                return false;
            }
            self.branches.set_clock(stop.at);
            self.arrive();
            return !self.script.holds;
        }
        let steps = self.simulation().world().steps();
        let stepped = match self.script.steps.front() {
            Some(next) if next.after_steps == steps => {
                if next.at > limit {
                    return false;
                }
                let next = self.script.steps.pop_front().expect("it was just seen");
                self.branches.set_clock(next.at);
                if let Err(error) = self.branches.act(next.action, &mut self.mirror) {
                    self.script.steps.clear();
                    self.refuse(&error.to_string());
                }
                true
            }
            _ => self.branches.step_by(limit, &mut self.mirror),
        };
        self.grade();
        stepped
    }

    /// Lets the clock go on, when nothing more is due, unless the story stands still.
    pub(super) fn rest_until(&mut self, time: Time) {
        if !self.is_in_script() || !self.script.holds {
            self.branches.set_clock(time);
            self.grade();
        }
    }

    /// True if what is looked at is where the script goes on.
    pub(super) fn is_in_script(&self) -> bool {
        let viewed = self.branches.viewed();
        !viewed.looks_back() && self.script.branch == Some(viewed.id())
    }

    /// Where the story stops, if that is now.
    fn stop_here(&self) -> Option<Moment> {
        let reader = self.script.reader.as_ref().filter(|reader| !reader.is_shown())?;
        reader.stop().filter(|stop| self.is_at(*stop))
    }

    /// True if all has happened that had happened by then.
    fn is_at(&self, moment: Moment) -> bool {
        let world = self.simulation().world();
        world.steps() >= moment.steps && world.actions().len() >= moment.actions
    }

    /// Drops what is left of the script, because somebody did something else.
    pub(super) fn take_over(&mut self) {
        self.script.steps.clear();
        self.script.holds = false;
        self.script.rushes_to = None;
        if let Some(reader) = &mut self.script.reader {
            reader.act();
        }
    }
}
