//! What is drawn anew only when it changes: the cells and lines of which there are hundreds, and of
//! which hardly any changes while others come.
//!
//! They are one component, because every other one costs the page a thousand bytes.

use super::{ledger, log};
use crate::ui::view::log::Line;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub what: What,
}

/// What it is.
#[derive(Clone, PartialEq)]
pub enum What {
    Slot(ledger::Slot),
    Line(Rc<Line>),
}

#[component]
pub fn Kept(props: &Props) -> Html {
    match &props.what {
        What::Slot(slot) => ledger::view_slot(slot),
        What::Line(line) => log::view_line(line),
    }
}
