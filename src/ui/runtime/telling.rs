//! Stories on their way.
//!
//! A scenario is played out of sight before it is shown, and to read on from another step its run is
//! repeated up to there. Either may take long, so it happens in portions, one a frame, as a seek
//! does. What is quick is done within the turn in which it was asked for. Meanwhile the page shows
//! what it showed; nothing changes before the story is there, and nothing at all if it cannot be
//! played, or if nobody waits for it any more.

use super::Inner;
use crate::scenario::{Moment, Scenario, ScenarioError, Telling};
use crate::sim::history::{History, HistoryReplay};
use crate::ui::browser;
use crate::ui::view::editor::Problem;
use crate::ui::view::opening::Opening;
use crate::ui::view::reader::Reader;
use std::rc::Rc;

/// How many steps a scenario may take to be played out of sight: some seconds' work.
const STEPS_MAX: u64 = 2_000_000;

/// How many steps are made between two looks at the clock.
const STEPS_A_LOOK: u64 = 128;

/// For so long, in milliseconds, somebody who asked for a story hardly notices that nothing happens.
pub(super) const AT_ONCE_MS: f64 = 50.0;

/// A story that is on its way.
pub(super) enum OnItsWay {
    /// It is played for the first time. With the text, for what may be wrong with it.
    Telling(Box<Telling>, Rc<str>),
    /// Its run is repeated up to where the reader goes on.
    Return { replay: Box<HistoryReplay>, reader: Box<Reader>, to: Moment },
}

impl Inner {
    /// Begins a scenario; one that cannot be played changes nothing.
    pub(super) fn begin_scenario(&mut self, text: &str) {
        // A run that was on its way is overtaken.
        self.abandon();
        match Scenario::parse(text) {
            Ok(scenario) => {
                let telling = Box::new(Telling::new(scenario, STEPS_MAX));
                self.on_its_way = Some(OnItsWay::Telling(telling, text.into()));
                self.problem = None;
                self.go_on_telling(AT_ONCE_MS);
                // It leaves its dialog. So does one that takes long: how far it is would be hidden.
                self.begun += u32::from(self.problem.is_none());
            }
            Err(error) => self.cannot_tell(text, &error),
        }
    }

    fn cannot_tell(&mut self, text: &str, error: &ScenarioError) {
        self.problem = Some(Rc::new(Problem::new(text, error)));
        self.refuse(&format!("The scenario cannot be played: {error}"));
    }

    /// Goes back to a moment of a story, to read on from there.
    pub(super) fn return_to(&mut self, reader: Reader, to: Moment) {
        match History::replay(to.part_of(&reader.told().run)) {
            Ok(replay) => {
                let (replay, reader) = (Box::new(replay), Box::new(reader));
                self.on_its_way = Some(OnItsWay::Return { replay, reader, to });
                self.go_on_telling(AT_ONCE_MS);
            }
            Err(error) => self.refuse(&error.to_string()),
        }
    }

    /// Whoever reads on where he is goes back no more.
    pub(super) fn stay_here(&mut self) {
        self.on_its_way.take_if(|story| matches!(story, OnItsWay::Return { .. }));
    }

    /// Goes on with the story that is on its way.
    pub(super) fn go_on_telling(&mut self, work_ms: f64) {
        let end = browser::clock_ms() + work_ms;
        while let Some(story) = self.on_its_way.take() {
            self.tell_on(story);
            if browser::clock_ms() >= end {
                break;
            }
        }
    }

    /// A portion. What is left is on its way again.
    fn tell_on(&mut self, story: OnItsWay) {
        match story {
            OnItsWay::Telling(mut telling, text) => match telling.advance(STEPS_A_LOOK) {
                Ok(false) => self.on_its_way = Some(OnItsWay::Telling(telling, text)),
                Ok(true) => {
                    let reader = Reader::new(Rc::new(telling.into_told()));
                    let from = reader.from();
                    self.return_to(reader, from);
                }
                Err(error) => self.cannot_tell(&text, &error),
            },
            OnItsWay::Return { mut replay, reader, to } => match replay.advance(STEPS_A_LOOK) {
                Ok(false) => self.on_its_way = Some(OnItsWay::Return { replay, reader, to }),
                Ok(true) => self.read_from(replay.into_history(), *reader, to),
                Err(error) => self.refuse(&error.to_string()),
            },
        }
        if self.on_its_way.is_none() {
            // It is shown with this frame.
            self.turn.all_at_once();
        }
    }

    /// How far what is on its way is.
    pub(super) fn how_far(&self) -> Option<Opening> {
        match &self.on_its_way {
            None => self.opening.progress.map(Opening::Run),
            Some(OnItsWay::Telling(telling, _)) => Some(Opening::Scenario(telling.progress())),
            Some(OnItsWay::Return { replay, .. }) => Some(Opening::Story(replay.progress())),
        }
    }
}
