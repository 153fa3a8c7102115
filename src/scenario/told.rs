//! A scenario that was played, as a story to show again: its run, and where its steps lie in it.

use super::goal::Goal;
use super::{Past, Scenario, ScenarioError, Telling};
use crate::base::Time;
use crate::sim::{Run, Simulation};

/// A moment of a run: after so many actions and so many steps, at this time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The time.
    pub at: Time,
    /// How many things had happened.
    pub steps: u64,
    /// How many actions had been taken.
    pub actions: usize,
}

impl Moment {
    /// Now.
    pub fn of(simulation: &Simulation) -> Self {
        let world = simulation.world();
        Self { at: world.now(), steps: world.steps(), actions: world.actions().len() }
    }

    /// A run up to here. Replayed, it is the world of this moment.
    pub fn part_of(&self, run: &Run) -> Run {
        let actions = run.actions[..self.actions].to_vec();
        Run { actions, until: self.at, steps: self.steps, ..run.clone() }
    }
}

/// A step of a story, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The sentence that tells it.
    pub sentence: String,
    /// What the reader is asked before it is shown.
    pub question: Option<Question>,
    /// Where it begins.
    pub from: Moment,
    /// Where it ends.
    pub to: Moment,
}

/// A question about the end of a step, answered by the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// What is asked.
    pub text: String,
    /// What can be answered.
    pub answers: Vec<String>,
    /// Which of them is right.
    pub right: usize,
    /// The condition that made it right, and how things stood.
    pub why: String,
}

/// A goal, and where in the run it is set.
#[derive(Clone, Debug)]
pub struct Challenge {
    /// The goal.
    pub goal: Goal,
    /// When it is set.
    pub from: Moment,
    /// What had happened by then.
    pub past: Past,
}

/// A scenario, played.
#[derive(Clone, Debug)]
pub struct Told {
    /// Its name; its claim, if it has none.
    pub title: String,
    /// What it shows.
    pub claim: String,
    /// The run, the solution of the goal included.
    pub run: Run,
    /// Where the run ends.
    pub end: Moment,
    /// The steps. A scenario without any is told in one.
    pub steps: Vec<Step>,
    /// What the reader is to do after the steps.
    pub challenge: Option<Challenge>,
}

/// Plays a whole scenario, to show it.
pub fn tell(scenario: &Scenario) -> Result<Told, ScenarioError> {
    tell_within(scenario, u64::MAX)
}

/// Plays a whole scenario, to show it, unless that takes more than so many steps.
pub fn tell_within(scenario: &Scenario, steps: u64) -> Result<Told, ScenarioError> {
    let mut telling = Telling::new(scenario.clone(), steps);
    while !telling.advance(u64::MAX)? {}
    Ok(telling.into_told())
}
