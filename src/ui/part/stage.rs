//! The picture of the cluster, and the pointer's way to partition it.

use super::server_node::ServerShape;
use super::stage_links::StageLinks;
use super::stage_motion::StageMotion;
use crate::base::ServerId;
use crate::sim::Action;
use crate::ui::command::Command;
use crate::ui::view::geometry::{Form, Point};
use crate::ui::view::stage::{ClientNode, Ground, Stage};
use std::rc::Rc;
use web_sys::Element;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub stage: Rc<Stage>,
    pub send: Callback<Command>,
    /// Before the names of the elements that are painted: there may be two pictures.
    #[prop_or_default]
    pub prefix: &'static str,
}

/// A server on its way somewhere else.
#[derive(Clone, Copy, PartialEq)]
struct Drag {
    id: ServerId,
    from: Point,
    at: Point,
}

impl Drag {
    /// A pointer that hardly moved was a click.
    fn is_click(&self) -> bool {
        self.from.distance(self.at) < 8.0
    }
}

#[component]
pub fn StageView(props: &Props) -> Html {
    let stage = &props.stage;
    let drag = use_state(|| None::<Drag>);
    let svg = use_node_ref();
    let measures = stage.layout.measures;

    let onpointerdown = {
        let (drag, svg) = (drag.clone(), svg.clone());
        Callback::from(move |event: PointerEvent| {
            let Some(id) = server_under(&event).filter(|_| event.button() == 0) else { return };
            let at = place(&svg, &event);
            drag.set(Some(Drag { id, from: at, at }));
            if let Some(svg) = svg.cast::<Element>() {
                let _ = svg.set_pointer_capture(event.pointer_id());
            }
        })
    };
    let onpointermove = {
        let (drag, svg) = (drag.clone(), svg.clone());
        Callback::from(move |event: PointerEvent| {
            if let Some(going) = *drag {
                drag.set(Some(Drag { at: place(&svg, &event), ..going }));
            }
        })
    };
    let onpointerup = {
        let (drag, stage, send) = (drag.clone(), stage.clone(), props.send.clone());
        Callback::from(move |_: PointerEvent| {
            if let Some(going) = *drag {
                drag.set(None);
                if going.is_click() {
                    send.emit(Command::Choose(going.id));
                } else if let Some(groups) = stage.drop_server(going.id, going.at) {
                    send.emit(Command::Act(Action::Partition { groups }));
                }
            }
        })
    };
    let onpointercancel = {
        let drag = drag.clone();
        Callback::from(move |_: PointerEvent| drag.set(None))
    };
    let onkeydown = {
        let send = props.send.clone();
        Callback::from(move |event: KeyboardEvent| {
            if matches!(event.key().as_str(), "Enter" | " ")
                && let Some(id) = server_of(event.target_dyn_into::<Element>())
            {
                event.prevent_default();
                send.emit(Command::Choose(id));
            }
        })
    };

    let crowded = stage.form == Form::Narrow || stage.servers.len() > 6;
    let narrow = (stage.form == Form::Narrow).then_some("narrow");
    let moving = drag.filter(|going| !going.is_click());
    html! {
        <figure class={classes!("stage", narrow)}>
            <svg ref={svg} viewBox={format!("0 0 {} {}", measures.width, measures.height)}
                role="group" aria-label="Picture of the cluster"
                {onpointerdown} {onpointermove} {onpointerup} {onpointercancel} {onkeydown}>
                { for stage.grounds.iter().map(|ground| view_ground(stage, ground)) }
                <StageLinks stage={stage.clone()} send={&props.send} />
                { for stage.clients.iter().map(|client| view_client(stage, client)) }
                { for stage.servers.iter().map(|node| {
                    let dragged = moving.filter(|going| going.id == node.id);
                    let at = dragged.map_or(stage.layout.server(node.id), |going| going.at);
                    html! {
                        <ServerShape key={node.id.number()} node={node.clone()} {at} form={stage.form} {crowded}
                            radius={measures.server} dragged={dragged.is_some()} />
                    }
                }) }
            </svg>
            <StageMotion stage={stage.clone()} prefix={props.prefix} />
        </figure>
    }
}

/// A polygon through the members with a thick round outline: islands for partitions.
fn view_ground(stage: &Stage, ground: &Ground) -> Html {
    let measures = stage.layout.measures;
    let points: Vec<Point> = ground.members.iter().map(|id| stage.layout.server(*id)).collect();
    let path: String = points
        .iter()
        .enumerate()
        .map(|(place, at)| format!("{}{:.1} {:.1}", if place == 0 { "M" } else { "L" }, at.x, at.y))
        .collect();
    let split = stage.grounds.len() > 1;
    let reach = measures.server * if split { 2.9 } else { 4.4 };
    html! {
        <g key={ground.members.first().map_or(0, |id| id.number())}>
            <path class="ground" d={format!("{path}Z")} stroke-width={format!("{reach:.0}")} />
            if split {
                <text class={classes!("ground-label", (!ground.majority).then_some("minority"))}
                    x={format!("{:.1}", ground.label_at.x)} y={format!("{:.1}", ground.label_at.y)}>
                    { &ground.label }
                </text>
            }
        </g>
    }
}

fn view_client(stage: &Stage, client: &ClientNode) -> Html {
    let at = stage.layout.client(client.id);
    let half = stage.layout.measures.client;
    let name = client.id.to_string();
    let side = format!("{:.1}", 2.0 * half);
    let corner = format!("{:.1}", -half);
    html! {
        <g key={name.clone()} class={classes!("client-node", (client.waiting > 0).then_some("waiting"))}
            transform={format!("translate({:.1} {:.1})", at.x, at.y)}>
            <rect x={corner.clone()} y={corner} width={side.clone()} height={side} rx="6" />
            <text class="initial" y="5">{ name[..1].to_owned() }</text>
            <text y={format!("{:.1}", half + 14.0)}>{ name.clone() }</text>
            <text class="money" y={format!("{:.1}", half + 28.0)}>{ client.committed.map_or("–".to_owned(), |money| money.to_string()) }</text>
        </g>
    }
}

fn server_under(event: &PointerEvent) -> Option<ServerId> {
    server_of(event.target_dyn_into::<Element>())
}

fn server_of(element: Option<Element>) -> Option<ServerId> {
    let server = element?.closest("[data-server]").ok()??;
    server.get_attribute("data-server")?.parse().ok()
}

/// The event's place on the stage. The picture keeps its proportions inside its box.
fn place(svg: &NodeRef, event: &PointerEvent) -> Point {
    let Some(svg) = svg.cast::<web_sys::SvgsvgElement>() else {
        return Point::default();
    };
    let at = svg.create_svg_point();
    at.set_x(event.client_x() as f32);
    at.set_y(event.client_y() as f32);
    match svg.get_screen_ctm().and_then(|matrix| matrix.inverse().ok()) {
        Some(matrix) => {
            let at = at.matrix_transform(&matrix);
            Point { x: f64::from(at.x()), y: f64::from(at.y()) }
        }
        None => Point::default(),
    }
}
