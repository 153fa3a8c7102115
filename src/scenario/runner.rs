//! Plays a scenario in a simulation, and tells what came of it.

use super::condition::Condition;
use super::holds::{balances, farthest};
use super::opening::Opening;
use super::statement::{PATIENCE, Statement};
use super::tale::Tale;
use super::{Scenario, ScenarioError};
use crate::base::{Index, Rule, ServerId, Span};
use crate::disk::Disk;
use crate::server::Server;
use crate::sim::{Action, Disks, Simulation};
use crate::trace::EventId;
use crate::why;

/// A scenario that is being played.
#[derive(Clone, Debug)]
pub struct Player {
    simulation: Simulation,
    tale: Tale,
    /// The last event that the tale has heard of.
    heard: EventId,
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
            let result = match (&mut player, statement) {
                (None, Statement::Cluster(opening)) => Player::begin(opening)
                    .map(|begun| player = Some(begun))
                    .map_err(|message| ScenarioError { line: *line, column: 1, message }),
                (Some(player), statement) => player.execute(*line, statement),
                (None, _) => unreachable!("a scenario that was read begins with its cluster"),
            };
            result.map_err(|error| with_tale(error, player.as_mut()))?;
        }
        outputs.push(player.as_mut().map(Player::take_output).unwrap_or_default());
    }
    let player = player.expect("a scenario that was read has a statement");
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
    /// Sets up the world, and lets the leader be elected that the opening asks for.
    pub fn begin(opening: &Opening) -> Result<Self, String> {
        let simulation = Simulation::new(opening.config.clone(), opening.seed, Disks::default());
        let simulation = simulation.map_err(|error| error.to_string())?;
        let mut player = Self { simulation, tale: Tale::default(), heard: EventId(0) };
        player.listen()?;
        if let Some(leader) = opening.leader {
            player.elect(leader)?;
        }
        Ok(player)
    }

    /// Carries out one statement.
    pub fn execute(&mut self, line: usize, statement: &Statement) -> Result<(), ScenarioError> {
        let result = match statement {
            Statement::Cluster(_) => Err("the cluster is set up once".to_owned()),
            Statement::Act(action) => self.act(action.clone()),
            Statement::Change { server, key, from, into } => self.change(*server, key, from, into),
            Statement::Run(span) => self.run(*span, |_| false).map(drop),
            Statement::RunUntil { condition, within } => self.run_until(condition, *within),
            Statement::Expect(condition) => self.expect(condition),
            Statement::Why(question) => {
                let (world, trace) = (self.simulation.world(), self.simulation.trace());
                let answer = why::answer(world, trace, question).to_string();
                answer.lines().for_each(|line| self.tale.tell(line.to_owned()));
                Ok(())
            }
            Statement::Check => {
                let verdict = self.check();
                self.tale.tell(verdict);
                Ok(())
            }
        };
        result.map_err(|message| ScenarioError { line, column: 1, message })
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

    /// Lets a server's timer run out first, as chance might, until it leads and all have its
    /// first block, if leaders begin with one.
    fn elect(&mut self, leader: ServerId) -> Result<(), String> {
        let begin = self.simulation.world().now();
        let patience = self.simulation.world().config().election_timeout_max;
        let leads = |player: &Self| {
            let server = player.simulation.world().server(leader);
            server.is_some_and(|server| server.raft().leader() == Some(leader))
        };
        let ready = |player: &Self| {
            let world = player.simulation.world();
            let opens = world.config().rules.is_on(Rule::OpeningBlock);
            let is_ready = |server: &Server| match opens {
                true => server.raft().commit() > Index::ZERO,
                false => server.raft().leader() == Some(leader),
            };
            let members = world.config().server_ids().take(world.config().members().into());
            leads(player) && members.filter_map(|id| world.server(id)).all(is_ready)
        };
        while self.simulation.world().now().since(begin) < PATIENCE {
            if !leads(self) {
                self.act(Action::Nudge { server: leader })?;
            }
            if self.run(patience, ready)? {
                return Ok(());
            }
        }
        Err(format!("{leader} does not lead within {PATIENCE}"))
    }

    fn act(&mut self, action: Action) -> Result<(), String> {
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

    fn run_until(&mut self, condition: &Condition, within: Span) -> Result<(), String> {
        self.check_names(condition)?;
        if self.run(within, |player| player.holds(condition))? {
            return Ok(());
        }
        let instead = condition.instead(self.simulation.world());
        Err(format!("'{condition}' is not so within {within}{instead}"))
    }

    fn expect(&mut self, condition: &Condition) -> Result<(), String> {
        self.check_names(condition)?;
        if self.holds(condition) {
            return Ok(());
        }
        Err(format!("'{condition}' is not so{}", condition.instead(self.simulation.world())))
    }

    fn check_names(&self, condition: &Condition) -> Result<(), String> {
        match condition.stranger(self.simulation.world()) {
            Some(name) => Err(format!("there is no {name} in this cluster")),
            None => Ok(()),
        }
    }

    fn holds(&self, condition: &Condition) -> bool {
        condition.holds(self.simulation.world(), self.tale.past())
    }

    /// Lets time go by, until `done` at the latest; true if it came to that.
    fn run(&mut self, span: Span, done: impl Fn(&Self) -> bool) -> Result<bool, String> {
        let limit = self.simulation.world().now() + span;
        loop {
            if done(self) {
                return Ok(true);
            }
            if !self.simulation.step_by(limit) {
                break;
            }
            self.listen()?;
        }
        self.simulation.set_clock(limit);
        Ok(false)
    }

    /// Tells the tale on, unless a judge objects. Where a rule is off, that belongs to the tale.
    fn listen(&mut self) -> Result<(), String> {
        let trace = self.simulation.trace();
        trace.after(self.heard).for_each(|event| self.tale.hear(event));
        self.heard = trace.last_id();
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
        let broken = match self.tale.past().broken.len() {
            0 => String::new(),
            number => format!(", {number} BROKEN"),
        };
        match farthest(self.simulation.world()) {
            Some(server) => format!("ok: {}; {held} properties held{broken}", balances(server)),
            None => format!("ok: no server is up; {held} properties held{broken}"),
        }
    }
}
