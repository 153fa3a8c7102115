//! Plays a scenario in a simulation, and tells what came of it.
//!
//! A statement is taken up, and what of it takes time is an errand (`errand`), which can be done in
//! portions.

use super::condition::Condition;
use super::errand::Errand;
use super::holds::{balances, farthest};
use super::lesson::Lesson;
use super::opening::Opening;
use super::statement::Statement;
use super::tale::Tale;
use super::{Past, Scenario, ScenarioError, Told};
use crate::base::{ServerId, Time};
use crate::disk::Disk;
use crate::sim::{Action, Disks, Simulation};
use crate::trace::EventId;
use crate::why;

/// A scenario that is being played.
#[derive(Clone, Debug)]
pub struct Player {
    pub(super) opening: Opening,
    pub(super) simulation: Simulation,
    pub(super) tale: Tale,
    pub(super) past: Past,
    pub(super) lesson: Lesson,
    /// The last event that the tale has heard of.
    heard: EventId,
    /// What the statement that was taken up last has still to do.
    pub(super) errand: Option<Errand>,
    /// How many more steps may be made.
    pub(super) steps_left: u64,
}

/// Plays a whole scenario: what came of each of its blocks, and the world at the end.
///
/// It fails where an action is not possible, a wait is too long, an expectation is not met, or a
/// judge finds a violation. The message then ends with what was told of that block before.
pub fn play(scenario: &Scenario) -> Result<(Vec<Vec<String>>, Simulation), ScenarioError> {
    let mut player: Option<Player> = None;
    let mut outputs = Vec::new();
    for block in &scenario.blocks {
        for (line, statement) in &block.statements {
            let result = Player::carry_out(&mut player, *line, statement);
            result.map_err(|error| with_tale(error, player.as_mut()))?;
        }
        outputs.push(player.as_mut().map(Player::take_output).unwrap_or_default());
    }
    let mut player = player.expect("a scenario that was read sets up a cluster");
    player.finish()?;
    Ok((outputs, player.simulation))
}

fn with_tale(mut error: ScenarioError, player: Option<&mut Player>) -> ScenarioError {
    let lines = player.map(Player::take_output).unwrap_or_default();
    if !lines.is_empty() {
        error.message = format!("{}\nbefore that:\n  {}", error.message, lines.join("\n  "));
    }
    error
}

impl Player {
    /// Carries out one statement of a scenario; the one that sets the cluster up makes the player.
    pub fn carry_out(
        player: &mut Option<Self>,
        line: usize,
        statement: &Statement,
    ) -> Result<(), ScenarioError> {
        Self::take_up(player, line, statement)?;
        player.as_mut().map_or(Ok(()), |player| player.finish_errand().map_err(at(line)))
    }

    /// Takes up one statement of a scenario, which is carried out once the player's errand is done.
    pub(super) fn take_up(
        player: &mut Option<Self>,
        line: usize,
        statement: &Statement,
    ) -> Result<(), ScenarioError> {
        match (player, statement) {
            (_, Statement::Title(_)) => Ok(()),
            (player, Statement::Cluster(opening)) => {
                *player = Some(Self::set_up(opening).map_err(at(line))?);
                Ok(())
            }
            (Some(player), statement) => player.set_about(line, statement),
            (None, _) => unreachable!("a scenario that was read begins with its cluster"),
        }
    }

    /// Sets up the world, and lets the leader be elected that the opening asks for.
    pub fn begin(opening: &Opening) -> Result<Self, String> {
        let mut player = Self::set_up(opening)?;
        player.finish_errand()?;
        Ok(player)
    }

    /// Sets up the world. To let a leader be elected is an errand.
    pub(super) fn set_up(opening: &Opening) -> Result<Self, String> {
        let simulation = Simulation::new(opening.config.clone(), opening.seed, Disks::default());
        let simulation = simulation.map_err(|error| error.to_string())?;
        let mut player = Self {
            opening: opening.clone(),
            simulation,
            tale: Tale::default(),
            past: Past::default(),
            lesson: Lesson::default(),
            heard: EventId(0),
            errand: None,
            steps_left: u64::MAX,
        };
        player.listen()?;
        match opening.leader {
            Some(leader) => player.errand = Some(Errand::elect(leader, &player.simulation)),
            None => player.lesson.open(&player.simulation),
        }
        Ok(player)
    }

