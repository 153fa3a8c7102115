//! Servers and clients as lanes, messages as slanted lines, on a true scale of time.

use super::canvas::{Palette, paint, style_of};
use super::lanes::{self, Hold};
use crate::ui::browser;
use crate::ui::command::{Command, Download};
use crate::ui::motion::shape;
use crate::ui::view::diagram::{Ask, Deed, Diagram, KINDS, place_of};
use crate::ui::view::drawing::{Drawing, Room};
use crate::ui::view::drawing_marks::sign;
use crate::ui::view::drawing_shapes::polyline;
use crate::ui::view::drawing_style::Part;
use crate::ui::view::explore;
use crate::ui::view::lanes::Ask as LanesAsk;
use crate::ui::view::motion::MarkKind;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{HtmlCanvasElement, HtmlElement, HtmlInputElement, ResizeObserver};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub model: Rc<Diagram>,
    pub send: Callback<Command>,
}

#[component]
pub fn DiagramView(props: &Props) -> Html {
    let Props { model, send } = props;
    let frame = use_node_ref();
    let canvas = use_node_ref();
    // How much room there is, and how often the colours have changed.
    let room = use_state(|| None::<Room>);
    let dressed = use_state(|| 0_u32);
    let palette = use_mut_ref(Palette::default);
    let drawing = use_mut_ref(Drawing::default);
    let grip = use_memo((), |()| lanes::Grip::default());
    use_effect_with((), {
        let (frame, room) = (frame.clone(), room.setter());
        move |()| watch_size(&frame, move |now| room.set(Some(now)))
    });
    use_effect_with((canvas.clone(), *dressed), {
        let palette = palette.clone();
        move |(canvas, _)| {
            if let Some(canvas) = canvas.cast::<HtmlCanvasElement>() {
                *palette.borrow_mut() = Palette::of(&canvas);
            }
        }
    });
    use_effect_with((model.clone(), *room, *dressed), {
        let (canvas, drawing, palette) = (canvas.clone(), drawing.clone(), palette.clone());
        move |(model, room, _)| {
            if let (Some(canvas), Some(room)) = (canvas.cast::<HtmlCanvasElement>(), room) {
                let drawn = Drawing::of(model, *room);
                // A browser that gives no canvas has the readout and the log.
                let _ = paint(&canvas, &drawn, &palette.borrow());
                *drawing.borrow_mut() = drawn;
            }
        }
    });
    // The words' colour changes with the scheme, and takes a moment to: see the stylesheet.
    let ontransitionend = {
        let dressed = dressed.clone();
        Callback::from(move |_: TransitionEvent| dressed.set(*dressed + 1))
    };
    let hands =
        Hands { model: model.clone(), drawing, frame: frame.clone(), grip, send: send.clone() };
    html! {
        <>
            { head(model, send) }
            <p class="readout">
                <span role="status" aria-label="Event">{ readout(model, send) }</span>
                if model.readout.is_none() {
                    <span class="quiet">{ model.summary() }</span>
                }
            </p>
            <div ref={frame} class="space-time" tabindex="0" role="application" aria-roledescription="diagram"
                aria-label="Space-time diagram" aria-describedby="diagram-keys"
                onkeydown={hands.keys()} onwheel={hands.wheel()} onpointerdown={hands.press()}
                onpointermove={hands.go()} onpointerup={hands.release()} onpointercancel={hands.lose()} onpointerleave={hands.leave()}>
                <canvas ref={canvas} aria-hidden="true" {ontransitionend}></canvas>
            </div>
            { legend() }
            { lanes::fingers() }
            <p id="diagram-keys" class="help for-keys">
                { "Drag or Shift with ← → to pan; + and − or Ctrl with the wheel to zoom; ← → from event to event, \
                   ↑ ↓ to another lane, Enter or a click to go to its moment; 0 shows all, F follows." }
            </p>
        </>
    }
}

/// What is above the picture: the stretch, the kinds of messages, what is left out.
fn head(model: &Rc<Diagram>, send: &Callback<Command>) -> Html {
    let kinds = KINDS.into_iter().map(|kind| {
        let place = place_of(kind);
        let onchange = send.reform(move |event: Event| {
            let shown = event.target_unchecked_into::<HtmlInputElement>().checked();
            Command::Explore(explore::Ask::Diagram(Ask::Show(kind, shown)))
        });
        let shown = model.shown[place];
        let count = (!model.is_crowded()).then_some(model.counts[place]);
        html! {
            <label key={kind.class()}>
                <input type="checkbox" aria-label={words(kind)} checked={shown} {onchange} />
                { sample_way(kind) }{ words(kind) }<span class="number quiet">{ count }</span>
            </label>
        }
    });
    let save = send.reform(|_: MouseEvent| Command::Download(Download::Diagram));
    html! {
        <div class="lanes-head">
            { lanes::toolbar(&model.buttons, send) }
            <fieldset class="kinds"><legend class="sr-only">{ "Messages" }</legend>{ for kinds }</fieldset>
            <button class="small push" onclick={save}>{ "Save as SVG" }</button>
        </div>
    }
}

