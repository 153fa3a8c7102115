//! What moves, above the picture: the servers' dials and the messages.
//!
//! It is a picture of its own, so that a browser that paints without a graphics card repaints
//! some marks with each frame, and not the servers, links and ground below them. The painter
//! writes its attributes; here it is only laid out.

use crate::ui::view::geometry::Point;
use crate::ui::view::stage::{ServerNode, Stage};
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub stage: Rc<Stage>,
    /// Before the names of the elements that are painted.
    #[prop_or_default]
    pub prefix: &'static str,
}

#[component]
pub fn StageMotion(props: &Props) -> Html {
    let stage = &props.stage;
    let measures = stage.layout.measures;
    html! {
        <svg class="motion" viewBox={format!("0 0 {} {}", measures.width, measures.height)} aria-hidden="true">
            { for stage.servers.iter().filter(|node| node.condition.is_up()).map(|node| {
                dial(node, stage.layout.server(node.id), measures.server, props.prefix)
            }) }
            <g id={format!("{}marks", props.prefix)}></g>
        </svg>
    }
}

fn dial(node: &ServerNode, at: Point, radius: f64, prefix: &str) -> Html {
    let class = classes!("dial", node.condition.class(), node.mining.then_some("mining"));
    html! {
        <g key={node.id.number()} class="settled" style={format!("transform: translate({:.1}px, {:.1}px)", at.x, at.y)}>
            <circle id={format!("{prefix}dial-{}", node.id)} key={if node.mining { "mining" } else { "timer" }} {class}
                r={format!("{:.1}", radius + 8.0)} pathLength="100" transform="rotate(-90)"
                stroke-dasharray={if node.mining { "9 16" } else { "0 100" }} />
            if node.mining {
                <text class="tries" id={format!("{prefix}tries-{}", node.id)} y={format!("{:.1}", radius + 45.0)}></text>
            }
        </g>
    }
}
