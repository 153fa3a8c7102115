//! What moves, above the picture: the servers' dials and disks, and the messages.
//!
//! It is a picture of its own, so that a browser that paints without a graphics card repaints
//! some marks with each frame, and not the servers, links and ground below them. The painter
//! writes its attributes; here it is only laid out.

use crate::ui::view::decimal::{tenths, whole};
use crate::ui::view::geometry::Point;
use crate::ui::view::stage::{ServerNode, Stage};
use crate::ui::view::words::term_class;
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
    let prefix = props.prefix;
    html! {
        <svg class="motion" viewBox={format!("0 0 {} {}", whole(measures.width), whole(measures.height))} aria-hidden="true">
            { for stage.servers.iter().filter(|node| node.condition.is_up()).map(|node| gauges(stage, node, prefix)) }
            <g id={format!("{prefix}marks")} transform="scale(.1)"></g>
            <path id={format!("{prefix}held")} class="held" />
        </svg>
    }
}

/// What goes round a server: its timer or its work, and its disk.
fn gauges(stage: &Stage, node: &ServerNode, prefix: &str) -> Html {
    let (at, radius): (Point, f64) = (stage.layout.server(node.id), stage.layout.measures.server);
    let class = classes!("dial", node.condition.class(), node.mining.then_some("mining"));
    let tries = if stage.layout.label_above(node.id) { radius + 26.0 } else { radius + 45.0 };
    let disk = (radius + 8.0) * 0.72;
    html! {
        <g key={node.id.number()} class={classes!("settled", term_class(node.term))}
            style={format!("transform: translate({}px, {}px)", tenths(at.x), tenths(at.y))}>
            <circle id={format!("{prefix}dial-{}", node.id)} key={if node.mining { "mining" } else { "timer" }} {class}
                r={tenths(radius + 8.0).to_string()} pathLength="100" transform="rotate(-90)"
                stroke-dasharray={if node.mining { "9 16" } else { "0 100" }} />
            <g class="disk" transform={format!("translate({disk} {disk})", disk = tenths(disk))}>
                <circle class="pulse" id={format!("{prefix}pulse-{}", node.id)} r="0" />
                <circle class="plate" r="7.5" />
                <path class="platter" d="M-3.5-2.2a3.5 1.5 0 1 0 7 0a3.5 1.5 0 1 0-7 0v4.4a3.5 1.5 0 0 0 7 0v-4.4" />
                <text id={format!("{prefix}disk-{}", node.id)} y="3.2"></text>
            </g>
            if node.mining {
                <text class="tries" id={format!("{prefix}tries-{}", node.id)} y={tenths(tries).to_string()}></text>
            }
        </g>
    }
}
