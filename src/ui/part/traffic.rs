//! Load and chaos: what clients ask, and which faults come and go, by themselves.

use crate::sim::{Action, Chaos};
use crate::ui::command::Command;
use crate::ui::view::traffic::Traffic;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub traffic: Traffic,
    pub send: Callback<Command>,
}

/// The two switches. They show the moment that is looked at.
#[component]
pub fn Switches(props: &Props) -> Html {
    let Props { traffic, send } = props;
    let traffic = *traffic;
    let rates = traffic.rates();
    let (load, chaos) = (use_node_ref(), use_node_ref());
    // A list in which somebody has chosen follows its options' attributes no more.
    use_effect_with(traffic, {
        let (load, chaos) = (load.clone(), chaos.clone());
        let rate = rates.iter().position(|(rate, _)| *rate == traffic.load);
        let strength = Chaos::ALL.iter().position(|strength| *strength == traffic.chaos);
        move |_| {
            show(&load, rate);
            show(&chaos, strength);
        }
    });
    let on_load = {
        let rates = rates.clone();
        send.reform(move |event: Event| {
            let rate = rates.get(chosen(&event)).map_or(traffic.load, |(rate, _)| *rate);
            Command::Act(Action::Load { rate })
        })
    };
    let on_chaos = send.reform(move |event: Event| {
        let strength = Chaos::ALL.get(chosen(&event)).copied().unwrap_or_default();
        Command::Act(Action::Chaos { strength })
    });
    let is_on = traffic != Traffic::default();
    let is_harsh = traffic.chaos != Chaos::Off;
    html! {
        <div class={classes!("traffic", is_on.then_some("on"), is_harsh.then_some("harsh"))} role="group" aria-label="Traffic">
            <div class="field">
                <label for="load">{ "Load" }</label>
                <select ref={load} id="load" onchange={on_load}>
                    { for rates.iter().map(|(rate, name)| html! {
                        <option key={rate.0} selected={*rate == traffic.load}>{ name }</option>
                    }) }
                </select>
            </div>
            <div class="field">
                <label for="chaos">{ "Chaos" }</label>
                <select ref={chaos} id="chaos" onchange={on_chaos}>
                    { for Chaos::ALL.into_iter().map(|strength| html! {
                        <option key={strength.word()} selected={strength == traffic.chaos}>{ strength.word() }</option>
                    }) }
                </select>
            </div>
            <p class="help">{ traffic.says() }</p>
        </div>
    }
}

fn show(list: &NodeRef, place: Option<usize>) {
    if let (Some(list), Some(place)) = (list.cast::<HtmlSelectElement>(), place) {
        list.set_selected_index(i32::try_from(place).unwrap_or(0));
    }
}

fn chosen(event: &Event) -> usize {
    let place = event.target_unchecked_into::<HtmlSelectElement>().selected_index();
    usize::try_from(place).unwrap_or(usize::MAX)
}
