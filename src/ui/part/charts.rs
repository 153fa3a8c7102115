//! Small charts over one axis of time, with one cursor.

use crate::ui::command::{Command, Travel};
use crate::ui::view::charts::{Ask, Chart, Charts, Line};
use crate::ui::view::decimal::{hundredths, whole};
use crate::ui::view::explore;
use crate::ui::view::timeline::clock;
use std::cell::Cell;
use std::rc::Rc;
use web_sys::{Element, HtmlInputElement};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub model: Rc<Charts>,
    pub send: Callback<Command>,
}

/// Where the pointer went down, at once: a state is known only when all is drawn anew.
type Began = Rc<Cell<Option<usize>>>;

/// Where the pointer is, and where it went down, to draw.
#[derive(Clone, Copy, Default, PartialEq)]
struct Hand {
    at: Option<usize>,
    down: Option<usize>,
}

#[component]
pub fn ChartsView(props: &Props) -> Html {
    let hand = use_state_eq(Hand::default);
    let began = use_memo((), |()| Cell::new(None));
    let Props { model, send } = props;
    if model.points == 0 {
        return Html::default();
    }
    let point = hand.at.unwrap_or(model.here).min(model.points - 1);
    let plot = plot_events(model, &hand, &began, send);
    html! {
        <>
            { bar(model, &hand, point, send) }
            <div class="charts">
                { for model.charts.iter().map(|chart| figure(model, chart, *hand, point, &plot)) }
            </div>
            { table(model, point) }
        </>
    }
}

fn zoom(window: Option<(crate::base::Time, crate::base::Time)>) -> Command {
    Command::Explore(explore::Ask::Charts(Ask::Zoom(window)))
}

/// What stands above the charts: the cursor for the keyboard, and what is shown.
fn bar(
    model: &Rc<Charts>,
    hand: &UseStateHandle<Hand>,
    point: usize,
    send: &Callback<Command>,
) -> Html {
    let on_cursor = {
        let hand = hand.clone();
        Callback::from(move |event: InputEvent| {
            let at = event.target_unchecked_into::<HtmlInputElement>().value().parse().ok();
            hand.set(Hand { at, down: None });
        })
    };
    let ask = |command: Command| send.reform(move |_: MouseEvent| command.clone());
    let moment = model.moment(point);
    let says = model.charts.iter().map(|chart| format!("{}: {}", chart.title, chart.says(point)));
    let says = format!("{}. {}", clock(moment), says.collect::<Vec<_>>().join(". "));
    html! {
        <div class="charts-bar">
            if model.is_quiet {
                <p class="charts-empty">{ "Nobody has asked for anything yet. Send a transfer, or switch Load on in the Cluster panel." }</p>
            } else {
                <p class="help">{ "Point to read, click to go there, drag to zoom." }</p>
            }
            <div class="inline-field">
                <label for="charts-cursor">{ "Cursor" }</label>
                <input id="charts-cursor" type="range" min="0" max={(model.points - 1).to_string()} step="1"
                    value={point.to_string()} aria-valuetext={says} oninput={on_cursor} />
            </div>
            <button class="small" title="Look at this moment" onclick={ask(Command::Travel(Travel::To(moment)))}>
                { format!("Go to {}", clock(moment)) }
            </button>
            <button class="small" onclick={ask(zoom(Some(model.closer(point))))}>{ "Zoom in" }</button>
            <button class="small" disabled={!model.is_zoomed} onclick={ask(zoom(model.farther()))}>{ "Zoom out" }</button>
            <button class="small" disabled={!model.is_zoomed} onclick={ask(zoom(None))}>{ "Show all" }</button>
        </div>
    }
}

/// What a pointer does on a plot: the same on each.
#[derive(Clone)]
struct PlotEvents {
    moves: Callback<PointerEvent>,
    down: Callback<PointerEvent>,
    up: Callback<PointerEvent>,
    leaves: Callback<PointerEvent>,
}

fn plot_events(
    model: &Rc<Charts>,
    hand: &UseStateHandle<Hand>,
    began: &Began,
    send: &Callback<Command>,
) -> PlotEvents {
    let point = {
        let model = model.clone();
        move |event: &PointerEvent| {
            // What lies in the plot takes no pointer, so that the plot itself is the target.
            let room = event.target_unchecked_into::<Element>().get_bounding_client_rect();
            model.point_at((f64::from(event.client_x()) - room.left()) / room.width().max(1.0))
        }
    };
    let moves = {
        let (hand, began, point) = (hand.clone(), began.clone(), point.clone());
        move |event: PointerEvent| {
            let is_down = event.buttons() == 1;
            hand.set(Hand { at: Some(point(&event)), down: began.get().filter(|_| is_down) });
        }
    };
    let down = {
        let (began, point) = (began.clone(), point.clone());
        move |event: PointerEvent| began.set((event.button() == 0).then(|| point(&event)))
    };
    let up = {
        let (hand, began) = (hand.clone(), began.clone());
        let (model, send) = (model.clone(), send.clone());
        move |event: PointerEvent| {
            let (Some(from), to) = (began.take(), point(&event)) else { return };
            hand.set(Hand { at: Some(to), down: None });
            send.emit(match from.abs_diff(to) {
                0 | 1 => Command::Travel(Travel::To(model.moment(to))),
                _ => zoom(Some(model.between(from, to))),
            });
        }
    };
    let leaves = {
        let (hand, began) = (hand.clone(), began.clone());
        move |_: PointerEvent| {
            began.set(None);
            hand.set(Hand::default());
        }
    };
    PlotEvents {
        moves: Callback::from(moves),
        down: Callback::from(down),
        up: Callback::from(up),
        leaves: Callback::from(leaves),
    }
}

