//! What moves with every frame, written straight to the picture's attributes.
//!
//! Diffing a virtual tree for hundreds of marks sixty times a second costs most of a frame, and so
//! does moving hundreds of elements. All marks that look alike are therefore one path: a frame
//! writes a dozen attributes however many messages fly, in whole tenths of a unit, since
//! formatting fractions costs more than drawing them. The painter owns the children of `#marks`
//! and what it writes of dials and disks, and nobody else touches them.

use super::view::motion::{Dial, DiskState, Manner, Mark, MarkKind, Motion};
use super::view::stage::Stage;
use crate::trace::MessageId;
use std::fmt::Write as _;
use web_sys::{Document, Element};

const SVG: &str = "http://www.w3.org/2000/svg";

/// The outline of a kind of mark, drawn from its middle, in tenths of a unit. It ends where
/// [`bar`] goes on.
pub fn shape(kind: MarkKind) -> &'static str {
    match kind {
        MarkKind::Vote => "m0-70 65 120h-130z",
        MarkKind::Heartbeat => "m-36 0a36 36 0 1 0 72 0a36 36 0 1 0-72 0z",
        MarkKind::Append => "m-55-55h110v110h-110z",
        MarkKind::Lost => "m-40-40 80 80m-80 0 80-80",
        MarkKind::Client => "m0-75 75 75-75 75-75-75z",
    }
}

/// The bar through a refusal.
pub fn bar(kind: MarkKind) -> &'static str {
    match kind {
        MarkKind::Vote | MarkKind::Client => "m-100 80h200",
        MarkKind::Heartbeat => "m-44 0h160",
        MarkKind::Append => "m-40 55h190",
        MarkKind::Lost => "",
    }
}

/// The style of the marks that look so.
pub fn class(kind: MarkKind, manner: Manner) -> String {
    let manner = match manner {
        Manner::Request => "",
        Manner::Reply => " reply",
        Manner::Refusal => " reply refusal",
    };
    format!("mark {}{manner}", kind.class())
}

/// Writes motion into the document.
pub struct Painter {
    /// Before the names of the elements: there may be two pictures.
    prefix: &'static str,
    layer: Option<Element>,
    /// One path for each look, in the order of kinds and manners.
    looks: Vec<Look>,
    gauges: Vec<Gauges>,
    text: String,
}

/// All marks that look alike.
struct Look {
    element: Element,
    is_empty: bool,
}

/// What a server shows of its work.
#[derive(Default)]
struct Gauges {
    dial: Option<Element>,
    tries: Option<Element>,
    disk: Option<Element>,
    pulse: Option<Element>,
    shown: DiskState,
}

impl Painter {
    /// Paints the picture whose elements' names begin so.
    pub fn new(prefix: &'static str) -> Self {
        Self { prefix, layer: None, looks: Vec::new(), gauges: Vec::new(), text: String::new() }
    }

    /// Shows this moment, with a ring round the message that is held. Does nothing while there is
    /// no stage in the document.
    pub fn paint(&mut self, stage: &Stage, motion: &Motion, held: Option<MessageId>) {
        let Some(document) = web_sys::window().and_then(|window| window.document()) else {
            return;
        };
        if !self.find_layer(&document) {
            return;
        }
        self.paint_marks(&motion.marks);
        self.paint_ring(&document, held.and_then(|held| motion.mark(held)));
        self.gauges.resize_with(stage.servers.len(), Gauges::default);
        for (place, server) in stage.servers.iter().enumerate() {
            let name = server.id.number();
            self.paint_dial(&document, place, name, motion.dials[place]);
            self.paint_disk(&document, place, name, motion.disks[place]);
        }
    }

    /// Makes sure that the layer is the one in the document; a new one begins with no marks.
    fn find_layer(&mut self, document: &Document) -> bool {
        if self.layer.as_ref().is_some_and(|layer| layer.is_connected()) {
            return true;
        }
        self.layer = document.get_element_by_id(&format!("{}marks", self.prefix));
        self.looks.clear();
        self.gauges.clear();
        let Some(layer) = &self.layer else { return false };
        for (kind, manner) in looks() {
            let Ok(element) = document.create_element_ns(Some(SVG), "path") else { return false };
            let _ = element.set_attribute("class", &class(kind, manner));
            let _ = layer.append_child(&element);
            self.looks.push(Look { element, is_empty: true });
        }
        true
    }

