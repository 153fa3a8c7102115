//! The picture of the cluster, and the pointer's and the keys' ways to partition it.

use super::server_node::ServerShape;
use super::stage_links::StageLinks;
use super::stage_motion::StageMotion;
use crate::base::ServerId;
use crate::sim::Action;
use crate::ui::browser;
use crate::ui::command::Command;
use crate::ui::view::decimal::{tenths, whole};
use crate::ui::view::geometry::{Form, Point};
use crate::ui::view::hand::{REACH, REACH_OF_FINGER, Reach};
use crate::ui::view::stage::{ClientNode, Ground, Stage};
use std::rc::Rc;
use wasm_bindgen::JsCast;
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
    // The server that the pointer is on, and the one that had the focus last.
    let near = use_state_eq(|| None::<ServerId>);
    let stop = use_state_eq(|| None::<ServerId>);
    // A press on a server is no click on what lies below it.
    let on_server = use_mut_ref(|| false);
    let svg = use_node_ref();
    let measures = stage.layout.measures;

    let onpointerdown = {
        let (drag, svg, on_server) = (drag.clone(), svg.clone(), on_server.clone());
        Callback::from(move |event: PointerEvent| {
            let server = server_under(&event);
            *on_server.borrow_mut() = server.is_some();
            let Some(id) = server.filter(|_| event.button() == 0) else { return };
            let at = place(&svg, &event);
            drag.set(Some(Drag { id, from: at, at }));
            if let Some(svg) = svg.cast::<Element>() {
                let _ = svg.set_pointer_capture(event.pointer_id());
            }
        })
    };
    let onpointermove = {
        let (drag, near, svg, send) = (drag.clone(), near.clone(), svg.clone(), props.send.clone());
        Callback::from(move |event: PointerEvent| {
            let at = place(&svg, &event);
            if let Some(going) = *drag {
                drag.set(Some(Drag { at, ..going }));
                return;
            }
            let server = server_under(&event);
            near.set(server);
            if event.pointer_type() != "touch" {
                send.emit(Command::Hand(Reach::Hover(Some(at).filter(|_| server.is_none()))));
            }
        })
    };
    let onpointerleave = {
        let (near, send) = (near.clone(), props.send.clone());
        Callback::from(move |_: PointerEvent| {
            near.set(None);
            send.emit(Command::Hand(Reach::Hover(None)));
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
    // A mark lies above the links: whoever hits both means the mark.
    let onclick = {
        let (svg, send) = (svg.clone(), props.send.clone());
        Callback::from(move |event: MouseEvent| {
            if *on_server.borrow() {
                return;
            }
            let target = event.target_dyn_into::<Element>();
            let is_touch =
                event.dyn_ref::<PointerEvent>().is_some_and(|it| it.pointer_type() == "touch");
            let reach = if is_touch { REACH_OF_FINGER } else { REACH };
            let link = target.and_then(|it| it.closest("[data-link]").ok()?);
            let link = link.and_then(|it| it.get_attribute("data-link")).and_then(|name| {
                let (one, other) = name.split_once('-')?;
                Some((one.parse().ok()?, other.parse().ok()?))
            });
            send.emit(Command::Touch { at: place(&svg, &event), reach, link });
        })
    };
    let onkeydown = {
        let (stage, send) = (stage.clone(), props.send.clone());
        Callback::from(move |event: KeyboardEvent| {
            if let Some(id) = server_of(event.target_dyn_into::<Element>())
                && press(&event, id, &stage, &send)
            {
                event.prevent_default();
            }
        })
    };
    let onfocusin = {
        let (near, stop) = (near.clone(), stop.clone());
        Callback::from(move |event: FocusEvent| {
            if let Some(id) = server_of(event.target_dyn_into::<Element>()) {
                near.set(Some(id));
                stop.set(Some(id));
            }
        })
    };
    let onfocusout = {
        let near = near.clone();
        Callback::from(move |_: FocusEvent| near.set(None))
    };

    let crowded = stage.form == Form::Narrow || stage.layout.is_crowded();
    let class = classes!(
        "stage",
        (stage.form == Form::Narrow).then_some("narrow"),
        stage.layout.is_crowded().then_some("crowded")
    );
    let moving = drag.filter(|going| !going.is_click());
    let chosen = stage.servers.iter().find(|node| node.chosen).map(|node| node.id);
    let first = stage.servers.first().map(|node| node.id);
    let reached = stop.or(chosen).or(first);
    html! {
        <figure {class}>
            <svg ref={svg} viewBox={format!("0 0 {} {}", whole(measures.width), whole(measures.height))}
                role="group" aria-label="Picture of the cluster"
                {onpointerdown} {onpointermove} {onpointerup} {onpointercancel} {onpointerleave} {onclick} {onkeydown}
                {onfocusin} {onfocusout}>
                { for stage.grounds.iter().map(|ground| view_ground(stage, ground)) }
                <StageLinks stage={stage.clone()} near={near.or(chosen)} />
                { for stage.clients.iter().map(|client| view_client(stage, client)) }
                { for stage.servers.iter().map(|node| {
                    let dragged = moving.filter(|going| going.id == node.id);
                    let at = dragged.map_or(stage.layout.server(node.id), |going| going.at);
                    html! {
                        <ServerShape key={node.id.number()} node={node.clone()} {at} form={stage.form} {crowded}
                            above={stage.layout.label_above(node.id)} inward={stage.layout.inward(node.id)} radius={measures.server}
                            dragged={dragged.is_some()} prefix={props.prefix} stop={reached == Some(node.id)} />
                    }
                }) }
            </svg>
            <StageMotion stage={stage.clone()} prefix={props.prefix} />
        </figure>
    }
}

/// A key on a server: Enter chooses it, and arrows go to its neighbours. With Shift they take it
/// along: to the ground of the next group, or up and down to stand alone. True if the key means
/// something.
fn press(event: &KeyboardEvent, id: ServerId, stage: &Stage, send: &Callback<Command>) -> bool {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return false;
    }
    let key = event.key();
    let forward = matches!(key.as_str(), "ArrowRight" | "ArrowDown");
    match key.as_str() {
        "Enter" | " " => send.emit(Command::Choose(id)),
        "ArrowUp" | "ArrowDown" | "ArrowLeft" | "ArrowRight" if event.shift_key() => {
            let sideways = matches!(key.as_str(), "ArrowLeft" | "ArrowRight");
            let joins = if sideways { stage.next_ground(id, forward) } else { None };
            if (joins.is_some() || !sideways)
                && let Some(groups) = stage.move_server(id, joins)
            {
                send.emit(Command::Act(Action::Partition { groups }));
            }
        }
        "ArrowUp" | "ArrowDown" | "ArrowLeft" | "ArrowRight" => {
            let count = stage.servers.len();
            let place = stage.servers.iter().position(|node| node.id == id).unwrap_or_default();
            let next = (place + if forward { 1 } else { count - 1 }) % count;
            browser::focus(&format!("server-{}", stage.servers[next].id));
        }
        _ => return false,
    }
    true
}

/// A polygon through the members with a thick round outline: islands for partitions.
fn view_ground(stage: &Stage, ground: &Ground) -> Html {
    let measures = stage.layout.measures;
    let points: Vec<Point> = ground.members.iter().map(|id| stage.layout.server(*id)).collect();
    let path: String = points
        .iter()
        .enumerate()
        .map(|(place, at)| {
            format!("{}{} {}", if place == 0 { "M" } else { "L" }, tenths(at.x), tenths(at.y))
        })
        .collect();
    let split = stage.grounds.len() > 1;
    let reach = measures.server * if split { 2.9 } else { 4.4 };
    html! {
        <g key={ground.members.first().map_or(0, |id| id.number())}>
            <path class="ground" d={format!("{path}Z")} stroke-width={whole(reach).to_string()} />
            if split {
                <text class={classes!("ground-label", (!ground.majority).then_some("minority"))}
                    x={tenths(ground.label_at.x).to_string()} y={tenths(ground.label_at.y).to_string()}>
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
    let side = tenths(2.0 * half).to_string();
    let corner = tenths(-half).to_string();
    html! {
        <g key={name.clone()} class={classes!("client-node", (client.waiting > 0).then_some("waiting"))}
            transform={format!("translate({} {})", tenths(at.x), tenths(at.y))}>
            <rect x={corner.clone()} y={corner} width={side.clone()} height={side} rx="6" />
            <text class="initial" y="5">{ name[..1].to_owned() }</text>
            <text y={tenths(half + 14.0).to_string()}>{ name.clone() }</text>
            <text class="money" y={tenths(half + 28.0).to_string()}>{ client.committed.map_or("–".to_owned(), |money| money.to_string()) }</text>
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
fn place(svg: &NodeRef, event: &MouseEvent) -> Point {
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
