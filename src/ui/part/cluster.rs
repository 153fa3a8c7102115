//! The Cluster region: what happens now, the picture, the logs side by side, the network.

use super::contrast::{OtherStage, differences};
use super::hand::HandView;
use super::legend::legend;
use super::network::Network;
use super::server_row::ServerRow;
use super::stage::StageView;
use super::traffic::Switches;
use super::why::Ask;
use crate::ui::command::{Command, Download};
use crate::ui::view::{
    branches::Contrast, hand::Hands, stage::Stage, table::Table, traffic::Traffic,
};
use crate::why::Question;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub now: Rc<str>,
    pub hint: Rc<str>,
    pub violated: bool,
    pub leaderless: bool,
    pub stage: Rc<Stage>,
    pub hands: Rc<Hands>,
    pub table: Rc<Table>,
    pub traffic: Traffic,
    /// Another branch beside this one.
    pub contrast: Option<Rc<Contrast>>,
    pub send: Callback<Command>,
}

#[component]
pub fn Cluster(props: &Props) -> Html {
    let send = &props.send;
    html! {
        <section id="cluster" class="panel cluster" aria-label="Cluster">
            <div class="headline">
                <p class={classes!("now", props.violated.then_some("violated"))}>
                    { &*props.now }
                    if props.leaderless {
                        { " " }<Ask question={Question::NoLeader} name="Why is there no leader?" {send} />
                    }
                </p>
                <p class="hint"><b>{ "Try: " }</b>{ &*props.hint }</p>
            </div>
            <div class={classes!("cluster-body", props.contrast.is_some().then_some("two"))}>
                <div>
                    if let Some(contrast) = &props.contrast {
                        <h3 class="stage-name">{ &*contrast.left }</h3>
                    }
                    <div class="picture">
                        <StageView stage={props.stage.clone()} {send} />
                        <HandView hands={props.hands.clone()} {send} />
                    </div>
                    <div class="under-picture">
                        { legend() }
                        { save_ways(send) }
                    </div>
                </div>
                if let Some(contrast) = &props.contrast {
                    <div>
                        <h3 class="stage-name">{ &*contrast.right }</h3>
                        <OtherStage contrast={contrast.clone()} />
                    </div>
                    { differences(contrast, send) }
                }
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
                    <Switches traffic={props.traffic} {send} />
                </div>
            </div>
        </section>
    }
}

/// The picture as a file.
fn save_ways(send: &Callback<Command>) -> Html {
    let way = |name: &'static str, what: Download| {
        let onclick = send.reform(move |_: MouseEvent| Command::Download(what.clone()));
        let title = format!("Save this picture as {name}");
        html! { <button class="small plain" {title} {onclick}>{ name }</button> }
    };
    html! {
        <div class="save-ways">
            <span class="quiet">{ "Save as" }</span>
            { way("SVG", Download::Drawing) }
            { way("PNG", Download::Photograph) }
        </div>
    }
}
