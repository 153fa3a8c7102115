//! The guided tour, taken as a first visitor takes it.

use super::page::{Page, settle, storage};
use wasm_bindgen_test::wasm_bindgen_test;

fn is_there(page: &Page, selector: &str) -> bool {
    page.root.query_selector(selector).unwrap().is_some()
}

/// Lets time pass until the card says that its step is done.
async fn wait(page: &Page) {
    for _ in 0..100 {
        if is_there(page, ".tour button[aria-disabled=false]") {
            return;
        }
        page.run(50).await;
    }
    panic!("never done: {}", page.text(".tour"));
}

#[wasm_bindgen_test]
async fn the_tour_waits_for_what_happens_and_leaves_the_own_bank_alone() {
    let page = Page::first_visit().await;
    let own = page.state();
    assert!(page.text(".offer").contains("New here?"));
    page.click("Take the tour").await;
    page.click("Pause").await;
    assert!(page.text(".guest").contains("The guided tour's bank"));
    assert!(page.text(".tour h2").contains("1 of 8"), "{}", page.text(".tour h2"));
    // Nobody leads yet: there is no way on.
    assert!(page.text(".tour-status").contains("press Play"), "{}", page.text(".tour-status"));
    page.click("Continue").await;
    assert!(page.text(".tour h2").contains("1 of 8"));

    for number in 1..8 {
        assert!(page.text(".tour h2").contains(&format!("{number} of 8")));
        let ring = page.root.query_selector(".tour-ring").unwrap().unwrap();
        let style = ring.get_attribute("style").unwrap_or_default();
        assert!(style.contains("width"), "card {number} points nowhere: {style}");
        if let Some(act) = page.root.query_selector(".tour .act").unwrap() {
            page.click(act.text_content().unwrap().trim()).await;
        }
        wait(&page).await;
        page.click("Continue").await;
    }
    assert!(page.text(".tour h2").contains("The bank is yours"));
    page.click("Back").await;
    assert!(page.text(".tour h2").contains("7 of 8"));
    page.click("Continue").await;
    wait(&page).await;
    page.click("Finish").await;
    assert!(!is_there(&page, ".tour") && is_there(&page, ".guest"));
    page.assert_safe();

    page.click("Back to my bank").await;
    let back = page.state();
    let heights = |state: &super::page::State| {
        state.servers.iter().map(|server| server.commit).collect::<Vec<_>>()
    };
    assert_eq!(heights(&back), heights(&own));
    assert!(!is_there(&page, ".offer"));
    drop(page);
    let page = Page::open().await;
    assert!(!is_there(&page, ".offer"), "it is offered once");
    page.click("Tour").await;
    page.click("Skip").await;
    assert!(!is_there(&page, ".tour"));
    page.click("Back to my bank").await;
    settle().await;
}

#[wasm_bindgen_test]
async fn who_wants_no_tour_is_not_asked_again() {
    let page = Page::first_visit().await;
    page.click("No, thanks").await;
    assert!(!is_there(&page, ".offer"));
    assert_eq!(storage().get_item("raftbank-tour").unwrap().as_deref(), Some("seen"));
    drop(page);
    let page = Page::open().await;
    assert!(!is_there(&page, ".offer"));
}
