//! The Log region: filter, search, follow, download.

use super::press::press;
use crate::base::{ClientId, ServerId};
use crate::ui::command::{Command, Download};
use crate::ui::view::log::{Line, Log, Query, Source};
use crate::ui::view::stage::Stage;
use std::rc::Rc;
use web_sys::{Element, HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub log: Rc<Log>,
    pub query: Query,
    pub stage: Rc<Stage>,
    pub send: Callback<Command>,
}

#[component]
pub fn LogPanel(props: &Props) -> Html {
    let Props { log, query, stage, send } = props;
    let sources = sources(stage);
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
            <ol id="log-events" class="lines" ref={list} tabindex="0" aria-label="Events">
                if log.older.is_some() {
                    <li key="older" class="nothing"><button class="link" onclick={on_older}>{ "Older lines" }</button></li>
                } else if log.forgotten {
                    <li key="forgotten" class="nothing">{ "What came before is no longer in memory." }</li>
                }
                { for log.lines.iter().map(|one| line(one, send)) }
                if log.lines.is_empty() {
                    <li key="nothing" class="nothing">{ "Nothing here yet." }</li>
                }
            </ol>
            { downloads(stage, send) }
        </section>
    }
}

fn line(line: &Line, send: &Callback<Command>) -> Html {
    let event = line.event;
    let jump = press(send, Command::Jump(event));
    html! {
        <li key={line.event} class={classes!(line.marked.then_some("jumped"))} id={line.marked.then_some("moment")}>
            <time><button class="link" tabindex="-1" title="Go to this moment" onclick={jump}>{ &line.time }</button></time>
            <span class={classes!("what", line.tone)}>{ &line.what }</span>
        </li>
    }
}

fn downloads(stage: &Stage, send: &Callback<Command>) -> Html {
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
            { for stage.servers.iter().map(|node| button(Download::ServerLog(node.id), format!("{} log", node.id))) }
            { for stage.servers.iter().map(|node| button(Download::Persisted(node.id), format!("{} state", node.id))) }
        </div>
    }
}

fn sources(stage: &Stage) -> Rc<Vec<(Source, String)>> {
    let server = |id: ServerId| (Source::Server(id), id.to_string());
    let client = |id: ClientId| (Source::Client(id), id.to_string());
    let mut sources = vec![
        (Source::Highlights, "What matters".to_owned()),
        (Source::Everything, "Everything".to_owned()),
        (Source::Actions, "What you did".to_owned()),
        (Source::Channel, "Channel".to_owned()),
    ];
    sources.extend(stage.servers.iter().map(|node| server(node.id)));
    sources.extend(stage.clients.iter().map(|node| client(node.id)));
    Rc::new(sources)
}
