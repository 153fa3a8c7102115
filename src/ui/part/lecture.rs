//! The way out of a lecture.

use super::press::press;
use crate::ui::browser;
use crate::ui::command::Command;
use crate::ui::view::address::Display;
use yew::prelude::*;

/// What is there of the chrome: two buttons that show themselves to the pointer and the focus.
pub fn view(send: &Callback<Command>) -> Html {
    let exit = press(send, Command::Display(Display::Page));
    html! {
        <div class="lecture-ways">
            <span class="quiet">{ "Space plays, → steps, Esc leaves" }</span>
            <button class="small" onclick={Callback::from(|_: MouseEvent| browser::fill_screen())}>{ "Full screen" }</button>
            <button class="small" onclick={exit}>{ "Exit lecture" }</button>
        </div>
    }
}
