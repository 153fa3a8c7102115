//! The chain that the servers agree on, with its forks, balances, a search, and tampering.

use super::press::press;
use super::{block, tamper};
use crate::ui::browser;
use crate::ui::command::Command;
use crate::ui::view::block::Which;
use crate::ui::view::chain::{Ask, Balances, Chain, Found, Node};
use crate::ui::view::explore::Ask as Explore;
use std::rc::Rc;
use web_sys::HtmlInputElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub model: Rc<Chain>,
    pub send: Callback<Command>,
}

fn ask(ask: Ask) -> Command {
    Command::Explore(Explore::Chain(ask))
}

/// How another block is opened.
fn open(which: Option<Which>) -> Command {
    ask(Ask::Open(which))
}

#[component]
pub fn ChainView(props: &Props) -> Html {
    let Props { model, send } = props;
    let width = browser::window().inner_width().ok().and_then(|width| width.as_f64());
    use_effect_with(width.unwrap_or(0.0) as u32, {
        let (send, columns) = (send.clone(), model.columns);
        move |_| fit(&send, columns)
    });
    let cursor = model.nodes.get(model.cursor).map(|node| (node.height, node.lane));
    use_effect_with((cursor, model.first), |(cursor, _)| {
        if let Some((height, lane)) = cursor {
            browser::focus_within("#chain-blocks", &format!("block-{height}-{lane}"));
        }
    });
    use_effect_with(model.open.as_ref().map(|card| card.which), |which| {
        if which.is_some() {
            browser::reveal("block-card");
        }
    });
    html! {
        <>
            { search(model, send) }
            { picture(model, send) }
            if let Some(card) = &model.open { { block::view(card, open, send) } }
            <div class="chain-below">
                { balances(model, send) }
                { tamper::view(&model.tamper, send) }
            </div>
        </>
    }
}

/// Finds out how many blocks fit.
fn fit(send: &Callback<Command>, columns: u64) {
    let width = |selector: &str| browser::place_of(selector).map(|place| place.2);
    if let (Some(all), Some(one)) = (width("#chain-blocks"), width("#chain-probe")) {
        let fit = (all / one).max(1.0) as u64;
        if fit != columns {
            send.emit(ask(Ask::Fit(fit)));
        }
    }
}

fn search(model: &Chain, send: &Callback<Command>) -> Html {
    let oninput = send.reform(|event: InputEvent| {
        ask(Ask::Search(event.target_unchecked_into::<HtmlInputElement>().value()))
    });
    html! {
        <div class="chain-search" role="search">
            <label class="inline-field">{ "Search" }
                <input type="search" aria-label="Search the chain" placeholder="Alice #3, Alice, 12, 00a3f2…" value={model.search.clone()} {oninput} />
            </label>
            <span class="quiet summary">{ &model.summary }</span>
            if let Some(found) = &model.found { { finds(found, send) } }
        </div>
    }
}

fn finds(found: &Found, send: &Callback<Command>) -> Html {
    html! {
        <div class="finds">
            <p role="status">{ &found.says }</p>
            <ul aria-label="Found">
                { for found.hits.iter().map(|hit| {
                    let (which, height) = (hit.which, hit.height);
                    let go = press(send, ask(Ask::Find(which, height)));
                    html! { <li key={hit.words.clone()}><button class="link" onclick={go}>{ &hit.words }</button></li> }
                }) }
            </ul>
        </div>
    }
}

fn picture(model: &Rc<Chain>, send: &Callback<Command>) -> Html {
    let last = (model.first + model.columns - 1).min(model.tip);
    let press = |what: Ask| press(send, ask(what));
    let (step, columns) = (model.columns.saturating_sub(1).max(1), model.columns);
    let oninput = send.reform(|event: InputEvent| {
        let value = event.target_unchecked_into::<HtmlInputElement>().value().parse();
        ask(value.map_or(Ask::Follow, Ask::To))
    });
    let onkeydown = {
        let (model, send) = (model.clone(), send.clone());
        Callback::from(move |event: KeyboardEvent| {
            if let Some((height, lane)) = key(&model, &event.key()) {
                event.prevent_default();
                send.emit(ask(Ask::Cursor(height, lane)));
            }
        })
    };
    let all_shown = model.tip < columns;
    html! {
        <div class="chain-picture">
            <div class="ledger-controls" role="group" aria-label="Blocks shown">
                <button class="small" disabled={model.first == 0} onclick={press(Ask::To(0))}>{ "First" }</button>
                <button class="small" disabled={model.first == 0} onclick={press(Ask::To(last.saturating_sub(step)))}>{ "◂ Earlier" }</button>
                <input type="range" aria-label="Newest block shown" min={columns.saturating_sub(1).min(model.tip).to_string()} max={model.tip.max(1).to_string()}
                    value={last.to_string()} aria-valuetext={format!("blocks {} to {last} of {}", model.first, model.tip)} disabled={all_shown} {oninput} />
                <button class="small" disabled={last == model.tip} onclick={press(Ask::To(last + step))}>{ "Later ▸" }</button>
                <button class="small" disabled={model.follows} onclick={press(Ask::Follow)}>{ "Newest" }</button>
            </div>
            <div id="chain-blocks" class="chain-blocks" role="group" aria-label="Blocks of the chain and beside it" {onkeydown}
                style={format!("--columns:{columns};--lanes:{}", model.lanes)}>
                <span id="chain-probe" aria-hidden="true"></span>
                { for model.nodes.iter().enumerate().map(|(place, node)| view_node(model, place, node, send)) }
            </div>
        </div>
    }
}

