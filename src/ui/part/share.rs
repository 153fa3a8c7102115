//! The share dialog: a link, a link for a lecture, a frame for another page, a file.

use super::dialog::Dialog;
use super::press::press;
use crate::base::{Rule, Rules};
use crate::sim::run::{MAX_CAPTION, MAX_NAME};
use crate::ui::command::{Command, Download};
use crate::ui::view::decimal::whole;
use crate::ui::view::share::{Form, Ready, Share, Stage, Wish, WishEdit};
use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

/// The dialog, for a run that goes by these rules.
pub fn share_dialog(share: Option<&Share>, rules: Rules, send: &Callback<Command>) -> Html {
    let on_close = send.reform(|()| Command::EndShare);
    let foot = html! {
        <>
            <p class="help">{ "The run travels inside the link, or the file. No server keeps it." }</p>
            <button type="button" onclick={press(send, Command::Download(Download::Run))}>{ "Save as a file" }</button>
        </>
    };
    html! {
        <Dialog title="Share this run" open={share.is_some()} {on_close} {foot}>
            if let Some(share) = share {
                if !rules.all_on() {
                    <p class="mark-off">{ format!("This run goes without {}. Whoever opens it is told.", names(rules)) }</p>
                }
                { wishes(&share.wish, send) }
                { made(share, send) }
            }
        </Dialog>
    }
}

fn names(rules: Rules) -> String {
    rules.off().map(Rule::name).collect::<Vec<_>>().join(", ")
}

fn wishes(wish: &Wish, send: &Callback<Command>) -> Html {
    let change = |edit: fn(String) -> WishEdit| {
        send.reform(move |event: InputEvent| {
            Command::EditShare(edit(event.target_unchecked_into::<HtmlInputElement>().value()))
        })
    };
    let begins = |from_beginning: bool| {
        send.reform(move |_: Event| Command::EditShare(WishEdit::FromBeginning(from_beginning)))
    };
    let choice = |id: &'static str, words: &'static str, from_beginning: bool| {
        html! {
            <label class="choice" for={id}>
                <input {id} type="radio" name="share-begins" checked={wish.from_beginning == from_beginning}
                    onchange={begins(from_beginning)} />
                { words }
            </label>
        }
    };
    html! {
        <div class="share-wishes">
            <div class="field">
                <label for="share-name">{ "Name" }</label>
                <input id="share-name" autocomplete="off" maxlength={MAX_NAME.to_string()} placeholder="The leader crashes"
                    value={wish.name.clone()} oninput={change(WishEdit::Name)} />
            </div>
            <div class="field">
                <label for="share-caption">{ "What to watch for" }</label>
                <input id="share-caption" autocomplete="off" maxlength={MAX_CAPTION.to_string()} placeholder="Alice's payment waits until somebody else leads."
                    value={wish.caption.clone()} oninput={change(WishEdit::Caption)} />
            </div>
            <div class="choices" role="radiogroup" aria-label="Where it begins">
                { choice("share-here", "Opens where it is now", false) }
                { choice("share-beginning", "Opens at the beginning, to be watched", true) }
            </div>
        </div>
    }
}

fn made(share: &Share, send: &Callback<Command>) -> Html {
    match &share.stage {
        Stage::Sealing(progress) => {
            let percent = whole(progress * 100.0).to_string();
            html! {
                <div class="sealing" role="status">
                    <label for="sealing">{ format!("Replaying the run to seal it: {percent} %") }</label>
                    <progress id="sealing" max="100" value={percent} />
                </div>
            }
        }
        Stage::Ready(ready) => html! {
            <div class="made">
                if ready.link.is_some() {
                    { form(share, ready, Form::Link, "Link", send) }
                    { form(share, ready, Form::Lecture, "Lecture link", send) }
                    { form(share, ready, Form::Embed, "Embed HTML", send) }
                }
                <p class={if ready.link.is_some() { "help" } else { "warning" }} role="status">{ ready.length() }</p>
                <p class="help">{ &ready.seal }</p>
            </div>
        },
    }
}

fn form(share: &Share, ready: &Ready, form: Form, label: &str, send: &Callback<Command>) -> Html {
    let Some(text) = ready.text(form, &share.wish.name) else { return Html::default() };
    let id = format!("share-{}", label.to_ascii_lowercase().replace(' ', "-"));
    let says = if share.copied == Some(form) { "Copied" } else { "Copy" };
    let select = Callback::from(|event: FocusEvent| {
        event.target_unchecked_into::<HtmlTextAreaElement>().select();
    });
    let primary = (form == Form::Link).then_some("primary");
    html! {
        <div class="made-form">
            <label for={id.clone()}>{ label }</label>
            <textarea {id} readonly=true rows="1" spellcheck="false" value={text} onfocus={select} />
            <button type="button" class={classes!(primary)} aria-label={format!("{says} {}", label.to_ascii_lowercase())}
                onclick={press(send, Command::Copy(form))}>{ says }</button>
        </div>
    }
}
