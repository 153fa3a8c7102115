//! Somebody who reads a story: which step he is at, what he predicted, how he does with the task.
//!
//! A reader decides where the story goes next, and not how the page gets there: each wish of his
//! gives a [`Course`], which the runtime takes. It touches no world; it is shown one.

use super::timeline::{SPEED_DEFAULT, SPEEDS};
use crate::base::Span;
use crate::scenario::{Attempt, Moment, Outcome, Past, Told};
use crate::sim::{Simulation, Stamped};
use std::rc::Rc;

/// The longest that a step lasts for who watches it, in milliseconds, if he chose no speed.
const STEP_MS: u64 = 12_000;

/// What the page has to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    /// Nothing: the reader must do something first, or it is over.
    Stay,
    /// Let time pass, up to where the reader stops.
    Play,
    /// Go to where the reader stops, at once.
    Rush,
    /// Begin the run anew, go to this moment, and ask again.
    From(Moment),
}

/// Where in the story a reader is.
#[derive(Clone, Debug)]
pub struct Reader {
    told: Rc<Told>,
    /// The step; after the last one, the task.
    place: usize,
    /// True once the step has begun.
    begun: bool,
    /// True once the step has been shown to its end.
    shown: bool,
    /// True if steps follow each other without a word.
    through: bool,
    /// What was predicted in each step.
    chosen: Vec<Option<usize>>,
    past: Past,
    attempt: Option<Attempt>,
    /// True if the solution is shown.
    solving: bool,
    /// True if the reader did something himself, so that the story is another now.
    left: bool,
}

impl Reader {
    /// Somebody who opens a story at its beginning.
    pub fn new(told: Rc<Told>) -> Self {
        Self {
            place: 0,
            begun: false,
            shown: false,
            through: false,
            chosen: vec![None; told.steps.len()],
            past: Past::default(),
            attempt: None,
            solving: false,
            left: false,
            told,
        }
    }

    /// What is read.
    pub fn told(&self) -> &Rc<Told> {
        &self.told
    }

    /// The step's place, from 0 on; the task's is behind the last one.
    pub fn place(&self) -> usize {
        self.place
    }

    /// How many places there are.
    pub fn places(&self) -> usize {
        self.told.steps.len() + usize::from(self.told.challenge.is_some())
    }

    /// True once the step was shown to its end.
    pub fn is_shown(&self) -> bool {
        self.shown
    }

    /// True once the step has begun.
    pub fn is_begun(&self) -> bool {
        self.begun
    }

    /// True if steps follow each other.
    pub fn is_through(&self) -> bool {
        self.through
    }

    /// True if the reader left the story by doing something himself.
    pub fn has_left(&self) -> bool {
        self.left
    }

    /// True if the solution is shown.
    pub fn is_solving(&self) -> bool {
        self.solving
    }

    /// What he predicted in this step.
    pub fn chosen(&self) -> Option<usize> {
        self.chosen.get(self.place).copied().flatten()
    }

    /// His attempt at the task.
    pub fn attempt(&self) -> Option<&Attempt> {
        self.attempt.as_ref()
    }

    /// True where the task is what is read.
    pub fn at_task(&self) -> bool {
        self.place >= self.told.steps.len()
    }

    /// The moment at which this place begins.
    pub fn from(&self) -> Moment {
        match (self.told.steps.get(self.place), &self.told.challenge) {
            (Some(step), _) => step.from,
            (None, Some(challenge)) => challenge.from,
            (None, None) => self.told.end,
        }
    }

    /// The moment at which to stop; none while the reader himself acts, or has left.
    pub fn stop(&self) -> Option<Moment> {
        match self.told.steps.get(self.place) {
            _ if self.left => None,
            Some(step) => Some(step.to),
            None => self.solving.then_some(self.told.end),
        }
    }

    /// What the story does from a moment on, as far as the reader does not act himself.
    pub fn script(&self, from: Moment) -> &[Stamped] {
        let actions = &self.told.run.actions;
        let end = match &self.told.challenge {
            Some(challenge) if !self.solving => challenge.from.actions,
            _ => actions.len(),
        };
        &actions[from.actions.min(end)..end]
    }

