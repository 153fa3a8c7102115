//! One request's way through the bank, with the time that each part took.

use crate::ui::command::Command;
use crate::ui::view::follow::Follow;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub model: Rc<Follow>,
    pub send: Callback<Command>,
}

#[component]
pub fn FollowView(props: &Props) -> Html {
    let _ = &props.model;
    html! { <p class="help">{ "One request's way through the bank, with the time that each part took." }</p> }
}
