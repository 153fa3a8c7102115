//! The reader's wishes, carried out: on, back, through, predictions, the task.

use super::Inner;
use super::telling::AT_ONCE_MS;
use crate::scenario::Moment;
use crate::sim::history::History;
use crate::ui::command::Wish;
use crate::ui::view::guest::{Guest, Origin};
use crate::ui::view::reader::{Course, Reader};
use crate::ui::view::story::Story;
use std::rc::Rc;

impl Inner {
    /// What the story's panel shows.
    pub(super) fn story(&self) -> Option<Rc<Story>> {
        let reader = self.script.reader.as_ref()?;
        Some(Rc::new(Story::of(reader, self.simulation())))
    }

    /// Carries out a wish of the reader.
    pub(super) fn wish(&mut self, wish: Wish) {
        self.return_to_story();
        self.stay_here();
        // Until a step that was gone back to is there, he reads where he was.
        let before = self.script.reader.clone();
        let Some(reader) = &mut self.script.reader else { return };
        let course = match wish {
            Wish::Next => reader.go_on(),
            Wish::Back => reader.back(),
            Wish::Again => reader.restart(),
            Wish::Solve => reader.solve(),
            Wish::Through(through) => reader.set_through(through),
            Wish::Answer(answer) => {
                reader.answer(answer);
                Course::Stay
            }
        };
        match course {
            Course::From(moment) => {
                if let Some(reader) = std::mem::replace(&mut self.script.reader, before) {
                    self.return_to(reader, moment);
                }
            }
            course => self.take(course),
        }
    }

    /// Looks at the story again, if somebody looks at its past or at another branch.
    fn return_to_story(&mut self) {
        if let Some(branch) = self.script.branch.filter(|_| !self.is_in_script())
            && self.branches.view(branch).is_ok()
        {
            self.look_at_another();
        }
    }

    /// Takes the course that a reader's wish leads to.
    pub(super) fn take(&mut self, course: Course) {
        match course {
            Course::Stay => self.begin_task(),
            Course::Play => {
                self.script.holds = false;
                self.set_pace();
                self.play(true);
            }
            Course::Rush => {
                self.script.holds = false;
                let stop = self.script.reader.as_ref().and_then(|reader| reader.stop());
                self.script.rushes_to = stop.map(|stop| stop.at);
                self.rush(AT_ONCE_MS);
            }
            Course::From(moment) => {
                if let Some(reader) = self.script.reader.clone() {
                    self.return_to(reader, moment);
                }
            }
        }
    }

    /// Goes on to where the reader stops, as fast as the engine can.
    pub(super) fn rush(&mut self, work_ms: f64) {
        if let Some(stop) = self.script.rushes_to
            && self.run_until(stop, work_ms)
        {
            self.script.rushes_to = None;
        }
    }

    /// Shows a story's world, as it was at a moment, and lets the reader read on from there.
    pub(super) fn read_from(&mut self, history: History, mut reader: Reader, moment: Moment) {
        let (chosen, own_speed) = (self.watch.chosen, self.script.own_speed);
        let told = reader.told().clone();
        self.invite(history, Guest::of(Origin::Scenario, Some(&told.title)));
        self.script.branch = Some(self.branches.viewed().id());
        self.watch.chosen = chosen;
        self.heard = self.simulation().trace().last_id();
        let course = reader.enter();
        self.script.steps = reader.script(moment).to_vec().into();
        self.script.holds = course == Course::Stay && !reader.at_task();
        self.script.own_speed = own_speed;
        self.script.reader = Some(reader);
        self.play(false);
        self.begin_task();
        self.take(course);
    }

    /// Sets the task, if the reader has come to it.
    fn begin_task(&mut self) {
        if let Some(reader) = &mut self.script.reader
            && reader.at_task()
            && reader.attempt().is_none()
        {
            self.script.holds = false;
            reader.begin_attempt(self.branches.shown());
            self.play(false);
        }
    }

    /// A step's end. Unless the next follows at once, time stands still.
    pub(super) fn arrive(&mut self) {
        let Some(reader) = &mut self.script.reader else { return };
        let mut course = reader.arrive();
        if course == Course::Stay && self.hurried > 0 {
            course = reader.go_on();
        }
        match course {
            Course::Stay if self.hurried > 0 => self.begin_task(),
            Course::Stay => {
                self.script.holds = true;
                self.play(false);
                self.begin_task();
            }
            _ => self.set_pace(),
        }
    }

    /// Shows the task what has happened. What decides it stops time, so that it is seen.
    pub(super) fn grade(&mut self) {
        if self.is_in_script()
            && let Some(reader) = &mut self.script.reader
            && reader.look(self.branches.shown())
            && self.hurried == 0
        {
            self.script.holds = true;
            self.play(false);
        }
    }

    /// Somebody wants time to pass: where the story stands still, that means to go on with it.
    pub(super) fn go_on(&mut self) -> Course {
        if !self.is_in_script() {
            return Course::Stay;
        }
        let holds = std::mem::take(&mut self.script.holds);
        let reader = self.script.reader.as_mut().filter(|_| holds);
        reader.map_or(Course::Stay, |reader| reader.go_on())
    }

    fn set_pace(&mut self) {
        if let Some(reader) = self.script.reader.as_ref().filter(|_| !self.script.own_speed) {
            self.speed = reader.pace();
        }
    }
}
