//! What the marks in the picture mean.

use crate::ui::motion::shape;
use crate::ui::view::stage::MarkKind;
use yew::prelude::*;

#[component]
pub fn Legend() -> Html {
    let sign = |kind: MarkKind, reply: Option<&'static str>| {
        html! {
            <svg viewBox="-9 -9 18 18" aria-hidden="true">
                <path class={classes!("mark", kind.class(), reply)} d={shape(kind)} />
            </svg>
        }
    };
    html! {
        <ul class="legend" aria-label="Legend">
            { for MarkKind::ALL.iter().map(|kind| html! {
                <li key={kind.class()}>{ sign(*kind, None) }{ kind.legend() }</li>
            }) }
            <li>{ sign(MarkKind::Append, Some("reply")) }{ "hollow: the reply" }</li>
        </ul>
    }
}
