use e2e::Page;

/// Time passes quicker while all is idle, if somebody wishes so, and says at which speed.
pub async fn speed_follows_interest(page: &Page) {
    page.at_full_speed().await;
    page.leader().await;
    page.find("combobox", "Speed").choose("1/50").await;
    let slows = page.find("checkbox", "Slow down for what matters");
    // By keys.
    slows.press(" ").await;
    let pace = page.named("Speed now");
    page.wait_until("idle time passes quicker", async || pace.text().await == "1/5 · idle").await;
    page.run("raftbank.act('Alice: transfer Bob 4')", vec![]).await;
    page.wait_until("a client's request is watched at the speed that was chosen", async || {
        pace.text().await.starts_with("1/50")
    })
    .await;
    // By pointer.
    slows.click().await;
    page.wait_until("it is an option", async || !pace.is_there().await).await;
    page.is_safe().await;
}
