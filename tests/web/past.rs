//! Looking at the past, and acting there.

use super::page::{Page, document, labelled, settle, storage};
use js_sys::{Function, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Element;

/// All that the browser keeps for the page.
fn kept() -> Vec<(String, String)> {
    let storage = storage();
    let keys = (0..storage.length().unwrap()).filter_map(|place| storage.key(place).unwrap());
    let mut all: Vec<_> =
        keys.map(|key| (key.clone(), storage.get_item(&key).unwrap().unwrap())).collect();
    all.sort();
    all
}

fn held(page: &Page, client: &str) -> String {
    page.client(client).query_selector(".balance").unwrap().unwrap().text_content().unwrap()
}

#[wasm_bindgen_test]
async fn looking_at_the_past_changes_nothing() {
    let page = Page::first_visit().await;
    page.send("Alice", "Bob", "25").await;
    page.run(2000).await;
    let (before, now) = (kept(), page.state());
    assert!(held(&page, "Bob").contains("125"));
    page.slide(400).await;
    let past = page.state();
    assert_eq!(past.looking_at_ms, Some(past.now_ms));
    assert!((past.now_ms - now.now_ms * 0.4).abs() < 0.01, "{past:?}");
    assert!(held(&page, "Bob").contains("100"), "{}", held(&page, "Bob"));
    assert!(!page.requests("Alice").contains("committed"), "{}", page.requests("Alice"));
    assert!(page.text("#whereabouts").contains("Acting here starts a branch"));
    page.click("Step").await;
    page.click("Step back").await;
    page.click("Previous mark").await;
    page.click("Next mark").await;
    page.run(500).await;
    assert!(page.state().looking_at_ms.is_some());
    assert_eq!(kept(), before, "nothing that is kept has changed");
    page.click("Back to now").await;
    let again = page.state();
    assert_eq!((again.now_ms, again.looking_at_ms), (now.now_ms, None));
    assert_eq!(page.leader().tip_hash, now.servers[0].tip_hash);
    page.assert_safe();
}

#[wasm_bindgen_test]
async fn acting_in_the_past_begins_a_branch_that_can_become_the_live_one() {
    let page = Page::first_visit().await;
    page.send("Alice", "Bob", "25").await;
    page.run(2000).await;
    let (before, now) = (kept(), page.state());
    page.slide(400).await;
    page.send("Alice", "Carol", "60").await;
    assert_eq!((page.state().branch.as_str(), page.state().live), ("Branch 2", false));
    page.run(2000).await;
    assert!(held(&page, "Carol").contains("160"), "{}", held(&page, "Carol"));
    assert_eq!(kept(), before, "only the live branch is kept");

    page.click("Compare with Main").await;
    page.run(0).await;
    let differences = page.text(".differences");
    assert!(differences.contains("≠ differs") && differences.contains("160"), "{differences}");
    page.click("View Main").await;
    assert_eq!(page.state().now_ms, now.now_ms);
    assert!(held(&page, "Bob").contains("125") && held(&page, "Carol").contains("100"));

    page.click("Make live: Branch 2").await;
    assert_eq!(kept(), before, "it is asked first");
    let dialog = page.root.query_selector("dialog[open]").unwrap().unwrap();
    page.click_in(&dialog, "Make live").await;
    assert_ne!(kept(), before);
    assert!(!page.state().live, "Main is looked at, and is not live any more");
    page.assert_safe();
    drop(page);
    // What a reload brings back is the branch.
    let page = Page::open().await;
    page.run(6000).await;
    assert!(held(&page, "Carol").contains("160"), "{}", held(&page, "Carol"));
    assert!(page.state().live && page.state().branch == "Main");
    page.assert_safe();
}

#[wasm_bindgen_test]
async fn brackets_step_and_do_not_in_a_field() {
    let page = Page::first_visit().await;
    let now = page.state().now_ms;
    press(&document().body().unwrap(), "[").await;
    let before = page.state();
    assert!(before.looking_at_ms.is_some() && before.now_ms <= now);
    press(&document().body().unwrap(), "[").await;
    press(&document().body().unwrap(), "]").await;
    assert_eq!(page.state().now_ms, before.now_ms);
    press(&labelled(&page.root, "Partition groups"), "[").await;
    assert_eq!(page.state().now_ms, before.now_ms, "in a field it is a letter");
}

async fn press(element: &Element, key: &str) {
    let init = js_sys::Object::new();
    Reflect::set(&init, &"bubbles".into(), &true.into()).unwrap();
    Reflect::set(&init, &"key".into(), &key.into()).unwrap();
    let class: Function = Reflect::get(&web_sys::window().unwrap(), &"KeyboardEvent".into())
        .unwrap()
        .unchecked_into();
    let arguments = js_sys::Array::of2(&"keydown".into(), &init);
    let event = Reflect::construct(&class, &arguments).unwrap();
    element.dispatch_event(event.unchecked_ref()).unwrap();
    settle().await;
}
