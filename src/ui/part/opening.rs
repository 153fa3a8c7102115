//! A run on its way: how far its replay is.

use super::press::press;
use crate::ui::command::Command;
use crate::ui::view::decimal::whole;
use yew::prelude::*;

/// How far the replay is, from 0 to 1.
pub fn opening_bar(progress: f64, send: &Callback<Command>) -> Html {
    let percent = whole(progress * 100.0).to_string();
    html! {
        <div class="guest opening" role="status">
            <label for="opening">{ format!("Replaying the run before it is shown: {percent} %") }</label>
            <progress id="opening" max="100" value={percent} />
            <button class="small" onclick={press(send, Command::Abandon)}>{ "Cancel" }</button>
        </div>
    }
}
