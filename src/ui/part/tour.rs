//! The guided tour: the offer of a first visit, the card, and the ring around what it speaks of.

use super::press::press;
use crate::ui::browser;
use crate::ui::command::{Command, TourCommand};
use crate::ui::view::decimal::whole;
use crate::ui::view::tour::Card;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;
use yew::prelude::*;

/// Offers the tour to whoever is here for the first time.
pub fn tour_offer(send: &Callback<Command>) -> Html {
    let ask = |what: TourCommand| press(send, Command::Tour(what));
    html! {
        <aside class="offer" aria-label="Guided tour">
            <p><strong>{ "New here?" }</strong>{ " Two minutes show an election, a payment, a crash and a broken network, live." }</p>
            <button class="small plain" onclick={ask(TourCommand::Decline)}>{ "No, thanks" }</button>
            <button class="small primary" onclick={ask(TourCommand::Begin)}>{ "Take the tour" }</button>
        </aside>
    }
}

#[derive(Properties, PartialEq)]
pub struct Props {
    pub card: Rc<Card>,
    pub playing: bool,
    pub send: Callback<Command>,
}

#[component]
pub fn TourCard(props: &Props) -> Html {
    let card = &props.card;
    let ring = use_node_ref();
    // What the ring lies around moves with every drawing, with scrolling and with the window.
    use_effect({
        let (ring, target) = (ring.clone(), card.target.clone());
        move || place(&ring, &target)
    });
    use_effect_with(card.target.clone(), {
        let ring = ring.clone();
        move |target: &String| {
            browser::bring_into_view(target);
            let target = target.clone();
            let listener = Closure::<dyn Fn()>::new(move || place(&ring, &target));
            let window = browser::window();
            for event in ["scroll", "resize"] {
                let _ = window
                    .add_event_listener_with_callback(event, listener.as_ref().unchecked_ref());
            }
            move || {
                let listener = listener.as_ref().unchecked_ref();
                for event in ["scroll", "resize"] {
                    let _ = browser::window().remove_event_listener_with_callback(event, listener);
                }
            }
        }
    });
    let ask = |what: TourCommand| press(&props.send, Command::Tour(what));
    let status = if card.done || props.playing {
        card.status.clone()
    } else {
        format!("{} Time stands still: press Play.", card.status)
    };
    let last = card.is_last();
    html! {
        <>
            <div ref={ring} class="tour-ring" aria-hidden="true"></div>
            <section class="tour" aria-label="Guided tour">
                <div role="status" aria-live="polite">
                    <h2>{ card.title }<span class="quiet">{ format!("{} of {}", card.number, card.of) }</span></h2>
                    <p>{ &card.says }</p>
                    <p class={classes!("tour-status", card.done.then_some("done"))}>{ status }</p>
                </div>
                <div class="tour-ways">
                    if !last {
                        <button class="small plain" onclick={ask(TourCommand::End)}>{ "Skip" }</button>
                    }
                    <span class="push"></span>
                    if card.number > 1 {
                        <button class="small" onclick={ask(TourCommand::Back)}>{ "Back" }</button>
                    }
                    if let Some((words, action)) = &card.offer {
                        <button class="small act" onclick={press(&props.send, Command::Act(action.clone()))}>{ words }</button>
                    }
                    // Not disabled, which would take the focus away from whoever uses the keyboard.
                    <button class="small primary" aria-disabled={(!card.done).to_string()} onclick={ask(TourCommand::Continue)}>
                        { if last { "Finish" } else { "Continue" } }
                    </button>
                </div>
            </section>
        </>
    }
}

/// Lays the ring around its target, or hides it where there is none.
fn place(ring: &NodeRef, target: &str) {
    let Some(ring) = ring.cast::<HtmlElement>() else { return };
    let style = match browser::place_of(target) {
        Some((left, top, width, height)) => format!(
            "left:{}px;top:{}px;width:{}px;height:{}px",
            whole(left - 6.0),
            whole(top - 6.0),
            whole(width + 12.0),
            whole(height + 12.0)
        ),
        None => "display:none".to_owned(),
    };
    let _ = ring.set_attribute("style", &style);
}
