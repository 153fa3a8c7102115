//! Tampering with a stored block: a form, what it changes, what it costs, what comes of it.

use super::block::work;
use super::press::press;
use crate::sim::Action;
use crate::ui::command::Command;
use crate::ui::view::chain::Ask as Chain;
use crate::ui::view::explore::Ask as Explore;
use crate::ui::view::tamper::{Aftermath, Ask, Forged, Link, Outcome, Tamper};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

fn ask(ask: Ask) -> Command {
    Command::Explore(Explore::Chain(Chain::Tamper(ask)))
}

/// Draws it.
pub fn view(model: &Tamper, send: &Callback<Command>) -> Html {
    let press = |what: Ask| press(send, ask(what));
    html! {
        <section class="tamper" aria-label="Tamper">
            <h3>{ "Tamper with a stored block" }</h3>
            { form(model, send) }
            if let Some(problem) = &model.problem {
                // That there is nothing to change yet is nobody's mistake.
                if model.server.is_none() { <p class="help">{ problem }</p> } else { <p class="error" role="alert">{ problem }</p> }
            }
            if model.problem.is_none() && model.outcome.is_none() {
                <p class="help">{ "Change the amount or the recipient: what it breaks is shown at once, and nothing is written before you say so." }</p>
            }
            if let Some(outcome) = &model.outcome { { view_outcome(model, outcome, &press) } }
            if let Some(after) = &model.aftermath { { aftermath(model, after, &press, send) } }
        </section>
    }
}

fn form(model: &Tamper, send: &Callback<Command>) -> Html {
    let Some(server) = model.server else { return Html::default() };
    let height = model.height;
    let value = |event: Event| event.target_unchecked_into::<HtmlSelectElement>().value();
    let on_server = send.reform(move |event: Event| {
        let chosen = value(event).parse().unwrap_or(server);
        ask(Ask::Block(chosen, height))
    });
    let on_height = send.reform(move |event: Event| {
        let typed = event.target_unchecked_into::<HtmlInputElement>().value();
        ask(Ask::Block(server, typed.parse().unwrap_or(0)))
    });
    let on_transaction =
        send.reform(move |event: Event| ask(Ask::Transaction(value(event).parse().unwrap_or(0))));
    let first = model.recipients.first().copied();
    let on_to = send.reform(move |event: Event| {
        let to = value(event).parse().ok().or(first);
        to.map_or(Command::Dismiss(usize::MAX), |to| ask(Ask::To(to)))
    });
    let on_amount = send.reform(|event: InputEvent| {
        ask(Ask::Amount(event.target_unchecked_into::<HtmlInputElement>().value()))
    });
    let on_plain = press(send, ask(Ask::Plain(!model.plain)));
    html! {
        <div class="tamper-form">
            <label class="field">{ "Server" }
                <select onchange={on_server}>
                    { for model.servers.iter().map(|id| html! {
                        <option key={id.number()} value={id.to_string()} selected={*id == server}>{ id.to_string() }</option>
                    }) }
                </select>
            </label>
            <label class="field">{ "Block" }
                <input type="number" aria-label="Block to change" min={model.heights.0.to_string()} max={model.heights.1.to_string()} value={height.to_string()} onchange={on_height} />
            </label>
            if !model.recipients.is_empty() {
                <label class="field wide">{ "Transfer" }
                    <select onchange={on_transaction}>
                        { for model.transactions.iter().enumerate().map(|(place, words)| html! {
                            <option key={place} value={place.to_string()} selected={place == model.position}>{ words }</option>
                        }) }
                    </select>
                </label>
                <label class="field">{ "New amount" }
                    <input type="text" inputmode="numeric" aria-label="New amount" value={model.amount.clone()} oninput={on_amount}
                        aria-invalid={model.problem.is_some().to_string()} />
                </label>
                <label class="field">{ "New recipient" }
                    <select aria-label="New recipient" onchange={on_to}>
                        { for model.recipients.iter().map(|to| html! {
                            <option key={to.number()} value={to.name()} selected={model.to == Some(*to)}>{ to.name() }</option>
                        }) }
                    </select>
                </label>
                <label class="inline-field check"><input type="checkbox" checked={!model.plain} onclick={on_plain} />{ "Mend body root and hash" }</label>
            }
        </div>
    }
}

