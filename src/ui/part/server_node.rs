//! A server in the picture. Its shape tells its role, as do its badge and its colour.

use crate::ui::view::decimal::{tenths, whole};
use crate::ui::view::geometry::{Form, Point};
use crate::ui::view::stage::{Condition, ServerNode};
use crate::ui::view::words::term_class;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub node: ServerNode,
    pub at: Point,
    pub radius: f64,
    pub form: Form,
    /// True if there is little room between servers.
    pub crowded: bool,
    /// True if its badge stands above it.
    pub above: bool,
    /// The way to the middle of the ring, one long.
    pub inward: Point,
    pub dragged: bool,
    /// Before its element's name: there may be two pictures.
    pub prefix: &'static str,
    /// True if it is the one that Tab reaches.
    pub stop: bool,
}

#[component]
pub fn ServerShape(props: &Props) -> Html {
    let Props { node, at, radius, form, crowded, above, inward, dragged, prefix, stop } = props;
    let dial = tenths(radius + 8.0).to_string();
    let settled = (!dragged).then_some("settled");
    let chosen = node.chosen.then_some("chosen");
    let class = classes!("server", node.condition.class(), chosen, settled, term_class(node.term));
    let (name_y, commit_y) = if *form == Form::Wide { ("1", "15") } else { ("0", "11") };
    html! {
        <g {class} style={format!("transform: translate({}px, {}px)", tenths(at.x), tenths(at.y))} data-server={node.id.to_string()}>
            <g tabindex={if *stop { "0" } else { "-1" }} role="button" aria-label={node.name()} aria-description={node.votes()}
                id={format!("{prefix}server-{}", node.id)} data-server={node.id.to_string()}>
                <circle class="halo" r={tenths(radius + 13.0).to_string()} />
                if node.condition.is_up() {
                    <circle class="dial-track" r={dial} />
                }
                <path class="shape" d={outline(node.condition, *radius)} />
                <text class="server-id" y={name_y}>{ node.id.to_string() }</text>
            </g>
            // Its name has all of this in words.
            <g aria-hidden="true">
                <text class="commit" y={commit_y}>{ format!("#{}", node.commit) }</text>
                { badge(node, *radius, *form, *crowded, *above) }
                { if *crowded && node.condition.is_up() { tally(node, *radius, *inward) } else { pips(node, *radius, *above) } }
            </g>
        </g>
    }
}

/// A hexagon leads, a diamond asks for votes, a disc follows, a square has stopped by itself.
fn outline(condition: Condition, radius: f64) -> String {
    let r = radius;
    match condition {
        Condition::Leader => {
            let (r, x, y) = (r + 3.0, (r + 3.0) * 0.866, (r + 3.0) / 2.0);
            format!(
                "M0{} {x} {} {x} {y} 0 {r}-{x} {y}-{x}-{y}Z",
                tenths(-r),
                tenths(-y),
                x = tenths(x),
                y = tenths(y),
                r = tenths(r)
            )
        }
        Condition::Candidate => {
            let r = r + 6.0;
            format!("M0-{r} {r} 0 0 {r}-{r} 0Z", r = tenths(r))
        }
        Condition::Follower | Condition::Learner | Condition::Outsider | Condition::Down => {
            format!(
                "M-{r} 0a{r} {r} 0 1 0 {d} 0a{r} {r} 0 1 0-{d} 0Z",
                r = tenths(r),
                d = tenths(2.0 * r)
            )
        }
        Condition::DiskFull | Condition::Unreadable => {
            let r = r * 0.88;
            format!("M-{r}-{r}H{r}V{r}H-{r}Z", r = tenths(r))
        }
    }
}

