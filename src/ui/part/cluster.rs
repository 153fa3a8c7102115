//! The Cluster region: what happens now, the picture, the logs side by side, the network.

use super::legend::Legend;
use super::network::Network;
use super::server_row::ServerRow;
use super::stage::StageView;
use super::why::Ask;
use crate::ui::command::Command;
use crate::ui::view::{stage::Stage, table::Table};
use crate::why::Question;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub now: Rc<str>,
    pub hint: Rc<str>,
    pub leaderless: bool,
    pub stage: Rc<Stage>,
    pub table: Rc<Table>,
    pub send: Callback<Command>,
}

#[component]
pub fn Cluster(props: &Props) -> Html {
    let send = &props.send;
    html! {
        <section id="cluster" class="panel cluster" aria-label="Cluster">
            <p class="now">
                { &*props.now }
                if props.leaderless {
                    { " " }<Ask question={Question::NoLeader} name="Why is there no leader?" {send} />
                }
            </p>
            <p class="hint"><b>{ "Try: " }</b>{ &*props.hint }</p>
            <div class="cluster-body">
                <div>
                    <StageView stage={props.stage.clone()} {send} />
                    <Legend />
                </div>
                <div class="servers">
                    <div class="heights">
                        <span>{ "Servers and their chains" }</span>
                        <span>{ "height" }</span>
                        <div class="cells" aria-hidden="true">
                            { for props.table.heights.iter().map(|height| html! {
                                <span key={*height} class="height">{ *height }</span>
                            }) }
                        </div>
                    </div>
                    { for props.table.rows.iter().map(|row| html! {
                        <ServerRow key={row.id.number()} row={row.clone()} {send} />
                    }) }
                    <Network stage={props.stage.clone()} {send} />
                </div>
            </div>
        </section>
    }
}
