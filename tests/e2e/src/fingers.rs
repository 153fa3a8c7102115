//! Fingers on the page. The browser itself finds out whether they tap, drag, pinch or scroll.

use crate::page::Page;
use serde_json::{Value, json};

/// A place in the window, in CSS pixels.
pub type Spot = (f64, f64);

impl Page {
    /// Lets the page be used with fingers, as on a telephone or a tablet.
    pub async fn with_fingers(&self) {
        let fingers = json!({ "enabled": true, "maxTouchPoints": 2 });
        self.developer_tools("Emulation.setTouchEmulationEnabled", fingers).await;
    }

    /// Puts fingers down (`touchStart`), moves those that are down (`touchMove`), or lifts some
    /// (`touchEnd`, with those that stay), at these places in the window.
    pub async fn touch(&self, what: &str, fingers: &[Spot]) {
        let points: Vec<Value> = fingers
            .iter()
            .enumerate()
            .map(|(id, (x, y))| json!({ "x": x, "y": y, "id": id }))
            .collect();
        let touch = json!({ "type": what, "touchPoints": points });
        self.developer_tools("Input.dispatchTouchEvent", touch).await;
    }

    /// Puts fingers down, moves each from its first place to its second in steps, and lifts them.
    pub async fn swipe(&self, ways: &[(Spot, Spot)]) {
        let part = |step: i32| {
            let at = |from: f64, to: f64| from + (to - from) * f64::from(step) / 10.0;
            let places = ways.iter().map(|(from, to)| (at(from.0, to.0), at(from.1, to.1)));
            places.collect::<Vec<_>>()
        };
        self.touch("touchStart", &part(0)).await;
        for step in 1..=10 {
            self.touch("touchMove", &part(step)).await;
        }
        self.touch("touchEnd", &[]).await;
    }
}
