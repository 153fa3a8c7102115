//! A client: its money, what it can do, its requests.

use super::press::press;
use super::why::Ask;
use crate::bank::{Operation, RequestId};
use crate::base::ClientId;
use crate::sim::Action;
use crate::ui::command::Command;
use crate::ui::view::client::{Card, Item, Status};
use crate::ui::view::why::of_request;
use crate::ui::view::{explore, follow, input};
use crate::why::Question;
use std::rc::Rc;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub card: Rc<Card>,
    pub send: Callback<Command>,
}

#[component]
pub fn ClientCard(props: &Props) -> Html {
    let card = &props.card;
    let name = card.id.to_string();
    // What was typed; nothing until somebody does.
    let typed = use_state(|| None::<String>);
    let amount = typed.as_deref().unwrap_or("10").to_owned();
    let error = use_state(|| None::<String>);
    let to = use_state(|| card.others.first().copied());
    // Another bank may have fewer accounts than the one in which somebody was chosen.
    let chosen = to.filter(|to| card.others.contains(to)).or(card.others.first().copied());
    let on_to = {
        let to = to.clone();
        Callback::from(move |event: Event| {
            let select = event.target_unchecked_into::<HtmlSelectElement>();
            to.set(select.value().parse().ok());
        })
    };

    let oninput = {
        let (typed, error) = (typed.clone(), error.clone());
        Callback::from(move |event: InputEvent| {
            let input = event.target_unchecked_into::<HtmlInputElement>();
            // A number field hides what it cannot read; say so rather than "type an amount".
            let unreadable = input.validity().bad_input();
            error.set(unreadable.then(|| "An amount is a whole number, such as 10.".to_owned()));
            typed.set(Some(input.value()));
        })
    };
    let onsubmit = {
        let (amount, error, to) = (amount.clone(), error.clone(), chosen);
        let (client, send) = (card.id, props.send.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            match (input::amount(&amount), to) {
                (Ok(amount), Some(to)) => {
                    error.set(None);
                    let operation = Operation::Transfer { to, amount };
                    send.emit(Command::Act(Action::Submit { client, operation, via: None }));
                }
                (Err(wrong), _) => error.set(Some(error.as_ref().unwrap_or(&wrong).clone())),
                (Ok(_), None) => error.set(Some("There is nobody to pay.".to_owned())),
            }
        })
    };
    let check = {
        let client = card.id;
        let action = Action::Submit { client, operation: Operation::Balance, via: None };
        press(&props.send, Command::Act(action))
    };
    // Nobody is warned of what he has not asked for.
    let asked = typed.as_deref().and_then(|amount| input::amount(amount).ok());
    let warning = asked.and_then(|amount| input::warning(amount, card.pending?));
    let id = |part: &str| format!("{name}-{part}");
    html! {
        <div class="client" role="group" aria-label={name.clone()}>
            <div class="client-head">
                <h3>{ name.clone() }</h3>
                <button class="small plain" onclick={check}>{ "Check balance" }</button>
                <span class={classes!("balance-pending", (card.pending != card.committed).then_some("differs"))}
                    title="With blocks that are not committed yet">
                    { "pending " }{ money(card.pending) }
                </span>
                <span class="balance" title="In committed blocks">
                    <span class="sr-only">{ "committed " }</span>{ money(card.committed) }
                </span>
            </div>
            <form class="transfer" {onsubmit} novalidate=true>
                <div class="field">
                    <label for={id("to")}>{ "To" }</label>
                    <select id={id("to")} onchange={on_to}>
                        { for card.others.iter().map(|other| html! {
                            <option key={other.number()} value={other.name()} selected={chosen == Some(*other)}>{ other.name() }</option>
                        }) }
                    </select>
                </div>
                <div class="field">
                    <label for={id("amount")}>{ "Amount" }</label>
                    <input id={id("amount")} type="number" min="1" step="1" inputmode="numeric"
                        value={amount} {oninput}
                        aria-invalid={error.is_some().to_string()} aria-describedby={id("says")} />
                </div>
                <button type="submit" class="primary" aria-label="Send transfer">{ "Send" }</button>
                if let Some(error) = &*error {
                    <p id={id("says")} class="error" role="alert">{ error }</p>
                } else if let Some(warning) = warning {
                    <p id={id("says")} class="warning">{ warning }</p>
                }
            </form>
            <ul class="requests" aria-label="Requests">
                { for items(card, &props.send) }
            </ul>
        </div>
    }
}

/// A balance, or a dash while no server is up to know it.
fn money(balance: Option<u64>) -> String {
    balance.map_or("–".to_owned(), |money| money.to_string())
}

/// The requests and how many there were before. All have keys, so that what stays is not made anew.
fn items(card: &Card, send: &Callback<Command>) -> Vec<Html> {
    let mut items: Vec<Html> = card.requests.iter().map(|one| item(card.id, one, send)).collect();
    if card.older > 0 {
        items.push(html! {
            <li key="older"><span></span><span class="quiet">{ format!("and {} before", card.older) }</span></li>
        });
    }
    items
}

fn item(client: ClientId, item: &Item, send: &Callback<Command>) -> Html {
    let id = RequestId { client, seq: item.seq };
    let waits = item.status == Status::Pending;
    let follow = press(send, Command::Explore(explore::Ask::Follow(follow::Ask::Show(id))));
    html! {
        <li key={item.seq} class={item.status.class()}>
            <span class="sign" aria-hidden="true">{ item.status.sign() }</span>
            <button class="link what" aria-label={format!("Follow {id}: {}", item.what)} onclick={follow}>{ &item.what }</button>
            <span class="status">
                { item.status.words() }
                if item.retries > 0 {
                    <span class="retries">{ retries(item.retries) }</span>
                }
            </span>
            <Ask question={Question::Request(id)} name={of_request(&id.to_string(), waits)}
                word={if waits { "Why?" } else { "How?" }} {send} />
        </li>
    }
}

fn retries(count: u32) -> String {
    if count == 1 { ", 1 retry".to_owned() } else { format!(", {count} retries") }
}
