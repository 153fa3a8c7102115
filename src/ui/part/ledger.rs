//! All servers' logs side by side, aligned on height.

use super::block;
use super::kept::{Kept, What};
use super::press::press;
use crate::ui::browser;
use crate::ui::command::Command;
use crate::ui::view::block::Which;
use crate::ui::view::explore::Ask as Explore;
use crate::ui::view::ledger::{Ask, Cell, Kind, Ledger, Row, known};
use crate::ui::view::words::term_class;
use std::rc::Rc;
use web_sys::HtmlInputElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub model: Rc<Ledger>,
    pub send: Callback<Command>,
}

fn ask(ask: Ask) -> Command {
    Command::Explore(Explore::Ledger(ask))
}

/// How another block is opened from the one that is shown.
fn open(which: Option<Which>) -> Command {
    match which {
        Some(Which::At(server, height)) => ask(Ask::Open { server, height }),
        Some(Which::Dropped(_)) | None => ask(Ask::Close),
    }
}

#[component]
pub fn LedgerView(props: &Props) -> Html {
    let Props { model, send } = props;
    let width = browser::window().inner_width().ok().and_then(|width| width.as_f64());
    use_effect_with((width.unwrap_or(0.0) as u32, model.rows.len()), {
        let (send, columns) = (send.clone(), model.columns);
        move |_| fit(&send, columns)
    });
    // A cell that has the focus may leave the table with this change of the page.
    let has_focus = browser::has_focus_within("#ledger-grid");
    use_effect_with((model.cursor.0, model.first + model.cursor.1), move |(row, height)| {
        if has_focus {
            browser::focus(&cell_id(*row, *height));
        }
    });
    use_effect_with(model.open.as_ref().map(|card| card.which), |which| {
        if which.is_some() {
            browser::reveal("block-card");
        }
    });
    html! {
        <>
            { controls(model, send) }
            { grid(model, send) }
            { legend() }
            if let Some(card) = &model.open { { block::view(card, open, send) } }
        </>
    }
}

/// Finds out how many heights fit.
fn fit(send: &Callback<Command>, columns: u64) {
    let width = |selector: &str| browser::place_of(selector).map(|place| place.2);
    let (all, head) = (width("#ledger-grid"), width("#ledger-grid th"));
    if let (Some(all), Some(head), Some(cell)) = (all, head, width("#ledger-probe")) {
        let fit = ((all - head) / cell).max(1.0) as u64;
        if fit != columns {
            send.emit(ask(Ask::Fit(fit)));
        }
    }
}

fn controls(model: &Ledger, send: &Callback<Command>) -> Html {
    let press = |what: Ask| press(send, ask(what));
    let oninput = send.reform(|event: InputEvent| {
        let value = event.target_unchecked_into::<HtmlInputElement>().value().parse();
        ask(value.map_or(Ask::Follow, Ask::From))
    });
    let onchange = send.reform(|event: Event| {
        let input = event.target_unchecked_into::<HtmlInputElement>();
        match input.value().parse() {
            Ok(height) => ask(Ask::Around(height)),
            Err(_) => ask(Ask::Follow),
        }
    });
    let (first, last) = (model.first, model.first + model.columns - 1);
    let follow = if model.follows { Ask::Stay } else { Ask::Follow };
    let all_shown = model.newest == 1;
    html! {
        <div class="ledger-controls" role="group" aria-label="Heights shown">
            <button class="small" disabled={first == 1} onclick={press(Ask::From(1))}>{ "First" }</button>
            <input type="range" aria-label="First height shown" min="1" max={model.newest.max(2).to_string()} value={first.to_string()}
                aria-valuetext={format!("heights {first} to {last} of {}", model.tip)} disabled={all_shown} {oninput} />
            <button class="small" disabled={model.follows || all_shown} onclick={press(Ask::Follow)}>{ "Newest" }</button>
            <label class="inline-field">{ "Height" }
                <input type="number" class="height-field" aria-label="Go to height" min="1" max={model.tip.max(1).to_string()} placeholder={model.tip.to_string()} {onchange} />
            </label>
            <label class="inline-field check"><input type="checkbox" checked={model.follows} onclick={press(follow)} />{ "Follow the tip" }</label>
            <span class="quiet summary">{ &model.summary }</span>
        </div>
    }
}

fn grid(model: &Rc<Ledger>, send: &Callback<Command>) -> Html {
    let onclick = {
        let (model, send) = (model.clone(), send.clone());
        Callback::from(move |event: MouseEvent| {
            if let Some((row, height)) = browser::hit(&event, "td").and_then(|id| place(&id))
                && let Some(server) = model.rows.get(row)
                && server.cell(model.first, height).is_some_and(|cell| cell.kind.can_open())
            {
                send.emit(ask(Ask::Open { server: server.id, height }));
            }
        })
    };
    let onkeydown = {
        let (model, send) = (model.clone(), send.clone());
        Callback::from(move |event: KeyboardEvent| {
            if let Some(what) = key(&model, &event.key()) {
                event.prevent_default();
                send.emit(ask(what));
            }
        })
    };
    let onwheel = {
        let (first, send) = (model.first, send.clone());
        Callback::from(move |event: WheelEvent| {
            let across = if event.shift_key() { event.delta_y() } else { event.delta_x() };
            if across.abs() >= 1.0 && (event.shift_key() || across.abs() > event.delta_y().abs()) {
                event.prevent_default();
                let by = (across / 40.0).abs().max(1.0).copysign(across) as i64;
                send.emit(ask(Ask::From(first.saturating_add_signed(by).max(1))));
            }
        })
    };
    let heights = model.first..model.first + model.columns;
    html! {
        <div id="ledger-grid" class="ledger-grid" {onwheel}>
            <span id="ledger-probe" aria-hidden="true"></span>
            <table role="grid" aria-label="Logs, one row a server, one column a height" aria-readonly="true"
                aria-colcount={(model.tip + 1).to_string()}>
                <thead><tr>
                    <th key="server" scope="col"><span class="sr-only">{ "server" }</span></th>
                    { for heights.map(|height| html! {
                        <th key={height} scope="col" class={classes!((height > model.tip).then_some("beyond"))} aria-colindex={(height + 1).to_string()}>{ height }</th>
                    }) }
                </tr></thead>
                <tbody {onclick} {onkeydown} onpointerover={browser::name_as_title}>
                    { for model.rows.iter().enumerate().map(|(place, row)| view_row(model, place, row)) }
                </tbody>
            </table>
        </div>
    }
}

