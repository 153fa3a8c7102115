//! What clients asked and were answered, as operations in time, with the verdict.

use super::lanes::{self, Hold};
use crate::bank::RequestId;
use crate::ui::browser;
use crate::ui::command::Command;
use crate::ui::view::decimal::{hundredths, tenths};
use crate::ui::view::explore;
use crate::ui::view::faults::{Fault, FaultKind};
use crate::ui::view::follow;
use crate::ui::view::lanes::Ask as LanesAsk;
use crate::ui::view::operations::{Ask, Details, Operation, Operations, Verdict};
use crate::ui::view::words::count;
use std::fmt::Write;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, EventTarget};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub model: Rc<Operations>,
    pub send: Callback<Command>,
}

#[component]
pub fn OperationsView(props: &Props) -> Html {
    let Props { model, send } = props;
    let area = use_node_ref();
    let grip = use_memo((), |()| lanes::Grip::default());
    let hands = Hands { model: model.clone(), area: area.clone(), grip, send: send.clone() };
    let selected = model.details.as_ref().map(|details| details.id);
    // One of them takes the Tab: the one that is looked at, or else the last.
    let tab = model.operations.iter().find(|one| Some(one.id) == selected);
    let tab = tab.or(model.step(None, false)).map(|one| one.id);
    let row = |rows: usize| format!("--rows:{rows}");
    let fault_rows = model.faults.iter().map(|(_, row)| row + 1).max().unwrap_or(0);
    html! {
        <>
            { verdict(&model.verdict, send) }
            <div class="lanes-head">
                { lanes::toolbar(&model.buttons, send) }
                <p class="help push">{ note(model) }</p>
            </div>
            <div class="history" role="group" aria-label="Client history" aria-describedby="history-keys"
                onkeydown={hands.keys()} onwheel={hands.wheel()} onpointerdown={hands.press()}
                onpointermove={hands.go()} onpointerup={hands.release()} onpointercancel={hands.release()}
                onclick={hands.click()} ondblclick={hands.jump()}>
                <ul class="history-names" style={row(model.rows)}>
                    <li class="above" style={row(fault_rows)}></li>
                    { for model.lanes.iter().map(|lane| html! {
                        <li key={lane.name.clone()} style={row(lane.rows)}>{ &lane.name }</li>
                    }) }
                </ul>
                <div ref={area} class="history-area">
                    { ticks(model) }
                    <ul class="history-faults" style={row(fault_rows)} aria-label="What befell the cluster">
                        { for model.faults.iter().map(|(one, row)| fault(model, one, *row, send)) }
                    </ul>
                    <div class="history-rows" style={row(model.rows)}>
                        { for model.lanes.iter().map(|lane| html! {
                            <div key={lane.name.clone()} class="history-lane" style={format!("--top:{};--rows:{}", lane.top, lane.rows)}></div>
                        }) }
                        <div key="moment" class="history-moment" style={left(model.window.place(model.horizon.moment))}></div>
                        <ol key="operations" class="history-operations">
                            { for model.operations.iter().map(|one| operation(one, Some(one.id) == selected, Some(one.id) == tab)) }
                        </ol>
                        { order(model) }
                    </div>
                </div>
            </div>
            <div class="history-details" role="status" aria-label="Operation">{ details(model.details.as_ref(), send) }</div>
            { legend() }
            { lanes::fingers() }
            <p id="history-keys" class="help for-keys">
                { "← → from operation to operation, ↑ ↓ to another row, Enter or a double click to go to its end; \
                   drag or Shift with ← → to pan; + and − or Ctrl with the wheel to zoom; 0 shows all, F follows." }
            </p>
        </>
    }
}

/// The verdict, first of all.
fn verdict(verdict: &Verdict, send: &Callback<Command>) -> Html {
    let Some(violation) = &verdict.violation else {
        let (class, sign) = if verdict.waits { ("open", "") } else { ("holds", "✓ ") };
        return html! { <p class={classes!("history-verdict", class)}>{ sign }{ &verdict.says }</p> };
    };
    let jump = {
        let (send, event, id) = (send.clone(), violation.event, violation.id);
        Callback::from(move |_: MouseEvent| {
            select(&send, id);
            lanes::ask(&send, LanesAsk::Follow(true));
            lanes::jump(&send, event);
        })
    };
    html! {
        <div class="history-verdict violated">
            <p><strong>{ &verdict.says }</strong>{ " " }{ &violation.what }</p>
            <button onclick={jump}>{ "Jump to the first error" }</button>
        </div>
    }
}

/// What is not shown, and why.
fn note(model: &Operations) -> String {
    let mut note =
        format!("{}, {}. ", count(model.operations.len(), "operation"), model.window.words());
    if model.left_out > 0 {
        let _ = write!(note, "{} older ones in view have no room: zoom in. ", model.left_out);
    }
    if model.forgotten > 0 {
        let _ = write!(note, "{} events are no longer in memory. ", model.forgotten);
    }
    note
}

