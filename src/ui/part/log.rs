//! The Log region: filter, search, follow, download.

use super::kept::{Kept, What};
use super::press::press;
use crate::base::{ClientId, ServerId};
use crate::ui::browser;
use crate::ui::command::{Command, Download};
use crate::ui::view::log::{Line, Log, Query, Source};
use std::rc::Rc;
use web_sys::{Element, HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub log: Rc<Log>,
    pub query: Query,
    pub servers: Vec<ServerId>,
    pub clients: Vec<ClientId>,
    pub send: Callback<Command>,
}

#[component]
pub fn LogPanel(props: &Props) -> Html {
    let Props { log, query, servers, clients, send } = props;
    let sources = sources(servers, clients);
    let on_source = {
        let (query, sources) = (query.clone(), sources.clone());
        send.reform(move |event: Event| {
            let place = event.target_unchecked_into::<HtmlSelectElement>().selected_index();
            let chosen = usize::try_from(place).ok().and_then(|place| sources.get(place));
            let source = chosen.map_or(Source::default(), |(source, _)| *source);
            Command::Query(Query { source, ..query.clone() })
        })
    };
    let on_search = {
        let query = query.clone();
        send.reform(move |event: InputEvent| {
            let search = event.target_unchecked_into::<HtmlInputElement>().value();
            Command::Query(Query { search, ..query.clone() })
        })
    };
    let on_follow = {
        let query = query.clone();
        let newest = log.lines.last().map(|line| line.event + 1);
        send.reform(move |event: Event| {
            let follow = event.target_unchecked_into::<HtmlInputElement>().checked();
            Command::Query(Query { before: if follow { None } else { newest }, ..query.clone() })
        })
    };
    let on_older = {
        let query = query.clone();
        press(send, Command::Query(Query { before: log.older, ..query }))
    };
    // One listener for all lines: they come and go.
    let on_jump = {
        let send = send.clone();
        Callback::from(move |event: MouseEvent| {
            let event = browser::hit_value(&event, "time button").and_then(|it| it.parse().ok());
            if let Some(event) = event {
                send.emit(Command::Jump(event));
            }
        })
    };
    let list = use_node_ref();
    // Following means that the newest line stays in view.
    use_effect_with((log.lines.last().map(|line| line.event), query.before), {
        let list = list.clone();
        move |(_, before)| {
            if let Some(list) = list.cast::<Element>().filter(|_| before.is_none()) {
                list.set_scroll_top(list.scroll_height());
            }
        }
    });
    html! {
        <section id="log" class="panel log" aria-label="Log">
            <div class="panel-head">
                <h2>{ "Log" }</h2>
                <div class="inline-field">
                    <label for="log-filter">{ "Filter" }</label>
                    <select id="log-filter" onchange={on_source}>
                        { for sources.iter().map(|(source, words)| html! {
                            <option key={words.clone()} selected={*source == query.source}>{ words }</option>
                        }) }
                    </select>
                </div>
                <div class="inline-field">
                    <label for="log-search">{ "Search" }</label>
                    <input id="log-search" type="search" value={query.search.clone()} oninput={on_search} />
                </div>
                <label class="inline-field"><input type="checkbox" checked={query.before.is_none()} onchange={on_follow} />{ "Follow" }</label>
            </div>
            <ol id="log-events" class="lines" ref={list} tabindex="0" aria-label="Events" onclick={on_jump}>
                { for items(log, on_older, !query.search.is_empty()) }
            </ol>
            { downloads(servers, send) }
        </section>
    }
}

/// What the list holds. All of it has keys, so that a line stays the same element while others come
/// and go around it.
fn items(log: &Log, on_older: Callback<MouseEvent>, searched: bool) -> Vec<Html> {
    let mut items = Vec::with_capacity(log.lines.len() + 2);
    if log.older.is_some() {
        items.push(html! {
            <li key="older" class="nothing"><button class="link" onclick={on_older}>{ "Older lines" }</button></li>
        });
    } else if log.forgotten {
        items.push(html! { <li key="forgotten" class="nothing">{ "What came before is no longer in memory." }</li> });
    }
    items.extend(log.lines.iter().map(|line| {
        html! { <Kept key={line.event} what={What::Line(line.clone())} /> }
    }));
    if log.lines.is_empty() {
        let says = if searched { "Nothing here has these words." } else { "Nothing here yet." };
        items.push(html! { <li key="nothing" class="nothing">{ says }</li> });
    }
    items
}

pub fn view_line(line: &Line) -> Html {
    let Line { event, time, what, tone, marked } = line;
    html! {
        <li class={marked.then_some("jumped")} id={marked.then_some("moment")}>
            <time><button class="link" tabindex="-1" title="Go to this moment" value={event.to_string()}>{ time }</button></time>
            <span class={classes!("what", *tone)}>{ what }</span>
        </li>
    }
}

fn downloads(servers: &[ServerId], send: &Callback<Command>) -> Html {
    let button = |what: Download, words: String| {
        let name = format!("Download {words}");
        html! {
            <button class="small" aria-label={name} onclick={press(send, Command::Download(what))}>{ words }</button>
        }
    };
    html! {
        <div class="downloads">
            <span class="label">{ "Download" }</span>
            { button(Download::ChannelLog, "channel log".to_owned()) }
            { for servers.iter().map(|id| button(Download::ServerLog(*id), format!("{id} log"))) }
            { for servers.iter().map(|id| button(Download::Persisted(*id), format!("{id} state"))) }
        </div>
    }
}

fn sources(servers: &[ServerId], clients: &[ClientId]) -> Rc<Vec<(Source, String)>> {
    let mut sources = vec![
        (Source::Highlights, "What matters".to_owned()),
        (Source::Everything, "Everything".to_owned()),
        (Source::Actions, "What you did".to_owned()),
        (Source::Channel, "Channel".to_owned()),
    ];
    sources.extend(servers.iter().map(|id| (Source::Server(*id), id.to_string())));
    sources.extend(clients.iter().map(|id| (Source::Client(*id), id.to_string())));
    Rc::new(sources)
}
