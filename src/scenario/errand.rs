//! What a statement has still to do: time that goes by, in portions, so that a page stays alive
//! meanwhile. How large the portions are changes nothing of what happens.

use super::condition::Condition;
use super::opening::Opening;
use super::runner::Player;
use super::seek::Seek;
use super::statement::PATIENCE;
use crate::base::{Index, Rule, ServerId, Span, Time};
use crate::server::Server;
use crate::sim::{Action, Simulation};

/// As how many steps it counts, for the size of a portion, to set a world up.
const STEPS_TO_SET_UP: u64 = 100;

/// Something that takes time.
#[derive(Clone, Debug)]
pub(super) enum Errand {
    /// Lets time go by up to a limit, or until something is so, which then must come about.
    Run { limit: Time, until: Option<(Condition, Span)> },
    /// Lets just so many things happen, of which some have been made to, and the clock go on.
    RunSteps { limit: Time, span: Span, steps: u64, made: u64 },
    /// Lets a server's timer run out first, as chance might, until it leads and all have its first
    /// block, if leaders begin with one. It was begun at a time, and is waited for up to another.
    Elect { leader: ServerId, begun: Time, limit: Option<Time> },
    /// Begins anew with the first seed with which a wish comes true.
    Seek(Box<Search>),
}

/// A search for a seed.
#[derive(Clone, Debug)]
pub(super) struct Search {
    seek: Seek,
    /// The seed to try next.
    next: u64,
    trial: Option<Trial>,
}

/// A seed that is being tried.
#[derive(Clone, Debug)]
struct Trial {
    player: Player,
    /// The same when its cluster was ready, and when the trial is over.
    ready: Option<(Player, Time)>,
}

impl Errand {
    /// To have a server elected.
    pub(super) fn elect(leader: ServerId, simulation: &Simulation) -> Self {
        Self::Elect { leader, begun: simulation.world().now(), limit: None }
    }

    /// To look for a seed.
    pub(super) fn seek(seek: &Seek) -> Self {
        Self::Seek(Box::new(Search { seek: seek.clone(), next: seek.first, trial: None }))
    }
}

impl Player {
    /// Does what the statement that was taken up last has still to do.
    pub(super) fn finish_errand(&mut self) -> Result<(), String> {
        let done = self.do_errand(&mut u64::MAX.clone())?;
        assert!(done, "nothing takes more steps than there are numbers");
        Ok(())
    }

    /// Goes on with what the statement that was taken up last has still to do, until that is done or
    /// no steps are left; true once it is done.
    pub(super) fn do_errand(&mut self, steps: &mut u64) -> Result<bool, String> {
        self.errand = match self.errand.take() {
            None => None,
            Some(Errand::Run { limit, until }) => self.run(limit, until, steps)?,
            Some(Errand::RunSteps { limit, span, steps: all, made }) => {
                self.run_steps((limit, span), all, made, steps)?
            }
            Some(Errand::Elect { leader, begun, limit }) => {
                self.elect(leader, begun, limit, steps)?
            }
            Some(Errand::Seek(search)) => self.search(search, steps)?,
        };
        Ok(self.errand.is_none())
    }

    /// How much time the errand still takes at the most, as far as its statement says.
    pub(super) fn time_left(&self) -> Span {
        match &self.errand {
            Some(Errand::Run { limit, .. } | Errand::RunSteps { limit, .. }) => {
                limit.since(self.simulation.world().now())
            }
            Some(Errand::Seek(search)) => {
                search.seek.within.times(search.seek.last + 1 - search.next)
            }
            Some(Errand::Elect { .. }) | None => Span::ZERO,
        }
    }

    fn run(
        &mut self,
        limit: Time,
        until: Option<(Condition, Span)>,
        steps: &mut u64,
    ) -> Result<Option<Errand>, String> {
        let is_so = |player: &Self| until.as_ref().is_some_and(|(it, _)| player.holds(it));
        match (self.pass(limit, is_so, steps)?, until) {
            (None, until) => Ok(Some(Errand::Run { limit, until })),
            (Some(false), Some((condition, within))) => {
                let instead = condition.instead(self.simulation.world());
                Err(format!("'{condition}' is not so within {within}{instead}"))
            }
            (Some(_), _) => Ok(None),
        }
    }

