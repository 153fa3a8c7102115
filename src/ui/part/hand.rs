//! The messages in flight, for whoever holds one: a stop for the keyboard, and the message's card.

use crate::sim::Action;
use crate::ui::browser;
use crate::ui::command::Command;
use crate::ui::motion::{bar, class, shape};
use crate::ui::view::decimal::tenths;
use crate::ui::view::hand::{Hand, Hands, Reach};
use crate::ui::view::motion::Manner;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub hands: Rc<Hands>,
    pub send: Callback<Command>,
}

/// The list of messages takes one Tab stop. Arrow keys go from message to message, in the order in
/// which they arrive; Enter keeps the one that is shown in hand, and Escape lets go.
#[component]
pub fn HandView(props: &Props) -> Html {
    let hand = props.hands.hand.as_ref();
    let ask = |reach: Reach| props.send.reform(move |_: MouseEvent| Command::Hand(reach.clone()));
    let onfocus = props.send.reform(|_: FocusEvent| Command::Hand(Reach::First));
    let onblur = props.send.reform(|_: FocusEvent| Command::Hand(Reach::Leave));
    let onkeydown = {
        let send = props.send.clone();
        Callback::from(move |event: KeyboardEvent| {
            let reach = match event.key().as_str() {
                "ArrowRight" | "ArrowDown" => Reach::Next,
                "ArrowLeft" | "ArrowUp" => Reach::Previous,
                "Enter" | " " => Reach::Keep,
                "Escape" => Reach::LetGo,
                _ => return,
            };
            event.prevent_default();
            send.emit(Command::Hand(reach));
        })
    };
    // Whoever takes a message in hand goes on at its card.
    let kept = hand.filter(|hand| hand.kept).map(|hand| hand.message);
    use_effect_with(kept, |kept| {
        if kept.is_some() {
            browser::focus("message-close");
        }
    });
    let active = hand.map(|_| "message-held");
    html! {
        <>
            <div id="messages" class="in-flight" role="listbox" aria-label="Messages in flight" tabindex="0"
                aria-activedescendant={active} {onfocus} {onblur} {onkeydown}>
                <span aria-hidden="true">{ format!("{} in flight", props.hands.in_flight) }</span>
                if let Some(hand) = hand {
                    <span id="message-held" class="sr-only" role="option" aria-selected="true">
                        { format!("{}, {}. {}", hand.name, hand.way, facts(hand)) }
                    </span>
                }
            </div>
            if let Some(hand) = hand {
                { card(hand, &props.send, ask(Reach::LetGo), ask(Reach::ShowInLog)) }
            }
        </>
    }
}

fn facts(hand: &Hand) -> String {
    hand.facts.iter().map(|(name, value)| format!("{name} {value}")).collect::<Vec<_>>().join(", ")
}

/// The card opens towards the middle of the stage, so that all of it is there.
fn card(
    hand: &Hand,
    send: &Callback<Command>,
    close: Callback<MouseEvent>,
    show: Callback<MouseEvent>,
) -> Html {
    let (x, y) = hand.place;
    let side = |part: f64, low: &str, high: &str| match part < 0.5 {
        true => format!("{low}:{}%;", tenths(100.0 * part)),
        false => format!("{high}:{}%;", tenths(100.0 * (1.0 - part))),
    };
    let style = side(x, "left", "right") + &side(y, "top", "bottom");
    let place = classes!(
        "message-card",
        if y < 0.5 { "below" } else { "above" },
        if x < 0.5 { "rightwards" } else { "leftwards" },
        (!hand.kept).then_some("looked-at")
    );
    let onkeydown = send.reform(|event: KeyboardEvent| {
        let is_escape = event.key() == "Escape";
        if is_escape {
            event.prevent_default();
            // Elsewhere, Escape ends other things too.
            event.stop_propagation();
        }
        Command::Hand(if is_escape { Reach::LetGo } else { Reach::Keep })
    });
    let (message, by) = (hand.message, hand.by);
    let act = |action: Action| send.reform(move |_: MouseEvent| Command::Act(action.clone()));
    html! {
        <div id="message-card" key={message.0.to_string()} class={place} {style} role="group" aria-label={format!("Message {}", hand.name)}
            {onkeydown}>
            <div class="message-head">
                if let Some((kind, manner)) = hand.look {
                    <svg viewBox="-100 -100 200 200" aria-hidden="true">
                        <path class={class(kind, manner)} d={format!("M0 0{}{}", shape(kind), if manner == Manner::Refusal { bar(kind) } else { "" })} />
                    </svg>
                }
                <b>{ &hand.name }</b>
                <span class="quiet">{ &hand.way }</span>
                if hand.kept {
                    <button id="message-close" class="small plain" aria-label="Let go of the message" onclick={close}>{ "✕" }</button>
                }
            </div>
            <dl>
                { for hand.facts.iter().map(|(name, value)| html! { <><dt>{ *name }</dt><dd>{ value }</dd></> }) }
            </dl>
            <p class={(!hand.flies).then_some("gone")}>{ &hand.fate }</p>
            if hand.kept {
                <div class="message-acts">
                    if hand.flies {
                        <button class="small" onclick={act(Action::Drop { message })}>{ "Drop" }</button>
                        <button class="small" onclick={act(Action::Delay { message, by })}>{ format!("Delay {by}") }</button>
                        <button class="small" onclick={act(Action::Duplicate { message })}>{ "Duplicate" }</button>
                    }
                    <button class="small" onclick={show}>{ "Show in log" }</button>
                </div>
            } else if hand.flies {
                <p class="quiet">{ "Press to drop, delay or copy it." }</p>
            }
        </div>
    }
}
