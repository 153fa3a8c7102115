//! A run on its way: how far its replay is.

use crate::ui::command::Command;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    /// From 0 to 1.
    pub progress: f64,
    pub send: Callback<Command>,
}

#[component]
pub fn OpeningBar(props: &Props) -> Html {
    let percent = format!("{:.0}", props.progress * 100.0);
    html! {
        <div class="guest opening" role="status">
            <label for="opening">{ format!("Replaying the run before it is shown: {percent} %") }</label>
            <progress id="opening" max="100" value={percent} />
            <button class="small" onclick={props.send.reform(|_: MouseEvent| Command::Abandon)}>{ "Cancel" }</button>
        </div>
    }
}
