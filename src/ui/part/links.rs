//! Every directed link as a cell: up or down, delay, loss.

use crate::ui::browser;
use crate::ui::command::Command;
use crate::ui::view::explore;
use crate::ui::view::links::{Ask, Cell, Links, Place, State, ms, read};
use std::rc::Rc;
use web_sys::HtmlInputElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub model: Rc<Links>,
    pub send: Callback<Command>,
}

#[component]
pub fn LinksView(props: &Props) -> Html {
    let links = &props.model;
    let error = use_state(|| None::<String>);
    // What is typed, and for which place: the links go on meanwhile.
    let draft = use_state(|| None::<(Place, [String; 3])>);
    let ask = |ask: Ask| props.send.reform(move |_: MouseEvent| command(ask.clone()));
    let chosen = links.chosen;
    let ends = links.ends.len();
    // One key handler for the grid: arrows go from place to place, Enter presses the button.
    let onkeydown = {
        let (links, send) = (links.clone(), props.send.clone());
        Callback::from(move |event: KeyboardEvent| {
            if let Some(place) = links.go(links.chosen, &event.key()) {
                event.prevent_default();
                send.emit(command(Ask::Choose(place)));
                browser::focus(&id(place));
            }
        })
    };
    let press = |place: Place| {
        let send = props.send.clone();
        Callback::from(move |_: MouseEvent| {
            let ask = if place == chosen { Ask::Toggle(place) } else { Ask::Choose(place) };
            send.emit(command(ask));
            browser::focus(&id(place));
        })
    };
    // A pointer chooses first and presses then; the keyboard chooses where it goes.
    let onmousedown = Callback::from(|event: MouseEvent| event.prevent_default());
    let button = |place: Place, class: Classes, content: Html| {
        let onfocus = props.send.reform(move |_: FocusEvent| command(Ask::Choose(place)));
        html! {
            <button id={id(place)} type="button" {class} aria-label={links.name(place)} onclick={press(place)} {onfocus}
                onmousedown={onmousedown.clone()}                tabindex={if place == chosen { "0" } else { "-1" }}>{ content }</button>
        }
    };
    let header = |place: Place, end: usize| {
        let class = classes!("end", (place == chosen).then_some("chosen"));
        button(place, class, html! { links.ends[end].to_string() })
    };
    let shown = sample(links);
    let texts = match &*draft {
        Some((place, texts)) if *place == chosen => texts.clone(),
        _ => shown.map(|(cell, _)| texts_of(&cell)).unwrap_or_default(),
    };
    let apply = {
        let (send, error, draft, texts) =
            (props.send.clone(), error.clone(), draft.clone(), texts.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            match read(&texts[0], &texts[1], &texts[2]) {
                Ok(settings) => {
                    error.set(None);
                    draft.set(None);
                    send.emit(command(Ask::Set(chosen, Some(settings))));
                }
                Err(wrong) => error.set(Some(wrong)),
            }
        })
    };
    let reset = {
        let (send, error, draft) = (props.send.clone(), error.clone(), draft.clone());
        Callback::from(move |_: MouseEvent| {
            error.set(None);
            draft.set(None);
            send.emit(command(Ask::Set(chosen, None)));
        })
    };
    let title = links.title(chosen);
    let is_cut = links.is_cut(chosen);
    let field = |place: usize, label: &'static str| {
        let oninput = {
            let (draft, texts) = (draft.clone(), texts.clone());
            Callback::from(move |event: InputEvent| {
                let mut after = texts.clone();
                after[place] = event.target_unchecked_into::<HtmlInputElement>().value();
                draft.set(Some((chosen, after)));
            })
        };
        html! {
            <div class="field" key={place}>
                <label for={format!("link-field-{place}")}>{ label }</label>
                <input id={format!("link-field-{place}")} inputmode="decimal" autocomplete="off" value={texts[place].clone()} {oninput}
                    aria-invalid={error.is_some().to_string()} aria-describedby="link-says" />
            </div>
        }
    };
    let own = (0..=ends).flat_map(|row| (0..=ends).map(move |column| (row, column)));
    let own = own
        .filter(|place| in_range(*place, chosen))
        .any(|place| links.cell(place).is_some_and(|cell| cell.own));
    html! {
        <div class="links-tab">
            <div class="matrix-box">
                <table class="matrix" role="grid" aria-label="Links, from the rows to the columns" {onkeydown}>
                    <thead>
                        <tr>
                            <td class="corner"><span>{ "from" }</span><span>{ "to" }</span></td>
                            { for (1..=ends).map(|column| html! {
                                <th key={column} scope="col">{ header((0, column), column - 1) }</th>
                            }) }
                        </tr>
                    </thead>
                    <tbody>
                        { for (1..=ends).map(|row| html! {
                            <tr key={row}>
                                <th scope="row">{ header((row, 0), row - 1) }</th>
                                { for (1..=ends).map(|column| html! {
                                    <td key={column} role="gridcell">
                                        if let Some(cell) = links.cell((row, column)) {
                                            { button((row, column), cell_class(cell, (row, column) == chosen), cell_content(cell, links.stands_out(cell))) }
                                        }
                                    </td>
                                }) }
                            </tr>
                        }) }
                    </tbody>
                </table>
            </div>
            <form class="link-form" onsubmit={apply}>
                <fieldset>
                    <legend>{ title.replacen(" to ", " → ", 1) }</legend>
                    <p class="help">{ match shown {
                        Some((cell, true)) => format!("{}, {}, loses {}%.", says(cell.state), cell.delay(), cell.loss()),
                        _ => "All of these links together.".to_owned(),
                    } }</p>
                    <button type="button" class="cut-button" aria-pressed={is_cut.to_string()} onclick={ask(Ask::Toggle(chosen))}>
                        { if is_cut { format!("Mend {title}") } else { format!("Cut {title}") } }
                    </button>
                    <div class="fields">
                        { field(0, "Shortest delay (ms)") }
                        { field(1, "Longest delay (ms)") }
                        { field(2, "Loss (%)") }
                    </div>
                    <p id="link-says" class="error" role="alert">{ (*error).clone() }</p>
                    <div class="link-acts">
                        <button type="submit">{ "Set" }</button>
                        <button type="button" disabled={!own} onclick={reset}>{ "Like the others" }</button>
                    </div>
                </fieldset>
                <ul class="matrix-legend" aria-label="Signs in the matrix">
                    <li><span class="cell-up" aria-hidden="true">{ "●" }</span>{ "up" }</li>
                    <li><span class="cell-cut" aria-hidden="true">{ "✕" }</span>{ "cut" }</li>
                    <li><span class="cell-apart" aria-hidden="true">{ "┃" }</span>{ "a partition lies between" }</li>
                    <li><span class="cell-own" aria-hidden="true">{ "◷" }</span>{ "its own delay and loss" }</li>
                </ul>
                if let Some(usually) = links.usually() {
                    <p class="help">{ usually }</p>
                }
                <p class="help">{ "Choose a cell to see its link; press it again to cut or mend it. Arrow keys go from cell to cell." }</p>
            </form>
        </div>
    }
}