    fn paint_marks(&mut self, marks: &[Mark]) {
        for (look, (kind, manner)) in self.looks.iter_mut().zip(looks()) {
            self.text.clear();
            for mark in marks.iter().filter(|mark| mark.kind == kind && mark.manner == manner) {
                let (x, y) = ((mark.at.x * 10.0) as i32, (mark.at.y * 10.0) as i32);
                let _ = write!(self.text, "M{x} {y}");
                self.text.push_str(shape(kind));
                if manner == Manner::Refusal {
                    self.text.push_str(bar(kind));
                }
            }
            if !(look.is_empty && self.text.is_empty()) {
                let _ = look.element.set_attribute("d", &self.text);
            }
            look.is_empty = self.text.is_empty();
        }
    }

    fn paint_ring(&mut self, document: &Document, held: Option<&Mark>) {
        let Some(ring) = document.get_element_by_id(&format!("{}held", self.prefix)) else {
            return;
        };
        self.text.clear();
        match held {
            Some(mark) => {
                let (x, y) = (mark.at.x as i32, mark.at.y as i32);
                let _ = write!(self.text, "M{x} {y}m-12 0a12 12 0 1 0 24 0a12 12 0 1 0-24 0z");
            }
            None if ring.get_attribute("d").is_none_or(|shown| shown.is_empty()) => return,
            None => {}
        }
        let _ = ring.set_attribute("d", &self.text);
    }

    fn paint_dial(&mut self, document: &Document, place: usize, server: u8, dial: Dial) {
        let gauges = &mut self.gauges[place];
        let prefix = self.prefix;
        let Some(element) = find(document, &mut gauges.dial, prefix, "dial-S", server) else {
            return;
        };
        self.text.clear();
        match dial {
            Dial::Still => self.text.push_str("0 100"),
            Dial::Timer(left) => {
                let left = (left * 1000.0) as u32;
                let _ = write!(self.text, "{}.{} 100", left / 10, left % 10);
            }
            // A quarter of a turn for every thousand attempts, so that work is seen to be done.
            Dial::Mining(attempts, hash) => {
                let _ = write!(self.text, "-{}", attempts % 4000 / 40);
                let _ = element.set_attribute("stroke-dashoffset", &self.text);
                if let Some(tries) = find(document, &mut gauges.tries, prefix, "tries-S", server) {
                    self.text.clear();
                    let _ = write!(self.text, "{attempts} tries · {hash:08x}…");
                    tries.set_text_content(Some(&self.text));
                }
                return;
            }
        }
        let _ = element.set_attribute("stroke-dasharray", &self.text);
    }

    /// A disk shows how many writes it has yet to sync, and for a moment that a sync has ended.
    fn paint_disk(&mut self, document: &Document, place: usize, server: u8, disk: DiskState) {
        let gauges = &mut self.gauges[place];
        let prefix = self.prefix;
        let is_new = !gauges.disk.as_ref().is_some_and(|element| element.is_connected());
        if gauges.shown == disk && !is_new {
            return;
        }
        let Some(element) = find(document, &mut gauges.disk, prefix, "disk-S", server) else {
            return;
        };
        if gauges.shown.unsynced != disk.unsynced || is_new {
            self.text.clear();
            if disk.unsynced > 0 {
                let _ = write!(self.text, "{}", disk.unsynced);
            }
            element.set_text_content(Some(&self.text));
        }
        if let Some(pulse) = find(document, &mut gauges.pulse, prefix, "pulse-S", server) {
            self.text.clear();
            if disk.pulse < 1.0 {
                let radius = 8 + (disk.pulse * 14.0) as u32;
                let _ = write!(self.text, "{radius}");
            } else {
                self.text.push('0');
            }
            let _ = pulse.set_attribute("r", &self.text);
        }
        gauges.shown = disk;
    }
}

/// All looks, those of replies and of what is lost above the others.
fn looks() -> impl Iterator<Item = (MarkKind, Manner)> {
    Manner::ALL.into_iter().flat_map(|manner| MarkKind::ALL.map(|kind| (kind, manner)))
}

/// An element of a server, looked for once and then kept as long as it is in the document.
fn find<'a>(
    document: &Document,
    kept: &'a mut Option<Element>,
    prefix: &str,
    name: &str,
    server: u8,
) -> Option<&'a Element> {
    if !kept.as_ref().is_some_and(|element| element.is_connected()) {
        *kept = document.get_element_by_id(&format!("{prefix}{name}{server}"));
    }
    kept.as_ref()
}
