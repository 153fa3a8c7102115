//! The links between servers: a click cuts or mends one.

use crate::base::ServerId;
use crate::ui::view::decimal::tenths;
use crate::ui::view::geometry::Point;
use crate::ui::view::stage::{Link, Stage};
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub stage: Rc<Stage>,
    /// The server whose links stand out.
    pub near: Option<ServerId>,
}

#[component]
pub fn StageLinks(props: &Props) -> Html {
    html! {
        <g class="links">
            { for props.stage.links.iter().map(|link| view(&props.stage, *link, props.near)) }
        </g>
    }
}

/// The stage hears the click, since a message may fly there. A link that is cut one way only is
/// drawn as far as messages come: whole from the end that is still heard, and with scissors
/// before the end that is out of reach.
fn view(stage: &Stage, link: Link, near: Option<ServerId>) -> Html {
    let (from, to) = (stage.layout.server(link.one), stage.layout.server(link.other));
    let both = link.cut_there && link.cut_back;
    let cut = link.cut_there || link.cut_back;
    let near = near.is_some_and(|id| id == link.one || id == link.other);
    let class = classes!(
        cut.then_some("cut"),
        (cut && !both).then_some("one-way"),
        link.own.then_some("own"),
        near.then_some("near")
    );
    let name = link.name();
    html! {
        <g key={format!("{}-{}", link.one, link.other)} {class} data-link={format!("{}-{}", link.one, link.other)}
            role="button" tabindex="-1" aria-label={name.clone()}>
            <title>{ name }</title>
            { line("wire", from, to) }
            { line("hit", from, to) }
            if both {
                { scissors(from.towards(to, 0.5)) }
            } else if link.cut_there {
                { one_way(from, to, stage.layout.measures.server) }
            } else if link.cut_back {
                { one_way(to, from, stage.layout.measures.server) }
            }
            if link.own && !cut { { own(from.towards(to, 0.5)) } }
        </g>
    }
}

fn line(class: &'static str, from: Point, to: Point) -> Html {
    html! { <line {class} x1={unit(from.x)} y1={unit(from.y)} x2={unit(to.x)} y2={unit(to.y)} /> }
}

/// Nothing passes in this direction: scissors before the receiver. The arrow shows the direction
/// that is still open.
fn one_way(from: Point, to: Point, radius: f64) -> Html {
    let length = from.distance(to).max(1.0);
    let (x, y) = ((from.x - to.x) / length, (from.y - to.y) / length);
    let tip = to.towards(from, 1.0 - (radius + 12.0) / length);
    let arrow = format!(
        "M{} {}L{} {} {} {}Z",
        tenths(tip.x),
        tenths(tip.y),
        tenths(tip.x - 11.0 * x - 5.5 * y),
        tenths(tip.y - 11.0 * y + 5.5 * x),
        tenths(tip.x - 11.0 * x + 5.5 * y),
        tenths(tip.y - 11.0 * y - 5.5 * x)
    );
    html! {
        <>
            { line("open", to, tip) }
            <path class="arrow" d={arrow} />
            { scissors(from.towards(to, 1.0 - (radius + 26.0) / length)) }
        </>
    }
}

/// The sign of a cut.
fn scissors(at: Point) -> Html {
    html! {
        <g transform={format!("translate({} {})", tenths(at.x), tenths(at.y))}>
            <circle class="scissors" r="8" />
            <path class="scissors-sign" d="M-3-3 3 3M3-3-3 3" />
        </g>
    }
}

/// The sign of a link that is not like the others: a clock's face.
fn own(at: Point) -> Html {
    html! {
        <g transform={format!("translate({} {})", tenths(at.x), tenths(at.y))}>
            <circle class="own-sign" r="7" />
            <path class="own-hand" d="M0-4V0L3 2" />
        </g>
    }
}

fn unit(number: f64) -> String {
    tenths(number).to_string()
}