    /// Makes at most so many steps from now on, whatever the scenario says.
    pub fn limit(&mut self, steps: u64) {
        self.steps_left = steps;
    }

    /// Carries out one statement.
    pub fn execute(&mut self, line: usize, statement: &Statement) -> Result<(), ScenarioError> {
        self.set_about(line, statement)?;
        self.finish_errand().map_err(at(line))
    }

    /// Begins with one statement. What takes time is left as an errand.
    fn set_about(&mut self, line: usize, statement: &Statement) -> Result<(), ScenarioError> {
        assert!(self.errand.is_none(), "one statement is carried out after the other");
        let now = self.simulation.world().now();
        let result = match statement {
            Statement::Cluster(_) => Err("the cluster is set up once".to_owned()),
            Statement::Act(action) => self.act(action.clone()),
            Statement::Change { server, key, from, into } => self.change(*server, key, from, into),
            Statement::Run(span) => {
                self.errand = Some(Errand::Run { limit: now + *span, until: None });
                Ok(())
            }
            Statement::RunSteps { span, steps } => {
                let (limit, span, steps) = (now + *span, *span, *steps);
                self.errand = Some(Errand::RunSteps { limit, span, steps, made: 0 });
                Ok(())
            }
            Statement::RunUntil { condition, within } => {
                let until = Some((condition.clone(), *within));
                self.errand = Some(Errand::Run { limit: now + *within, until });
                self.check_names(condition)
            }
            Statement::Expect(condition) => self.expect(condition),
            Statement::Why(question) => {
                let (world, trace) = (self.simulation.world(), self.simulation.trace());
                let answer = why::answer(world, trace, question).to_string();
                answer.lines().for_each(|line| self.tale.tell(line.to_owned()));
                Ok(())
            }
            Statement::Seek(seek) => {
                self.errand = Some(Errand::seek(seek));
                self.check_names(&seek.condition)
            }
            Statement::Check => {
                let verdict = self.check();
                self.tale.tell(verdict);
                Ok(())
            }
            story => return self.tell_story(line, story),
        };
        result.map_err(at(line))
    }

    /// Carries out a statement that does nothing to the world.
    fn tell_story(&mut self, line: usize, statement: &Statement) -> Result<(), ScenarioError> {
        let error = |(line, message)| ScenarioError { line, column: 1, message };
        match statement {
            Statement::Step(sentence) => {
                self.lesson.end_step(&self.simulation, &self.past).map_err(error)?;
                self.lesson.step(sentence, &self.simulation);
            }
            Statement::Predict(question) => self.lesson.ask(line, question),
            Statement::Answer { text, condition } => {
                self.check_names(condition).map_err(|message| error((line, message)))?;
                self.lesson.answer(text, condition);
            }
            Statement::Goal(goal) => {
                self.check_names(&goal.reach).map_err(|message| error((line, message)))?;
                self.lesson.end_step(&self.simulation, &self.past).map_err(error)?;
                self.lesson.set_goal(line, goal, &self.simulation, &self.past);
            }
            Statement::Forbid(forbidden) => {
                self.lesson.goal_mut().forbidden.push(forbidden.clone());
            }
            Statement::Solution => {
                let begun = self.lesson.begin_attempt(&self.simulation);
                begun.map_err(|message| error((line, message)))?;
            }
            _ => {}
        }
        Ok(())
    }

    /// Ends the story: the last question must have its answer, the goal its solution.
    pub fn finish(&mut self) -> Result<(), ScenarioError> {
        let error = |(line, message)| ScenarioError { line, column: 1, message };
        self.lesson.end_step(&self.simulation, &self.past).map_err(error)?;
        self.lesson.grade().map_err(error)
    }