fn command(ask: Ask) -> Command {
    Command::Explore(explore::Ask::Links(ask))
}

fn id((row, column): Place) -> String {
    format!("link-{row}-{column}")
}

/// A cell that stands for what is chosen, and whether it is all of that.
fn sample(links: &Links) -> Option<(Cell, bool)> {
    if let Some(cell) = links.cell(links.chosen) {
        return Some((*cell, true));
    }
    let (row, column) = links.chosen;
    let along = (1..=links.ends.len()).map(|at| if row == 0 { (at, column) } else { (row, at) });
    along.filter_map(|place| links.cell(place)).next().map(|cell| (*cell, false))
}

/// A link's settings as they are typed.
fn texts_of(cell: &Cell) -> [String; 3] {
    [ms(cell.settings.delay_min), ms(cell.settings.delay_max), cell.loss()]
}

/// True if a place is among those for which another stands.
fn in_range(place: Place, chosen: Place) -> bool {
    (chosen.0 == 0 || chosen.0 == place.0) && (chosen.1 == 0 || chosen.1 == place.1)
}

fn says(state: State) -> &'static str {
    match state {
        State::Up => "Up",
        State::Cut => "Cut",
        State::Apart => "A partition lies between",
    }
}

fn cell_class(cell: &Cell, chosen: bool) -> Classes {
    let own = cell.own.then_some("own");
    classes!("link-cell", format!("is-{}", cell.state.word()), own, chosen.then_some("chosen"))
}

fn cell_content(cell: &Cell, stands_out: bool) -> Html {
    let sign = match cell.state {
        State::Up => "●",
        State::Cut => "✕",
        State::Apart => "┃",
    };
    html! {
        <>
            <span class={format!("cell-{}", cell.state.word())}>{ sign }{ if cell.own { " ◷" } else { "" } }</span>
            if stands_out {
                <span class="link-delay">{ cell.delay() }</span>
            }
            if stands_out && cell.settings.loss > 0 {
                <span class="link-loss">{ format!("−{}%", cell.loss()) }</span>
            }
        </>
    }
}
