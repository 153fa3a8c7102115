//! All servers' logs side by side, aligned on height.

use crate::ui::command::Command;
use crate::ui::view::ledger::Ledger;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub model: Rc<Ledger>,
    pub send: Callback<Command>,
}

#[component]
pub fn LedgerView(props: &Props) -> Html {
    let _ = &props.model;
    html! { <p class="help">{ "All servers' logs side by side, aligned on height." }</p> }
}
