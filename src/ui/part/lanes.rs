//! What the space-time diagram and the clients' history have in common: buttons, wheel, drag,
//! two fingers and keys to zoom and pan.

use crate::ui::command::Command;
use crate::ui::view::explore;
use crate::ui::view::lanes::{Ask, Buttons, PAN};
use std::cell::Cell;
use std::rc::Rc;
use web_sys::{Element, KeyboardEvent, PointerEvent, WheelEvent};
use yew::prelude::*;

/// How far a wheel must turn for a step of zoom, in pixels.
const WHEEL_STEP: f64 = 50.0;

/// How far a pointer must go, in pixels, to drag and not to click.
const DRAG_MIN: f64 = 4.0;

/// Asks something of the view.
pub fn ask(send: &Callback<Command>, what: Ask) {
    send.emit(Command::Explore(explore::Ask::Lanes(what)));
}

/// Goes to the moment of an event, and goes on showing what is open.
pub fn jump(send: &Callback<Command>, event: u64) {
    send.emit(Command::Explore(explore::Ask::Jump(event)));
}

/// Buttons for who uses none of the others. One that would change nothing says so, and keeps the
/// focus.
pub fn toolbar(buttons: &Buttons, send: &Callback<Command>) -> Html {
    let pressed = |what: Ask| {
        let send = send.clone();
        Callback::from(move |_: MouseEvent| ask(&send, what))
    };
    let all = Buttons::ASKS.into_iter().zip(buttons.helps).map(|((name, sign, what), helps)| {
        html! {
            <button class="small" aria-label={name} title={name} aria-disabled={(!helps).then_some("true")}
                onclick={helps.then(|| pressed(what))}>{ sign }</button>
        }
    });
    let follows = buttons.follows;
    html! {
        <div class="lanes-bar" role="group" aria-label="Stretch of time">
            { for all }
            <button class="small follows" aria-pressed={follows.to_string()} onclick={pressed(Ask::Follow(!follows))}
                title="Go with the moment that is looked at">{ "Follow now" }</button>
        </div>
    }
}

/// What fingers can do, for whoever has nothing else.
pub fn fingers() -> Html {
    html! { <p class="help fingers">{ "Drag sideways to pan, spread two fingers to zoom, and tap for more." }</p> }
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

/// The least distance between two fingers that counts, in pixels.
const APART_MIN: f64 = 16.0;

/// A mouse, a pen or a finger that is down.
#[derive(Clone, Copy, Debug)]
struct Pointer {
    id: i32,
    /// Where it went down.
    start: f64,
    /// Where it was last.
    at: (f64, f64),
}

/// Pointers that may be dragging, and a wheel between two steps.
#[derive(Debug, Default)]
pub struct Grip {
    /// One that pans, or two fingers that zoom.
    down: Cell<[Option<Pointer>; 2]>,
    /// True once they have gone too far for a click.
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
        self.down.get()[0].is_some() && self.moved.get()
    }

    /// A button or a finger went down.
    pub fn press(&self, event: &PointerEvent) {
        if event.button() != 0 {
            return;
        }
        let at = place_of(event);
        let pointer = Some(Pointer { id: event.pointer_id(), start: at.0, at });
        match self.down.get() {
            [Some(first), _] if !event.is_primary() => {
                self.down.set([Some(first), pointer]);
                self.moved.set(true);
            }
            _ => {
                self.down.set([pointer, None]);
                self.moved.set(false);
            }
        }
    }

    /// A button or a finger went up, or the pointer is gone: the other one pans on.
    pub fn release(&self, event: &PointerEvent) {
        let stays = |it: &Pointer| it.id != event.pointer_id();
        let [first, second] = self.down.get().map(|it| it.filter(stays));
        self.down.set([first.or(second), first.and(second)]);
    }

    /// The pointer went on: pans, or zooms with a second one. `left` and `width` are those of the
    /// picture, in the window's pixels.
    pub fn drag(&self, event: &PointerEvent, (left, width): (f64, f64), send: &Callback<Command>) {
        let before = self.down.get();
        let mut down = before;
        let is_it = |it: &&mut Pointer| it.id == event.pointer_id();
        let Some(pointer) = down.iter_mut().flatten().find(is_it) else { return };
        pointer.at = place_of(event);
        if !self.moved.get() && (pointer.at.0 - pointer.start).abs() < DRAG_MIN {
            return;
        }
        // What goes on outside still belongs to the drag. (The event's current target is where Yew
        // listens, the root of the page: it would keep the rest of the drag from the picture.)
        let picture = event.target_dyn_into::<Element>();
        let picture = picture.and_then(|it| it.closest(".space-time, .history").ok()?);
        if !self.moved.replace(true)
            && let Some(picture) = picture
        {
            let _ = picture.set_pointer_capture(event.pointer_id());
        }
        let ((middle, apart), (last_middle, last_apart)) = (hold(&down), hold(&before));
        let part = |x: f64| (x * 1000.0 / width.max(1.0)).round() as i32;
        let asked = match down {
            [_, Some(_)] => Ask::Pinch(
                (apart / last_apart * 1e6) as u32,
                part(last_middle - left),
                part(middle - left),
            ),
            _ => Ask::Pan(part(last_middle - middle)),
        };
        if asked != Ask::Pan(0) {
            self.down.set(down);
            ask(send, asked);
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

fn place_of(event: &PointerEvent) -> (f64, f64) {
    (f64::from(event.client_x()), f64::from(event.client_y()))
}

/// The middle of what is down, and how far apart it is.
fn hold(down: &[Option<Pointer>; 2]) -> (f64, f64) {
    let [first, second] = down.map(|it| it.map(|it| it.at));
    let first = first.unwrap_or_default();
    let second = second.unwrap_or(first);
    let apart = (first.0 - second.0).hypot(first.1 - second.1);
    ((first.0 + second.0) / 2.0, apart.max(APART_MIN))
}

/// A grip, as components hold it.
pub type Hold = Rc<Grip>;
