//! What a player keeps of the story while it plays: steps, questions, the goal.

use super::condition::Condition;
use super::goal::{Attempt, Goal, Outcome};
use super::holds::sentence_of;
use super::told::{Challenge, Moment, Question, Step};
use super::{Past, Scenario, Told};
use crate::sim::Simulation;

/// The story so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Lesson {
    /// Where the world was set up.
    opened: Option<Moment>,
    steps: Vec<Step>,
    /// The question of the step that is under way, and what can be answered.
    asked: Option<Asked>,
    /// True while a step is under way.
    is_open: bool,
    challenge: Option<(usize, Challenge)>,
    attempt: Option<Attempt>,
}

/// A question that waits for the end of its step.
#[derive(Clone, Debug)]
struct Asked {
    line: usize,
    text: String,
    answers: Vec<(String, Condition)>,
}

impl Lesson {
    /// Takes note that the world is set up.
    pub(super) fn open(&mut self, simulation: &Simulation) {
        *self = Self { opened: Some(Moment::of(simulation)), ..Self::default() };
    }

    pub(super) fn step(&mut self, sentence: &str, simulation: &Simulation) {
        let now = Moment::of(simulation);
        self.is_open = true;
        let sentence = sentence.to_owned();
        self.steps.push(Step { sentence, question: None, from: now, to: now });
    }

    pub(super) fn ask(&mut self, line: usize, question: &str) {
        self.asked = Some(Asked { line, text: question.to_owned(), answers: Vec::new() });
    }

    pub(super) fn answer(&mut self, text: &str, condition: &Condition) {
        let asked = self.asked.as_mut().expect("an answer stands below its question");
        asked.answers.push((text.to_owned(), condition.clone()));
    }

    /// Ends the step that is under way. Its question must have just one right answer; an error
    /// names the question's line.
    pub(super) fn end_step(
        &mut self,
        simulation: &Simulation,
        past: &Past,
    ) -> Result<(), (usize, String)> {
        if !std::mem::take(&mut self.is_open) {
            return Ok(());
        }
        let world = simulation.world();
        let step = self.steps.last_mut().expect("a step is under way");
        step.to = Moment::of(simulation);
        let Some(Asked { line, text, answers }) = self.asked.take() else { return Ok(()) };
        let right: Vec<usize> =
            (0..answers.len()).filter(|place| answers[*place].1.holds(world, past)).collect();
        let [right] = right[..] else {
            let named: Vec<&str> = right.iter().map(|place| answers[*place].0.as_str()).collect();
            let which = match named[..] {
                [] => "none is".to_owned(),
                _ => format!("right are '{}'", named.join("' and '")),
            };
            let instead = answers[0].1.instead(world);
            let message =
                format!("one answer must be right at the end of the step; {which}{instead}");
            return Err((line, message));
        };
        let why = sentence_of(&answers[right].1, world);
        let answers = answers.into_iter().map(|(text, _)| text).collect();
        step.question = Some(Question { text, answers, right, why });
        Ok(())
    }

    pub(super) fn set_goal(&mut self, line: usize, goal: &Goal, at: &Simulation, past: &Past) {
        let challenge = Challenge { goal: goal.clone(), from: Moment::of(at), past: past.clone() };
        self.challenge = Some((line, challenge));
    }

    /// The goal that was set, to add to it what is forbidden.
    pub(super) fn goal_mut(&mut self) -> &mut Goal {
        let (_, challenge) =
            self.challenge.as_mut().expect("what is forbidden stands below a goal");
        &mut challenge.goal
    }

    /// Begins to grade the solution.
    pub(super) fn begin_attempt(&mut self, simulation: &Simulation) -> Result<(), String> {
        let (_, challenge) = self.challenge.as_ref().expect("a solution stands below a goal");
        let Challenge { goal, past, .. } = challenge;
        if goal.reach.holds(simulation.world(), past) {
            return Err(format!("'{}' is so before anything is done", goal.reach));
        }
        self.attempt = Some(Attempt::begin(goal.clone(), simulation.world()));
        Ok(())
    }

    /// Shows the attempt, if there is one, what came about.
    pub(super) fn look(&mut self, simulation: &Simulation, past: &Past) {
        if let Some(attempt) = &mut self.attempt {
            attempt.look(simulation.world(), past);
        }
    }

    /// Whether the solution reaches the goal; an error names the goal's line.
    pub(super) fn grade(&self) -> Result<(), (usize, String)> {
        let (Some(attempt), Some((line, _))) = (&self.attempt, &self.challenge) else {
            return Ok(());
        };
        let why = match attempt.outcome() {
            Outcome::Met(_) => return Ok(()),
            Outcome::Open => format!("'{}' has not come about", attempt.goal().reach),
            Outcome::Failed(why) => why.clone(),
        };
        Err((*line, format!("the solution does not reach the goal: {why}")))
    }

    pub(super) fn into_told(self, scenario: &Scenario, simulation: &Simulation) -> Told {
        let end = Moment::of(simulation);
        let challenge = self.challenge.map(|(_, challenge)| challenge);
        let mut steps = self.steps;
        if steps.is_empty() {
            let to = challenge.as_ref().map_or(end, |challenge| challenge.from);
            let from = self.opened.expect("the world was set up");
            if from != to || challenge.is_none() {
                let sentence = scenario.claim.clone();
                steps.push(Step { sentence, question: None, from, to });
            }
        }
        Told {
            title: scenario.title().unwrap_or(&scenario.claim).to_owned(),
            claim: scenario.claim.clone(),
            run: simulation.to_run(),
            end,
            steps,
            challenge,
        }
    }
}