fn view_outcome(
    model: &Tamper,
    outcome: &Outcome,
    press: &dyn Fn(Ask) -> Callback<MouseEvent>,
) -> Html {
    let Some(server) = model.server else { return Html::default() };
    let fits = outcome.named_root == outcome.body_root;
    let write = if model.is_up {
        format!("Crash {server} and write it to its disk")
    } else {
        format!("Write it to {server}'s disk")
    };
    let running = outcome.forged.as_ref().is_some_and(|forged| forged.is_running);
    html! {
        <div class="tamper-outcome">
            <div class="stack">
                <p class="change"><b>{ &outcome.change }</b></p>
                <dl class="facts">
                    <dt>{ "header's body root" }</dt><dd class="hash-line">{ &outcome.named_root }</dd>
                    <dt>{ "root of the body" }</dt>
                    <dd class={classes!("hash-line", (!fits).then_some("wrong"))}>{ if fits { "✓ " } else { "✗ " } }{ &outcome.body_root }</dd>
                    <dt>{ "hash before" }</dt><dd class="hash-line">{ &outcome.old_hash }</dd>
                </dl>
                { work(&outcome.work) }
                <p class={classes!("tamper-verdict", if outcome.is_believed { "believed" } else { "refused" })} role="status">
                    { if outcome.is_believed { "✓ " } else { "✗ " } }{ &outcome.verdict }
                </p>
            </div>
            <div class="stack">
                <ol class="chain-links" aria-label="The block and those after it">
                    { for outcome.links.iter().map(link) }
                    if outcome.more > 0 { <li key="more" class="quiet more">{ format!("and {} more", outcome.more) }</li> }
                </ol>
                <p class="help">{ &outcome.cost }</p>
                <p class="help">{ &outcome.others }</p>
                <div class="tamper-actions">
                    if running {
                        <button onclick={press(Ask::StopMining)}>{ "Stop mining" }</button>
                    } else {
                        <button disabled={!outcome.can_mine} onclick={press(Ask::Mine)}
                            title={if outcome.can_mine { "Does the work of this block and of all after it again" } else { "More work than a page should do" }}>{ "Re-mine" }</button>
                    }
                    <button class="primary" onclick={press(Ask::Write)}>{ write }</button>
                </div>
                if let Some(forged) = &outcome.forged { { progress(forged) } }
            </div>
        </div>
    }
}

fn progress(forged: &Forged) -> Html {
    let (done, total) = (forged.blocks.len(), forged.total);
    let words = format!("{done} of {total} blocks mined again, {} attempts", forged.attempts);
    html! {
        <p class="mined" role="status">
            <progress max={total.to_string()} value={done.to_string()} aria-label="Blocks mined again"></progress>
            { words }
        </p>
    }
}

/// A block of the chain that breaks, with the link to the one before it.
fn link(link: &Link) -> Html {
    html! {
        <li key={link.height} class={link.state.class()}>
            <b>{ format!("#{}", link.height) }</b>
            <span class="hash-line">{ &link.hash }</span>
            <span class="hash-line quiet">{ format!("after {}", link.parent) }</span>
            <span class="state">{ link.state.words() }</span>
        </li>
    }
}

fn aftermath(
    model: &Tamper,
    after: &Aftermath,
    press: &dyn Fn(Ask) -> Callback<MouseEvent>,
    send: &Callback<Command>,
) -> Html {
    let Some(server) = model.server else { return Html::default() };
    let restart = super::press::press(send, Command::Act(Action::Restart { server }));
    html! {
        <div class="aftermath" role="group" aria-label="What became of it">
            <h4>{ "What became of it" }</h4>
            <div aria-live="polite">{ for after.says.iter().map(|words| html! { <p>{ words }</p> }) }</div>
            <div class="tamper-actions">
                if after.can_restart {
                    <button class="primary" aria-label={format!("Restart {server} and see")} onclick={restart}>{ format!("Restart {server}") }</button>
                }
                if after.can_remove {
                    <button onclick={press(Ask::Remove)}>{ format!("Remove it and all after it from {server}'s disk") }</button>
                }
            </div>
        </div>
    }
}
