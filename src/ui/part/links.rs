//! Every directed link as a cell: up or down, delay, loss.

use crate::ui::command::Command;
use crate::ui::view::links::Links;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub model: Rc<Links>,
    pub send: Callback<Command>,
}

#[component]
pub fn LinksView(props: &Props) -> Html {
    let _ = &props.model;
    html! { <p class="help">{ "Every directed link as a cell: up or down, delay, loss." }</p> }
}
