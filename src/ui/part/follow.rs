//! The Follow tab: a request's way as bars on one axis of time.

use crate::ui::command::Command;
use crate::ui::part::why::Ask as AskWhy;
use crate::ui::view::decimal::hundredths;
use crate::ui::view::explore::Ask;
use crate::ui::view::follow::{self, Bar, Follow, Item, Row, Way};
use crate::ui::view::why::of_request;
use crate::why::Question;
use yew::prelude::*;

/// What the tab shows.
pub fn follow_view(model: &Follow, send: &Callback<Command>) -> Html {
    let Some(way) = &model.way else {
        return html! {
            <p class="help">{ "Nobody has asked for anything yet. Send a transfer, and see here where it is and how long each part of its way takes." }</p>
        };
    };
    let choose = |id| {
        send.reform(move |_: MouseEvent| Command::Explore(Ask::Follow(follow::Ask::Choose(id))))
    };
    html! {
        <div class="follow">
            <div class="follow-list">
                <button class="small" aria-pressed={model.newest.to_string()} onclick={choose(None)}>{ "Always the newest" }</button>
                <ul aria-label="Requests to follow">
                    { for model.requests.iter().map(|item| view_item(item, choose(Some(item.id)))) }
                </ul>
            </div>
            <div class="follow-way">
                <div class="panel-head">
                    <h2>{ &way.title }</h2>
                    <span class={classes!("stands", way.waits.then_some("waits"))}>{ &way.stands }</span>
                    <AskWhy question={Question::Request(way.id)} name={of_request(&way.id.to_string(), way.waits)}
                        word={if way.waits { "Why?" } else { "How?" }} {send} />
                </div>
                { waterfall(way, send) }
                if let Some(forgotten) = way.forgotten {
                    <p class="help">{ forgotten }</p>
                }
                <p class="help bars-legend">
                    <span><span class="bar append"></span>{ "append on its way" }</span>
                    <span><span class="bar sync"></span>{ "disk syncs" }</span>
                    <span><span class="bar answer"></span>{ "answer on its way back; a majority's answers commit the block" }</span>
                </p>
            </div>
        </div>
    }
}

fn view_item(item: &Item, choose: Callback<MouseEvent>) -> Html {
    html! {
        <li key={item.id.to_string()}>
            <button class="plain" aria-pressed={item.chosen.to_string()} onclick={choose} title={item.status.words()}>
                <span class={classes!("sign", item.status.class())} aria-hidden="true">{ item.status.sign() }</span>
                <b>{ item.id.to_string() }</b>{ " " }{ &item.what }
                <span class="sr-only">{ format!(", {}", item.status.words()) }</span>
            </button>
        </li>
    }
}

/// The axis, and a row for each part.
fn waterfall(way: &Way, send: &Callback<Command>) -> Html {
    html! {
        <div class="waterfall">
            <div class="axis" aria-hidden="true">
                { for way.ticks.iter().map(|tick| html! {
                    <span key={tick.words.clone()} style={format!("left:{}%", hundredths(tick.at * 100.0))}>{ &tick.words }</span>
                }) }
            </div>
            <ol aria-label="Its way, part by part">
                { for way.rows.iter().map(|row| view_row(row, send)) }
            </ol>
        </div>
    }
}

fn view_row(row: &Row, send: &Callback<Command>) -> Html {
    html! {
        <li key={row.label.clone()} class={classes!(row.inner.then_some("inner"))}>
            <span class="name">
                if let Some(event) = row.event {
                    <button class="link" aria-label={format!("{}: show the moment it begins", row.label)}
                        onclick={send.reform(move |_: MouseEvent| Command::Jump(event))}>{ &row.label }</button>
                } else {
                    { &row.label }
                }
            </span>
            <span class="took number">{ &row.took }</span>
            <span class="lane" aria-hidden="true">{ for row.bars.iter().map(view_bar) }</span>
            <span class="says">{ &row.text }</span>
        </li>
    }
}

fn view_bar(bar: &Bar) -> Html {
    let style =
        format!("left:{}%;width:{}%", hundredths(bar.from * 100.0), hundredths(bar.wide * 100.0));
    html! { <span class={classes!("bar", bar.class, bar.under_way.then_some("under-way"))} {style}></span> }
}
