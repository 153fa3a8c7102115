//! Latency, throughput, terms, messages, mining and disks over time.

use crate::ui::command::Command;
use crate::ui::view::charts::Charts;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub model: Rc<Charts>,
    pub send: Callback<Command>,
}

#[component]
pub fn ChartsView(props: &Props) -> Html {
    let _ = &props.model;
    html! { <p class="help">{ "Latency, throughput, terms, messages, mining and disks over time." }</p> }
}
