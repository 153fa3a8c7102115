use e2e::Page;
use fantoccini::key::Key;

/// Scrubbing back with keys, going from mark to mark, acting there, and back to what is live.
pub async fn the_past_can_be_branched(page: &Page) {
    page.at_full_speed().await;
    page.leader().await;
    page.button("Pause").click().await;
    page.button("Play").appears().await;
    let all_kept = "return JSON.stringify({ ...localStorage })";
    let (kept, now) = (page.run(all_kept, vec![]).await, page.state().await["now_ms"].clone());

    let home: &str = &char::from(Key::Home).to_string();
    page.find("slider", "Moment").press(home).await;
    page.wait_until("the beginning is looked at", async || {
        page.state().await["looking_at_ms"] == 0.0
    })
    .await;
    page.region("Timeline").shows("Acting here starts a branch").await;
    page.button("Next mark").click().await;
    page.wait_until("a mark is looked at", async || {
        page.state().await["looking_at_ms"].as_f64().is_some_and(|at| at > 0.0)
    })
    .await;
    page.button("Step back").click().await;
    assert_eq!(page.run(all_kept, vec![]).await, kept, "looking back has changed what is kept");

    page.button("Crash S1").click().await;
    page.region("Branches").shows("Branch 2").await;
    assert_eq!(page.state().await["branch"], "Branch 2");
    page.button("Compare with Main").click().await;
    page.region("Cluster").shows("differs").await;
    assert_eq!(page.run(all_kept, vec![]).await, kept, "a branch has changed what is kept");

    page.button("View Main").click().await;
    page.wait_until("the live branch is shown", async || page.state().await["now_ms"] == now).await;
    page.button("Delete Branch 2").click().await;
    page.button("Delete").click().await;
    page.wait_until("the list of branches is gone", async || {
        !page.region("Branches").is_there().await
    })
    .await;
    page.is_safe().await;
}
