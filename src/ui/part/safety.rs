//! The Safety region: one row an invariant.

use super::press::press;
use crate::ui::command::Command;
use crate::ui::view::safety::{Invariant, Safety};
use yew::prelude::*;

/// The region.
pub fn safety_panel(safety: &Safety, send: &Callback<Command>) -> Html {
    let violated = safety.violated();
    html! {
        <section id="safety" class="panel safety" aria-label="Safety">
            <div class="panel-head">
                <h2>{ "Safety" }</h2>
                <span class={classes!("verdict", (violated > 0).then_some("bad"))}>
                    if violated > 0 {
                        { format!("{violated} violated") }
                    } else {
                        { "all hold" }
                    }
                </span>
            </div>
            <ul class="invariants">
                { for safety.rows.iter().map(|row| view(row, send)) }
            </ul>
            <p class="help number">{ format!("Judged after every event, {} so far; beside each, how often it was put to the test.", safety.events) }</p>
        </section>
    }
}

fn view(row: &Invariant, send: &Callback<Command>) -> Html {
    let Some(violation) = &row.violation else {
        return html! {
            <li key={row.name} title={format!("{} ({})", row.says, row.source)}>
                <span>{ row.name }</span>
                <span class="quiet number checked">{ row.checked }</span>
                if row.checked == 0 {
                    <span class="quiet">{ "untested" }</span>
                } else {
                    <span class="holds">{ "holds" }</span>
                }
            </li>
        };
    };
    let event = violation.event;
    html! {
        <li key={row.name} class="bad">
            <span>{ row.name }</span><span></span><span class="violated">{ "VIOLATED" }</span>
            <span class="says">
                { format!("{} at {}. ", violation.what, violation.when) }
                <button class="link" onclick={press(send, Command::Jump(event))}>{ "Show the moment" }</button>
            </span>
        </li>
    }
}
