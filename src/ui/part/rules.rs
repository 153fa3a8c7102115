//! The rules: the mark of a run that goes without some, and the switches for the next one.

use crate::base::{Rule, Rules};
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Says which rules the run that is shown goes without, for as long as it is shown.
pub fn rules_mark(rules: Rules) -> Html {
    if rules.all_on() {
        return Html::default();
    }
    html! {
        <aside class="rules-off" aria-label="Rules off">
            <strong>{ "This run goes without a rule." }</strong>
            <ul>
                { for rules.off().map(|rule| html! {
                    <li key={rule.name()}>
                        <code>{ rule.name() }</code>{ " is off: " }{ rule.meaning() }
                        <span class="quiet">{ format!(" ({})", rule.source()) }</span>
                    </li>
                }) }
            </ul>
        </aside>
    }
}

/// A switch for each rule, in the settings.
pub fn switches(rules: Rules, change: &Callback<Rules>) -> Html {
    let switch = |rule: Rule| {
        let onchange = change.reform(move |event: Event| {
            let on = event.target_unchecked_into::<HtmlInputElement>().checked();
            if on { rules.with(rule) } else { rules.without(rule) }
        });
        html! {
            <label key={rule.name()} class="switch" title={rule.source()}>
                <input type="checkbox" checked={rules.is_on(rule)} {onchange} />
                <span><code>{ rule.name() }</code><span class="help">{ rule.meaning() }</span></span>
            </label>
        }
    };
    html! { <div class="switches">{ for Rule::ALL.into_iter().map(switch) }</div> }
}
