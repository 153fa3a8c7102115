use e2e::Page;
use fantoccini::key::Key;

/// All logs side by side: scrolled, followed, and a block opened, by pointer and with keys alone.
pub async fn the_ledger_shows_all_logs(page: &Page) {
    page.at_full_speed().await;
    page.leader().await;
    for amount in 1..=3 {
        page.pay("Alice", "Bob", amount).await;
    }
    page.button("Pause").click().await;
    page.button("Play").appears().await;
    let explore = page.region("Explore");
    page.find("tab", "Ledger").click().await;
    let grid = explore.find("grid", "Logs, one row a server, one column a height");
    grid.appears().await;

    // By pointer: the block of the first transfer, its parent, and closed again.
    explore.named("S1 height 2: ").click().await;
    explore.find("region", "Block 2 on S1").shows("leading zero bits").await;
    explore.find("region", "Block 2 on S1").shows("applied").await;
    explore.button("◂ Parent block").click().await;
    explore.find("region", "Block 1 on S1").shows("Opens a term").await;
    explore.button("Close the block").click().await;
    page.wait_until("the block is closed", async || {
        !explore.find("region", "Block 1 on S1").is_there().await
    })
    .await;

    // With keys alone: one Tab stop, arrows, Enter, Escape.
    let stops = "return document.querySelectorAll('#ledger-grid td[tabindex=\"0\"]').length";
    assert_eq!(page.run(stops, vec![]).await, 1, "the grid is one Tab stop");
    let [home, right, down, left, enter] =
        [Key::Home, Key::Right, Key::Down, Key::Left, Key::Enter].map(char::from);
    let focus = "document.querySelector('#ledger-grid td[tabindex=\"0\"]').focus()";
    page.run(focus, vec![]).await;
    let focused = async || page.run("return document.activeElement.ariaLabel ?? ''", vec![]).await;
    let way = [
        (home, "S1 height 1:"),
        (right, "S1 height 2:"),
        (down, "S2 height 2:"),
        (left, "S2 height 1:"),
    ];
    for (key, leads_to) in way {
        page.type_keys(&key.to_string()).await;
        page.wait_until(&format!("the focus is on {leads_to}"), async || {
            focused().await.as_str().is_some_and(|name| name.starts_with(leads_to))
        })
        .await;
    }
    page.type_keys(&enter.to_string()).await;
    explore.find("region", "Block 1 on S2").appears().await;

    // A height to go to, and a server whose disk alone is left.
    explore.number_field("Go to height").fill("2\n").await;
    page.button("Crash S3").press(&enter.to_string()).await;
    explore.named("S3 height 2: ").appears().await;
    page.is_safe().await;
}
