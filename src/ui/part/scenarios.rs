//! The library of scenarios.

use super::dialog::Dialog;
use crate::ui::command::Command;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub open: bool,
    /// Each scenario's name and claim.
    pub scenarios: Rc<Vec<(&'static str, String)>>,
    pub on_close: Callback<()>,
    pub send: Callback<Command>,
}

#[component]
pub fn Scenarios(props: &Props) -> Html {
    let run = |name: &'static str| {
        let (send, close) = (props.send.clone(), props.on_close.clone());
        Callback::from(move |_: MouseEvent| {
            send.emit(Command::Scenario(name));
            close.emit(());
        })
    };
    html! {
        <Dialog title="Scenarios" open={props.open} on_close={&props.on_close}
            foot={html! { <p class="help">{ "A scenario starts a new bank; what this one holds is dropped." }</p> }}>
            <ul class="scenarios">
                { for props.scenarios.iter().map(|(name, claim)| html! {
                    <li key={*name}>
                        <div><strong>{ *name }</strong><p class="quiet">{ claim }</p></div>
                        <button class="small" aria-label={format!("Run {name}")} onclick={run(name)}>{ "Run" }</button>
                    </li>
                }) }
            </ul>
        </Dialog>
    }
}
