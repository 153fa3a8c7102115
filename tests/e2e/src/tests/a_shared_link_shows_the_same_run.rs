use e2e::Page;
use serde_json::{Value, json};

/// A run is shared, and its link opened in a new tab: the same events, vouched for, while the
/// visitor's own bank waits as it is and is there again afterwards.
pub async fn a_shared_link_shows_the_same_run(page: &Page) {
    page.at_full_speed().await;
    page.leader().await;
    page.pay("Alice", "Bob", 30).await;
    page.button("Pause").click().await;
    page.button("Share").click().await;
    page.text_field("Link").appears().await;
    let link = page.run("return document.getElementById('share-link').value", vec![]).await;
    let link = link.as_str().expect("the link is text").to_owned();
    assert!(link.len() < 2000, "{} letters", link.len());
    let shared = page.state().await;
    page.button("Close").click().await;

    // The own bank goes on, and stops.
    page.button("Play").click().await;
    page.pay("Bob", "Carol", 5).await;
    page.button("Pause").click().await;
    let kept = blocks(page).await;

    let tab = page.client().new_window(true).await.expect("the browser opens a tab");
    page.client().switch_to_window(tab.handle).await.expect("the tab is there");
    page.go(&link).await;
    page.find("complementary", "Not your own bank").shows("Sealed: all").await;
    let state = page.state().await;
    for part in ["now_ms", "servers", "clients", "channel"] {
        assert_eq!(state[part], shared[part], "{part}");
    }
    page.at_full_speed().await;
    page.button("Play").click().await;
    page.pay("Carol", "Alice", 7).await;
    let now_kept = blocks(page).await;
    assert!(kept.iter().all(|block| now_kept.contains(block)), "the own bank's blocks are kept");

    page.button("Back to my bank").click().await;
    page.at_full_speed().await;
    page.wait_until("the own bank is there", async || page.balance("Carol").await == Some(105))
        .await;
    assert_eq!(page.run("return location.hash", vec![]).await, json!(""));
    page.reload().await;
    page.at_full_speed().await;
    page.leader().await;
    page.wait_until("and after a reload", async || page.balance("Carol").await == Some(105)).await;
    page.is_safe().await;
}

/// The blocks that the browser keeps, by key and value.
async fn blocks(page: &Page) -> Vec<Value> {
    let script = "return Object.entries(localStorage).filter(([key]) => key.includes('/block/'))";
    page.run(script, vec![]).await.as_array().cloned().unwrap_or_default()
}