fn left(part: f64) -> String {
    format!("left:{}%", hundredths(part * 100.0))
}

fn ticks(model: &Operations) -> Html {
    html! {
        <ol class="history-ticks" aria-hidden="true">
            { for model.window.ticks(9).into_iter().map(|tick| {
                let place = model.window.place(tick.at);
                // Words at an edge stay within it.
                let edge = if place < 0.03 { Some("first") } else { (place > 0.97).then_some("last") };
                html! { <li key={tick.at.0} class={classes!(edge)} style={left(place)}><span>{ tick.words }</span></li> }
            }) }
        </ol>
    }
}

fn fault(model: &Operations, fault: &Fault, row: usize, send: &Callback<Command>) -> Html {
    let (from, to) =
        (model.window.place(fault.from).max(0.0), model.window.place(fault.to).min(1.0));
    let event = fault.event;
    let jump = send.reform(move |_: MouseEvent| Command::Explore(explore::Ask::Jump(event)));
    let style =
        format!("{};--row:{row};--wide:{}%", left(from), hundredths((to - from).max(0.0) * 100.0));
    let shades = matches!(fault.kind, FaultKind::Cut | FaultKind::Lossy);
    html! {
        <li key={format!("{event} {}", fault.words)} class={fault.kind.class()} {style}>
            if shades {
                <span class="shade" aria-hidden="true"></span>
            }
            <span class="extent" aria-hidden="true"></span>
            <button class="link" tabindex="-1" title="Go to this moment" disabled={event == 0} onclick={jump}>
                { format!("{} {}", fault.kind.sign(), fault.words) }
            </button>
        </li>
    }
}

/// A bar from the question to the answer, with the moment at which it took effect.
fn operation(one: &Operation, selected: bool, takes_tab: bool) -> Html {
    // What reaches beyond the picture ends there, where its words can be read.
    let (from, to) = (one.from.clamp(0.0, 1.0), one.to.clamp(0.0, 1.0));
    let wide = (to - from).max(0.0);
    let inner = |place: f64| if wide > 0.0 { (place - from) / wide } else { 0.5 };
    let class = classes!(
        "operation",
        one.outcome.class(),
        one.guilt.class(),
        selected.then_some("selected"),
        (one.from < 0.0).then_some("from-before"),
        (one.to > 1.0).then_some("to-after"),
    );
    let style = format!("{};width:{}%;--row:{}", left(from), hundredths(wide * 100.0), one.row);
    let name = key(one.id);
    html! {
        <li key={name.clone()}>
            <button id={format!("op-{name}")} data-op={name} {class} {style} aria-label={one.name.clone()} title={one.name.clone()}
                aria-current={selected.then_some("true")} tabindex={if takes_tab { "0" } else { "-1" }}>
                <span class="asked">{ &one.asked }</span><span class="answer">{ " → " }{ &one.answer }</span>
                if let Some(point) = one.point.filter(|point| (0.0..=1.0).contains(point)) {
                    <span class="point" style={left(inner(point).clamp(0.0, 1.0))}></span>
                }
            </button>
        </li>
    }
}

/// The name of an operation in the document.
fn key(id: RequestId) -> String {
    format!("{}-{}", id.client, id.seq)
}

/// A line through the moments at which operations took effect, in that order: they stand on the
/// lower edges of the bars.
fn order(model: &Operations) -> Html {
    let mut path = String::new();
    for (place, (x, row)) in model.order.iter().enumerate() {
        let letter = if place == 0 { 'M' } else { 'L' };
        let _ = write!(path, "{letter}{} {row}.82", tenths(x * 1000.0));
    }
    html! {
        <svg key="order" class="history-order" viewBox={format!("0 0 1000 {}", model.rows.max(1))} preserveAspectRatio="none" aria-hidden="true">
            <path d={path} vector-effect="non-scaling-stroke" />
        </svg>
    }
}

fn details(details: Option<&Details>, send: &Callback<Command>) -> Html {
    let Some(details) = details else {
        return html! { <p class="quiet">{ "Choose an operation to see its moments, and the order in which all took effect." }</p> };
    };
    let id = details.id;
    let follow = send
        .reform(move |_: MouseEvent| Command::Explore(explore::Ask::Follow(follow::Ask::Show(id))));
    html! {
        <>
            <p>{ &details.says }</p>
            { for details.moments.iter().map(|(what, when, event)| {
                let jump = event.map(|event| {
                    send.reform(move |_: MouseEvent| Command::Explore(explore::Ask::Jump(event)))
                });
                html! { <button key={*what} class="small" disabled={jump.is_none()} onclick={jump}>{ format!("{what} {when}") }</button> }
            }) }
            <button key="follow" class="small" onclick={follow} title="See its way part by part">{ "Follow" }</button>
        </>
    }
}

