//! The agreed chain, the forks that were dropped, and what happens to a block that is altered.

use crate::ui::command::Command;
use crate::ui::view::chain::Chain;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub model: Rc<Chain>,
    pub send: Callback<Command>,
}

#[component]
pub fn ChainView(props: &Props) -> Html {
    let _ = &props.model;
    html! { <p class="help">{ "The agreed chain, the forks that were dropped, and what happens to a block that is altered." }</p> }
}
