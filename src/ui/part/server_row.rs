//! A server's row beside the picture: its role, its buttons, the end of its chain.

use super::press::press;
use crate::sim::Action;
use crate::ui::command::Command;
use crate::ui::view::table::{Cell, Row};
use crate::ui::view::words::term_class;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub row: Row,
    pub send: Callback<Command>,
}

#[component]
pub fn ServerRow(props: &Props) -> Html {
    let row = &props.row;
    let id = row.id;
    let up = row.condition.is_up();
    let ask = |command: Command| press(&props.send, command);
    let power = if up { "Crash" } else { "Restart" };
    let press = ask(Command::Act(if up {
        Action::Crash { server: id }
    } else {
        Action::Restart { server: id }
    }));
    html! {
        <div class={classes!("server-row", row.chosen.then_some("chosen"), (!up).then_some("off"))}>
            <div class="who">
                <button class="link" aria-label={format!("Inspect {id}")} onclick={ask(Command::Choose(id))}>
                    { id.to_string() }
                </button>
                <span class={classes!("role", row.condition.class())}>{ row.condition.word() }</span>
                <span class={classes!("quiet", "number", "term", term_class(row.term))}>{ format!("term {}", row.term) }</span>
            </div>
            <div class="actions">
                <button class="small" aria-label={format!("{power} {id}")} onclick={press}>{ power }</button>
                <button
                    class="small"
                    aria-label={format!("Isolate {id}")}
                    aria-pressed={row.isolated.to_string()}
                    title={if row.isolated { "Cut off from all other servers; press to mend its links" } else { "Cut its links to all other servers" }}
                    onclick={ask(isolate(row))}
                >{ "Isolate" }</button>
            </div>
            <div class="cells">{ for row.cells.iter().enumerate().map(|(place, it)| cell(place, it)) }</div>
        </div>
    }
}

fn isolate(row: &Row) -> Command {
    if row.isolated {
        Command::Rejoin(row.id)
    } else {
        Command::Act(Action::Isolate { server: row.id })
    }
}

/// A cell. It has the key of its height, so that it stays the same element while the chain grows.
fn cell(place: usize, cell: &Option<Cell>) -> Html {
    let Some(cell) = cell else {
        return html! { <span key={format!("empty {place}")} class="cell empty"></span> };
    };
    let state = if cell.committed { "committed" } else { "pending" };
    let differs = cell.differs.then_some("differs");
    html! {
        <span key={cell.height} class={classes!("cell", state, differs)} title={cell.title.clone()}>
            { cell.term }
        </span>
    }
}
