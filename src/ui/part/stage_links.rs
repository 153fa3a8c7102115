//! The links between servers: a click cuts or mends one.

use crate::base::Endpoint::Server;
use crate::sim::Action;
use crate::ui::command::Command;
use crate::ui::view::geometry::Point;
use crate::ui::view::stage::{Link, Stage};
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub stage: Rc<Stage>,
    pub send: Callback<Command>,
}

#[component]
pub fn StageLinks(props: &Props) -> Html {
    html! {
        <g class="links">
            { for props.stage.links.iter().map(|link| view(&props.stage, *link, &props.send)) }
        </g>
    }
}

fn view(stage: &Stage, link: Link, send: &Callback<Command>) -> Html {
    let (from, to) = (stage.layout.server(link.one), stage.layout.server(link.other));
    let cut = link.cut_there || link.cut_back;
    let onclick = {
        let send = send.clone();
        Callback::from(move |_: MouseEvent| {
            let (from, to) = (Server(link.one), Server(link.other));
            for (from, to) in [(from, to), (to, from)] {
                let action = if cut { Action::Mend { from, to } } else { Action::Cut { from, to } };
                send.emit(Command::Act(action));
            }
        })
    };
    let line = |class: &'static str| {
        html! {
            <line {class} x1={unit(from.x)} y1={unit(from.y)} x2={unit(to.x)} y2={unit(to.y)} />
        }
    };
    html! {
        <g key={format!("{}-{}", link.one, link.other)} class={classes!(cut.then_some("cut"))}
            role="button" tabindex="-1" aria-label={link.name()} {onclick}>
            <title>{ link.name() }</title>
            { line("wire") }
            { line("hit") }
            if link.cut_there { { cross(from.towards(to, if link.cut_back { 0.5 } else { 0.66 })) } }
            if link.cut_back && !link.cut_there { { cross(from.towards(to, 0.34)) } }
        </g>
    }
}

/// The sign of a cut: in the middle if both directions are cut, else near the end that is out of
/// reach.
fn cross(at: Point) -> Html {
    html! {
        <g transform={format!("translate({:.1} {:.1})", at.x, at.y)}>
            <circle class="scissors" r="8" />
            <path class="scissors-sign" d="M-3-3 3 3M3-3-3 3" />
        </g>
    }
}

fn unit(number: f64) -> String {
    format!("{number:.1}")
}