    fn run_steps(
        &mut self,
        (limit, span): (Time, Span),
        all: u64,
        made: u64,
        steps: &mut u64,
    ) -> Result<Option<Errand>, String> {
        for made in made..all {
            if *steps == 0 {
                return Ok(Some(Errand::RunSteps { limit, span, steps: all, made }));
            }
            *steps -= 1;
            if !self.simulation.step_by(limit) {
                return Err(format!("only {made} things happen within {span}, not {all}"));
            }
            self.listen()?;
        }
        if self.simulation.next_due().is_some_and(|due| due < limit) {
            return Err(format!("more than {all} things happen within {span}"));
        }
        self.set_clock(limit);
        Ok(None)
    }

    fn elect(
        &mut self,
        leader: ServerId,
        begun: Time,
        mut limit: Option<Time>,
        steps: &mut u64,
    ) -> Result<Option<Errand>, String> {
        loop {
            let now = self.simulation.world().now();
            let until = match limit {
                Some(limit) => limit,
                None if now.since(begun) >= PATIENCE => {
                    return Err(format!("{leader} does not lead within {PATIENCE}"));
                }
                None => {
                    if !self.is_led_by(leader) {
                        self.act(Action::Nudge { server: leader })?;
                    }
                    now + self.simulation.world().config().election_timeout_max
                }
            };
            match self.pass(until, |player| player.is_ready(leader), steps)? {
                None => return Ok(Some(Errand::Elect { leader, begun, limit: Some(until) })),
                Some(true) => {
                    self.lesson.open(&self.simulation);
                    return Ok(None);
                }
                Some(false) => limit = None,
            }
        }
    }

    fn is_led_by(&self, leader: ServerId) -> bool {
        let server = self.simulation.world().server(leader);
        server.is_some_and(|server| server.raft().leader() == Some(leader))
    }

    /// True if a server leads and all have its first block, if leaders begin with one.
    fn is_ready(&self, leader: ServerId) -> bool {
        let world = self.simulation.world();
        let opens = world.config().rules.is_on(Rule::OpeningBlock);
        let is_ready = |server: &Server| match opens {
            true => server.raft().commit() > Index::ZERO,
            false => server.raft().leader() == Some(leader),
        };
        let members = world.config().server_ids().take(world.config().members().into());
        self.is_led_by(leader) && members.filter_map(|id| world.server(id)).all(is_ready)
    }

    fn search(
        &mut self,
        mut search: Box<Search>,
        steps: &mut u64,
    ) -> Result<Option<Errand>, String> {
        loop {
            if search.trial.is_none() {
                if search.next > search.seek.last {
                    let Seek { first, last, condition, within } = &search.seek;
                    return Err(format!(
                        "with no seed from {first} to {last} is '{condition}' so within {within}"
                    ));
                }
                let opening = Opening { seed: search.next, ..self.opening.clone() };
                search.trial = Some(Trial { player: Self::set_up(&opening)?, ready: None });
                *steps = steps.saturating_sub(STEPS_TO_SET_UP);
            }
            let trial = search.trial.as_mut().expect("it has just begun");
            let Some(found) = self.attempt(trial, &search.seek, steps)? else {
                return Ok(Some(Errand::Seek(search)));
            };
            // What was tried in vain took its time, too.
            self.steps_left = trial.player.steps_left;
            let trial = search.trial.take();
            if let (true, Some((ready, _))) = (found, trial.and_then(|trial| trial.ready)) {
                *self = ready;
                self.tale.tell(format!("seed {} is the first that shows it", search.next));
                return Ok(None);
            }
            search.next += 1;
        }
    }

    /// Goes on with a trial; whether the wish has come true, once that is known.
    fn attempt(
        &self,
        trial: &mut Trial,
        seek: &Seek,
        steps: &mut u64,
    ) -> Result<Option<bool>, String> {
        let Trial { player, ready } = trial;
        if ready.is_none() {
            if !player.do_errand(steps)? {
                return Ok(None);
            }
            player.steps_left = self.steps_left;
            *ready = Some((player.clone(), player.simulation.world().now() + seek.within));
        }
        let end = ready.as_ref().map_or(Time::ZERO, |(_, end)| *end);
        player.pass(end, |player| player.holds(&seek.condition), steps)
    }

    /// Lets time go by until `done`, or up to a limit: whether it came to that, once that is known.
    fn pass(
        &mut self,
        limit: Time,
        done: impl Fn(&Self) -> bool,
        steps: &mut u64,
    ) -> Result<Option<bool>, String> {
        loop {
            if done(self) {
                return Ok(Some(true));
            }
            if *steps == 0 {
                return Ok(None);
            }
            *steps -= 1;
            if !self.simulation.step_by(limit) {
                break;
            }
            self.listen()?;
        }
        self.set_clock(limit);
        Ok(Some(false))
    }
}
