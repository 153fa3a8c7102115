//! What a frame costs: script, style and layout.
//!
//! Each tab is measured at the speed at which one watches messages, and at the true one, at which the
//! engine has fifty times as much to do and nearly everything on the page changes with each look.
//!
//! The page works in the callbacks of animation frames, and renders its components in the
//! microtasks after them. The probe stands around both: its first callback notes the time, its
//! second one, which runs after the page's and its microtasks, asks for the document's height, so
//! that all style and layout that is due is done there, and notes the time again. Beside these, for
//! comparison, stands what Chromium itself counts as script, style and layout in the same seconds,
//! divided by the frames: time of the processor, where the first is time of the clock, so a machine
//! that does something else meanwhile stretches the one and not the other.

use crate::{Bench, percentile};
use e2e::Page;
use serde_json::{Value, json};
use std::time::Duration;

/// The longest that a frame's script and layout should take at the 95th percentile.
const LIMIT_MS: f64 = 8.0;

/// How many messages are to be in flight at least.
const IN_FLIGHT: u64 = 200;

/// How long each is measured.
const SECONDS: u64 = 8;

/// The tabs of the Explore region.
const TABS: [&str; 7] =
    ["Ledger", "Chain", "Follow", "Space-time", "Client history", "Charts", "Links"];

const PROBE: &str = "
    const ask = window.requestAnimationFrame.bind(window);
    window.spent = [];
    window.requestAnimationFrame = (work) => {
      let start;
      const id = ask((at) => { start = performance.now(); work(at); });
      ask(() => {
        if (start === undefined) return;
        void document.documentElement.scrollHeight;
        window.spent.push(performance.now() - start);
      });
      return id;
    };";

/// Nine servers with long delays, so that much is in flight, and room for it.
const CLUSTER: &str = "
    const run = raftbank.export();
    Object.assign(run, { actions: [], steps: 0, until: 0, disks: undefined, seal: undefined });
    Object.assign(run.config, { servers: 9, opening_balance: 1000000, block_capacity: 32,
      heartbeat_interval: 60000, election_timeout_min: 3000000, election_timeout_max: 6000000,
      client_timeout: 5000000, attempts_per_second: 1000000 });
    Object.assign(run.config.network, { delay_min: 400000, delay_max: 800000 });
    return raftbank.load(JSON.parse(JSON.stringify(run))).then(() => raftbank.run(20000)).then(() => null)";

/// Sixty transfers for each second of virtual time, as an action of the run where there is one.
const LOAD: &str = "
    try { raftbank.act('load 60/s'); return 'an action'; } catch {}
    const names = raftbank.state().clients.map((it) => it.name);
    let due = raftbank.state().now_ms, count = 0;
    setInterval(() => {
      const now = raftbank.state().now_ms;
      for (due = Math.max(due, now - 1000); due < now; due += 1000 / 60) {
        const [from, to] = [names[count % names.length], names[++count % names.length]];
        try { raftbank.act(`${from}: transfer ${to} 1`); } catch {}
      }
    }, 50);
    return 'a script'";

pub fn measure(bench: &mut Bench) {
    let address = bench.server.address().to_owned();
    let mut found = Vec::new();
    bench.in_new_browser(async |page| {
        page.before_each_load(PROBE).await;
        page.go(&address).await;
        page.at_full_speed().await;
        page.run(CLUSTER, vec![]).await;
        let load = page.run(LOAD, vec![]).await;
        page.button("Play").click().await;
        page.wait_until("enough is in flight", async || in_flight(page).await >= IN_FLIGHT).await;
        println!("9 servers, load from {load}, {} messages in flight", in_flight(page).await);
        // Time of the processor, which other programs do not stretch.
        let time = json!({ "timeDomain": "threadTicks" });
        page.developer_tools("Performance.enable", time).await;
        for speed in ["1/50", "1×"] {
            page.find("combobox", "Speed").choose(speed).await;
            for tab in TABS {
                page.open_tab(tab).await;
                found.push((format!("speed {speed}, {tab} open"), spend(page).await));
            }
        }
    });
    for (what, (frames, counted, flying)) in found {
        let count = frames.len();
        let note = format!("frame, 95th percentile: {what} ({flying} in flight)");
        bench.note(note, percentile(frames.clone(), 0.95), "ms", Some(LIMIT_MS));
        bench.note(format!("       median of {count}"), percentile(frames, 0.5), "ms", None);
        bench.note(
            "       mean of the processor's time",
            counted * 1000.0 / count.max(1) as f64,
            "ms",
            None,
        );
    }
}

async fn in_flight(page: &Page) -> u64 {
    page.state().await["channel"]["in_flight"].as_u64().unwrap_or(0)
}

/// What each frame of some seconds took, what Chromium counted, and how much was in flight.
async fn spend(page: &Page) -> (Vec<f64>, f64, u64) {
    // The first frames after a change are not like the others.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let before = counted(page).await;
    page.run("window.spent.length = 0", vec![]).await;
    tokio::time::sleep(Duration::from_secs(SECONDS)).await;
    let spent = page.run("return window.spent", vec![]).await;
    let after = counted(page).await;
    let frames = spent.as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
    (frames, after - before, in_flight(page).await)
}

/// Seconds of script, style and layout so far, as Chromium counts them.
async fn counted(page: &Page) -> f64 {
    let metrics = page.developer_tools("Performance.getMetrics", json!({})).await;
    let metrics = metrics["metrics"].as_array().cloned().unwrap_or_default();
    let parts = ["ScriptDuration", "RecalcStyleDuration", "LayoutDuration"];
    let counted = metrics.iter().filter(|it| parts.iter().any(|part| it["name"] == *part));
    counted.filter_map(|it| it["value"].as_f64()).sum()
}
