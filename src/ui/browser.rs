//! Small things that only a browser can do: files, the clipboard, the theme, the window's width.

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
    let document = window().document().expect("a window has a document");
    let link: HtmlAnchorElement = document.create_element("a")?.dyn_into()?;
    link.set_href(&address);
    link.set_download(name);
    link.click();
    Url::revoke_object_url(&address)
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

/// How much room the picture has.
pub fn form() -> Form {
    if is_narrow() { Form::Narrow } else { Form::Wide }
}

/// What the browser's storage holds under a key, whoever wrote it.
pub fn kept(key: &str) -> Option<String> {
    window().local_storage().ok()??.get_item(key).ok()?
}

/// Brings an element into view.
pub fn scroll_to(id: &str) {
    let element = window().document().and_then(|document| document.get_element_by_id(id));
    if let Some(element) = element {
        element.scroll_into_view();
    }
}

/// Takes the fragment out of the page's address, so that a reload does not open it again.
pub fn forget_address() {
    let address = window().location().href().unwrap_or_default();
    let plain = address.split('#').next().unwrap_or_default();
    if let Ok(history) = window().history() {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(plain));
    }
}

/// Scrolls as little as it takes to show the whole of an element, or its beginning.
pub fn show(element: &web_sys::Element) {
    let options = web_sys::ScrollIntoViewOptions::new();
    options.set_block(web_sys::ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

/// A text in the letters that an address takes.
pub fn encode(text: &str) -> String {
    let bytes: String = text.bytes().map(char::from).collect();
    let code = window().btoa(&bytes).unwrap_or_default();
    code.replace('+', "-").replace('/', "_").trim_end_matches('=').to_owned()
}

/// Reads what [`encode`] wrote.
pub fn decode(code: &str) -> Option<String> {
    let code = code.replace('-', "+").replace('_', "/");
    let bytes = window().atob(&code).ok()?;
    String::from_utf8(bytes.chars().map(|letter| letter as u8).collect()).ok()
}
