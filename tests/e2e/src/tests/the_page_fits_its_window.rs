use e2e::Page;
use serde_json::json;

/// Nothing sticks out sideways on a phone, a tablet or a wide screen, in light and dark.
pub async fn the_page_fits_its_window(page: &Page) {
    page.at_full_speed().await;
    page.leader().await;
    page.pay("Alice", "Bob", 10).await;
    for scheme in ["light", "dark"] {
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        page.developer_tools("Emulation.setEmulatedMedia", media).await;
        for width in [360, 768, 1440] {
            let metrics = json!({
                "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500,
            });
            page.developer_tools("Emulation.setDeviceMetricsOverride", metrics).await;
            let sideways = "const root = document.documentElement;
                            return root.scrollWidth - root.clientWidth";
            let sideways = page.run(sideways, vec![]).await;
            assert_eq!(sideways, json!(0), "{scheme}, {width} pixels wide");
        }
    }
}
