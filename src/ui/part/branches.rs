//! The Branches region: the runs that came of acting in the past.

use super::dialog::Dialog;
use super::press::press;
use crate::sim::history::{BranchId, NAME_MAX};
use crate::ui::command::{Command, Travel};
use crate::ui::view::branches::{BranchList, BranchRow};
use crate::ui::view::decimal::hundredths;
use std::rc::Rc;
use web_sys::HtmlInputElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub list: Rc<BranchList>,
    pub send: Callback<Command>,
}

/// What somebody is about to do to a branch.
#[derive(Clone, PartialEq)]
enum Asked {
    Rename(BranchId, String),
    MakeLive(BranchId, Rc<str>),
    Delete(BranchId, Rc<str>),
}

#[component]
pub fn Branches(props: &Props) -> Html {
    let asked = use_state(|| None::<Asked>);
    if props.list.rows.is_empty() {
        return Html::default();
    }
    let ask = {
        let asked = asked.setter();
        Callback::from(move |what: Option<Asked>| asked.set(what))
    };
    html! {
        <section id="branches" class="panel branches" aria-label="Branches">
            <div class="panel-head">
                <h2>{ "Branches" }</h2>
                <p class="quiet">{ "Acting in the past begins a branch. The browser keeps the live one; the others last as long as this page." }</p>
            </div>
            <ul>
                { for props.list.rows.iter().map(|row| view(row, &asked, &ask, &props.send)) }
            </ul>
            { confirm(&asked, &ask, &props.send) }
        </section>
    }
}

fn view(
    row: &BranchRow,
    asked: &Option<Asked>,
    ask: &Callback<Option<Asked>>,
    send: &Callback<Command>,
) -> Html {
    let (id, name) = (row.id, row.name.clone());
    let button = |words: &'static str, label: String, pressed: Option<bool>, travel: Travel| {
        let onclick = press(send, Command::Travel(travel));
        html! {
            <button class="small" aria-label={label} aria-pressed={pressed.map(|it| it.to_string())} {onclick}>{ words }</button>
        }
    };
    let opener = |words: &'static str, label: String, what: Asked| {
        let onclick = ask.reform(move |_: MouseEvent| Some(what.clone()));
        html! { <button class="small manage" aria-label={label} {onclick}>{ words }</button> }
    };
    let renaming = match asked {
        Some(Asked::Rename(which, text)) if *which == id => Some(text.clone()),
        _ => None,
    };
    html! {
        <li key={format!("{id:?}")} class={classes!(row.viewed.then_some("viewed"))} aria-current={row.viewed.then_some("true")}>
            <div class="branch-name">
                if let Some(text) = renaming {
                    { rename(id, &name, text, ask, send) }
                } else {
                    <strong>{ &*name }</strong>
                    if row.live { <span class="badge live">{ "live" }</span> }
                    if row.viewed { <span class="badge">{ "shown" }</span> }
                    if row.compared { <span class="badge">{ "beside" }</span> }
                }
            </div>
            <div class="lane" aria-hidden="true">
                <span class="run" style={format!("left:{}%;right:{}%", hundredths(row.from * 100.0), hundredths((1.0 - row.to) * 100.0))}></span>
                if let Some(at) = row.at {
                    <span class="at" style={format!("left:{}%", hundredths(at * 100.0))}></span>
                }
            </div>
            <span class="quiet number came">{ &row.came }</span>
            <div class="chips">
                if !row.viewed {
                    { button("View", format!("View {name}"), None, Travel::View(id)) }
                    if row.compared {
                        { button("Compare", format!("Compare with {name}"), Some(true), Travel::Compare(None)) }
                    } else {
                        { button("Compare", format!("Compare with {name}"), Some(false), Travel::Compare(Some(id))) }
                    }
                }
                { opener("Rename", format!("Rename {name}"), Asked::Rename(id, name.to_string())) }
                if !row.live {
                    { opener("Make live", format!("Make live: {name}"), Asked::MakeLive(id, name.clone())) }
                    { opener("Delete", format!("Delete {name}"), Asked::Delete(id, name.clone())) }
                }
            </div>
        </li>
    }
}

fn rename(
    id: BranchId,
    name: &str,
    text: String,
    ask: &Callback<Option<Asked>>,
    send: &Callback<Command>,
) -> Html {
    let oninput = ask.reform(move |event: InputEvent| {
        Some(Asked::Rename(id, event.target_unchecked_into::<HtmlInputElement>().value()))
    });
    let onsubmit = {
        let (ask, send, text) = (ask.clone(), send.clone(), text.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            send.emit(Command::Travel(Travel::Rename(id, text.clone())));
            ask.emit(None);
        })
    };
    let cancel = ask.reform(|_: MouseEvent| None);
    html! {
        <form class="bar" {onsubmit}>
            <input aria-label={format!("New name of {name}")} autocomplete="off" maxlength={NAME_MAX.to_string()} value={text} {oninput} />
            <button class="small primary" type="submit">{ "Save name" }</button>
            <button class="small" type="button" onclick={cancel}>{ "Cancel" }</button>
        </form>
    }
}

/// Asks before something that cannot be undone.
fn confirm(asked: &Option<Asked>, ask: &Callback<Option<Asked>>, send: &Callback<Command>) -> Html {
    let close = ask.reform(|()| None);
    let (title, text, words, travel) = match asked {
        Some(Asked::MakeLive(id, name)) => (
            format!("Make {name} the live branch"),
            format!(
                "The browser will keep {name} as it is at its end, instead of the branch that is live now: that is what a reload brings back. The other branches stay here as long as this page is open."
            ),
            "Make live",
            Travel::MakeLive(*id),
        ),
        Some(Asked::Delete(id, name)) => (
            format!("Delete {name}"),
            format!("{name} and all that happened in it will be gone. The other branches stay."),
            "Delete",
            Travel::Delete(*id),
        ),
        Some(Asked::Rename(..)) | None => {
            return html! { <Dialog title="" open=false on_close={close} foot={Html::default()}>{ "" }</Dialog> };
        }
    };
    let carry_out = {
        let (ask, send) = (ask.clone(), send.clone());
        Callback::from(move |_: MouseEvent| {
            send.emit(Command::Travel(travel.clone()));
            ask.emit(None);
        })
    };
    let foot = html! {
        <>
            <button type="button" onclick={ask.reform(|_: MouseEvent| None)}>{ "Cancel" }</button>
            <button type="button" class="primary" onclick={carry_out}>{ words }</button>
        </>
    };
    html! {
        <Dialog {title} open=true on_close={close} {foot}><p>{ text }</p></Dialog>
    }
}
