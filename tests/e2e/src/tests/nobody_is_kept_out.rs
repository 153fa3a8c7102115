use e2e::Page;
use fantoccini::key::Key;

/// The tabs of the Explore region.
pub const TABS: [&str; 7] =
    ["Ledger", "Chain", "Follow", "Space-time", "Client history", "Charts", "Links"];

/// axe-core finds nothing serious: on the page, in each tab and dialog, in light and dark, on a
/// wide screen and a phone.
pub async fn nobody_is_kept_out(page: &Page) {
    page.at_full_speed().await;
    let leader = page.leader().await;
    page.pay("Alice", "Bob", 10).await;
    // What is down, cut off or under way looks different, and must be as easy to read.
    page.button(&format!("Crash {leader}")).click().await;
    page.leader().await;
    page.button("Isolate S5").click().await;
    page.group("Bob").button("Send transfer").click().await;
    page.button("Pause").click().await;
    for (scheme, width) in [("light", 1440), ("dark", 1440), ("light", 390), ("dark", 390)] {
        page.prefer(scheme).await;
        page.with_room(width, 900).await;
        page.is_accessible("html", &format!("{scheme}, {width} pixels wide")).await;
        for tab in TABS {
            page.open_tab(tab).await;
            let moment = format!("{tab}, {scheme}, {width} pixels wide");
            page.is_accessible("#explore", &moment).await;
        }
        let escape = char::from(Key::Escape).to_string();
        for dialog in ["Scenario", "Settings", "Share", "Keys"] {
            if width < 500 && dialog == "Keys" {
                continue;
            }
            page.button(dialog).click().await;
            page.dialog().appears().await;
            let moment = format!("{dialog}, {scheme}, {width} pixels wide");
            page.is_accessible("dialog[open]", &moment).await;
            page.dialog().press(&escape).await;
            page.wait_until("the dialog is closed", async || page.dialog().count().await == 0)
                .await;
        }
    }
}
