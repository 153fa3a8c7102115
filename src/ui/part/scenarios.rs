//! The library of scenarios.

use super::dialog::Dialog;
use crate::scenario::library::{Entry, LIBRARY};
use crate::ui::command::Command;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub open: bool,
    pub on_close: Callback<()>,
    pub send: Callback<Command>,
}

#[component]
pub fn Scenarios(props: &Props) -> Html {
    let run = |entry: &Entry| {
        let text = entry.text;
        let (send, close) = (props.send.clone(), props.on_close.clone());
        Callback::from(move |_: MouseEvent| {
            send.emit(Command::Scenario(text));
            close.emit(());
        })
    };
    html! {
        <Dialog title="Scenarios" open={props.open} on_close={&props.on_close}
            foot={html! { <p class="help">{ "A scenario starts a new bank; what this one holds is dropped." }</p> }}>
            <ul class="scenarios">
                { for LIBRARY.iter().map(|entry| html! {
                    <li key={entry.file}>
                        <div><strong>{ entry.title() }</strong><p class="quiet">{ entry.claim() }</p></div>
                        <button class="small" aria-label={format!("Run {}", entry.title())} onclick={run(entry)}>{ "Run" }</button>
                    </li>
                }) }
            </ul>
        </Dialog>
    }
}
