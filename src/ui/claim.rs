//! Which tab keeps the bank.
//!
//! All tabs of a site share one localStorage, and two banks that write to it would destroy each
//! other. So one tab at a time claims the bank, with the browser's lock of that name: `index.html`
//! asks for it while the engine is still on its way. Another tab shows a copy, in memory.

use super::browser;
use js_sys::{Promise, Reflect};
use std::cell::Cell;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Where `index.html` leaves its promise to tell whether another tab has the bank.
const TOLD: &str = "raftbankIsElsewhere";

thread_local! {
    static ELSEWHERE: Cell<bool> = const { Cell::new(false) };
}

/// Waits until it is known which tab keeps the bank. Where nothing tells, this one does.
pub async fn settle() {
    let told = Reflect::get(&browser::window(), &JsValue::from_str(TOLD));
    let Ok(told) = told.and_then(|told| told.dyn_into::<Promise>()) else { return };
    let elsewhere = JsFuture::from(told).await.is_ok_and(|elsewhere| elsewhere.is_truthy());
    ELSEWHERE.set(elsewhere);
}

/// True if another tab keeps the bank.
pub fn is_elsewhere() -> bool {
    ELSEWHERE.get()
}
