//! The library of scenarios: by groups, with a search.

use super::dialog::Dialog;
use super::press::press;
use crate::scenario::library::Entry;
use crate::ui::command::Command;
use crate::ui::view::library::{Shelf, mark, shelves};
use web_sys::HtmlInputElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub open: bool,
    pub on_close: Callback<()>,
    pub on_write: Callback<()>,
    pub on_text: Callback<()>,
    pub send: Callback<Command>,
}

#[component]
pub fn Scenarios(props: &Props) -> Html {
    let search = use_state(String::new);
    let oninput = {
        let search = search.setter();
        Callback::from(move |event: InputEvent| {
            search.set(event.target_unchecked_into::<HtmlInputElement>().value());
        })
    };
    let found = shelves(&search);
    let first = found.first().and_then(|shelf| shelf.entries.first().copied());
    let onsubmit = {
        let send = props.send.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if let Some(entry) = first {
                send.emit(Command::Scenario(entry.text.into()));
            }
        })
    };
    let ask = |what: &Callback<()>| what.reform(|_: MouseEvent| ());
    html! {
        <Dialog title="Scenarios" open={props.open} on_close={&props.on_close} foot={html! {
            <>
                <p class="help">{ "A scenario plays in memory; your own bank waits." }</p>
                <button class="small" onclick={ask(&props.on_text)}>{ "Show this run as text" }</button>
                <button class="small" onclick={ask(&props.on_write)}>{ "Write a scenario" }</button>
            </>
        }}>
            <form class="library-search" role="search" {onsubmit}>
                <input type="search" aria-label="Search the scenarios" placeholder="Search: crash, Figure 8, double spend …"
                    autocomplete="off" autofocus=true value={(*search).clone()} {oninput} />
                <p class="help" role="status">{ count(&found) }</p>
            </form>
            // In a list of its own: among a changing number of siblings the field would be made
            // anew, and lose the focus while somebody types.
            <div>{ for found.iter().map(|shelf| view(shelf, &props.send)) }</div>
        </Dialog>
    }
}

fn count(found: &[Shelf]) -> String {
    match found.iter().map(|shelf| shelf.entries.len()).sum() {
        0 => "Nothing is found. Try one word, such as vote.".to_owned(),
        1 => "1 scenario. Enter runs it.".to_owned(),
        number => format!("{number} scenarios. Enter runs the first."),
    }
}

fn view(shelf: &Shelf, send: &Callback<Command>) -> Html {
    html! {
        <section key={shelf.name} class="shelf" aria-label={shelf.name}>
            <h3>{ shelf.name }</h3>
            <ul class="scenarios">
                { for shelf.entries.iter().map(|entry| row(entry, send)) }
            </ul>
        </section>
    }
}

fn row(entry: &'static Entry, send: &Callback<Command>) -> Html {
    let run = press(send, Command::Scenario(entry.text.into()));
    html! {
        <li key={entry.file}>
            <div>
                <strong>{ entry.title() }</strong>
                if let Some(mark) = mark(entry) {
                    <span class="badge">{ mark }</span>
                }
                <p class="quiet">{ entry.claim() }</p>
            </div>
            <button class="small" aria-label={format!("Run {}", entry.title())} onclick={run}>{ "Run" }</button>
        </li>
    }
}
