//! The Clients region.

use super::client_card::ClientCard;
use crate::ui::command::Command;
use crate::ui::view::client::Card;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub cards: Rc<Vec<Rc<Card>>>,
    pub send: Callback<Command>,
}

#[component]
pub fn Clients(props: &Props) -> Html {
    html! {
        <section id="clients" class="panel clients" aria-label="Clients">
            <div class="panel-head"><h2>{ "Clients" }</h2></div>
            <div class="client-list">
                { for props.cards.iter().map(|card| html! {
                    <ClientCard key={card.id.number()} card={card.clone()} send={&props.send} />
                }) }
            </div>
        </section>
    }
}
