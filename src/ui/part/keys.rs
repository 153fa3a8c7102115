//! The list of keys, and the switch that puts them out of use.

use super::dialog::Dialog;
use crate::ui::browser;
use crate::ui::view::shortcut::{GROUPS, Group, label};
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Where the browser keeps that keys are switched off. No key of the bank's: those begin with
/// another prefix, see [`crate::disk::layout`].
const KEY: &str = "raftbank-keys";

/// True unless keys are switched off.
pub fn are_on() -> bool {
    browser::kept(KEY).as_deref() != Some("off")
}

/// The dialog.
pub fn dialog(open: bool, on_close: &Callback<()>) -> Html {
    let on_switch = Callback::from(|event: Event| {
        let on = event.target_unchecked_into::<HtmlInputElement>().checked();
        browser::keep(KEY, if on { "on" } else { "off" });
    });
    let foot = html! {
        <label class="switch">
            <input type="checkbox" checked={are_on()} onchange={on_switch} />
            <span>{ "These keys work" }<span class="help">{ "Switch them off if keys are pressed unmeant, by voice for instance. This browser keeps it." }</span></span>
        </label>
    };
    html! {
        <Dialog title="Keys" {open} {on_close} {foot}>
            if open {
                <div class="keys">{ for GROUPS.iter().map(view) }</div>
            }
            <p class="help">{ "They work wherever the focus is, but in a field or a dialog; the space bar presses a button that has the focus. Tab goes from control to control, arrow keys go around in tabs, tables and the picture, Enter presses, Escape closes." }</p>
        </Dialog>
    }
}

fn view(group: &Group) -> Html {
    html! {
        <section key={group.name}>
            <h3>{ group.name }</h3>
            <dl>
                { for group.rows.iter().map(|row| html! {
                    <div key={row.about}>
                        <dt>{ for row.keys.iter().filter(|key| **key != "=").map(|key| html! { <kbd key={*key}>{ label(key) }</kbd> }) }</dt>
                        <dd>{ row.about }</dd>
                    </div>
                }) }
            </dl>
        </section>
    }
}
