//! Small things that only a browser can do: files, the clipboard, the theme, the window's width.

use super::view::address::Display;
use super::view::geometry::Form;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, HtmlAnchorElement, HtmlInputElement, Url, Window};

/// The window that the page is in.
pub fn window() -> Window {
    web_sys::window().expect("a page has a window")
}

/// Saves a text as a file.
pub fn download(name: &str, text: &str) -> Result<(), JsValue> {
    let blob = Blob::new_with_str_sequence(&js_sys::Array::of1(&text.into()))?;
    let address = Url::create_object_url_with_blob(&blob)?;
    save(&address, name)?;
    Url::revoke_object_url(&address)
}

/// Saves what an address holds as a file.
pub fn save(address: &str, name: &str) -> Result<(), JsValue> {
    let document = window().document().expect("a window has a document");
    let link: HtmlAnchorElement = document.create_element("a")?.dyn_into()?;
    link.set_href(address);
    link.set_download(name);
    link.click();
    Ok(())
}

/// Reads the file that was chosen in a file input, and forgets the choice, so that the same file
/// can be chosen again.
pub fn read_file(input: &HtmlInputElement, done: impl FnOnce(String) + 'static) {
    let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
    input.set_value("");
    spawn_local(async move {
        if let Ok(text) = JsFuture::from(file.text()).await {
            done(text.as_string().unwrap_or_default());
        }
    });
}

/// Copies a text, and says whether that was allowed.
pub fn copy(text: String, done: impl FnOnce(bool) + 'static) {
    spawn_local(async move {
        let clipboard = window().navigator().clipboard();
        done(JsFuture::from(clipboard.write_text(&text)).await.is_ok());
    });
}

/// True if the window is as narrow as a telephone.
fn is_narrow() -> bool {
    let query = window().match_media("(max-width: 40rem)");
    query.ok().flatten().is_some_and(|query| query.matches())
}

/// Milliseconds on the browser's clock, for pacing alone.
pub fn clock_ms() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now())
}

/// Sets an attribute of the document's root; an empty value removes it.
pub fn set_root(name: &str, value: &str) {
    let root = window().document().and_then(|document| document.document_element());
    if let Some(root) = root {
        let _ = if value.is_empty() {
            root.remove_attribute(name)
        } else {
            root.set_attribute(name, value)
        };
    }
}

/// How much room the picture has. Where the page is shown to a room, or in a frame, it has the
/// fewer but larger words of a telephone.
pub fn form(display: Display) -> Form {
    if display != Display::Page || is_narrow() { Form::Narrow } else { Form::Wide }
}

/// What the browser's storage holds under a key, whoever wrote it.
pub fn kept(key: &str) -> Option<String> {
    window().local_storage().ok()??.get_item(key).ok()?
}

/// Keeps a text in the browser's storage, if it lets us.
pub fn keep(key: &str, text: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(key, text);
    }
}

/// The first element that a CSS selector finds.
fn find(selector: &str) -> Option<web_sys::Element> {
    window().document()?.query_selector(selector).ok()?
}

/// True if a CSS selector finds something.
pub fn is_there(selector: &str) -> bool {
    find(selector).is_some()
}

/// Where an element is in the window: left, top, width, height.
pub fn place_of(selector: &str) -> Option<(f64, f64, f64, f64)> {
    let place = find(selector)?.get_bounding_client_rect();
    let is_seen = place.width() > 0.0 && place.height() > 0.0;
    is_seen.then(|| (place.left(), place.top(), place.width(), place.height()))
}

/// Brings what a selector finds into the upper part of the window, at once.
pub fn bring_into_view(selector: &str) {
    if let Some(element) = find(selector) {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Center);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// Brings an element into view, if it is not.
pub fn reveal(id: &str) {
    let element = window().document().and_then(|document| document.get_element_by_id(id));
    if let Some(element) = element {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// True if an element has the focus, or something within it does.
pub fn has_focus(element: &Option<web_sys::Element>) -> bool {
    let active = window().document().and_then(|document| document.active_element());
    match (element, active) {
        (Some(element), Some(active)) => element.contains(Some(&active)),
        _ => false,
    }
}

/// What has the focus.
pub fn focused() -> Option<web_sys::HtmlElement> {
    window().document()?.active_element()?.dyn_into().ok()
}

/// Moves the focus to an element.
pub fn focus(id: &str) {
    let element = window().document().and_then(|document| document.get_element_by_id(id));
    if let Some(element) = element.and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// True if what has the focus is inside what a selector finds.
pub fn has_focus_within(selector: &str) -> bool {
    let active = window().document().and_then(|document| document.active_element());
    active.is_some_and(|element| element.closest(selector).ok().flatten().is_some())
}

/// The page's address.
pub fn address() -> String {
    window().location().href().unwrap_or_default()
}

/// Shows another address for the page, without opening it.
pub fn set_address(address: &str) {
    if let Ok(history) = window().history() {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(address));
    }
}

/// Scrolls as little as it takes to show the whole of an element, or its beginning.
pub fn show(element: &web_sys::Element) {
    let options = web_sys::ScrollIntoViewOptions::new();
    options.set_block(web_sys::ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

/// The event of the window by which index.html says that there is a newer version of the page.
pub const NEW_VERSION: &str = "raftbank-new-version";

/// The event of the window that asks index.html to load it.
pub const LOAD_NEW_VERSION: &str = "raftbank-load-new-version";

/// Sends the window an event without contents.
pub fn tell(name: &str) {
    if let Ok(event) = web_sys::Event::new(name) {
        let _ = window().dispatch_event(&event);
    }
}

/// Loads the page again.
pub fn reload() {
    let _ = window().location().reload();
}

/// Sets the window's title.
pub fn set_title(title: &str) {
    if let Some(document) = window().document() {
        document.set_title(title);
    }
}

/// Lets the page fill the screen, where the browser allows it.
pub fn fill_screen() {
    let root = window().document().and_then(|document| document.document_element());
    if let Some(root) = root {
        let _ = root.request_fullscreen();
    }
}

/// Moves the focus to an element, if it is within another one already.
pub fn focus_within(selector: &str, id: &str) {
    let active = window().document().and_then(|document| document.active_element());
    if active.is_some_and(|it| matches!(it.closest(selector), Ok(Some(_)))) {
        focus(id);
    }
}

/// The nearest element around what an event hit that a selector fits, and its id.
pub fn hit(event: &web_sys::Event, selector: &str) -> Option<String> {
    let target = event.target()?.dyn_into::<web_sys::Element>().ok()?;
    Some(target.closest(selector).ok()??.id())
}

/// Lets the cell that the pointer comes to show its name. To keep it there twice for all cells, in
/// its name and its title, would cost more than all else in them.
pub fn name_as_title(event: web_sys::PointerEvent) {
    let target = event.target().and_then(|it| it.dyn_into::<web_sys::Element>().ok());
    if let Some(cell) = target.and_then(|it| it.closest("[aria-label]").ok()?)
        && let Some(name) = cell.get_attribute("aria-label")
    {
        let _ = cell.set_attribute("title", &name);
    }
}

/// The same, and its value.
pub fn hit_value(event: &web_sys::Event, selector: &str) -> Option<String> {
    let target = event.target()?.dyn_into::<web_sys::Element>().ok()?;
    target.closest(selector).ok()??.get_attribute("value")
}
