//! Says that this is not the visitor's own bank, and leads back to it.

use super::press::press;
use crate::ui::browser;
use crate::ui::command::Command;
use crate::ui::view::address::{self, Display};
use crate::ui::view::guest::{Guest, Trust};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub guest: Guest,
    pub display: Display,
    pub send: Callback<Command>,
}

#[component]
pub fn GuestBar(props: &Props) -> Html {
    let asked = use_state(|| false);
    let guest = &props.guest;
    let ask = |command: Command| press(&props.send, command);
    let on_asked = |now: bool| {
        let asked = asked.setter();
        Callback::from(move |_: MouseEvent| asked.set(now))
    };
    let says = guest.name.is_some() || guest.caption.is_some() || guest.trust.warning().is_some();
    if props.display == Display::Lecture && !says {
        return Html::default();
    }
    let own = props.display != Display::Embed;
    html! {
        <aside class="guest" aria-label="Not your own bank">
            <p>
                <strong>{ guest.title() }</strong>
                if *asked {
                    { " What your own bank holds would be replaced, for good." }
                } else {
                    if let Some(caption) = &guest.caption {
                        <span class="caption">{ &**caption }</span>
                    }
                    if own {
                        <span class="quiet">{ "It runs in memory; your own bank waits as you left it." }</span>
                    }
                    { trust(&guest.trust) }
                }
            </p>
            if !own {
                <a class="button small" target="_blank" rel="noopener" href={whole_page()}>{ "Open in Raftbank" }</a>
            } else if *asked {
                <button class="small" onclick={on_asked(false)}>{ "Cancel" }</button>
                <button class="small" onclick={ask(Command::Adopt)}>{ "Replace my bank" }</button>
            } else {
                <button class="small plain" onclick={on_asked(true)}>{ "Keep as my bank" }</button>
                <button class="small primary" onclick={ask(Command::Return)}>{ "Back to my bank" }</button>
            }
        </aside>
    }
}

/// Stands above a bank of its own in a frame of another page.
pub fn own_frame() -> Html {
    html! {
        <aside class="guest" aria-label="About this frame">
            <p><strong>{ "Raftbank" }</strong><span class="quiet">{ "A bank on several servers, to play with." }</span></p>
            <a class="button small" target="_blank" rel="noopener" href={whole_page()}>{ "Open in Raftbank" }</a>
        </aside>
    }
}

fn trust(trust: &Trust) -> Html {
    match trust {
        Trust::Unsealed => Html::default(),
        Trust::Same(events) => html! {
            <span class="sealed">{ format!("Sealed: all {events} events are as they were.") }</span>
        },
        Trust::Differs(what) => html! { <span class="warning" role="alert">{ &**what }</span> },
    }
}

/// The address that shows this run on the whole page.
fn whole_page() -> String {
    let address = browser::address();
    address::write(&address, address::run_code(&address), Display::Page)
}