fn legend() -> Html {
    let item = |class: &'static str, words: &'static str| {
        html! { <li><span class={classes!("operation", "sample", class)}></span>{ words }</li> }
    };
    html! {
        <ul class="legend signs" aria-label="Signs">
            { item("applied", "applied") }
            { item("refused", "refused") }
            { item("told", "balance") }
            { item("open", "no answer") }
            <li><span class="point sample"></span>{ "took effect" }</li>
            <li><span class="point sample read"></span>{ "balance: could have been read here" }</li>
        </ul>
    }
}

fn select(send: &Callback<Command>, id: Option<RequestId>) {
    send.emit(Command::Explore(explore::Ask::Operations(Ask::Select(id))));
}

/// What pointers and keys do.
struct Hands {
    model: Rc<Operations>,
    area: NodeRef,
    grip: Hold,
    send: Callback<Command>,
}

impl Hands {
    /// The left edge of the picture, and its width.
    fn width(area: &NodeRef) -> (f64, f64) {
        let place = area.cast::<Element>().map(|area| area.get_bounding_client_rect());
        place.map_or((0.0, 1.0), |place| (place.left(), place.width().max(1.0)))
    }

    /// The operation that something on the page belongs to.
    fn operation(model: &Operations, target: Option<EventTarget>) -> Option<&Operation> {
        let element = target?.dyn_into::<Element>().ok()?.closest("[data-op]").ok()??;
        let name = element.get_attribute("data-op")?;
        model.operations.iter().find(|one| key(one.id) == name)
    }

    fn keys(&self) -> Callback<KeyboardEvent> {
        let (model, send) = (self.model.clone(), self.send.clone());
        Callback::from(move |event: KeyboardEvent| {
            let own = Self::operation(&model, event.target());
            if let Some(what) = lanes::of_key(&event) {
                lanes::ask(&send, what);
            } else {
                let from = own.map(|one| one.id);
                let (next, pan) = match event.key().as_str() {
                    _ if event.ctrl_key() || event.meta_key() || event.alt_key() => return,
                    "ArrowLeft" => (model.step(from, false), -250),
                    "ArrowRight" => (model.step(from, true), 250),
                    "ArrowUp" => (model.neighbour(from, false), 0),
                    "ArrowDown" => (model.neighbour(from, true), 0),
                    "Home" => (model.step(None, true), 0),
                    "End" => (model.step(None, false), 0),
                    "Enter" => {
                        let Some(own) = own else { return };
                        lanes::jump(&send, own.event);
                        event.prevent_default();
                        return;
                    }
                    "Escape" => {
                        select(&send, None);
                        return;
                    }
                    _ => return,
                };
                match next {
                    Some(next) => {
                        lanes::ask(&send, LanesAsk::Follow(false));
                        select(&send, Some(next.id));
                        browser::focus(&format!("op-{}", key(next.id)));
                    }
                    None if pan != 0 => lanes::ask(&send, LanesAsk::Pan(pan)),
                    None => {}
                }
            }
            event.prevent_default();
            event.stop_propagation();
        })
    }

    fn wheel(&self) -> Callback<WheelEvent> {
        let (area, grip, send) = (self.area.clone(), self.grip.clone(), self.send.clone());
        Callback::from(move |event: WheelEvent| {
            let (left, width) = Self::width(&area);
            let place = (f64::from(event.client_x()) - left) / width;
            grip.turn(&event, place, width, browser::has_focus(&area.cast()), &send);
        })
    }

    fn press(&self) -> Callback<PointerEvent> {
        let grip = self.grip.clone();
        Callback::from(move |event: PointerEvent| grip.press(&event))
    }

    fn go(&self) -> Callback<PointerEvent> {
        let (area, grip, send) = (self.area.clone(), self.grip.clone(), self.send.clone());
        Callback::from(move |event: PointerEvent| {
            grip.drag(&event, Self::width(&area), &send);
        })
    }

    fn release(&self) -> Callback<PointerEvent> {
        let grip = self.grip.clone();
        Callback::from(move |event: PointerEvent| grip.release(&event))
    }

    fn click(&self) -> Callback<MouseEvent> {
        let (model, grip, send) = (self.model.clone(), self.grip.clone(), self.send.clone());
        Callback::from(move |event: MouseEvent| {
            // A click without a pointer comes from the keyboard.
            if event.detail() > 0 && grip.has_dragged() {
                return;
            }
            if let Some(own) = Self::operation(&model, event.target()) {
                lanes::ask(&send, LanesAsk::Follow(false));
                select(&send, Some(own.id));
            }
        })
    }

    fn jump(&self) -> Callback<MouseEvent> {
        let (model, send) = (self.model.clone(), self.send.clone());
        Callback::from(move |event: MouseEvent| {
            if let Some(own) = Self::operation(&model, event.target()) {
                lanes::jump(&send, own.event);
            }
        })
    }
}
