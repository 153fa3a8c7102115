//! Whether a day of virtual time leaves the memory as it is.
//!
//! The five servers of a first visit run as fast as they can, with a transfer each second where a
//! run can have load. After each hour garbage is collected, and counted are the engine's linear
//! memory, which never shrinks, the used part of JavaScript's heap, and the nodes of the document.
//! In the first hours the engine still takes the room that its checkpoints are allowed; so what may
//! not grow is the second half. The last hour should take no longer than the first.

use crate::Bench;
use e2e::Page;
use serde_json::json;
use std::time::{Duration, Instant};

/// The most by which the memory may grow in the second half, in MB: what an allocator may need to
/// settle.
const GROWTH_MB: f64 = 4.0;

/// How long an hour may take to pass.
const HOUR_PATIENCE: Duration = Duration::from_secs(600);

const PROBE: &str =
    "addEventListener('TrunkApplicationStarted', ({ detail }) => window.engine = detail.wasm)";

/// What is held, in MB, and in nodes.
#[derive(Clone, Copy)]
struct Held {
    engine: f64,
    heap: f64,
    nodes: f64,
}

pub fn measure(bench: &mut Bench, hours: u32) {
    let address = bench.server.address().to_owned();
    let (passed, load) = bench.in_new_browser(async |page| {
        page.before_each_load(PROBE).await;
        page.go(&address).await;
        page.at_full_speed().await;
        page.leader().await;
        page.button("Pause").click().await;
        let load = "try { raftbank.act('load 1/s'); return 'a transfer a second' } catch { return 'no load' }";
        let load = page.run(load, vec![]).await;
        page.developer_tools("Performance.enable", json!({})).await;
        let mut passed = Vec::new();
        for hour in 1..=hours {
            let started = Instant::now();
            pass_an_hour(page).await;
            let (took, held) = (started.elapsed().as_secs_f64(), held(page).await);
            println!("hour {hour:2}: {took:.0} s, {:.0} MB, {:.1} MB", held.engine, held.heap);
            passed.push((took, held));
        }
        (passed, load)
    });
    let (Some(first), Some(last)) = (passed.first(), passed.last()) else { return };
    let middle = &passed[(passed.len() - 1) / 2];
    let took: f64 = passed.iter().map(|(took, _)| took).sum();
    let what = format!("{hours} h of virtual time, {}", load.as_str().unwrap_or_default());
    bench.note(what, took, "s", None);
    bench.note("the first hour", first.0, "s", None);
    bench.note("the last hour", last.0, "s", None);
    let half = passed.len().div_ceil(2);
    for (what, one, other) in [
        ("engine's memory", middle.1.engine, last.1.engine),
        ("JavaScript's heap", middle.1.heap, last.1.heap),
    ] {
        bench.note(format!("{what} after {half} h"), one, "MB", None);
        bench.note(format!("{what} after {hours} h"), other, "MB", Some(one + GROWTH_MB));
    }
    bench.note("nodes after 1 h", first.1.nodes, "", None);
    bench.note(format!("nodes after {hours} h"), last.1.nodes, "", None);
}

async fn pass_an_hour(page: &Page) {
    let begin = "window.passed = false;
                 raftbank.run(3600000).then(() => window.passed = true);";
    page.run(begin, vec![]).await;
    let start = Instant::now();
    while page.run("return window.passed", vec![]).await != json!(true) {
        assert!(start.elapsed() < HOUR_PATIENCE, "an hour took longer than {HOUR_PATIENCE:?}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

async fn held(page: &Page) -> Held {
    page.developer_tools("HeapProfiler.collectGarbage", json!({})).await;
    let metrics = page.developer_tools("Performance.getMetrics", json!({})).await;
    let metrics = metrics["metrics"].as_array().cloned().unwrap_or_default();
    let metric = |name: &str| {
        let found = metrics.iter().find(|it| it["name"] == name);
        found.and_then(|it| it["value"].as_f64()).unwrap_or(0.0)
    };
    let engine = page.run("return window.engine.memory.buffer.byteLength", vec![]).await;
    let megabytes = |bytes: f64| bytes / (1 << 20) as f64;
    Held {
        engine: megabytes(engine.as_f64().unwrap_or(0.0)),
        heap: megabytes(metric("JSHeapUsedSize")),
        nodes: metric("Nodes"),
    }
}
