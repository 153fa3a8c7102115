//! The answer to 'Why?', with links to the moments that it rests on.

use super::press::press;
use crate::ui::browser;
use crate::ui::command::Command;
use crate::ui::view::decimal::hundredths;
use crate::ui::view::why::{Leg, Moment, Reason, Why};
use crate::why::Question;
use std::rc::Rc;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

/// A button that asks; what it asks is its name, and it shows a short word.
#[derive(Properties, PartialEq)]
pub struct AskProps {
    pub question: Question,
    pub name: AttrValue,
    #[prop_or(AttrValue::Static("Why?"))]
    pub word: AttrValue,
    pub send: Callback<Command>,
}

#[component]
pub fn Ask(props: &AskProps) -> Html {
    let ask = press(&props.send, Command::Why(Some(props.question.clone())));
    html! {
        <button type="button" class="ask" aria-label={props.name.clone()} title={props.name.clone()} onclick={ask}>
            { &props.word }
        </button>
    }
}

#[derive(Properties, PartialEq)]
pub struct Props {
    pub why: Rc<Why>,
    pub send: Callback<Command>,
    /// True if it stands in a dialog, which has a title of its own and a way to close it.
    #[prop_or_default]
    pub in_dialog: bool,
}

#[component]
pub fn WhyPanel(props: &Props) -> Html {
    let (why, in_dialog) = (&props.why, props.in_dialog);
    let (panel, heading) = (use_node_ref(), use_node_ref());
    let asked_at = use_mut_ref(|| None::<HtmlElement>);
    use_effect_with((why.question.clone(), props.in_dialog), {
        let (panel, heading, asked_at) = (panel.clone(), heading.clone(), asked_at.clone());
        move |(_, in_dialog)| {
            // Whoever asked elsewhere is taken here; a dialog comes by itself.
            if let (Some(panel), Some(heading), false) =
                (panel.cast::<Element>(), heading.cast::<HtmlElement>(), *in_dialog)
            {
                asked_at.replace(browser::focused());
                let _ = heading.focus();
                browser::show(&panel);
            }
        }
    });
    // Back to where it was asked, if that is still there.
    let close = {
        let send = props.send.clone();
        Callback::from(move |()| {
            send.emit(Command::Why(None));
            if let Some(asked_at) = asked_at.take() {
                let _ = asked_at.focus();
            }
        })
    };
    let onkeydown = {
        let close = close.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" && !in_dialog {
                event.stop_propagation();
                close.emit(());
            }
        })
    };
    let jump = props.send.reform(move |event: u64| {
        if in_dialog { Command::JumpFromDialog(event) } else { Command::Jump(event) }
    });
    html! {
        <section ref={panel} class="why" role="group" aria-label={why.title.clone()} {onkeydown}>
            if !in_dialog {
                <div class="why-head">
                    <h3 ref={heading} tabindex="-1">{ &why.title }</h3>
                    <button type="button" class="small plain" aria-label="Close the answer" onclick={close.reform(|_: MouseEvent| ())}>{ "Close" }</button>
                </div>
            }
            <p class="why-headline">{ &why.headline }</p>
            { reasons(&why.reasons, &jump) }
            if !why.path.is_empty() {
                { path(&why.path) }
            }
            if !why.remedies.is_empty() {
                <p class="why-remedies"><b>{ "What would change it: " }</b>{ why.remedies.join(" ") }</p>
            }
            if let Some(forgotten) = &why.forgotten {
                <p class="help">{ forgotten }</p>
            }
        </section>
    }
}

fn reasons(reasons: &[Reason], jump: &Callback<u64>) -> Html {
    if reasons.is_empty() {
        return Html::default();
    }
    html! {
        <ul class="reasons">
            { for reasons.iter().map(|reason| html! {
                <li>
                    <p>
                        { sentence(&reason.text) }
                        { for reason.moments.iter().map(|moment| link(moment, jump)) }
                    </p>
                    { self::reasons(&reason.because, jump) }
                </li>
            }) }
        </ul>
    }
}

/// A sentence in which actions stand in backquotes.
fn sentence(text: &str) -> Html {
    let parts = text.split('`').enumerate();
    parts
        .map(|(place, part)| match place % 2 {
            0 => html! { { part } },
            _ => html! { <code>{ part }</code> },
        })
        .collect()
}

fn link(moment: &Moment, jump: &Callback<u64>) -> Html {
    let event = moment.event;
    let go = jump.reform(move |_: MouseEvent| event);
    html! {
        <button type="button" class="moment" title={moment.what.clone()} aria-label={format!("{}, show the moment: {}", moment.when, moment.what)} onclick={go}>
            { &moment.when }
        </button>
    }
}

/// The parts of a request's way: a bar to compare them by eye, and a line each.
fn path(legs: &[Leg]) -> Html {
    html! {
        <div class="way">
            <div class="way-bar" aria-hidden="true">
                { for legs.iter().map(|leg| html! {
                    <span class={classes!(leg.part, leg.under_way.then_some("under-way"))} style={format!("flex-grow:{}", hundredths(100.0 * leg.share.max(0.004)))}></span>
                }) }
            </div>
            <ol aria-label="Its way, part by part">
                { for legs.iter().map(|leg| html! {
                    <li>
                        <span class={classes!("swatch", leg.part, leg.under_way.then_some("under-way"))} aria-hidden="true"></span>
                        <b>{ leg.part }</b>
                        <span class="number">{ &leg.took }</span>
                        <span class="quiet">{ &leg.text }</span>
                    </li>
                }) }
            </ol>
        </div>
    }
}
