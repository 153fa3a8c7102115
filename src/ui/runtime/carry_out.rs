//! Commands, carried out.

use super::{Inner, Runtime, arrive};
use crate::base::{Endpoint, Time};
use crate::sim::history::Moment;
use crate::sim::{Action, Config};
use crate::trace::EventId;
use crate::ui::browser;
use crate::ui::command::Command;
use crate::ui::journal;
use crate::ui::view::banner::Banner;
use crate::ui::view::explore::Ask;
use crate::ui::view::guest::Origin;
use crate::ui::view::hand::Reach;
use crate::ui::view::interest::Pace;
use crate::ui::view::log::{Query, Source};
use crate::ui::view::reader::Course;
use crate::ui::view::words::sentence;

/// How many things that leave no event are passed over at most for one step to look at.
const QUIET_STEPS_MAX: u32 = 100_000;

impl Inner {
    /// Carries out a command, and shows what came of it.
    pub(super) fn carry_out(&mut self, command: Command, runtime: &Runtime) {
        if let Command::Hand(reach) = &command {
            // The pointer moves more often than anybody holds something else.
            if self.reach(reach) || *reach == Reach::ShowInLog {
                self.owes_paint = true;
                self.refresh();
                self.paint();
            }
            return;
        }
        self.notice = None;
        match command {
            Command::Hand(_) => unreachable!("it was carried out above"),
            Command::Touch { at, reach, link } => self.touch(at, reach, link),
            Command::Act(action) => self.act(action),
            Command::Press(deed, server) => {
                if let Some(command) = self.meaning(deed, server) {
                    return self.carry_out(command, runtime);
                }
            }
            Command::Play(true) => match self.go_on() {
                Course::Stay => self.play(true),
                course => self.take(course),
            },
            Command::Play(false) => self.play(false),
            Command::Step => {
                let _ = self.go_on();
                self.play(false);
                let seen = self.simulation().trace().last_id();
                // A wake-up that leaves no event is nothing to look at.
                let goes_on = |it: &Self| it.simulation().trace().last_id() == seen;
                let mut patience = QUIET_STEPS_MAX;
                while patience > 0 && self.step_by(Time(u64::MAX)) && goes_on(self) {
                    patience -= 1;
                }
                journal::note(self.tip());
                self.let_other_follow();
            }
            Command::Travel(travel) => self.travel(travel),
            Command::Speed(speed) => {
                self.speed = speed;
                self.script.own_speed = true;
            }
            Command::SlowDown(slows) => self.slows = slows.then(Pace::default),
            Command::Reset { seed } => self.reset(seed),
            Command::Configure(config) => self.configure(*config),
            Command::Rejoin(server) => self.rejoin(server),
            Command::Choose(server) => {
                self.watch.chosen = Some(server);
                self.watch.blocks_to = None;
            }
            Command::Blocks(height) => self.watch.blocks_to = height,
            Command::Query(query) => {
                self.watch.query = query;
                self.watch.jumped = None;
            }
            // Whoever pans or points asks often, and changes nothing but the open tab.
            Command::Explore(ask @ (Ask::Lanes(_) | Ask::Diagram(_) | Ask::Operations(_))) => {
                self.explore(ask);
                return self.explore_anew();
            }
            Command::Explore(ask) => self.explore(ask),
            Command::Jump(event) => self.jump(event),
            Command::Why(question) => self.watch.why = question,
            Command::JumpFromDialog(event) => {
                self.watch.why = None;
                self.jump(event);
            }
            Command::Download(what) => self.download(&what, runtime),
            Command::Share => self.share(runtime),
            Command::EditShare(edit) => self.edit_share(edit, runtime),
            Command::Copy(form) => self.copy(form, runtime),
            Command::EndShare => self.sharing = None,
            Command::Abandon => self.abandon(),
            Command::Display(display) => self.show_as(display),
            Command::Tour(what) => self.tour(what),
            // A scenario begins with its claim, a run is JSON.
            Command::Import(text) if text.starts_with('#') => self.begin_scenario(&text),
            Command::Import(text) => {
                arrive::open_run(runtime, &text, arrive::Keep::AsGuest(Origin::File), |_| {});
            }
            Command::Scenario(text) => self.begin_scenario(&text),
            Command::Story(wish) => self.wish(wish),
            Command::ShowText => self.show_text(),
            Command::StartAnew => self.start_anew(),
            Command::OfferNewVersion => self.offer_new_version(),
            Command::LoadNewVersion => browser::tell(browser::LOAD_NEW_VERSION),
            Command::Dismiss(place) => {
                if place < self.lasting.len() {
                    let told = self.lasting.remove(place);
                    // Until then it may be tried again, with a newer version of the page.
                    if matches!(told, Banner::NotOpened { .. }) && self.guest.is_none() {
                        self.forget_link();
                    }
                }
            }
            Command::Return => self.go_home(),
            Command::Adopt => self.adopt(),
            Command::AddressChanged => self.address_changed(runtime),
            Command::Resized => self.watch.form = browser::form(self.display),
        }
        self.owes_paint = true;
        self.refresh();
        self.paint();
    }

