use e2e::Page;
use fantoccini::key::Key;
use serde_json::json;

/// The charts are read, zoomed and gone by, by pointer and by keys.
pub async fn charts_are_read(page: &Page) {
    page.at_full_speed().await;
    page.leader().await;
    let explore = page.region("Explore");
    explore.find("tab", "Charts").click().await;
    explore.shows("Nobody has asked for anything yet").await;
    page.run("raftbank.act('load 20/s'); return raftbank.run(20000).then(() => 0)", vec![]).await;
    page.button("Pause").click().await;
    page.button("Play").appears().await;
    explore.named("Commit latency").appears().await;
    explore.shows("Point to read").await;

    // By keys: the cursor moves and says what it is at, and the moment is gone to.
    let keys = |key: Key| char::from(key).to_string();
    let cursor = explore.find("slider", "Cursor");
    cursor.press(&keys(Key::Home)).await;
    let says = "return document.querySelector('#charts-cursor').ariaValueText
        ?? document.querySelector('#charts-cursor').getAttribute('aria-valuetext')";
    page.wait_until("the cursor is at the beginning", async || {
        page.run(says, vec![]).await.as_str().is_some_and(|text| text.contains("no leader"))
    })
    .await;
    cursor.press(&format!("{0}{0}{0}", keys(Key::Right))).await;
    explore.named("Go to").press(&keys(Key::Enter)).await;
    page.wait_until("that moment is looked at", async || {
        page.state().await["looking_at_ms"].is_number()
    })
    .await;
    explore.button("Zoom in").press(&keys(Key::Enter)).await;
    explore.button("Show all").press(&keys(Key::Enter)).await;

    // By pointer: a click goes there, and a drag zooms.
    let drag = "const [from, to] = arguments;
        const plot = document.querySelector('.plot'), room = plot.getBoundingClientRect();
        const send = (type, part, buttons) => plot.dispatchEvent(new PointerEvent(type, {
            bubbles: true, button: 0, buttons, clientY: room.top + 9,
            clientX: room.left + room.width * part }));
        // What a pointer does is shown with the next frame, and that has ended with the one after.
        const turn = () => new Promise((done) =>
            requestAnimationFrame(() => requestAnimationFrame(done)));
        return (async () => {
            send('pointerdown', from, 1); await turn();
            send('pointermove', to, 1); await turn();
            send('pointerup', to, 0); await turn();
        })()";
    let before = page.state().await["looking_at_ms"].clone();
    page.run(drag, vec![json!(0.8), json!(0.8)]).await;
    page.wait_until("the click has led elsewhere", async || {
        page.state().await["looking_at_ms"] != before
    })
    .await;
    assert!(!explore.button("Show all").is_enabled().await);
    page.run(drag, vec![json!(0.3), json!(0.6)]).await;
    page.wait_until("the drag has zoomed", async || explore.button("Show all").is_enabled().await)
        .await;
    explore.button("Zoom out").click().await;
    explore.named("These figures as a table").click().await;
    explore.shows("p95").await;
    page.is_safe().await;
}
