//! The page's head: its name, and how it looks.

use crate::ui::browser::{self, set_root};
use crate::ui::command::{Command, TourCommand};
use crate::ui::view::address::Display;
use yew::prelude::*;

/// The themes, in the order in which the button goes through them.
const THEMES: [(&str, &str); 3] = [("", "system"), ("light", "light"), ("dark", "dark")];

/// Where the browser keeps the theme, which index.html puts on before anything is drawn. No key of
/// the bank's: those begin with another prefix, see [`crate::disk::layout`].
const KEY: &str = "raftbank-theme";

/// The place among [`THEMES`] of the one that is kept.
fn kept_theme() -> Option<usize> {
    let kept = browser::kept(KEY)?;
    THEMES.iter().position(|(name, _)| *name == kept)
}

#[derive(Properties, PartialEq)]
pub struct Props {
    pub send: Callback<Command>,
    pub on_keys: Callback<()>,
}

#[component]
pub fn Header(props: &Props) -> Html {
    let theme = use_state(|| kept_theme().unwrap_or(0));
    let on_theme = {
        let theme = theme.clone();
        Callback::from(move |_: MouseEvent| {
            let next = (*theme + 1) % THEMES.len();
            set_root("data-theme", THEMES[next].0);
            browser::keep(KEY, THEMES[next].0);
            theme.set(next);
        })
    };
    let on_present = props.send.reform(|_: MouseEvent| Command::Display(Display::Lecture));
    let on_tour = props.send.reform(|_: MouseEvent| Command::Tour(TourCommand::Begin));
    html! {
        <header class="top">
            <h1 class="brand">
                <svg viewBox="0 0 32 32" aria-hidden="true">
                    <path fill="var(--leader)" d="M16 1 29 8.5v15L16 31 3 23.5v-15Z" />
                    <path fill="none" stroke="var(--on-solid)" stroke-width="2.6" stroke-linejoin="round" d="M9 12.5 16 8.5l7 4v7.5l-7 4-7-4ZM9 12.5l7 4 7-4M16 16.5V24" />
                </svg>
                { "Raftbank" }
            </h1>
            <p class="tagline">{ "A bank on several servers: crash them, cut the network, lose nothing." }</p>
            <button class="small plain" title="An election, a payment, a crash and a broken network, in two minutes" onclick={on_tour}>{ "Tour" }</button>
            <button class="small plain projector" title="Large, for a room full of people; Escape leaves it" onclick={on_present}>{ "Projector" }</button>
            <button class="small plain keys-button" title="What can be done from the keyboard  ?" onclick={props.on_keys.reform(|_: MouseEvent| ())}>{ "Keys" }</button>
            <button class="small plain" title="Light, dark, or as the system is; this browser keeps it" onclick={on_theme}>{ format!("Theme: {}", THEMES[*theme].1) }</button>
        </header>
    }
}
