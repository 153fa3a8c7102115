//! How soon a visitor sees the cluster.
//!
//! From the beginning of the navigation until the first frame after the Cluster region has servers
//! was painted, on the browser's own clock. Cold is a browser that never saw the page; warm is
//! the same browser's next visit, for which the service worker has everything. The server is a
//! plain one on this machine, which compresses nothing.

use crate::{Bench, percentile};
use e2e::Page;
use serde_json::json;

/// How often each is measured; the middle one counts.
const TIMES: usize = 5;

/// What counts as soon.
const LIMIT_MS: f64 = 1000.0;

/// Notes when the first frame with servers in it has been painted.
const PROBE: &str = "
    const look = () => {
      if (!document.querySelector('[aria-label=Cluster] [data-server]')) return requestAnimationFrame(look);
      const painted = new MessageChannel();
      painted.port1.onmessage = () => window.painted = performance.now();
      requestAnimationFrame(() => painted.port2.postMessage(null));
    };
    requestAnimationFrame(look);";

pub fn measure(bench: &mut Bench) {
    let (mut cold, mut warm) = (Vec::new(), Vec::new());
    for _ in 0..TIMES {
        let address = bench.server.address().to_owned();
        let (first, second) = bench.in_new_browser(async |page| {
            page.before_each_load(PROBE).await;
            page.go(&address).await;
            let first = painted(page).await;
            let kept = "return caches.keys().then((it) => it.length > 1 && navigator.serviceWorker.controller !== null)";
            page.wait_until("the page is kept", async || page.run(kept, vec![]).await == json!(true)).await;
            page.reload().await;
            (first, painted(page).await)
        });
        cold.push(first);
        warm.push(second);
    }
    bench.note("first useful paint, first visit", percentile(cold, 0.5), "ms", Some(LIMIT_MS));
    bench.note("first useful paint, next visit", percentile(warm, 0.5), "ms", Some(LIMIT_MS));
}

async fn painted(page: &Page) -> f64 {
    page.wait_until("the cluster is painted", async || {
        page.run("return Boolean(window.painted)", vec![]).await == json!(true)
    })
    .await;
    page.run("return window.painted", vec![]).await.as_f64().unwrap_or(f64::INFINITY)
}
