use e2e::Page;

/// A link whose run cannot be read is told of, and the visitor's own bank goes on and is kept.
pub async fn a_link_that_is_broken_changes_nothing(page: &Page) {
    page.at_full_speed().await;
    page.leader().await;
    page.pay("Alice", "Bob", 30).await;

    // '{"version":99}', and something that is no code at all.
    for link in ["eyJ2ZXJzaW9uIjo5OX0", "***"] {
        page.go("about:blank").await;
        page.go(&format!("{}#run={link}", page.address())).await;
        page.alert().shows("could not be opened").await;
        page.at_full_speed().await;
        page.leader().await;
    }
    page.pay("Bob", "Carol", 5).await;
    let keys = "return Object.keys(localStorage).filter((key) => key.includes('/block/')).length";
    let kept = page.run(keys, vec![]).await;
    assert!(kept.as_u64() >= Some(5), "only {kept} blocks are kept");
    // Until somebody has read of it, a reload tries the link again.
    page.button("Dismiss").click().await;
    page.wait_until("the link is out of the address", async || {
        page.run("return location.hash", vec![]).await == ""
    })
    .await;
    page.reload().await;
    page.at_full_speed().await;
    page.leader().await;
    // A server that has just come up knows what is committed a moment before it has executed it.
    page.wait_until("the bank is there again", async || {
        page.balance("Carol").await == Some(105) && page.balance("Alice").await == Some(70)
    })
    .await;
}
