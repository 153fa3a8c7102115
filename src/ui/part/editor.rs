//! The editor of scenarios, and the run so far as text.

use super::dialog::Dialog;
use crate::ui::browser;
use crate::ui::command::Command;
use crate::ui::view::editor::{Problem, lines};
use std::rc::Rc;
use web_sys::{HtmlElement, HtmlTextAreaElement};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub open: bool,
    pub draft: AttrValue,
    pub on_draft: Callback<AttrValue>,
    pub problem: Option<Rc<Problem>>,
    pub on_close: Callback<()>,
    pub on_text: Callback<()>,
    pub send: Callback<Command>,
}

#[component]
pub fn Editor(props: &Props) -> Html {
    let (area, margin) = (use_node_ref(), use_node_ref());
    // A problem is shown until the text is changed.
    let stale = use_state(|| true);
    use_effect_with(props.problem.clone(), {
        let (area, stale) = (area.clone(), stale.setter());
        move |problem| {
            stale.set(false);
            if let Some(problem) = problem {
                point(&area, problem);
            }
        }
    });
    let oninput = {
        let (on_draft, stale) = (props.on_draft.clone(), stale.setter());
        Callback::from(move |event: InputEvent| {
            stale.set(true);
            on_draft.emit(event.target_unchecked_into::<HtmlTextAreaElement>().value().into());
        })
    };
    let onscroll = {
        let (area, margin) = (area.clone(), margin.clone());
        Callback::from(move |_: Event| {
            if let (Some(area), Some(margin)) =
                (area.cast::<HtmlElement>(), margin.cast::<HtmlElement>())
            {
                margin.set_scroll_top(area.scroll_top());
            }
        })
    };
    let run = {
        let (send, draft) = (props.send.clone(), props.draft.clone());
        Callback::from(move |()| send.emit(Command::Scenario((*draft).into())))
    };
    let onkeydown = {
        let run = run.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
                event.prevent_default();
                run.emit(());
            }
        })
    };
    let problem = match *stale {
        true => Problem::at_a_glance(&props.draft).map(Rc::new),
        false => props.problem.clone(),
    };
    let wrong = problem.as_ref().map(|problem| problem.line);
    let jump = {
        let (area, problem) = (area.clone(), problem.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(problem) = &problem {
                point(&area, problem);
            }
        })
    };
    html! {
        <Dialog title="Write a scenario" open={props.open} on_close={&props.on_close} foot={html! {
            <>
                <p class="help">{ "The language: README, and every scenario of the library." }</p>
                <button class="small" onclick={props.on_text.reform(|_: MouseEvent| ())}>{ "Show this run as text" }</button>
                <button class="small primary" onclick={run.reform(|_: MouseEvent| ())} title="Ctrl+Enter">{ "Run" }</button>
            </>
        }}>
            <div class="editor">
                <div class="margin" ref={margin} aria-hidden="true">
                    { for (1..=lines(&props.draft)).map(|line| html! {
                        <span key={line} class={classes!((wrong == Some(line)).then_some("wrong"))}>{ line }</span>
                    }) }
                </div>
                <textarea ref={area} aria-label="Scenario text" rows="16" wrap="off" spellcheck="false" autocapitalize="off"
                    value={props.draft.clone()} {oninput} {onscroll} {onkeydown}
                    aria-invalid={problem.is_some().to_string()} aria-describedby="editor-says" />
            </div>
            <div id="editor-says" role="status" class="editor-says">
                if let Some(problem) = &problem {
                    <p class="error">{ &problem.message }</p>
                    <button class="small" onclick={jump}>{ "Go there" }</button>
                } else {
                    <p class="help">{ "It can be read. Run plays it." }</p>
                }
            </div>
        </Dialog>
    }
}

/// Puts the caret where a problem is.
fn point(area: &NodeRef, problem: &Problem) {
    if let Some(area) = area.cast::<HtmlTextAreaElement>() {
        let (from, to) = problem.range;
        let _ = area.focus();
        let _ = area.set_selection_range(from, to);
    }
}

#[derive(Properties, PartialEq)]
pub struct TextProps {
    pub open: bool,
    pub text: Option<Rc<str>>,
    pub on_close: Callback<()>,
    pub on_edit: Callback<AttrValue>,
}

/// The run so far as a scenario, to copy or to go on writing.
#[component]
pub fn RunText(props: &TextProps) -> Html {
    let copied = use_state(|| None::<bool>);
    use_effect_with(props.open, {
        let copied = copied.setter();
        move |_| copied.set(None)
    });
    let text: AttrValue = props.text.as_deref().unwrap_or_default().into();
    let copy = {
        let (text, copied) = (text.clone(), copied.setter());
        Callback::from(move |_: MouseEvent| {
            let copied = copied.clone();
            browser::copy(text.to_string(), move |done| copied.set(Some(done)));
        })
    };
    let edit = {
        let (text, on_edit) = (text.clone(), props.on_edit.clone());
        Callback::from(move |_: MouseEvent| on_edit.emit(text.clone()))
    };
    let says = match *copied {
        None => "Played, it shows the very same events.",
        Some(true) => "Copied.",
        Some(false) => "The browser did not let it be copied: select it and copy it by hand.",
    };
    html! {
        <Dialog title="This run as text" open={props.open} on_close={&props.on_close} foot={html! {
            <>
                <p class="help" role="status">{ says }</p>
                <button class="small" onclick={edit}>{ "Edit it" }</button>
                <button class="small primary" onclick={copy}>{ "Copy" }</button>
            </>
        }}>
            <textarea class="run-text" aria-label="Run as text" rows="18" wrap="off" readonly=true spellcheck="false" value={text} />
        </Dialog>
    }
}
