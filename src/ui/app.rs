//! The page's root: it holds what is shown, and hands commands to the runtime.

use super::command::Command;
use super::part::banners::banners;
use super::part::branches::Branches;
use super::part::clients::clients;
use super::part::cluster::Cluster;
use super::part::dialog::Dialog;
use super::part::editor::{Editor, RunText};
use super::part::explore::explore;
use super::part::guest::{GuestBar, own_frame};
use super::part::header::Header;
use super::part::inspector::InspectorPanel;
use super::part::keys;
use super::part::lecture;
use super::part::log::LogPanel;
use super::part::opening::opening_bar;
use super::part::rules::rules_mark;
use super::part::safety::safety_panel;
use super::part::scenarios::Scenarios;
use super::part::settings::SettingsDialog;
use super::part::share::share_dialog;
use super::part::story::story_panel;
use super::part::timeline::TimelineBar;
use super::part::tour::{TourCard, tour_offer};
use super::part::why::WhyPanel;
use super::runtime::{Runtime, Shown};
use super::view::address::Display;
use super::view::editor::TEMPLATE;
use super::view::geometry::Form;
use super::view::shortcut::{self, Deed, Focus, Press};
use super::view::table::Table;
use super::{api, browser, journal};
use crate::base::ServerId;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use yew::prelude::*;