    /// Does something in the world, or says why it cannot be done.
    pub(super) fn act(&mut self, action: Action) {
        if let Err(error) = self.try_act(action) {
            self.notice = Some(error.into());
        }
    }

    pub(super) fn try_act(&mut self, action: Action) -> Result<(), String> {
        self.seeking = None;
        let in_script = self.is_in_script();
        journal::attempt(self.simulation(), &action);
        let is_switch = matches!(action, Action::Load { .. } | Action::Chaos { .. });
        let done = self.branches.act(action, &mut self.mirror);
        match &done {
            Ok(Some(_)) => self.begin_branch(),
            // What is done elsewhere, in the past or in another branch, leaves the story alone.
            Ok(None) if in_script => self.take_over(),
            Ok(None) | Err(_) => {}
        }
        journal::note(self.tip());
        self.grade();
        if is_switch && let Err(error) = self.keep_cluster() {
            self.notice = Some(sentence(&error.to_string()).into());
        }
        done.map(|_| ()).map_err(|error| sentence(&error.to_string()))
    }

    /// Does something for a script, and shows it.
    pub fn act_for_script(&mut self, action: Action) -> Result<(), String> {
        let done = self.try_act(action);
        self.refresh();
        self.paint();
        self.owes_paint = true;
        done
    }

    pub(super) fn play(&mut self, playing: bool) {
        self.playing = playing;
        self.script.rushes_to = None;
        // The first frame after a pause counts for no time.
        self.last_frame = None;
        if !playing {
            self.frame = None;
        }
    }

    fn configure(&mut self, config: Config) {
        if config.network != *self.simulation().world().channel().settings() {
            self.act(Action::Network { settings: config.network });
        }
        self.config = config;
    }

    fn rejoin(&mut self, server: crate::base::ServerId) {
        let own = Endpoint::Server(server);
        let cuts: Vec<_> = self.simulation().world().channel().cuts().collect();
        for (from, to) in cuts {
            if from == own || to == own {
                self.act(Action::Mend { from, to });
            }
        }
    }

    /// Goes to the moment of an event, and shows it on the stage and in the log.
    fn jump(&mut self, event: u64) {
        self.look_at_event(event);
        browser::reveal("cluster");
    }

    /// The same for who looks at something else, and goes on looking at it.
    pub(super) fn look_at_event(&mut self, event: u64) {
        self.watch.jumped = Some(event);
        let source = match self.watch.query.source {
            Source::Highlights => Source::Highlights,
            _ => Source::Everything,
        };
        self.watch.query = Query { source, search: String::new(), before: None };
        self.set_out(Moment::Event(EventId(event)));
    }
}
