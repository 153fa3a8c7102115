//! The Inspector region: one server from inside.

use super::inspector_asks::asks;
use super::inspector_blocks::blocks;
use super::press::press;
use super::why::{Ask, WhyPanel};
use crate::base::Endpoint::Server;
use crate::base::ServerId;
use crate::sim::Action;
use crate::ui::command::{Command, Download};
use crate::ui::view::inspector::{Inspector, LinkState};
use crate::ui::view::why::{Why, of_server};
use crate::why::Question;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub inspector: Rc<Inspector>,
    /// All servers, and which of them are up.
    pub servers: Vec<(ServerId, bool)>,
    /// The answer to a question, if it is to stand here.
    pub why: Option<Rc<Why>>,
    pub send: Callback<Command>,
}

#[component]
pub fn InspectorPanel(props: &Props) -> Html {
    let server = &props.inspector;
    let choose = |id: ServerId| press(&props.send, Command::Choose(id));
    html! {
        <section id="inspector" class="panel inspector" aria-label="Inspector">
            <div class="panel-head">
                <h2>{ format!("Inside {}", server.id) }</h2>
                <span class={classes!("role", server.condition.class())}>{ server.condition.word() }</span>
                <Ask question={Question::Server(server.id)} name={of_server(server.id, server.condition)} send={&props.send} />
                <div class="tabs" role="group" aria-label="Server to inspect">
                    { for props.servers.iter().map(|(id, is_up)| html! {
                        <button key={id.number()} class={classes!("small", (!is_up).then_some("off"))}
                            aria-pressed={(*id == server.id).to_string()} onclick={choose(*id)}>
                            { id.to_string() }
                        </button>
                    }) }
                </div>
            </div>
            if let Some(why) = &props.why {
                <WhyPanel why={why.clone()} send={&props.send} />
            }
            if let Some(why) = &server.stopped {
                <p class="warning">{ why }</p>
            }
            <div class="inspector-body">
                <div class="stack">
                    { facts(server) }
                    { progress(server) }
                    { balances(server) }
                    { mempool(server) }
                    { links(server, &props.send) }
                    { asks(server, &props.send) }
                </div>
                <div class="stack">
                    { blocks(server, &props.send) }
                    { persisted(server, &props.send) }
                </div>
            </div>
        </section>
    }
}

fn facts(server: &Inspector) -> Html {
    html! {
        <div>
            <h3>{ "Raft" }</h3>
            <dl class="facts">
                { for server.facts.iter().map(|(what, value)| html! {
                    <><dt>{ *what }</dt><dd>{ value }</dd></>
                }) }
            </dl>
        </div>
    }
}

fn progress(server: &Inspector) -> Html {
    if server.progress.is_empty() {
        return Html::default();
    }
    html! {
        <div>
            <h3>{ "What it knows of its followers" }</h3>
            <table class="small-table">
                <thead><tr><th scope="col">{ "server" }</th><th scope="col">{ "matches to" }</th><th scope="col">{ "next" }</th></tr></thead>
                <tbody>
                    { for server.progress.iter().map(|follower| html! {
                        <tr key={follower.id.number()}>
                            <td>{ follower.id.to_string() }</td><td>{ follower.matched }</td><td>{ follower.next }</td>
                        </tr>
                    }) }
                </tbody>
            </table>
        </div>
    }
}

fn balances(server: &Inspector) -> Html {
    html! {
        <div>
            <h3>{ "Balances" }</h3>
            <table class="small-table">
                <thead><tr><th scope="col">{ "account" }</th><th scope="col">{ "committed" }</th><th scope="col">{ "pending" }</th></tr></thead>
                <tbody>
                    { for server.balances.iter().map(|(name, committed, pending)| html! {
                        <tr key={name.clone()}><td>{ name }</td><td>{ committed }</td><td>{ pending }</td></tr>
                    }) }
                </tbody>
            </table>
        </div>
    }
}

fn mempool(server: &Inspector) -> Html {
    html! {
        <div>
            <h3>{ "Waiting for a block" }</h3>
            if server.mempool.is_empty() {
                <p class="quiet help">{ "Nothing." }</p>
            } else {
                <ul class="chips">
                    { for server.mempool.iter().map(|request| html! { <li class="role">{ request }</li> }) }
                </ul>
            }
        </div>
    }
}

fn links(server: &Inspector, send: &Callback<Command>) -> Html {
    let id = server.id;
    let toggle = move |from: ServerId, to: ServerId, cut: bool| {
        let (from, to) = (Server(from), Server(to));
        let action = if cut { Action::Mend { from, to } } else { Action::Cut { from, to } };
        press(send, Command::Act(action))
    };
    let row = |link: &LinkState| {
        let peer = link.peer;
        html! {
            <tr key={peer.number()}>
                <td>{ peer.to_string() }</td>
                <td>
                    <button class="small" aria-pressed={link.out_cut.to_string()} aria-label={format!("Cut {id} to {peer}")}
                        onclick={toggle(id, peer, link.out_cut)}>{ if link.out_cut { "cut" } else { "open" } }</button>
                </td>
                <td>
                    <button class="small" aria-pressed={link.in_cut.to_string()} aria-label={format!("Cut {peer} to {id}")}
                        onclick={toggle(peer, id, link.in_cut)}>{ if link.in_cut { "cut" } else { "open" } }</button>
                </td>
            </tr>
        }
    };
    html! {
        <details>
            <summary>{ "Links" }</summary>
            <table class="small-table">
                <thead><tr><th scope="col">{ "to and from" }</th><th scope="col">{ "out" }</th><th scope="col">{ "in" }</th></tr></thead>
                <tbody>{ for server.links.iter().map(row) }</tbody>
            </table>
        </details>
    }
}

fn persisted(server: &Inspector, send: &Callback<Command>) -> Html {
    let id = server.id;
    let download = press(send, Command::Download(Download::Persisted(id)));
    html! {
        <details>
            <summary>{ "On its disk, as it stands in localStorage" }</summary>
            <dl class="persisted">
                { for server.persisted.iter().map(|(key, text)| html! {
                    <><dt>{ key }</dt><dd>{ text }</dd></>
                }) }
            </dl>
            if server.keys_not_shown > 0 {
                <p class="help">{ format!("and {} older blocks; the download has them all", server.keys_not_shown) }</p>
            }
            <div class="pager"><button class="small" onclick={download}>{ format!("Download {id} persisted state") }</button></div>
        </details>
    }
}