    /// The story as it was played, to show it again.
    pub(super) fn into_told(self, scenario: &Scenario) -> Told {
        self.lesson.into_told(scenario, &self.simulation)
    }

    /// What was told since this was last asked, a line for each event that matters.
    pub fn take_output(&mut self) -> Vec<String> {
        self.tale.take()
    }

    /// The world as it is.
    pub fn simulation(&self) -> &Simulation {
        &self.simulation
    }

    /// The world, to go on with by other means.
    pub fn into_simulation(self) -> Simulation {
        self.simulation
    }

    pub(super) fn act(&mut self, action: Action) -> Result<(), String> {
        self.simulation.act(action).map_err(|error| error.to_string())?;
        self.listen()
    }

    fn change(
        &mut self,
        server: ServerId,
        key: &str,
        from: &str,
        into: &str,
    ) -> Result<(), String> {
        let node = self.simulation.world().node(server);
        let node = node.ok_or_else(|| format!("there is no server {server} in this cluster"))?;
        let value = node.disk().read(key).map_err(|error| error.to_string())?;
        let value = value.ok_or_else(|| format!("{server} keeps nothing under '{key}'"))?;
        if !value.contains(from) {
            return Err(format!("'{from}' is not in what {server} keeps there: {value}"));
        }
        let value = Some(value.replacen(from, into, 1));
        self.act(Action::Edit { server, key: key.to_owned(), value })
    }

    pub(super) fn set_clock(&mut self, time: Time) {
        self.simulation.set_clock(time);
        self.lesson.look(&self.simulation, &self.past);
    }

    fn expect(&mut self, condition: &Condition) -> Result<(), String> {
        self.check_names(condition)?;
        if self.holds(condition) {
            return Ok(());
        }
        Err(format!("'{condition}' is not so{}", condition.instead(self.simulation.world())))
    }

    pub(super) fn check_names(&self, condition: &Condition) -> Result<(), String> {
        match condition.stranger(self.simulation.world()) {
            Some(name) => Err(format!("there is no {name} in this cluster")),
            None => Ok(()),
        }
    }

    pub(super) fn holds(&self, condition: &Condition) -> bool {
        condition.holds(self.simulation.world(), &self.past)
    }

    /// Tells the tale on, unless a judge objects. Where a rule is off, that belongs to the tale.
    pub(super) fn listen(&mut self) -> Result<(), String> {
        self.steps_left = self.steps_left.checked_sub(1).ok_or_else(|| {
            "it takes more steps than the page plays at once; `raftbank run` plays it".to_owned()
        })?;
        let trace = self.simulation.trace();
        trace.after(self.heard).for_each(|event| self.tale.hear(event));
        self.heard = trace.last_id();
        self.past.look(&self.simulation);
        self.lesson.look(&self.simulation, &self.past);
        let ruled = self.simulation.world().config().rules.all_on();
        for violation in self.simulation.judges().violations() {
            if ruled {
                return Err(format!("a promise is broken: {violation}"));
            }
            self.tale.broken(violation);
        }
        Ok(())
    }

    /// The balances, and how many promises were put to the test and held. How many events there
    /// were is left out: it changes with every message that the engine saves.
    fn check(&self) -> String {
        let verdicts = self.simulation.judges().verdicts();
        let held = verdicts.filter(|ruling| ruling.checked > 0 && ruling.violations == 0).count();
        let broken = match self.past.broken.len() {
            0 => String::new(),
            number => format!(", {number} BROKEN"),
        };
        match farthest(self.simulation.world()) {
            Some(server) => format!("ok: {}; {held} properties held{broken}", balances(server)),
            None => format!("ok: no server is up; {held} properties held{broken}"),
        }
    }
}

/// Says on which line something went wrong.
pub(super) fn at(line: usize) -> impl Fn(String) -> ScenarioError {
    move |message| ScenarioError { line, column: 1, message }
}
