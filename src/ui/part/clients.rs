//! The Clients region.

use super::client_card::ClientCard;
use crate::ui::command::Command;
use crate::ui::view::client::Card;
use std::rc::Rc;
use yew::prelude::*;

/// The region, with a card for each client.
pub fn clients(cards: &[Rc<Card>], send: &Callback<Command>) -> Html {
    html! {
        <section id="clients" class="panel clients" aria-label="Clients">
            <div class="panel-head"><h2>{ "Clients" }</h2></div>
            <div class="client-list">
                { for cards.iter().map(|card| html! {
                    <ClientCard key={card.id.number()} card={card.clone()} {send} />
                }) }
            </div>
        </section>
    }
}
