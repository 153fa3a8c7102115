//! What moves with every frame, written straight to the picture's attributes.
//!
//! Diffing a virtual tree for hundreds of marks sixty times a second costs most of a frame;
//! writing an attribute of an element that is already there does not. The painter owns the
//! children of `#marks` and the dials' attributes, and nobody else touches them.

use super::view::stage::{Dial, Mark, MarkKind, Motion, Stage};
use std::fmt::Write as _;
use web_sys::{Document, Element};

const SVG: &str = "http://www.w3.org/2000/svg";

/// The outline of a kind of mark, about its middle.
pub fn shape(kind: MarkKind) -> &'static str {
    match kind {
        MarkKind::Vote => "M0-7 6.5 5H-6.5Z",
        MarkKind::Heartbeat => "M-3.6 0a3.6 3.6 0 1 0 7.2 0a3.6 3.6 0 1 0-7.2 0Z",
        MarkKind::Append => "M-5.5-5.5H5.5V5.5H-5.5Z",
        MarkKind::Lost => "M-4-4 4 4M4-4-4 4",
        MarkKind::Client => "M0-7.5 7.5 0 0 7.5-7.5 0Z",
    }
}

/// Writes motion into the document.
pub struct Painter {
    /// Before the names of the elements: there may be two pictures.
    prefix: &'static str,
    layer: Option<Element>,
    pool: Vec<Slot>,
    text: String,
}

/// An element of the pool, with what it shows now.
struct Slot {
    element: Element,
    shows: Option<(MarkKind, bool)>,
}

impl Painter {
    /// Paints the picture whose elements' names begin so.
    pub fn new(prefix: &'static str) -> Self {
        Self { prefix, layer: None, pool: Vec::new(), text: String::new() }
    }

    /// Shows this moment. Does nothing while there is no stage in the document.
    pub fn paint(&mut self, stage: &Stage, motion: &Motion) {
        let Some(document) = web_sys::window().and_then(|window| window.document()) else {
            return;
        };
        if !self.find_layer(&document) {
            return;
        }
        self.paint_marks(&document, &motion.marks);
        for (server, dial) in stage.servers.iter().zip(&motion.dials) {
            self.paint_dial(&document, server.id.number(), *dial);
        }
    }

    /// Makes sure that the layer is the one in the document; a new one begins with no marks.
    fn find_layer(&mut self, document: &Document) -> bool {
        if !self.layer.as_ref().is_some_and(|layer| layer.is_connected()) {
            self.layer = document.get_element_by_id(&format!("{}marks", self.prefix));
            self.pool.clear();
        }
        self.layer.is_some()
    }

    fn paint_marks(&mut self, document: &Document, marks: &[Mark]) {
        while self.pool.len() < marks.len() {
            let (Some(layer), Ok(element)) =
                (&self.layer, document.create_element_ns(Some(SVG), "path"))
            else {
                return;
            };
            let _ = layer.append_child(&element);
            self.pool.push(Slot { element, shows: None });
        }
        for (slot, mark) in self.pool.iter_mut().zip(marks) {
            if slot.shows != Some((mark.kind, mark.reply)) {
                slot.shows = Some((mark.kind, mark.reply));
                self.text.clear();
                let reply = if mark.reply { " reply" } else { "" };
                let _ = write!(self.text, "mark {}{reply}", mark.kind.class());
                let _ = slot.element.set_attribute("class", &self.text);
                let _ = slot.element.set_attribute("d", shape(mark.kind));
            }
            self.text.clear();
            let _ = write!(self.text, "translate({:.1} {:.1})", mark.at.x, mark.at.y);
            let _ = slot.element.set_attribute("transform", &self.text);
        }
        for slot in self.pool.iter_mut().skip(marks.len()) {
            if slot.shows.take().is_some() {
                let _ = slot.element.set_attribute("class", "mark");
                let _ = slot.element.set_attribute("d", "");
            }
        }
    }

    fn paint_dial(&mut self, document: &Document, server: u8, dial: Dial) {
        let Some(element) = document.get_element_by_id(&format!("{}dial-S{server}", self.prefix))
        else {
            return;
        };
        self.text.clear();
        match dial {
            Dial::Still => self.text.push_str("0 100"),
            Dial::Timer(left) => {
                let _ = write!(self.text, "{:.1} 100", left * 100.0);
            }
            // A quarter of a turn for every thousand attempts, so that work is seen to be done.
            Dial::Mining(attempts) => {
                let turned = (attempts % 4000) as f64 / 40.0;
                let _ = element.set_attribute("stroke-dashoffset", &format!("{:.1}", -turned));
                if let Some(tries) =
                    document.get_element_by_id(&format!("{}tries-S{server}", self.prefix))
                {
                    tries.set_text_content(Some(&format!("{attempts} tries")));
                }
                return;
            }
        }
        let _ = element.set_attribute("stroke-dasharray", &self.text);
    }
}
