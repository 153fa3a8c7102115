//! The Explore region: tabs, of which one is open.

use super::chain::ChainView;
use super::charts::ChartsView;
use super::diagram::DiagramView;
use super::follow::follow_view;
use super::ledger::LedgerView;
use super::links::LinksView;
use super::operations::OperationsView;
use crate::ui::browser;
use crate::ui::command::Command;
use crate::ui::view::explore::{Ask, Explored, Tab};
use yew::prelude::*;

/// The region, with the tab that is open.
pub fn explore(explored: &Explored, send: &Callback<Command>) -> Html {
    let open = explored.tab();
    let label = format!("tab-{}", open.name());
    html! {
        <section id="explore" class="panel explore" aria-label="Explore">
            <div class="tabs" role="tablist" aria-label="Ways to see the run">
                { for Tab::ALL.into_iter().map(|tab| view_tab(tab, tab == open, send)) }
            </div>
            <div role="tabpanel" id="explored" class={format!("explored {}-view", open.name())} aria-labelledby={label}>
                { view(explored, send) }
            </div>
        </section>
    }
}

fn view(explored: &Explored, send: &Callback<Command>) -> Html {
    match explored {
        Explored::Ledger(model) => html! { <LedgerView model={model.clone()} {send} /> },
        Explored::Chain(model) => html! { <ChainView model={model.clone()} {send} /> },
        Explored::Follow(model) => follow_view(model, send),
        Explored::Diagram(model) => html! { <DiagramView model={model.clone()} {send} /> },
        Explored::Operations(model) => {
            html! { <OperationsView model={model.clone()} {send} /> }
        }
        Explored::Charts(model) => html! { <ChartsView model={model.clone()} {send} /> },
        Explored::Links(model) => html! { <LinksView model={model.clone()} {send} /> },
    }
}

/// One tab. The arrow keys, Home and End go from tab to tab, as in every list of tabs.
fn view_tab(tab: Tab, open: bool, send: &Callback<Command>) -> Html {
    let choose = send.reform(move |_: MouseEvent| Command::Explore(Ask::Open(tab)));
    let onkeydown = {
        let send = send.clone();
        Callback::from(move |event: KeyboardEvent| {
            let place = Tab::ALL.iter().position(|one| *one == tab).unwrap_or_default();
            let last = Tab::ALL.len() - 1;
            let next = match event.key().as_str() {
                "ArrowRight" => {
                    if place == last {
                        0
                    } else {
                        place + 1
                    }
                }
                "ArrowLeft" => {
                    if place == 0 {
                        last
                    } else {
                        place - 1
                    }
                }
                "Home" => 0,
                "End" => last,
                _ => return,
            };
            event.prevent_default();
            send.emit(Command::Explore(Ask::Open(Tab::ALL[next])));
            browser::focus(&format!("tab-{}", Tab::ALL[next].name()));
        })
    };
    html! {
        <button key={tab.name()} id={format!("tab-{}", tab.name())} role="tab" class="tab"
            aria-selected={open.to_string()} aria-controls="explored" tabindex={if open { "0" } else { "-1" }}
            onclick={choose} {onkeydown}>{ tab.label() }</button>
    }
}