    /// The speed's place among those on offer with which this step is not too long.
    pub fn pace(&self) -> usize {
        let span = self.stop().map_or(Span::ZERO, |stop| stop.at.since(self.from().at));
        let quick = |(_, us_each_ms): &(&str, u64)| span.0 / us_each_ms <= STEP_MS;
        let place = SPEEDS.iter().position(quick).unwrap_or(SPEEDS.len() - 1);
        place.max(SPEED_DEFAULT)
    }

    /// Goes on: begins this step, or shows the rest of it at once, or begins the next.
    pub fn go_on(&mut self) -> Course {
        if self.left {
            return Course::Stay;
        }
        if self.at_task() {
            return if self.solving && !self.shown { Course::Rush } else { Course::Stay };
        }
        if !self.begun {
            self.begun = true;
            return Course::Play;
        }
        if !self.shown {
            return Course::Rush;
        }
        if self.place + 1 >= self.places() {
            return Course::Stay;
        }
        self.place += 1;
        self.enter()
    }

    /// Goes back to the beginning of the step before this one; of this one, where the reader left
    /// the story in it, or where there is none before.
    pub fn back(&mut self) -> Course {
        if !(self.left || self.solving) {
            self.place = self.place.saturating_sub(1);
        }
        self.restart()
    }

    /// Begins this place anew.
    pub fn restart(&mut self) -> Course {
        self.left = false;
        self.solving = false;
        self.attempt = None;
        self.begun = false;
        self.shown = false;
        Course::From(self.from())
    }

    /// Shows how the task is done.
    pub fn solve(&mut self) -> Course {
        let course = self.restart();
        self.solving = true;
        course
    }

    /// Lets steps follow each other, or not.
    pub fn set_through(&mut self, through: bool) -> Course {
        self.through = through;
        match (through, self.begun && !self.shown) {
            (true, false) => self.go_on(),
            _ => Course::Stay,
        }
    }

    /// Predicts. What was predicted before the step began can be changed no more once it has.
    pub fn answer(&mut self, answer: usize) {
        if let (false, Some(chosen)) = (self.begun, self.chosen.get_mut(self.place)) {
            *chosen = Some(answer);
        }
    }

    /// Arrives at the beginning of a place. A question is to be answered first, and a task is for
    /// the reader to begin.
    pub fn enter(&mut self) -> Course {
        (self.begun, self.shown) = (false, false);
        if self.at_task() {
            self.begun = true;
            return if self.solving { Course::Play } else { Course::Stay };
        }
        let step = &self.told.steps[self.place];
        if step.question.is_some() && self.chosen().is_none() {
            return Course::Stay;
        }
        self.begun = true;
        Course::Play
    }

    /// Begins the attempt, once the world is where the task is set.
    pub fn begin_attempt(&mut self, simulation: &Simulation) {
        if let (true, Some(challenge)) = (self.at_task(), &self.told.challenge) {
            self.past = challenge.past.clone();
            self.attempt = Some(Attempt::begin(challenge.goal.clone(), simulation.world()));
        }
    }

    /// Takes note that the stop was reached. In one go it may go on at once.
    pub fn arrive(&mut self) -> Course {
        self.shown = true;
        if self.through && !self.at_task() { self.go_on() } else { Course::Stay }
    }

    /// Is shown the world after something has happened in it; true if that decides the task.
    pub fn look(&mut self, simulation: &Simulation) -> bool {
        let Some(attempt) = &mut self.attempt else { return false };
        if *attempt.outcome() != Outcome::Open {
            return false;
        }
        self.past.look(simulation);
        attempt.look(simulation.world(), &self.past);
        *attempt.outcome() != Outcome::Open
    }

    /// The reader does something himself. In his task that is what he is asked for; in a step the
    /// story ends there, until he goes back to it.
    pub fn act(&mut self) {
        if !self.at_task() || self.solving {
            self.left = self.places() > 0;
            self.through = false;
        }
    }
}

#[cfg(test)]
#[path = "reader_tests.rs"]
mod tests;