fn words(kind: MarkKind) -> &'static str {
    match kind {
        MarkKind::Client => "clients",
        MarkKind::Append => "blocks",
        MarkKind::Heartbeat => "heartbeats",
        MarkKind::Vote => "votes",
        MarkKind::Lost => "lost",
    }
}

fn readout(model: &Diagram, send: &Callback<Command>) -> Html {
    let Some(readout) = &model.readout else { return Html::default() };
    let event = readout.event;
    let way = readout.way.as_ref().map(|way| format!(" {way}"));
    html! {
        <>
            <button class="link" tabindex="-1" onclick={send.reform(move |_: MouseEvent| Command::Jump(event))}>{ &readout.when }</button>
            { " " }<span class="what">{ &readout.what }{ way.unwrap_or_default() }</span>
        </>
    }
}

/// A way from above to below, with what stands at its end.
fn sample_way(kind: MarkKind) -> Html {
    let mut way = String::new();
    polyline(&mut way, &[(-9.0, 0.0), (9.0, 0.0)]);
    html! {
        <svg class="sign wide" viewBox="-10 -6 20 12" aria-hidden="true">
            <path d={way} style={style_of(Part::Way(kind, false))} />
            <path d={format!("M0 0{}", shape(kind))} transform="scale(.06)" style={style_of(Part::End(kind, false))} />
        </svg>
    }
}

fn legend() -> Html {
    let deed = |deed: Deed| {
        let mut path = String::new();
        sign(&mut path, deed, (0.0, 0.0), 1.0);
        html! {
            <li key={deed.legend()}>
                <svg class="sign" viewBox="-9 -9 18 18" aria-hidden="true"><path d={path} style={style_of(Part::Deed(deed))} /></svg>
                { deed.legend() }
            </li>
        }
    };
    html! {
        <ul class="legend signs" aria-label="Signs">
            { for Deed::ALL.into_iter().map(deed) }
            <li key="reply">
                <svg class="sign" viewBox="-9 -9 18 18" aria-hidden="true">
                    <path d={format!("M0 0{}", shape(MarkKind::Append))} transform="scale(.1)" vector-effect="non-scaling-stroke"
                        style={style_of(Part::End(MarkKind::Append, true))} />
                </svg>
                { "hollow: an answer" }
            </li>
            <li key="lost">
                <svg class="sign" viewBox="-9 -9 18 18" aria-hidden="true">
                    <path d="M-5-5L5 5M-5 5L5-5" style={style_of(Part::Lost)} />
                </svg>
                { "message lost" }
            </li>
        </ul>
    }
}

/// Tells how much room an element has, now and whenever that changes.
fn watch_size<T: Fn(Room) + 'static>(frame: &NodeRef, tell: T) -> impl FnOnce() + use<T> {
    let element = frame.cast::<HtmlElement>();
    let measured = element.clone();
    let measure = Closure::<dyn Fn()>::new(move || {
        let Some(element) = &measured else { return };
        let style = browser::window().get_computed_style(element).ok().flatten();
        let size = style.and_then(|style| style.get_property_value("font-size").ok());
        let pixels = size.map_or(16.0, |it| js_sys::parse_float(&it));
        let width = f64::from(element.client_width());
        if width > 0.0 {
            tell(Room { width, scale: pixels / 16.0 });
        }
    });
    let observer = ResizeObserver::new(measure.as_ref().unchecked_ref()).ok();
    if let (Some(observer), Some(element)) = (&observer, &element) {
        observer.observe(element);
    }
    move || {
        if let Some(observer) = observer {
            observer.disconnect();
        }
        drop(measure);
    }
}

/// What pointers and keys do.
struct Hands {
    model: Rc<Diagram>,
    drawing: Rc<std::cell::RefCell<Drawing>>,
    frame: NodeRef,
    grip: Hold,
    send: Callback<Command>,
}

