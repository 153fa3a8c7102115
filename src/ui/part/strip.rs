//! The whole run as a strip: what happened in it, and a slider to look at any moment.

use super::press::press;
use crate::ui::command::{Command, Travel};
use crate::ui::view::decimal::tenths;
use crate::ui::view::timeline::{PLACES, Timeline};
use std::rc::Rc;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// The strip, with its ways from mark to mark.
pub fn strip(timeline: &Rc<Timeline>, send: &Callback<Command>) -> Html {
    let ask = |travel: Travel| press(send, Command::Travel(travel));
    let oninput = {
        let timeline = timeline.clone();
        send.reform(move |event: InputEvent| {
            let place = event.target_unchecked_into::<HtmlInputElement>().value().parse();
            let time = timeline.time_at(place.unwrap_or(PLACES));
            Command::Travel(time.map_or(Travel::Now, Travel::To))
        })
    };
    let is_past = timeline.place < PLACES;
    html! {
        <div class="strip">
            <button class="small" aria-label="Previous mark" title="Go to the mark before this moment"
                disabled={!timeline.has_mark_before} onclick={ask(Travel::PreviousMark)}>{ "◂ mark" }</button>
            <div class={classes!("track", is_past.then_some("past"))}>
                <ol aria-label="What happened">
                    { for timeline.marks.iter().map(|mark| {
                        let event = mark.event;
                        html! {
                            <li key={format!("{event} {}", mark.kind.class())} class={mark.kind.class()} style={format!("left:{}%", tenths(mark.part * 100.0))}>
                                <button title={mark.words.clone()} aria-label={mark.words.clone()} tabindex="-1"
                                    onclick={press(send, Command::Jump(event))}>
                                    { mark.kind.sign() }
                                </button>
                            </li>
                        }
                    }) }
                </ol>
                <input type="range" aria-label="Moment" min="0" max={PLACES.to_string()} step="1"
                    value={timeline.place.to_string()} aria-valuetext={timeline.says.clone()}
                    aria-describedby={timeline.where_it_is.is_some().then_some("whereabouts")}
                    style={format!("--part:{}%", tenths(f64::from(timeline.place) * 100.0 / f64::from(PLACES)))} {oninput} />
            </div>
            <button class="small" aria-label="Next mark" title="Go to the mark after this moment"
                disabled={!is_past} onclick={ask(Travel::NextMark)}>{ "mark ▸" }</button>
            <button class={classes!("small", is_past.then_some("primary"))} disabled={!is_past} onclick={ask(Travel::Now)}
                title="Look at the end of this branch again">{ "Back to now" }</button>
            <span class="span number">{ &timeline.end }</span>
        </div>
    }
}
