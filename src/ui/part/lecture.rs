//! The lecture's keys, and the way out of it.

use super::press::press;
use crate::ui::browser;
use crate::ui::command::Command;
use crate::ui::view::address::Display;
use wasm_bindgen::prelude::*;
use web_sys::{Element, KeyboardEvent};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub playing: bool,
    pub send: Callback<Command>,
}

/// What is there of the chrome: two buttons that show themselves to the pointer and the focus.
#[component]
pub fn Lecture(props: &Props) -> Html {
    use_effect_with((props.playing, props.send.clone()), |(playing, send)| {
        let (playing, send) = (*playing, send.clone());
        let listener = Closure::<dyn Fn(KeyboardEvent)>::new(move |event: KeyboardEvent| {
            if let Some(command) = command(&event, playing) {
                event.prevent_default();
                send.emit(command);
            }
        });
        let window = browser::window();
        let _ =
            window.add_event_listener_with_callback("keydown", listener.as_ref().unchecked_ref());
        move || {
            let listener = listener.as_ref().unchecked_ref();
            let _ = browser::window().remove_event_listener_with_callback("keydown", listener);
        }
    });
    let exit = press(&props.send, Command::Display(Display::Page));
    html! {
        <div class="lecture-ways">
            <span class="quiet">{ "Space plays, → steps, Esc leaves" }</span>
            <button class="small" onclick={Callback::from(|_: MouseEvent| browser::fill_screen())}>{ "Full screen" }</button>
            <button class="small" onclick={exit}>{ "Exit lecture" }</button>
        </div>
    }
}

/// What a key asks for. Keys that mean something to the element that has the focus are its own.
fn command(event: &KeyboardEvent, playing: bool) -> Option<Command> {
    if event.ctrl_key() || event.alt_key() || event.meta_key() {
        return None;
    }
    let focused = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let within = |selector: &str| {
        focused.as_ref().is_some_and(|it| it.closest(selector).is_ok_and(|found| found.is_some()))
    };
    if within("dialog, input, select, textarea") {
        return None;
    }
    match event.key().as_str() {
        "Escape" => Some(Command::Display(Display::Page)),
        " " if !within("button, a, [role=button], [data-server]") => Some(Command::Play(!playing)),
        "ArrowRight" => Some(Command::Step),
        _ => None,
    }
}
