//! The network's controls: partition by text, and healing.

use crate::channel::Groups;
use crate::sim::Action;
use crate::ui::command::Command;
use crate::ui::view::stage::Stage;
use crate::ui::view::words::sentence;
use std::rc::Rc;
use web_sys::HtmlInputElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub stage: Rc<Stage>,
    pub send: Callback<Command>,
}

#[component]
pub fn Network(props: &Props) -> Html {
    let text = use_state(String::new);
    let error = use_state(|| None::<String>);
    let oninput = {
        let (text, error) = (text.clone(), error.clone());
        Callback::from(move |event: InputEvent| {
            text.set(event.target_unchecked_into::<HtmlInputElement>().value());
            error.set(None);
        })
    };
    let onsubmit = {
        let (text, error) = (text.clone(), error.clone());
        let (stage, send) = (props.stage.clone(), props.send.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let servers = stage.servers.iter().map(|server| server.id);
            let clients = stage.clients.iter().map(|client| client.id);
            match Groups::parse(&text, servers, clients) {
                Ok(groups) => send.emit(Command::Act(Action::Partition { groups })),
                Err(wrong) => error.set(Some(sentence(&wrong.to_string()))),
            }
        })
    };
    let heal = props.send.reform(|_: MouseEvent| Command::Act(Action::Heal));
    html! {
        <form class="network" {onsubmit}>
            <div class="field">
                <label for="partition">{ "Partition groups" }</label>
                <input
                    id="partition" class="mono" autocomplete="off" spellcheck="false"
                    placeholder="S1;S2-S3" value={(*text).clone()} {oninput}
                    aria-invalid={error.is_some().to_string()} aria-describedby="partition-help"
                />
            </div>
            <button type="submit">{ "Apply partition" }</button>
            <button type="button" onclick={heal}>{ "Heal network" }</button>
            if let Some(error) = &*error {
                <p id="partition-help" class="error" role="alert">{ error }</p>
            } else {
                <p id="partition-help" class="help">
                    { "Or drag a server out of its group in the picture, and click a link to cut it." }
                </p>
            }
        </form>
    }
}