/// Where a key leads to: a height and a lane.
fn key(model: &Chain, key: &str) -> Option<(u64, u64)> {
    let node = model.nodes.get(model.cursor)?;
    let lane_at =
        |lane: u64| model.nodes.iter().any(|it| (it.height, it.lane) == (node.height, lane));
    match key {
        "ArrowLeft" => Some((node.height.checked_sub(1)?, node.from_lane)),
        "ArrowRight" => Some((node.height + 1, node.lane)),
        "ArrowUp" => {
            (0..node.lane).rev().find(|lane| lane_at(*lane)).map(|lane| (node.height, lane))
        }
        "ArrowDown" => {
            (node.lane + 1..model.lanes).find(|lane| lane_at(*lane)).map(|lane| (node.height, lane))
        }
        "Home" => Some((0, 0)),
        "End" => Some((model.tip, 0)),
        _ => None,
    }
}

fn view_node(model: &Chain, place: usize, node: &Node, send: &Callback<Command>) -> Html {
    let which = node.which;
    let is_open = which.is_some() && model.open.as_ref().map(|card| card.which) == which;
    let onclick = press(send, open(which));
    let (column, row) = (node.height - model.first + 1, node.lane + 1);
    let up = node.lane.saturating_sub(node.from_lane);
    let class = classes!(
        "chain-block",
        node.kind.class(),
        which.map(|_| format!("term-{}", node.term % 6)),
        is_open.then_some("open"),
        (node.height > model.first).then_some("linked"),
        (up > 0).then_some("bent"),
    );
    let hash = node.hash.to_string();
    html! {
        <button key={format!("{}-{}", node.height, node.lane)} id={format!("block-{}-{}", node.height, node.lane)} {class} {onclick}
            disabled={which.is_none()} aria-label={node.says.clone()} title={node.says.clone()} aria-expanded={is_open.to_string()}
            tabindex={if place == model.cursor { "0" } else { "-1" }} style={format!("grid-area:{row}/{column};--up:{up};--half:{}", u8::from(up > 0 && node.from_lane == 0))}>
            <span class="chain-top"><b>{ format!("#{}", node.height) }</b>{ " " }
                <span>{ if which.is_some() { format!("term {}", node.term) } else { String::new() } }</span></span>{ " " }
            if which.is_some() {
                <code>{ &hash[..8] }</code>{ " " }
                if node.note.is_empty() {
                    <span class="quiet">{ format!("{} tx", node.transactions) }</span>
                } else {
                    <span class="note">{ &node.note }</span>
                }
            } else {
                <span class="quiet">{ "pruned" }</span>
            }
        </button>
    }
}

fn balances(model: &Chain, send: &Callback<Command>) -> Html {
    let Balances { at, follows, rows, note } = &model.balances;
    let read = |input: HtmlInputElement| ask(Ask::BalancesAt(input.value().parse().ok()));
    let oninput = send.reform(move |event: InputEvent| read(event.target_unchecked_into()));
    let now = press(send, ask(Ask::BalancesAt(None)));
    let tip = model.tip.max(1).to_string();
    html! {
        <section class="balances-at" aria-label="Balances at any height">
            <h3>{ format!("Balances after block {at}") }</h3>
            <div class="ledger-controls">
                <input type="range" aria-label="Height of the balances" min="0" max={tip.clone()} value={at.to_string()} oninput={oninput.clone()} />
                <input type="number" class="height-field" aria-label="Balances after block" min="0" max={tip} value={at.to_string()} {oninput} />
                <button class="small" disabled={*follows} onclick={now}>{ "Committed now" }</button>
            </div>
            if !rows.is_empty() {
                <table class="small-table">
                    <thead><tr><th scope="col">{ "account" }</th><th scope="col">{ "before" }</th><th scope="col">{ "after" }</th><th scope="col">{ "change" }</th></tr></thead>
                    <tbody>
                        { for rows.iter().map(|(name, before, after)| html! {
                            <tr key={name.clone()}>
                                <td>{ name }</td>
                                <td class="number">{ before.map_or("?".to_owned(), |it| it.to_string()) }</td>
                                <td class="number">{ after }</td>
                                <td class="number change">{ change(*before, *after) }</td>
                            </tr>
                        }) }
                    </tbody>
                </table>
            }
            <p class="help" role="status">{ note }</p>
        </section>
    }
}

fn change(before: Option<u64>, after: u64) -> String {
    match before {
        Some(before) if after > before => format!("+{}", after - before),
        Some(before) if after < before => format!("−{}", before - after),
        Some(_) => "·".to_owned(),
        None => String::new(),
    }
}
