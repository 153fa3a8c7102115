//! The story that is read, as its panel shows it.

use super::Page;
use super::reader::Reader;
use super::timeline::clock;
use super::words::sentence;
use crate::base::{Span, Time};
use crate::scenario::Outcome;
use crate::sim::Simulation;

/// What the panel shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Story {
    /// The scenario's name.
    pub title: String,
    /// What it shows.
    pub claim: String,
    /// `Step 2 of 5`, or `Your task`.
    pub place: String,
    /// How much of the steps is behind the reader, of how many.
    pub progress: (usize, usize),
    /// The sentence of the step, or of the task.
    pub sentence: String,
    /// What is asked before the step is shown.
    pub quiz: Option<Quiz>,
    /// The task.
    pub task: Option<Task>,
    /// What the button `Next` will do; nothing if there is nothing to go on to.
    pub next: Option<&'static str>,
    /// True if there is something to go back to.
    pub can_go_back: bool,
    /// True if steps follow each other.
    pub through: bool,
    /// What else is to be said: that the story is over, or was left.
    pub note: Option<&'static str>,
}

/// A question, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quiz {
    /// What is asked.
    pub question: String,
    /// What can be answered.
    pub answers: Vec<String>,
    /// What was.
    pub chosen: Option<usize>,
    /// True while it can be answered.
    pub is_open: bool,
    /// What turned out to be right, once the step was shown.
    pub truth: Option<Truth>,
}

/// What turned out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Truth {
    /// The right answer.
    pub right: usize,
    /// Whether the prediction was right, if there was one.
    pub verdict: String,
    /// Why: the condition that holds, and how things stand.
    pub why: String,
}

/// A task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// What must become so, in the words of the language.
    pub reach: String,
    /// What must not be done, in words.
    pub rules: Vec<String>,
    /// How it stands.
    pub state: TaskState,
    /// How it stands, in words.
    pub says: String,
    /// True while the solution is shown.
    pub solving: bool,
}

/// How a task stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskState {
    /// Neither reached nor failed.
    Open,
    /// Reached.
    Met,
    /// Failed.
    Failed,
}

impl Story {
    /// What a reader sees in a world.
    pub fn of(reader: &Reader, simulation: &Simulation) -> Self {
        let told = reader.told();
        let (place, steps) = (reader.place(), told.steps.len());
        let step = told.steps.get(place);
        let sentence = match (step, &told.challenge) {
            (Some(step), _) => step.sentence.clone(),
            (None, Some(challenge)) => challenge.goal.sentence.clone(),
            (None, None) => told.claim.clone(),
        };
        let last = place + 1 >= reader.places();
        let next = match step {
            _ if reader.has_left() => None,
            None => (reader.is_solving() && !reader.is_shown()).then_some("Skip to the end"),
            Some(_) if !reader.is_begun() => Some("Show what happens"),
            Some(_) if !reader.is_shown() => Some("Skip to the end of the step"),
            Some(_) if last => None,
            Some(_) => Some("Go on to the next step"),
        };
        let note = match step {
            _ if reader.has_left() => {
                Some("You took over: this is your own run now. Back leads to the story again.")
            }
            Some(_) if last && reader.is_shown() => {
                Some("That was the story. The bank is yours: go on with it as you like.")
            }
            _ => None,
        };
        Self {
            title: told.title.clone(),
            claim: told.claim.clone(),
            place: match step {
                Some(_) => format!("Step {} of {}", place + 1, steps),
                None => "Your task".to_owned(),
            },
            progress: (place + usize::from(reader.is_shown()), reader.places()),
            sentence,
            quiz: Quiz::of(reader),
            task: Task::of(reader, simulation.world().now()),
            next,
            can_go_back: place > 0 || reader.is_begun() || reader.has_left(),
            through: reader.is_through(),
            note,
        }
    }
}

impl Story {
    /// Takes off a page what gives an answer away, and what leads away from the story.
    pub fn cover(&self, page: &mut Page) {
        if self.quiz.as_ref().is_some_and(|quiz| quiz.is_open) {
            page.now = "What comes next is yours to predict.".into();
            (page.violated, page.leaderless) = (false, false);
        }
        if self.task.is_some() {
            page.hint = "do what the task asks, with whatever the page offers.".into();
        } else if self.note.is_none() {
            page.hint = "read on with Next. What you do yourself makes this your own run.".into();
        }
    }
}

impl Quiz {
    fn of(reader: &Reader) -> Option<Self> {
        let question = reader.told().steps.get(reader.place())?.question.as_ref()?;
        let chosen = reader.chosen();
        let truth = (reader.is_shown() && !reader.has_left()).then(|| Truth {
            right: question.right,
            verdict: match (chosen, &question.answers[question.right]) {
                (Some(chosen), _) if chosen == question.right => "Right.".to_owned(),
                (Some(_), right) => format!("Not so. The answer is: {right}."),
                (None, right) => format!("The answer is: {right}."),
            },
            why: sentence(&question.why),
        });
        Some(Self {
            question: question.text.clone(),
            answers: question.answers.clone(),
            chosen,
            is_open: !reader.is_begun(),
            truth,
        })
    }
}

impl Task {
    fn of(reader: &Reader, now: Time) -> Option<Self> {
        let attempt = reader.attempt()?;
        let goal = attempt.goal();
        let rules = attempt.used().map(|(forbidden, used)| match forbidden.at_most {
            0 => format!("No {}", forbidden.words),
            most => format!("At most {most} times {} ({used} so far)", forbidden.words),
        });
        let (state, says) = match attempt.outcome() {
            Outcome::Met(at) => (TaskState::Met, format!("Reached at {}.", clock(*at))),
            Outcome::Failed(why) => (TaskState::Failed, sentence(&format!("failed: {why}"))),
            Outcome::Open => {
                let left = seconds(attempt.left(now));
                let held = attempt.held(now).filter(|_| goal.lasting > Span::ZERO);
                let says = match held {
                    Some(held) => {
                        let (held, lasting) = (seconds(held), goal.lasting);
                        format!("It has held for {held} of {lasting}; {left} left.")
                    }
                    None => format!("{left} of virtual time left."),
                };
                (TaskState::Open, says)
            }
        };
        let lasting = if goal.lasting > Span::ZERO {
            format!(" for {}", goal.lasting)
        } else {
            String::new()
        };
        Some(Self {
            reach: format!("{}{lasting}", goal.reach),
            rules: rules.collect(),
            state,
            says,
            solving: reader.is_solving(),
        })
    }
}

/// A span in seconds, to a tenth.
fn seconds(span: Span) -> String {
    format!("{}.{} s", span.0 / 1_000_000, span.0 / 100_000 % 10)
}
