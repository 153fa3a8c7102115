use e2e::Page;

/// A request that nobody can answer is still there after a reload, and then is answered once.
pub async fn an_unanswered_request_survives_a_reload(page: &Page) {
    page.at_full_speed().await;
    page.leader().await;
    for id in ["S1", "S2", "S3"] {
        page.button(&format!("Crash {id}")).click().await;
    }
    let alice = page.group("Alice");
    alice.number_field("Amount").fill("7").await;
    alice.button("Send transfer").click().await;
    alice.list("Requests").shows("pending").await;
    assert_eq!(page.committed("Alice").await, 0, "there is no majority");

    page.reload().await;
    page.at_full_speed().await;
    page.wait_until("the request is answered", async || page.committed("Alice").await == 1).await;
    assert_eq!(page.balance("Alice").await, Some(93));
    page.is_safe().await;
}
