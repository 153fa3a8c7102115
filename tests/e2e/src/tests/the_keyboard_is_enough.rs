use e2e::Page;
use fantoccini::key::Key;

/// Choosing a server, crashing and restarting it, paying and pausing, with keys alone.
pub async fn the_keyboard_is_enough(page: &Page) {
    page.at_full_speed().await;
    page.leader().await;
    let enter: &str = &char::from(Key::Enter).to_string();
    page.server("S3").press(enter).await;
    page.region("Inspector").shows("Inside S3").await;

    page.button("Crash S3").press(enter).await;
    page.button("Restart S3").press(enter).await;
    page.button("Crash S3").appears().await;

    page.leader().await;
    let paid = page.committed("Alice").await;
    page.group("Alice").number_field("Amount").press(enter).await;
    page.wait_until("the payment is committed", async || page.committed("Alice").await > paid)
        .await;

    page.button("Pause").press(enter).await;
    page.button("Play").appears().await;
    let now = page.state().await["now_ms"].clone();
    page.button("Step").press(enter).await;
    page.wait_until("time has moved", async || page.state().await["now_ms"] != now).await;
    page.is_safe().await;
}
