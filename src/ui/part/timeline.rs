//! The Timeline region: everything about time, and about the run as a whole.

use super::strip::strip;
use crate::ui::browser;
use crate::ui::command::{Command, Download, Travel};
use crate::ui::view::input;
use crate::ui::view::timeline::{SPEEDS, Timeline};
use std::rc::Rc;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub timeline: Rc<Timeline>,
    pub playing: bool,
    pub speed: usize,
    pub seed: u64,
    /// The speed and its reason, if it follows interest.
    pub pace: Option<Rc<str>>,
    pub notice: Option<Rc<str>>,
    pub send: Callback<Command>,
    pub on_scenarios: Callback<()>,
    pub on_settings: Callback<()>,
}

#[component]
pub fn TimelineBar(props: &Props) -> Html {
    let seed = use_state(|| props.seed.to_string());
    let error = use_state(|| None::<String>);
    // A run that was opened brings its own seed.
    use_effect_with(props.seed, {
        let seed = seed.clone();
        move |now| seed.set(now.to_string())
    });
    let ask = |command: Command| props.send.reform(move |_: MouseEvent| command.clone());
    let on_speed = props.send.reform(|event: Event| {
        let place = event.target_unchecked_into::<HtmlSelectElement>().selected_index();
        Command::Speed(usize::try_from(place).unwrap_or(0))
    });
    let on_slows = props.send.reform(|event: Event| {
        Command::SlowDown(event.target_unchecked_into::<HtmlInputElement>().checked())
    });
    let on_seed = {
        let (seed, error) = (seed.clone(), error.clone());
        Callback::from(move |event: InputEvent| {
            let text = event.target_unchecked_into::<HtmlInputElement>().value();
            error.set(input::seed(&text).err());
            seed.set(text);
        })
    };
    let onsubmit = {
        let (seed, error, send) = (seed.clone(), error.clone(), props.send.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            match input::seed(&seed) {
                Ok(seed) => send.emit(Command::Reset { seed }),
                Err(wrong) => error.set(Some(wrong)),
            }
        })
    };
    // The browser leaves a list at what somebody chose in it, whichever option is marked later.
    let speeds = use_node_ref();
    use_effect_with(props.speed, {
        let speeds = speeds.clone();
        move |speed| {
            if let (Some(list), Ok(place)) =
                (speeds.cast::<HtmlSelectElement>(), i32::try_from(*speed))
            {
                list.set_selected_index(place);
            }
        }
    });
    let file = use_node_ref();
    let on_import = {
        let file = file.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(input) = file.cast::<HtmlInputElement>() {
                input.click();
            }
        })
    };
    let on_file = {
        let send = props.send.clone();
        Callback::from(move |event: Event| {
            let send = send.clone();
            let input = event.target_unchecked_into::<HtmlInputElement>();
            browser::read_file(&input, move |text| send.emit(Command::Import(text)));
        })
    };
    let timeline = &props.timeline;
    html! {
        <section id="timeline" class="panel timeline" aria-label="Timeline">
            <div class="bar">
                <div class="bar transport">
                    <button class="primary play" onclick={ask(Command::Play(!props.playing))}>
                        if props.playing {
                            <svg viewBox="0 0 10 10" aria-hidden="true"><path d="M1 0h3v10H1zM6 0h3v10H6z" /></svg>{ "Pause" }
                        } else {
                            <svg viewBox="0 0 10 10" aria-hidden="true"><path d="M1 0 10 5 1 10z" /></svg>{ "Play" }
                        }
                    </button>
                    <button class="step" aria-label="Step back" title="Undo the last event, to look at  [" disabled={!timeline.has_event_before}
                        onclick={ask(Command::Travel(Travel::StepBack))}>
                        <svg viewBox="0 0 10 10" aria-hidden="true"><path d="M1 0h2v10H1zM10 0v10L3.500 5z" /></svg><span>{ "Step back" }</span>
                    </button>
                    <button class="step" aria-label="Step" title="Handle the next event, then pause  ]" onclick={ask(Command::Step)}>
                        <svg viewBox="0 0 10 10" aria-hidden="true"><path d="M7 0h2v10H7zM0 0v10L6.500 5z" /></svg><span>{ "Step" }</span>
                    </button>
                    <div class="inline-field">
                        <label for="speed">{ "Speed" }</label>
                        <select id="speed" ref={speeds} onchange={on_speed}>
                            { for SPEEDS.iter().enumerate().map(|(place, (words, _))| html! {
                                <option key={place} selected={place == props.speed}>{ *words }</option>
                            }) }
                        </select>
                    </div>
                    <div class="time">
                        <output class="clock" aria-label="Virtual time">{ &timeline.clock }</output>
                        if let Some(pace) = &props.pace {
                            <output class="pace" aria-label="Speed now">{ &**pace }</output>
                        }
                        <label key="slows" class="slows">
                            <input type="checkbox" checked={props.pace.is_some()} onchange={on_slows} />
                            <span>{ "Slow down" }<span class="long">{ " for what matters" }</span></span>
                        </label>
                    </div>
                </div>
                <span class="rule push"></span>
                <button onclick={props.on_scenarios.reform(|_: MouseEvent| ())}>{ "Scenario" }</button>
                <form class="bar seed" {onsubmit}>
                    <div class="inline-field">
                        <label for="seed">{ "Seed" }</label>
                        <input id="seed" class="mono" inputmode="numeric" autocomplete="off" value={(*seed).clone()} oninput={on_seed}
                            aria-invalid={error.is_some().to_string()} aria-describedby="seed-says" />
                    </div>
                    <button type="submit" title="Start a new bank from this seed, with the settings as they are">{ "Reset" }</button>
                </form>
                <span class="rule"></span>
                <button onclick={ask(Command::Share)} title="Share this run as a link, for a lecture, as a frame or as a file">{ "Share" }</button>
                <button onclick={ask(Command::Download(Download::Run))} title="Save this run as a file">{ "Export" }</button>
                <button onclick={on_import} title="Open a run from a file">{ "Import" }</button>
                <input ref={file} type="file" accept=".json,.txt,.raftbank" hidden=true aria-label="Run file" onchange={on_file} />
                <button onclick={props.on_settings.reform(|_: MouseEvent| ())}>{ "Settings" }</button>
            </div>
            if let Some(notice) = &props.notice {
                <p class="warning" role="status">{ &**notice }</p>
            }
            if let Some(error) = &*error {
                <p id="seed-says" class="error" role="alert">{ error }</p>
            }
            { strip(&props.timeline, &props.send) }
            if let Some(whereabouts) = &timeline.where_it_is {
                <p id="whereabouts" class={classes!("whereabouts", whereabouts.past.then_some("past"))}>
                    <span>{ &whereabouts.words }</span>
                </p>
            }
        </section>
    }
}
