//! What must be said before anything else, with what to do about it.

use crate::ui::command::{Command, Download};
use crate::ui::view::banner::Banner;
use yew::prelude::*;

/// All of them.
pub fn banners(banners: &[Banner], send: &Callback<Command>) -> Html {
    html! {
        <div class="banners">
            { for banners.iter().enumerate().map(|(place, banner)| view(place, banner, send)) }
        </div>
    }
}

fn view(place: usize, banner: &Banner, send: &Callback<Command>) -> Html {
    let ask = |command: Command, words: &'static str| {
        let class = if command == Command::LoadNewVersion { "small primary" } else { "small" };
        html! { <button {class} onclick={send.reform(move |_: MouseEvent| command.clone())}>{ words }</button> }
    };
    let (title, text, ways): (&str, String, Vec<Html>) = match banner {
        Banner::Blocked { why } => (
            "Nothing is kept.",
            format!(
                "This browser does not let the page keep anything ({why}), so the bank runs in memory: a reload begins anew. Allow site data for this page to keep it."
            ),
            vec![ask(Command::Dismiss(place), "Dismiss")],
        ),
        Banner::Elsewhere => (
            "The bank is open in another tab.",
            "That tab keeps it. This one has a copy, as the bank was a moment ago, and keeps nothing. To go on here, close the other tab and load this page again.".to_owned(),
            vec![ask(Command::Dismiss(place), "Dismiss")],
        ),
        Banner::Full { servers } => (
            "The browser's storage is full.",
            format!(
                "{servers} stopped rather than acknowledge what could not be kept. Export the run, then Reset to free the room; or remove other data of this site and press Restart."
            ),
            vec![ask(Command::Download(Download::Run), "Export the run")],
        ),
        Banner::Unreadable { key, why } => (
            "Something kept here cannot be read.",
            format!(
                "{key}: {why}. It was left as it is. Keep a copy of it if you like, then start anew; or repair it and load the page again."
            ),
            vec![
                ask(Command::Download(Download::Key(key.clone())), "Download a copy"),
                ask(Command::StartAnew, "Start anew"),
            ],
        ),
        Banner::NewVersion => (
            "A new version is ready.",
            "Loading it loads the page again: your bank is kept; what is only in memory, such as another branch or a guest, is not.".to_owned(),
            vec![ask(Command::LoadNewVersion, "Load it"), ask(Command::Dismiss(place), "Later")],
        ),
        Banner::NotOpened { why } => (
            "This could not be opened.",
            format!("{why} What was there before is unchanged."),
            vec![ask(Command::Dismiss(place), "Dismiss")],
        ),
    };
    let is_news = *banner == Banner::NewVersion;
    // News can wait until what is being read has been read.
    let role = if is_news { "status" } else { "alert" };
    html! {
        <div key={place} class={classes!("banner", is_news.then_some("news"))} {role}>
            <p><strong>{ title }</strong>{ " " }{ text }</p>
            { for ways }
        </div>
    }
}
