//! What needs a real browser: run in headless Chromium, and nothing at all natively.
//!
//! `cargo test --target wasm32-unknown-unknown --test web`

#![cfg(target_arch = "wasm32")]

#[path = "web/app.rs"]
mod app;
#[path = "web/local_storage.rs"]
mod local_storage;
#[path = "web/page.rs"]
mod page;
#[path = "web/past.rs"]
mod past;
#[path = "web/same_everywhere.rs"]
mod same_everywhere;
#[path = "web/shared.rs"]
mod shared;
#[path = "web/story.rs"]
mod story;
#[path = "web/tour.rs"]
mod tour;
#[path = "web/turns.rs"]
mod turns;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
