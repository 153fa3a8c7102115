//! What clients asked and were answered, as operations in time, with the verdict.

use crate::ui::command::Command;
use crate::ui::view::operations::Operations;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub model: Rc<Operations>,
    pub send: Callback<Command>,
}

#[component]
pub fn OperationsView(props: &Props) -> Html {
    let _ = &props.model;
    html! { <p class="help">{ "What clients asked and were answered, as operations in time, with the verdict." }</p> }
}
