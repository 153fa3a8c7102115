//! What the space-time diagram and the clients' history have in common: buttons, wheel, drag and
//! keys to zoom and pan.

use crate::ui::command::Command;
use crate::ui::view::explore;
use crate::ui::view::lanes::Ask;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent, PointerEvent, WheelEvent};
use yew::prelude::*;

/// How far a wheel must turn for a step of zoom, in pixels.
const WHEEL_STEP: f64 = 50.0;

/// How far a pointer must go, in pixels, to drag and not to click.
const DRAG_MIN: f64 = 4.0;

/// How much a key pans, in thousandths of the width.
const PAN: i32 = 200;

/// Asks something of the view.
pub fn ask(send: &Callback<Command>, what: Ask) {
    send.emit(Command::Explore(explore::Ask::Lanes(what)));
}

/// Goes to the moment of an event, and goes on showing what is open.
pub fn jump(send: &Callback<Command>, event: u64) {
    send.emit(Command::Explore(explore::Ask::Jump(event)));
}

/// Buttons for who uses none of the others.
pub fn toolbar(follows: bool, send: &Callback<Command>) -> Html {
    let button = |name: &'static str, sign: &'static str, what: Ask| {
        let send = send.clone();
        let onclick = Callback::from(move |_: MouseEvent| ask(&send, what));
        html! { <button class="small" aria-label={name} title={name} {onclick}>{ sign }</button> }
    };
    let follow = {
        let send = send.clone();
        Callback::from(move |_: MouseEvent| ask(&send, Ask::Follow(!follows)))
    };
    html! {
        <div class="lanes-bar" role="group" aria-label="Stretch of time">
            { button("Zoom out", "−", Ask::Zoom(-3)) }
            { button("Zoom in", "+", Ask::Zoom(3)) }
            { button("Earlier", "◂", Ask::Pan(-PAN)) }
            { button("Later", "▸", Ask::Pan(PAN)) }
            { button("Show all", "All", Ask::Fit) }
            <button class="small follows" aria-pressed={follows.to_string()} onclick={follow}
                title="Go with the moment that is looked at">{ "Follow now" }</button>
        </div>
    }
}

/// What a key asks of the view, if it does.
pub fn of_key(event: &KeyboardEvent) -> Option<Ask> {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return None;
    }
    match (event.key().as_str(), event.shift_key()) {
        ("+" | "=", _) => Some(Ask::Zoom(2)),
        ("-" | "_", _) => Some(Ask::Zoom(-2)),
        ("0", _) => Some(Ask::Fit),
        ("f" | "F", _) => Some(Ask::Follow(true)),
        ("ArrowLeft", true) | ("PageUp", _) => Some(Ask::Pan(-PAN)),
        ("ArrowRight", true) | ("PageDown", _) => Some(Ask::Pan(PAN)),
        _ => None,
    }
}

/// A pointer that may be dragging, and a wheel between two steps.
#[derive(Debug, Default)]
pub struct Grip {
    /// Where it went down and where it was last, if it is down.
    down: Cell<Option<(f64, f64)>>,
    /// True once it has gone too far for a click.
    moved: Cell<bool>,
    turned: Cell<f64>,
}

impl Grip {
    /// True if what follows now is no click, but the end of a drag.
    pub fn has_dragged(&self) -> bool {
        self.moved.get()
    }

    /// True while it drags.
    pub fn drags(&self) -> bool {
        self.down.get().is_some() && self.moved.get()
    }

    /// A button went down.
    pub fn press(&self, event: &PointerEvent) {
        if event.button() == 0 {
            let x = f64::from(event.client_x());
            self.down.set(Some((x, x)));
            self.moved.set(false);
        }
    }

    /// A button went up, or the pointer is gone.
    pub fn release(&self) {
        self.down.set(None);
    }

    /// The pointer went on: pans, if it drags. `width` is that of the picture, in pixels.
    pub fn drag(&self, event: &PointerEvent, width: f64, send: &Callback<Command>) {
        let Some((start, last)) = self.down.get() else { return };
        let x = f64::from(event.client_x());
        if !self.moved.get() && (x - start).abs() < DRAG_MIN {
            return;
        }
        if !self.moved.replace(true)
            && let Some(target) =
                event.current_target().and_then(|it| it.dyn_into::<Element>().ok())
        {
            // What goes on outside still belongs to the drag.
            let _ = target.set_pointer_capture(event.pointer_id());
        }
        let by = ((last - x) * 1000.0 / width.max(1.0)).round() as i32;
        if by != 0 {
            self.down.set(Some((start, x)));
            ask(send, Ask::Pan(by));
        }
    }

    /// A wheel turned. The page scrolls on, unless the picture has the focus or Ctrl is held; to
    /// the side it always pans. `place` is where the pointer is, 0 to 1.
    pub fn turn(
        &self,
        event: &WheelEvent,
        place: f64,
        width: f64,
        focused: bool,
        send: &Callback<Command>,
    ) {
        let (dx, dy) = (event.delta_x(), event.delta_y());
        let aside = if event.shift_key() && dx == 0.0 { dy } else { dx };
        if aside.abs() > dy.abs() || event.shift_key() {
            event.prevent_default();
            ask(send, Ask::Pan((aside * 1000.0 / width.max(1.0)).round() as i32));
            return;
        }
        if !focused && !event.ctrl_key() {
            return;
        }
        event.prevent_default();
        let turned = self.turned.get() - dy;
        let steps = (turned / WHEEL_STEP).trunc();
        self.turned.set(turned - steps * WHEEL_STEP);
        if steps != 0.0 {
            let place = (place.clamp(0.0, 1.0) * 1000.0) as u32;
            ask(send, Ask::ZoomAt(steps as i32, place));
        }
    }
}

/// A grip, as components hold it.
pub type Hold = Rc<Grip>;
