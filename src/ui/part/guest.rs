//! Says that this is not the visitor's own bank, and leads back to it.

use crate::ui::command::Command;
use crate::ui::view::guest::Guest;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub guest: Guest,
    pub send: Callback<Command>,
}

#[component]
pub fn GuestBar(props: &Props) -> Html {
    let asked = use_state(|| false);
    let ask = |command: Command| props.send.reform(move |_: MouseEvent| command.clone());
    let on_asked = |now: bool| {
        let asked = asked.setter();
        Callback::from(move |_: MouseEvent| asked.set(now))
    };
    html! {
        <aside class="guest" aria-label="Not your own bank">
            <p>
                <strong>{ props.guest.title() }{ "." }</strong>
                if *asked {
                    { " What your own bank holds would be replaced, for good." }
                } else {
                    { " It runs in memory; your own bank waits as you left it." }
                }
            </p>
            if *asked {
                <button class="small" onclick={on_asked(false)}>{ "Cancel" }</button>
                <button class="small" onclick={ask(Command::Adopt)}>{ "Replace my bank" }</button>
            } else {
                <button class="small plain" onclick={on_asked(true)}>{ "Keep as my bank" }</button>
                <button class="small primary" onclick={ask(Command::Return)}>{ "Back to my bank" }</button>
            }
        </aside>
    }
}