/// The page.
#[component]
pub fn App() -> Html {
    let shown = use_state(|| None::<Rc<Shown>>);
    let runtime = use_mut_ref(|| None::<Runtime>);
    let dialog = use_reducer_eq(Dialogs::default);
    use_effect_with((), {
        let (shown, runtime) = (shown.setter(), runtime.clone());
        let keys_dialog = dialog.dispatcher();
        move |()| {
            journal::catch_panics();
            let opened = Runtime::open(move |now| shown.set(Some(now)));
            let expose = api::expose(&opened);
            let resized = watch("resize", Command::Resized, &opened);
            let newer = watch(browser::NEW_VERSION, Command::OfferNewVersion, &opened);
            let moved = watch("hashchange", Command::AddressChanged, &opened);
            let keys = watch_keys(&opened, keys_dialog);
            *runtime.borrow_mut() = Some(opened);
            move || {
                drop((expose, resized, newer, moved, keys));
                if let Some(runtime) = runtime.take() {
                    runtime.close();
                }
            }
        }
    });
    let send = use_callback((), {
        let runtime = runtime.clone();
        move |command: Command, ()| {
            if let Some(runtime) = runtime.borrow().clone() {
                runtime.send(command);
            }
        }
    });
    let draft = use_state(|| AttrValue::from(TEMPLATE));
    // A scenario that begins leaves its dialog.
    let begun = shown.as_ref().map_or(0, |now| now.begun);
    use_effect_with(begun, {
        let dialog = dialog.dispatcher();
        move |begun| {
            if *begun > 0 {
                dialog.dispatch(Door::Shut);
            }
        }
    });
    let ways = use_memo((), |()| Ways::new(&dialog.dispatcher(), &draft.setter(), &send));
    let Some(now) = &*shown else { return Html::default() };
    let page = &now.page;
    let lists = &page.lists;
    // On a narrow screen the inspector is far away: an answer comes as a dialog there.
    let is_narrow = now.watch.form == Form::Narrow;
    let is_open = |what: Open| dialog.0 == Some(what);
    let answer = page.why.clone().filter(|_| is_narrow);
    let whole = now.display == Display::Page;
    html! {
        <>
            <a class="skip" href="#cluster">{ "Skip to the cluster" }</a>
            if whole {
                <Header send={&send} on_keys={ways.open(Open::Keys)} />
            }
            if now.display == Display::Lecture {
                { lecture::view(&send) }
            }
            { banners(&now.banners, &send) }
            if now.offer_tour {
                { tour_offer(&send) }
            }
            if let Some(guest) = &now.guest {
                <GuestBar key={guest.title()} guest={guest.clone()} display={now.display} send={&send} />
            } else if now.display == Display::Embed {
                { own_frame() }
            }
            if let Some(opening) = now.opening {
                { opening_bar(opening, &send) }
            }
            { rules_mark(lists.safety.rules) }
            <main class={classes!(now.story.is_some().then_some("reading"),
                now.timeline.where_it_is.as_ref().is_some_and(|it| it.past).then_some("looks-back"))}>
                <TimelineBar timeline={now.timeline.clone()} playing={now.playing} speed={now.speed} seed={now.seed}
                    notice={now.notice.clone()} pace={now.pace.clone()} send={&send} on_scenarios={ways.open(Open::Scenarios)}
                    on_settings={ways.open(Open::Settings)} />
                if let Some(story) = &now.story {
                    { story_panel(story, &send) }
                }
                <div class="lead">
                    <Branches list={now.branches.clone()} send={&send} />
                    <Cluster now={page.now.clone()} hint={page.hint.clone()} violated={page.violated} leaderless={page.leaderless} stage={page.stage.clone()} hands={now.hands.clone()}
                        table={page.table.clone()} traffic={page.traffic} contrast={now.contrast.clone()} send={&send} />
                </div>
                { clients(&page.clients, &send) }
                if whole {
                { explore(&now.explored, &send) }
                <InspectorPanel inspector={lists.inspector.clone()} servers={servers_of(&page.table)}
                    why={page.why.clone().filter(|_| !is_narrow)} send={&send} />
                { safety_panel(&lists.safety, &send) }
                <LogPanel log={lists.log.clone()} query={now.watch.query.clone()} servers={page.stage.server_ids()}
                    clients={page.stage.client_ids()} send={&send} />
                }
            </main>
            <Dialog title={answer.as_ref().map_or(String::new(), |why| why.title.clone())} open={answer.is_some()}
                on_close={send.reform(|()| Command::Why(None))} foot={Html::default()}>
                if let Some(why) = answer {
                    <WhyPanel {why} in_dialog=true send={&send} />
                }
            </Dialog>
            <Scenarios open={is_open(Open::Scenarios)}
                on_close={ways.close(Open::Scenarios)} on_write={ways.open(Open::Editor)} on_text={&ways.text} send={&send} />
            <Editor open={is_open(Open::Editor)} draft={(*draft).clone()} on_draft={&ways.draft}
                problem={now.problem.clone()} on_close={ways.close(Open::Editor)} on_text={&ways.text} send={&send} />
            <RunText open={is_open(Open::Text)} text={now.run_text.clone()} on_close={ways.close(Open::Text)}
                on_edit={&ways.edit} />
            if let Some(card) = &now.tour {
                <TourCard card={card.clone()} playing={now.playing} send={&send} />
            }
            { share_dialog(now.share.as_deref(), lists.safety.rules, &send) }
            <SettingsDialog open={is_open(Open::Settings)} config={now.config.clone()} seed={now.seed}
                on_close={ways.close(Open::Settings)} send={&send} />
            { keys::dialog(is_open(Open::Keys), ways.close(Open::Keys)) }
            <div class="sr-only" role="status" aria-live="polite" aria-label="Announcements">{ &*now.said }</div>
        </>
    }
}

/// The servers by name, and which of them are up.
fn servers_of(table: &Table) -> Vec<(ServerId, bool)> {
    table.rows.iter().map(|row| (row.id, row.condition.is_up())).collect()
}

/// A dialog.
#[derive(Clone, Copy, PartialEq)]
enum Open {
    Scenarios,
    Editor,
    Text,
    Settings,
    Keys,
}

/// Which dialog is open, if one is.
#[derive(Default, PartialEq)]
struct Dialogs(Option<Open>);

/// What is done to the dialogs.
enum Door {
    Open(Open),
    /// A dialog that makes room for another tells that it was closed after the other was opened.
    Close(Open),
    Shut,
}

impl Reducible for Dialogs {
    type Action = Door;

    fn reduce(self: Rc<Self>, door: Door) -> Rc<Self> {
        match door {
            Door::Open(what) => Rc::new(Self(Some(what))),
            Door::Close(what) if self.0 != Some(what) => self,
            Door::Close(_) | Door::Shut => Rc::new(Self(None)),
        }
    }
}

