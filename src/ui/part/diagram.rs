//! Servers and clients as lanes, messages as slanted lines, on a true scale of time.

use crate::ui::command::Command;
use crate::ui::view::diagram::Diagram;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub model: Rc<Diagram>,
    pub send: Callback<Command>,
}

#[component]
pub fn DiagramView(props: &Props) -> Html {
    let _ = &props.model;
    html! { <p class="help">{ "Servers and clients as lanes, messages as slanted lines, on a true scale of time." }</p> }
}