impl Hands {
    fn point(send: &Callback<Command>, event: Option<u64>) {
        send.emit(Command::Explore(explore::Ask::Diagram(Ask::Point(event))));
    }

    fn keys(&self) -> Callback<KeyboardEvent> {
        let (drawing, send) = (self.drawing.clone(), self.send.clone());
        let pointed = self.model.readout.as_ref().map(|readout| readout.event);
        Callback::from(move |event: KeyboardEvent| {
            let read = |next: Option<u64>, otherwise: LanesAsk| match next {
                Some(next) => {
                    send.emit(Command::Explore(explore::Ask::Diagram(Ask::Read(next))));
                }
                None => lanes::ask(&send, otherwise),
            };
            if let Some(what) = lanes::of_key(&event) {
                lanes::ask(&send, what);
            } else {
                if event.ctrl_key() || event.meta_key() || event.alt_key() {
                    return;
                }
                let step = |forward: bool| drawing.borrow().step(pointed, forward);
                match event.key().as_str() {
                    "ArrowLeft" => read(step(false), LanesAsk::Pan(-250)),
                    "ArrowRight" => read(step(true), LanesAsk::Pan(250)),
                    "Home" => read(drawing.borrow().step(None, true), LanesAsk::Pan(0)),
                    "End" => read(drawing.borrow().step(None, false), LanesAsk::Pan(0)),
                    "ArrowUp" | "ArrowDown" => {
                        let down = event.key() == "ArrowDown";
                        let next = drawing.borrow().neighbour(pointed, down);
                        read(next, LanesAsk::Pan(0));
                    }
                    "Enter" => {
                        if let Some(pointed) = pointed {
                            lanes::jump(&send, pointed);
                        }
                    }
                    "Escape" => Self::point(&send, None),
                    _ => return,
                }
            }
            event.prevent_default();
            event.stop_propagation();
        })
    }

    fn wheel(&self) -> Callback<WheelEvent> {
        let (drawing, frame) = (self.drawing.clone(), self.frame.clone());
        let (grip, send) = (self.grip.clone(), self.send.clone());
        Callback::from(move |event: WheelEvent| {
            let (left, _, right, _) = drawing.borrow().plot;
            let place = (f64::from(event.offset_x()) - left) / (right - left).max(1.0);
            grip.turn(&event, place, right - left, browser::has_focus(&frame.cast()), &send);
        })
    }

    fn press(&self) -> Callback<PointerEvent> {
        let grip = self.grip.clone();
        Callback::from(move |event: PointerEvent| grip.press(&event))
    }

    fn go(&self) -> Callback<PointerEvent> {
        let (drawing, grip, send) = (self.drawing.clone(), self.grip.clone(), self.send.clone());
        let pointed = self.model.readout.as_ref().map(|readout| readout.event);
        Callback::from(move |event: PointerEvent| {
            let (left, _, right, _) = drawing.borrow().plot;
            let edge = f64::from(event.client_x()) - f64::from(event.offset_x()) + left;
            grip.drag(&event, (edge, right - left), &send);
            if grip.drags() {
                return;
            }
            let near = Self::event_at(&drawing.borrow(), &event);
            if near != pointed && (near.is_some() || event.pointer_type() == "mouse") {
                Self::point(&send, near);
            }
        })
    }

    fn event_at(drawing: &Drawing, event: &PointerEvent) -> Option<u64> {
        drawing.event_at(f64::from(event.offset_x()), f64::from(event.offset_y()))
    }

    fn release(&self) -> Callback<PointerEvent> {
        let (drawing, grip, send) = (self.drawing.clone(), self.grip.clone(), self.send.clone());
        Callback::from(move |event: PointerEvent| {
            grip.release(&event);
            if event.button() != 0 || grip.has_dragged() {
                return;
            }
            let near = Self::event_at(&drawing.borrow(), &event);
            if let Some(event) = near {
                send.emit(Command::Explore(explore::Ask::Diagram(Ask::Read(event))));
                lanes::jump(&send, event);
            }
        })
    }

    /// The browser has taken the pointer, to scroll the page.
    fn lose(&self) -> Callback<PointerEvent> {
        let grip = self.grip.clone();
        Callback::from(move |event: PointerEvent| grip.release(&event))
    }

    fn leave(&self) -> Callback<PointerEvent> {
        let (grip, send) = (self.grip.clone(), self.send.clone());
        Callback::from(move |event: PointerEvent| {
            if event.pointer_type() == "mouse" && !grip.drags() {
                grip.release(&event);
                Self::point(&send, None);
            }
        })
    }
}
