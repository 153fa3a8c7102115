//! Scenarios, watched live.
//!
//! A scenario is first played out of sight, at full speed. That gives its run: what was done, and
//! when. Then the page begins the same run, and does the same things at the same moments while
//! the visitor watches, at any speed. Whoever does something in between takes over: from then on
//! it is another run, and the rest of the script is dropped.

use super::Inner;
use crate::base::Time;
use crate::scenario::{Scenario, play};
use crate::sim::{Disks, Simulation, Stamped};
use crate::ui::view::words::sentence;
use std::collections::VecDeque;

/// What is still to be done, and why.
#[derive(Debug, Default)]
pub struct Script {
    /// The scenario's claim; nothing if none is shown.
    pub claim: Option<std::rc::Rc<str>>,
    steps: VecDeque<Stamped>,
}

impl Inner {
    /// Begins a scenario.
    pub(super) fn begin_scenario(&mut self, text: &str) {
        let played = Scenario::parse(text).and_then(|scenario| {
            let (_, simulation) = play(&scenario)?;
            Ok((scenario.claim, simulation.to_run()))
        });
        let (claim, run) = match played {
            Ok(played) => played,
            Err(error) => return self.refuse(&format!("The scenario cannot be played: {error}")),
        };
        match Simulation::new(run.config, run.seed, Disks::default()) {
            Ok(simulation) => {
                self.replace(simulation);
                self.settle_in();
                self.script = Script { claim: Some(claim.into()), steps: run.actions.into() };
                self.playing = true;
                self.last_frame = None;
            }
            Err(error) => self.refuse(&error.to_string()),
        }
    }

    fn refuse(&mut self, why: &str) {
        self.notice = Some(sentence(why).into());
    }

    /// Lets the next thing happen if it is due by `limit`: the script's, or the world's own.
    pub(super) fn step_by(&mut self, limit: Time) -> bool {
        let steps = self.simulation.world().steps();
        match self.script.steps.front() {
            Some(next) if next.after_steps == steps => {
                if next.at > limit {
                    return false;
                }
                let next = self.script.steps.pop_front().expect("it was just seen");
                self.simulation.set_clock(next.at);
                if let Err(error) = self.mirror.act(&mut self.simulation, next.action) {
                    self.script.steps.clear();
                    self.refuse(&error.to_string());
                }
                true
            }
            _ => self.mirror.step_by(&mut self.simulation, limit),
        }
    }

    /// Drops what is left of the script, because somebody did something else.
    pub(super) fn take_over(&mut self) {
        self.script.steps.clear();
    }
}