/// What opens and closes dialogs. Made once: a callback that is made anew looks like another one,
/// and its component would be drawn with every change of the page.
struct Ways {
    dialogs: [(Callback<()>, Callback<()>); 5],
    /// Shows the run as text.
    text: Callback<()>,
    /// Keeps what somebody writes.
    draft: Callback<AttrValue>,
    /// Takes a text over into the editor.
    edit: Callback<AttrValue>,
}

impl Ways {
    fn new(
        dialogs: &UseReducerDispatcher<Dialogs>,
        draft: &UseStateSetter<AttrValue>,
        send: &Callback<Command>,
    ) -> Self {
        let all = [Open::Scenarios, Open::Editor, Open::Text, Open::Settings, Open::Keys];
        let (write, show, send) = (dialogs.clone(), dialogs.clone(), send.clone());
        let (keep, take) = (draft.clone(), draft.clone());
        Self {
            dialogs: all.map(|what| {
                let (open, close) = (dialogs.clone(), dialogs.clone());
                let open = Callback::from(move |()| open.dispatch(Door::Open(what)));
                (open, Callback::from(move |()| close.dispatch(Door::Close(what))))
            }),
            text: Callback::from(move |()| {
                send.emit(Command::ShowText);
                show.dispatch(Door::Open(Open::Text));
            }),
            draft: Callback::from(move |text| keep.set(text)),
            edit: Callback::from(move |text| {
                take.set(text);
                write.dispatch(Door::Open(Open::Editor));
            }),
        }
    }

    fn open(&self, what: Open) -> &Callback<()> {
        &self.dialogs[what as usize].0
    }

    fn close(&self, what: Open) -> &Callback<()> {
        &self.dialogs[what as usize].1
    }
}

/// Tells the runtime of an event of the window. Ends when it is dropped.
fn watch(event: &'static str, command: Command, runtime: &Runtime) -> Watching {
    let runtime = runtime.clone();
    listen(event, move |_| runtime.send(command.clone()))
}

/// Carries out what the table of keys says, wherever the focus is but in a field or a dialog.
fn watch_keys(runtime: &Runtime, dialogs: UseReducerDispatcher<Dialogs>) -> Watching {
    let runtime = runtime.clone();
    listen("keydown", move |event| {
        let Ok(event) = event.dyn_into::<KeyboardEvent>() else { return };
        // What has the focus may have taken the key for itself.
        if event.default_prevented() {
            return;
        }
        let key = event.key();
        let (ctrl, alt, meta) = (event.ctrl_key(), event.alt_key(), event.meta_key());
        let press = Press { key: &key, ctrl, alt, meta, held: event.repeat() };
        let in_lecture = Display::of(&browser::address()) == Display::Lecture;
        let found = shortcut::find(press, focus_of(&event), in_lecture);
        let Some((deed, server)) = found.filter(|_| keys::are_on()) else { return };
        event.prevent_default();
        match deed {
            Deed::Keys => dialogs.dispatch(Door::Open(Open::Keys)),
            _ => runtime.send(Command::Press(deed, server)),
        }
    })
}

/// What has the focus while a key is pressed.
fn focus_of(event: &KeyboardEvent) -> Focus {
    const FIELDS: &str = "input:not([type=range], [type=checkbox]), textarea, select, dialog";
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let within = |selector: &str| {
        target.as_ref().is_some_and(|it| it.closest(selector).is_ok_and(|found| found.is_some()))
    };
    if within(FIELDS) || browser::is_there("dialog[open]") {
        Focus::Field
    } else if within("button, a, summary, input, [tabindex]") {
        Focus::Control
    } else {
        Focus::Nothing
    }
}

fn listen(event: &'static str, heard: impl Fn(web_sys::Event) + 'static) -> Watching {
    let listener = Closure::<dyn Fn(web_sys::Event)>::new(heard);
    let _ = browser::window()
        .add_event_listener_with_callback(event, listener.as_ref().unchecked_ref());
    Watching { event, listener }
}

struct Watching {
    event: &'static str,
    listener: Closure<dyn Fn(web_sys::Event)>,
}

impl Drop for Watching {
    fn drop(&mut self) {
        let listener = self.listener.as_ref().unchecked_ref();
        let _ = browser::window().remove_event_listener_with_callback(self.event, listener);
    }
}