fn percent(part: f64) -> String {
    format!("{}%", hundredths(part * 100.0))
}

fn figure(model: &Charts, chart: &Chart, hand: Hand, point: usize, plot: &PlotEvents) -> Html {
    let at = percent(model.middle(point));
    let chosen = hand.down.zip(hand.at).filter(|(from, to)| from.abs_diff(*to) > 1);
    html! {
        <figure key={chart.title} class={classes!("chart", chart.is_lanes.then_some("lanes"))}>
            <figcaption><b>{ chart.title }</b>{ " " }<span class="quiet">{ chart.unit }</span></figcaption>
            <div class="readout number">
                if chart.is_lanes {
                    <span>{ chart.says(point) }</span>
                } else {
                    { for chart.lines.iter().map(|line| legend(line, point)) }
                }
            </div>
            <div class="y-axis" aria-hidden="true">
                { for chart.ticks.iter().map(|tick| html! {
                    <span key={tick.label.clone()} style={format!("bottom:{}", percent(tick.at))}>{ &tick.label }</span>
                }) }
            </div>
            <div class="plot" onpointermove={&plot.moves} onpointerdown={&plot.down} onpointerup={&plot.up}
                onpointerleave={&plot.leaves} onpointercancel={&plot.leaves}>
                <svg viewBox="0 0 1000 1000" preserveAspectRatio="none" role="img"
                    aria-label={format!("{}, {}: {} at the cursor", chart.title, chart.unit, chart.says(point))}>
                    if !chart.is_lanes {
                        <path class="band-amiss" d={model.amiss.clone()} />
                        <path class="band-leaderless" d={model.leaderless.clone()} />
                    }
                    <path class="grid" d={chart.ticks.iter().map(|tick| format!("M0 {}H1000", whole(1000.0 - tick.at * 1000.0))).collect::<String>()} />
                    { for chart.lines.iter().map(|line| html! {
                        <path key={line.label.to_string()} class={style_of(line, chart.is_lanes)} d={line.path.clone()} />
                    }) }
                </svg>
                if let Some((from, to)) = chosen {
                    <i class="chosen" style={format!("left:{};right:{}", percent(model.middle(from.min(to))), percent(1.0 - model.middle(from.max(to))))}></i>
                }
                if let Some(now) = model.now {
                    <i class="here" style={format!("left:{}", percent(now))}></i>
                }
                if hand.at.is_some() {
                    <i class="cursor" style={format!("left:{at}")}></i>
                }
            </div>
            <div class="x-axis" aria-hidden="true">
                { for model.ticks.iter().map(|tick| html! {
                    <span key={tick.label.clone()} style={format!("left:{}", percent(tick.at))}>{ &tick.label }</span>
                }) }
            </div>
        </figure>
    }
}

fn style_of(line: &Line, is_lane: bool) -> String {
    let kind = if is_lane { "lane-bar" } else { "line" };
    format!("{kind} tone-{} dash-{}", line.tone, line.dash)
}

/// A line's look, its name and its value at the cursor.
fn legend(line: &Line, point: usize) -> Html {
    html! {
        <span key={line.label.to_string()} class="key">
            <svg viewBox="0 0 24 8" aria-hidden="true"><path class={style_of(line, false)} d="M0 4H24" /></svg>
            { &*line.label }{ " " }<b>{ line.told(point) }</b>
        </span>
    }
}

/// The figures at the cursor, for those who would rather read.
fn table(model: &Charts, point: usize) -> Html {
    html! {
        <details class="figures">
            <summary>{ "These figures as a table" }</summary>
            <div class="scroll" tabindex="0" role="region" aria-label="Figures">
                <table>
                    <thead><tr>
                        <th scope="col">{ "Chart" }</th>
                        <th scope="col">{ "What" }</th>
                        <th scope="col">{ format!("At {}", clock(model.moment(point))) }</th>
                    </tr></thead>
                    <tbody>
                        { for model.charts.iter().flat_map(|chart| chart.lines.iter().map(move |line| html! {
                            <tr key={format!("{} {}", chart.title, line.label)}>
                                <th scope="row">{ chart.title }</th>
                                <td>{ &*line.label }</td>
                                <td class="number">{ line.told(point) }</td>
                            </tr>
                        })) }
                    </tbody>
                </table>
            </div>
        </details>
    }
}
