use e2e::Page;
use serde_json::json;

/// A blocked storage: the bank runs in memory and says so. A full one: servers stop rather than
/// acknowledge what they could not keep, and go on when there is room.
pub async fn a_storage_that_fails_is_told_of(page: &Page) {
    let block = "Object.defineProperty(window, 'localStorage', { configurable: true,
                   get() { throw new DOMException('denied', 'SecurityError'); } })";
    let blocked = page.before_each_load(block).await;
    page.reload().await;
    page.alert().shows("Nothing is kept").await;
    page.at_full_speed().await;
    page.leader().await;
    page.pay("Alice", "Bob", 10).await;
    page.forget_before_each_load(blocked).await;

    page.reload().await;
    page.at_full_speed().await;
    page.leader().await;
    let fill = "let size = 1 << 22;
                let text = '';
                while (size > 0) {
                  try { localStorage.setItem('filler', text + 'x'.repeat(size)); text += 'x'.repeat(size); }
                  catch { size >>= 1; }
                }
                return text.length > 1 << 20";
    assert_eq!(page.run(fill, vec![]).await, json!(true));
    let alice = page.group("Alice");
    alice.button("Send transfer").click().await;
    page.alert().shows("storage is full").await;
    page.main().shows("disk full").await;
    assert_eq!(page.committed("Alice").await, 0, "nothing was acknowledged");

    page.run("localStorage.removeItem('filler')", vec![]).await;
    let stopped = async || {
        let servers = page.state().await["servers"].as_array().cloned().unwrap_or_default();
        let down = servers.iter().find(|server| server["up"] == false);
        down.and_then(|server| server["id"].as_str()).map(str::to_owned)
    };
    while let Some(id) = stopped().await {
        page.button(&format!("Restart {id}")).click().await;
        page.wait_until(&format!("{id} is up"), async || stopped().await.as_ref() != Some(&id))
            .await;
    }
    page.wait_until("the request is committed", async || page.committed("Alice").await == 1).await;
    page.is_safe().await;
}