/// The id of a cell. It is one of the height, so that a cell stays the same element while the table
/// goes along with the tip.
fn cell_id(row: usize, height: u64) -> String {
    format!("at-{row}-{height}")
}

/// The row and the height in the id of a cell.
fn place(id: &str) -> Option<(usize, u64)> {
    let (row, height) = id.strip_prefix("at-")?.split_once('-')?;
    Some((row.parse().ok()?, height.parse().ok()?))
}

/// What a key asks for.
fn key(model: &Ledger, key: &str) -> Option<Ask> {
    let (row, column) = model.cursor;
    let (server, height) = (model.rows.get(row)?.id, model.first + column);
    let beside = |by: isize| {
        let row = row.saturating_add_signed(by).min(model.rows.len() - 1);
        Some(Ask::Cursor(model.rows[row].id, height))
    };
    match key {
        "ArrowLeft" => Some(Ask::Cursor(server, height.saturating_sub(1))),
        "ArrowRight" => Some(Ask::Cursor(server, height + 1)),
        "ArrowUp" => beside(-1),
        "ArrowDown" => beside(1),
        "PageUp" => Some(Ask::Cursor(server, height.saturating_sub(model.columns))),
        "PageDown" => Some(Ask::Cursor(server, height + model.columns)),
        "Home" => Some(Ask::Cursor(server, 1)),
        "End" => Some(Ask::Cursor(server, model.tip)),
        "Enter" | " " => Some(Ask::Open { server, height }),
        "Escape" => model.open.as_ref().map(|_| Ask::Close),
        _ => None,
    }
}

fn view_row(model: &Ledger, place: usize, row: &Row) -> Html {
    let opened = model.open.as_ref().map(|card| card.which);
    html! {
        <tr key={row.id.number()} class={classes!((!row.condition.is_up()).then_some("off"))}>
            <th key="head" scope="row">
                <span class="who"><b>{ row.id.to_string() }</b><span class={classes!("role", row.condition.class())}>{ row.condition.word() }</span></span>
                <span class="note">{ &row.note }</span>
            </th>
            { for row.cells.iter().enumerate().map(|(column, cell)| {
                let (column, height) = (column as u64, model.first + column as u64);
                let is_cursor = model.cursor == (place, column);
                let is_open = opened == Some(Which::At(row.id, height));
                let slot = Slot { cell: cell.clone(), row: place, height, is_cursor, is_open };
                html! { <Kept key={height} what={What::Slot(slot)} /> }
            }) }
        </tr>
    }
}

/// A cell at its place.
#[derive(Clone, PartialEq)]
pub struct Slot {
    cell: Cell,
    row: usize,
    height: u64,
    is_cursor: bool,
    is_open: bool,
}

pub fn view_slot(slot: &Slot) -> Html {
    let Slot { cell, row, height, is_cursor, is_open } = slot;
    let has_term = matches!(cell.kind, Kind::Committed | Kind::Pending | Kind::Snapshot);
    let class = classes!(
        "slot",
        cell.kind.class(),
        has_term.then(|| term_class(cell.term)),
        cell.differs.then_some("differs"),
        cell.ends_committed.then_some("ends-committed"),
        cell.ends_durable.then_some("ends-durable"),
        is_open.then_some("open"),
    );
    html! {
        <td id={cell_id(*row, *height)} role="gridcell" {class} tabindex={if *is_cursor { "0" } else { "-1" }} aria-colindex={(height + 1).to_string()}
            aria-label={cell.says.clone()} aria-selected={is_open.then_some("true")}>
            { match cell.kind {
                Kind::Empty | Kind::Pruned => Html::default(),
                Kind::Damaged => html! { <span class="box"><b>{ "?!" }</b></span> },
                _ => html! {
                    <span class="box">
                        <b>{ cell.term }</b>{ if cell.differs { " ≠".to_owned() } else { format!(" {} tx", cell.transactions) } }
                    </span>
                },
            } }
            if cell.matched || cell.next {
                { " " }<span class="knows">{ known(cell.matched, cell.next) }</span>
            }
        </td>
    }
}

fn legend() -> Html {
    html! {
        <p class="ledger-legend help" aria-hidden="true">
            <span><i class="key term-1"><b>{ "1" }</b></i>{ "term, in its tint; below it the number of transactions" }</span>
            <span><i class="key pending"></i>{ "not known to be committed" }</span>
            <span><i class="key edge"></i>{ "committed up to here" }</span>
            <span><i class="key disk"></i>{ "on disk up to here" }</span>
            <span><i class="key differs">{ "≠" }</i>{ "another block than the leader has" }</span>
            <span><i class="key pruned"></i>{ "in the snapshot" }</span>
            <span>{ "match, next: what the leader knows of a follower" }</span>
        </p>
    }
}
