//! What the marks in the picture mean.

use crate::ui::motion::{bar, class, shape};
use crate::ui::view::motion::{Manner, MarkKind};
use yew::prelude::*;

/// The list below the picture.
pub fn legend() -> Html {
    let sign = |kind: MarkKind, manner: Manner| {
        let bar = if manner == Manner::Refusal { bar(kind) } else { "" };
        html! {
            <svg viewBox="-100 -100 200 200" aria-hidden="true">
                <path class={class(kind, manner)} d={format!("M0 0{}{bar}", shape(kind))} />
            </svg>
        }
    };
    html! {
        <ul class="legend" aria-label="Legend">
            { for MarkKind::ALL.iter().map(|kind| html! {
                <li key={kind.class()}>{ sign(*kind, Manner::Request) }{ kind.legend() }</li>
            }) }
            <li key="reply">{ sign(MarkKind::Append, Manner::Reply) }{ "reply" }</li>
            <li key="refusal">{ sign(MarkKind::Append, Manner::Refusal) }{ "it says no" }</li>
            <li key="disk">
                <svg class="disk" viewBox="-9 -9 18 18" aria-hidden="true"><circle class="plate" r="7.5" /><text y="3.2">{ "2" }</text></svg>
                { "writes not synced" }
            </li>
        </ul>
    }
}
