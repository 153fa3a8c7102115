//! A run or a story on its way: how far it is.

use super::press::press;
use crate::ui::command::Command;
use crate::ui::view::opening::Opening;
use yew::prelude::*;

/// What is on its way, and how far it is.
pub fn opening_bar(opening: Opening, send: &Callback<Command>) -> Html {
    let percent = opening.percent().to_string();
    html! {
        <div class="guest opening" role="status">
            <label for="opening">{ format!("{}: {percent} %", opening.words()) }</label>
            <progress id="opening" max="100" value={percent} />
            <button class="small" onclick={press(send, Command::Abandon)}>{ "Cancel" }</button>
        </div>
    }
}
