use e2e::Page;

/// Money moves, the leader crashes, another takes over, the tab is reloaded: the balances and the
/// chain are still there, and go on growing.
pub async fn the_bank_survives_a_reload(page: &Page) {
    page.at_full_speed().await;
    let first = page.leader().await;
    page.pay("Alice", "Bob", 30).await;
    assert_eq!(page.balance("Bob").await, Some(130));

    page.button(&format!("Crash {first}")).click().await;
    page.server(&first).appears().await;
    page.wait_until("another server leads", async || page.leader().await != first).await;
    page.pay("Bob", "Carol", 5).await;
    let height = page.height().await;
    assert!(height >= 3, "an opening block and two payments, but the height is {height}");

    page.reload().await;
    page.at_full_speed().await;
    page.leader().await;
    page.wait_until("the chain is there again", async || page.height().await > height).await;
    assert_eq!(page.balance("Alice").await, Some(70));
    assert_eq!(page.balance("Bob").await, Some(125));
    assert_eq!(page.balance("Carol").await, Some(105));

    let height = page.height().await;
    page.pay("Carol", "Alice", 1).await;
    assert!(page.height().await > height, "the chain goes on growing");
    page.is_safe().await;
}
