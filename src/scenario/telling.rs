//! A scenario that is being played to show it, in portions.

use super::runner::{Player, at};
use super::statement::Statement;
use super::{Scenario, ScenarioError, Told};
use crate::base::Span;
use std::collections::VecDeque;

/// A scenario on its way to be told.
#[derive(Clone, Debug)]
pub struct Telling {
    scenario: Scenario,
    player: Option<Player>,
    /// What is to come, each statement with its line.
    to_come: VecDeque<(usize, Statement)>,
    /// The line of the statement that is under way.
    line: usize,
    /// How many steps it may take once the cluster is set up; nothing once the player knows.
    limit: Option<u64>,
    /// The most time that all statements take together, and those that were taken up.
    whole: Span,
    gone: Span,
}

impl Telling {
    /// Sets out to play a scenario in at most so many steps.
    pub fn new(scenario: Scenario, steps: u64) -> Self {
        let to_come: VecDeque<(usize, Statement)> =
            scenario.statements().map(|(line, it)| (line, it.clone())).collect();
        Self {
            player: None,
            line: 1,
            limit: Some(steps),
            whole: to_come.iter().map(|(_, it)| longest(it)).fold(Span::ZERO, |sum, it| sum + it),
            gone: Span::ZERO,
            to_come,
            scenario,
        }
    }

    /// Goes on by about so many steps; true once all is played. What comes of it does not depend
    /// on the portions.
    pub fn advance(&mut self, mut steps: u64) -> Result<bool, ScenarioError> {
        loop {
            if let Some(player) = &mut self.player {
                if !player.do_errand(&mut steps).map_err(at(self.line))? {
                    return Ok(false);
                }
                if let Some(limit) = self.limit.take() {
                    player.limit(limit);
                }
            }
            let Some((line, statement)) = self.to_come.pop_front() else { break };
            (self.line, self.gone) = (line, self.gone + longest(&statement));
            Player::take_up(&mut self.player, line, &statement)?;
            steps = steps.saturating_sub(1);
        }
        self.player.as_mut().map_or(Ok(()), Player::finish)?;
        Ok(true)
    }

    /// How much has been played, from 0 to 1, as far as that is known beforehand.
    pub fn progress(&self) -> f64 {
        let gone = self.gone - self.player.as_ref().map_or(Span::ZERO, Player::time_left);
        gone.as_ms() / self.whole.as_ms().max(1.0)
    }

    /// The story, once all is played.
    pub fn into_told(self) -> Told {
        let player = self.player.expect("a scenario that was read sets up a cluster");
        player.into_told(&self.scenario)
    }
}

/// How much time a statement takes at the most.
fn longest(statement: &Statement) -> Span {
    match statement {
        Statement::Run(span) | Statement::RunSteps { span, .. } => *span,
        Statement::RunUntil { within, .. } => *within,
        Statement::Seek(seek) => seek.within.times(seek.last - seek.first + 1),
        _ => Span::ZERO,
    }
}
