use e2e::Page;

/// A second tab shows a copy and says so; what is done there leaves the first one's bank alone.
pub async fn one_tab_keeps_the_bank(page: &Page) {
    page.at_full_speed().await;
    page.leader().await;
    page.pay("Alice", "Bob", 5).await;
    let height = page.height().await;
    page.button("Pause").click().await;

    let first = page.client().window().await.expect("the tab has a name");
    let second = page.client().new_window(true).await.expect("another tab opens").handle;
    page.client().switch_to_window(second).await.expect("a tab can be chosen");
    page.go(page.address()).await;
    page.alert().shows("open in another tab").await;
    page.wait_until("the copy has the chain", async || page.height().await >= height).await;
    page.at_full_speed().await;
    page.leader().await;
    page.pay("Alice", "Carol", 7).await;
    page.client().close_window().await.expect("a tab can be closed");

    page.client().switch_to_window(first).await.expect("the first tab is still there");
    page.reload().await;
    page.at_full_speed().await;
    page.wait_until("the bank is as it was", async || {
        page.balance("Alice").await == Some(95) && page.balance("Carol").await == Some(100)
    })
    .await;
    let alert = page.alert().is_there().await;
    assert!(!alert, "the first tab keeps the bank");
    page.is_safe().await;
}
