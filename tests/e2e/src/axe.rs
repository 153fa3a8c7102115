//! What axe-core says of the page.

use crate::page::Page;
use serde_json::{Value, json};
use std::{env, fs};

/// Runs axe-core on a part of what is shown, with all of its rules and one that it leaves off by
/// itself, on the size of what can be pressed. Its lesser findings are advice, and are left out.
const JUDGE: &str = "
    const rules = { 'target-size': { enabled: true } };
    return axe.run(arguments[0], { resultTypes: ['violations'], rules }).then(({ violations }) => violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, help, nodes }) => {
        const first = nodes.slice(0, 4).map((it) => it.html.slice(0, 160)
          + ' | ' + (it.any[0] ?? it.all[0] ?? it.none[0])?.message);
        return `${id} (${nodes.length}): ${help}\\n    ${first.join('\\n    ')}`;
      }));";

impl Page {
    /// Fails if axe-core has a serious or critical finding in what this CSS selector finds.
    pub async fn is_accessible(&self, part: &str, moment: &str) {
        if self.run("return Boolean(window.axe)", vec![]).await == json!(false) {
            let file = env::var("AXE").unwrap_or_default();
            let axe = fs::read_to_string(&file).unwrap_or_else(|error| {
                panic!("AXE must name axe.min.js of axe-core ('{file}': {error})")
            });
            self.run(&axe, vec![]).await;
        }
        let found = self.run(JUDGE, vec![json!(part)]).await;
        let found: Vec<&str> =
            found.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        assert!(found.is_empty(), "{moment}:\n{}", found.join("\n"));
    }

    /// Opens a tab of the Explore region. It is brought into the middle first, because a phone's
    /// transport lies over the lower edge.
    pub async fn open_tab(&self, name: &str) {
        let show = "[...document.querySelectorAll('[role=tab]')]
                      .find((it) => it.innerText === arguments[0])?.scrollIntoView({ block: 'center' })";
        self.run(show, vec![json!(name)]).await;
        self.find("tab", name).click().await;
    }

    /// Shows the page as it is for those who prefer this colour scheme, `light` or `dark`.
    pub async fn prefer(&self, scheme: &str) {
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.developer_tools("Emulation.setEmulatedMedia", media).await;
    }

    /// Gives the page exactly this much room, in CSS pixels, as a telephone does if it is narrow.
    pub async fn with_room(&self, width: u32, height: u32) {
        let metrics = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500,
        });
        self.developer_tools("Emulation.setDeviceMetricsOverride", metrics).await;
    }
}
