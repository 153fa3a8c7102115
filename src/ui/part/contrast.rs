//! Another branch beside the one that is looked at: its picture, and in what they differ.

use super::press::press;
use super::stage::StageView;
use crate::ui::command::{Command, Travel};
use crate::ui::view::branches::{Contrast, ContrastRow};
use crate::ui::view::words::count;
use std::rc::Rc;
use yew::prelude::*;

/// What the names of the other picture's elements begin with.
pub const OTHER: &str = "other-";

#[derive(Properties, PartialEq)]
pub struct Props {
    pub contrast: Rc<Contrast>,
}

/// The picture of the other branch. It is there to be looked at: what is done is done to the one
/// that is shown.
#[component]
pub fn OtherStage(props: &Props) -> Html {
    html! {
        <div class="other" inert=true>
            <StageView stage={props.contrast.stage.clone()} send={Callback::noop()} prefix={OTHER} />
        </div>
    }
}

/// What differs.
pub fn differences(contrast: &Contrast, send: &Callback<Command>) -> Html {
    let stop = press(send, Command::Travel(Travel::Compare(None)));
    html! {
        <div class="differences">
            <div class="panel-head">
                <h3>{ format!("{}. {}.", contrast.when, count(contrast.differences(), "difference")) }</h3>
                <button class="small" onclick={stop}>{ "Stop comparing" }</button>
            </div>
            <table>
                <caption class="sr-only">{ format!("{} and {} side by side", contrast.left, contrast.right) }</caption>
                <thead>
                    <tr>
                        <th scope="col"></th>
                        <th scope="col">{ &*contrast.left }</th>
                        <th scope="col">{ &*contrast.right }</th>
                        <th scope="col"><span class="sr-only">{ "Same or not" }</span></th>
                    </tr>
                </thead>
                <tbody>{ for contrast.rows.iter().map(view) }</tbody>
            </table>
            <p class="help">{ &contrast.common }</p>
        </div>
    }
}

fn view(row: &ContrastRow) -> Html {
    let differs = row.differs();
    html! {
        <tr key={row.what.clone()} class={classes!(differs.then_some("differs"))}>
            <th scope="row">{ &row.what }</th>
            <td class="number">{ &row.left }</td>
            <td class="number">{ &row.right }</td>
            <td class="verdict-cell">{ if differs { "≠ differs" } else { "same" } }</td>
        </tr>
    }
}