fn badge(node: &ServerNode, radius: f64, form: Form, crowded: bool, above: bool) -> Html {
    let words = match (node.condition.is_up(), crowded) {
        (true, false) => format!("{} · term {}", node.condition, node.term),
        (true, true) => format!("{} · {}", node.condition, node.term),
        (false, _) => node.condition.to_string(),
    };
    let (letter, height) = if form == Form::Wide { (6.5, 19.0) } else { (5.6, 16.0) };
    let wide = words.chars().filter(|letter| matches!(letter, 'm' | 'w')).count() as f64;
    let width = (words.chars().count() as f64 + wide * 0.6) * letter + 14.0;
    let top = if above { -(radius + 13.0 + height) } else { radius + 13.0 };
    html! {
        <g class="badge" transform={format!("translate(0 {})", tenths(top))}>
            <rect x={tenths(-width / 2.0).to_string()} width={tenths(width).to_string()}
                height={whole(height).to_string()} rx={tenths(height / 2.0).to_string()} />
            <text y={tenths(height * 0.72).to_string()}>{ words }</text>
        </g>
    }
}

/// A pip for each voter, in a row opposite the badge, one row a council: filled for yes, crossed
/// for no, empty for nothing yet; and how many of how many that it takes.
fn pips(node: &ServerNode, radius: f64, above: bool) -> Html {
    let rows = node.councils.iter().enumerate().map(|(row, council)| {
        let away = radius + 24.0 + 13.0 * row as f64;
        let y = if above { away } else { -away };
        let words = match node.only_asks {
            true => format!("would: {}", council.count()),
            false => council.count(),
        };
        let width = 11.0 * council.votes.len() as f64;
        let left = -(width + 6.0 * words.len() as f64) / 2.0;
        html! {
            <g key={row} class="pips" transform={format!("translate({} {})", tenths(left), tenths(y))}>
                { for council.votes.iter().enumerate().map(|(place, vote)| pip(place, *vote)) }
                <text x={tenths(width + 1.0).to_string()} y="4">{ words }</text>
            </g>
        }
    });
    let rows: Html = rows.collect();
    rows
}

/// How many pips stand in a row where there is little room.
const TALLY: usize = 3;

/// The same where there is little room: towards the middle of the ring, where no badge stands, the
/// pips of a council as a small block, and how many it takes. A question mark: it only asks.
fn tally(node: &ServerNode, radius: f64, inward: Point) -> Html {
    let councils = node.councils.iter().enumerate().map(|(row, council)| {
        let words = format!("{}{}", council.count(), if node.only_asks { "?" } else { "" });
        let side = 7.0 * TALLY as f64;
        let (wide, high) = (side + 4.0 + 6.0 * words.len() as f64, side);
        let away = radius + 12.0 + (inward.x * wide / 2.0).abs().max((inward.y * high / 2.0).abs());
        let (x, y) = (inward.x * away - wide / 2.0, inward.y * away + (high + 3.0) * row as f64);
        html! {
            <g key={row} class="pips tally" transform={format!("translate({} {})", tenths(x), tenths(y))}>
                { for council.votes.iter().enumerate().map(|(place, vote)| {
                    let (column, line) = (place % TALLY, place / TALLY);
                    let lines = council.votes.len().div_ceil(TALLY) as f64;
                    let y = 7.0 * (line as f64 - (lines - 1.0) / 2.0);
                    html! { <g key={place} transform={format!("translate({} {}) scale(.6)", 7 * column, tenths(y))}>{ pip(0, *vote) }</g> }
                }) }
                <text x={tenths(side + 4.0).to_string()} y="3.5">{ words }</text>
            </g>
        }
    });
    let councils: Html = councils.collect();
    councils
}

fn pip(place: usize, vote: Option<bool>) -> Html {
    let (class, d) = match vote {
        Some(true) => ("yes", "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0Z"),
        Some(false) => ("no", "M-3-3 3 3M3-3-3 3"),
        None => ("open", "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0Z"),
    };
    html! { <path key={place} {class} {d} transform={format!("translate({} 0)", 4 + 11 * place)} /> }
}
